"""Stretches of days between events: how long one lasts, what is lost in it, what it leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from risk.kernels.compiling import without_counting
from risk.kernels.lines import NO_SLOPE
from risk.kernels.scratch import COUNT_BENT, COUNT_MOVING, COUNT_SHORT, COUNT_WATCHED
from risk.kernels.spread import NO_GAP, call, call_readers, forget_short

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import FloatArray, Scratch


@without_counting
def days_covered(gap: float, slope: float, stock: float, most: int) -> int:
    """Whole days, 1 to `most`, whose growing gaps together do not exceed the stock."""
    if drained(gap, slope, most) <= stock:
        return most
    first, last = 1, most
    while last - first > 1:
        middle = (first + last) // 2
        if drained(gap, slope, middle) <= stock + NO_GAP:
            first = middle
        else:
            last = middle
    return first


@without_counting
def drained(gap: float, slope: float, days: int) -> float:
    """Sum of the gaps of `days` days when deliveries change by `slope` a day."""
    return days * gap - slope * (0.5 * days * (days - 1))


@without_counting
def call_ready(network: Network, order: Order, scratch: Scratch, ready_day: float) -> bool:
    """Let short cells wait whose spare has become ready; whether there is one."""
    found = False
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        if 0.0 <= scratch.next_ready[holding] <= ready_day:
            scratch.next_ready[holding] = -1.0
            call(order, scratch, len(network.end_weight) + holding)
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
        for unit in range(network.unit_start[holding], network.unit_start[holding + 1]):
            if scratch.spare_of_unit[unit] > 0.0 and network.ready_of_unit[unit] > ready_day:
                ready = min(ready, network.ready_of_unit[unit])
        return ready
    for entry in range(network.entry_start[holding - items], network.entry_start[holding - items + 1]):
        if scratch.spare_of_entry[entry] > 0.0 and network.ready_of_entry[entry] > ready_day:
            ready = min(ready, network.ready_of_entry[entry])
    return ready


@without_counting
def days_to_empty(network: Network, scratch: Scratch, most: int, run: bool) -> int:
    """Days, 1 to `most`, until a stock no longer covers its gap or a straight base is used up."""
    days = most
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        cell = len(network.end_weight) + holding
        gap = 1.0 - scratch.value[cell]
        if not network.is_capital[holding]:
            if scratch.stock[holding] <= 0.0 or _bends(scratch, cell):
                continue
            slope = scratch.slope[cell, 0]
            if abs(slope) > NO_SLOPE:
                days = days_covered(gap, slope, scratch.stock[holding], days)
            elif gap * days > scratch.stock[holding]:
                days = max(1, min(days, int((scratch.stock[holding] + NO_GAP) / gap)))
        elif run and network.lives_on_base[holding] and scratch.bend_of_holding[holding] == 0:
            wear = network.attrition_per_day[holding] * gap
            if wear * days > scratch.installed[holding] > 0.0:
                days = min(days, 1 + int(scratch.installed[holding] / wear))
    return days


@without_counting
def _bends(scratch: Scratch, cell: int) -> bool:
    for motion in range(1, 1 + scratch.counter[COUNT_BENT]):
        if abs(scratch.slope[cell, motion]) > NO_SLOPE:
            return True
    return False


@without_counting
def at_motion(scratch: Scratch, cell: int) -> float:
    """Value of a cell at the present motion."""
    value = scratch.value[cell]
    if scratch.is_moving[cell]:
        for motion in range(1 + scratch.counter[COUNT_BENT]):
            value += scratch.slope[cell, motion] * scratch.motion[motion]
    return value


@without_counting
def gap_travelled(scratch: Scratch, cell: int, days: int) -> float:
    """Sum of a cell's gaps over the days of the stretch."""
    gap = days * (1.0 - scratch.value[cell])
    if scratch.is_moving[cell]:
        for motion in range(1 + scratch.counter[COUNT_BENT]):
            gap -= scratch.slope[cell, motion] * scratch.travel[motion]
    return gap


@without_counting
def march(network: Network, scratch: Scratch, loss: FloatArray, day: int, most: int) -> int:
    """Walk through a stretch of at most `most` days from `day`, writing each day's loss.

    Returns the days walked; `scratch.motion` and `scratch.travel` are left at its end.
    """
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.motion[motion] = 0.0
        scratch.travel[motion] = 0.0
    if scratch.counter[COUNT_BENT] == 0:
        _write_straight(network, scratch, loss, day, most)
        scratch.motion[0] = most
        scratch.travel[0] = 0.5 * most * (most - 1)
        return most
    walked = 0
    while walked < most and (walked == 0 or _holds(network, scratch, walked)):
        lost = 0.0
        for at in range(len(network.end_item)):
            item = network.end_item[at]
            lost += network.end_weight[item] * (1.0 - at_motion(scratch, len(network.end_weight) + item))
        loss[day + walked] = min(1.0, max(0.0, lost))
        _step(network, scratch)
        walked += 1
    return walked


@without_counting
def _write_straight(network: Network, scratch: Scratch, loss: FloatArray, day: int, days: int) -> None:
    lost, slope = 0.0, 0.0
    for at in range(len(network.end_item)):
        item = network.end_item[at]
        cell = len(network.end_weight) + item
        lost += network.end_weight[item] * (1.0 - scratch.value[cell])
        slope -= network.end_weight[item] * scratch.slope[cell, 0]
    for ahead in range(days):
        loss[day + ahead] = min(1.0, max(0.0, lost + slope * ahead))


@without_counting
def _step(network: Network, scratch: Scratch) -> None:
    """One day on: the bent bases wear by today's gaps."""
    bent = scratch.counter[COUNT_BENT]
    for motion in range(1 + bent):
        scratch.travel[motion] += scratch.motion[motion]
    # All gaps of today before any base moves; the register is free between lines.
    for motion in range(1, 1 + bent):
        holding = scratch.bent[motion]
        gap = max(0.0, 1.0 - at_motion(scratch, len(network.end_weight) + holding))
        scratch.line[0, motion] = network.attrition_per_day[holding] * gap
    scratch.motion[0] += 1.0
    for motion in range(1, 1 + bent):
        worn = scratch.motion[motion] - scratch.line[0, motion]
        scratch.motion[motion] = max(worn, -scratch.installed[scratch.bent[motion]])


@without_counting
def _holds(network: Network, scratch: Scratch, walked: int) -> bool:
    """Whether all lines still hold at the present motion."""
    motions = 1 + scratch.counter[COUNT_BENT]
    for row in range(scratch.counter[COUNT_WATCHED]):
        gap = scratch.watched[row, 0]
        for motion in range(motions):
            gap += scratch.watched[row, 1 + motion] * scratch.motion[motion]
        if gap < -NO_SLOPE:
            return False
    for motion in range(1, motions):
        if scratch.motion[motion] <= -scratch.installed[scratch.bent[motion]]:
            return False
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        cell = len(network.end_weight) + holding
        if network.is_capital[holding] or scratch.stock[holding] <= 0.0 or not _bends(scratch, cell):
            continue
        gap = gap_travelled(scratch, cell, walked) + 1.0 - at_motion(scratch, cell)
        if gap > scratch.stock[holding] + NO_GAP:
            return False
    return True


@without_counting
def advance(network: Network, order: Order, scratch: Scratch, days: int, run: bool) -> None:
    """Move stocks and bases past a stretch and let the cells wait that will see it."""
    at = 0
    while at < scratch.counter[COUNT_SHORT]:
        holding = scratch.short[at]
        cell = len(network.end_weight) + holding
        gap = gap_travelled(scratch, cell, days)
        ahead = 1.0 - at_motion(scratch, cell)
        if not network.is_capital[holding]:
            before = scratch.stock[holding]
            scratch.stock[holding] = max(0.0, before - gap)
            if before > 0.0 and scratch.stock[holding] < ahead + NO_GAP:
                call_readers(network, order, scratch, holding)
        elif run and network.lives_on_base[holding] and scratch.installed[holding] > 0.0:
            wear = network.attrition_per_day[holding] * gap
            if wear > 0.0:
                scratch.installed[holding] = max(0.0, scratch.installed[holding] - wear)
                call_readers(network, order, scratch, holding)
        if max(gap, ahead) <= NO_GAP and not scratch.is_moving[cell]:
            forget_short(scratch, at)
        else:
            at += 1


@without_counting
def stands_still(scratch: Scratch) -> bool:
    """Whether nothing moves within the stretch."""
    return scratch.counter[COUNT_MOVING] == 0
