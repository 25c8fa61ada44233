"""Deliveries between home and abroad, and what home puts out (perspective.md, "One day, two regions").

In perspective home an item stands twice among the items of the network, once a region; sources that a
region buys from are its *deliveries*. Home's makers run as far as inputs and demand allow; spare of
either region runs where its own normal output falls short or the other region asks for more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.holdings import NO_BASE, passes, up_of_item

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch


@without_counting
def make(network: Network, scratch: Scratch, place: int, ready_day: float) -> tuple[float, float]:
    """Give what makers of an item in one region put out: ``(contracted units, open market)``.

    As shares of the world. Leaves behind which part of a running unit's normal output is made
    (`scratch.ratio`), and of its ready spare (`scratch.running`).
    """
    limit, whole = scratch.value[place], scratch.others_of_item[place]
    fixed, base, spares = 0.0, whole, 0.0
    for unit in range(network.unit_start[place], network.unit_start[place + 1]):
        cell, share = network.cell_of_unit[unit], scratch.share_of_unit[unit]
        runs = scratch.value[cell] if cell >= 0 else scratch.up[unit]
        whole += share
        if cell >= 0:
            fixed += share * runs
        else:
            base += share * runs
        if ready_day >= network.ready_of_unit[unit]:
            spares += scratch.spare_of_unit[unit] * runs
    need = max(0.0, whole - fixed)
    normal = min(base, limit * need)
    # More than the region's own normal output is asked for only where the other region's makers fail;
    # 1 less what contracted units make: with all makers at home the rule is that of the world.
    extra = max(0.0, min(1.0 - fixed, base + spares) - need)
    more = min(spares, limit * need - normal + limit * extra)
    scratch.ratio[place] = min(1.0, limit * need / base) if base > NO_BASE else limit
    scratch.running[place] = more / spares if spares > NO_BASE else 0.0
    return fixed, normal + more


@inlined
def variants_reach(network: Network, scratch: Scratch, place: int) -> float:
    """V: what the variants of an item reach in one region; 1 without variants.

    Of an item without sources they are part of its input limit.
    """
    first, last = network.variant_start[place], network.variant_start[place + 1]
    if first == last or not network.has_sources[place]:
        return 1.0
    reach = 0.0
    for row in range(first, last):
        cell = len(network.end_weight) + network.variant_item[row]
        reach += network.variant_weight[row] * scratch.value[cell]
    return reach


@inlined
def delivered(network: Network, scratch: Scratch, place: int, ready_day: float) -> float:
    """Y of a region: what its sources at home and abroad deliver, by its own mix."""
    other = network.other_place[place]
    make(network, scratch, place, ready_day)
    make(network, scratch, other, ready_day)
    fixed = 0.0
    market = scratch.others_of_delivery[place] * scratch.ratio[network.abroad_place[place]]
    for row in range(network.delivery_start[place], network.delivery_start[place + 1]):
        unit = network.delivery_unit[row]
        cell, maker = network.cell_of_unit[unit], network.item_of_unit[unit]
        runs = scratch.value[cell] if cell >= 0 else scratch.up[unit]
        brought = runs * passes(network, scratch, row)
        if cell >= 0:
            fixed += scratch.share_of_delivery[row] * brought
        else:
            market += scratch.share_of_delivery[row] * brought * scratch.ratio[maker]
        if ready_day >= network.ready_of_unit[unit]:
            market += scratch.spare_of_delivery[row] * brought * scratch.running[maker]
    reach = variants_reach(network, scratch, place)
    total = fixed + min(market, reach * max(0.0, 1.0 - fixed))
    return min(1.0, total) * up_of_item(network, scratch, place)


@inlined
def home_output(network: Network, scratch: Scratch, number: int, ready_day: float) -> float:
    """O: what home makes of an end product, of what it normally makes."""
    place = network.home_end[number]
    up, reach = up_of_item(network, scratch, place), variants_reach(network, scratch, place)
    whole = 0.0
    for unit in range(network.unit_start[place], network.unit_start[place + 1]):
        whole += scratch.share_of_unit[unit]
    if whole <= NO_BASE:
        return min(scratch.value[place], reach) * up
    fixed, market = make(network, scratch, place, ready_day)
    total = fixed + min(market, reach * max(0.0, whole - fixed))
    return min(1.0, total / whole) * up
