"""How the cells of a day move while installed bases wear, and how long that holds.

Between events every cell is a straight line in a few *motions*: motion 0 is the days since the
stretch began; each further one is how far a *bent* base has fallen, one whose own deliveries
change. A base falls by attrition/365 · (1 − delivery) a day, and minima, maxima and weighted sums
of straight lines are straight until one line crosses another. So a stretch of days is one solution
and one line a cell; crossings end it. A product of two moving factors is taken day by day.

Nothing here ever rises: bases only wear, and every output grows with its inputs.

Functions compute a line into a register of `scratch.line` and return its value today and the
days, at least 1, for which it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import without_counting
from risk.kernels.scratch import COUNT_BENT, COUNT_WATCHED, MOST_WATCHED
from risk.kernels.spread import NO_GAP

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch

# Slopes closer than this part no further than 1e-11 in ten years.
NO_SLOPE = 1e-15

# Registers: the line asked for is always in RESULT.
RESULT, BEST, MISSING, GOT, LEFT, FIXED, OTHER = range(7)


@without_counting
def _clear(scratch: Scratch, register: int) -> None:
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.line[register, motion] = 0.0


@without_counting
def _copy(scratch: Scratch, register: int, source: int) -> None:
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.line[register, motion] = scratch.line[source, motion]


@without_counting
def _add(scratch: Scratch, register: int, factor: float, cell: int) -> None:
    """Add a cell's slopes to a register."""
    if scratch.is_moving[cell]:
        for motion in range(1 + scratch.counter[COUNT_BENT]):
            scratch.line[register, motion] += factor * scratch.slope[cell, motion]


@without_counting
def moves(scratch: Scratch, register: int) -> bool:
    """Say whether the line in a register has a slope."""
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        if abs(scratch.line[register, motion]) > NO_SLOPE:
            return True
    return False


@without_counting
def _rate(network: Network, scratch: Scratch, register: int) -> float:
    """Change of a line from today to tomorrow."""
    rate = scratch.line[register, 0]
    for motion in range(1, 1 + scratch.counter[COUNT_BENT]):
        holding = scratch.bent[motion]
        gap = 1.0 - scratch.value[len(network.end_weight) + holding]
        rate -= scratch.line[register, motion] * network.attrition_per_day[holding] * gap
    return rate


@without_counting
def _pick(
    network: Network,
    scratch: Scratch,
    register: int,
    value: float,
    other_register: int,
    other: float,
    days: int,
    sign: float,
) -> tuple[float, int]:
    """Leave the lower (sign 1) or upper (sign −1) of two lines in `register`; watch their crossing."""
    gap = sign * (other - value)
    if gap < 0.0 or (
        gap == 0.0
        and sign * (_rate(network, scratch, other_register) - _rate(network, scratch, register)) < 0.0
    ):
        for motion in range(1 + scratch.counter[COUNT_BENT]):
            kept = scratch.line[register, motion]
            scratch.line[register, motion] = scratch.line[other_register, motion]
            scratch.line[other_register, motion] = kept
        value, gap = other, -gap
    return value, _watch(scratch, register, other_register, gap, days, sign)


@without_counting
def _watch(scratch: Scratch, register: int, other_register: int, gap: float, days: int, sign: float) -> int:
    """End the stretch where the gap between two lines closes."""
    line, bends = scratch.line, False
    lowest = gap + min(0.0, sign * (line[other_register, 0] - line[register, 0]) * (days - 1))
    for motion in range(1, 1 + scratch.counter[COUNT_BENT]):
        part = sign * (line[other_register, motion] - line[register, motion])
        bends = bends or abs(part) > NO_SLOPE
        lowest -= max(0.0, part) * scratch.installed[scratch.bent[motion]]
    if lowest >= -NO_SLOPE:
        return days
    closing = sign * (line[register, 0] - line[other_register, 0])
    if not bends:
        return min(days, 1 + int(gap / closing)) if closing > NO_SLOPE else days
    row = scratch.counter[COUNT_WATCHED]
    if row == MOST_WATCHED:
        return 1
    scratch.watched[row, 0] = gap
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.watched[row, 1 + motion] = sign * (line[other_register, motion] - line[register, motion])
    scratch.counter[COUNT_WATCHED] = row + 1
    return days


@without_counting
def wears(network: Network, scratch: Scratch, holding: int) -> bool:
    """Say whether users of a holding live on an installed base that is left and wears."""
    return network.lives_on_base[holding] and (
        network.attrition_per_day[holding] > 0.0 and scratch.installed[holding] > 0.0
    )


@without_counting
def _held_line(network: Network, scratch: Scratch, register: int, holding: int, run: bool) -> float:
    """Line of what users of a holding get; running out is watched by `risk.kernels.stretch`."""
    _clear(scratch, register)
    cell = len(network.end_weight) + holding
    value = scratch.value[cell]
    gap = 1.0 - value
    if run and network.lives_on_base[holding]:
        motion = scratch.bend_of_holding[holding]
        if motion > 0:
            scratch.line[register, motion] = 1.0
        elif gap > NO_GAP and wears(network, scratch, holding):
            scratch.line[register, 0] = -network.attrition_per_day[holding] * gap
        return scratch.installed[holding]
    if not network.is_capital[holding] and scratch.stock[holding] > 0.0:
        return min(1.0, value + scratch.stock[holding])
    _add(scratch, register, 1.0, cell)
    return value


@without_counting
def _slots_line(network: Network, scratch: Scratch, row: int, days: int, run: bool) -> tuple[float, int]:
    """Line of the input limit of one row of slots."""
    limit, best, missing, group = 1.0, 1.0, 0.0, -1
    _clear(scratch, RESULT)
    _clear(scratch, BEST)
    _clear(scratch, MISSING)
    for slot in range(network.slot_start[row], network.slot_start[row + 1]):
        got = _held_line(network, scratch, GOT, network.slot_holding[slot], run)
        if network.slot_group[slot] < 0:
            missing += network.slot_weight[slot] * (1.0 - got)
            for motion in range(1 + scratch.counter[COUNT_BENT]):
                scratch.line[MISSING, motion] -= network.slot_weight[slot] * scratch.line[GOT, motion]
        elif network.slot_group[slot] == group:
            best, days = _pick(network, scratch, BEST, best, GOT, got, days, -1.0)
        else:
            limit, days = _pick(network, scratch, RESULT, limit, BEST, best, days, 1.0)
            _copy(scratch, BEST, GOT)
            best, group = got, network.slot_group[slot]
    limit, days = _pick(network, scratch, RESULT, limit, BEST, best, days, 1.0)
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.line[MISSING, motion] *= -1.0
    limit, days = _pick(network, scratch, RESULT, limit, MISSING, 1.0 - missing, days, 1.0)
    _clear(scratch, OTHER)
    return _pick(network, scratch, RESULT, limit, OTHER, 0.0, days, -1.0)


@without_counting
def _limit_line(network: Network, scratch: Scratch, item: int, days: int, run: bool) -> tuple[float, int]:
    limit, days = _slots_line(network, scratch, item, days, run)
    first, last = network.variant_start[item], network.variant_start[item + 1]
    if first == last:
        return limit, days
    value = 0.0
    _clear(scratch, OTHER)
    for row in range(first, last):
        variant, weight = network.variant_item[row], network.variant_weight[row]
        if network.has_sources[item]:
            cell = len(network.end_weight) + variant
            value += weight * scratch.value[cell]
            _add(scratch, OTHER, weight, cell)
        else:
            value += weight * _held_line(network, scratch, GOT, variant, run)
            for motion in range(1 + scratch.counter[COUNT_BENT]):
                scratch.line[OTHER, motion] += weight * scratch.line[GOT, motion]
    return _pick(network, scratch, RESULT, limit, OTHER, value, days, 1.0)


@without_counting
def _output_line(
    network: Network, scratch: Scratch, item: int, ready_day: float, days: int
) -> tuple[float, int]:
    fixed, can = 0.0, scratch.others_of_item[item]
    _clear(scratch, FIXED)
    _clear(scratch, RESULT)
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        cell = network.cell_of_unit[unit]
        spare = scratch.spare_of_unit[unit] if ready_day >= network.ready_of_unit[unit] else 0.0
        if cell >= 0:
            fixed += scratch.share_of_unit[unit] * scratch.value[cell]
            can += spare * scratch.value[cell]
            _add(scratch, FIXED, scratch.share_of_unit[unit], cell)
            _add(scratch, RESULT, spare, cell)
        else:
            can += (scratch.share_of_unit[unit] + spare) * scratch.up_supplier[network.supplier_of_unit[unit]]
    limit, left = scratch.value[item], max(0.0, 1.0 - fixed)
    if scratch.is_moving[item] and moves(scratch, FIXED):
        days = 1
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.line[LEFT, motion] = scratch.slope[item, motion] * left - limit * scratch.line[FIXED, motion]
    rest, days = _pick(network, scratch, RESULT, can, LEFT, limit * left, days, 1.0)
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.line[RESULT, motion] += scratch.line[FIXED, motion]
    _clear(scratch, OTHER)
    total, days = _pick(network, scratch, RESULT, fixed + rest, OTHER, 1.0, days, 1.0)
    return _scaled(scratch, total, scratch.up_item[item]), days


@without_counting
def _scaled(scratch: Scratch, value: float, factor: float) -> float:
    for motion in range(1 + scratch.counter[COUNT_BENT]):
        scratch.line[RESULT, motion] *= factor
    return value * factor


@without_counting
def _delivery_line(
    network: Network, scratch: Scratch, number: int, ready_day: float, days: int
) -> tuple[float, int]:
    item = network.item_of_list[number]
    total = scratch.others_of_list[number] * scratch.up_item[item]
    _clear(scratch, RESULT)
    for entry in range(network.entry_start[number], network.entry_start[number + 1]):
        unit = network.entry_unit[entry]
        part = scratch.share_of_entry[entry]
        if ready_day >= network.ready_of_entry[entry]:
            part += scratch.spare_of_entry[entry]
        cell = network.cell_of_unit[unit]
        if cell < 0:
            cell = item
            part *= scratch.up_supplier[network.supplier_of_unit[unit]] * scratch.up_item[item]
        total += part * scratch.value[cell]
        _add(scratch, RESULT, part, cell)
    _clear(scratch, OTHER)
    return _pick(network, scratch, RESULT, total, OTHER, 1.0, days, 1.0)


@without_counting
def _unit_line(network: Network, scratch: Scratch, number: int, days: int, run: bool) -> tuple[float, int]:
    unit = network.contracted_unit[number]
    limit, days = _slots_line(network, scratch, len(network.end_weight) + number, days, run)
    _clear(scratch, OTHER)
    up = scratch.up_supplier[network.supplier_of_unit[unit]]
    value, days = _pick(network, scratch, RESULT, limit, OTHER, up, days, 1.0)
    return _scaled(scratch, value, scratch.up_item[network.item_of_unit[unit]]), days


@without_counting
def cell_line(network: Network, scratch: Scratch, cell: int, ready_day: float, days: int, run: bool) -> int:
    """Leave the line of a cell in RESULT; the days it holds."""
    items, lists = len(network.end_weight), len(network.item_of_list)
    if cell < items:
        return _limit_line(network, scratch, cell, days, run)[1]
    if cell < 2 * items:
        return _output_line(network, scratch, cell - items, ready_day, days)[1]
    if cell < 2 * items + lists:
        return _delivery_line(network, scratch, cell - 2 * items, ready_day, days)[1]
    return _unit_line(network, scratch, cell - 2 * items - lists, days, run)[1]
