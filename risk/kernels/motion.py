"""Which cells move within a stretch of days, and which installed bases bend them.

A base bends when its own deliveries move. It is then a motion of its own, so that all lines stay
straight; which bases bend is found by going through the moving cells until no further one does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import without_counting
from risk.kernels.lines import NO_SLOPE, RESULT, cell_line, moves, wears
from risk.kernels.scratch import COUNT_BENT, COUNT_SHORT, COUNT_WATCHED, MOST_BENT, OVERFLOW
from risk.kernels.spread import (
    NO_GAP,
    call,
    call_dependents,
    call_readers,
    forget_moving,
    next_cell,
    note_moving,
)

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import Scratch

# A loop whose lines do not stand after so many sweeps is taken day by day.
MOST_SWEEPS = 500


@without_counting
def find_lines(
    network: Network, order: Order, scratch: Scratch, ready_day: float, most: int, run: bool
) -> int:
    """Find the lines of all moving cells after `solve_day`.

    Returns the days, 1 to `most`, for which they hold as far as no bent base is involved;
    crossings that depend on one are left in `scratch.watched`.
    """
    days, again = most, run
    _keep_bent(scratch)
    while again:
        again, days = False, most
        forget_moving(scratch)
        scratch.counter[COUNT_WATCHED] = 0
        scratch.counter[OVERFLOW] = 0
        for at in range(scratch.counter[COUNT_SHORT]):
            holding = scratch.short[at]
            gap = 1.0 - scratch.value[len(network.end_weight) + holding]
            if wears(network, scratch, holding) and (gap > NO_GAP or scratch.bend_of_holding[holding] > 0):
                call_readers(network, order, scratch, holding)
        cell = next_cell(scratch)
        while cell >= 0:
            component = order.component_of_cell[cell]
            if order.component_start[component + 1] - order.component_start[component] > 1:
                days, bends = _move_loop(network, order, scratch, component, cell, ready_day, days, run)
            else:
                days = cell_line(network, scratch, cell, ready_day, days, run)
                bends = False
                if moves(scratch, RESULT):
                    bends = _keep_line(network, scratch, cell)
                    call_dependents(order, scratch, cell)
            again = again or bends
            cell = next_cell(scratch)
    return 1 if scratch.counter[OVERFLOW] else days


@without_counting
def _keep_bent(scratch: Scratch) -> None:
    """Renumber the bent bases, those used up left out."""
    count = 0
    for motion in range(1, 1 + scratch.counter[COUNT_BENT]):
        holding = scratch.bent[motion]
        scratch.bend_of_holding[holding] = 0
        if scratch.installed[holding] > 0.0:
            count += 1
            scratch.bent[count] = holding
            scratch.bend_of_holding[holding] = count
    scratch.counter[COUNT_BENT] = count


@without_counting
def _keep_line(network: Network, scratch: Scratch, cell: int) -> bool:
    """Store RESULT as the line of a cell; whether it bends a base that was straight so far."""
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.slope[cell, motion] = scratch.line[RESULT, motion]
    note_moving(network, scratch, cell)
    holding = cell - len(network.end_weight)
    if not 0 <= holding < len(network.is_capital):
        return False
    if scratch.bend_of_holding[holding] > 0 or not wears(network, scratch, holding):
        return False
    if scratch.counter[COUNT_BENT] == MOST_BENT:
        scratch.counter[OVERFLOW] = 1
        return False
    scratch.counter[COUNT_BENT] += 1
    scratch.bent[scratch.counter[COUNT_BENT]] = holding
    scratch.bend_of_holding[holding] = scratch.counter[COUNT_BENT]
    return True


@without_counting
def _move_loop(
    network: Network,
    order: Order,
    scratch: Scratch,
    component: int,
    cell: int,
    ready_day: float,
    days: int,
    run: bool,
) -> tuple[int, bool]:
    """Iterate the lines of a loop until they stand."""
    first, last = order.component_start[component], order.component_start[component + 1]
    scratch.waits[cell] = True
    bends, again, sweeps = False, True, 0
    while again:
        again, sweeps = False, sweeps + 1
        for at in range(first, last):
            member = order.component_cell[at]
            if not scratch.waits[member]:
                continue
            scratch.waits[member] = False
            days = cell_line(network, scratch, member, ready_day, days, run)
            if _differs(scratch, member):
                bends = _keep_line(network, scratch, member) or bends
                again = True
                for row in range(order.dependent_start[member], order.dependent_start[member + 1]):
                    dependent = order.dependent_cell[row]
                    if order.component_of_cell[dependent] != component:
                        call(order, scratch, dependent)
                    elif sweeps < MOST_SWEEPS:
                        scratch.waits[dependent] = True
                    else:
                        days, scratch.counter[OVERFLOW] = 1, 1
    return days, bends


@without_counting
def _differs(scratch: Scratch, cell: int) -> bool:
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        if abs(scratch.line[RESULT, motion] - scratch.slope[cell, motion]) > NO_SLOPE:
            return True
    return False
