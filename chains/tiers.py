"""Tiers: a slot takes sources of at least its own tier, so that 28 nm supply does not serve a 7 nm slot."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from chains.errors import ChainDataError
from chains.model import Relation
from chains.shares import FilledShares
from chains.sources import world_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chains.model import Link, Region, Supply
    from chains.sources import ItemSources

# Stands in no id of a table: cells are stripped and hold no control characters.
SEPARATOR = "\x1f"
REGION_SEPARATOR = "\x1e"


def narrowed_id(item_id: str, tier: int) -> str:
    """Name the part of an item's supply that a tier accepts; never shown."""
    return f"{item_id}{SEPARATOR}{tier}"


def base_item_id(item_id: str) -> str:
    """Id of the item itself."""
    return item_id.partition(REGION_SEPARATOR)[0].partition(SEPARATOR)[0]


def place_id(item_id: str, region: Region) -> str:
    """Name an item, or what a tier accepts of it, as one region has it; never shown."""
    return f"{item_id}{REGION_SEPARATOR}{region}"


def is_narrowed(item_id: str) -> bool:
    """Whether an id names what a tier accepts of an item."""
    return SEPARATOR in item_id


def accepts(tier: int | None, source: int | None) -> bool:
    """Whether a slot takes a source: an unknown tier of either is no ground to refuse it.

    Examples
    --------
    >>> accepts(7, 3), accepts(7, 7), accepts(7, None), accepts(None, 3)
    (False, True, True, True)
    """
    return tier is None or source is None or source >= tier


def known_tiers(supplies: Iterable[Supply]) -> dict[tuple[str, str], int]:
    """Tier of each supplier of each item, where the row that counts gives one."""
    rows: dict[str, list[Supply]] = defaultdict(list)
    for supply in supplies:
        rows[supply.item_id].append(supply)
    tiered = [item_id for item_id, of_item in rows.items() if any(row.tier is not None for row in of_item)]
    return {
        (row.supplier_id, item_id): row.tier
        for item_id in tiered
        for row in world_rows(rows[item_id])
        if row.tier is not None
    }


def narrow_markets(
    links: Sequence[Link], sources: Mapping[str, ItemSources]
) -> dict[tuple[str, int], ItemSources]:
    """Find the markets that some slot narrows.

    Parameters
    ----------
    links
        Of a chain; only inputs with a tier matter.
    sources
        Resolved sources by item.

    Returns
    -------
    dict
        By item and tier, where the tier leaves out at least one source.

    Raises
    ------
    ChainDataError
        When a slot accepts none of the sources of its item.
    """
    found: dict[tuple[str, int], ItemSources] = {}
    for link in links:
        if link.relation is Relation.INPUT_OF and link.tier is not None:
            source = sources[link.input_item_id]
            if all(accepts(link.tier, row.tier) for row in source.supplies):
                continue
            if not any(accepts(link.tier, row.tier) for row in source.supplies):
                raise _nobody(link)
            found[link.input_item_id, link.tier] = narrow_sources(source, link.tier)
    return found


def _nobody(link: Link) -> ChainDataError:
    given, made, tier = link.input_item_id, link.output_item_id, link.tier
    return ChainDataError(
        f"link {given} to {made}: no source of {given} reaches tier {tier}; correct a tier or add a source",
        zh=f"环节关系 {given} → {made}:{given} 没有等级达到 {tier} 的来源;请改正等级或补充来源",
    )


def narrow_sources(source: ItemSources, tier: int) -> ItemSources:
    """Keep the sources that a tier accepts, as the whole market of who asks for it.

    Parameters
    ----------
    source
        Of the item; at least one of its sources is accepted.
    tier
        Of the slot.

    Returns
    -------
    ItemSources
        Filled shares, others and given spares in proportion, shares and others summing to 1; where the
        accepted sources have no share at all they get even ones.
    """
    kept = [number for number, row in enumerate(source.supplies) if accepts(tier, row.tier)]
    filled = source.filled
    total = sum(filled.shares[number] for number in kept) + filled.others
    scale = 1.0 / total if total > 0.0 else 1.0
    shares = tuple(filled.shares[n] * scale if total > 0.0 else 1.0 / len(kept) for n in kept)
    rows = tuple(source.supplies[number] for number in kept)
    return replace(
        source,
        supplies=tuple(row if row.spare is None else replace(row, spare=row.spare * scale) for row in rows),
        filled=_with_rest(shares, filled.others * scale, tuple(filled.unsure[n] for n in kept)),
    )


def narrow_list(filled: FilledShares, kept: Sequence[int]) -> FilledShares | None:
    """Keep some rows of a buyer's list, scaled to what all its rows have together.

    Parameters
    ----------
    filled
        The list with blanks filled.
    kept
        Numbers of the rows that stay.

    Returns
    -------
    FilledShares or None
        None when the rows that stay have no share: then the list stays as it is.
    """
    left = sum(filled.shares[number] for number in kept)
    if left <= 0.0:
        return None
    scale = sum(filled.shares) / left
    shares = tuple(filled.shares[number] * scale for number in kept)
    return _with_rest(shares, filled.others, tuple(filled.unsure[number] for number in kept))


def _with_rest(shares: tuple[float, ...], others: float, unsure: tuple[bool, ...]) -> FilledShares:
    """Leave to the blanks that stay at most what they and others have together."""
    open_part = sum(share for share, is_unsure in zip(shares, unsure, strict=True) if is_unsure)
    return FilledShares(shares, others, unsure, open_part + others)
