"""Many simulations of the chain model over days, compiled (model.md section 4).

Days are taken in stretches: between two events (spare becomes ready, a shock begins or ends, a
stock no longer covers the gap, one bottleneck replaces another) every cell moves along a straight
line, so the first day's solution and its slopes give them all (`risk.kernels.slopes`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from risk.kernels.compiling import compiled, without_counting
from risk.kernels.day import from_list, market, solve_day
from risk.kernels.scratch import (
    OTHERS_OF_ITEM,
    SHARE_OF_ENTRY,
    SHARE_OF_UNIT,
    SHOCK_ITEM,
    SHOCK_SUPPLIER,
    SPARE_OF_ENTRY,
    SPARE_OF_UNIT,
)
from risk.kernels.slopes import NO_GAP, NO_SLOPE, drained, solve_slopes

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import FloatArray, Lanes, Outcome, Scratch

FIRST_DAY_LOSS = 0.01 + 1e-9
NEVER_READY = -1.0


@compiled
def simulate_lanes(
    network: Network, lanes: Lanes, scratch: Scratch, outcome: Outcome, first: int, last: int, run: bool
) -> None:
    """Simulate lanes `first` to `last` − 1 into `outcome`.

    Each lane runs three times: without stock and substitution, with substitution, with both.
    """
    for lane in range(first, last):
        _change_shares(lanes, scratch, lane)
        touched = _touch(network, lanes, scratch, outcome, lane)
        for variant in range(3):
            _simulate(network, lanes, scratch, outcome, lane, variant, touched, run)
        _settle(network, lanes, scratch, lane, touched)


@compiled
def _target(network_or_scratch: Network | Scratch, target: int) -> FloatArray:
    if target == SHARE_OF_UNIT:
        return network_or_scratch.share_of_unit
    if target == SPARE_OF_UNIT:
        return network_or_scratch.spare_of_unit
    if target == OTHERS_OF_ITEM:
        return network_or_scratch.others_of_item
    if target == SHARE_OF_ENTRY:
        return network_or_scratch.share_of_entry
    if target == SPARE_OF_ENTRY:
        return network_or_scratch.spare_of_entry
    return network_or_scratch.others_of_list


@compiled
def _change_shares(lanes: Lanes, scratch: Scratch, lane: int) -> None:
    for row in range(lanes.change_start[lane], lanes.change_start[lane + 1]):
        _target(scratch, lanes.change_target[row])[lanes.change_index[row]] = lanes.change_value[row]


@compiled
def _settle(network: Network, lanes: Lanes, scratch: Scratch, lane: int, touched: int) -> None:
    """Put the scratch back as the next lane expects it."""
    for row in range(lanes.change_start[lane], lanes.change_start[lane + 1]):
        target, index = lanes.change_target[row], lanes.change_index[row]
        _target(scratch, target)[index] = _target(network, target)[index]
    for at in range(touched):
        cell = network.cell_order[scratch.positions[at]]
        scratch.touched[cell] = False
        scratch.value[cell] = 1.0
        scratch.slope[cell] = 0.0
    # Untouched cells are read too: their installed base must be whole.
    _fill_stocks(network, scratch, touched, False)
    _lift_shocks(lanes, scratch, lane)


@compiled
def _touch(network: Network, lanes: Lanes, scratch: Scratch, outcome: Outcome, lane: int) -> int:
    """Mark every cell the lane's shocks can reach; returns how many, with sorted positions."""
    count = 0
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        index = lanes.shock_index[row]
        if lanes.shock_kind[row] == SHOCK_SUPPLIER:
            seeds = network.supplier_seed_cell[
                network.supplier_seed_start[index] : network.supplier_seed_start[index + 1]
            ]
        else:
            seeds = network.item_seed_cell[
                network.item_seed_start[index] : network.item_seed_start[index + 1]
            ]
        for cell in seeds:
            count = _push(scratch, cell, count)
    at, used = 0, 0
    while at < count:
        cell = scratch.positions[at]
        used |= network.defaults_of_cell[cell]
        for row in range(network.dependent_start[cell], network.dependent_start[cell + 1]):
            count = _push(scratch, network.dependent_cell[row], count)
        at += 1
    outcome.defaults_used[lane] = used
    for at in range(count):
        scratch.positions[at] = network.position_of_cell[scratch.positions[at]]
    scratch.positions[:count].sort()
    return count


@compiled
def _push(scratch: Scratch, cell: int, count: int) -> int:
    if scratch.touched[cell]:
        return count
    scratch.touched[cell] = True
    scratch.positions[count] = cell
    return count + 1


@compiled
def _simulate(
    network: Network,
    lanes: Lanes,
    scratch: Scratch,
    outcome: Outcome,
    lane: int,
    variant: int,
    touched: int,
    run: bool,
) -> None:
    substitutes, stocked = variant > 0, variant > 1
    horizon = outcome.loss.shape[2]
    begin = _first_shock_day(lanes, lane, horizon)
    events = _collect_events(network, lanes, scratch, lane, touched, begin, substitutes)
    _fill_stocks(network, scratch, touched, stocked)
    day, event = 0, 0
    while day < horizon:
        fresh = day == 0
        while event < events and scratch.events[event] <= day:
            event, fresh = event + 1, True
        if fresh:
            _apply_shocks(lanes, scratch, lane, day)
            for at in range(touched):
                scratch.value[network.cell_order[scratch.positions[at]]] = 1.0
        ready_day = float(day - begin) if substitutes else NEVER_READY
        solve_day(network, scratch, touched, ready_day, run)
        if day == 0 and variant == 0:
            _find_worst_slot(network, scratch, outcome, lane, touched, run)
        days = horizon - day
        if event < events:
            days = min(days, int(scratch.events[event]) - day)
        days = solve_slopes(network, scratch, touched, ready_day, days, run)
        if stocked and len(outcome.unit_loss) > 0:
            days = _add_unit_losses(network, scratch, outcome, lane, touched, day, days)
        loss, slope = _end_loss(network, scratch, touched)
        for ahead in range(days):
            outcome.loss[variant, lane, day + ahead] = min(1.0, max(0.0, loss + slope * ahead))
        _advance(network, scratch, touched, days)
        day += days


@compiled
def _first_shock_day(lanes: Lanes, lane: int, horizon: int) -> int:
    begin = horizon
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        begin = min(begin, lanes.shock_first_day[row])
    return begin


@compiled
def _collect_events(
    network: Network, lanes: Lanes, scratch: Scratch, lane: int, touched: int, begin: int, substitutes: bool
) -> int:
    """Sorted days on which a shock changes or spare of a touched cell becomes ready."""
    count = 0
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        scratch.events[count] = lanes.shock_first_day[row]
        scratch.events[count + 1] = lanes.shock_end[row]
        count += 2
    if substitutes:
        items, lists = len(network.end_weight), len(network.item_of_list)
        for at in range(touched):
            cell = network.cell_order[scratch.positions[at]]
            if items <= cell < 2 * items:
                for unit in range(network.unit_start[cell - items], network.unit_start[cell - items + 1]):
                    if scratch.spare_of_unit[unit] > 0.0:
                        scratch.events[count] = begin + math.ceil(network.ready_of_unit[unit])
                        count += 1
            elif 2 * items <= cell < 2 * items + lists:
                number = cell - 2 * items
                for entry in range(network.entry_start[number], network.entry_start[number + 1]):
                    if scratch.spare_of_entry[entry] > 0.0:
                        scratch.events[count] = begin + math.ceil(network.ready_of_entry[entry])
                        count += 1
    scratch.events[:count].sort()
    return count


@without_counting
def _fill_stocks(network: Network, scratch: Scratch, touched: int, stocked: bool) -> None:
    items, lists = len(network.end_weight), len(network.item_of_list)
    for at in range(touched):
        cell = network.cell_order[scratch.positions[at]]
        if items <= cell < 2 * items:
            scratch.stock[cell - items] = network.cover_days[cell - items] if stocked else 0.0
            scratch.installed[cell - items] = 1.0
        elif 2 * items <= cell < 2 * items + lists:
            scratch.stock_of_list[cell - 2 * items] = (
                network.stock_of_list[cell - 2 * items] if stocked else 0.0
            )
            scratch.installed_of_list[cell - 2 * items] = 1.0


@compiled
def _lift_shocks(lanes: Lanes, scratch: Scratch, lane: int) -> None:
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        if lanes.shock_kind[row] == SHOCK_ITEM:
            scratch.up_item[lanes.shock_index[row]] = 1.0
        else:
            scratch.up_supplier[lanes.shock_index[row]] = 1.0


@compiled
def _apply_shocks(lanes: Lanes, scratch: Scratch, lane: int, day: int) -> None:
    """Set availabilities to 1 − the largest severity active today."""
    _lift_shocks(lanes, scratch, lane)
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        if lanes.shock_first_day[row] <= day < lanes.shock_end[row]:
            up = scratch.up_item if lanes.shock_kind[row] == SHOCK_ITEM else scratch.up_supplier
            up[lanes.shock_index[row]] = min(up[lanes.shock_index[row]], 1.0 - lanes.shock_severity[row])


@without_counting
def _find_worst_slot(
    network: Network, scratch: Scratch, outcome: Outcome, lane: int, touched: int, run: bool
) -> None:
    items, lists = len(network.end_weight), len(network.item_of_list)
    for at in range(touched):
        cell = network.cell_order[scratch.positions[at]]
        if items <= cell < 2 * items and network.feeds_market_slot[cell - items]:
            item, got = cell - items, market(network, scratch, cell - items, run)
        elif 2 * items <= cell < 2 * items + lists:
            item, got = (
                network.item_of_list[cell - 2 * items],
                from_list(network, scratch, cell - 2 * items, run),
            )
        else:
            continue
        if got < outcome.worst_level[lane] - NO_GAP:
            outcome.worst_level[lane], outcome.worst_item[lane] = got, item


@without_counting
def _end_loss(network: Network, scratch: Scratch, touched: int) -> tuple[float, float]:
    """Today's loss of end output and its change a day."""
    items, loss, slope = len(network.end_weight), 0.0, 0.0
    for at in range(touched):
        cell = network.cell_order[scratch.positions[at]]
        if items <= cell < 2 * items:
            loss += network.end_weight[cell - items] * (1.0 - scratch.value[cell])
            slope -= network.end_weight[cell - items] * scratch.slope[cell]
    return loss, slope


@without_counting
def _advance(network: Network, scratch: Scratch, touched: int, days: int) -> None:
    """Move stocks and installed bases past `days` days."""
    items, lists = len(network.end_weight), len(network.item_of_list)
    for at in range(touched):
        cell = network.cell_order[scratch.positions[at]]
        gap = drained(1.0 - scratch.value[cell], scratch.slope[cell], days)
        if items <= cell < 2 * items:
            item = cell - items
            wear = network.attrition_per_day[item] * gap
            scratch.stock[item] = max(0.0, scratch.stock[item] - gap)
            scratch.installed[item] = max(0.0, scratch.installed[item] - wear)
        elif 2 * items <= cell < 2 * items + lists:
            number = cell - 2 * items
            wear = network.attrition_per_day[network.item_of_list[number]] * gap
            scratch.stock_of_list[number] = max(0.0, scratch.stock_of_list[number] - gap)
            scratch.installed_of_list[number] = max(0.0, scratch.installed_of_list[number] - wear)


@without_counting
def _add_unit_losses(
    network: Network, scratch: Scratch, outcome: Outcome, lane: int, touched: int, day: int, days: int
) -> int:
    """Add the losses of every unit; days are taken singly while anything changes."""
    items = len(network.end_weight)
    for at in range(touched):
        if abs(scratch.slope[network.cell_order[scratch.positions[at]]]) > NO_SLOPE:
            days = 1
    for at in range(touched):
        item = network.cell_order[scratch.positions[at]] - items
        if not 0 <= item < items:
            continue
        for unit in range(network.unit_start[item], network.unit_start[item + 1]):
            cell = network.cell_of_unit[unit]
            if cell >= 0:
                output = scratch.value[cell]
            else:
                up = scratch.up_supplier[network.supplier_of_unit[unit]]
                output = up * scratch.ratio[item] * scratch.up_item[item]
            outcome.unit_loss[lane, unit] += days * (1.0 - output)
            if 1.0 - output > FIRST_DAY_LOSS and outcome.unit_first_day[lane, unit] < 0:
                outcome.unit_first_day[lane, unit] = day
    return days
