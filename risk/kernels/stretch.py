"""Stretches of days between events: how long one lasts, what is lost in it, what it leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.polynomials import degree_of
from risk.kernels.scratch import COUNT_MOVING, COUNT_SHORT, ORDERS
from risk.kernels.spread import NO_GAP, call, call_readers, forget_short, note_changed

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
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        if 0.0 <= scratch.next_ready[holding] <= ready_day:
            scratch.next_ready[holding] = -1.0
            call(order, scratch, len(network.end_weight) + holding)
            if holding < len(network.end_weight) and network.home_output_cell[holding] >= 0:
                call(order, scratch, network.home_output_cell[holding])
            found = True
    return found


@without_counting
def days_to_ready(network: Network, scratch: Scratch, ready_day: float, most: int) -> int:
    """Days, at most `most`, until spare of a short cell becomes ready."""
    days = most
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        if scratch.next_ready[holding] < 0.0:
            scratch.next_ready[holding] = _find_ready(network, scratch, holding, ready_day)
        if scratch.next_ready[holding] - ready_day < days:
            days = math.ceil(scratch.next_ready[holding] - ready_day)
    return days


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
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        cell = len(network.end_weight) + holding
        if not network.is_capital[holding]:
            if scratch.stock[holding] > 0.0:
                days = max(1, days_covered(scratch, cell, scratch.stock[holding], days))
        elif run and network.lives_on_base[holding] and network.attrition_per_day[holding] > 0.0:
            left = scratch.installed[holding] / network.attrition_per_day[holding]
            if left > 0.0:
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
    degree = degree_of(scratch.line, 0)
    for ahead in range(days):
        loss[day + ahead] = min(1.0, max(0.0, lost))
        if degree == 0:
            continue
        # One day on, every difference grows by the next one.
        lost += scratch.line[0, 0]
        for order in range(degree - 1):
            scratch.line[0, order] += scratch.line[0, order + 1]


@without_counting
def advance(network: Network, order: Order, scratch: Scratch, days: int, run: bool) -> None:
    """Move stocks and bases past a stretch and let the cells wait that will see it."""
    at = 0
    while at < scratch.counter[COUNT_SHORT]:
        holding = scratch.short[at]
        cell = len(network.end_weight) + holding
        gap = gaps_over(scratch, cell, days)
        ahead = 1.0 - value_after(scratch, cell, days)
        if not network.is_capital[holding]:
            before = scratch.stock[holding]
            scratch.stock[holding] = max(0.0, before - gap)
            if before > 0.0 and scratch.stock[holding] < ahead + NO_GAP:
                call_readers(network, order, scratch, holding)
        elif run and network.lives_on_base[holding] and scratch.installed[holding] > 0.0:
            wear = network.attrition_per_day[holding] * gap
            scratch.installed[holding] = max(0.0, scratch.installed[holding] - wear)
            if scratch.installed[holding] <= 0.0:
                call_readers(network, order, scratch, holding)
        if (
            max(gap, ahead) <= NO_GAP
            and not scratch.is_moving[cell]
            and not _lifts(network, scratch, holding)
        ):
            forget_short(scratch, at)
        else:
            at += 1
    _take_along(scratch, days)


@without_counting
def _take_along(scratch: Scratch, days: int) -> None:
    """Move every line to the day after a stretch: its first day is that of the next one."""
    for at in range(scratch.counter[COUNT_MOVING]):
        cell = scratch.moving[at]
        degree = degree_of(scratch.slope, cell)
        if degree == 0:
            continue
        value = scratch.value[cell]
        for order in range(degree):
            value += scratch.slope[cell, order] * scratch.choose[days, order + 1]
        scratch.value[cell] = value
        note_changed(scratch, cell)
        for order in range(degree):
            moved = scratch.slope[cell, order]
            for higher in range(order + 1, degree):
                moved += scratch.choose[days, higher - order] * scratch.slope[cell, higher]
            scratch.slope[cell, order] = moved


@without_counting
def _lifts(network: Network, scratch: Scratch, holding: int) -> bool:
    """Whether spare of an item may still lift the output of home, though its users are served."""
    if holding >= len(network.end_weight):
        return False
    cell = network.home_output_cell[holding]
    return cell >= 0 and (scratch.value[cell] < 1.0 - NO_GAP or scratch.is_moving[cell])
