"""After one firm's list has changed: the scores of a full run, and only what it can affect simulated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from chains.model import Perspective
from chains.union import join_folders
from risk.compute import compute_scores, simulate_modes
from risk.errors import ParameterError
from risk.incremental import compute_changes
from tests.bench.province import CHAIN as PROVINCE
from tests.bench.province import Size, draw_province
from tests.factories import CHAIN, chain_folders, drawn_purchase

HORIZONS = (5, 16)


def asked(defaults, levels, perspective=Perspective.WORLD):
    days = {"horizons": HORIZONS, "main_horizon": 16}
    return {"defaults": defaults, "levels": levels, "perspective": perspective, **days}


def scored(records, defaults, levels, perspective=Perspective.WORLD):
    want = asked(defaults, levels, perspective)
    state = compute_changes(None, records, **want).state
    assert as_bytes(state.table) == as_bytes(compute_scores(records, **want).table)
    return state


def changed(before, records, defaults, levels, perspective=Perspective.WORLD, **given):
    return compute_changes(before, records, **asked(defaults, levels, perspective), **given).table


def as_bytes(table):
    values = [(name, array.tobytes()) for name, array in sorted(table.values.items())]
    return values, table.nodes, table.horizons, table.main_horizon, repr(table.judgements)


@st.composite
def with_another_list(draw, folders):
    """Draw the same folders with one buyer's list gone, changed or new."""
    at = draw(st.integers(0, len(folders) - 1))
    one = folders[at]
    firms = sorted({row.supplier_id for row in one.suppliers if not row.supplier_id.startswith("CC-")})
    if len(firms) < 2:
        return folders
    known = sorted({(row.buyer_id, row.item_id) for row in one.purchases})
    anywhere = st.tuples(st.sampled_from(firms), st.sampled_from([row.item_id for row in one.items]))
    buyer, item_id = draw(st.sampled_from(known) | anywhere if known else anywhere)
    sources = draw(st.lists(st.sampled_from([f for f in firms if f != buyer]), max_size=3, unique=True))
    rows = [draw(drawn_purchase(buyer, item_id, source, None)) for source in sources]
    without = [
        replace(
            part,
            purchases=tuple(r for r in part.purchases if (r.buyer_id, r.item_id) != (buyer, item_id)),
        )
        for part in folders
    ]
    without[at] = replace(without[at], purchases=(*without[at].purchases, *rows))
    return tuple(without)


@given(data=st.data(), perspective=st.sampled_from(Perspective))
def test_changed_lists_give_the_bytes_of_a_full_run(data, perspective, defaults, levels):
    folders = data.draw(chain_folders(tiers=True, queues=True, home=perspective is Perspective.HOME))
    records = join_folders(list(folders), CHAIN)
    if not records.items:
        return
    state = scored(records, defaults, levels, perspective)
    for _ in range(2):
        folders = data.draw(with_another_list(folders))
        records = join_folders(list(folders), CHAIN)
        if not records.items:
            return
        run = compute_changes(state, records, **asked(defaults, levels, perspective))
        event(f"{perspective}: {'nothing' if not run.computed else 'something'} simulated")
        state = run.state
        assert as_bytes(run.table) == as_bytes(scored(records, defaults, levels, perspective).table)


@given(data=st.data(), perspective=st.sampled_from(Perspective))
def test_any_other_facts_give_the_bytes_of_a_full_run(data, perspective, defaults, levels):
    drawn = [
        data.draw(chain_folders(tiers=True, queues=True, home=perspective is Perspective.HOME))
        for _ in range(2)
    ]
    old, new = (join_folders(list(folders), CHAIN) for folders in drawn)
    if not old.items or not new.items:
        return
    found = changed(scored(old, defaults, levels, perspective), new, defaults, levels, perspective)
    assert as_bytes(found) == as_bytes(scored(new, defaults, levels, perspective).table)


@pytest.fixture(scope="module")
def province():
    """Four strands in two pairs that do not touch; 合成示例."""
    return draw_province(Size(items=80, firms=160, purchases=800), seed=4)


def with_stock(folder, buyer, days):
    rows = [replace(row, stock_days=days) if row.buyer_id == buyer else row for row in folder.purchases]
    return replace(folder, purchases=tuple(rows))


def test_a_strand_that_the_list_does_not_touch_is_not_simulated(province, defaults, levels):
    buyer = next(row.buyer_id for row in province.purchases if row.item_id.startswith("S000-12"))
    old, new = (join_folders([one], PROVINCE) for one in (province, with_stock(province, buyer, 1.0)))
    makes = {row.supplier_id: row.item_id for row in province.supplies}
    before = scored(old, defaults, levels)
    stopped: set[str] = set()

    def watch(network, lanes, **given):
        stopped.update(
            before.arrays.units[lane.stopped[0]][0]
            for lane in lanes
            if len(lane.stopped) == 1 and lane.stopped[0] < len(before.arrays.units)
        )
        return simulate_modes(network, lanes, **given)

    found = changed(before, new, defaults, levels, simulate=watch)
    assert stopped
    assert {makes[one][:4] for one in stopped} <= {"S000", "S001"}
    assert as_bytes(found) == as_bytes(scored(new, defaults, levels).table)


def test_the_same_facts_simulate_nothing(province, defaults, levels):
    records = join_folders([province], PROVINCE)
    before = scored(records, defaults, levels)

    def refuse(network, lanes, **given):
        assert not lanes
        return simulate_modes(network, lanes, **given)

    assert as_bytes(changed(before, records, defaults, levels, simulate=refuse)) == as_bytes(before.table)


def test_scores_of_other_horizons_are_refused_as_a_start(province, defaults, levels):
    records = join_folders([province], PROVINCE)
    before = scored(records, defaults, levels)
    with pytest.raises(ParameterError, match="other horizons"):
        compute_changes(before, records, defaults=defaults, levels=levels, horizons=(7,))
