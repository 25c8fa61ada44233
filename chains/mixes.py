"""What each region uses from whom: home-first mixes and the share of world use that happens at home.

Words and rules of perspective.md: m is a source's part of a region's use of an item, h the part of the
world's use that happens at home.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import Relation, ShareScope
from chains.shares import FilledShares, fill_shares

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chains.model import ChainRecords, Supplier, Supply
    from chains.sources import ItemSources

DOMESTIC_ENOUGH = 0.5
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class HomeUse:
    """Share of world use that happens at home, 0 to 1, and whether the item's own row says so."""

    share: float
    is_given: bool


@dataclass(frozen=True, slots=True)
class Mix:
    """Parts of a region's use, one a source, and of unnamed others; they sum to 1."""

    parts: tuple[float, ...]
    others: float


def is_home(supplier: Supplier, home: Collection[str]) -> bool:
    """Whether a supplier belongs to home.

    Parameters
    ----------
    supplier
        Any; without a country it is abroad.
    home
        ISO alpha-3 codes of countries, or provinces as ``CHN/江苏``.

    Returns
    -------
    bool
        True when its country or its province is named.
    """
    return bool(supplier.country) and (
        supplier.country in home or f"{supplier.country}/{supplier.province}" in home
    )


def home_first(shares: Sequence[float], at_home: Sequence[bool], *, others: float, home_use: float) -> Mix:
    """Mix of home where nothing else is known: home buys at home before it imports.

    Parameters
    ----------
    shares
        Of the world market, one a source.
    at_home
        Which sources are at home.
    others
        Share of unnamed others, who count as abroad.
    home_use
        h, 0 to 1.

    Returns
    -------
    Mix
        In the order of `shares`.

    References
    ----------
    perspective.md, "Mix".

    Examples
    --------
    >>> home_first([0.8, 0.2], [False, True], others=0.0, home_use=0.4)
    Mix(parts=(0.5, 0.5), others=0.0)
    """
    made = sum(share for share, own in zip(shares, at_home, strict=True) if own)
    covered = _covered(made, home_use)
    own_factor = covered / made if made > 0.0 else 0.0
    foreign_factor = (1.0 - covered) / (1.0 - made) if made < 1.0 else 0.0
    parts = tuple(
        share * (own_factor if own else foreign_factor) for share, own in zip(shares, at_home, strict=True)
    )
    return Mix(parts, others * foreign_factor)


def _covered(made: float, home_use: float) -> float:
    """κ: the part of home's use that home's makers cover."""
    if made <= 0.0:
        return 0.0
    return min(1.0, made / home_use) if home_use > 0.0 else 1.0


def left_for_abroad(shares: Sequence[float], mix: Mix, *, others: float, home_use: float) -> Mix:
    """Mix of abroad: what home leaves of each source, scaled to sum 1.

    Parameters
    ----------
    shares
        Of the world market.
    mix
        Of home.
    others
        Share of unnamed others in the world market.
    home_use
        h, 0 to 1.

    Returns
    -------
    Mix
        The world's shares where home leaves nothing.
    """
    left = [max(0.0, share - home_use * part) for share, part in zip(shares, mix.parts, strict=True)]
    rest = max(0.0, others - home_use * mix.others)
    total = sum(left) + rest
    if home_use >= 1.0 or total <= SLACK:
        return Mix(tuple(shares), others)
    return Mix(tuple(part / total for part in left), rest / total)


def find_home_uses(
    records: ChainRecords, sources: Mapping[str, ItemSources], *, home: Collection[str], default: float
) -> dict[str, HomeUse]:
    """Find h of every item.

    Parameters
    ----------
    records
        Joined and restricted facts.
    sources
        Resolved sources.
    home
        See `is_home`.
    default
        Where neither the item nor its users say anything; the chain's own goes before it.

    Returns
    -------
    dict
        By item id.

    References
    ----------
    perspective.md, "Files".
    """
    usual = default if records.chain.home_use is None else records.chain.home_use
    at_home = {supplier.supplier_id: is_home(supplier, home) for supplier in records.suppliers}
    made = {
        item_id: sum(
            share
            for row, share in zip(source.supplies, source.filled.shares, strict=True)
            if at_home[row.supplier_id]
        )
        if source.supplies
        else usual
        for item_id, source in sources.items()
    }
    given = {item.item_id: item.home_use for item in records.items if item.home_use is not None}
    return _spread_uses(records, given, made)


def _spread_uses(
    records: ChainRecords, given: Mapping[str, float], made: Mapping[str, float]
) -> dict[str, HomeUse]:
    feeds: dict[str, list[str]] = defaultdict(list)
    parents: dict[str, list[str]] = defaultdict(list)
    for link in records.links:
        if link.relation is Relation.INPUT_OF:
            feeds[link.input_item_id].append(link.output_item_id)
        elif link.relation is Relation.VARIANT_OF:
            parents[link.input_item_id].append(link.output_item_id)

    def use_of(item_id: str, seen: tuple[str, ...] = ()) -> float:
        if item_id in given:
            return given[item_id]
        above = parents.get(item_id, ())
        if above and item_id not in seen:
            return sum(use_of(one, (*seen, item_id)) for one in above) / len(above)
        users = feeds.get(item_id) if not above else None
        return sum(made[one] for one in users) / len(users) if users else made[item_id]

    return {
        item.item_id: HomeUse(use_of(item.item_id), is_given=item.item_id in given) for item in records.items
    }


def domestic_shares(
    supplies: Sequence[Supply], source: ItemSources, *, blank_cap: float
) -> FilledShares | None:
    """Shares of home use where domestic rows give at least half of it, in the order of the sources.

    Parameters
    ----------
    supplies
        All rows of one item, both scopes, all years.
    source
        Its resolved sources.
    blank_cap
        The most a blank of an incomplete list is given.

    Returns
    -------
    FilledShares or None
        A source without a domestic row has share 0.
    """
    latest: dict[str, Supply] = {}
    for row in sorted(supplies, key=lambda row: row.year or 0):
        if row.share_scope is ShareScope.DOMESTIC:
            latest[row.supplier_id] = row
    rows = [latest.get(one.supplier_id) for one in source.supplies]
    known = sum(row.share for row in rows if row is not None and row.share is not None)
    if known < DOMESTIC_ENOUGH - SLACK:
        return None
    named = [row.share for row in rows if row is not None]
    filled = fill_shares(named, complete=source.complete, blank_cap=blank_cap)
    parts = iter(zip(filled.shares, filled.unsure, strict=True))
    spread = [(0.0, False) if row is None else next(parts) for row in rows]
    return FilledShares(
        tuple(share for share, _ in spread), filled.others, tuple(unsure for _, unsure in spread), filled.rest
    )
