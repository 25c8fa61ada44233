"""What the sources of a region make and bring (perspective.md, One day): readings see `home_day`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.reference.home_mix import ABROAD, OTHERS, Name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chains.model import Mode
    from tests.reference.facts import Facts, Unit
    from tests.reference.home_mix import HomeLists

Place = tuple[str, Name]  # region and market
Lane = tuple[str, str, str]  # source, region, item


@dataclass(frozen=True)
class Calm:
    """What holds on a day besides the state."""

    unit: Mapping[Unit, float]
    item: Mapping[str, float]
    passing: Mapping[Lane, float]  # e
    mode: Mode
    day: int | None  # None: no substitution


@dataclass(frozen=True)
class Makers:
    """What the sources of one region do for one item."""

    running: float  # of an open-market unit that is not stopped, before a_i
    flowing: float  # x, the running part of ready spare
    total: float  # T
    fixed: float  # sum of share * y over contracted units
    share: float  # N0


def base_of(name: Name) -> str:
    """Give the item of a market."""
    return name if isinstance(name, str) else name[0]


def make(
    facts: Facts,
    lists: HomeLists,
    calm: Calm,
    place: Place,
    *,
    limit: float,
    unit: Mapping[Unit, float],
) -> Makers:
    """Give what the sources of one region make of one item."""
    region, i = place[0], base_of(place[1])
    sourced = lists.markets[place[1]]
    base = whole = sourced.others if region == ABROAD else 0.0
    fixed = spares = 0.0
    for source, share in sourced.share.items():
        if lists.region[source] != region:
            continue
        whole += share
        runs = calm.unit.get((source, i), 1.0)
        if (source, i) in facts.contracted:
            runs = unit[source, i]
            fixed += share * runs
        else:
            base += share * runs
        spares += sourced.ready_spare(source, calm.day) * runs
    wanted = max(0.0, whole - fixed)
    normal = min(base, limit * wanted)
    extra = max(0.0, min(1.0, fixed + base + spares) - whole)
    total = normal + min(spares, limit * wanted - normal + limit * extra)
    running = min(1.0, limit * wanted / base) if base > 0.0 else limit
    flowing = (total - normal) / spares if spares > 0.0 else 0.0
    return Makers(running, flowing, total, fixed, whole)


def arrive(
    facts: Facts,
    lists: HomeLists,
    calm: Calm,
    place: Place,
    *,
    makers: Mapping[str, Makers],
    part: float,
    unit: Mapping[Unit, float],
) -> float:
    """Give Y of an item with sources in one region."""
    region, i = place[0], base_of(place[1])
    sourced, mix = lists.markets[place[1]], lists.mix[region][place[1]]
    fixed, rest = 0.0, mix[OTHERS] * makers[ABROAD].running
    for source, share in sourced.share.items():
        e = calm.passing.get((source, region, i), 1.0)
        there = makers[lists.region[source]]
        runs = calm.unit.get((source, i), 1.0)
        if (source, i) in facts.contracted:
            runs = unit[source, i]
            fixed += e * mix[source] * runs
        else:
            rest += e * mix[source] * runs * there.running
        spare = sourced.ready_spare(source, calm.day) * mix[source] / share if share > 0.0 else 0.0
        rest += e * spare * runs * there.flowing
    return min(1.0, calm.item.get(i, 1.0) * (fixed + min(rest, part * max(0.0, 1.0 - fixed))))


def put_out(makers: Makers, limit: float, part: float) -> float:
    """Give O of an end product, before a: what home's plants make of what they make normally."""
    if makers.share <= 0.0:
        return min(limit, part)
    made = makers.fixed + min(makers.total, part * (makers.share - makers.fixed))
    return min(1.0, made / makers.share)
