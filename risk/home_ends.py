"""Ends of what is not known, seen from home: shares of the world market, and how much of each home uses."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chains.home_parts import deliveries
from chains.mixes import Mix
from risk.kernels import scratch as slots
from risk.lanes import ShareChange, bought_lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chains.arrays import ChainArrays
    from chains.home_parts import Market
    from risk.lanes import Ends

Shares = tuple[tuple[float, ...], float]  # of the sources, and of others


class HomeEnds:
    """Shares and mixes at the low and the high end of a stop, or of a cut into home.

    Parameters
    ----------
    arrays
        A chain's arrays in two regions.

    Notes
    -----
    A stop moves the unsure shares of what stops, as in the world; mixes follow their shares. A cut also
    moves what home uses of the source: with h and shares known from max(0, 1 − (1 − share) / h) to
    min(1, share / h), with h unknown from nothing to everything, nothing where rows give the mix itself.

    References
    ----------
    perspective.md, "Range".
    """

    def __init__(self, arrays: ChainArrays) -> None:
        self._markets = arrays.markets
        self._bought = bought_lists(arrays)
        self._place = {
            unit: (number, at)
            for number, market in enumerate(arrays.markets)
            for at, unit in enumerate(market.units)
        }

    def stop(self, units: Iterable[int]) -> Ends | None:
        """List changes for the low and the high end of a stop of these units; none: nothing is open."""
        return self._ends(units, is_cut=False)

    def cut(self, units: Iterable[int]) -> Ends | None:
        """List changes for the low and the high end of a cut of these units' deliveries into home."""
        return self._ends(units, is_cut=True)

    def _ends(self, units: Iterable[int], *, is_cut: bool) -> Ends | None:
        hit: dict[int, list[int]] = defaultdict(list)
        stopped = sorted(units)
        for unit in stopped:
            if unit in self._place:
                number, at = self._place[unit]
                hit[number].append(at)
        low, high = self._bought.ends(stopped)
        for number, places in sorted(hit.items()):
            market = self._markets[number]
            for end, changes in enumerate((low, high)):
                changes.extend(_changes(market, places, is_high=bool(end), is_cut=is_cut))
        return (tuple(low), tuple(high)) if low or high else None


def _changes(market: Market, places: Sequence[int], *, is_high: bool, is_cut: bool) -> Iterator[ShareChange]:
    """Yield what differs from the point values of one market."""
    point = (market.shares, market.others)
    shares, others = _moved(point, market.unsure, market.rest, places, is_high=is_high)
    domestic = None
    if market.domestic is not None:
        own = market.domestic
        domestic = _moved((own.shares, own.others), own.unsure, own.rest, places, is_high=is_high)
    home, abroad = market.mixes(shares, others, domestic)
    if is_cut and market.domestic is None and not any(market.at_home[at] for at in places):
        home = _ranged(market, home, shares, places, is_high=is_high)
    spares = [
        spare if ratio is None else ratio * share
        for spare, ratio, share in zip(market.spares, market.ratios, shares, strict=True)
    ]
    before = [*_columns(market, market.shares, market.others, market.spares, market.mixes(*point))]
    after = [*_columns(market, shares, others, spares, (home, abroad))]
    for was, now in zip(before, after, strict=True):
        if was != now:
            yield now


def _moved(
    shares: Shares, unsure: Sequence[bool], rest: float, places: Sequence[int], *, is_high: bool
) -> Shares:
    """Move the unsure shares of what stops to nothing, or to the whole rest of the list."""
    parts, others = list(shares[0]), shares[1]
    open_places = [at for at in places if unsure[at]]
    if not open_places:
        return shares
    if not is_high:
        others += sum(parts[at] for at in open_places)
        for at in open_places:
            parts[at] = 0.0
        return tuple(parts), others
    for at, is_open in enumerate(unsure):
        if is_open:
            parts[at] = rest / len(open_places) if at in open_places else 0.0
    return tuple(parts), 0.0


def _ranged(
    market: Market, mix: Mix, shares: Sequence[float], places: Sequence[int], *, is_high: bool
) -> Mix:
    """Move home's use of what is cut to its end; the other sources share the remainder as before."""
    whole = sum(shares[at] for at in places)
    used = sum(mix.parts[at] for at in places)
    wanted = _most(market, whole) if is_high else _least(market, whole)
    left = 1.0 - used
    factor = (1.0 - wanted) / left if left > 0.0 else 0.0
    parts = [part * factor for part in mix.parts]
    for at in places:
        parts[at] = wanted * shares[at] / whole if whole > 0.0 else 0.0
    return Mix(tuple(parts), mix.others * factor if left > 0.0 else 1.0 - wanted)


def _least(market: Market, share: float) -> float:
    h = market.home_use
    if not h.is_given or h.share <= 0.0:
        return 0.0
    return max(0.0, 1.0 - (1.0 - share) / h.share)


def _most(market: Market, share: float) -> float:
    h = market.home_use
    if not h.is_given or h.share <= 0.0:
        return 1.0 if share > 0.0 else 0.0
    return min(1.0, share / h.share)


def _columns(
    market: Market, shares: Sequence[float], others: float, spares: Sequence[float], mixes: tuple[Mix, Mix]
) -> Iterator[ShareChange]:
    """Yield every number of one market that an end may move."""
    for unit, share, spare in zip(market.units, shares, spares, strict=True):
        yield ShareChange(slots.SHARE_OF_UNIT, unit, share)
        yield ShareChange(slots.SPARE_OF_UNIT, unit, spare)
    yield ShareChange(slots.OTHERS_OF_ITEM, market.places[1], others)
    for place, first, mix in zip(market.places, market.first_rows, mixes, strict=True):
        for at, one in enumerate(deliveries(market, shares, spares, mix)):
            yield ShareChange(slots.SHARE_OF_DELIVERY, first + at, one.share)
            yield ShareChange(slots.SPARE_OF_DELIVERY, first + at, one.spare)
        yield ShareChange(slots.OTHERS_OF_DELIVERY, place, mix.others)
