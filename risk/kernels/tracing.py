"""One scenario day by day, compiled: what every plant loses, when it is back, and whose spare steps in.

The plain day loop of model.md section 4 over `risk.kernels.solving`. Scores of thousands of nodes take days
in stretches (`risk.kernels.availability`); a scenario is one simulation of which every day is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from risk.kernels.compiling import compiled, entered, without_counting
from risk.kernels.day import brings
from risk.kernels.holdings import up_of_item
from risk.kernels.solving import solve_day
from risk.kernels.spread import call, call_readers

if TYPE_CHECKING:
    from chains.arrays import BoolArray, Network
    from chains.solve_order import Order
    from risk.kernels.scratch import FloatArray, IntArray, Scratch

NOTICED = 0.01 + 1e-9
# Less than this of an item's demand is rounding, not a delivery.
SMALLEST_FLOW = 1e-9
NEVER_READY = -1.0


class Upsets(NamedTuple):
    """What is down and when, one row a target.

    Attributes
    ----------
    target
        What is down: a target of `chains.arrays.Network`.
    severity
        0 to 1.
    first_day, end_day
        Half-open range of days of the stop.
    recover_days
        Days of the climb after the end; 0: back at once.
    """

    target: IntArray
    severity: FloatArray
    first_day: IntArray
    end_day: IntArray
    recover_days: IntArray


class Trace(NamedTuple):
    """What one simulation leaves behind.

    Attributes
    ----------
    loss
        Day losses of end output, 0 to 1.
    unit_loss, unit_worst
        By unit: sum over the days of 1 − output, and the largest of a day.
    unit_first_day, unit_last_day
        First and last day above 1 %; -1: none.
    flow, flow_most
        By unit, then by entry of the buyers' lists: spare that flows, summed over the days and at its most;
        as a fraction of the item's demand, or of the buyer's need.
    flow_first_day, flow_most_day
        First day of that flow and first day of its most; -1: none.
    """

    loss: FloatArray
    unit_loss: FloatArray
    unit_worst: FloatArray
    unit_first_day: IntArray
    unit_last_day: IntArray
    flow: FloatArray
    flow_most: FloatArray
    flow_first_day: IntArray
    flow_most_day: IntArray


def make_trace(network: Network, *, horizon: int) -> Trace:
    """Empty results of one simulation of `horizon` days."""
    units = len(network.item_of_unit)
    sources = units + len(network.entry_unit)
    return Trace(
        loss=np.zeros(horizon),
        unit_loss=np.zeros(units),
        unit_worst=np.zeros(units),
        unit_first_day=np.full(units, -1, dtype=np.int64),
        unit_last_day=np.full(units, -1, dtype=np.int64),
        flow=np.zeros(sources),
        flow_most=np.zeros(sources),
        flow_first_day=np.full(sources, -1, dtype=np.int64),
        flow_most_day=np.full(sources, -1, dtype=np.int64),
    )


@entered
def trace_days(
    network: Network,
    upsets: Upsets,
    scratch: Scratch,
    trace: Trace,
    touched: IntArray,
    fresh: BoolArray,
    begin: int,
    run: bool,
) -> None:
    """Simulate day after day into `trace`.

    Stocks stand in `scratch` as they are on day 0. `touched` are the cells that can move. `fresh` says on
    which days a stop changes or spare becomes ready; only then can anything rise. `begin` is the first day
    of any stop; below 0 nothing substitutes.
    """
    order = network.run_order if run else network.build_order
    for day in range(len(trace.loss)):
        ready_day = float(day - begin) if begin >= 0 else NEVER_READY
        if fresh[day]:
            _apply(upsets, scratch, day)
            for cell in touched:
                call(order, scratch, cell)
        solve_day(network, order, scratch, ready_day, run, fresh[day])
        trace.loss[day] = _end_loss(network, scratch)
        _follow(network, scratch, trace, touched, day, ready_day)
        _wear(network, order, scratch, touched)


@compiled
def _apply(upsets: Upsets, scratch: Scratch, day: int) -> None:
    """Set availabilities to 1 − the largest severity active today."""
    scratch.up[:] = 1.0
    for row in range(len(upsets.target)):
        lost = upsets.severity[row]
        late = day - upsets.end_day[row]
        if day < upsets.first_day[row] or late >= max(0, upsets.recover_days[row]):
            continue
        if late >= 0:
            lost *= 1.0 - late / upsets.recover_days[row]
        target = upsets.target[row]
        scratch.up[target] = min(scratch.up[target], 1.0 - lost)


@without_counting
def _end_loss(network: Network, scratch: Scratch) -> float:
    loss = 0.0
    for at in range(len(network.end_cell)):
        loss += network.end_share[at] * (1.0 - scratch.value[network.end_cell[at]])
    return min(1.0, max(0.0, loss))


@compiled
def _wear(network: Network, order: Order, scratch: Scratch, touched: IntArray) -> None:
    """Move stocks and installed bases past today; who reads them is computed again."""
    for cell in touched:
        holding = cell - len(network.end_weight)
        if not 0 <= holding < len(network.is_capital):
            continue
        gap = 1.0 - scratch.value[cell]
        wear = network.attrition_per_day[holding] * gap
        if gap <= 0.0 or (wear == 0.0 and scratch.stock[holding] == 0.0):
            continue
        scratch.stock[holding] = max(0.0, scratch.stock[holding] - gap)
        scratch.installed[holding] = max(0.0, scratch.installed[holding] - wear)
        call_readers(network, order, scratch, holding)


@compiled
def _follow(
    network: Network, scratch: Scratch, trace: Trace, touched: IntArray, day: int, ready_day: float
) -> None:
    """Add today's losses of units and flows of spare."""
    items, lists = len(network.end_weight), len(network.item_of_list)
    for cell in touched:
        if items <= cell < 2 * items:
            _follow_units(network, scratch, trace, cell - items, day)
            _follow_market(network, scratch, trace, cell - items, day, ready_day)
        elif 2 * items <= cell < 2 * items + lists:
            _follow_list(network, scratch, trace, cell - 2 * items, day, ready_day)


@without_counting
def _follow_units(network: Network, scratch: Scratch, trace: Trace, item: int, day: int) -> None:
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        cell = network.cell_of_unit[unit]
        if cell >= 0:
            output = scratch.value[cell]
        else:
            output = scratch.up[unit] * scratch.ratio[item] * up_of_item(network, scratch, item)
        lost = 1.0 - output
        trace.unit_loss[unit] += lost
        trace.unit_worst[unit] = max(trace.unit_worst[unit], lost)
        if lost > NOTICED:
            trace.unit_last_day[unit] = day
            if trace.unit_first_day[unit] < 0:
                trace.unit_first_day[unit] = day


@without_counting
def _follow_market(
    network: Network, scratch: Scratch, trace: Trace, item: int, day: int, ready_day: float
) -> None:
    """Spare of the market of an item: what flows beyond the normal output of those that run."""
    if network.is_delivered[item]:
        _follow_makers(network, scratch, trace, item, day, ready_day)
        return
    fixed, base, spares = 0.0, scratch.others_of_item[item], 0.0
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        cell = network.cell_of_unit[unit]
        runs = scratch.value[cell] if cell >= 0 else scratch.up[unit]
        if cell >= 0:
            fixed += scratch.share_of_unit[unit] * runs
        else:
            base += scratch.share_of_unit[unit] * runs
        if ready_day >= network.ready_of_unit[unit]:
            spares += scratch.spare_of_unit[unit] * runs
    wanted = scratch.value[item] * (1.0 - fixed)
    extra = min(base + spares, wanted) - min(base, wanted)
    if spares <= 0.0 or extra <= SMALLEST_FLOW:
        return
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        if ready_day >= network.ready_of_unit[unit]:
            cell = network.cell_of_unit[unit]
            runs = scratch.value[cell] if cell >= 0 else scratch.up[unit]
            part = scratch.spare_of_unit[unit] * runs * extra / spares * up_of_item(network, scratch, item)
            _add_flow(trace, unit, part, day)


@without_counting
def _follow_makers(
    network: Network, scratch: Scratch, trace: Trace, place: int, day: int, ready_day: float
) -> None:
    """Follow the spare that makers of one region run, for either region."""
    for unit in range(network.unit_start[place], network.unit_start[place + 1]):
        if ready_day >= network.ready_of_unit[unit]:
            cell = network.cell_of_unit[unit]
            runs = scratch.value[cell] if cell >= 0 else scratch.up[unit]
            part = scratch.spare_of_unit[unit] * runs * scratch.running[place]
            _add_flow(trace, unit, part * up_of_item(network, scratch, place), day)


@without_counting
def _follow_list(
    network: Network, scratch: Scratch, trace: Trace, number: int, day: int, ready_day: float
) -> None:
    """Spare that one buyer's sources deliver beyond their contracted parts."""
    item = network.item_of_list[number]
    normal, spares = scratch.others_of_list[number] * up_of_item(network, scratch, item), 0.0
    for entry in range(network.entry_start[number], network.entry_start[number + 1]):
        gives = brings(network, scratch, entry, item)
        normal += scratch.share_of_entry[entry] * gives
        if ready_day >= network.ready_of_entry[entry]:
            spares += scratch.spare_of_entry[entry] * gives
    extra = min(1.0, normal + spares) - min(1.0, normal)
    if spares <= 0.0 or extra <= SMALLEST_FLOW:
        return
    for entry in range(network.entry_start[number], network.entry_start[number + 1]):
        if ready_day >= network.ready_of_entry[entry]:
            gives = brings(network, scratch, entry, item)
            part = scratch.spare_of_entry[entry] * gives * extra / spares
            _add_flow(trace, len(trace.unit_loss) + entry, part, day)


@without_counting
def _add_flow(trace: Trace, source: int, part: float, day: int) -> None:
    if part <= SMALLEST_FLOW:
        return
    trace.flow[source] += part
    if trace.flow_first_day[source] < 0:
        trace.flow_first_day[source] = day
    if part > trace.flow_most[source] + SMALLEST_FLOW:
        trace.flow_most[source] = part
        trace.flow_most_day[source] = day
