"""The network as arrays in canonical order: what every number is computed on.

A day of the model is a set of *cells* to be solved, each a number in [0, 1]:

====== ========================================== ==================
cell   what it holds                              index
====== ========================================== ==================
limit  input limit p of an item                   item
output availability Y of an item                  items + item
list   what one buyer's list delivers, d          2·items + list
unit   output y of a contracted unit              2·items + lists + k
home   what home puts out of an end product, O    after the units
====== ========================================== ==================

Output cells and list cells have a *holding* behind them, with the same numbering (items, then
lists): what their users hold of the item, stock of a consumable or installed base of capital.

Cells are solved level by level of their strongly connected components; only a component with a
loop is iterated. In mode run a user of a base does not wait for today's deliveries, so the two
modes have an order each.

In perspective home every item stands here twice, at home and abroad (`chains.home_parts`), and only then
are there home cells.

What can fail are *targets*: units, then items, then deliveries of sources to regions, then entries of
buyers' lists, each with an availability in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chains import flatten
from chains.collector import collector_paused
from chains.home_parts import HomeParts, Market
from chains.parts import ChainParts
from chains.solve_order import Order
from chains.tiers import base_item_id, is_narrowed

if TYPE_CHECKING:
    from collections.abc import Collection

    from chains.defaults import Defaults
    from chains.kept_lists import KeptLists
    from chains.model import ChainRecords
    from chains.sources import ItemSources

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Network(NamedTuple):
    """The arrays a kernel reads. `x_start` arrays are CSR offsets of length n + 1.

    Days are days, shares and weights fractions of one. Items, suppliers, units, lists and
    list entries are numbered in canonical order; units by (item, supplier).
    """

    # items
    end_weight: FloatArray
    has_sources: BoolArray
    others_of_item: FloatArray
    variant_start: IntArray
    variant_item: IntArray
    variant_weight: FloatArray
    # units
    unit_start: IntArray  # by item
    supplier_of_unit: IntArray
    item_of_unit: IntArray
    share_of_unit: FloatArray
    spare_of_unit: FloatArray
    ready_of_unit: FloatArray
    cell_of_unit: IntArray  # -1: buys on the open market
    contracted_unit: IntArray  # in the order of their cells
    # slots: rows of the items, then of the contracted units
    slot_start: IntArray
    slot_holding: IntArray
    slot_group: IntArray  # -1: not essential; members of a group stand together
    slot_weight: FloatArray
    feeds_slot: BoolArray  # by holding: whether it serves some slot that counts
    # buyers' lists
    item_of_list: IntArray
    others_of_list: FloatArray
    entry_start: IntArray
    entry_unit: IntArray
    share_of_entry: FloatArray
    spare_of_entry: FloatArray
    ready_of_entry: FloatArray
    above_of_entry: FloatArray  # place in the queue of the source: `chains.priorities`
    width_of_entry: FloatArray
    # holdings
    is_capital: BoolArray
    lives_on_base: BoolArray  # in mode run
    cover_days: FloatArray
    attrition_per_day: FloatArray
    reader_start: IntArray
    reader_cell: IntArray
    # cells
    run_order: Order
    build_order: Order
    defaults_of_cell: IntArray
    # by target: where it enters when its availability falls
    seed_start: IntArray
    seed_cell: IntArray
    # the cells whose fall is the loss
    end_cell: IntArray
    end_share: FloatArray
    # two regions; without them nothing is delivered and the arrays by delivery are empty
    is_delivered: BoolArray  # by item
    other_place: IntArray  # by item: the same item in the other region
    abroad_place: IntArray  # by item: the same item abroad
    delivery_start: IntArray  # by item: the sources of a region's users
    delivery_unit: IntArray
    share_of_delivery: FloatArray
    spare_of_delivery: FloatArray
    others_of_delivery: FloatArray  # by item
    home_end: IntArray  # end products at home, in the order of their cells
    home_output_cell: IntArray  # by item; -1: none


class Unsure(NamedTuple):
    """What is needed to move unsure shares to their low and high ends.

    `ratio` is NaN where a row gives its spare; else spare is ratio × share.
    """

    unit_unsure: BoolArray
    ratio_of_unit: FloatArray
    rest_of_item: FloatArray
    entry_unsure: BoolArray
    ratio_of_entry: FloatArray
    rest_of_list: FloatArray


@dataclass(frozen=True)
class ChainArrays:
    """A chain's network with the ids its numbers stand for.

    Attributes
    ----------
    item_ids, supplier_ids
        In canonical (sorted) order; after all items come, under the same ids again, the parts of their
        markets that the tier of some slot accepts (`chains.tiers`).
    units
        ``(supplier_id, item_id)`` in unit order; those of narrowed markets last.
    lists
        ``(buyer_id, item_id)`` in list order; a list narrowed by a tier has a place of its own.
    network
        What kernels read.
    unsure
        What the ends of unknown shares need.
    whole_items
        How many of `item_ids` are not narrowed by a tier; these stand first.
    markets
        In perspective home what the mixes rest on, one an item; else none.
    """

    item_ids: tuple[str, ...]
    supplier_ids: tuple[str, ...]
    units: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str], ...]
    network: Network
    unsure: Unsure
    whole_items: int
    markets: tuple[Market, ...] = ()

    def item_places(self) -> dict[str, tuple[int, ...]]:
        """Places of each item: its own, then those of its narrowed markets, which stop with it."""
        places: dict[str, tuple[int, ...]] = {}
        for number, item_id in enumerate(self.item_ids):
            places[item_id] = (*places.get(item_id, ()), number)
        return places

    def whole_units(self) -> int:
        """Give the number of units without those of narrowed markets, which stand last."""
        return int(self.network.unit_start[self.whole_items])

    def item_target(self, place: int) -> int:
        """Target of an item."""
        return len(self.units) + place

    def delivery_target(self, row: int) -> int:
        """Target of a delivery of a source to a region."""
        return len(self.units) + len(self.item_ids) + row

    def entry_target(self, entry: int) -> int:
        """Target of an entry of a buyer's list."""
        return len(self.units) + len(self.item_ids) + len(self.network.delivery_unit) + entry


def to_arrays(
    records: ChainRecords,
    defaults: Defaults,
    sources: dict[str, ItemSources] | None = None,
    *,
    home: Collection[str] = (),
    kept: KeptLists | None = None,
) -> ChainArrays:
    """Turn joined records into arrays.

    Parameters
    ----------
    records
        Facts of one chain, joined and restricted.
    defaults
        What blanks mean.
    sources
        Resolved sources where the caller has them already.
    home
        Countries, or provinces as ``CHN/江苏``, that are home in perspective home; none: the world is one
        region.
    kept
        Lists of an earlier state of the facts; those that stayed as they were are not decided again, the
        others take their place.

    Returns
    -------
    ChainArrays
        The same arrays for the same facts, whatever the order of rows and folders was.
    """
    with collector_paused():
        if home:
            parts: ChainParts = HomeParts(records, defaults, sources, home=home, kept=kept)
        else:
            parts = ChainParts(records, defaults, sources, kept=kept)
        return _flatten(parts)


def _flatten(parts: ChainParts) -> ChainArrays:
    rows = flatten.unit_arrays(parts) | flatten.slot_arrays(parts) | flatten.list_arrays(parts)
    rows |= flatten.holding_arrays(parts) | flatten.region_arrays(parts)
    network = Network(
        **flatten.item_arrays(parts),
        **flatten.variant_arrays(parts),
        **rows,
        **flatten.cell_arrays(parts, rows),
    )
    return ChainArrays(
        item_ids=tuple(base_item_id(item_id) for item_id in parts.item_ids),
        supplier_ids=tuple(parts.supplier_ids),
        units=tuple((unit.supplier_id, base_item_id(unit.item_id)) for unit in parts.units),
        lists=tuple((buyer, base_item_id(item_id)) for buyer, item_id in parts.list_keys),
        network=network,
        unsure=Unsure(**flatten.unsure_arrays(parts)),
        whole_items=sum(not is_narrowed(item_id) for item_id in parts.item_ids),
        markets=parts.markets,
    )
