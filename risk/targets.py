"""Which targets fail with a node: units, items, deliveries over a border (targets: see `chains.arrays`)."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chains.arrays import ChainArrays
    from chains.model import Region
    from risk.nodes import NodeMembers


class Targets:
    """Finds what fails with a node.

    Parameters
    ----------
    arrays
        A chain's arrays.
    """

    def __init__(self, arrays: ChainArrays) -> None:
        self._arrays = arrays
        self._places = arrays.item_places()
        self._units: dict[str, list[int]] = defaultdict(list)
        for number, (supplier_id, _) in enumerate(arrays.units):
            self._units[supplier_id].append(number)

    @cached_property
    def _into(self) -> dict[tuple[int, bool], list[int]]:
        """By unit and region: what crosses the border into the region."""
        arrays, network = self._arrays, self._arrays.network
        is_abroad = network.abroad_place == np.arange(len(arrays.item_ids))
        places = np.repeat(np.arange(len(arrays.item_ids)), np.diff(network.delivery_start))
        lists = np.repeat(np.arange(len(arrays.lists)), np.diff(network.entry_start))
        rows = zip(network.delivery_unit.tolist(), is_abroad[places].tolist(), strict=True)
        entries = zip(
            network.entry_unit.tolist(), is_abroad[network.item_of_list[lists]].tolist(), strict=True
        )
        into: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for row, key in enumerate(rows):
            into[key].append(arrays.delivery_target(row))
        for entry, key in enumerate(entries):
            into[key].append(arrays.entry_target(entry))
        return into

    def units(self, supplier_ids: Iterable[str], items: Collection[str] = ()) -> list[int]:
        """List units of suppliers, in order; with `items` only those that make one of them."""
        found = [unit for supplier_id in supplier_ids for unit in self._units.get(supplier_id, ())]
        return [unit for unit in found if not items or self._arrays.units[unit][1] in items]

    def units_of(self, one: NodeMembers) -> list[int]:
        """List the units that stop with a node; none for an item."""
        return self.units(one.supplier_ids, () if one.only_item is None else (one.only_item,))

    def items(self, item_id: str) -> list[int]:
        """List the targets of an item, in every region."""
        return [self._arrays.item_target(place) for place in self._places[item_id]]

    def stopped(self, one: NodeMembers) -> tuple[int, ...]:
        """Targets that fail when a node stops."""
        return tuple(self.items(one.item_id) if one.item_id is not None else self.units_of(one))

    def cut(self, units: Iterable[int], region: Region) -> tuple[int, ...]:
        """Targets that fail when deliveries of units no longer arrive in a region."""
        abroad = region == "abroad"
        return tuple(target for unit in units for target in self._into.get((unit, abroad), ()))
