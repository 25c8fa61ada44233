"""Joining all loaded chain folders and keeping what lies upstream of one chain's end products."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from chains.errors import ChainDataError, UnknownKeyError
from chains.matching import near_matches
from chains.model import Chain, ChainFolder, ChainRecords, Link, Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from chains.errors import Place
    from chains.model import Item, Purchase, Source, Supplier, Supply

Key = TypeVar("Key", bound="Hashable")
Row = TypeVar("Row", "Item", "Link", "Supplier", "Supply", "Purchase", "Source")

FLOWS = (Relation.INPUT_OF, Relation.VARIANT_OF)
_ROW_WORDS = {
    "Item": "物料",
    "Link": "环节关系",
    "Supplier": "供应商",
    "Supply": "供给",
    "Purchase": "采购",
    "Source": "来源",
}


def item_key(item: Item) -> str:
    """Key of an item."""
    return item.item_id


def link_key(link: Link) -> tuple[str, str, str]:
    """Key of a link: input, output, relation."""
    return (link.input_item_id, link.output_item_id, link.relation.value)


def supplier_key(supplier: Supplier) -> str:
    """Key of a supplier."""
    return supplier.supplier_id


def supply_key(supply: Supply) -> tuple[str, str, str, int]:
    """Key of a supply: supplier, item, scope of the share, year (0 when blank)."""
    return (supply.supplier_id, supply.item_id, supply.share_scope.value, supply.year or 0)


def purchase_key(purchase: Purchase) -> tuple[str, str, str]:
    """Key of a purchase: buyer, item, supplier."""
    return (purchase.buyer_id, purchase.item_id, purchase.supplier_id)


def source_key(source: Source) -> str:
    """Key of a source document."""
    return source.source_id


@dataclass(frozen=True, slots=True)
class Joined:
    """All facts of all folders, each once, by key."""

    items: Mapping[str, Item]
    links: Mapping[tuple[str, str, str], Link]
    suppliers: Mapping[str, Supplier]
    supplies: Mapping[tuple[str, str, str, int], Supply]
    purchases: Mapping[tuple[str, str, str], Purchase]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class UploadedFacts:
    """The current facts of all uploads, of all chains; each key once.

    Attributes
    ----------
    suppliers, supplies, purchases, sources
        As committed.
    """

    suppliers: tuple[Supplier, ...] = ()
    supplies: tuple[Supply, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    sources: tuple[Source, ...] = ()


NO_UPLOADS = UploadedFacts()


def join_folders(
    folders: Sequence[ChainFolder], chain_id: str, *, uploaded: UploadedFacts = NO_UPLOADS
) -> ChainRecords:
    """Join folders and uploads and restrict them to what lies upstream of one chain.

    Parameters
    ----------
    folders
        All loaded folders, in any order.
    chain_id
        The chain to be scored.
    uploaded
        What uploads state; see `lay_over` for who wins.

    Returns
    -------
    ChainRecords
        In canonical order.

    Raises
    ------
    UnknownKeyError
        When no folder has this id.
    ChainDataError
        When rows of one key disagree, or the chain has no end product.

    Notes
    -----
    Where folders hold equal rows, the text that is not compared (description, source, place)
    is taken from the chain's own folder, else from the first folder in order of id.
    """
    ordered = sorted(folders, key=lambda folder: (folder.chain.chain_id != chain_id, folder.chain.chain_id))
    if not ordered or ordered[0].chain.chain_id != chain_id:
        known = [folder.chain.chain_id for folder in folders]
        raise UnknownKeyError(
            f"chain {chain_id!r} is not loaded",
            near=near_matches(chain_id, known),
            zh=f"没有装入产业链 {chain_id!r}",
        )
    joined = lay_over(_join(ordered), uploaded)
    return restrict(joined, ordered[0].chain, end_products(ordered[0]))


def join_all(folders: Sequence[ChainFolder], *, uploaded: UploadedFacts = NO_UPLOADS) -> Joined:
    """Join folders and uploads without restricting them to a chain.

    Parameters
    ----------
    folders
        All loaded folders.
    uploaded
        What uploads state.

    Returns
    -------
    Joined
        Each fact once.

    Raises
    ------
    ChainDataError
        When rows of one key disagree.
    """
    return lay_over(_join(sorted(folders, key=lambda folder: folder.chain.chain_id)), uploaded)


def lay_over(joined: Joined, uploaded: UploadedFacts) -> Joined:
    """Put what uploads state over what folders state.

    Parameters
    ----------
    joined
        Facts of the folders.
    uploaded
        Facts of the uploads.

    Returns
    -------
    Joined
        A buyer's uploaded list of an item stands instead of the folders' list of that buyer and item. An
        uploaded supply stands instead of a folder's of the same supplier, item, scope and year, and beside
        those of other years, of which the latest counts. Known suppliers stay as the folders describe them.
        Uploaded rows about suppliers or items that no chain has any more are left out.
    """
    suppliers = {supplier_key(s): s for s in uploaded.suppliers} | dict(joined.suppliers)
    supplies = [s for s in uploaded.supplies if s.supplier_id in suppliers and s.item_id in joined.items]
    purchases = [
        p
        for p in uploaded.purchases
        if p.buyer_id in suppliers and p.supplier_id in suppliers and p.item_id in joined.items
    ]
    replaced = {(p.buyer_id, p.item_id) for p in purchases}
    kept = {key: p for key, p in joined.purchases.items() if key[:2] not in replaced}
    sources = {source_key(s): s for s in (*joined.sources, *uploaded.sources)}
    return replace(
        joined,
        suppliers=suppliers,
        supplies=dict(joined.supplies) | {supply_key(s): s for s in supplies},
        purchases=kept | {purchase_key(p): p for p in purchases},
        sources=tuple(sources[key] for key in sorted(sources)),
    )


def _join(folders: Sequence[ChainFolder]) -> Joined:
    return Joined(
        items=_merge(item_key, (folder.items for folder in folders)),
        links=_merge(link_key, (folder.links for folder in folders)),
        suppliers=_merge(supplier_key, (folder.suppliers for folder in folders)),
        supplies=_merge(supply_key, (folder.supplies for folder in folders)),
        purchases=_merge(purchase_key, (folder.purchases for folder in folders)),
        sources=tuple(
            sorted(
                {s.source_id: s for folder in reversed(folders) for s in folder.sources}.values(),
                key=source_key,
            )
        ),
    )


def _merge(key_of: Callable[[Row], Key], groups: Iterable[Sequence[Row]]) -> dict[Key, Row]:
    merged: dict[Key, Row] = {}
    for rows in groups:
        for row in rows:
            first = merged.setdefault(key_of(row), row)
            if first != row:
                raise _disagreement(key_of(row), first, row)
    return merged


def disagreeing_fields(first: object, second: object) -> tuple[str, ...]:
    """Names of the compared fields in which two rows of one type differ, in field order."""
    compared = [name for name, spec in first.__dataclass_fields__.items() if spec.compare]  # type: ignore[attr-defined]
    return tuple(name for name in compared if getattr(first, name) != getattr(second, name))


def _disagreement(key: object, first: Row, second: Row) -> ChainDataError:
    fields = ", ".join(
        f"{name} {getattr(first, name)!s} / {getattr(second, name)!s}"
        for name in disagreeing_fields(first, second)
    )
    name = key if isinstance(key, str) else " ".join(str(part) for part in key)  # type: ignore[attr-defined]
    kind = type(first).__name__
    places = [_place(row.place, "en") for row in (first, second)]
    places_zh = [_place(row.place, "zh") for row in (first, second)]
    return ChainDataError(
        f"{kind.lower()} {name}: {' and '.join(places)} disagree ({fields}); correct one of the two",
        zh=f"{_ROW_WORDS[kind]} {name}:{' 与 '.join(places_zh)} 不一致({fields});请改正其中一处",
    )


def _place(place: Place | None, language: str) -> str:
    if place:
        return place.say(language)
    return "已存的数据" if language == "zh" else "stored rows"


def end_products(folder: ChainFolder) -> dict[str, float]:
    """End products of a chain and their weights.

    Parameters
    ----------
    folder
        The chain's own folder; items of other chains are never its end products.

    Returns
    -------
    dict
        Item id to weight, summing to 1: the items with a positive weight; if none has one, the items
        that have inputs or variants and are themselves neither, equally weighted.

    Raises
    ------
    ChainDataError
        When the chain has none.
    """
    weights = {item.item_id: item.weight for item in folder.items if item.weight}
    if not weights:
        flows = [link for link in folder.links if link.relation in FLOWS]
        used = {link.input_item_id for link in flows}
        made = {link.output_item_id for link in flows}
        weights = {item.item_id: 1.0 for item in folder.items if item.item_id in made - used}
    if not weights:
        message = f"chain {folder.chain.chain_id} has no end product; give one item of items.csv a weight"
        zh = f"产业链 {folder.chain.chain_id} 没有终端产品;请在 items.csv 里给一个物料填权重"
        raise ChainDataError(message, zh=zh)
    total = sum(weights.values())
    return {item_id: weights[item_id] / total for item_id in sorted(weights)}


def items_made(supplies: Iterable[Supply], purchases: Iterable[Purchase]) -> dict[str, set[str]]:
    """List what each supplier makes: items of its supplies and those others buy from it."""
    made: dict[str, set[str]] = defaultdict(set)
    for supply in supplies:
        made[supply.supplier_id].add(supply.item_id)
    for purchase in purchases:
        made[purchase.supplier_id].add(purchase.item_id)
    return made


def restrict(joined: Joined, chain: Chain, end_weights: Mapping[str, float]) -> ChainRecords:
    """Keep what lies upstream of the end products, through links and buyers' lists."""
    made = items_made(joined.supplies.values(), joined.purchases.values())
    feeds = _feeds(joined, made)
    upstream = _upstream(joined, feeds, end_weights)
    purchases = [p for key, p in joined.purchases.items() if p.item_id in upstream and feeds[key] & upstream]
    supplies = [s for s in joined.supplies.values() if s.item_id in upstream]
    firms = {s.supplier_id for s in supplies} | {f for p in purchases for f in (p.buyer_id, p.supplier_id)}
    kept = _with_ancestors(firms, joined.suppliers)
    return ChainRecords(
        chain=chain,
        items=tuple(joined.items[key] for key in sorted(upstream)),
        links=tuple(
            joined.links[key] for key in sorted(joined.links) if key[0] in upstream and key[1] in upstream
        ),
        suppliers=tuple(joined.suppliers[key] for key in sorted(kept)),
        supplies=tuple(sorted(supplies, key=supply_key)),
        purchases=tuple(sorted(purchases, key=purchase_key)),
        end_weights=tuple(sorted(end_weights.items())),
        sources=joined.sources,
        also_made=_also_made(made, upstream, supplies, purchases),
    )


def _also_made(
    made: Mapping[str, set[str]], upstream: set[str], supplies: list[Supply], purchases: list[Purchase]
) -> tuple[tuple[str, str], ...]:
    """Find what buyers make by rows that are not kept."""
    kept = items_made(supplies, purchases)
    buyers = {purchase.buyer_id for purchase in purchases}
    return tuple(
        sorted((b, item) for b in buyers for item in (made.get(b, set()) & upstream) - kept.get(b, set()))
    )


def _feeds(joined: Joined, made: Mapping[str, set[str]]) -> dict[tuple[str, str, str], set[str]]:
    """For each purchase the items it is a slot of: those the input feeds, else all its buyer makes."""
    outputs: dict[str, set[str]] = defaultdict(set)
    for link in joined.links.values():
        if link.relation is Relation.INPUT_OF:
            outputs[link.input_item_id].add(link.output_item_id)
    nothing: set[str] = set()
    feeds = {}
    for key, purchase in joined.purchases.items():
        makes = made.get(purchase.buyer_id, nothing)
        feeds[key] = (outputs.get(purchase.item_id, nothing) & makes) or makes
    return feeds


def _upstream(
    joined: Joined, feeds: Mapping[tuple[str, str, str], set[str]], end_weights: Mapping[str, float]
) -> set[str]:
    inputs: dict[str, set[str]] = defaultdict(set)
    for link in joined.links.values():
        if link.relation in FLOWS:
            inputs[link.output_item_id].add(link.input_item_id)
    for key, outputs in feeds.items():
        for output in outputs:
            inputs[output].add(key[1])
    found: set[str] = set()
    stack = list(end_weights)
    while stack:
        item_id = stack.pop()
        if item_id not in found and item_id in joined.items:
            found.add(item_id)
            stack.extend(inputs[item_id])
    return found


def _with_ancestors(firms: set[str], suppliers: Mapping[str, Supplier]) -> set[str]:
    kept: set[str] = set()
    stack = sorted(firms)
    while stack:
        firm = stack.pop()
        if firm in suppliers and firm not in kept:
            kept.add(firm)
            parent = suppliers[firm].parent
            if parent:
                stack.append(parent)
    return kept
