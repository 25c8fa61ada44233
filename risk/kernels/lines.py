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

from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.holdings import passes_entry, up_of_item
from risk.kernels.polynomials import (
    BEST,
    FIXED,
    GOT,
    LEFT,
    MISSING,
    OTHER,
    RESULT,
    add_cell,
    add_line,
    clear,
    copy_line,
    multiply,
    pick,
    scaled,
)
from risk.kernels.region_lines import REACH, reach_line
from risk.kernels.scratch import ORDERS
from risk.kernels.spread import NO_GAP, wears

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch


@inlined
def held_line(network: Network, scratch: Scratch, register: int, holding: int, run: bool) -> float:
    """Line of what users of a holding get; running out is watched by `risk.kernels.stretch`."""
    clear(scratch.line, register)
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
    add_cell(scratch, register, 1.0, cell)
    return value


@inlined
def _slots_line(network: Network, scratch: Scratch, row: int, days: int, run: bool) -> tuple[float, int]:
    """Line of the input limit of one row of slots."""
    limit, best, missing, group, groups, others = 1.0, 1.0, 0.0, -1, 0, 0
    clear(scratch.line, RESULT)
    clear(scratch.line, BEST)
    clear(scratch.line, MISSING)
    for slot in range(network.slot_start[row], network.slot_start[row + 1]):
        got = held_line(network, scratch, GOT, network.slot_holding[slot], run)
        if network.slot_group[slot] < 0:
            others += 1
            missing += network.slot_weight[slot] * (1.0 - got)
            for order in range(ORDERS):
                scratch.line[MISSING, order] -= network.slot_weight[slot] * scratch.line[GOT, order]
        elif network.slot_group[slot] == group:
            best, days = pick(scratch.line, scratch.choose, BEST, best, GOT, got, days, -1.0)
        else:
            limit, days = _narrow(scratch, limit, best, groups, days)
            copy_line(scratch.line, BEST, GOT)
            best, group, groups = got, network.slot_group[slot], groups + 1
    limit, days = _narrow(scratch, limit, best, groups, days)
    if others == 0:
        return limit, days
    for order in range(ORDERS):
        scratch.line[MISSING, order] *= -1.0
    limit, days = pick(scratch.line, scratch.choose, RESULT, limit, MISSING, 1.0 - missing, days, 1.0)
    clear(scratch.line, OTHER)
    return pick(scratch.line, scratch.choose, RESULT, limit, OTHER, 0.0, days, -1.0)


@inlined
def _narrow(scratch: Scratch, limit: float, best: float, groups: int, days: int) -> tuple[float, int]:
    """Hold the limit in RESULT to what the latest of so many groups gets, in BEST."""
    if groups == 0:
        return limit, days
    if groups == 1:
        copy_line(scratch.line, RESULT, BEST)
        return best, days
    return pick(scratch.line, scratch.choose, RESULT, limit, BEST, best, days, 1.0)


@inlined
def limit_line(network: Network, scratch: Scratch, item: int, days: int, run: bool) -> tuple[float, int]:
    """Line of the input limit of an item."""
    limit, days = _slots_line(network, scratch, item, days, run)
    if network.is_delivered[item]:
        return limit, days
    first, last = network.variant_start[item], network.variant_start[item + 1]
    if first == last:
        return limit, days
    value = 0.0
    clear(scratch.line, OTHER)
    for row in range(first, last):
        variant, weight = network.variant_item[row], network.variant_weight[row]
        if network.has_sources[item]:
            cell = len(network.end_weight) + variant
            value += weight * scratch.value[cell]
            add_cell(scratch, OTHER, weight, cell)
        else:
            value += weight * held_line(network, scratch, GOT, variant, run)
            for order in range(ORDERS):
                scratch.line[OTHER, order] += weight * scratch.line[GOT, order]
    return pick(scratch.line, scratch.choose, RESULT, limit, OTHER, value, days, 1.0)


@inlined
def output_line(
    network: Network, scratch: Scratch, item: int, ready_day: float, days: int
) -> tuple[float, int]:
    """Line of the output of an item."""
    fixed, can = 0.0, scratch.others_of_item[item]
    clear(scratch.line, FIXED)
    clear(scratch.line, RESULT)
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        cell = network.cell_of_unit[unit]
        spare = scratch.spare_of_unit[unit] if ready_day >= network.ready_of_unit[unit] else 0.0
        if cell >= 0:
            fixed += scratch.share_of_unit[unit] * scratch.value[cell]
            can += spare * scratch.value[cell]
            add_cell(scratch, FIXED, scratch.share_of_unit[unit], cell)
            if spare > 0.0:
                add_cell(scratch, RESULT, spare, cell)
        else:
            can += (scratch.share_of_unit[unit] + spare) * scratch.up[unit]
    limit, left = scratch.value[item], max(0.0, 1.0 - fixed)
    multiply(scratch.line, scratch.slope, item, limit, left)
    rest, days = pick(scratch.line, scratch.choose, RESULT, can, LEFT, limit * left, days, 1.0)
    for order in range(ORDERS):
        scratch.line[RESULT, order] += scratch.line[FIXED, order]
    clear(scratch.line, OTHER)
    total, days = pick(scratch.line, scratch.choose, RESULT, fixed + rest, OTHER, 1.0, days, 1.0)
    return scaled(scratch.line, total, up_of_item(network, scratch, item)), days


@inlined
def delivery_line(
    network: Network, scratch: Scratch, number: int, ready_day: float, days: int
) -> tuple[float, int]:
    """Line of what one buyer's list delivers."""
    item = network.item_of_list[number]
    total = scratch.others_of_list[number] * up_of_item(network, scratch, item)
    clear(scratch.line, RESULT)
    for entry in range(network.entry_start[number], network.entry_start[number + 1]):
        unit = network.entry_unit[entry]
        part = scratch.share_of_entry[entry]
        if ready_day >= network.ready_of_entry[entry]:
            part += scratch.spare_of_entry[entry]
        cell, flow = network.cell_of_unit[unit], 1.0
        if cell < 0:
            cell = network.item_of_unit[unit]
            flow = scratch.up[unit] * up_of_item(network, scratch, cell)
        part *= passes_entry(network, scratch, entry)
        is_limited = cell < len(network.end_weight) and network.is_delivered[item]
        if is_limited or network.width_of_entry[entry] < 1.0:
            gives, days = _limited_line(network, scratch, item, cell, is_limited, days)
            gives, days = _rationed_line(network, scratch, entry, flow, gives, days)
            add_line(scratch.line, RESULT, part, GOT)
            total += part * gives
        else:
            total += part * flow * scratch.value[cell]
            add_cell(scratch, RESULT, part * flow, cell)
    clear(scratch.line, OTHER)
    return pick(scratch.line, scratch.choose, RESULT, total, OTHER, 1.0, days, 1.0)


@without_counting
def _limited_line(
    network: Network, scratch: Scratch, item: int, cell: int, is_limited: bool, days: int
) -> tuple[float, int]:
    """Leave in GOT the line of a cell, held to what variants reach in the buyer's region."""
    clear(scratch.line, GOT)
    add_cell(scratch, GOT, 1.0, cell)
    if not is_limited:
        return scratch.value[cell], days
    reach = reach_line(network, scratch, item)
    return pick(scratch.line, scratch.choose, GOT, scratch.value[cell], REACH, reach, days, 1.0)


@without_counting
def _rationed_line(
    network: Network, scratch: Scratch, entry: int, flow: float, gives: float, days: int
) -> tuple[float, int]:
    """Turn the line of a source's output in GOT into that of what it delivers to an entry by priority."""
    width = network.width_of_entry[entry]
    factor = flow if width >= 1.0 or width <= 0.0 else flow / width
    for order in range(ORDERS):
        scratch.line[GOT, order] *= factor
    if width >= 1.0 or width <= 0.0:
        return flow * gives, days
    value = (flow * gives - network.above_of_entry[entry]) / width
    clear(scratch.line, OTHER)
    value, days = pick(scratch.line, scratch.choose, GOT, value, OTHER, 1.0, days, 1.0)
    clear(scratch.line, OTHER)
    return pick(scratch.line, scratch.choose, GOT, value, OTHER, 0.0, days, -1.0)


@inlined
def unit_line(network: Network, scratch: Scratch, number: int, days: int, run: bool) -> tuple[float, int]:
    """Line of the output of a contracted unit."""
    unit = network.contracted_unit[number]
    limit, days = _slots_line(network, scratch, len(network.end_weight) + number, days, run)
    clear(scratch.line, OTHER)
    value, days = pick(scratch.line, scratch.choose, RESULT, limit, OTHER, scratch.up[unit], days, 1.0)
    return scaled(scratch.line, value, up_of_item(network, scratch, network.item_of_unit[unit])), days
