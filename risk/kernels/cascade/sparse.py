"""The first sweeps of one scenario: only firms that lost something pass it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.cascade.compiling import compiled
from risk.kernels.cascade.layout import TINY_MARKET

if TYPE_CHECKING:
    from risk.kernels.cascade.layout import Limits, Memory, Plan, Tasks

SMALL_MARKET = 1e-3


@compiled
def start_scenario(plan: Plan, memory: Memory, tasks: Tasks, limits: Limits, scenario: int) -> int:
    """Run a scenario until it stops or touches many links.

    Returns the number of sweeps; `tasks` holds the results when it stopped.
    """
    memory.counts[0] = memory.counts[1] = memory.counts[2] = 0
    for row in range(tasks.shock_start[scenario], tasks.shock_start[scenario + 1]):
        firm, share = tasks.firm_of_shock[row], tasks.share_of_shock[row]
        if share > 0.0:
            _lower_down(plan, memory, firm, 1.0 - share)
            _lower_up(plan, memory, firm, 1.0 - share)
    sweeps = 0
    while memory.counts[2] <= limits.dense_from:
        slots = _push_down(plan, memory, limits.replaceability)
        suppliers = _push_up(plan, memory)
        drop = max(_settle_down(plan, memory, slots), _settle_up(plan, memory, suppliers))
        sweeps += 1
        if drop <= limits.eps or sweeps == limits.most_sweeps:
            _add_losses(plan, memory, tasks, scenario)
            tasks.sweeps[scenario] = sweeps
            break
    return sweeps


@compiled
def forget_scenario(memory: Memory) -> None:
    """Put the memory of the sparse start back as the next scenario expects it."""
    for at in range(memory.counts[0]):
        memory.down_one[memory.hit_down[at]] = 1.0
    for at in range(memory.counts[1]):
        memory.up_one[memory.hit_up[at]] = 1.0


@compiled
def measure_markets(plan: Plan, memory: Memory) -> None:
    """Write the remaining sales of every market that lost something to `left`."""
    memory.counts[3] += 1
    now = memory.counts[3]
    for at in range(memory.counts[0]):
        firm = memory.hit_down[at]
        market = plan.market_of_firm[firm]
        if memory.stamp[market] != now:
            memory.stamp[market] = now
            memory.left[market] = plan.size_of_market[market]
        memory.left[market] -= plan.sales[firm] * (1.0 - memory.down_one[firm])
    for at in range(memory.counts[0]):
        market = plan.market_of_firm[memory.hit_down[at]]
        # A small difference of two large sums is not exact enough; such markets are added up.
        if memory.stamp[market] == now and memory.left[market] < SMALL_MARKET * plan.size_of_market[market]:
            memory.stamp[market] = -now
            left = 0.0
            for row in range(plan.market_start[market], plan.market_start[market + 1]):
                firm = plan.firm_of_market[row]
                left += plan.sales[firm] * memory.down_one[firm]
            memory.left[market] = left


@compiled
def missing_of(plan: Plan, memory: Memory, firm: int, replaceability: bool) -> float:
    """Tell what a firm fails to deliver; the markets have been measured."""
    gap = 1.0 - memory.down_one[firm]
    if replaceability:
        market = plan.market_of_firm[firm]
        left = memory.left[market]
        if left > TINY_MARKET * plan.size_of_market[market] and plan.sales[firm] < left:
            return gap * (plan.sales[firm] / left)
    return gap


@compiled
def _lower_down(plan: Plan, memory: Memory, firm: int, new: float) -> float:
    old = memory.down_one[firm]
    if new >= old:
        return 0.0
    if old == 1.0:
        memory.hit_down[memory.counts[0]] = firm
        memory.counts[0] += 1
        memory.counts[2] += plan.push_start[firm + 1] - plan.push_start[firm]
    memory.down_one[firm] = new
    return old - new


@compiled
def _lower_up(plan: Plan, memory: Memory, firm: int, new: float) -> float:
    old = memory.up_one[firm]
    if new >= old:
        return 0.0
    if old == 1.0:
        memory.hit_up[memory.counts[1]] = firm
        memory.counts[1] += 1
        memory.counts[2] += plan.back_start[firm + 1] - plan.back_start[firm]
    memory.up_one[firm] = new
    return old - new


@compiled
def _push_down(plan: Plan, memory: Memory, replaceability: bool) -> int:
    """Add what firms fail to deliver to the sums of their buyers; returns how many sums are touched."""
    if replaceability:
        measure_markets(plan, memory)
    touched = 0
    for at in range(memory.counts[0]):
        firm = memory.hit_down[at]
        missing = missing_of(plan, memory, firm, replaceability)
        for link in range(plan.push_start[firm], plan.push_start[firm + 1]):
            slot = plan.push_slot[link]
            # Always written and counted when new: a branch here would be guessed wrong half the time.
            memory.slots[touched] = slot
            touched += memory.slot_sum[slot] == 0.0
            memory.slot_sum[slot] += plan.push_share[link] * missing
    return touched


@compiled
def _push_up(plan: Plan, memory: Memory) -> int:
    """Add what firms fail to buy to the sums of their suppliers; returns how many are touched."""
    touched = 0
    for at in range(memory.counts[1]):
        firm = memory.hit_up[at]
        absent = 1.0 - memory.up_one[firm]
        for link in range(plan.back_start[firm], plan.back_start[firm + 1]):
            supplier = plan.back_supplier[link]
            memory.suppliers[touched] = supplier
            touched += memory.customers[supplier] == 0.0
            memory.customers[supplier] += plan.back_share[link] * absent
    return touched


@compiled
def _settle_down(plan: Plan, memory: Memory, slots: int) -> float:
    """Lower every buyer by its worst sum; returns the largest drop."""
    buyers = 0
    for at in range(slots):
        slot = memory.slots[at]
        buyer, lost = plan.buyer_of_slot[slot], memory.slot_sum[slot]
        memory.slot_sum[slot] = 0.0
        memory.buyers[buyers] = buyer
        buyers += memory.worst[buyer] == 0.0
        memory.worst[buyer] = max(memory.worst[buyer], lost)
    drop = 0.0
    for at in range(buyers):
        buyer = memory.buyers[at]
        drop = max(drop, _lower_down(plan, memory, buyer, max(0.0, 1.0 - memory.worst[buyer])))
        memory.worst[buyer] = 0.0
    return drop


@compiled
def _settle_up(plan: Plan, memory: Memory, suppliers: int) -> float:
    """Lower every supplier by its sum; returns the largest drop."""
    drop = 0.0
    for at in range(suppliers):
        supplier = memory.suppliers[at]
        drop = max(drop, _lower_up(plan, memory, supplier, max(0.0, 1.0 - memory.customers[supplier])))
        memory.customers[supplier] = 0.0
    return drop


@compiled
def _add_losses(plan: Plan, memory: Memory, tasks: Tasks, scenario: int) -> None:
    both, down, up = 0.0, 0.0, 0.0
    for at in range(memory.counts[0]):
        firm = memory.hit_down[at]
        down += plan.weight[firm] * (1.0 - memory.down_one[firm])
        both += plan.weight[firm] * (1.0 - min(memory.down_one[firm], memory.up_one[firm]))
    for at in range(memory.counts[1]):
        firm = memory.hit_up[at]
        up += plan.weight[firm] * (1.0 - memory.up_one[firm])
        if memory.down_one[firm] == 1.0:
            both += plan.weight[firm] * (1.0 - memory.up_one[firm])
    tasks.losses[scenario, 0], tasks.losses[scenario, 1], tasks.losses[scenario, 2] = both, down, up
