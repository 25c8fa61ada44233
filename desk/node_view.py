"""What stands behind one node: the items it makes, every source of each with its share, who needs them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.model import Scope
from chains.repository import load_records
from chains.sources import resolve_sources
from desk.chain_names import require_chain
from desk.neighbours import Neighbours, draw_neighbours
from desk.register_list import load_register
from desk.store import reading
from risk.nodes import find_nodes, match_node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chains.model import ChainRecords, Item, Link, Purchase, Source, Supplier, Supply
    from chains.sources import ItemSources, ResolvedBy
    from risk.model import Node
    from settings import Settings


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source of an item, in the market or on a buyer's list.

    Attributes
    ----------
    supplier_id, name_zh, name_en, country, kind
        Who; `kind` tells firms from country aggregates.
    share
        0 to 1 as the data give it; ``None`` when unknown.
    filled
        0 to 1, what the model reckons with.
    unsure
        Whether `filled` is a guess for a blank.
    year, is_estimate, source
        Where the share comes from; ``None`` when not stated.
    place
        File and row; ``None`` for rows without one.
    stops
        Whether it stops with the node shown.
    """

    supplier_id: str
    name_zh: str
    name_en: str
    country: str | None
    kind: str
    share: float | None
    filled: float
    unsure: bool
    year: int | None
    is_estimate: bool | None
    source: Source | None
    place: str | None
    stops: bool


@dataclass(frozen=True, slots=True)
class SlotView:
    """An item that needs the item above: one input slot.

    Attributes
    ----------
    relation
        ``input_of`` or ``variant_of``.
    essential
        As given; ``None`` when the data do not say (the default is essential).
    group
        Name of the alternatives it belongs to, if any.
    weight
        Fraction of output lost without it, or market weight of a variant; ``None`` when not given.
    """

    item_id: str
    name_zh: str
    name_en: str
    relation: str
    essential: bool | None
    group: str | None
    weight: float | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item the node makes, or is: its sources and the slots it feeds.

    Attributes
    ----------
    item
        Its facts.
    resolved_by
        Whether firm rows or country rows count.
    complete
        Whether the list names every source.
    sources
        Largest share first.
    others
        未列明来源, 0 to 1.
    unused
        Firms left out because the item is resolved by country.
    feeds
        The slots it fills.
    """

    item: Item
    resolved_by: ResolvedBy
    complete: bool
    sources: tuple[SourceView, ...]
    others: float
    unused: tuple[SourceView, ...]
    feeds: tuple[SlotView, ...]


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """A line of a buyer's list that names a firm of the node, or that a firm of the node wrote."""

    purchase: Purchase
    buyer_zh: str
    supplier_zh: str
    item_zh: str
    buys: bool


@dataclass(frozen=True, slots=True)
class NodeView:
    """Everything behind one node.

    Attributes
    ----------
    node
        Who it is.
    firms
        Suppliers that stop with it, in order of id.
    items
        What it makes, or the item itself; items that lie upstream of the chain only.
    purchases
        Lines of buyers' lists that touch it.
    neighbours
        The picture around it.
    """

    node: Node
    firms: tuple[Supplier, ...]
    items: tuple[ItemView, ...]
    purchases: tuple[PurchaseView, ...]
    neighbours: Neighbours


def read_node(settings: Settings, chain_id: str, *, scope: Scope, key: str) -> NodeView:
    """Read what stands behind one node of a chain, from the facts as they are now.

    Parameters
    ----------
    settings
        Where database and defaults are.
    chain_id
        Which chain.
    scope, key
        Which node.

    Returns
    -------
    NodeView
        Frozen values.

    Raises
    ------
    UnknownKeyError
        When chain or node do not exist, with near matches.
    """
    defaults = load_defaults(settings.data_dir / "defaults.toml")
    with reading(settings) as session:
        require_chain(session, chain_id)
        records = load_records(session, chain_id)
        marked = frozenset(row.item_id for row in load_register(session).rows if row.item_id)
    sources = resolve_sources(records, defaults)
    found = match_node(find_nodes(records, sources, scopes=(scope,)), scope, key)
    firms = frozenset(found.supplier_ids)
    only = found.item_id or found.only_item
    made = items_of(records, sources, firms) if only is None else frozenset([only])
    view = _Reader(records, sources, firms)
    return NodeView(
        node=found.node,
        firms=tuple(supplier for supplier in records.suppliers if supplier.supplier_id in firms),
        items=tuple(view.item(item_id) for item_id in sorted(made)),
        purchases=tuple(view.purchases()),
        neighbours=draw_neighbours(records, sources, firms=firms, items=made, bottlenecks=marked),
    )


def items_of(records: ChainRecords, sources: dict[str, ItemSources], firms: Iterable[str]) -> frozenset[str]:
    """Find the items whose supply some firms are a source of.

    Parameters
    ----------
    records
        The chain.
    sources
        Resolved sources by item.
    firms
        Supplier ids.

    Returns
    -------
    frozenset of str
        Item ids, also those that only a buyer's list says they make, and those whose firm rows are
        unused because the item is resolved by country.
    """
    wanted = frozenset(firms)
    made = {
        item_id
        for item_id, source in sources.items()
        for row in (*source.supplies, *source.unused)
        if row.supplier_id in wanted
    }
    bought = {purchase.item_id for purchase in records.purchases if purchase.supplier_id in wanted}
    return frozenset(made | bought)


class _Reader:
    """What the views of one node look things up in; lives only inside `read_node`."""

    def __init__(self, records: ChainRecords, sources: dict[str, ItemSources], firms: frozenset[str]) -> None:
        self.records = records
        self.sources = sources
        self.firms = firms
        self.items = {item.item_id: item for item in records.items}
        self.suppliers = {supplier.supplier_id: supplier for supplier in records.suppliers}
        self.documents = {source.source_id: source for source in records.sources}
        self.links: dict[str, list[Link]] = defaultdict(list)
        for link in records.links:
            self.links[link.input_item_id].append(link)

    def item(self, item_id: str) -> ItemView:
        source = self.sources[item_id]
        filled = zip(source.supplies, source.filled.shares, source.filled.unsure, strict=True)
        views = [self._source(row, share, unsure=unsure) for row, share, unsure in filled]
        return ItemView(
            item=self.items[item_id],
            resolved_by=source.resolved_by,
            complete=source.complete,
            sources=tuple(sorted(views, key=lambda view: (-view.filled, view.supplier_id))),
            others=source.filled.others,
            unused=tuple(self._source(row, 0.0, unsure=True) for row in source.unused),
            feeds=tuple(self._slot(link) for link in self.links[item_id]),
        )

    def purchases(self) -> Iterable[PurchaseView]:
        for purchase in self.records.purchases:
            buys = purchase.buyer_id in self.firms
            if buys or purchase.supplier_id in self.firms:
                buyer, supplier = self._name(purchase.buyer_id), self._name(purchase.supplier_id)
                yield PurchaseView(purchase, buyer, supplier, self.items[purchase.item_id].name_zh, buys)

    def _source(self, row: Supply, filled: float, *, unsure: bool) -> SourceView:
        supplier = self.suppliers[row.supplier_id]
        return SourceView(
            supplier_id=row.supplier_id,
            name_zh=supplier.name_zh or supplier.name_en,
            name_en=supplier.name_en,
            country=supplier.country,
            kind=supplier.kind.value,
            share=row.share,
            filled=filled,
            unsure=unsure,
            year=row.year,
            is_estimate=row.is_estimate,
            source=self.documents.get(row.source_id or ""),
            place=str(row.place) if row.place else None,
            stops=row.supplier_id in self.firms,
        )

    def _slot(self, link: Link) -> SlotView:
        output = self.items[link.output_item_id]
        return SlotView(
            item_id=output.item_id,
            name_zh=output.name_zh,
            name_en=output.name_en,
            relation=link.relation.value,
            essential=link.essential,
            group=link.group,
            weight=link.weight,
        )

    def _name(self, supplier_id: str) -> str:
        supplier = self.suppliers[supplier_id]
        return supplier.name_zh or supplier.name_en
