"""Concentration of every source list of a chain, by firm, parent, city, country and ring."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chains.model import SupplierKind
from chains.sources import ResolvedBy
from risk.concentration.hhi import Range, bound_hhi, judge_line, rank_within
from risk.concentration.markets import Basis, SourceList, list_markets
from risk.model import Verdict
from risk.nodes import topmost_parent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chains.defaults import Defaults, DefaultUsed
    from chains.model import ChainRecords, Supplier
    from chains.regions import Regions
    from risk.concentration.lines import ConcentrationLines


class GroupedBy(StrEnum):
    """By whom shares are added before they are squared."""

    FIRM = "firm"
    PARENT = "parent"
    CITY = "city"
    COUNTRY = "country"
    RING = "ring"


# Country rows say nothing about these.
FIRM_ONLY = frozenset({GroupedBy.FIRM, GroupedBy.PARENT, GroupedBy.CITY})


@dataclass(frozen=True, slots=True)
class Concentration:
    """How concentrated one source list is by one kind of group.

    Attributes
    ----------
    item_id, buyer_id, view, basis, used
        As in `risk.concentration.markets.SourceList`.
    by
        What shares are added by.
    shown
        Whether this view is the one to look at: of two views the one that knows more.
    hhi
        Both ends of the index, 0 to 1; ``None`` when only countries are known.
    point
        With the shares that the model reckons with, 0 to 1; unnamed others count as ever so many.
    rest
        What is not known to belong to any group, 0 to 1.
    groups
        Known groups with their shares, the largest first; keys as in `risk.nodes` or `chains.regions.Ring`.
    sources
        How many sources are named.
    verdict
        Of the range against the line.
    percentile
        Part of the chain's items whose low end is no larger, (0, 1]; ``None`` for lists and where nothing is
        known.
    defaults
        Defaults that `point` rests on.
    """

    item_id: str
    buyer_id: str | None
    view: ResolvedBy
    basis: Basis
    used: bool
    by: GroupedBy
    shown: bool
    hhi: Range | None
    point: float | None
    rest: float
    groups: tuple[tuple[str, float], ...]
    sources: int
    verdict: Verdict
    percentile: float | None
    defaults: DefaultUsed


@dataclass(frozen=True, slots=True)
class ForeignShare:
    """Share of sources abroad of one source list.

    Attributes
    ----------
    item_id, buyer_id, view, basis, used
        As in `risk.concentration.markets.SourceList`.
    shown
        Whether this is the one to look at: home use where half of it is known, else the better view.
    share
        Both ends, 0 to 1: what is known to be abroad, and that with all that is not known to be at home.
    verdict
        Against the line.
    """

    item_id: str
    buyer_id: str | None
    view: ResolvedBy
    basis: Basis
    used: bool
    shown: bool
    share: Range
    verdict: Verdict


def measure_concentration(
    records: ChainRecords, *, defaults: Defaults, regions: Regions, lines: ConcentrationLines
) -> tuple[Concentration, ...]:
    """Measure how concentrated every item's market and every buyer's list is.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.
    regions
        Which provinces make which ring.
    lines
        Where concentrated begins.

    Returns
    -------
    tuple of Concentration
        In order of `list_markets`, then of `GroupedBy`; shares of home use are left out.

    Notes
    -----
    A share whose group is not known (a blank city, a country without a code) counts to the rest.

    References
    ----------
    methods.md section 2.
    """
    by_id = {supplier.supplier_id: supplier for supplier in records.suppliers}
    markets = [one for one in list_markets(records, defaults) if one.basis is not Basis.HOME]
    found = [_measure(market, by, by_id, regions, lines.hhi) for market in markets for by in GroupedBy]
    return tuple(_add_percentiles(_mark_shown(found)))


def measure_foreign(
    records: ChainRecords, *, defaults: Defaults, home: Collection[str], lines: ConcentrationLines
) -> tuple[ForeignShare, ...]:
    """Measure which part of every market and every buyer's list comes from abroad.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.
    home
        ISO alpha-3 codes of the home countries.
    lines
        Where dependence begins.

    Returns
    -------
    tuple of ForeignShare
        In order of `list_markets`.
    """
    markets = list_markets(records, defaults)
    best: dict[tuple[str, str | None], SourceList] = {}
    for market in markets:
        key = (market.item_id, market.buyer_id)
        if key not in best or _foreign_rank(market) > _foreign_rank(best[key]):
            best[key] = market
    found = []
    for market in markets:
        abroad, at_home = _split_by_home(market, home)
        share = Range(abroad, max(abroad, 1.0 - at_home))
        shown = best[market.item_id, market.buyer_id] is market
        found.append(
            ForeignShare(
                market.item_id, market.buyer_id, market.view, market.basis, market.used, shown, share,
                judge_line(share, lines.foreign),
            )
        )  # fmt: skip
    return tuple(found)


def _split_by_home(market: SourceList, home: Collection[str]) -> tuple[float, float]:
    abroad = at_home = 0.0
    for one in market.holdings:
        if one.known is not None and one.supplier.country is not None:
            at_home += one.known if one.supplier.country in home else 0.0
            abroad += 0.0 if one.supplier.country in home else one.known
    return min(1.0, abroad), min(1.0, at_home)


def _foreign_rank(market: SourceList) -> tuple[bool, float, bool]:
    known = sum(one.known or 0.0 for one in market.holdings if one.supplier.country is not None)
    return market.basis is Basis.HOME, round(known, 9), market.used


def _measure(
    market: SourceList, by: GroupedBy, by_id: Mapping[str, Supplier], regions: Regions, line: float
) -> Concentration:
    countries = any(one.supplier.kind is not SupplierKind.ENTERPRISE for one in market.holdings)
    blank = by in FIRM_ONLY and countries
    groups: dict[str, float] = defaultdict(float)
    filled: dict[str, float] = defaultdict(float)
    for one in market.holdings:
        key = group_of(one.supplier, by, by_id, regions)
        if key is not None and one.known is not None:
            groups[key] += one.known
        filled[f"? {one.supplier.supplier_id}" if key is None else f"= {key}"] += one.filled
    known = sorted(groups.items(), key=lambda group: (-group[1], group[0]))
    rest = max(0.0, 1.0 - sum(groups.values()))
    found = None if blank else bound_hhi(list(groups.values()), rest)
    point = sum(share * share for share in sorted(filled.values()))
    return Concentration(
        item_id=market.item_id,
        buyer_id=market.buyer_id,
        view=market.view,
        basis=market.basis,
        used=market.used,
        by=by,
        shown=True,
        hhi=found,
        point=None if found is None else min(max(point, found.low), found.high),
        rest=rest,
        groups=() if blank else tuple(known),
        sources=len(market.holdings),
        verdict=judge_line(found, line),
        percentile=None,
        defaults=market.defaults,
    )


def group_of(
    supplier: Supplier, by: GroupedBy, by_id: Mapping[str, Supplier], regions: Regions
) -> str | None:
    """Name the group of a supplier.

    Parameters
    ----------
    supplier
        A firm or a country's makers.
    by
        Which kind of group.
    by_id
        All suppliers, for their parents.
    regions
        Which provinces make which ring.

    Returns
    -------
    str or None
        ``None`` when the data do not say; cities carry their country, ``CHN/苏州``.
    """
    if by is GroupedBy.COUNTRY:
        return supplier.country
    if by is GroupedBy.RING:
        ring = regions.ring_of(supplier.country, supplier.province)
        return None if ring is None else ring.value
    if supplier.kind is not SupplierKind.ENTERPRISE:
        return None
    if by is GroupedBy.FIRM:
        return supplier.supplier_id
    if by is GroupedBy.PARENT:
        return topmost_parent(supplier.supplier_id, by_id)
    return f"{supplier.country or ''}/{supplier.city}" if supplier.city else None


def _mark_shown(found: Sequence[Concentration]) -> list[Concentration]:
    """Of two views of one market show the one that leaves less open, on a tie the model's."""
    best: dict[tuple[str, str | None, GroupedBy], tuple[bool, float, bool]] = {}
    for one in found:
        key = (one.item_id, one.buyer_id, one.by)
        best[key] = max(best.get(key, _rank(one)), _rank(one))
    return [replace(one, shown=_rank(one) == best[one.item_id, one.buyer_id, one.by]) for one in found]


def _rank(one: Concentration) -> tuple[bool, float, bool]:
    return one.hhi is not None, -round(one.rest, 9), one.used


def _add_percentiles(found: Sequence[Concentration]) -> Iterator[Concentration]:
    by_group: dict[GroupedBy, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        if one.shown and one.buyer_id is None and one.groups:
            by_group[one.by].append(number)
    percentile: dict[int, float | None] = {}
    for numbers in by_group.values():
        ranked = rank_within([found[number].hhi.low for number in numbers])  # type: ignore[union-attr]
        percentile |= dict(zip(numbers, ranked, strict=True))
    for number, one in enumerate(found):
        yield replace(one, percentile=percentile.get(number))
