"""Which cells move within a stretch of days, and for how long their lines hold.

Users of a base see deliveries only as the base wears, a day later and one order of differences
higher; so their lines are found again until they stand, at most once an order.

Each line holds until its own day. Where one ends, only its cell and what follows from it is computed
again; all others are taken along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.lines import delivery_line, limit_line, output_line, unit_line
from risk.kernels.polynomials import NO_SLOPE, RESULT
from risk.kernels.region_lines import delivered_line, home_output_line
from risk.kernels.scratch import (
    COUNT_DRAINING,
    COUNT_FRESH,
    COUNT_MOVING,
    COUNT_WATCHED,
    COUNT_WORN,
    IS_CROOKED,
    LINES_UNTIL,
    MAY_BE_WHOLE,
    ORDERS,
)
from risk.kernels.spread import (
    FOREVER,
    call,
    call_readers,
    call_within,
    forget_fresh,
    forget_moving,
    forget_worn,
    next_cell,
    note_expiry,
    note_moving,
    note_worn,
    wears,
)

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import FloatArray, Scratch

# A loop whose lines do not stand after so many sweeps is taken day by day.
MOST_SWEEPS = 200
# What the highest difference may add within a stretch; what is cut off beyond it is less.
NO_REMAINDER = 1e-11


@without_counting
def find_lines(
    network: Network, order: Order, scratch: Scratch, day: int, ready_day: float, horizon: int, run: bool
) -> int:
    """Find the lines of what was computed today, after `solve_day`; the days, at least 1, that all hold.

    Lines found before hold on: they have been taken along to today (`risk.kernels.stretch.advance`).
    """
    if not run:
        # No base wears: everything stands until an event calls it.
        forget_fresh(scratch)
        scratch.counter[LINES_UNTIL] = horizon
        return horizon - day
    most = horizon - day
    scratch.counter[IS_CROOKED] = 0
    _call_fresh(network, order, scratch)
    has_new = False
    for _ in range(ORDERS + 1):
        has_new |= _go_through(network, order, scratch, day, ready_day, most, run)
        if scratch.counter[COUNT_WORN] == 0 or scratch.counter[IS_CROOKED]:
            break
        for at in range(scratch.counter[COUNT_WORN]):
            call_readers(network, order, scratch, scratch.worn[at])
        forget_worn(scratch)
    _drop_calls(scratch)
    if scratch.counter[IS_CROOKED]:
        # No lines at all: everything is computed anew tomorrow.
        forget_moving(scratch)
        scratch.counter[MAY_BE_WHOLE] = 1
        scratch.counter[LINES_UNTIL] = day + 1
        return 1
    if has_new or day >= scratch.counter[LINES_UNTIL]:
        until = day + _cut_off(scratch, horizon - day)
        if day >= scratch.counter[LINES_UNTIL] or until < scratch.counter[LINES_UNTIL]:
            scratch.counter[LINES_UNTIL] = until
    first = min(horizon, scratch.counter[LINES_UNTIL])
    for at in range(scratch.counter[COUNT_WATCHED]):
        first = min(first, scratch.expiry[scratch.watched[at]])
    return first - day


@without_counting
def _call_fresh(network: Network, order: Order, scratch: Scratch) -> None:
    """Let those cells computed today wait once more that may move: all others stand until further notice.

    A cell moves when it reads one that moves, or a base that wears.
    """
    for at in range(scratch.counter[COUNT_FRESH]):
        cell = scratch.fresh[at]
        scratch.expiry[cell] = FOREVER
        if scratch.is_moving[cell]:
            call(order, scratch, cell)
    for at in range(scratch.counter[COUNT_MOVING]):
        cell = scratch.moving[at]
        for row in range(order.dependent_start[cell], order.dependent_start[cell + 1]):
            if scratch.is_fresh[order.dependent_cell[row]]:
                call(order, scratch, order.dependent_cell[row])
    for at in range(scratch.counter[COUNT_DRAINING]):
        holding = scratch.draining[at]
        if wears(network, scratch, holding):
            is_fresh = scratch.is_fresh[len(network.end_weight) + holding]
            for row in range(network.reader_start[holding], network.reader_start[holding + 1]):
                if is_fresh or scratch.is_fresh[network.reader_cell[row]]:
                    call(order, scratch, network.reader_cell[row])
    forget_fresh(scratch)


@without_counting
def _drop_calls(scratch: Scratch) -> None:
    """Let nobody wait: what a cut-off order would still move cannot be seen."""
    cell = next_cell(scratch)
    while cell >= 0:
        cell = next_cell(scratch)
    forget_worn(scratch)


@without_counting
def _go_through(
    network: Network, order: Order, scratch: Scratch, day: int, ready_day: float, most: int, run: bool
) -> bool:
    """Compute the lines of waiting cells and of those that read them, of a loop until they stand.

    Says whether there was one.
    """
    cell = next_cell(scratch)
    has_new = cell >= 0
    while cell >= 0 and not scratch.counter[IS_CROOKED]:
        component = order.component_of_cell[cell]
        is_loop = order.component_start[component + 1] - order.component_start[component] > 1
        if is_loop:
            scratch.waits[cell] = True
            _go_round(network, order, scratch, component, day, ready_day, most, run)
        else:
            days = cell_line(network, scratch, cell, ready_day, most, run)
            if _differs(scratch, scratch.line, RESULT, cell):
                _keep_line(network, scratch, cell)
                _tell(network, order, scratch, cell)
            note_expiry(scratch, cell, day + days if days < most else FOREVER)
        cell = next_cell(scratch)
    return has_new


@without_counting
def _go_round(
    network: Network,
    order: Order,
    scratch: Scratch,
    component: int,
    day: int,
    ready_day: float,
    most: int,
    run: bool,
) -> None:
    """Compute the lines of a loop in sweeps until they stand.

    All its cells stand at first, and find their lines anew from above. Their old lines may bear each other
    though what made them fall has ceased: like values, the lines of a loop are the greatest that fit.
    """
    first, last = order.component_start[component], order.component_start[component + 1]
    for at in range(first, last):
        member = order.component_cell[at]
        for number in range(ORDERS):
            scratch.line_before[member, number] = scratch.slope[member, number]
            scratch.slope[member, number] = 0.0
        scratch.waits[member] = True
    again, sweeps = True, 0
    while again:
        again, sweeps = False, sweeps + 1
        for at in range(first, last):
            member = order.component_cell[at]
            if not scratch.waits[member]:
                continue
            scratch.waits[member] = False
            days = cell_line(network, scratch, member, ready_day, most, run)
            if _differs(scratch, scratch.line, RESULT, member):
                _keep_line(network, scratch, member)
                again = True
                if sweeps >= MOST_SWEEPS:
                    days = 1
                else:
                    call_within(order, scratch, member, component)
            note_expiry(scratch, member, day + days if days < most else FOREVER)
    for at in range(first, last):
        member = order.component_cell[at]
        if _differs(scratch, scratch.line_before, member, member):
            _tell(network, order, scratch, member)


@inlined
def _tell(network: Network, order: Order, scratch: Scratch, cell: int) -> None:
    """Let those beyond wait that read a cell with a new line, and remember a base that wears by it."""
    component = order.component_of_cell[cell]
    for row in range(order.dependent_start[cell], order.dependent_start[cell + 1]):
        if order.component_of_cell[order.dependent_cell[row]] != component:
            call(order, scratch, order.dependent_cell[row])
    holding = cell - len(network.end_weight)
    if 0 <= holding < len(network.is_capital) and wears(network, scratch, holding):
        note_worn(scratch, holding)


@without_counting
def _cut_off(scratch: Scratch, days: int) -> int:
    """Shorten a stretch until what lies beyond the highest difference cannot be seen."""
    largest = 0.0
    for at in range(scratch.counter[COUNT_MOVING]):
        largest = max(largest, abs(scratch.slope[scratch.moving[at], ORDERS - 1]))
    while days > 1:
        part = largest * scratch.choose[days, ORDERS]
        if part <= NO_REMAINDER:
            return days
        days = max(1, int(days * max(0.5, 0.9 * (NO_REMAINDER / part) ** (1.0 / ORDERS))))
    return days


@inlined
def _keep_line(network: Network, scratch: Scratch, cell: int) -> None:
    """Store RESULT as the line of a cell."""
    for number in range(ORDERS):
        scratch.slope[cell, number] = scratch.line[RESULT, number]
    note_moving(network, scratch, cell)


@inlined
def _differs(scratch: Scratch, lines: FloatArray, row: int, cell: int) -> bool:
    """Whether the line in a row of `lines` is another than that of a cell."""
    for number in range(ORDERS):
        if abs(lines[row, number] - scratch.slope[cell, number]) > NO_SLOPE[number]:
            return True
    return False


@inlined
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
