"""How fast the cells of a day change while installed bases wear, and how long that holds.

Between events every market moves along a straight line in time: an installed base falls by
attrition/365 · (1 − delivery) a day, and minima, maxima and weighted sums of straight lines are
straight until one line crosses another. So a stretch of days is one solution and one slope a
cell. Where the path is curved (a product of two changing factors, a base whose deliveries
themselves change, a loop that changes) the stretch is a single day, as the model defines it.

Nothing here ever rises: bases only wear, and every output grows with its inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import without_counting

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch

# Slopes closer than this part no further than 1e-11 in ten years.
NO_SLOPE = 1e-15
NO_GAP = 1e-12


@without_counting
def lower(
    value: float, slope: float, days: int, other: float, other_slope: float
) -> tuple[float, float, int]:
    """Take the lower of two lines and shorten `days` to where they cross."""
    if other < value or (other == value and other_slope < slope):
        value, slope, other, other_slope = other, other_slope, value, slope
    if other_slope < slope - NO_SLOPE:
        until = (other - value) / (slope - other_slope)
        if until < days:
            days = 1 + int(until)
    return value, slope, days


@without_counting
def upper(
    value: float, slope: float, days: int, other: float, other_slope: float
) -> tuple[float, float, int]:
    """Take the upper of two lines and shorten `days` to where they cross."""
    value, slope, days = lower(-value, -slope, days, -other, -other_slope)
    return -value, -slope, days


@without_counting
def _kept(value: float, slope: float, stock: float, days: int) -> tuple[float, float, int]:
    """Give users of a consumable all as long as the stock fills the gap, then what is delivered."""
    gap = 1.0 - value
    if gap <= NO_GAP and slope >= -NO_SLOPE:
        return 1.0, 0.0, days
    if stock <= 0.0:
        return value, slope, days
    if stock < gap:
        return min(1.0, value + stock), 0.0, 1
    return 1.0, 0.0, min(days, days_covered(gap, slope, stock, days))


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
def _worn(
    installed: float, attrition: float, value: float, slope: float, days: int
) -> tuple[float, float, int]:
    """Give users of an installed base what is left of it, which wears while deliveries fall short."""
    gap = 1.0 - value
    if attrition <= 0.0 or installed <= 0.0:
        return installed, 0.0, days
    if slope < -NO_SLOPE:
        return installed, -attrition * max(gap, NO_GAP), 1
    if gap <= NO_GAP:
        return installed, 0.0, days
    until = installed / (attrition * gap)
    return installed, -attrition * gap, 1 + int(until) if until < days else days


@without_counting
def market_line(
    network: Network, scratch: Scratch, item: int, days: int, run: bool
) -> tuple[float, float, int]:
    """Line of what the market gives users of an item: value today, change a day, days it holds."""
    cell = len(network.end_weight) + item
    value, slope = scratch.value[cell], scratch.slope[cell]
    if not network.is_capital[item]:
        return _kept(value, slope, scratch.stock[item], days)
    if run and network.has_sources[item]:
        return _worn(scratch.installed[item], network.attrition_per_day[item], value, slope, days)
    return value, slope, days


@without_counting
def list_line(
    network: Network, scratch: Scratch, number: int, days: int, run: bool
) -> tuple[float, float, int]:
    """Line of what a buyer gets through one list."""
    cell, item = 2 * len(network.end_weight) + number, network.item_of_list[number]
    value, slope = scratch.value[cell], scratch.slope[cell]
    if not network.is_capital[item]:
        return _kept(value, slope, scratch.stock_of_list[number], days)
    if run:
        base = scratch.installed_of_list[number]
        return _worn(base, network.attrition_per_day[item], value, slope, days)
    return value, slope, days


@without_counting
def _slots_line(
    network: Network, scratch: Scratch, row: int, days: int, run: bool
) -> tuple[float, float, int]:
    """Line of the input limit of one row of slots."""
    limit, limit_slope = 1.0, 0.0
    best, best_slope, group = 1.0, 0.0, -1
    missing, missing_slope = 0.0, 0.0
    for slot in range(network.slot_start[row], network.slot_start[row + 1]):
        number = network.slot_list[slot]
        if number < 0:
            got, slope, days = market_line(network, scratch, network.slot_input[slot], days, run)
        else:
            got, slope, days = list_line(network, scratch, number, days, run)
        if network.slot_group[slot] < 0:
            missing += network.slot_weight[slot] * (1.0 - got)
            missing_slope -= network.slot_weight[slot] * slope
        elif network.slot_group[slot] == group:
            best, best_slope, days = upper(best, best_slope, days, got, slope)
        else:
            limit, limit_slope, days = lower(limit, limit_slope, days, best, best_slope)
            best, best_slope, group = got, slope, network.slot_group[slot]
    limit, limit_slope, days = lower(limit, limit_slope, days, best, best_slope)
    limit, limit_slope, days = lower(limit, limit_slope, days, 1.0 - missing, -missing_slope)
    return upper(limit, limit_slope, days, 0.0, 0.0)


@without_counting
def _limit_line(
    network: Network, scratch: Scratch, item: int, days: int, run: bool
) -> tuple[float, float, int]:
    limit, limit_slope, days = _slots_line(network, scratch, item, days, run)
    first, last = network.variant_start[item], network.variant_start[item + 1]
    if first == last:
        return limit, limit_slope, days
    value, slope = 0.0, 0.0
    for row in range(first, last):
        variant = network.variant_item[row]
        cell = len(network.end_weight) + variant
        got, got_slope = scratch.value[cell], scratch.slope[cell]
        if not network.has_sources[item]:
            got, got_slope, days = market_line(network, scratch, variant, days, run)
        value += network.variant_weight[row] * got
        slope += network.variant_weight[row] * got_slope
    return lower(limit, limit_slope, days, value, slope)


@without_counting
def _output_line(
    network: Network, scratch: Scratch, item: int, ready_day: float, days: int
) -> tuple[float, float, int]:
    limit, limit_slope = scratch.value[item], scratch.slope[item]
    fixed, fixed_slope, can, can_slope = 0.0, 0.0, scratch.others_of_item[item], 0.0
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        cell = network.cell_of_unit[unit]
        if cell >= 0:
            runs, slope = scratch.value[cell], scratch.slope[cell]
            fixed += scratch.share_of_unit[unit] * runs
            fixed_slope += scratch.share_of_unit[unit] * slope
        else:
            runs, slope = scratch.up_supplier[network.supplier_of_unit[unit]], 0.0
            can += scratch.share_of_unit[unit] * runs
        if ready_day >= network.ready_of_unit[unit]:
            can += scratch.spare_of_unit[unit] * runs
            can_slope += scratch.spare_of_unit[unit] * slope
    if abs(limit_slope) > NO_SLOPE and abs(fixed_slope) > NO_SLOPE:
        days = 1
    left = max(0.0, 1.0 - fixed)
    rest, rest_slope, days = lower(
        can, can_slope, days, limit * left, limit_slope * left - limit * fixed_slope
    )
    total, slope, days = lower(1.0, 0.0, days, fixed + rest, fixed_slope + rest_slope)
    return total * scratch.up_item[item], slope * scratch.up_item[item], days


@without_counting
def _delivery_line(
    network: Network, scratch: Scratch, number: int, ready_day: float, days: int
) -> tuple[float, float, int]:
    item = network.item_of_list[number]
    total, slope = scratch.others_of_list[number] * scratch.up_item[item], 0.0
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
        slope += part * scratch.slope[cell]
    return lower(1.0, 0.0, days, total, slope)


@without_counting
def _unit_line(
    network: Network, scratch: Scratch, number: int, days: int, run: bool
) -> tuple[float, float, int]:
    unit = network.contracted_unit[number]
    limit, slope, days = _slots_line(network, scratch, len(network.end_weight) + number, days, run)
    up = scratch.up_supplier[network.supplier_of_unit[unit]]
    value, slope, days = lower(up, 0.0, days, limit, slope)
    up_item = scratch.up_item[network.item_of_unit[unit]]
    return value * up_item, slope * up_item, days


@without_counting
def _cell_line(
    network: Network, scratch: Scratch, cell: int, ready_day: float, days: int, run: bool
) -> tuple[float, float, int]:
    items, lists = len(network.end_weight), len(network.item_of_list)
    if cell < items:
        return _limit_line(network, scratch, cell, days, run)
    if cell < 2 * items:
        return _output_line(network, scratch, cell - items, ready_day, days)
    if cell < 2 * items + lists:
        return _delivery_line(network, scratch, cell - 2 * items, ready_day, days)
    return _unit_line(network, scratch, cell - 2 * items - lists, days, run)


@without_counting
def solve_slopes(
    network: Network, scratch: Scratch, touched: int, ready_day: float, most: int, run: bool
) -> int:
    """Find the slopes of the touched cells after `solve_day`.

    Returns the days, 1 to `most`, for which value + slope · day is the model's solution.
    """
    days, at = most, 0
    for position in range(touched):
        scratch.slope[network.cell_order[scratch.positions[position]]] = 0.0
    while at < touched:
        component = network.component_of_position[scratch.positions[at]]
        first, last = network.component_start[component], network.component_start[component + 1]
        for position in range(first, last):
            cell = network.cell_order[position]
            _, slope, days = _cell_line(network, scratch, cell, ready_day, days, run)
            scratch.slope[cell] = slope
            if last - first > 1 and abs(slope) > NO_SLOPE:
                return 1
        at += last - first
    return days
