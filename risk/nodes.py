"""Which nodes a chain has: what can stop, who stops with it, and finding one by its key."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.mixes import is_home
from chains.model import Scope, SupplierKind
from chains.regions import country_name
from risk.model import NODE_SCOPES, SCOPE_NAMES_ZH, Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from chains.model import ChainRecords, Item, Supplier
    from chains.sources import ItemSources


@dataclass(frozen=True, slots=True)
class NodeMembers:
    """A node with the suppliers, or the item, that stop with it; of a source node only that item stops."""

    node: Node
    supplier_ids: tuple[str, ...] = ()
    item_id: str | None = None
    only_item: str | None = None


def find_nodes(
    records: ChainRecords,
    sources: Mapping[str, ItemSources],
    *,
    scopes: Collection[Scope] = NODE_SCOPES,
    home: Collection[str] = ("CHN",),
) -> tuple[NodeMembers, ...]:
    """All nodes of a chain in canonical order.

    Parameters
    ----------
    records
        Joined and restricted facts.
    sources
        Resolved sources, from `chains.sources.resolve_sources`.
    scopes
        Which scopes to list.
    home
        ISO alpha-3 codes of the home countries.

    Returns
    -------
    tuple of NodeMembers
        By scope as in `chains.model.Scope`, then key. Country aggregates are members of their
        country, never nodes of their own. A node none of whose suppliers is a source of any
        item has ``scored`` False.
    """
    listed = listed_suppliers(records)
    active = {row.supplier_id for source in sources.values() for row in source.supplies}
    active |= {purchase.supplier_id for purchase in records.purchases}
    by_id = {supplier.supplier_id: supplier for supplier in records.suppliers}
    found: list[NodeMembers] = []
    for scope in Scope:
        if scope not in scopes:
            continue
        if scope is Scope.SOURCE:
            found.extend(_source_members(records, sources, by_id, home))
        elif scope is Scope.ITEM:
            found.extend(NodeMembers(_item_node(item), item_id=item.item_id) for item in records.items)
        else:
            groups = _groups(scope, listed, by_id)
            found.extend(_members(scope, key, groups[key], by_id, active, home) for key in sorted(groups))
    return tuple(found)


def listed_suppliers(records: ChainRecords) -> list[Supplier]:
    """List the suppliers that nodes are made of.

    Parameters
    ----------
    records
        Joined and restricted facts.

    Returns
    -------
    list of Supplier
        Those that a supply or a purchase names, in order of id; a group kept only as the parent of others
        is none of them, and its city is no node.
    """
    busy = {supply.supplier_id for supply in records.supplies}
    busy |= {firm for purchase in records.purchases for firm in (purchase.supplier_id, purchase.buyer_id)}
    return [supplier for supplier in records.suppliers if supplier.supplier_id in busy]


def match_node(members: Sequence[NodeMembers], scope: Scope, key: str) -> NodeMembers:
    """Find the node of this scope and key.

    Parameters
    ----------
    members
        Nodes of the chain, from `find_nodes`.
    scope, key
        What to find; a city or province may also be given as ``CHN/name``.

    Returns
    -------
    NodeMembers
        The one node.

    Raises
    ------
    UnknownKeyError
        With near matches, when there is none.
    """
    of_scope = [one for one in members if one.node.scope is scope]
    for one in of_scope:
        if key in {one.node.key, f"{one.node.country}/{one.node.key}"}:
            return one
    names = {name: one.node.key for one in of_scope for name in spoken_names(one.node)}
    close = dict.fromkeys(names[name] for name in near_matches(key, names))
    raise UnknownKeyError(
        f"no {scope.value} {key!r} in this chain",
        near=tuple(close),
        zh=f"这条链里没有{SCOPE_NAMES_ZH[scope]} {key!r}",
    )


def spoken_names(node: Node) -> tuple[str, ...]:
    """Say by which names a person may call a node.

    Parameters
    ----------
    node
        Any.

    Returns
    -------
    tuple of str
        Its names in both languages and its key, last; a country's are those of its code.
    """
    if node.scope is Scope.COUNTRY:
        return country_name(node.key, "zh"), country_name(node.key, "en"), node.key
    return node.name_zh, node.name_en, node.key


def topmost_parent(supplier_id: str, suppliers: Mapping[str, Supplier]) -> str:
    """Key of the group a supplier belongs to; its own id when it has no parent.

    A ring of parents, which the data checks refuse, ends at its smallest id.
    """
    seen: list[str] = []
    key = supplier_id
    while key not in seen:
        seen.append(key)
        supplier = suppliers.get(key)
        if supplier is None or not supplier.parent:
            return key
        key = supplier.parent
    return min(seen[seen.index(key) :])


def _groups(
    scope: Scope, listed: Iterable[Supplier], by_id: Mapping[str, Supplier]
) -> dict[str, list[Supplier]]:
    places: dict[tuple[str, str], list[Supplier]] = defaultdict(list)
    for supplier in listed:
        place = _place(scope, supplier, by_id)
        if place is not None:
            places[place].append(supplier)
    names = Counter(name for _, name in places)
    return {
        name if names[name] == 1 else f"{country}/{name}": firms for (country, name), firms in places.items()
    }


def _place(scope: Scope, supplier: Supplier, by_id: Mapping[str, Supplier]) -> tuple[str, str] | None:
    """``(country, name)`` of the group; the country tells apart only cities and provinces."""
    firm = supplier.kind is SupplierKind.ENTERPRISE
    country = supplier.country or ""
    if scope is Scope.SUPPLIER:
        return ("", supplier.supplier_id) if firm else None
    if scope is Scope.PARENT:
        return ("", topmost_parent(supplier.supplier_id, by_id)) if firm else None
    if scope is Scope.COUNTRY:
        return ("", country) if country else None
    name = supplier.province if scope is Scope.PROVINCE else supplier.city
    return (country, name) if name else None


def _members(
    scope: Scope,
    key: str,
    firms: Sequence[Supplier],
    by_id: Mapping[str, Supplier],
    active: Collection[str],
    home: Collection[str],
) -> NodeMembers:
    named = by_id.get(key) if scope in {Scope.SUPPLIER, Scope.PARENT} else None
    country = named.country if named else _shared(firm.country for firm in firms)
    node = Node(
        scope=scope,
        key=key,
        name_zh=(named.name_zh or named.name_en) if named else key.rpartition("/")[2],
        name_en=named.name_en if named else key.rpartition("/")[2],
        country=country,
        province=named.province if named else _shared(firm.province for firm in firms),
        city=named.city if named else _shared(firm.city for firm in firms),
        home=is_home(named, home) if named else all(is_home(firm, home) for firm in firms),
        firms=len(firms),
        scored=any(firm.supplier_id in active for firm in firms),
    )
    return NodeMembers(node, tuple(sorted(firm.supplier_id for firm in firms)))


def _shared(values: Iterable[str | None]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _item_node(item: Item) -> Node:
    return Node(scope=Scope.ITEM, key=item.item_id, name_zh=item.name_zh, name_en=item.name_en)


def _source_members(
    records: ChainRecords,
    sources: Mapping[str, ItemSources],
    by_id: Mapping[str, Supplier],
    home: Collection[str],
) -> Iterator[NodeMembers]:
    """Yield each country and each group as source of each item, by key."""
    items = {item.item_id: item for item in records.items}
    rows = {(row.supplier_id, item_id) for item_id, source in sources.items() for row in source.supplies}
    rows |= {(row.supplier_id, row.item_id) for row in records.purchases}
    groups: dict[tuple[Scope, str, str], list[Supplier]] = defaultdict(list)
    for supplier_id, item_id in sorted(rows):
        for scope in (Scope.COUNTRY, Scope.PARENT):
            place = _place(scope, by_id[supplier_id], by_id)
            if place is not None and item_id in items:
                groups[scope, place[1], item_id].append(by_id[supplier_id])
    taken = Counter((owner, item_id) for _, owner, item_id in groups)
    for (scope, owner, item_id), firms in sorted(
        groups.items(), key=lambda row: (row[0][1], row[0][2], row[0][0])
    ):
        # A group whose id is a country's code keeps its place by its scope.
        name = owner if taken[owner, item_id] == 1 else f"{scope}:{owner}"
        whole = _members(scope, owner, firms, by_id, {firm.supplier_id for firm in firms}, home)
        item = items[item_id]
        node = replace(
            whole.node,
            scope=Scope.SOURCE,
            key=f"{name}/{item_id}",
            name_zh=f"{_shown(scope, whole.node, 'zh')} · {item.name_zh}",
            name_en=f"{_shown(scope, whole.node, 'en')} · {item.name_en}",
        )
        yield NodeMembers(node, whole.supplier_ids, only_item=item_id)


def _shown(scope: Scope, node: Node, language: str) -> str:
    if scope is Scope.COUNTRY:
        return country_name(node.key, language)
    return node.name_zh if language == "zh" else node.name_en
