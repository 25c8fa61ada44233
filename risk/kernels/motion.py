"""Which cells move within a stretch of days, and for how long their lines hold.

Users of a base see deliveries only as the base wears, a day later and one order of differences
higher; so the moving cells are gone through again until their lines stand, at most once an order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import without_counting
from risk.kernels.lines import delivery_line, limit_line, output_line, unit_line, wears
from risk.kernels.polynomials import NO_SLOPE, RESULT
from risk.kernels.region_lines import delivered_line, home_output_line
from risk.kernels.scratch import COUNT_MOVING, COUNT_SHORT, ORDERS
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
MOST_SWEEPS = 200
# What the highest difference may add within a stretch; what is cut off beyond it is less.
NO_REMAINDER = 1e-11


@without_counting
def find_lines(
    network: Network, order: Order, scratch: Scratch, ready_day: float, most: int, run: bool
) -> int:
    """Find the lines of all moving cells after `solve_day`; the days, 1 to `most`, for which they hold."""
    forget_moving(scratch)
    if not run or most == 1:
        return most
    days = most
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        gap = 1.0 - scratch.value[len(network.end_weight) + holding]
        if gap > NO_GAP and wears(network, scratch, holding):
            call_readers(network, order, scratch, holding)
    again = 0
    while again < ORDERS:
        days, changed = _go_through(network, order, scratch, ready_day, days, run)
        if not changed:
            break
        again += 1
        for at in range(scratch.counter[COUNT_MOVING]):
            holding = scratch.moving[at] - len(network.end_weight)
            if 0 <= holding < len(network.is_capital) and wears(network, scratch, holding):
                call_readers(network, order, scratch, holding)
    return _cut_off(scratch, days)


@without_counting
def _go_through(
    network: Network, order: Order, scratch: Scratch, ready_day: float, days: int, run: bool
) -> tuple[int, bool]:
    """Compute the lines of the waiting cells; whether one that bases depend on has changed."""
    changed = False
    cell = next_cell(scratch)
    while cell >= 0:
        component = order.component_of_cell[cell]
        if order.component_start[component + 1] - order.component_start[component] > 1:
            days, moved = _move_loop(network, order, scratch, component, cell, ready_day, days, run)
            changed = changed or moved
        else:
            days = cell_line(network, scratch, cell, ready_day, days, run)
            if _differs(scratch, cell):
                changed = _keep_line(network, scratch, cell) or changed
                call_dependents(order, scratch, cell)
        cell = next_cell(scratch)
    return days, changed


@without_counting
def _cut_off(scratch: Scratch, days: int) -> int:
    """Shorten a stretch until what lies beyond the highest difference cannot be seen."""
    largest = 0.0
    for at in range(scratch.counter[COUNT_MOVING]):
        largest = max(largest, abs(scratch.slope[scratch.moving[at], ORDERS - 1]))
    while days > 1:
        part = largest
        for number in range(ORDERS):
            part *= (days - number) / (number + 1)
        if part <= NO_REMAINDER:
            return days
        days = max(1, int(days * max(0.5, 0.9 * (NO_REMAINDER / part) ** (1.0 / ORDERS))))
    return days


@without_counting
def _keep_line(network: Network, scratch: Scratch, cell: int) -> bool:
    """Store RESULT as the line of a cell; whether it is one that a base wears by."""
    for number in range(ORDERS):
        scratch.slope[cell, number] = scratch.line[RESULT, number]
    note_moving(network, scratch, cell)
    holding = cell - len(network.end_weight)
    return 0 <= holding < len(network.is_capital) and wears(network, scratch, holding)


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
    changed, again, sweeps = False, True, 0
    while again:
        again, sweeps = False, sweeps + 1
        for at in range(first, last):
            member = order.component_cell[at]
            if not scratch.waits[member]:
                continue
            scratch.waits[member] = False
            days = cell_line(network, scratch, member, ready_day, days, run)
            if _differs(scratch, member):
                changed = _keep_line(network, scratch, member) or changed
                again = True
                for row in range(order.dependent_start[member], order.dependent_start[member + 1]):
                    dependent = order.dependent_cell[row]
                    if order.component_of_cell[dependent] != component:
                        call(order, scratch, dependent)
                    elif sweeps < MOST_SWEEPS:
                        scratch.waits[dependent] = True
                    else:
                        days = 1
    return days, changed


@without_counting
def _differs(scratch: Scratch, cell: int) -> bool:
    for number in range(ORDERS):
        if abs(scratch.line[RESULT, number] - scratch.slope[cell, number]) > NO_SLOPE[number]:
            return True
    return False


@without_counting
def cell_line(network: Network, scratch: Scratch, cell: int, ready_day: float, days: int, run: bool) -> int:
    """Leave the line of a cell in RESULT; the days it holds."""
    items, lists = len(network.end_weight), len(network.item_of_list)
    if cell < items:
        return limit_line(network, scratch, cell, days, run)[1]
    if cell < 2 * items:
        if network.is_delivered[cell - items]:
            return delivered_line(network, scratch, cell - items, ready_day, days)
        return output_line(network, scratch, cell - items, ready_day, days)[1]
    if cell < 2 * items + lists:
        return delivery_line(network, scratch, cell - 2 * items, ready_day, days)[1]
    number = cell - 2 * items - lists
    if number < len(network.contracted_unit):
        return unit_line(network, scratch, number, days, run)[1]
    return home_output_line(network, scratch, number - len(network.contracted_unit), ready_day, days)
