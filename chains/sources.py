"""Who supplies each item: one resolution per item, with its blanks filled.

Firm rows and country rows of one item are two views of the same market and are never added.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from chains.defaults import DefaultUsed
from chains.model import ShareScope, SupplierKind
from chains.shares import FilledShares, fill_shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chains.defaults import Defaults
    from chains.model import ChainRecords, Item, Supply

FIRM_SHARE_ENOUGH = 0.5
THRESHOLD_SLACK = 1e-9


class ResolvedBy(StrEnum):
    """Which view of the market an item's sources come from."""

    FIRM = "firm"
    COUNTRY = "country"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ItemSources:
    """The sources of one item that count, and those that are only shown.

    Attributes
    ----------
    item_id
        Whose sources.
    resolved_by
        Whether firms or countries are used; none when no row names a source.
    supplies
        The rows used, by supplier id; a domestic share that the world view cannot use is blank.
    filled
        Shares in the order of `supplies`.
    unused
        Firm rows left out because the item is resolved by country.
    complete
        Whether `supplies` names every source.
    """

    item_id: str
    resolved_by: ResolvedBy
    supplies: tuple[Supply, ...]
    filled: FilledShares
    unused: tuple[Supply, ...]
    complete: bool


def resolve_sources(records: ChainRecords, defaults: Defaults) -> dict[str, ItemSources]:
    """Resolve the sources of every item of a chain.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.

    Returns
    -------
    dict
        By item id, for every item of `records`.

    Notes
    -----
    Firm rows are used when their known shares reach 0.5, or when the country rows' known sum is
    no larger; else the country rows. An item without firm rows uses its country rows.

    References
    ----------
    model.md section 2, "One resolution per item".
    """
    kinds = {supplier.supplier_id: supplier.kind for supplier in records.suppliers}
    rows: dict[str, list[Supply]] = defaultdict(list)
    for supply in records.supplies:
        rows[supply.item_id].append(supply)
    return {
        item.item_id: _resolve_item(item, world_rows(rows[item.item_id]), kinds, defaults)
        for item in records.items
    }


def world_rows(supplies: Sequence[Supply]) -> tuple[Supply, ...]:
    """One row a supplier, as the world view reads one item.

    Parameters
    ----------
    supplies
        All rows of one item: both scopes, all years.

    Returns
    -------
    tuple of Supply
        By supplier id: the latest year of the global rows; of a supplier with only domestic
        rows the latest of these, blank unless no global share of the item is known at all.
    """
    latest: dict[tuple[str, ShareScope], Supply] = {}
    for supply in sorted(supplies, key=lambda row: row.year or 0):
        latest[supply.supplier_id, supply.share_scope] = supply
    rows = list(latest.values())
    no_global = not any(row.share is not None for row in rows if row.share_scope is ShareScope.GLOBAL)
    chosen: dict[str, Supply] = {}
    for row in sorted(rows, key=lambda row: (row.supplier_id, row.share_scope is not ShareScope.GLOBAL)):
        if row.share_scope is ShareScope.GLOBAL:
            chosen[row.supplier_id] = row
        elif row.supplier_id not in chosen:
            chosen[row.supplier_id] = row if no_global else replace(row, share=None)
        elif no_global and chosen[row.supplier_id].share is None:
            chosen[row.supplier_id] = replace(chosen[row.supplier_id], share=row.share)
    return tuple(chosen.values())


def _resolve_item(
    item: Item, supplies: Sequence[Supply], kinds: Mapping[str, SupplierKind], defaults: Defaults
) -> ItemSources:
    by, used, unused = split_views(supplies, kinds)
    complete = defaults.suppliers_complete if item.suppliers_complete is None else item.suppliers_complete
    filled = fill_shares([row.share for row in used], complete=complete, blank_cap=defaults.blank_cap)
    return ItemSources(item.item_id, by, used, filled, unused, complete)


def split_views(
    supplies: Sequence[Supply], kinds: Mapping[str, SupplierKind]
) -> tuple[ResolvedBy, tuple[Supply, ...], tuple[Supply, ...]]:
    """Decide whether firms or countries are used of one item.

    Parameters
    ----------
    supplies
        One row a supplier, from `world_rows`.
    kinds
        By supplier id.

    Returns
    -------
    tuple
        The view, its rows, and the firm rows left out.
    """
    firms = tuple(row for row in supplies if kinds[row.supplier_id] is SupplierKind.ENTERPRISE)
    countries = tuple(row for row in supplies if kinds[row.supplier_id] is SupplierKind.COUNTRY_AGGREGATE)
    by = _resolved_by(firms, countries)
    return (by, countries, firms) if by is ResolvedBy.COUNTRY else (by, firms, ())


def _resolved_by(firms: Sequence[Supply], countries: Sequence[Supply]) -> ResolvedBy:
    if not firms:
        return ResolvedBy.COUNTRY if countries else ResolvedBy.NONE
    firm_sum = _known_sum(firms)
    enough = firm_sum >= FIRM_SHARE_ENOUGH - THRESHOLD_SLACK
    return (
        ResolvedBy.FIRM
        if enough or _known_sum(countries) <= firm_sum + THRESHOLD_SLACK
        else ResolvedBy.COUNTRY
    )


def _known_sum(rows: Sequence[Supply]) -> float:
    return sum(row.share for row in rows if row.share is not None)


@dataclass(frozen=True, slots=True)
class SparePlan:
    """How much more a source can deliver, and from which day.

    Attributes
    ----------
    spare
        As a fraction of the whole need; NaN-free.
    ready_days
        Days from the first day of a shock until it flows.
    ratio
        Spare as a multiple of the source's share when `spare` is a default, else ``None``.
    used
        Defaults this rests on.
    """

    spare: float
    ready_days: float
    ratio: float | None
    used: DefaultUsed


def spare_plan(
    item: Item,
    share: float,
    defaults: Defaults,
    *,
    spare: float | None,
    ramp_days: float | None,
    qualified: bool | None,
    qualification_days: float | None,
) -> SparePlan:
    """Work out what a source can add, from the facts of its row and the defaults of its item's kind.

    Parameters
    ----------
    item
        What the source makes.
    share
        The source's share in the list at hand, 0 to 1.
    defaults
        What blanks mean.
    spare, ramp_days, qualified, qualification_days
        As in the row; ``None`` where blank.

    Returns
    -------
    SparePlan
        Spare is spare_ratio × share for a qualified source, else 0, unless the row says.

    References
    ----------
    model.md section 2, "Other defaults".
    """
    kind = defaults.kinds[item.kind]
    is_qualified = defaults.qualified if qualified is None else qualified
    ready = kind.ramp_days if ramp_days is None else ramp_days
    if not is_qualified:
        ready += kind.qualification_days if qualification_days is None else qualification_days
    used = _defaults_used(
        qualified is None, ramp_days is None, not is_qualified and qualification_days is None, spare is None
    )
    if spare is not None:
        return SparePlan(spare, ready, None, used)
    ratio = defaults.spare_ratio if item.spare_ratio is None else item.spare_ratio
    ratio = ratio if is_qualified else 0.0
    return SparePlan(ratio * share, ready, ratio, used)


@cache
def _defaults_used(*blank: bool) -> DefaultUsed:
    """Join the flags of a plan's blanks; kept, for a province asks a hundred thousand times."""
    flags = (
        DefaultUsed.QUALIFIED,
        DefaultUsed.RAMP_DAYS,
        DefaultUsed.QUALIFICATION_DAYS,
        DefaultUsed.SPARE,
    )
    return reduce(or_, (flag for flag, rests in zip(flags, blank, strict=True) if rests), DefaultUsed(0))
