"""How the cells of a day move while installed bases wear, and how long that holds.

Between events every cell is a polynomial of the day, kept as its value and its *differences* of
the first, second … order on the first day of the stretch (Newton's form): day d has the value
Σ c_k · C(d, k). A base falls by attrition/365 · (1 − delivery) a day, so its differences are those of
the delivery, one order up; sums and products of polynomials are polynomials; a minimum is one of
them until they cross. So a stretch of days is one solution and one line a cell; crossings end it.

Nothing here ever rises: bases only wear, and every output grows with its inputs.

Functions compute a line into a register of `scratch.line` and return its value today and the
days, at least 1, for which it holds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from risk.kernels.compiling import without_counting
from risk.kernels.scratch import ORDERS
from risk.kernels.spread import NO_GAP

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch

# Two values nearer than this are one.
NO_DIFFERENCE = 1e-15
# Differences below these move no value by more than about 1e-13 within three years.
NO_SLOPE = np.array([1e-13 / math.comb(1000, order) for order in range(1, ORDERS + 1)])
# C(d, i) · C(d, j) = Σ_k PRODUCT[i, j, k] · C(d, k), orders counted from 0 for the first.
PRODUCT = np.zeros((ORDERS, ORDERS, ORDERS))
for _i in range(1, ORDERS + 1):
    for _j in range(1, ORDERS + 1):
        for _k in range(max(_i, _j), min(_i + _j, ORDERS) + 1):
            PRODUCT[_i - 1, _j - 1, _k - 1] = math.comb(_k, _i) * math.comb(_i, _k - _j)

# Registers: the line asked for is always in RESULT.
RESULT, BEST, MISSING, GOT, LEFT, FIXED, OTHER = range(7)


@without_counting
def _clear(scratch: Scratch, register: int) -> None:
    for order in range(ORDERS):
        scratch.line[register, order] = 0.0


@without_counting
def _copy(scratch: Scratch, register: int, source: int) -> None:
    for order in range(ORDERS):
        scratch.line[register, order] = scratch.line[source, order]


@without_counting
def _add(scratch: Scratch, register: int, factor: float, cell: int) -> None:
    """Add a cell's slopes to a register."""
    if scratch.is_moving[cell]:
        for order in range(ORDERS):
            scratch.line[register, order] += factor * scratch.slope[cell, order]


@without_counting
def _pick(
    scratch: Scratch, register: int, value: float, other_register: int, other: float, days: int, sign: float
) -> tuple[float, int]:
    """Leave the lower (sign 1) or upper (sign −1) of two lines in `register`, and how long it is that."""
    gap = sign * (other - value)
    if gap < 0.0 or (gap == 0.0 and _soon_below(scratch, other_register, register, sign)):
        for order in range(ORDERS):
            kept = scratch.line[register, order]
            scratch.line[register, order] = scratch.line[other_register, order]
            scratch.line[other_register, order] = kept
        value, gap = other, -gap
    return value, _days_apart(scratch, register, other_register, gap, days, sign)


@without_counting
def _soon_below(scratch: Scratch, register: int, other_register: int, sign: float) -> bool:
    """Whether of two lines that meet today the first will be the lower (sign 1) or upper one."""
    for order in range(ORDERS):
        part = sign * (scratch.line[register, order] - scratch.line[other_register, order])
        if abs(part) > NO_SLOPE[order]:
            return part < 0.0
    return False


@without_counting
def _days_apart(
    scratch: Scratch, register: int, other_register: int, gap: float, days: int, sign: float
) -> int:
    """Days, 1 to `days`, until the gap between two lines closes."""
    line, lowest, ways, bends = scratch.line, gap, 1.0, False
    for order in range(ORDERS):
        part = sign * (line[other_register, order] - line[register, order])
        ways *= (days - 1 - order) / (order + 1)
        lowest += min(0.0, part * ways)
        bends = bends or (order > 0 and abs(part) > NO_SLOPE[order])
    if lowest >= -NO_DIFFERENCE:
        return days
    closing = sign * (line[register, 0] - line[other_register, 0])
    if not bends:
        return min(days, 1 + int(gap / closing)) if closing > NO_SLOPE[0] else days
    for day in range(1, days):
        ahead, ways = gap, 1.0
        for order in range(ORDERS):
            ways *= (day - order) / (order + 1)
            ahead += sign * (line[other_register, order] - line[register, order]) * ways
        if ahead < -NO_DIFFERENCE:
            return day
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
        if wears(network, scratch, holding):
            attrition = network.attrition_per_day[holding]
            if gap > NO_GAP:
                scratch.line[register, 0] = -attrition * gap
            if scratch.is_moving[cell]:
                for order in range(1, ORDERS):
                    scratch.line[register, order] = attrition * scratch.slope[cell, order - 1]
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
            for order in range(ORDERS):
                scratch.line[MISSING, order] -= network.slot_weight[slot] * scratch.line[GOT, order]
        elif network.slot_group[slot] == group:
            best, days = _pick(scratch, BEST, best, GOT, got, days, -1.0)
        else:
            limit, days = _pick(scratch, RESULT, limit, BEST, best, days, 1.0)
            _copy(scratch, BEST, GOT)
            best, group = got, network.slot_group[slot]
    limit, days = _pick(scratch, RESULT, limit, BEST, best, days, 1.0)
    for order in range(ORDERS):
        scratch.line[MISSING, order] *= -1.0
    limit, days = _pick(scratch, RESULT, limit, MISSING, 1.0 - missing, days, 1.0)
    _clear(scratch, OTHER)
    return _pick(scratch, RESULT, limit, OTHER, 0.0, days, -1.0)


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
            for order in range(ORDERS):
                scratch.line[OTHER, order] += weight * scratch.line[GOT, order]
    return _pick(scratch, RESULT, limit, OTHER, value, days, 1.0)


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
    _multiply(scratch, item, limit, left)
    rest, days = _pick(scratch, RESULT, can, LEFT, limit * left, days, 1.0)
    for order in range(ORDERS):
        scratch.line[RESULT, order] += scratch.line[FIXED, order]
    _clear(scratch, OTHER)
    total, days = _pick(scratch, RESULT, fixed + rest, OTHER, 1.0, days, 1.0)
    return _scaled(scratch, total, scratch.up_item[item]), days


@without_counting
def _multiply(scratch: Scratch, item: int, limit: float, left: float) -> None:
    """Leave in LEFT the product of an item's input limit with 1 − the line in FIXED."""
    for order in range(ORDERS):
        scratch.line[LEFT, order] = scratch.slope[item, order] * left - limit * scratch.line[FIXED, order]
    if not scratch.is_moving[item]:
        return
    for first in range(ORDERS):
        for second in range(ORDERS):
            part = scratch.slope[item, first] * scratch.line[FIXED, second]
            for order in range(max(first, second), min(first + second + 2, ORDERS)):
                scratch.line[LEFT, order] -= PRODUCT[first, second, order] * part


@without_counting
def _scaled(scratch: Scratch, value: float, factor: float) -> float:
    for order in range(ORDERS):
        scratch.line[RESULT, order] *= factor
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
        cell, flow = network.cell_of_unit[unit], 1.0
        if cell < 0:
            cell = item
            flow = scratch.up_supplier[network.supplier_of_unit[unit]] * scratch.up_item[item]
        if network.width_of_entry[entry] < 1.0:
            gives, days = _rationed_line(network, scratch, entry, cell, flow, days)
            for order in range(ORDERS):
                scratch.line[RESULT, order] += part * scratch.line[GOT, order]
            total += part * gives
        else:
            total += part * flow * scratch.value[cell]
            _add(scratch, RESULT, part * flow, cell)
    _clear(scratch, OTHER)
    return _pick(scratch, RESULT, total, OTHER, 1.0, days, 1.0)


@without_counting
def _rationed_line(
    network: Network, scratch: Scratch, entry: int, cell: int, flow: float, days: int
) -> tuple[float, int]:
    """Leave in GOT the line of what a source delivers to an entry of a priority of its own."""
    _clear(scratch, GOT)
    width = network.width_of_entry[entry]
    if width <= 0.0:
        _add(scratch, GOT, flow, cell)
        return flow * scratch.value[cell], days
    _add(scratch, GOT, flow / width, cell)
    value = (flow * scratch.value[cell] - network.above_of_entry[entry]) / width
    _clear(scratch, OTHER)
    value, days = _pick(scratch, GOT, value, OTHER, 1.0, days, 1.0)
    _clear(scratch, OTHER)
    return _pick(scratch, GOT, value, OTHER, 0.0, days, -1.0)


@without_counting
def _unit_line(network: Network, scratch: Scratch, number: int, days: int, run: bool) -> tuple[float, int]:
    unit = network.contracted_unit[number]
    limit, days = _slots_line(network, scratch, len(network.end_weight) + number, days, run)
    _clear(scratch, OTHER)
    up = scratch.up_supplier[network.supplier_of_unit[unit]]
    value, days = _pick(scratch, RESULT, limit, OTHER, up, days, 1.0)
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
