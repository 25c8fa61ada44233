"""The rules of one day of the chain model, a cell at a time (model.md section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined
from risk.kernels.holdings import NO_BASE, held, passes_entry, up_of_item
from risk.kernels.regions import delivered, home_output, variants_reach

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch


@inlined
def slot_limit(network: Network, scratch: Scratch, row: int, run: bool) -> float:
    """Input limit of one row of slots: of an item at the market, or of a contracted unit."""
    limit, best, missing, group = 1.0, 1.0, 0.0, -1
    for slot in range(network.slot_start[row], network.slot_start[row + 1]):
        got = held(network, scratch, network.slot_holding[slot], run)
        if network.slot_group[slot] < 0:
            missing += network.slot_weight[slot] * (1.0 - got)
        elif network.slot_group[slot] == group:
            best = max(best, got)
        else:
            limit, best, group = min(limit, best), got, network.slot_group[slot]
    return max(0.0, min(limit, best, 1.0 - missing))


@inlined
def item_limit(network: Network, scratch: Scratch, item: int, run: bool) -> float:
    """p: input limit of an item at the market, and of its variants."""
    limit = slot_limit(network, scratch, item, run)
    if network.is_delivered[item]:
        return limit
    first, last = network.variant_start[item], network.variant_start[item + 1]
    if first == last:
        return limit
    variants = 0.0
    for row in range(first, last):
        variant = network.variant_item[row]
        if network.has_sources[item]:
            got = scratch.value[len(network.end_weight) + variant]
        else:
            got = held(network, scratch, variant, run)
        variants += network.variant_weight[row] * got
    return min(limit, variants)


@inlined
def item_output(network: Network, scratch: Scratch, item: int, ready_day: float) -> float:
    """Y: contracted units first, then the open market up to its base, spare and inputs.

    `ready_day` is the number of days since the first shock; below 0 nothing substitutes.
    """
    limit = scratch.value[item]
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
    rest = max(0.0, min(base + spares, limit * (1.0 - fixed)))
    scratch.ratio[item] = min(1.0, rest / base) if base > NO_BASE else limit
    return min(1.0, fixed + rest) * up_of_item(network, scratch, item)


@inlined
def rationed(network: Network, entry: int, gives: float) -> float:
    """Give what a source that delivers the fraction `gives` delivers to one entry, by its priority."""
    width = network.width_of_entry[entry]
    if width >= 1.0 or width <= 0.0:
        return gives
    return min(1.0, max(0.0, (gives - network.above_of_entry[entry]) / width))


@inlined
def brings(network: Network, scratch: Scratch, entry: int, item: int) -> float:
    """g: the part of its deliveries that the source of an entry of a list can make; `item` is the list's."""
    unit = network.entry_unit[entry]
    cell = network.cell_of_unit[unit]
    if cell >= 0:
        gives = scratch.value[cell]
    else:
        place = network.item_of_unit[unit]
        limit = scratch.value[place]
        if network.is_delivered[item]:
            limit = min(limit, variants_reach(network, scratch, item))
        gives = scratch.up[unit] * limit * up_of_item(network, scratch, place)
    return rationed(network, entry, gives) * passes_entry(network, scratch, entry)


@inlined
def list_delivery(network: Network, scratch: Scratch, number: int, ready_day: float) -> float:
    """d: what the sources of one buyer's list deliver, before the buyer's own stock."""
    item = network.item_of_list[number]
    total = scratch.others_of_list[number] * up_of_item(network, scratch, item)
    for entry in range(network.entry_start[number], network.entry_start[number + 1]):
        part = scratch.share_of_entry[entry]
        if ready_day >= network.ready_of_entry[entry]:
            part += scratch.spare_of_entry[entry]
        total += part * brings(network, scratch, entry, item)
    return min(1.0, total)


@inlined
def unit_output(network: Network, scratch: Scratch, number: int, run: bool) -> float:
    """Output y of a contracted unit, `number` in the order of contracted units."""
    unit = network.contracted_unit[number]
    limit = slot_limit(network, scratch, len(network.end_weight) + number, run)
    return min(scratch.up[unit], limit) * up_of_item(network, scratch, network.item_of_unit[unit])


@inlined
def evaluate(network: Network, scratch: Scratch, cell: int, ready_day: float, run: bool) -> float:
    """Compute the new value of one cell from the present values of the others."""
    items, lists = len(network.end_weight), len(network.item_of_list)
    if cell < items:
        return item_limit(network, scratch, cell, run)
    if cell < 2 * items:
        if network.is_delivered[cell - items]:
            return delivered(network, scratch, cell - items, ready_day)
        return item_output(network, scratch, cell - items, ready_day)
    if cell < 2 * items + lists:
        return list_delivery(network, scratch, cell - 2 * items, ready_day)
    number = cell - 2 * items - lists
    if number < len(network.contracted_unit):
        return unit_output(network, scratch, number, run)
    return home_output(network, scratch, number - len(network.contracted_unit), ready_day)
