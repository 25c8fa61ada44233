"""Stretches of days between events: how long one lasts, what is lost in it, what it leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.polynomials import degree_of
from risk.kernels.scratch import (
    COUNT_DRAINING,
    COUNT_MOVING,
    COUNT_SHORT,
    MAY_BE_WHOLE,
    ORDERS,
    READY_ON,
    UNKNOWN,
)
from risk.kernels.spread import (
    FOREVER,
    NO_GAP,
    call,
    call_readers,
    drains,
    forget_draining,
    forget_short,
    note_changed,
)

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import FloatArray, Scratch


@inlined
def value_after(scratch: Scratch, cell: int, days: int) -> float:
    """Value of a cell `days` days into the stretch."""
    value = scratch.value[cell]
    if scratch.is_moving[cell]:
        for order in range(ORDERS):
            value += scratch.slope[cell, order] * scratch.choose[days, order + 1]
    return value


@inlined
def gaps_over(scratch: Scratch, cell: int, days: int) -> float:
    """Sum of a cell's gaps over the first `days` days of the stretch."""
    gaps = days * (1.0 - scratch.value[cell])
    if scratch.is_moving[cell]:
        for order in range(ORDERS):
            gaps -= scratch.slope[cell, order] * scratch.choose[days, order + 2]
    return gaps


@without_counting
def days_covered(scratch: Scratch, cell: int, stock: float, most: int) -> int:
    """Whole days, 0 to `most`, whose gaps together do not exceed the stock."""
    gap = 1.0 - scratch.value[cell]
    if not scratch.is_moving[cell]:
        return most if gap * most <= stock + NO_GAP else int((stock + NO_GAP) / gap)
    if gaps_over(scratch, cell, most) <= stock + NO_GAP:
        return most
    covered, beyond = 0, most
    while beyond - covered > 1:
        middle = (covered + beyond) // 2
        if gaps_over(scratch, cell, middle) <= stock + NO_GAP:
            covered = middle
        else:
            beyond = middle
    return covered


@without_counting
def call_ready(network: Network, order: Order, scratch: Scratch, ready_day: float) -> bool:
    """Let short cells wait whose spare has become ready; whether there is one."""
    found = False
    if scratch.counter[READY_ON] == UNKNOWN or scratch.counter[READY_ON] > ready_day:
        return found
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        if 0.0 <= scratch.next_ready[holding] <= ready_day:
            scratch.next_ready[holding] = -1.0
            call(order, scratch, len(network.end_weight) + holding)
            if holding < len(network.end_weight) and network.home_output_cell[holding] >= 0:
                call(order, scratch, network.home_output_cell[holding])
            found = True
    scratch.counter[READY_ON] = UNKNOWN
    scratch.counter[MAY_BE_WHOLE] = 1
    return found


@without_counting
def days_to_ready(network: Network, scratch: Scratch, ready_day: float, most: int) -> int:
    """Days, at most `most`, until spare of a short cell becomes ready."""
    if scratch.counter[READY_ON] == UNKNOWN:
        soonest = math.inf
        for at in range(scratch.counter[COUNT_SHORT]):
            holding = scratch.short[at]
            if scratch.next_ready[holding] < 0.0:
                scratch.next_ready[holding] = _find_ready(network, scratch, holding, ready_day)
            soonest = min(soonest, scratch.next_ready[holding])
        scratch.counter[READY_ON] = math.ceil(soonest) if soonest < FOREVER else FOREVER
    return min(most, scratch.counter[READY_ON] - int(ready_day))


@without_counting
def _find_ready(network: Network, scratch: Scratch, holding: int, ready_day: float) -> float:
    ready, items = math.inf, len(network.end_weight)
    if holding < items:
        ready = _find_ready_unit(network, scratch, holding, ready_day)
        if network.is_delivered[holding]:
            ready = min(ready, _find_ready_unit(network, scratch, network.other_place[holding], ready_day))
        return ready
    for entry in range(network.entry_start[holding - items], network.entry_start[holding - items + 1]):
        if scratch.spare_of_entry[entry] > 0.0 and network.ready_of_entry[entry] > ready_day:
            ready = min(ready, network.ready_of_entry[entry])
    return ready


@without_counting
def _find_ready_unit(network: Network, scratch: Scratch, item: int, ready_day: float) -> float:
    ready = math.inf
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        if scratch.spare_of_unit[unit] > 0.0 and network.ready_of_unit[unit] > ready_day:
            ready = min(ready, network.ready_of_unit[unit])
    return ready


@without_counting
def days_to_empty(network: Network, scratch: Scratch, most: int, run: bool) -> int:
    """Days, 1 to `most`, until a stock no longer covers its gap or a base is used up."""
    days = most
    for at in range(scratch.counter[COUNT_DRAINING]):
        holding = scratch.draining[at]
        cell = len(network.end_weight) + holding
        # No gap of a day is greater than 1.
        if not network.is_capital[holding]:
            if scratch.stock[holding] < days:
                days = max(1, days_covered(scratch, cell, scratch.stock[holding], days))
        elif run:
            left = scratch.installed[holding] / network.attrition_per_day[holding]
            if left < days:
                days = min(days, 1 + days_covered(scratch, cell, left, days))
    return days


@without_counting
def write_losses(network: Network, scratch: Scratch, loss: FloatArray, day: int, days: int) -> None:
    """Write the loss of each day of a stretch that begins on `day`."""
    for order in range(ORDERS):
        scratch.line[0, order] = 0.0
    lost = 0.0
    for at in range(len(network.end_cell)):
        cell, share = network.end_cell[at], network.end_share[at]
        lost += share * (1.0 - scratch.value[cell])
        for order in range(ORDERS):
            scratch.line[0, order] -= share * scratch.slope[cell, order]
    stands = degree_of(scratch.line, 0) == 0
    for ahead in range(days):
        value = lost
        if not stands:
            for order in range(ORDERS):
                value += scratch.line[0, order] * scratch.choose[ahead, order + 1]
        loss[day + ahead] = min(1.0, max(0.0, value))


@without_counting
def advance(network: Network, order: Order, scratch: Scratch, days: int, run: bool) -> None:
    """Move stocks and bases past a stretch and let the cells wait that will see it."""
    at = 0
    while at < scratch.counter[COUNT_DRAINING]:
        holding = scratch.draining[at]
        is_short = scratch.is_short[holding]
        if is_short and (run or not network.is_capital[holding]) and _drain(network, scratch, holding, days):
            call_readers(network, order, scratch, holding)
        if is_short and drains(network, scratch, holding):
            at += 1
        else:
            forget_draining(scratch, at)
    if scratch.counter[MAY_BE_WHOLE]:
        _forget_whole(network, scratch, days)
    _take_along(scratch, days)


@inlined
def _drain(network: Network, scratch: Scratch, holding: int, days: int) -> bool:
    """Take the gaps of a stretch from a stock or a base; whether its users will see it on the day after."""
    cell = len(network.end_weight) + holding
    gap = gaps_over(scratch, cell, days)
    if network.is_capital[holding]:
        wear = network.attrition_per_day[holding] * gap
        scratch.installed[holding] = max(0.0, scratch.installed[holding] - wear)
        return scratch.installed[holding] <= 0.0
    scratch.stock[holding] = max(0.0, scratch.stock[holding] - gap)
    # No gap of a day is greater than 1.
    return scratch.stock[holding] < 1.0 + NO_GAP and (
        scratch.stock[holding] < 1.0 - value_after(scratch, cell, days) + NO_GAP
    )


@without_counting
def _forget_whole(network: Network, scratch: Scratch, days: int) -> None:
    """Drop the holdings that are served again; a cell that stands has the same gap on every day."""
    at = 0
    while at < scratch.counter[COUNT_SHORT]:
        holding = scratch.short[at]
        cell = len(network.end_weight) + holding
        if (
            scratch.is_moving[cell]
            or days * (1.0 - scratch.value[cell]) > NO_GAP
            or _lifts(network, scratch, holding)
        ):
            at += 1
        else:
            forget_short(scratch, at)
    scratch.counter[MAY_BE_WHOLE] = 0


@without_counting
def _take_along(scratch: Scratch, days: int) -> None:
    """Move every line to the day after a stretch: its first day is that of the next one."""
    for at in range(scratch.counter[COUNT_MOVING]):
        cell = scratch.moving[at]
        if degree_of(scratch.slope, cell) == 0:
            continue
        value = scratch.value[cell]
        for order in range(ORDERS):
            value += scratch.slope[cell, order] * scratch.choose[days, order + 1]
        scratch.value[cell] = value
        note_changed(scratch, cell)
        # Lower differences first: each takes from the higher ones as they were.
        for order in range(ORDERS - 1):
            for higher in range(order + 1, ORDERS):
                scratch.slope[cell, order] += (
                    scratch.choose[days, higher - order] * scratch.slope[cell, higher]
                )


@without_counting
def _lifts(network: Network, scratch: Scratch, holding: int) -> bool:
    """Whether spare of an item may still lift the output of home, though its users are served."""
    if holding >= len(network.end_weight):
        return False
    cell = network.home_output_cell[holding]
    return cell >= 0 and (scratch.value[cell] < 1.0 - NO_GAP or scratch.is_moving[cell])
