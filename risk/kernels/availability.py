"""Many simulations of the chain model over days, compiled (model.md section 4).

Only what a stop changes is computed, and days are taken in stretches: between two events (spare
becomes ready, a stock no longer covers the gap, one bottleneck replaces another) every cell moves
along a line, so the first day's solution and its lines give them all (`risk.kernels.lines`,
`risk.kernels.motion`). Stops last from day 0; shocks that begin and end are scenarios, traced day by
day (`risk.kernels.tracing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import compiled, entered, without_counting
from risk.kernels.holdings import held
from risk.kernels.motion import find_lines
from risk.kernels.scratch import (
    COUNT_REACHED,
    COUNT_SHORT,
    LINES_UNTIL,
    OTHERS_OF_ITEM,
    OTHERS_OF_LIST,
    SHARE_OF_DELIVERY,
    SHARE_OF_ENTRY,
    SHARE_OF_UNIT,
    SPARE_OF_DELIVERY,
    SPARE_OF_ENTRY,
    SPARE_OF_UNIT,
)
from risk.kernels.solving import solve_day
from risk.kernels.spread import NO_GAP, call, call_expired, forget_changes, next_cell
from risk.kernels.stretch import advance, call_ready, days_to_empty, days_to_ready, write_losses

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import FloatArray, Lanes, Outcome, Scratch

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
        _begin_afresh(network, scratch, stocked=False)
        _settle(network, lanes, scratch, lane)


@compiled
def _target(network_or_scratch: Network | Scratch, target: int) -> FloatArray:  # noqa: PLR0911
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
    if target == OTHERS_OF_LIST:
        return network_or_scratch.others_of_list
    if target == SHARE_OF_DELIVERY:
        return network_or_scratch.share_of_delivery
    if target == SPARE_OF_DELIVERY:
        return network_or_scratch.spare_of_delivery
    return network_or_scratch.others_of_delivery


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
    """Union of the defaults of every cell that the lane's stops can reach, in either mode."""
    order, count, used = network.build_order, 0, 0
    for row in range(lanes.stop_start[lane], lanes.stop_start[lane + 1]):
        target = lanes.stopped[row]
        for at in range(network.seed_start[target], network.seed_start[target + 1]):
            count = _reach(scratch, network.seed_cell[at], count)
    at = 0
    while at < count:
        cell = scratch.reach[at]
        used |= network.defaults_of_cell[cell]
        for row in range(order.dependent_start[cell], order.dependent_start[cell + 1]):
            count = _reach(scratch, order.dependent_cell[row], count)
        at += 1
    for at in range(count):
        scratch.reached[scratch.reach[at]] = False
    scratch.counter[COUNT_REACHED] = count
    return used


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
    _begin_afresh(network, scratch, stocked)
    scratch.counter[LINES_UNTIL] = 0
    _stop(network, order, lanes, scratch, lane)
    day, risen = 0, True
    while day < horizon:
        ready_day = float(day) if substitutes else NEVER_READY
        if substitutes and call_ready(network, order, scratch, ready_day):
            risen = True
        solve_day(network, order, scratch, ready_day, run, risen)
        if day == 0 and variant == 0:
            _find_worst_slot(network, order, scratch, outcome, lane, run)
        days = find_lines(network, order, scratch, day, ready_day, horizon, run)
        # After the lines: a cell that is whole today and falls from tomorrow waits for spare as well.
        if substitutes:
            days = days_to_ready(network, scratch, ready_day, days)
        days = days_to_empty(network, scratch, days, run)
        write_losses(network, scratch, outcome.loss[variant, lane], day, days)
        advance(network, order, scratch, days, run)
        day, risen = day + days, False
        call_expired(network, order, scratch, day)
    _end(lanes, scratch, lane)


@compiled
def _begin_afresh(network: Network, scratch: Scratch, stocked: bool) -> None:
    """Fill the stocks and bases that the lane can reach; of others nothing is ever missing."""
    for at in range(scratch.counter[COUNT_REACHED]):
        holding = scratch.reach[at] - len(network.end_weight)
        if 0 <= holding < len(network.is_capital):
            scratch.stock[holding] = network.cover_days[holding] if stocked else 0.0
            # Also for the next lane, which may read a base that it cannot reach.
            scratch.installed[holding] = 1.0


@compiled
def _end(lanes: Lanes, scratch: Scratch, lane: int) -> None:
    """Put the scratch back as the next simulation expects it."""
    cell = next_cell(scratch)
    while cell >= 0:
        cell = next_cell(scratch)
    forget_changes(scratch)
    for row in range(lanes.stop_start[lane], lanes.stop_start[lane + 1]):
        scratch.up[lanes.stopped[row]] = 1.0


@compiled
def _stop(network: Network, order: Order, lanes: Lanes, scratch: Scratch, lane: int) -> None:
    """Take what stops; who reads it is to be computed."""
    for row in range(lanes.stop_start[lane], lanes.stop_start[lane + 1]):
        target = lanes.stopped[row]
        scratch.up[target] = 0.0
        for at in range(network.seed_start[target], network.seed_start[target + 1]):
            call(order, scratch, network.seed_cell[at])


@without_counting
def _find_worst_slot(
    network: Network, order: Order, scratch: Scratch, outcome: Outcome, lane: int, run: bool
) -> None:
    """Keep the worst-served holding that some slot reads; of equal ones the one furthest upstream."""
    worst, worst_holding = 1.0 - NO_GAP, -1
    items = len(network.end_weight)
    for at in range(scratch.counter[COUNT_SHORT]):
        holding = scratch.short[at]
        if not network.feeds_slot[holding]:
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
