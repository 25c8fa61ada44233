"""The parts of a chain as the model runs them: slots, units, buyers' lists, in canonical order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from chains.defaults import DefaultUsed
from chains.kept_lists import KeptLists
from chains.model import Relation, Use
from chains.shares import FilledShares, fill_shares, fill_weights
from chains.sources import SparePlan, resolve_sources, spare_plan
from chains.tiers import accepts, base_item_id, known_tiers, narrow_list, narrow_markets, narrowed_id
from chains.union import items_made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from chains.defaults import Defaults
    from chains.home_parts import Market
    from chains.model import ChainRecords, Item, Link, Purchase
    from chains.sources import ItemSources

NOT_ESSENTIAL = -1
NO_SPARE = SparePlan(0.0, 0.0, None, DefaultUsed(0))


@dataclass(frozen=True, slots=True)
class Slot:
    """One input of an item: `group` -1 when not essential, else slots of one group are alternatives."""

    input_item_id: str
    group: int
    weight: float
    used: DefaultUsed
    tier: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A supplier making an item; `share` 0 when it is no source of the item's market."""

    supplier_id: str
    item_id: str
    share: float
    unsure: bool
    plan: SparePlan
    used: DefaultUsed


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one source delivers to the users of one region, of their use; `unit` by number."""

    unit: int
    share: float
    spare: float


@dataclass(frozen=True, slots=True)
class BuyersList:
    """All rows of one buyer for one item, with blanks filled."""

    rows: tuple[Purchase, ...]
    filled: FilledShares
    plans: tuple[SparePlan, ...]
    stock_days: float
    used: DefaultUsed


class ChainParts:
    """Slots, units and lists of one chain with every blank decided.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.
    sources
        Resolved sources, computed when not given.
    kept
        Lists of an earlier state of the facts, to be used again where they stayed as they were.

    Notes
    -----
    Where a slot's tier leaves out some source, the accepted part of the market is an item of its own here,
    after all items of the chain and named by `chains.tiers.narrowed_id`; likewise for buyers' lists.
    """

    def __init__(
        self,
        records: ChainRecords,
        defaults: Defaults,
        sources: dict[str, ItemSources] | None = None,
        *,
        kept: KeptLists | None = None,
    ) -> None:
        self.records = records
        self.defaults = defaults
        self._kept = KeptLists() if kept is None else kept
        self.items = {item.item_id: item for item in records.items}
        self.item_ids = sorted(self.items)
        self.item_index = {item_id: index for index, item_id in enumerate(self.item_ids)}
        self.supplier_ids = [supplier.supplier_id for supplier in records.suppliers]
        self.supplier_index = {key: index for index, key in enumerate(self.supplier_ids)}
        self.sourced = {supply.item_id for supply in records.supplies}
        self.sources = dict(resolve_sources(records, defaults) if sources is None else sources)
        self.narrowed = self._narrow()
        self.slots = self._slots()
        self.lists = self._lists()
        self.needs = self._needs()
        # A list that serves no plant of the chain is kept in the records and moves nothing.
        self.list_keys = sorted({key for served in self.needs.values() for _, key in served if key})
        self.list_index = {key: index for index, key in enumerate(self.list_keys)}
        self.units = self._units()
        self.unit_index = {(unit.supplier_id, unit.item_id): index for index, unit in enumerate(self.units)}
        self.contracted = [
            (u.supplier_id, u.item_id) for u in self.units if (u.supplier_id, u.item_id) in self.needs
        ]
        self.home_ends: list[str] = []
        self.deliveries: list[list[Delivery]] = [[] for _ in self.item_ids]
        self.others_of_deliveries = [0.0] * len(self.item_ids)
        self.other_places = self.abroad_places = list(range(len(self.item_ids)))
        self.markets: tuple[Market, ...] = ()

    # -- one region; two of them: `chains.home_parts` ------------------------------------------

    def end_weights(self) -> dict[str, float]:
        """Weights of the end products."""
        return dict(self.records.end_weights)

    def made_as(self, supplier_id: str, item_id: str) -> str:  # noqa: ARG002 - its region, where there are two
        """Item that a supplier makes."""
        return item_id

    def bought_as(self, buyer_id: str, item_id: str) -> str:  # noqa: ARG002
        """Item that a buyer's list is for, a list narrowed by a tier included."""
        return base_item_id(item_id)

    def places_of(self, item_id: str) -> tuple[str, ...]:
        """Every place of an item among the items."""
        return (item_id,)

    def mix_defaults(self, item_id: str) -> DefaultUsed:  # noqa: ARG002
        """Defaults that a region's mix rests on."""
        return DefaultUsed(0)

    def counted_holdings(self) -> NDArray[np.bool_]:
        """Tell whose slots may be called starved."""
        return np.ones(len(self.item_ids) + len(self.list_keys), dtype=np.bool_)

    # -- what a blank means for an item ------------------------------------------------------

    def use_of(self, item: Item) -> Use:
        """Consumable or capital."""
        return item.use or self.defaults.kinds[item.kind].use

    def cover_of(self, item: Item) -> float:
        """Days of stock held by the item's users; 0 for capital and for items nobody is listed for."""
        if self.use_of(item) is Use.CAPITAL:
            return 0.0
        if item.cover_days is not None:
            return item.cover_days
        return (self.defaults.kinds[item.kind].cover_days or 0.0) if item.item_id in self.sourced else 0.0

    def attrition_of(self, item: Item) -> float:
        """Share of the installed base renewed in a year; 0 for consumables."""
        if self.use_of(item) is Use.CONSUMABLE:
            return 0.0
        if item.attrition is not None:
            return item.attrition
        by_kind = self.defaults.kinds[item.kind].attrition
        return self.defaults.attrition_other if by_kind is None else by_kind

    def defaults_of(self, item: Item) -> DefaultUsed:
        """Defaults that an item's use, stock or installed base rests on."""
        used = DefaultUsed(0)
        if item.use is None:
            used |= DefaultUsed.USE
        if self.use_of(item) is Use.CAPITAL:
            return used | (DefaultUsed.ATTRITION if item.attrition is None else used)
        return used | (DefaultUsed.COVER_DAYS if item.cover_days is None else used)

    # -- parts ------------------------------------------------------------------------------

    def _narrow(self) -> dict[tuple[str, int], str]:
        """Add the narrowed markets as items; their ids by item and tier."""
        self._tiers = known_tiers(self.records.supplies)
        ids = {}
        for (item_id, tier), source in sorted(narrow_markets(self.records.links, self.sources).items()):
            name = ids[item_id, tier] = narrowed_id(item_id, tier)
            self.item_index[name] = len(self.item_ids)
            self.item_ids.append(name)
            self.items[name] = replace(self.items[item_id], item_id=name)
            self.sourced.add(name)
            self.sources[name] = source
        return ids

    def market_of(self, slot: Slot) -> str:
        """Item whose market serves a slot: that of the input, or the part of it that its tier accepts."""
        if slot.tier is None:
            return slot.input_item_id
        return self.narrowed.get((slot.input_item_id, slot.tier), slot.input_item_id)

    def _slots(self) -> dict[str, list[Slot]]:
        links: dict[str, list[Link]] = defaultdict(list)
        for link in self.records.links:
            if link.relation is Relation.INPUT_OF:
                links[link.output_item_id].append(link)
        return {item_id: self._slots_of(links[base_item_id(item_id)]) for item_id in self.item_ids}

    def _slots_of(self, links: Sequence[Link]) -> list[Slot]:
        groups: dict[str, int] = {}
        slots = []
        for number, link in enumerate(sorted(links, key=lambda link: link.input_item_id)):
            essential = self.defaults.essential if link.essential is None else link.essential
            used = DefaultUsed.ESSENTIAL if link.essential is None else DefaultUsed(0)
            weight = self.defaults.nonessential_weight if link.weight is None else link.weight
            if not essential and link.weight is None:
                used |= DefaultUsed.LINK_WEIGHT
            own = number if not link.group else groups.setdefault(link.group, number)
            group = own if essential else NOT_ESSENTIAL
            slots.append(Slot(link.input_item_id, group, weight, used, link.tier))
        return sorted(slots, key=lambda slot: (slot.group, slot.input_item_id))

    def _lists(self) -> dict[tuple[str, str], BuyersList]:
        rows: dict[tuple[str, str], list[Purchase]] = defaultdict(list)
        for purchase in self.records.purchases:
            rows[purchase.buyer_id, purchase.item_id].append(purchase)
        return {
            key: self._kept.decide(self.items[key[1]], rows[key], self.defaults, self._buyers_list)
            for key in sorted(rows)
        }

    def _buyers_list(self, item: Item, rows: Sequence[Purchase]) -> BuyersList:
        given = [row.list_complete for row in rows if row.list_complete is not None]
        complete = all(given) if given else self.defaults.list_complete
        filled = fill_shares(
            [row.share for row in rows], complete=complete, blank_cap=self.defaults.blank_cap
        )
        plans = tuple(
            spare_plan(
                item,
                share,
                self.defaults,
                spare=row.spare,
                ramp_days=row.ramp_days,
                qualified=row.qualified,
                qualification_days=row.qualification_days,
            )
            for row, share in zip(rows, filled.shares, strict=True)
        )
        used = DefaultUsed(0)
        if any(row.share is None for row in rows):
            used = DefaultUsed.SHARE if given else DefaultUsed.SHARE | DefaultUsed.LIST_COMPLETE
        for flags in {plan.used for plan in plans}:
            used |= flags
        stocks = [row.stock_days for row in rows if row.stock_days is not None]
        if not stocks:
            used |= DefaultUsed.STOCK_DAYS
        stock = max(stocks) if stocks else self._stock_of(item)
        return BuyersList(tuple(rows), filled, plans, stock, used)

    def _stock_of(self, item: Item) -> float:
        by_kind = self.defaults.kinds[item.kind].cover_days or 0.0
        return by_kind if item.cover_days is None else item.cover_days

    def _needs(self) -> dict[tuple[str, str], list[tuple[Slot, tuple[str, str] | None]]]:
        """Slots of each contracted unit with the list that serves each, or the market."""
        made = items_made(self.records.supplies, self.records.purchases)
        also: dict[str, list[str]] = defaultdict(list)
        for buyer, item_id in self.records.also_made:
            also[buyer].append(item_id)
        bought: dict[str, list[str]] = defaultdict(list)
        for buyer, item_id in sorted(self.lists):
            bought[buyer].append(item_id)
        needs = {}
        for buyer, inputs in bought.items():
            makes = sorted(made.get(buyer, set()) & self.items.keys())
            fed = {slot.input_item_id for item_id in [*makes, *also[buyer]] for slot in self.slots[item_id]}
            extra = [Slot(key, -2, 0.0, DefaultUsed(0)) for key in inputs if key not in fed]
            for item_id in makes:
                slots = [*self.slots[item_id], *extra]
                served = [(slot, self._list_of(buyer, slot)) for slot in slots]
                if any(key for _, key in served):
                    needs[buyer, item_id] = served
        for (item_id, _), name in self.narrowed.items():
            makers = [row.supplier_id for row in self.sources[name].supplies]
            needs |= {(one, name): needs[one, item_id] for one in makers if (one, item_id) in needs}
        return needs

    def _list_of(self, buyer: str, slot: Slot) -> tuple[str, str] | None:
        """List that serves a slot; rows below its tier are left out when it is first asked for."""
        whole = (buyer, slot.input_item_id)
        if whole not in self.lists or slot.tier is None:
            return whole if whole in self.lists else None
        key = (buyer, narrowed_id(slot.input_item_id, slot.tier))
        if key not in self.lists:
            one = self.lists[whole]
            tiers = [self._tiers.get((row.supplier_id, row.item_id)) for row in one.rows]
            kept = [number for number, tier in enumerate(tiers) if accepts(slot.tier, tier)]
            filled = narrow_list(one.filled, kept) if len(kept) < len(tiers) else None
            if filled is None:
                return whole
            self.lists[key] = self._kept_rows(one, kept, filled)
        return key

    def _kept_rows(self, one: BuyersList, kept: Sequence[int], filled: FilledShares) -> BuyersList:
        plans = tuple(
            one.plans[number]
            if one.plans[number].ratio is None
            else replace(one.plans[number], spare=(one.plans[number].ratio or 0.0) * share)
            for number, share in zip(kept, filled.shares, strict=True)
        )
        rows = tuple(one.rows[number] for number in kept)
        return BuyersList(rows, filled, plans, one.stock_days, one.used)

    def _units(self) -> list[Unit]:
        units: dict[tuple[str, str], Unit] = {}
        for item_id in self.item_ids:
            source = self.sources[item_id]
            blank = DefaultUsed.SHARE | (
                DefaultUsed.SUPPLIERS_COMPLETE
                if self.items[item_id].suppliers_complete is None
                else DefaultUsed(0)
            )
            for row, share, unsure in zip(
                source.supplies, source.filled.shares, source.filled.unsure, strict=True
            ):
                plan = spare_plan(
                    self.items[item_id],
                    share,
                    self.defaults,
                    spare=row.spare,
                    ramp_days=row.ramp_days,
                    qualified=row.qualified,
                    qualification_days=row.qualification_days,
                )
                used = plan.used | (blank if row.share is None else DefaultUsed(0))
                units[item_id, row.supplier_id] = Unit(row.supplier_id, item_id, share, unsure, plan, used)
        named = {(p.item_id, p.supplier_id) for p in self.records.purchases}
        for item_id, supplier_id in (named | {(item, buyer) for buyer, item in self.needs}) - units.keys():
            units[item_id, supplier_id] = Unit(
                supplier_id, item_id, 0.0, unsure=False, plan=NO_SPARE, used=DefaultUsed(0)
            )
        return [units[key] for key in sorted(units, key=lambda key: (self.item_index[key[0]], key[1]))]

    def variants(self) -> dict[str, list[tuple[Link, float]]]:
        """Variants of each item that has some, with weights that sum to 1, in order of id."""
        links: dict[str, list[Link]] = defaultdict(list)
        for link in self.records.links:
            if link.relation is Relation.VARIANT_OF:
                links[link.output_item_id].append(link)
        weighed = {}
        for item_id, members in links.items():
            ordered = sorted(members, key=lambda link: link.input_item_id)
            weighed[item_id] = list(
                zip(ordered, fill_weights([link.weight for link in ordered]), strict=True)
            )
        for (item_id, _), name in self.narrowed.items():
            if item_id in weighed:
                weighed[name] = weighed[item_id]
        return weighed
