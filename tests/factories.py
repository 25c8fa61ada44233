"""Small chains: builders that name only what matters, and a strategy of random valid folders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from chains.model import (
    Chain,
    ChainFolder,
    Item,
    Kind,
    Link,
    Purchase,
    Relation,
    Scope,
    ShareScope,
    Supplier,
    SupplierKind,
    Supply,
    Use,
)
from risk.model import Shock
from tests.split_factories import ensure_an_end, split_in_two

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

CHAIN = "c1"
AGGREGATES = {"CC-JPN": "JPN", "CC-CHN": "CHN", "CC-USA": "USA"}
# Chosen so that sums meet 0.5 and 1 and never come close to a loop gain of 1 without being it.
SHARES = (None, None, 0.0, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
SPARES = (None, None, 0.0, 0.05, 0.2, 0.5)
DAYS = (None, 0.0, 1.0, 4.0, 9.0)
SEVERITIES = (0.1, 0.35, 0.5, 0.9, 1.0)
HOME_USES = (None, None, 0.05, 0.2, 0.3, 0.35, 0.5, 0.8, 1.0)


def item(item_id: str, kind: Kind = Kind.MATERIAL, **given: Any) -> Item:
    """Make an item; a material unless said otherwise."""
    return Item(item_id, f"{item_id} en", f"{item_id} 中", kind, **given)


def link(input_id: str, output_id: str, relation: Relation = Relation.INPUT_OF, **given: Any) -> Link:
    """Make a link; an essential input unless said otherwise."""
    return Link(input_id, output_id, relation, **given)


def firm(supplier_id: str, country: str | None = None, **given: Any) -> Supplier:
    """Make an enterprise."""
    return Supplier(supplier_id, f"{supplier_id} Ltd", None, SupplierKind.ENTERPRISE, country, **given)


def aggregate(supplier_id: str, country: str | None) -> Supplier:
    """Make the sum of a country's makers."""
    return Supplier(supplier_id, f"Makers of {country}", None, SupplierKind.COUNTRY_AGGREGATE, country)


def supply(supplier_id: str, item_id: str, share: float | None = None, **given: Any) -> Supply:
    """Make a supply row; the share is blank unless given."""
    return Supply(supplier_id, item_id, share, **given)


def purchase(
    buyer_id: str,
    item_id: str,
    supplier_id: str,
    share: float | None = None,
    **given: Any,
) -> Purchase:
    """Make a line of a buyer's list."""
    return Purchase(buyer_id, item_id, supplier_id, share, **given)


def folder(
    *,
    items: Iterable[Item],
    links: Iterable[Link] = (),
    suppliers: Iterable[Supplier] = (),
    supplies: Iterable[Supply] = (),
    purchases: Iterable[Purchase] = (),
    chain_id: str = CHAIN,
) -> ChainFolder:
    """Make a chain folder out of its rows."""
    return ChainFolder(
        chain=Chain(chain_id, chain_id, chain_id),
        items=tuple(items),
        links=tuple(links),
        suppliers=tuple(suppliers),
        supplies=tuple(supplies),
        purchases=tuple(purchases),
    )


def one_product(*supplies: Supply, complete: bool = True, suppliers: Sequence[Supplier] = ()) -> ChainFolder:
    """Give the smallest chain: input PART (no stock) is all that product END needs."""
    known = {supplier.supplier_id for supplier in suppliers}
    named = sorted({row.supplier_id for row in supplies} - known)
    return folder(
        items=[
            item("END", Kind.PRODUCT, weight=1.0),
            item("PART", Kind.COMPONENT, cover_days=0.0, suppliers_complete=complete),
        ],
        links=[link("PART", "END")],
        suppliers=[*suppliers, *(firm(name) for name in named)],
        supplies=supplies,
    )


@st.composite
def chain_folders(
    draw: DrawFn, *, tiers: bool = False, queues: bool = False, home: bool = False
) -> tuple[ChainFolder, ...]:
    """Draw one or two valid folders; the chain to score is `CHAIN`.

    Loops, groups, non-essential links, variants, capital, blanks, both resolutions, domestic
    rows, several years, buyers' lists with slots of their own, parents of parents, cities; with `tiers`
    now and then slots that do not take every source; with `queues` now and then buyers that are served one
    after the other; with `home` what only the perspective home reads.
    """
    items = draw(drawn_items())
    names = [row.item_id for row in items]
    links = draw(drawn_links(names))
    suppliers = draw(drawn_suppliers())
    supplies = [row for name in names for row in draw(drawn_supplies(name, suppliers))]
    purchases = draw(drawn_purchases(names, suppliers))
    whole = folder(items=items, links=links, suppliers=suppliers, supplies=supplies, purchases=purchases)
    if tiers and draw(st.booleans()):
        whole = draw(tiered(whole))
    if queues and draw(st.booleans()):
        whole = draw(queued(whole))
    if home:
        whole = draw(used_at_home(whole))
    parts = draw(split_in_two(whole)) if draw(st.booleans()) else (whole,)
    if home:
        use = draw(st.sampled_from(HOME_USES))
        parts = tuple(replace(part, chain=replace(part.chain, home_use=use)) for part in parts)
    return ensure_an_end(parts, names[-1])


@st.composite
def used_at_home(draw: DrawFn, whole: ChainFolder) -> ChainFolder:
    """Draw what of each item is used at home, and for some items whom home buys it from."""
    items = [replace(row, home_use=draw(st.sampled_from(HOME_USES))) for row in whole.items]
    rows = {(r.supplier_id, r.item_id, r.share_scope, r.year): r for r in whole.supplies}
    for name in [row.item_id for row in items]:
        if draw(st.integers(0, 3)) == 0:
            for source in dict.fromkeys(r.supplier_id for r in whole.supplies if r.item_id == name):
                share = draw(st.sampled_from(SHARES))
                key = (source, name, ShareScope.DOMESTIC, None)
                rows.setdefault(key, supply(source, name, share, share_scope=ShareScope.DOMESTIC))
    return replace(whole, items=tuple(items), supplies=tuple(rows.values()))


@st.composite
def tiered(draw: DrawFn, whole: ChainFolder) -> ChainFolder:
    """Draw tiers of sources and of slots; each slot takes at least one source of each view."""
    supplies = [replace(row, tier=draw(st.sampled_from((None, 1, 2, 3)))) for row in whole.supplies]
    links = []
    for row in whole.links:
        # The lowest of any year or scope: which row of a supplier counts is not decided here.
        lowest: dict[str, int] = {}
        for one in supplies:
            if one.item_id == row.input_item_id:
                tier = 3 if one.tier is None else one.tier
                lowest[one.supplier_id] = min(tier, lowest.get(one.supplier_id, 3))
        views = [{name for name in lowest if (name in AGGREGATES) is view} for view in (False, True)]
        most = min((max(lowest[name] for name in view) for view in views if view), default=3)
        tiers = st.sampled_from((None, most, most, min(2, most)))
        links.append(replace(row, tier=draw(tiers)) if row.relation is Relation.INPUT_OF else row)
    whole = replace(whole, supplies=tuple(supplies), links=tuple(links))
    return replace(whole, purchases=(*whole.purchases, *draw(lists_of_tiers(whole))))


@st.composite
def lists_of_tiers(draw: DrawFn, whole: ChainFolder) -> list[Purchase]:
    """Draw for now and then a maker whose slot has a tier a list of sources that the market knows."""
    listed = {(row.buyer_id, row.item_id) for row in whole.purchases}
    rows: list[Purchase] = []
    for row in whole.links:
        made, bought = row.output_item_id, row.input_item_id
        makers = {r.supplier_id for r in whole.supplies if r.item_id == made} - AGGREGATES.keys()
        sources = {r.supplier_id for r in whole.supplies if r.item_id == bought}
        free = sorted(one for one in makers if (one, bought) not in listed and sources - {one})
        if row.tier is not None and free and draw(st.booleans()):
            buyer = draw(st.sampled_from(free))
            complete = draw(st.sampled_from((None, True, False)))
            rows += [draw(drawn_purchase(buyer, bought, one, complete)) for one in sorted(sources - {buyer})]
            listed.add((buyer, bought))
    return rows


@st.composite
def queued(draw: DrawFn, whole: ChainFolder) -> ChainFolder:
    """Draw priorities, and two or three makers of something that buy one of its inputs from one source."""
    lists = {(row.buyer_id, row.item_id, row.supplier_id): row for row in whole.purchases}
    feeds = [row for row in whole.links if row.relation is Relation.INPUT_OF]
    makes = {(row.supplier_id, row.item_id) for row in whole.supplies if row.supplier_id not in AGGREGATES}
    for row in feeds:
        makers = sorted(name for name, item_id in makes if item_id == row.output_item_id)
        if len(makers) > 1 and draw(st.booleans()):
            source = draw(st.sampled_from(sorted({r.supplier_id for r in whole.suppliers} - set(makers))))
            for buyer in draw(st.permutations(makers))[:3]:
                bought = row.input_item_id
                same = [r for r in lists.values() if (r.buyer_id, r.item_id) == (buyer, bought)]
                one = draw(drawn_purchase(buyer, bought, source, same[0].list_complete if same else None))
                lists.setdefault((buyer, bought, source), one)
    ranks = st.sampled_from((None, None, 1, 2, 7))
    return replace(whole, purchases=tuple(replace(row, priority=draw(ranks)) for row in lists.values()))


@st.composite
def drawn_items(draw: DrawFn) -> list[Item]:
    """Draw 3 to 8 items; the last is the natural end product."""
    count = draw(st.integers(3, 8))
    return [
        item(
            f"I{n}",
            draw(st.sampled_from(Kind)),
            weight=draw(st.sampled_from((None, 1.0, 0.5) if n == count - 1 else (None,) * 6 + (0.0, 0.25))),
            use=draw(st.sampled_from((None, None, Use.CONSUMABLE, Use.CAPITAL))),
            attrition=draw(st.sampled_from((None, 0.0, 0.3, 1.0))),
            cover_days=draw(st.sampled_from((None, 0.0, 0.0, 2.0, 5.5))),
            spare_ratio=draw(st.sampled_from((None, None, 0.0, 0.4))),
            suppliers_complete=draw(st.sampled_from((None, False, True, True))),
        )
        for n in range(count)
    ]


@st.composite
def drawn_links(draw: DrawFn, names: list[str]) -> list[Link]:
    """Draw a link downstream for most items but the last, and some more in any direction."""
    pairs: dict[tuple[str, str, Relation], None] = {}
    for n, name in enumerate(names[:-1]):
        target = draw(st.sampled_from(names[n + 1 :]))
        if draw(st.integers(0, 7)):  # now and then an item that nothing upstream needs
            pairs[name, target, draw(relations())] = None
    for _ in range(draw(st.integers(0, 5))):
        source, target = draw(st.permutations(names))[:2]
        pairs[source, target, draw(relations())] = None
    links = [draw(drawn_link(*pair)) for pair in pairs]
    return [replace(row, weight=None) if is_weightless(row, links) else row for row in links]


def relations() -> SearchStrategy[Relation]:
    """Mostly inputs, some variants, few substitutes."""
    many = (Relation.INPUT_OF,) * 6 + (Relation.VARIANT_OF,) * 2 + (Relation.SUBSTITUTE_OF,)
    return st.sampled_from(many)


@st.composite
def drawn_link(draw: DrawFn, source: str, target: str, relation: Relation) -> Link:
    """Draw the blanks and values of one link."""
    return link(
        source,
        target,
        relation,
        essential=draw(st.sampled_from((None, True, True, False))),
        weight=draw(st.sampled_from((None, 0.0, 0.1, 0.3, 0.6, 1.0))),
        group=draw(st.sampled_from((None, None, "g", "h"))),
    )


def is_weightless(row: Link, links: list[Link]) -> bool:
    """Whether a variant's item has known zeros only, which no sum can be scaled to 1."""
    if row.relation is not Relation.VARIANT_OF:
        return False
    same = [other for other in links if other.output_item_id == row.output_item_id]
    return all(other.weight == 0.0 for other in same if other.relation is Relation.VARIANT_OF)


@st.composite
def drawn_suppliers(draw: DrawFn) -> list[Supplier]:
    """Draw 3 to 7 firms, some in groups, some in towns, and three country aggregates."""
    firms: list[Supplier] = []
    for n in range(draw(st.integers(3, 7))):
        country = draw(st.sampled_from(("JPN", "CHN", "USA", None)))
        owners = [None, None, "HOLDING", *(row.supplier_id for row in firms)]
        places = ((None, None), ("P", "X"), ("P", "Y"), ("Q", None))
        province, city = draw(st.sampled_from(places if country else places[:1]))
        parent = draw(st.sampled_from(owners))
        firms.append(firm(f"F{n}", country, province=province, city=city, parent=parent))
    return [*firms, *(aggregate(name, country) for name, country in AGGREGATES.items())]


@st.composite
def drawn_supplies(draw: DrawFn, item_id: str, suppliers: list[Supplier]) -> list[Supply]:
    """Draw the sources of one item: none, firms, countries or both, some with two years or scopes."""
    firms = [row.supplier_id for row in suppliers if row.kind is SupplierKind.ENTERPRISE]
    names = draw(st.lists(st.sampled_from(firms), max_size=4, unique=True))
    if draw(st.integers(0, 3)) == 0:
        names += draw(st.lists(st.sampled_from(sorted(AGGREGATES)), max_size=3, unique=True))
    rows = {}
    for name in names:
        for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
            row = draw(drawn_supply(name, item_id))
            rows[name, row.share_scope, row.year] = row
    return list(rows.values())


@st.composite
def drawn_supply(draw: DrawFn, supplier_id: str, item_id: str) -> Supply:
    """Draw the blanks and values of one supply row."""
    return supply(
        supplier_id,
        item_id,
        draw(st.sampled_from(SHARES)),
        share_scope=draw(st.sampled_from((ShareScope.GLOBAL,) * 4 + (ShareScope.DOMESTIC,))),
        spare=draw(st.sampled_from(SPARES)),
        ramp_days=draw(st.sampled_from(DAYS)),
        qualified=draw(st.sampled_from((None, True, False))),
        qualification_days=draw(st.sampled_from(DAYS)),
        year=draw(st.sampled_from((None, 2024, 2025))),
    )


@st.composite
def drawn_purchases(draw: DrawFn, names: list[str], suppliers: list[Supplier]) -> list[Purchase]:
    """Draw up to four lists of firms that buy something, from firms and now and then from a country."""
    firms = [row.supplier_id for row in suppliers if row.kind is SupplierKind.ENTERPRISE]
    sources = [*firms, *firms, *AGGREGATES]
    wanted = st.tuples(st.sampled_from(firms), st.sampled_from(names))
    rows: list[Purchase] = []
    for buyer, item_id in draw(st.lists(wanted, max_size=4, unique=True)):
        complete = draw(st.sampled_from((None, True, False)))
        others = sorted(set(sources) - {buyer})
        named = draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
        rows += [draw(drawn_purchase(buyer, item_id, source, complete)) for source in named]
    return rows


@st.composite
def drawn_purchase(draw: DrawFn, buyer: str, item_id: str, source: str, complete: bool | None) -> Purchase:  # noqa: FBT001
    """Draw the blanks and values of one line of a list."""
    return purchase(
        buyer,
        item_id,
        source,
        draw(st.sampled_from(SHARES)),
        stock_days=draw(st.sampled_from((None, 0.0, 3.0, 6.5))),
        list_complete=complete,
        spare=draw(st.sampled_from(SPARES)),
        ramp_days=draw(st.sampled_from(DAYS)),
        qualified=draw(st.sampled_from((None, True, False))),
        qualification_days=draw(st.sampled_from(DAYS)),
    )


@st.composite
def shock_sets(
    draw: DrawFn,
    keys: Sequence[tuple[Scope, str]],
    made: Mapping[tuple[Scope, str], Sequence[str]] | None = None,
) -> list[Shock]:
    """Draw one to three shocks of given nodes: part or all, at once or later, for a while or for good.

    Where `made` says what a node makes, a shock may be narrowed to one of these items.
    """
    shocks = []
    for _ in range(draw(st.integers(1, 3))):
        node = draw(st.sampled_from(keys))
        days = draw(st.sampled_from((None, None, 1, 3, 7)))
        items = sorted((made or {}).get(node, ()))
        is_narrowed = bool(items) and draw(st.booleans())
        shocks.append(
            Shock(
                *node,
                severity=draw(st.sampled_from(SEVERITIES)),
                start_day=draw(st.sampled_from((0, 0, 1, 4))),
                days=days,
                recover_days=0 if days is None else draw(st.sampled_from((0, 0, 1, 4))),
                items=(draw(st.sampled_from(items)),) if is_narrowed else (),
            )
        )
    return shocks
