"""One day of the chain model: the greatest fixed point over the cells that change (model.md section 4).

The operator is monotone, so the solution does not depend on the order in which cells are taken;
topological order makes it one pass where there is no loop. A loop is iterated from above in sweeps.

Where falls shrink slowly, what all further sweeps would still take away is bounded from below and taken
at once, in a *leap*. Let every rule of the loop be concave (`chains.curvature`), and let each cell in
the latest sweep have fallen by at least the part q of its fall in the sweep before. A concave rule answers
a lower fall of the same kind with at least as much, so every further fall is at least q times the
one before, and at least q / (1 − q) of the latest is still to come. A leap by so much stays above the
greatest fixed point, and sweeps go on from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.day import evaluate
from risk.kernels.spread import call, call_within, next_cell, note_fresh, note_value

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import Scratch

# Of the model: a loop has been solved when no value moves by more.
TOLERANCE = 1e-12
# Rounding of sums of shares, not a change.
NO_CHANGE = 1e-15
# Rounding of a line after some days, not a change.
NO_DRIFT = 1e-13
# Falls below this are not compared: too much of them is rounding.
NO_FALL = 1e-13
# Sweeps between leaps: two falls are compared, and the first after a leap says little.
SWEEPS_BEFORE_LEAP = 3
# A leap waits until it takes this part of what the slowest cell suggests; falls are then much alike.
WORTH_LEAPING = 0.85
# No leap takes more than this many falls at once (q = 0.999).
SLOWEST = 0.999
LEAST_PART = 0.1
# Of two regions' deliveries one may rise while another falls, so that sweeps can go to and fro for ever;
# after each so many that let something rise they go half as far, until they go no way at all.
MOST_SWINGS = 100
NO_WAY = 1e-6


@without_counting
def solve_day(
    network: Network, order: Order, scratch: Scratch, ready_day: float, run: bool, risen: bool
) -> None:
    """Bring all waiting cells to the solution of a day.

    `risen` says that something may have improved; loops then start from 1 again.
    """
    cell = next_cell(scratch)
    while cell >= 0:
        component = order.component_of_cell[cell]
        is_loop = order.component_start[component + 1] - order.component_start[component] > 1
        scratch.waits[cell] = True
        _enter(network, order, scratch, component, is_loop and risen)
        moves, sweeps, swings, part = True, 0, 0, 1.0
        while moves and part > NO_WAY:
            moves, least, most = _sweep(network, order, scratch, component, ready_day, run, part)
            moves, sweeps = moves and is_loop, sweeps + 1
            swings += least < 0.0
            part = 0.5 ** (swings // MOST_SWINGS)
            may_leap = part == 1.0 and sweeps >= SWEEPS_BEFORE_LEAP and order.is_concave[component]
            if moves and may_leap and _is_worth(least, most):
                _leap(order, scratch, component, min(least, SLOWEST))
                sweeps = 0
        _leave(order, scratch, component)
        cell = next_cell(scratch)


@inlined
def _enter(network: Network, order: Order, scratch: Scratch, component: int, lifts: bool) -> None:
    """Remember the values of a component, and start a loop at 1 where something has risen."""
    for at in range(order.component_start[component], order.component_start[component + 1]):
        member = order.component_cell[at]
        scratch.fell[member] = 0.0
        scratch.began[member] = scratch.value[member]
        if lifts:
            note_value(network, scratch, member, 1.0)
            scratch.waits[member] = True


@inlined
def _leave(order: Order, scratch: Scratch, component: int) -> None:
    """Let those beyond a component wait that read a cell with a new value."""
    for at in range(order.component_start[component], order.component_start[component + 1]):
        member = order.component_cell[at]
        scratch.waits[member] = False
        if scratch.value[member] == scratch.began[member]:
            continue
        for row in range(order.dependent_start[member], order.dependent_start[member + 1]):
            dependent = order.dependent_cell[row]
            if order.component_of_cell[dependent] != component:
                call(order, scratch, dependent)


@inlined
def _sweep(
    network: Network,
    order: Order,
    scratch: Scratch,
    component: int,
    ready_day: float,
    run: bool,
    part: float,
) -> tuple[bool, float, float]:
    """Compute each waiting cell of a component once, and go a part of the way to its new value.

    Says whether one moved, and which part of its fall in the sweep before a cell fell: least, below 0 where
    something rose, and most.
    """
    moves, least, most = False, 1.0, 0.0
    for at in range(order.component_start[component], order.component_start[component + 1]):
        member = order.component_cell[at]
        before, fall = scratch.fell[member], 0.0
        if scratch.waits[member]:
            scratch.waits[member] = False
            value = evaluate(network, scratch, member, ready_day, run)
            note_fresh(scratch, member)
            fall = scratch.value[member] - value
            # A cell that moves stands where its line has brought it.
            if abs(fall) > (NO_DRIFT if scratch.is_moving[member] else NO_CHANGE):
                moves = moves or abs(fall) > TOLERANCE
                note_value(network, scratch, member, value if part == 1.0 else value + (1.0 - part) * fall)
                scratch.waits[member] = part < 1.0
                call_within(order, scratch, member, component)
        scratch.fell[member] = fall
        if before > NO_FALL:
            least, most = min(least, fall / before), max(most, fall / before)
        if fall < -TOLERANCE:
            least = min(least, -1.0)
    return moves, least, most


@inlined
def _is_worth(least: float, most: float) -> bool:
    """Whether a leap by the least part takes much of what the most one would."""
    low, high = min(least, SLOWEST), min(most, SLOWEST)
    return low > LEAST_PART and low / (1.0 - low) >= WORTH_LEAPING * high / (1.0 - high)


@inlined
def _leap(order: Order, scratch: Scratch, component: int, part: float) -> None:
    """Take what is sure to fall in all sweeps to come; every cell is computed again."""
    for at in range(order.component_start[component], order.component_start[component + 1]):
        member = order.component_cell[at]
        fall = part / (1.0 - part) * scratch.fell[member]
        scratch.value[member] = max(0.0, scratch.value[member] - fall)
        scratch.fell[member] = 0.0
        scratch.waits[member] = True
