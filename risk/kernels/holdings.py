"""What users hold of an item, and what is up: read by every cell of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch

# A base below this is rounding of shares that sum to 1, not a source.
NO_BASE = 1e-15


@inlined
def held(network: Network, scratch: Scratch, holding: int, run: bool) -> float:
    """Give what users of a holding get today, 0 to 1: deliveries and stock, or the installed base."""
    value = scratch.value[len(network.end_weight) + holding]
    if network.is_capital[holding]:
        return scratch.installed[holding] if run and network.lives_on_base[holding] else value
    return min(1.0, value + scratch.stock[holding])


@inlined
def up_of_item(network: Network, scratch: Scratch, item: int) -> float:
    """a_i: availability of an item; that of a unit is ``scratch.up[unit]``."""
    return scratch.up[len(network.item_of_unit) + item]


@inlined
def passes(network: Network, scratch: Scratch, row: int) -> float:
    """e: what a border lets through of one delivery to a region, 0 to 1."""
    return scratch.up[len(network.item_of_unit) + len(network.end_weight) + row]


@inlined
def passes_entry(network: Network, scratch: Scratch, entry: int) -> float:
    """e: what a border lets through of one entry of a buyer's list, 0 to 1."""
    units, items = len(network.item_of_unit), len(network.end_weight)
    return scratch.up[units + items + len(network.delivery_unit) + entry]
