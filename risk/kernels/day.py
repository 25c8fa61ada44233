"""One day of the chain model: the greatest fixed point over the touched cells (model.md section 4).

All functions here are compiled. The operator is monotone, so the solution does not depend on
the order in which cells are taken; topological order makes it one pass where there is no loop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import without_counting

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch

TOLERANCE = 1e-12
# A base below this is rounding of shares that sum to 1, not a source.
NO_BASE = 1e-15


@without_counting
def market(network: Network, scratch: Scratch, item: int, run: bool) -> float:
    """Give what users of an item get from the market today, 0 to 1."""
    output = scratch.value[len(network.end_weight) + item]
    if network.is_capital[item]:
        return scratch.installed[item] if run and network.has_sources[item] else output
    return min(1.0, output + scratch.stock[item])


@without_counting
def from_list(network: Network, scratch: Scratch, number: int, run: bool) -> float:
    """Give what a buyer gets through one list today, 0 to 1."""
    delivered = scratch.value[2 * len(network.end_weight) + number]
    if network.is_capital[network.item_of_list[number]]:
        return scratch.installed_of_list[number] if run else delivered
    return min(1.0, delivered + scratch.stock_of_list[number])


@without_counting
def slot_limit(network: Network, scratch: Scratch, row: int, run: bool) -> float:
    """Input limit of one row of slots: of an item at the market, or of a contracted unit."""
    limit, best, missing, group = 1.0, 1.0, 0.0, -1
    for slot in range(network.slot_start[row], network.slot_start[row + 1]):
        number = network.slot_list[slot]
        if number < 0:
            got = market(network, scratch, network.slot_input[slot], run)
        else:
            got = from_list(network, scratch, number, run)
        if network.slot_group[slot] < 0:
            missing += network.slot_weight[slot] * (1.0 - got)
        elif network.slot_group[slot] == group:
            best = max(best, got)
        else:
            limit, best, group = min(limit, best), got, network.slot_group[slot]
    return max(0.0, min(limit, best, 1.0 - missing))


@without_counting
def item_limit(network: Network, scratch: Scratch, item: int, run: bool) -> float:
    """p: input limit of an item at the market, and of its variants."""
    limit = slot_limit(network, scratch, item, run)
    first, last = network.variant_start[item], network.variant_start[item + 1]
    if first == last:
        return limit
    variants = 0.0
    for row in range(first, last):
        variant = network.variant_item[row]
        if network.has_sources[item]:
            got = scratch.value[len(network.end_weight) + variant]
        else:
            got = market(network, scratch, variant, run)
        variants += network.variant_weight[row] * got
    return min(limit, variants)


@without_counting
def item_output(network: Network, scratch: Scratch, item: int, ready_day: float) -> float:
    """Y: contracted units first, then the open market up to its base, spare and inputs.

    `ready_day` is the number of days since the first shock; below 0 nothing substitutes.
    """
    limit = scratch.value[item]
    fixed, base, spares = 0.0, scratch.others_of_item[item], 0.0
    for unit in range(network.unit_start[item], network.unit_start[item + 1]):
        cell = network.cell_of_unit[unit]
        runs = scratch.value[cell] if cell >= 0 else scratch.up_supplier[network.supplier_of_unit[unit]]
        if cell >= 0:
            fixed += scratch.share_of_unit[unit] * runs
        else:
            base += scratch.share_of_unit[unit] * runs
        if ready_day >= network.ready_of_unit[unit]:
            spares += scratch.spare_of_unit[unit] * runs
    rest = max(0.0, min(base + spares, limit * (1.0 - fixed)))
    scratch.ratio[item] = min(1.0, rest / base) if base > NO_BASE else limit
    return min(1.0, fixed + rest) * scratch.up_item[item]


@without_counting
def list_delivery(network: Network, scratch: Scratch, number: int, ready_day: float) -> float:
    """d: what the sources of one buyer's list deliver, before the buyer's own stock."""
    item = network.item_of_list[number]
    total = scratch.others_of_list[number] * scratch.up_item[item]
    for entry in range(network.entry_start[number], network.entry_start[number + 1]):
        unit = network.entry_unit[entry]
        cell = network.cell_of_unit[unit]
        if cell >= 0:
            gives = scratch.value[cell]
        else:
            up = scratch.up_supplier[network.supplier_of_unit[unit]]
            gives = up * scratch.value[item] * scratch.up_item[item]
        part = scratch.share_of_entry[entry]
        if ready_day >= network.ready_of_entry[entry]:
            part += scratch.spare_of_entry[entry]
        total += part * gives
    return min(1.0, total)


@without_counting
def unit_output(network: Network, scratch: Scratch, number: int, run: bool) -> float:
    """Output y of a contracted unit, `number` in the order of contracted units."""
    unit = network.contracted_unit[number]
    limit = slot_limit(network, scratch, len(network.end_weight) + number, run)
    up = scratch.up_supplier[network.supplier_of_unit[unit]]
    return min(up, limit) * scratch.up_item[network.item_of_unit[unit]]


@without_counting
def evaluate(network: Network, scratch: Scratch, cell: int, ready_day: float, run: bool) -> float:
    """Compute the new value of one cell from the present values of the others."""
    items, lists = len(network.end_weight), len(network.item_of_list)
    if cell < items:
        return item_limit(network, scratch, cell, run)
    if cell < 2 * items:
        return item_output(network, scratch, cell - items, ready_day)
    if cell < 2 * items + lists:
        return list_delivery(network, scratch, cell - 2 * items, ready_day)
    return unit_output(network, scratch, cell - 2 * items - lists, run)


@without_counting
def solve_day(network: Network, scratch: Scratch, touched: int, ready_day: float, run: bool) -> None:
    """Bring the touched cells down to the greatest fixed point, from values at or above it."""
    at = 0
    while at < touched:
        component = network.component_of_position[scratch.positions[at]]
        first, last = network.component_start[component], network.component_start[component + 1]
        if last - first == 1:
            cell = network.cell_order[first]
            scratch.value[cell] = evaluate(network, scratch, cell, ready_day, run)
        else:
            _solve_loop(network, scratch, first, last, ready_day, run)
        at += last - first


@without_counting
def _solve_loop(
    network: Network, scratch: Scratch, first: int, last: int, ready_day: float, run: bool
) -> None:
    moved = 1.0
    while moved > TOLERANCE:
        moved = 0.0
        for position in range(first, last):
            cell = network.cell_order[position]
            value = evaluate(network, scratch, cell, ready_day, run)
            moved = max(moved, abs(value - scratch.value[cell]))
            scratch.value[cell] = value
