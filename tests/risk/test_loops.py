"""Loops: chips make the tools that make chips. They are solved in sweeps from above, and in leaps."""

import numpy as np
import pytest

from chains.arrays import to_arrays
from chains.model import End, Kind, Mode, Scope, Use
from chains.union import join_folders
from risk.lanes import Lane, run_lanes
from tests.bench.province import CHAIN, Size, draw_province
from tests.bench.student import Student
from tests.factories import firm, folder, item, link, purchase, supply
from tests.reference.engine import ask_scores
from tests.reference.facts import read_facts
from tests.reference.scores import score_node


def build_loss(rows, defaults, stopped, *, chain="c1", horizon=5):
    arrays = to_arrays(join_folders([rows], chain), defaults)
    units = [number for number, (supplier, _) in enumerate(arrays.units) if supplier in stopped]
    outcome = run_lanes(arrays.network, [Lane(tuple(units))], mode=Mode.BUILD, horizon=horizon)
    return arrays, outcome.loss[0, 0]


def ring(kept, **product):
    """A chip needs a tool, the tool needs chips; of each a part comes from elsewhere."""
    return folder(
        items=[
            item("CHIP", Kind.COMPONENT, suppliers_complete=True),
            item("TOOL", Kind.EQUIPMENT, suppliers_complete=True),
            item("PRODUCT", Kind.PRODUCT, weight=1.0, suppliers_complete=True, **product),
        ],
        links=[
            link("TOOL", "CHIP", essential=True),
            link("CHIP", "TOOL", essential=True),
            link("CHIP", "PRODUCT", essential=True),
        ],
        suppliers=[firm("FAB", "CHN"), firm("MAKER", "CHN"), firm("FREE", "JPN"), firm("P", "CHN")],
        supplies=[
            supply("FAB", "CHIP", 1.0, spare=0.0),
            supply("MAKER", "TOOL", kept, spare=0.0),
            supply("FREE", "TOOL", 1.0 - kept, spare=0.0),
            supply("P", "PRODUCT", 1.0, spare=0.0),
        ],
        purchases=[
            purchase("FAB", "TOOL", "MAKER", kept, stock_days=0.0, spare=0.0),
            purchase("FAB", "TOOL", "FREE", 1.0 - kept, stock_days=0.0, spare=0.0),
            purchase("MAKER", "CHIP", "FAB", 1.0, stock_days=0.0, spare=0.0),
        ],
    )


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99, 0.999])
def test_what_a_loop_cannot_keep_up_is_lost_whole_however_slowly_it_falls(kept, defaults):
    # y = kept · y has the one solution 0; a sweep brings it nearer by the factor `kept` only.
    arrays, loss = build_loss(ring(kept), defaults, {"FREE"})
    order = arrays.network.build_order
    assert order.is_concave[np.diff(order.component_start) > 1].all()
    assert loss == pytest.approx(np.ones(5), abs=1e-8)


def test_a_loop_that_keeps_itself_up_stays_where_the_shock_left_it(defaults):
    # All tools come from the maker that the fab itself supplies: y = y, and the greatest solution is 1.
    _, loss = build_loss(ring(1.0), defaults, {"FREE"})
    assert loss == pytest.approx(np.zeros(5), abs=1e-12)


@pytest.mark.parametrize("seed", [1, 2])
def test_loops_solved_in_leaps_are_those_of_the_plain_program(seed, defaults):
    rows = draw_province(Size(20, 60, 400), seed=seed)
    arrays = to_arrays(join_folders([rows], CHAIN), defaults)
    order, network = arrays.network.build_order, arrays.network
    sizes = np.diff(order.component_start)
    assert order.is_concave[sizes > 1].all()
    assert sizes.max() > 20
    student = Student(network, Mode.BUILD)
    lanes = [Lane((unit,)) for unit in range(0, len(network.share_of_unit), 9)]
    found = run_lanes(network, lanes, mode=Mode.BUILD, horizon=4).loss
    for number, lane in enumerate(lanes):
        want = student.losses(lane.stopped, horizon=4)
        assert found[:, number] == pytest.approx(want, abs=1e-9)


@pytest.mark.parametrize("ramp", [0.0, 1.0, 5.0])
def test_a_base_that_wears_more_slowly_with_spare_slows_the_loop_on_it(ramp):
    # PRODUCT and INPUT need each other; their old, steeper lines would bear each other for ever.
    rows = folder(
        items=[
            item("INPUT"),
            item("TOOL", use=Use.CAPITAL, suppliers_complete=True),
            item("PRODUCT", weight=1.0),
        ],
        links=[link("TOOL", "PRODUCT"), link("INPUT", "PRODUCT"), link("PRODUCT", "INPUT")],
        suppliers=[firm("F0", "JPN"), firm("F1", "JPN")],
        supplies=[
            supply("F0", "TOOL", 0.5, spare=0.0),
            supply("F1", "TOOL", 0.5, spare=0.2, ramp_days=ramp),
        ],
    )
    want = score_node(
        read_facts([rows], "c1"), Scope.SUPPLIER, "F0", mode=Mode.RUN, end=End.POINT, horizon=16
    )
    found = ask_scores([rows], "c1", horizon=16)[Mode.RUN, End.POINT, Scope.SUPPLIER, "F0"]
    assert (found.substitution, found.residual) == pytest.approx((want.substitution, want.residual), abs=1e-9)
    assert want.substitution is not None
    assert want.substitution > 0.1


def test_no_leaps_where_alternatives_or_queues_stand_in_a_loop(defaults):
    rows = ring(0.9)
    links = [*rows.links, link("CHIP", "TOOL", essential=True, group="g"), link("SPARE", "TOOL", group="g")]
    alone = link("CHIP", "TOOL", essential=True)
    alternatives = folder(
        items=[*rows.items, item("SPARE")],
        links=[one for one in links if one != alone],
        suppliers=[*rows.suppliers],
        supplies=[*rows.supplies, supply("P", "SPARE", 1.0)],
        purchases=list(rows.purchases),
    )
    queue = folder(
        items=list(rows.items),
        links=list(rows.links),
        suppliers=[*rows.suppliers],
        supplies=list(rows.supplies),
        purchases=[
            *rows.purchases,
            purchase("P", "CHIP", "FAB", 1.0, stock_days=0.0, spare=0.0, priority=1),
        ],
    )
    for changed in (alternatives, queue):
        order = to_arrays(join_folders([changed], "c1"), defaults).network.build_order
        loops = np.diff(order.component_start) > 1
        assert loops.any()
        assert not order.is_concave[loops].any()
