"""The parts of a chain as home and abroad see them: every item twice, and who delivers to whom.

An item of the chain becomes two items here, named by `chains.tiers.place_id`: what its users at home get
of it and what its users abroad get. A supplier makes the item of its own region and delivers to both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from chains.defaults import DefaultUsed
from chains.mixes import Mix, domestic_shares, find_home_uses, home_first, is_home, left_for_abroad
from chains.model import Region
from chains.parts import ChainParts, Delivery
from chains.tiers import base_item_id, is_narrowed, place_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from chains.defaults import Defaults
    from chains.kept_lists import KeptLists
    from chains.mixes import HomeUse
    from chains.model import ChainRecords, Link, Supply
    from chains.parts import Slot, Unit
    from chains.shares import FilledShares
    from chains.sources import ItemSources

REGIONS = (Region.HOME, Region.ABROAD)


@dataclass(frozen=True, slots=True)
class Market:
    """Who supplies one item to home and abroad, and what the mixes rest on.

    Attributes
    ----------
    item_id
        Which item.
    units
        Numbers of its units.
    at_home
        Whether each is at home.
    shares, others
        Of the world market; others count as abroad.
    unsure, rest
        Which shares the data leave open, and what these could have together.
    spares, ratios
        Spare of each unit, and spare as a multiple of its share where it is a default, else None.
    home_use
        h.
    domestic
        Shares of home use, where rows give them.
    first_rows
        Number of the first delivery to home and to abroad; they follow in the order of the units.
    places
        Number of the item at home and abroad.
    """

    item_id: str
    units: tuple[int, ...]
    at_home: tuple[bool, ...]
    shares: tuple[float, ...]
    others: float
    unsure: tuple[bool, ...]
    rest: float
    spares: tuple[float, ...]
    ratios: tuple[float | None, ...]
    home_use: HomeUse
    domestic: FilledShares | None
    first_rows: tuple[int, int]
    places: tuple[int, int]

    def mixes(
        self, shares: Sequence[float], others: float, domestic: tuple[Sequence[float], float] | None = None
    ) -> tuple[Mix, Mix]:
        """Mixes of home and abroad for these shares of the world market, and of home use where known."""
        h = self.home_use.share
        if self.domestic is not None:
            parts, rest = domestic or (self.domestic.shares, self.domestic.others)
            home = Mix(tuple(parts), rest)
        else:
            home = home_first(shares, self.at_home, others=others, home_use=h)
        return home, left_for_abroad(shares, home, others=others, home_use=h)


class HomeParts(ChainParts):
    """Slots, units and lists of one chain in two regions.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.
    sources
        Resolved sources, computed when not given.
    home
        Countries, or provinces as ``CHN/江苏``, that are home.
    kept
        As `ChainParts`.
    """

    def __init__(
        self,
        records: ChainRecords,
        defaults: Defaults,
        sources: dict[str, ItemSources] | None = None,
        *,
        home: Collection[str],
        kept: KeptLists | None = None,
    ) -> None:
        super().__init__(records, defaults, sources, kept=kept)
        self._region = {
            supplier.supplier_id: Region.HOME if is_home(supplier, home) else Region.ABROAD
            for supplier in records.suppliers
        }
        whole_sources = dict(self.sources)
        base_ids = {item_id: whole_sources[item_id] for item_id in self.item_ids if not is_narrowed(item_id)}
        self._uses = find_home_uses(records, base_ids, home=home, default=defaults.home_use)
        self._kinds = super().variants()
        self._split_items()
        self._split_needs()
        self._split_units()
        self._deliver(whole_sources)

    def _split_items(self) -> None:
        old = self.item_ids
        whole = [item_id for item_id in old if not is_narrowed(item_id)]
        narrowed = [item_id for item_id in old if is_narrowed(item_id)]
        self._pairs = [
            (item_id, region) for part in (whole, narrowed) for item_id in part for region in REGIONS
        ]
        self.item_ids = [place_id(*pair) for pair in self._pairs]
        self.item_index = {item_id: number for number, item_id in enumerate(self.item_ids)}
        slots = self.slots
        self.slots = {
            place_id(item_id, region): [self._at(slot, region) for slot in slots[item_id]]
            for item_id, region in self._pairs
        }
        items, sourced, sources = self.items, self.sourced, self.sources
        self.items = {
            place_id(*pair): replace(items[pair[0]], item_id=place_id(*pair)) for pair in self._pairs
        }
        self.sourced = {place_id(*pair) for pair in self._pairs if pair[0] in sourced}
        self.sources = {place_id(*pair): sources[pair[0]] for pair in self._pairs}
        count = len(self._pairs)
        self.other_places = [number + 1 - 2 * (number % 2) for number in range(count)]
        self.abroad_places = [number - number % 2 + 1 for number in range(count)]
        self.home_ends = [place_id(item_id, Region.HOME) for item_id, _ in self.records.end_weights]

    def _at(self, slot: Slot, region: Region) -> Slot:
        return replace(slot, input_item_id=place_id(self.market_of(slot), region), tier=None)

    def _split_needs(self) -> None:
        self.needs = {
            (supplier_id, self.made_as(supplier_id, item_id)): [
                (self._at(slot, self._region[supplier_id]), key) for slot, key in served
            ]
            for (supplier_id, item_id), served in self.needs.items()
        }

    def _split_units(self) -> None:
        units = [replace(unit, item_id=self.made_as(unit.supplier_id, unit.item_id)) for unit in self.units]
        self.units = sorted(units, key=lambda unit: (self.item_index[unit.item_id], unit.supplier_id))
        self.unit_index = {(unit.supplier_id, unit.item_id): index for index, unit in enumerate(self.units)}
        self.contracted = [key for key in self.unit_index if key in self.needs]

    def _deliver(self, sources: dict[str, ItemSources]) -> None:
        units: dict[str, list[int]] = defaultdict(list)
        for number, unit in enumerate(self.units):
            units[unit.item_id].append(number)
        rows: dict[str, list[Supply]] = defaultdict(list)
        for supply in self.records.supplies:
            rows[supply.item_id].append(supply)
        by_item = [
            sorted(
                units[place_id(item_id, Region.HOME)] + units[place_id(item_id, Region.ABROAD)],
                key=lambda number: self.units[number].supplier_id,
            )
            if place_id(item_id, Region.HOME) in self.sourced
            else []
            for item_id, _ in self._pairs[::2]
        ]
        ends = list(accumulate(len(numbers) for numbers in by_item for _ in REGIONS))
        self.deliveries, self.others_of_deliveries, markets = [], [], []
        for number, found in enumerate(by_item):
            item_id = self._pairs[2 * number][0]
            source = sources[item_id]
            if not found:
                self.deliveries += [[], []]
                self.others_of_deliveries += [0.0, 0.0]
                continue
            first = (ends[2 * number] - len(found), ends[2 * number])
            market = self._market_of(
                item_id, found, source, rows[item_id], first, (2 * number, 2 * number + 1)
            )
            markets.append(market)
            for mix in market.mixes(market.shares, market.others):
                self.deliveries.append(deliveries(market, market.shares, market.spares, mix))
                self.others_of_deliveries.append(mix.others)
            home = place_id(item_id, Region.HOME)
            self.sources[home] = replace(source, filled=replace(source.filled, others=0.0))
        self.markets = tuple(markets)

    def _market_of(
        self,
        item_id: str,
        numbers: Sequence[int],
        source: ItemSources,
        rows: Sequence[Supply],
        first_rows: tuple[int, int],
        places: tuple[int, int],
    ) -> Market:
        units = [self.units[number] for number in numbers]
        return Market(
            item_id=item_id,
            units=tuple(numbers),
            at_home=tuple(self._region[unit.supplier_id] is Region.HOME for unit in units),
            shares=tuple(unit.share for unit in units),
            others=source.filled.others,
            unsure=tuple(unit.unsure for unit in units),
            rest=source.filled.rest,
            spares=tuple(unit.plan.spare for unit in units),
            ratios=tuple(unit.plan.ratio for unit in units),
            home_use=self._uses[base_item_id(item_id)],
            domestic=None if is_narrowed(item_id) else self._domestic(rows, source, units),
            first_rows=first_rows,
            places=places,
        )

    def _domestic(
        self, rows: Sequence[Supply], source: ItemSources, units: Sequence[Unit]
    ) -> FilledShares | None:
        """Shares of home use in the order of the units."""
        filled = domestic_shares(rows, source, blank_cap=self.defaults.blank_cap)
        if filled is None:
            return None
        at = {row.supplier_id: number for number, row in enumerate(source.supplies)}
        order = [at.get(unit.supplier_id) for unit in units]
        return replace(
            filled,
            shares=tuple(0.0 if number is None else filled.shares[number] for number in order),
            unsure=tuple(number is not None and filled.unsure[number] for number in order),
        )

    # -- what flatten asks --------------------------------------------------------------------

    def end_weights(self) -> dict[str, float]:
        """Weights of the end products, at home."""
        return {place_id(item_id, Region.HOME): weight for item_id, weight in self.records.end_weights}

    def made_as(self, supplier_id: str, item_id: str) -> str:
        """Item that a supplier makes: that of its region."""
        return place_id(item_id, self._region[supplier_id])

    def bought_as(self, buyer_id: str, item_id: str) -> str:
        """Item that a buyer's list is for."""
        return place_id(base_item_id(item_id), self._region[buyer_id])

    def places_of(self, item_id: str) -> tuple[str, ...]:
        """Every place of an item among the items."""
        return tuple(place_id(item_id, region) for region in REGIONS)

    def mix_defaults(self, item_id: str) -> DefaultUsed:
        """Defaults that a region's mix rests on."""
        number = self.item_index[item_id]
        if not self.deliveries[number]:
            return DefaultUsed(0)
        given = self._uses[base_item_id(item_id)].is_given
        return DefaultUsed(0) if given else DefaultUsed.HOME_USE

    def counted_holdings(self) -> NDArray[np.bool_]:
        """Tell the holdings of home: a slot abroad that starves is no weakness of home's."""
        places = [region is Region.HOME for _, region in self._pairs]
        lists = [self._region[buyer_id] is Region.HOME for buyer_id, _ in self.list_keys]
        return np.array([*places, *lists], dtype=np.bool_)

    def variants(self) -> dict[str, list[tuple[Link, float]]]:
        """Variants of each item that has some, within its region."""
        return {
            place_id(item_id, region): [
                (replace(link, input_item_id=place_id(link.input_item_id, region)), weight)
                for link, weight in kinds
            ]
            for item_id, kinds in self._kinds.items()
            for region in REGIONS
        }


def deliveries(market: Market, shares: Sequence[float], spares: Sequence[float], mix: Mix) -> list[Delivery]:
    """List what each source delivers to one region, its spare in proportion."""
    return [
        Delivery(unit, part, spare_to(share, spare, part))
        for unit, share, spare, part in zip(market.units, shares, spares, mix.parts, strict=True)
    ]


def spare_to(share: float, spare: float, part: float) -> float:
    """Give a source's spare that is meant for a region, in proportion to its part of the region's use."""
    return spare * part / share if share > 0.0 else 0.0
