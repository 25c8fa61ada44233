"""What a blank means (model.md section 2), kept here so that the judge needs no code of ours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chains.model import End, Kind, Use

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chains.model import Item

BLANK_CAP = 0.10
SPARE_RATIO = 0.10
NONESSENTIAL_WEIGHT = 0.10
OTHER_ATTRITION = 0.25
TOLERANCE = 1e-9

USE = {
    Kind.MATERIAL: Use.CONSUMABLE,
    Kind.COMPONENT: Use.CONSUMABLE,
    Kind.EQUIPMENT: Use.CAPITAL,
    Kind.SOFTWARE: Use.CAPITAL,
    Kind.PROCESS: Use.CONSUMABLE,
    Kind.PRODUCT: Use.CONSUMABLE,
}
COVER_DAYS = {Kind.MATERIAL: 30.0, Kind.COMPONENT: 30.0}
ATTRITION = {Kind.EQUIPMENT: 0.10, Kind.SOFTWARE: 0.20}
RAMP_DAYS = {
    Kind.MATERIAL: 30.0,
    Kind.COMPONENT: 60.0,
    Kind.EQUIPMENT: 180.0,
    Kind.SOFTWARE: 30.0,
    Kind.PROCESS: 90.0,
    Kind.PRODUCT: 60.0,
}
QUALIFICATION_DAYS = {
    Kind.MATERIAL: 270.0,
    Kind.COMPONENT: 360.0,
    Kind.EQUIPMENT: 540.0,
    Kind.SOFTWARE: 360.0,
    Kind.PROCESS: 540.0,
    Kind.PRODUCT: 360.0,
}


def is_capital(item: Item) -> bool:
    """Whether an item is an installed base, not used up."""
    return (item.use or USE[item.kind]) is Use.CAPITAL


def attrition_of(item: Item) -> float:
    """Share of the installed base of a capital item renewed in a year."""
    if item.attrition is not None:
        return item.attrition
    return ATTRITION.get(item.kind, OTHER_ATTRITION)


def market_stock(item: Item, *, has_sources: bool) -> float:
    """Days of stock that the users of an item hold."""
    if is_capital(item):
        return 0.0
    if item.cover_days is not None:
        return item.cover_days
    return COVER_DAYS.get(item.kind, 0.0) if has_sources else 0.0


def list_stock(item: Item, given: Collection[float | None]) -> float:
    """Days of stock of one buyer's list: the largest given, else the item's, else the kind's."""
    known = [days for days in given if days is not None]
    if is_capital(item):
        return 0.0
    if known:
        return max(known)
    if item.cover_days is not None:
        return item.cover_days
    return COVER_DAYS.get(item.kind, 0.0)


def ready_day(
    item: Item,
    *,
    ramp_days: float | None,
    qualified: bool | None,
    qualification_days: float | None,
) -> float:
    """First day on which the spare of a source flows."""
    ramp = RAMP_DAYS[item.kind] if ramp_days is None else ramp_days
    if qualified is None or qualified:
        return ramp
    return ramp + (QUALIFICATION_DAYS[item.kind] if qualification_days is None else qualification_days)


def spare_of(item: Item, share: float, *, given: float | None, qualified: bool | None) -> float:
    """Spare of a source: what is given, else a part of the share in use if it is qualified."""
    if given is not None:
        return given
    if qualified is not None and not qualified:
        return 0.0
    ratio = SPARE_RATIO if item.spare_ratio is None else item.spare_ratio
    return ratio * share


def fill_shares(
    shares: Mapping[str, float | None],
    *,
    complete: bool,
    stopped: Collection[str] = (),
    end: End = End.POINT,
) -> tuple[dict[str, float], float]:
    """Shares in use of one source list, and what is left for unnamed others.

    `stopped` are the suppliers that a node stops: at the low end their unsure shares go to
    others, at the high end they get the whole rest of the list.
    """
    blanks = [source for source, share in shares.items() if share is None]
    known = math.fsum(share for share in shares.values() if share is not None)
    if known > 1.0:
        filled = {source: (share or 0.0) / known for source, share in shares.items()}
        return filled, 0.0
    rest = 1.0 - known
    filled = {source: share for source, share in shares.items() if share is not None}
    if blanks:
        part = rest / (len(blanks) + (0 if complete else 1))
        filled |= dict.fromkeys(blanks, part if complete else min(part, BLANK_CAP))
    unsure = [] if complete and len(blanks) == 1 else blanks
    hit = [source for source in unsure if source in stopped]
    if end is End.LOW:
        filled |= dict.fromkeys(hit, 0.0)
    if end is End.HIGH and hit:
        filled |= dict.fromkeys(blanks, 0.0) | dict.fromkeys(hit, rest / len(hit))
    return filled, max(0.0, 1.0 - math.fsum(filled.values()))


def fill_variant_weights(weights: Mapping[str, float | None]) -> dict[str, float]:
    """Weights of the variants of one item, summing to 1."""
    filled, _ = fill_shares(weights, complete=True)
    total = math.fsum(filled.values())
    return {variant: weight / total for variant, weight in filled.items()}
