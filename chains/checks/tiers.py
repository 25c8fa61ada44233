"""Tiers of slots and sources: every slot needs a source that reaches its tier."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chains.checks.places import error, warning
from chains.errors import Problem
from chains.model import ChainFolder, Link, Purchase, Relation, Supply
from chains.sources import split_views, world_rows
from chains.tiers import accepts, known_tiers


def check_tiers(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find slots that accept no source of their item, and lists with sources below a slot's tier.

    Parameters
    ----------
    folders
        All folders that are scored together.

    Returns
    -------
    list of Problem
        An error per slot without an accepted source; a warning per buyer's list of which rows are left out.
    """
    links = {(row.input_item_id, row.output_item_id): row for row in _tiered_links(folders)}
    if not links:
        return []
    kinds = {row.supplier_id: row.kind for folder in folders for row in folder.suppliers}
    supplies: dict[str, list[Supply]] = defaultdict(list)
    for folder in folders:
        for row in folder.supplies:
            if row.supplier_id in kinds:
                supplies[row.item_id].append(row)
    used = {item_id: split_views(world_rows(rows), kinds)[1] for item_id, rows in supplies.items()}
    tiers = known_tiers([row for rows in supplies.values() for row in rows])
    return [*_check_slots(links, used), *_check_lists(folders, links, tiers)]


def _tiered_links(folders: Sequence[ChainFolder]) -> Iterator[Link]:
    for folder in folders:
        for link in folder.links:
            if link.relation is Relation.INPUT_OF and link.tier is not None:
                yield link


def _check_slots(
    links: Mapping[tuple[str, str], Link], used: Mapping[str, Sequence[Supply]]
) -> Iterator[Problem]:
    for (given, made), link in sorted(links.items()):
        sources = used.get(given, ())
        if sources and not any(accepts(link.tier, row.tier) for row in sources):
            yield error(
                "tier-unserved",
                f"link {given} to {made} asks for tier {link.tier}, which no source of {given} reaches; "
                "correct a tier or add a source",
                (link, *sources),
                zh=f"环节关系 {given} → {made} 要求等级 {link.tier},{given} 没有来源达到;请改等级或补来源",
            )


def _check_lists(
    folders: Sequence[ChainFolder],
    links: Mapping[tuple[str, str], Link],
    tiers: Mapping[tuple[str, str], int],
) -> Iterator[Problem]:
    makes: dict[str, set[str]] = defaultdict(set)
    lists: dict[tuple[str, str], dict[str, Purchase]] = defaultdict(dict)
    for folder in folders:
        for supply in folder.supplies:
            makes[supply.supplier_id].add(supply.item_id)
        for row in folder.purchases:
            makes[row.supplier_id].add(row.item_id)
            lists[row.buyer_id, row.item_id][row.supplier_id] = row
    for (buyer, item_id), rows in sorted(lists.items()):
        asked = [link.tier for made in makes[buyer] if (link := links.get((item_id, made)))]
        low = [
            row
            for supplier, row in sorted(rows.items())
            if any(not accepts(tier, tiers.get((supplier, item_id))) for tier in asked)
        ]
        if low:
            names = [row.supplier_id for row in low]
            yield warning(
                "below-tier",
                f"{buyer} buys {item_id} from {', '.join(names)}, whose tier is below what it needs; "
                "they are left out where that tier is needed; correct a tier or the list",
                low,
                zh=f"{buyer} 向 {'、'.join(names)} 采购的 {item_id} 等级低于所需;需要该等级处不计入这些来源;"
                "请改正等级或名单",
            )
