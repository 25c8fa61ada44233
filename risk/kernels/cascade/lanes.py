"""Many scenarios on one thread: a sparse start each, then eight at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.cascade.compiling import compiled
from risk.kernels.cascade.dense import add_losses, clear_lanes, renew, sweep_down, sweep_up
from risk.kernels.cascade.layout import FREE
from risk.kernels.cascade.sparse import forget_scenario, measure_markets, missing_of, start_scenario
from risk.kernels.cascade.vectors import LANES

if TYPE_CHECKING:
    from risk.kernels.cascade.layout import Limits, Memory, Plan, Tasks


@compiled
def run_scenarios(
    plan: Plan, memory: Memory, tasks: Tasks, limits: Limits, first: int, last: int, finish: bool
) -> None:
    """Run scenarios `first` to `last` − 1.

    Returns when a lane is free and no scenario is left, so that the next ones can be given; with
    `finish` it returns when all lanes are free.
    """
    waiting = first
    while True:
        held = 0
        for lane in range(LANES):
            while memory.scenario[lane] == FREE and waiting < last:
                _take(plan, memory, tasks, limits, waiting, lane)
                waiting += 1
            if memory.scenario[lane] != FREE:
                held += 1
        if held == 0 or (held < LANES and not finish):
            return
        for lane in range(LANES):
            memory.drop[lane] = 0.0
        sweep_down(plan, memory)
        sweep_up(plan, memory)
        _end_sweep(plan, memory, tasks, limits)
        renew(plan, memory, limits.replaceability)


@compiled
def _take(plan: Plan, memory: Memory, tasks: Tasks, limits: Limits, scenario: int, lane: int) -> None:
    """Start a scenario; one that touches many links goes on in a lane."""
    sweeps = start_scenario(plan, memory, tasks, limits, scenario)
    if tasks.sweeps[scenario] == 0:
        memory.scenario[lane], memory.sweeps[lane] = scenario, sweeps
        if limits.replaceability:
            measure_markets(plan, memory)
        for at in range(memory.counts[0]):
            firm = memory.hit_down[at]
            memory.down[firm * LANES + lane] = memory.down_one[firm]
            memory.missing[firm * LANES + lane] = missing_of(plan, memory, firm, limits.replaceability)
        for at in range(memory.counts[1]):
            firm = memory.hit_up[at]
            memory.up[firm * LANES + lane] = memory.up_one[firm]
            memory.absent[firm * LANES + lane] = 1.0 - memory.up_one[firm]
    forget_scenario(memory)


@compiled
def _end_sweep(plan: Plan, memory: Memory, tasks: Tasks, limits: Limits) -> None:
    """Write the results of scenarios that stop now and clear their lanes."""
    ended = 0
    for lane in range(LANES):
        memory.keep[lane] = 1.0
        if memory.scenario[lane] != FREE:
            memory.sweeps[lane] += 1
            if memory.drop[lane] <= limits.eps or memory.sweeps[lane] == limits.most_sweeps:
                memory.keep[lane] = 0.0
                ended += 1
    if ended == 0:
        return
    add_losses(plan, memory)
    clear_lanes(plan, memory)
    for lane in range(LANES):
        if memory.keep[lane] == 0.0:
            scenario = memory.scenario[lane]
            for column in range(3):
                tasks.losses[scenario, column] = memory.sums[column * LANES + lane]
            tasks.sweeps[scenario] = memory.sweeps[lane]
            memory.scenario[lane] = FREE
