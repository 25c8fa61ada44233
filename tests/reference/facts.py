"""The facts of one chain out of all loaded folders, as plain dictionaries (model.md section 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chains.model import Relation, Scope, ShareScope, SupplierKind
from tests.reference.meaning import NONESSENTIAL_WEIGHT, TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chains.model import ChainFolder, Item, Link, Purchase, Supplier, Supply

Unit = tuple[str, str]


@dataclass(frozen=True)
class Slot:
    """One input of an item; `group` is its own name unless it has alternatives."""

    item: str
    essential: bool
    weight: float
    group: str
    tier: int | None = None


@dataclass
class Facts:
    """Everything upstream of a chain's end products."""

    ends: dict[str, float]
    items: dict[str, Item]
    suppliers: dict[str, Supplier]
    slots: dict[str, list[Slot]] = field(default_factory=dict)
    variants: dict[str, dict[str, float | None]] = field(default_factory=dict)
    rows: dict[str, dict[str, Supply]] = field(default_factory=dict)  # item -> source -> resolved row
    with_sources: set[str] = field(default_factory=set)
    lists: dict[Unit, dict[str, Purchase]] = field(default_factory=dict)  # (buyer, item) -> source
    extra: dict[str, list[str]] = field(default_factory=dict)  # buyer -> bought, feeds nothing it makes
    units: list[Unit] = field(default_factory=list)
    contracted: set[Unit] = field(default_factory=set)
    unscored: set[Unit] = field(default_factory=set)  # plants of buyers, resolved by country
    tiers: dict[Unit, int] = field(default_factory=dict)  # (supplier, item) -> known tier
    present: set[str] = field(default_factory=set)  # suppliers that a row upstream names


def read_facts(folders: Sequence[ChainFolder], chain_id: str) -> Facts:
    """Join the folders, keep what lies upstream of the chain's end products, resolve the rows."""
    own = next(folder for folder in folders if folder.chain.chain_id == chain_id)
    items = join((f.items for f in folders), lambda row: row.item_id)
    links = join((f.links for f in folders), link_key)
    supplies = join((f.supplies for f in folders), supply_key)
    purchases = join((f.purchases for f in folders), purchase_key)
    suppliers = join((f.suppliers for f in folders), lambda row: row.supplier_id)
    makes = what_each_makes(supplies.values(), purchases.values())
    extra = extra_slots(links.values(), purchases.values(), makes)
    ends = end_weights(own)
    upstream = reach_upstream(ends, links.values(), makes, extra)
    facts = Facts(ends, {i: items[i] for i in sorted(upstream)}, suppliers, extra=extra)
    add_links(facts, links.values())
    rows = [row for row in supplies.values() if row.item_id in upstream]
    add_rows(facts, rows)
    add_lists(facts, [row for row in purchases.values() if is_used(facts, row, makes)])
    add_units(facts, rows)
    return facts


def join(parts: Iterable[Iterable[Any]], key: Callable[[Any], Any]) -> dict[Any, Any]:
    """Rows of all folders by key; equal rows are one, others are refused."""
    rows: dict[Any, Any] = {}
    for part in parts:
        for row in part:
            if rows.setdefault(key(row), row) != row:
                raise ValueError(f"rows of key {key(row)} disagree")
    return dict(sorted(rows.items()))


def link_key(row: Link) -> tuple[str, str, str]:
    """Give what makes two links the same fact."""
    return row.input_item_id, row.output_item_id, row.relation


def supply_key(row: Supply) -> tuple[str, str, str, int]:
    """Give what makes two supply rows the same fact."""
    return row.supplier_id, row.item_id, row.share_scope, -1 if row.year is None else row.year


def purchase_key(row: Purchase) -> tuple[str, str, str]:
    """Give what makes two lines of supplier lists the same fact."""
    return row.buyer_id, row.item_id, row.supplier_id


def end_weights(own: ChainFolder) -> dict[str, float]:
    """End products of a folder with weights that sum to 1."""
    given = {item.item_id: item.weight for item in own.items if item.weight}
    if not given:
        links = [link for link in own.links if link.relation is not Relation.SUBSTITUTE_OF]
        outputs = {link.output_item_id for link in links}
        inputs = {link.input_item_id for link in links}
        given = dict.fromkeys(outputs - inputs, 1.0)
    total = math.fsum(given.values())
    return {item: weight / total for item, weight in sorted(given.items())}


def what_each_makes(supplies: Iterable[Supply], purchases: Iterable[Purchase]) -> dict[str, set[str]]:
    """Items that each supplier has a supply row for, or is named as source of in a list."""
    makes: dict[str, set[str]] = {}
    rows: list[Supply | Purchase] = [*supplies, *purchases]
    for row in rows:
        makes.setdefault(row.supplier_id, set()).add(row.item_id)
    return makes


def extra_slots(
    links: Iterable[Link], purchases: Iterable[Purchase], makes: dict[str, set[str]]
) -> dict[str, list[str]]:
    """Bought items of each buyer that are input of nothing it makes."""
    feeds = {(r.input_item_id, r.output_item_id) for r in links if r.relation is Relation.INPUT_OF}
    bought: dict[str, set[str]] = {}
    for row in purchases:
        bought.setdefault(row.buyer_id, set()).add(row.item_id)
    return {
        buyer: sorted(j for j in wanted if not any((j, i) in feeds for i in makes.get(buyer, ())))
        for buyer, wanted in bought.items()
    }


def reach_upstream(
    ends: Iterable[str],
    links: Iterable[Link],
    makes: dict[str, set[str]],
    extra: dict[str, list[str]],
) -> set[str]:
    """Items that an end product needs, directly or not, and the end products themselves."""
    needs: dict[str, set[str]] = {}
    for link in links:
        if link.relation is not Relation.SUBSTITUTE_OF:
            needs.setdefault(link.output_item_id, set()).add(link.input_item_id)
    for buyer, bought in extra.items():
        for made in makes.get(buyer, ()):
            needs.setdefault(made, set()).update(bought)
    reached: set[str] = set()
    waiting = list(ends)
    while waiting:
        item = waiting.pop()
        if item not in reached:
            reached.add(item)
            waiting.extend(needs.get(item, ()))
    return reached


def add_links(facts: Facts, links: Iterable[Link]) -> None:
    """Note the slots and variants of every item upstream."""
    facts.slots = {item: [] for item in facts.items}
    facts.variants = {item: {} for item in facts.items}
    for link in links:
        source, target = link.input_item_id, link.output_item_id
        if target not in facts.items:
            continue
        if link.relation is Relation.VARIANT_OF:
            facts.variants[target][source] = link.weight
        if link.relation is Relation.INPUT_OF:
            essential = link.essential is None or link.essential
            weight = NONESSENTIAL_WEIGHT if link.weight is None else link.weight
            group = f"group {link.group}" if link.group is not None else f"slot {source}"
            facts.slots[target].append(Slot(source, essential, weight, group, link.tier))


def add_rows(facts: Facts, supplies: Iterable[Supply]) -> None:
    """Resolve the supply rows of every item: latest year, one market, firms or countries."""
    facts.with_sources = {row.item_id for row in supplies}
    facts.present |= {row.supplier_id for row in supplies}
    for item in facts.items:
        rows = [row for row in supplies if row.item_id == item]
        resolved = choose_market(latest_years(rows))
        facts.tiers |= {(row.supplier_id, item): row.tier for row in resolved if row.tier is not None}
        facts.rows[item] = choose_view(facts, resolved)


def latest_years(rows: Iterable[Supply]) -> list[Supply]:
    """Keep of each (supplier, scope) the row of the latest year."""
    latest: dict[tuple[str, str], Supply] = {}
    for row in sorted(rows, key=supply_key):
        latest[row.supplier_id, row.share_scope] = row
    return list(latest.values())


def choose_market(rows: list[Supply]) -> list[Supply]:
    """Read domestic shares as blank where any global share is known; else they fill global blanks."""
    world = {row.supplier_id: row for row in rows if row.share_scope is ShareScope.GLOBAL}
    home = {row.supplier_id: row for row in rows if row.share_scope is ShareScope.DOMESTIC}
    if any(row.share is not None for row in world.values()):
        home = {supplier: replace(row, share=None) for supplier, row in home.items()}
    for supplier, row in world.items():
        share = home[supplier].share if supplier in home and row.share is None else row.share
        home[supplier] = replace(row, share=share)
    return list(home.values())


def choose_view(facts: Facts, rows: list[Supply]) -> dict[str, Supply]:
    """Use firm rows or country rows of one item, never both."""
    firms = {r.supplier_id: r for r in rows if is_firm(facts.suppliers[r.supplier_id])}
    countries = {r.supplier_id: r for r in rows if r.supplier_id not in firms}
    if not firms or not countries:
        return firms or countries
    firm_sum = math.fsum(row.share or 0.0 for row in firms.values())
    country_sum = math.fsum(row.share or 0.0 for row in countries.values())
    if firm_sum >= 0.5 - TOLERANCE or country_sum <= firm_sum + TOLERANCE:
        return firms
    return countries


def is_firm(supplier: Supplier) -> bool:
    """Whether a supplier is an enterprise and not the sum of a country."""
    return supplier.kind is SupplierKind.ENTERPRISE


def add_lists(facts: Facts, purchases: Iterable[Purchase]) -> None:
    """Note every buyer's list of every item upstream."""
    for row in purchases:
        facts.lists.setdefault((row.buyer_id, row.item_id), {})[row.supplier_id] = row
        facts.present |= {row.buyer_id, row.supplier_id}


def is_used(facts: Facts, row: Purchase, makes: dict[str, set[str]]) -> bool:
    """Whether a line of a list is upstream: its item goes into something upstream that the buyer makes."""
    made = sorted(makes.get(row.buyer_id, set()) & set(facts.items))
    return any(row.item_id == slot.item for i in made for slot in slots_of(facts, (row.buyer_id, i)))


def add_units(facts: Facts, supplies: Iterable[Supply]) -> None:
    """Note what runs or stops: market rows, sources named in a list, plants with a list of their own."""
    named = {(source, item) for (_, item), rows in facts.lists.items() for source in rows}
    market = {(source, item) for item, rows in facts.rows.items() for source in rows}
    plants = {unit for row in supplies if is_fed(facts, unit := (row.supplier_id, row.item_id))}
    facts.units = sorted(named | market | plants, key=lambda unit: (unit[1], unit[0]))
    facts.unscored = plants - named - market
    facts.contracted = {unit for unit in facts.units if is_fed(facts, unit)}


def is_fed(facts: Facts, unit: Unit) -> bool:
    """Whether a unit's owner has a list for at least one of its slots."""
    return any((unit[0], slot.item) in facts.lists for slot in slots_of(facts, unit))


def slots_of(facts: Facts, unit: Unit) -> list[Slot]:
    """Give the slots of a unit: those of its item, and what its owner buys that feeds nothing it makes."""
    supplier, item = unit
    bought = [Slot(j, True, 0.0, f"bought {j}") for j in facts.extra.get(supplier, ())]
    return facts.slots[item] + bought


def top_parent(facts: Facts, supplier_id: str) -> str:
    """Give the topmost parent of a supplier; itself if it has none."""
    seen = {supplier_id}
    top = supplier_id
    while top in facts.suppliers and facts.suppliers[top].parent is not None:
        parent = facts.suppliers[top].parent
        if parent is None or parent in seen:
            break
        seen.add(parent)
        top = parent
    return top


def suppliers_in(facts: Facts, scope: Scope, key: str) -> set[str]:
    """Suppliers that stop when a node of this scope and key stops."""
    if scope is Scope.ITEM:
        return set()
    return {s for s in facts.present if key in keys_of(facts, s, scope)}


def keys_of(facts: Facts, supplier_id: str, scope: Scope) -> set[str]:
    """Give the node keys of one scope that a supplier belongs to (a place: its name, or country/name)."""
    supplier = facts.suppliers[supplier_id]
    if scope is Scope.COUNTRY:
        return {supplier.country} if supplier.country else set()
    if scope in (Scope.PROVINCE, Scope.CITY):
        name = supplier.province if scope is Scope.PROVINCE else supplier.city
        return {name, f"{supplier.country or ''}/{name}"} if name else set()
    if not is_firm(supplier):
        return set()
    return {supplier_id if scope is Scope.SUPPLIER else top_parent(facts, supplier_id)}


def node_keys(facts: Facts, scope: Scope) -> set[str]:
    """All nodes of one scope; a place whose name stands in two countries is ``country/name``."""
    if scope is Scope.ITEM:
        return set(facts.items)
    places: dict[str, set[str]] = {}
    for supplier_id in facts.present:
        for key in keys_of(facts, supplier_id, scope):
            if scope in (Scope.PROVINCE, Scope.CITY) and "/" in key:
                places.setdefault(key.split("/", 1)[1], set()).add(key)
            else:
                places.setdefault(key, set())
    return {k for name, full in places.items() for k in (full if len(full) > 1 else [name])}


def is_scored(facts: Facts, scope: Scope, key: str) -> bool:
    """Whether the node has a unit of its own view; without one its scores are blank."""
    if scope is Scope.ITEM:
        return True
    stopped = suppliers_in(facts, scope, key)
    return any(unit[0] in stopped for unit in facts.units if unit not in facts.unscored)


def asked_tiers(facts: Facts) -> list[tuple[str, int]]:
    """Items that some slot asks for with a tier."""
    return sorted({(s.item, s.tier) for slots in facts.slots.values() for s in slots if s.tier is not None})


def is_accepted(facts: Facts, source: str, item: str, tier: int | None) -> bool:
    """Whether a slot of a tier takes a source: unknown is not weak."""
    return tier is None or facts.tiers.get((source, item), tier) >= tier
