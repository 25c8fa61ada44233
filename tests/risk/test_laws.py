"""The laws of model.md section 7, asked of the engine on random chains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chains.model import End, Mode, Scope, ShareScope, SupplierKind
from risk.model import NODE_SCOPES
from tests.factories import CHAIN, chain_folders, firm, shock_sets, supply
from tests.reference.engine import ask_scores, ask_simulation, compute_table
from tests.reference.facts import node_keys, read_facts, suppliers_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chains.model import ChainFolder
    from tests.reference.engine import Key
    from tests.reference.scores import Scores

    Folders = tuple[ChainFolder, ...]
    Table = dict[Key, Scores]

HORIZON = 16  # past the covers and ramps that the strategy draws
CLOSE = 1e-9
MODES = tuple(Mode)
# A third of the profile's examples: every example scores all nodes of a chain, most of them twice.
law = settings(max_examples=settings().max_examples // 3, suppress_health_check=list(HealthCheck))


def nodes_of(folders: Sequence[ChainFolder]) -> list[tuple[Scope, str]]:
    facts = read_facts(folders, CHAIN)
    return [(scope, key) for scope in NODE_SCOPES for key in sorted(node_keys(facts, scope))]


def never_raises(before: Table, after: Table, score: str) -> None:
    for node, old in before.items():
        new = getattr(after[node], score)
        assert (new is None) == (getattr(old, score) is None), node
        assert new is None or new <= getattr(old, score) + CLOSE, (node, getattr(old, score), new)


@law
@given(folders=chain_folders(tiers=True, queues=True), mode=st.sampled_from(MODES))
def test_without_a_shock_nothing_is_lost(folders: Folders, mode: Mode) -> None:
    outcome = ask_simulation(folders, [], mode=mode, horizon=HORIZON)
    assert max(outcome.loss_path) <= CLOSE
    assert all(lost <= CLOSE and first is None for lost, first in outcome.unit_loss.values())
    assert outcome.scores.tts_days is None
    assert outcome.scores.recovery_day is None


def relabel(folders: Folders) -> tuple[Folders, dict[str, str]]:
    """Turn every id round, so that canonical order, and with it the order of update, is reversed."""
    items = sorted({row.item_id for folder in folders for row in folder.items})
    firms = {row.supplier_id for folder in folders for row in folder.suppliers}
    firms |= {row.parent for folder in folders for row in folder.suppliers if row.parent is not None}
    new = {old: f"R{len(items) - n:03d}" for n, old in enumerate(items)}
    new |= {old: f"S{len(firms) - n:03d}" for n, old in enumerate(sorted(firms))}
    return tuple(
        replace(
            folder,
            items=tuple(replace(r, item_id=new[r.item_id]) for r in folder.items),
            links=tuple(
                replace(r, input_item_id=new[r.input_item_id], output_item_id=new[r.output_item_id])
                for r in folder.links
            ),
            suppliers=tuple(
                replace(r, supplier_id=new[r.supplier_id], parent=new.get(r.parent or ""))
                for r in folder.suppliers
            ),
            supplies=tuple(
                replace(r, supplier_id=new[r.supplier_id], item_id=new[r.item_id]) for r in folder.supplies
            ),
            purchases=tuple(
                replace(r, buyer_id=new[r.buyer_id], item_id=new[r.item_id], supplier_id=new[r.supplier_id])
                for r in folder.purchases
            ),
        )
        for folder in folders
    ), new


@law
@given(folders=chain_folders(tiers=True, queues=True))
def test_other_ids_and_with_them_another_order_of_update_change_no_score(folders: Folders) -> None:
    relabelled, new = relabel(folders)
    before = ask_scores(folders, CHAIN, horizon=HORIZON)
    after = ask_scores(relabelled, CHAIN, horizon=HORIZON)
    assert len(before) == len(after)
    for (mode, end, scope, key), old in before.items():
        name = new.get(key, key) if scope in (Scope.ITEM, Scope.SUPPLIER, Scope.PARENT) else key
        same(old, after[mode, end, scope, name], (mode, end, scope, key))


def same(old: Scores, new: Scores, where: object) -> None:
    for score in ("exposure", "residual", "tts_days", "recovery_day"):
        a, b = getattr(old, score), getattr(new, score)
        assert (a is None) == (b is None), (where, score, a, b)
        assert a is None or a == pytest.approx(b, abs=CLOSE), (where, score, a, b)


@law
@given(folders=chain_folders(tiers=True, queues=True), data=st.data())
def test_the_order_of_rows_and_folders_changes_no_bit(folders: Folders, data: st.DataObject) -> None:
    def shuffled(rows: tuple) -> tuple:
        return tuple(data.draw(st.permutations(rows)))

    mixed = [
        replace(
            folder,
            items=shuffled(folder.items),
            links=shuffled(folder.links),
            suppliers=shuffled(folder.suppliers),
            supplies=shuffled(folder.supplies),
            purchases=shuffled(folder.purchases),
        )
        for folder in reversed(folders)
    ]
    before = compute_table(folders, CHAIN, horizon=HORIZON)
    after = compute_table(mixed, CHAIN, horizon=HORIZON)
    assert before.nodes == after.nodes
    assert before.judgements == after.judgements
    for score, values in before.values.items():
        assert np.array_equal(values, after.values[score], equal_nan=True), score


@law
@given(folders=chain_folders(tiers=True, queues=True))
def test_two_computations_of_the_same_data_are_equal_to_the_bit(folders: Folders) -> None:
    before = compute_table(folders, CHAIN, horizon=HORIZON)
    after = compute_table(folders, CHAIN, horizon=HORIZON)
    assert before.nodes == after.nodes
    assert all(before.values[score].tobytes() == after.values[score].tobytes() for score in before.values)


@law
@given(folders=chain_folders(tiers=True, queues=True), mode=st.sampled_from(MODES), data=st.data())
def test_a_larger_shock_never_lowers_a_loss(folders: Folders, mode: Mode, data: st.DataObject) -> None:
    keys = nodes_of(folders)
    shocks = data.draw(shock_sets(keys))
    worse = [replace(shock, severity=data.draw(st.sampled_from((shock.severity, 1.0)))) for shock in shocks]
    more = data.draw(st.sampled_from(("longer", "wider", "harder")))
    if more == "longer":
        worse = [replace(shock, days=None, recover_days=0) for shock in worse]
    if more == "wider":
        # Not earlier than the first: the ramp of spare starts with the first shock.
        first = min((shock.start_day for shock in shocks), default=0)
        added = data.draw(shock_sets(keys))
        worse += [replace(shock, start_day=max(first, shock.start_day)) for shock in added]
    before = ask_simulation(folders, shocks, mode=mode, horizon=HORIZON)
    after = ask_simulation(folders, worse, mode=mode, horizon=HORIZON)
    assert (after.scores.exposure or 0.0) >= (before.scores.exposure or 0.0) - CLOSE
    assert all(b >= a - CLOSE for a, b in zip(before.loss_path, after.loss_path, strict=True))


@law
@given(folders=chain_folders(tiers=True, queues=True), data=st.data())
def test_more_stock_never_raises_a_residual(folders: Folders, data: st.DataObject) -> None:
    item_id = data.draw(st.sampled_from(sorted({r.item_id for f in folders for r in f.items})))
    days = data.draw(st.sampled_from((1.0, 7.0, 31.0)))
    richer = tuple(
        replace(
            folder,
            items=tuple(
                replace(r, cover_days=(30.0 if r.cover_days is None else r.cover_days) + days)
                if r.item_id == item_id
                else r
                for r in folder.items
            ),
            purchases=tuple(
                replace(r, stock_days=r.stock_days + days)
                if r.item_id == item_id and r.stock_days is not None
                else r
                for r in folder.purchases
            ),
        )
        for folder in folders
    )
    before = ask_scores(folders, CHAIN, horizon=HORIZON)
    never_raises(before, ask_scores(richer, CHAIN, horizon=HORIZON), "residual")


@law
@given(folders=chain_folders(tiers=True, queues=True), data=st.data())
def test_more_spare_never_raises_a_residual(folders: Folders, data: st.DataObject) -> None:
    extra = data.draw(st.sampled_from((0.05, 0.3, 1.0)))
    rows = {(r.supplier_id, r.item_id) for f in folders for r in f.supplies}
    rows |= {(r.supplier_id, r.item_id) for f in folders for r in f.purchases}
    assume(rows)
    chosen = data.draw(st.sampled_from(sorted(rows)))
    richer = tuple(
        replace(
            folder,
            supplies=tuple(
                replace(r, spare=(1.0 if r.spare is None else r.spare) + extra)
                if (r.supplier_id, r.item_id) == chosen
                else r
                for r in folder.supplies
            ),
            purchases=tuple(
                replace(r, spare=(1.0 if r.spare is None else r.spare) + extra)
                if (r.supplier_id, r.item_id) == chosen
                else r
                for r in folder.purchases
            ),
        )
        for folder in folders
    )
    before = ask_scores(folders, CHAIN, horizon=HORIZON)
    never_raises(before, ask_scores(richer, CHAIN, horizon=HORIZON), "residual")


@law
@given(folders=chain_folders(tiers=True, queues=True), data=st.data())
def test_a_source_added_with_share_0_never_raises_a_residual(folders: Folders, data: st.DataObject) -> None:
    # Asked of items whose firms count: a first firm beside blank country rows would end their resolution.
    facts = read_facts(folders, CHAIN)
    kinds = {name: supplier.kind for name, supplier in facts.suppliers.items()}
    # Nor beside domestic rows: they are read only while no share of the world is known.
    domestic = {r.item_id for f in folders for r in f.supplies if r.share_scope is ShareScope.DOMESTIC}
    open_items = [
        name
        for name, rows in facts.rows.items()
        if rows and all(kinds[source] is SupplierKind.ENTERPRISE for source in rows)
        if name not in domestic
    ]
    assume(open_items)
    item_id = data.draw(st.sampled_from(open_items))
    added = supply("NEW", item_id, 0.0, spare=data.draw(st.sampled_from((None, 0.0, 0.4))), ramp_days=2.0)
    newcomer = firm("NEW", data.draw(st.sampled_from(("JPN", "CHN", None))))
    first = folders[0]
    items = {r.item_id: r for f in folders for r in f.items}
    wider = (
        replace(
            first,
            items=first.items if items[item_id] in first.items else (*first.items, items[item_id]),
            suppliers=(*first.suppliers, newcomer),
            supplies=(*first.supplies, added),
        ),
        *folders[1:],
    )
    # A country whose only row was out of use gains a source, and with it a score.
    scored = {
        node: old
        for node, old in ask_scores(folders, CHAIN, horizon=HORIZON).items()
        if old.residual is not None
    }
    never_raises(scored, ask_scores(wider, CHAIN, horizon=HORIZON), "residual")


@law
@given(folders=chain_folders(tiers=True, queues=True))
def test_every_score_stays_between_0_and_1(folders: Folders) -> None:
    for node, scores in ask_scores(folders, CHAIN, horizon=HORIZON).items():
        for value in (scores.exposure, scores.substitution, scores.residual):
            assert value is None or -CLOSE <= value <= 1.0 + CLOSE, (node, scores)
        if scores.tts_days is not None:
            assert 0 <= scores.tts_days < HORIZON
        if scores.recovery_day is not None:
            assert scores.tts_days is not None
            assert scores.tts_days < scores.recovery_day < HORIZON


@law
@given(folders=chain_folders(tiers=True, queues=True))
def test_low_end_point_and_high_end_stand_in_order(folders: Folders) -> None:
    table = ask_scores(folders, CHAIN, horizon=HORIZON)
    for (mode, end, scope, key), low in table.items():
        if end is not End.LOW or low.exposure is None:
            continue
        point, high = table[mode, End.POINT, scope, key], table[mode, End.HIGH, scope, key]
        for score in ("exposure", "residual"):
            least, middle, most = (getattr(scores, score) for scores in (low, point, high))
            assert least <= middle + CLOSE <= most + 2 * CLOSE, (mode, scope, key, score)


@law
@given(folders=chain_folders(tiers=True, queues=True))
def test_a_country_is_at_least_as_bad_as_each_of_its_firms(folders: Folders) -> None:
    facts = read_facts(folders, CHAIN)
    table = ask_scores(folders, CHAIN, horizon=HORIZON)
    for (mode, end, scope, key), country in table.items():
        if scope is not Scope.COUNTRY or end is not End.POINT:
            continue
        for name in suppliers_in(facts, scope, key):
            one = table.get((mode, end, Scope.SUPPLIER, name))
            if one is not None and one.exposure is not None:
                for score in ("exposure", "residual"):
                    assert getattr(country, score) >= getattr(one, score) - CLOSE, (mode, key, name, score)


@law
@given(folders=chain_folders(tiers=True, queues=True))
def test_a_group_of_one_firm_scores_like_the_firm(folders: Folders) -> None:
    facts = read_facts(folders, CHAIN)
    table = ask_scores(folders, CHAIN, horizon=HORIZON)
    for (mode, end, scope, key), group in table.items():
        firms = suppliers_in(facts, scope, key)
        if scope is Scope.PARENT and len(firms) == 1:
            assert group == table[mode, end, Scope.SUPPLIER, firms.pop()], (mode, end, key)
