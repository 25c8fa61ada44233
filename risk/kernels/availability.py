"""Many simulations of the chain model over days, compiled (model.md section 4).

Only what a shock changes is computed, and days are taken in stretches: between two events (spare
becomes ready, a shock begins or ends, a stock no longer covers the gap, one bottleneck replaces
another) every cell moves along a line, so the first day's solution and its lines give them all
(`risk.kernels.lines`, `risk.kernels.motion`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import compiled, entered, without_counting
from risk.kernels.day import held, solve_day
from risk.kernels.motion import find_lines
from risk.kernels.scratch import (
    COUNT_SHORT,
    FOREVER,
    OTHERS_OF_ITEM,
    SHARE_OF_ENTRY,
    SHARE_OF_UNIT,
    SHOCK_ITEM,
    SHOCK_SUPPLIER,
    SPARE_OF_ENTRY,
    SPARE_OF_UNIT,
)
from risk.kernels.spread import NO_GAP, call, forget_changes, next_cell
from risk.kernels.stretch import advance, call_ready, days_to_empty, days_to_ready, stands_still, write_losses

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import FloatArray, IntArray, Lanes, Outcome, Scratch

FIRST_DAY_LOSS = 0.01 + 1e-9
NEVER_READY = -1.0


@entered
def simulate_lanes(
    network: Network, lanes: Lanes, scratch: Scratch, outcome: Outcome, first: int, last: int, run: bool
) -> None:
    """Simulate lanes `first` to `last` − 1 into `outcome`.

    Each lane runs three times: without stock and substitution, with substitution, with both.
    """
    order = network.run_order if run else network.build_order
    for lane in range(first, last):
        _change_shares(lanes, scratch, lane)
        outcome.defaults_used[lane] = _find_defaults(network, lanes, scratch, lane)
        for variant in range(3):
            _simulate(network, order, lanes, scratch, outcome, lane, variant, run)
        _settle(network, lanes, scratch, lane)


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
def _settle(network: Network, lanes: Lanes, scratch: Scratch, lane: int) -> None:
    """Put the shares back as the next lane expects them."""
    for row in range(lanes.change_start[lane], lanes.change_start[lane + 1]):
        target, index = lanes.change_target[row], lanes.change_index[row]
        _target(scratch, target)[index] = _target(network, target)[index]


@compiled
def _find_defaults(network: Network, lanes: Lanes, scratch: Scratch, lane: int) -> int:
    """Union of the defaults of every cell that the lane's shocks can reach, in either mode."""
    order, count, used = network.build_order, 0, 0
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        start, seeds = _seeds(network, lanes.shock_kind[row])
        index = lanes.shock_index[row]
        for cell in seeds[start[index] : start[index + 1]]:
            count = _reach(scratch, cell, count)
    at = 0
    while at < count:
        cell = scratch.reach[at]
        used |= network.defaults_of_cell[cell]
        for row in range(order.dependent_start[cell], order.dependent_start[cell + 1]):
            count = _reach(scratch, order.dependent_cell[row], count)
        at += 1
    for at in range(count):
        scratch.reached[scratch.reach[at]] = False
    return used


@compiled
def _seeds(network: Network, kind: int) -> tuple[IntArray, IntArray]:
    if kind == SHOCK_SUPPLIER:
        return network.supplier_seed_start, network.supplier_seed_cell
    return network.item_seed_start, network.item_seed_cell


@without_counting
def _reach(scratch: Scratch, cell: int, count: int) -> int:
    if scratch.reached[cell]:
        return count
    scratch.reached[cell] = True
    scratch.reach[count] = cell
    return count + 1


@compiled
def _simulate(
    network: Network,
    order: Order,
    lanes: Lanes,
    scratch: Scratch,
    outcome: Outcome,
    lane: int,
    variant: int,
    run: bool,
) -> None:
    substitutes, stocked = variant > 0, variant > 1
    horizon = outcome.loss.shape[2]
    begin = _first_shock_day(lanes, lane, horizon)
    _begin_afresh(network, scratch, stocked)
    day, shock_day = 0, _next_shock_day(lanes, lane, -1)
    while day < horizon:
        risen = day == shock_day
        if risen:
            _apply_shocks(network, order, lanes, scratch, lane, day)
            shock_day = _next_shock_day(lanes, lane, day)
        ready_day = float(day - begin) if substitutes else NEVER_READY
        if substitutes and call_ready(network, order, scratch, ready_day):
            risen = True
        solve_day(network, order, scratch, ready_day, run, risen)
        if day == 0 and variant == 0:
            _find_worst_slot(network, order, scratch, outcome, lane, run)
        days = find_lines(network, order, scratch, ready_day, min(horizon, shock_day) - day, run)
        # After the lines: a cell that is whole today and falls from tomorrow waits for spare as well.
        if substitutes and day >= begin:
            days = days_to_ready(network, scratch, ready_day, days)
        days = days_to_empty(network, scratch, days, run)
        kept = stocked and len(outcome.unit_loss) > 0
        if kept and not stands_still(scratch):
            days = 1
        write_losses(network, scratch, outcome.loss[variant, lane], day, days)
        if kept:
            _add_unit_losses(network, scratch, outcome, lane, day, days)
        advance(network, order, scratch, days, run)
        day += days
    _end(lanes, scratch, lane)


@compiled
def _begin_afresh(network: Network, scratch: Scratch, stocked: bool) -> None:
    if stocked:
        scratch.stock[:] = network.cover_days
    else:
        scratch.stock[:] = 0.0
    scratch.installed[:] = 1.0
    scratch.ratio[:] = 1.0


@compiled
def _end(lanes: Lanes, scratch: Scratch, lane: int) -> None:
    """Put the scratch back as the next simulation expects it."""
    cell = next_cell(scratch)
    while cell >= 0:
        cell = next_cell(scratch)
    forget_changes(scratch)
    _lift_shocks(lanes, scratch, lane)


@compiled
def _first_shock_day(lanes: Lanes, lane: int, horizon: int) -> int:
    begin = horizon
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        begin = min(begin, lanes.shock_first_day[row])
    return begin


@compiled
def _next_shock_day(lanes: Lanes, lane: int, day: int) -> int:
    """First day after `day` on which a shock begins, ends or weakens."""
    found = FOREVER
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        end = lanes.shock_end[row]
        if lanes.shock_first_day[row] > day:
            found = min(found, lanes.shock_first_day[row])
        elif end > day:
            found = min(found, end)
        elif end + lanes.shock_recovery[row] > day:
            found = min(found, day + 1)
    return found


@compiled
def _lift_shocks(lanes: Lanes, scratch: Scratch, lane: int) -> None:
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        if lanes.shock_kind[row] == SHOCK_ITEM:
            scratch.up_item[lanes.shock_index[row]] = 1.0
        else:
            scratch.up_supplier[lanes.shock_index[row]] = 1.0


@compiled
def _apply_shocks(
    network: Network, order: Order, lanes: Lanes, scratch: Scratch, lane: int, day: int
) -> None:
    """Set availabilities to 1 − the largest severity of today; who reads them is to be computed."""
    _lift_shocks(lanes, scratch, lane)
    for row in range(lanes.shock_start[lane], lanes.shock_start[lane + 1]):
        up = scratch.up_item if lanes.shock_kind[row] == SHOCK_ITEM else scratch.up_supplier
        index = lanes.shock_index[row]
        up[index] = min(up[index], 1.0 - _severity(lanes, row, day))
        start, seeds = _seeds(network, lanes.shock_kind[row])
        for cell in seeds[start[index] : start[index + 1]]:
            call(order, scratch, cell)


@without_counting
def _severity(lanes: Lanes, row: int, day: int) -> float:
    end, recovery = lanes.shock_end[row], lanes.shock_recovery[row]
    if day < lanes.shock_first_day[row] or day >= end + recovery:
        return 0.0
    if day < end:
        return lanes.shock_severity[row]
    return lanes.shock_severity[row] * (1.0 - (day - end) / recovery)


@without_counting
def _find_worst_slot(
    network: Network, order: Order, scratch: Scratch, outcome: Outcome, lane: int, run: bool
) -> None:
    """Keep the worst-served holding that some slot reads; of equal ones the one furthest upstream."""
    worst, worst_holding = 1.0 - NO_GAP, -1
    items = len(network.end_weight)
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        if holding < items and not network.feeds_market_slot[holding]:
            continue
        got = held(network, scratch, holding, run)
        if got < worst - NO_GAP or (
            worst_holding >= 0
            and got < worst + NO_GAP
            and _upstream(order, items + holding, items + worst_holding)
        ):
            worst, worst_holding = min(worst, got), holding
    if worst_holding >= 0:
        outcome.worst_level[lane] = worst
        outcome.worst_item[lane] = (
            worst_holding if worst_holding < items else network.item_of_list[worst_holding - items]
        )


@without_counting
def _upstream(order: Order, cell: int, other: int) -> bool:
    level, other_level = order.level_of_cell[cell], order.level_of_cell[other]
    return level < other_level or (level == other_level and cell < other)


@without_counting
def _add_unit_losses(
    network: Network, scratch: Scratch, outcome: Outcome, lane: int, day: int, days: int
) -> None:
    """Add the losses of every unit over days on which nothing moves."""
    for unit in range(len(network.item_of_unit)):
        cell, item = network.cell_of_unit[unit], network.item_of_unit[unit]
        if cell >= 0:
            output = scratch.value[cell]
        else:
            up = scratch.up_supplier[network.supplier_of_unit[unit]]
            output = up * scratch.ratio[item] * scratch.up_item[item]
        outcome.unit_loss[lane, unit] += days * (1.0 - output)
        if 1.0 - output > FIRST_DAY_LOSS:
            if outcome.unit_first_day[lane, unit] < 0:
                outcome.unit_first_day[lane, unit] = day
            outcome.unit_last_day[lane, unit] = day + days - 1
