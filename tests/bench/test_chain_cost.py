"""What scoring chains costs: against size, rows and horizon, against plain programs, after one changed list.

`make bench` runs it and writes docs/benchmarks.md. No case asserts a time.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from chains.arrays import to_arrays
from chains.catalog import read_folder
from chains.kept_lists import KeptLists
from chains.model import End, Mode, Scope
from chains.sources import resolve_sources
from chains.union import join_folders
from risk.compute import compute_scores, score_members, simulate_modes
from risk.incremental import ScoredChain, compute_changes
from risk.lanes import Lane, compile_kernels, run_lanes
from risk.model import ENDS, MODES, ScoreTable
from risk.nodes import find_nodes
from risk.scores import SCORES
from tests.bench.province import CHAIN, Size, draw_province
from tests.bench.student import Student
from tests.reference.facts import read_facts
from tests.reference.scores import score_node

SHIPPED = Path(__file__).parents[2] / "data" / "chains"
SUPPLIERS = (Scope.SUPPLIER,)
CLOSE = 1e-9
WHOLE = Size()
# Steps of five strands: one in five has a loop of tools and what they make.
FIFTH = Size(100, 2_000, 20_000)
SIZES = (
    FIFTH,
    Size(200, 4_000, 40_000),
    Size(300, 6_000, 60_000),
    pytest.param(WHOLE, marks=pytest.mark.soak),
)
SMALL = Size(20, 40, 160)
SMALL_DAYS = 20
FIFTH_DAYS = 60


def name(size):
    return f"{size.items}-{size.firms}-{size.purchases}"


def drawn(size):
    return join_folders([draw_province(size, seed=1)], CHAIN)


def asked(defaults, levels, horizon):
    days = {"horizons": (horizon,), "main_horizon": horizon}
    return {"defaults": defaults, "levels": levels, "scopes": SUPPLIERS, **days}


def compiled(records, defaults):
    arrays = to_arrays(records, defaults)
    compile_kernels(arrays.network)
    return arrays


def cost_of_all_suppliers(weigh, benchmark, size, days, defaults, levels):
    records = drawn(size)
    compiled(records, defaults)
    run = weigh(compute_scores, records, **asked(defaults, levels, days))
    counts = {"items": len(records.items), "rows": len(records.purchases), "days": days}
    benchmark.extra_info.update(counts, firms=len(run.table.nodes), engine_seconds=run.engine_seconds)


@pytest.mark.parametrize("size", SIZES, ids=name)
def test_cost_of_every_supplier_against_size(weigh, benchmark, size, defaults, levels):
    cost_of_all_suppliers(weigh, benchmark, size, 180, defaults, levels)


@pytest.mark.parametrize("size", [replace(FIFTH, purchases=2 * FIFTH.purchases)], ids=name)
def test_cost_of_every_supplier_with_twice_the_rows(weigh, benchmark, size, defaults, levels):
    cost_of_all_suppliers(weigh, benchmark, size, 180, defaults, levels)


@pytest.mark.parametrize("size", [FIFTH, pytest.param(WHOLE, marks=pytest.mark.soak)], ids=name)
def test_cost_of_every_supplier_over_three_years(weigh, benchmark, size, defaults, levels):
    cost_of_all_suppliers(weigh, benchmark, size, 1095, defaults, levels)


@pytest.mark.parametrize("size", [FIFTH, WHOLE], ids=name)
def test_cost_of_the_arrays_against_size(weigh, size, defaults):
    assert weigh(to_arrays, drawn(size), defaults, rounds=3).units


@pytest.mark.parametrize("chain", ["autochip", "ic", "pv"])
def test_cost_of_a_shipped_chain(weigh, benchmark, chain, defaults, levels):
    folders = [read_folder(path)[0] for path in sorted(SHIPPED.iterdir()) if path.is_dir()]
    records = join_folders(folders, chain)
    compiled(records, defaults)
    took = []

    def score():
        run = compute_scores(records, defaults=defaults, levels=levels, horizons=(365,), main_horizon=365)
        took.append(run.engine_seconds)
        return run

    nodes = len(weigh(score, rounds=3).table.nodes)
    benchmark.extra_info.update(items=len(records.items), nodes=nodes, engine_seconds=median(took))


@pytest.mark.parametrize("tier", [1, 2, 3, 4])
def test_cost_of_one_changed_list_of_a_province(weigh, benchmark, tier, defaults, levels):
    folder = draw_province(WHOLE, seed=1)
    made = {row.supplier_id: row.item_id for row in folder.supplies}
    buyer = next(
        row.buyer_id for row in folder.purchases if made[row.buyer_id].endswith(f"007-{4 * tier + 1:02d}")
    )
    rows = tuple(
        replace(row, stock_days=3.0, share=None) if row.buyer_id == buyer else row for row in folder.purchases
    )
    old, new = (join_folders([one], CHAIN) for one in (folder, replace(folder, purchases=rows)))
    before = unscored(old, defaults, levels)
    simulated = []

    def watch(network, lanes, **given):
        simulated.append(len(lanes))
        return simulate_modes(network, lanes, **given)

    weigh(compute_changes, before, new, simulate=watch, **asked(defaults, levels, 180))
    benchmark.extra_info.update(firms=len(before.members), lanes=sum(simulated))


def unscored(records, defaults, levels):
    """Stand for a chain as it was last scored; a comparison of facts and a copy cost the same without."""
    kept = KeptLists()
    arrays = to_arrays(records, defaults, kept=kept)
    compile_kernels(arrays.network)
    members = find_nodes(records, resolve_sources(records, defaults), scopes=SUPPLIERS)
    shape = (len(MODES), len(ENDS), 1, len(members))
    values = {score.score_id: np.zeros(shape) for score in SCORES}
    nodes = tuple(one.node for one in members)
    one = score_members(
        arrays, members[:1], chain_id=CHAIN, horizons=(180,), main_horizon=180, levels=levels
    ).judgements
    table = ScoreTable(CHAIN, nodes, (180,), values, one * len(members), 180)
    return ScoredChain(arrays, members, table, kept)


def stops_of(arrays, suppliers):
    units = arrays.network.supplier_of_unit
    numbers = [arrays.supplier_ids.index(supplier) for supplier in suppliers]
    return [Lane(tuple(np.flatnonzero(units == number).tolist())) for number in numbers]


def by_engine(network, lanes, days):
    return {mode: run_lanes(network, lanes, mode=mode, horizon=days) for mode in Mode}


def by_student(network, lanes, days):
    return {
        mode: [Student(network, mode).losses(lane.stopped, horizon=days) for lane in lanes] for mode in Mode
    }


@pytest.mark.parametrize("way", ["engine", "numpy", "twin"])
def test_cost_of_two_stops_of_a_small_chain(weigh, benchmark, way, defaults):
    folder = draw_province(SMALL, seed=1)
    arrays = compiled(join_folders([folder], CHAIN), defaults)
    suppliers = ["f000000", "f000005"]
    lanes = stops_of(arrays, suppliers)
    want = by_engine(arrays.network, lanes, SMALL_DAYS)
    if way == "engine":
        weigh(by_engine, arrays.network, lanes, SMALL_DAYS, rounds=20)
    elif way == "numpy":
        for mode, found in weigh(by_student, arrays.network, lanes, SMALL_DAYS).items():
            assert np.abs(np.stack(found, axis=1) - want[mode].loss).max() <= CLOSE
    else:
        facts = read_facts([folder], CHAIN)
        found = weigh(by_twin, facts, suppliers)
        means = [want[mode].loss[2, :, :].mean(axis=1).tolist() for mode in Mode]
        assert found == [pytest.approx(row, abs=CLOSE) for row in means]
    benchmark.extra_info.update(items=SMALL.items, firms=SMALL.firms, rows=SMALL.purchases, days=SMALL_DAYS)


def by_twin(facts, suppliers):
    def residual(one, mode):
        return score_node(facts, Scope.SUPPLIER, one, mode=mode, end=End.POINT, horizon=SMALL_DAYS).residual

    return [[residual(one, mode) for one in suppliers] for mode in Mode]


@pytest.mark.parametrize("way", ["engine", "numpy"])
@pytest.mark.parametrize("size", [FIFTH], ids=name)
def test_cost_of_a_stop_in_a_fifth_of_a_province(weigh, benchmark, way, size, defaults):
    arrays = compiled(drawn(size), defaults)
    lanes = stops_of(arrays, ["f001001"])
    want = by_engine(arrays.network, lanes, FIFTH_DAYS)
    if way == "engine":
        weigh(by_engine, arrays.network, lanes, FIFTH_DAYS, rounds=5)
    else:
        for mode, found in weigh(by_student, arrays.network, lanes, FIFTH_DAYS).items():
            assert np.abs(np.stack(found, axis=1) - want[mode].loss).max() <= CLOSE
    benchmark.extra_info.update(items=size.items, firms=size.firms, rows=size.purchases, days=FIFTH_DAYS)
