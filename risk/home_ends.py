"""Ends of what is not known, seen from home: shares of the world market, and how much of each home uses."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from chains.home_parts import spare_to
from chains.mixes import Mix, left_for_abroad
from chains.shares import ROUNDING
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
    min(1, share / h), with h unknown from nothing to everything; nothing moves where rows give the mix.

    References
    ----------
    perspective.md, "Range".
    """

    def __init__(self, arrays: ChainArrays) -> None:
        self._markets = arrays.markets
        self._bought = bought_lists(arrays)
        self._points: dict[int, tuple[list[tuple[int, int]], list[float]]] = {}
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
            columns, before = self._point_of(number)
            for end, changes in enumerate((low, high)):
                after = _moved(market, places, is_high=bool(end), is_cut=is_cut)
                changes.extend(
                    ShareChange(*column, now)
                    for column, was, now in zip(columns, before, after, strict=True)
                    if was != now
                )
        return (tuple(low), tuple(high)) if low or high else None

    def _point_of(self, number: int) -> tuple[list[tuple[int, int]], list[float]]:
        """Give what an end may move of a market, and its point values; thousands of nodes ask for them."""
        if number not in self._points:
            one = self._markets[number]
            mixes = one.mixes(one.shares, one.others)
            values = [*_values(one.shares, one.others, one.spares, mixes)]
            self._points[number] = ([*_columns(one)], values)
        return self._points[number]


def _moved(market: Market, places: Sequence[int], *, is_high: bool, is_cut: bool) -> Iterator[float]:
    """Give the numbers of one market at an end, in the order of `_columns`."""
    point = (market.shares, market.others)
    shares, others = _move_unsure(point, market.unsure, market.rest, places, is_high=is_high)
    domestic = None
    if market.domestic is not None:
        own = market.domestic
        domestic = _move_unsure((own.shares, own.others), own.unsure, own.rest, places, is_high=is_high)
    home, abroad = market.mixes(shares, others, domestic)
    foreign = [at for at in places if not market.at_home[at]]
    if is_cut and market.domestic is None and foreign:
        home = _ranged(market, (shares, others), foreign, is_high=is_high)
        abroad = left_for_abroad(shares, home, others=others, home_use=market.home_use.share)
    spares = [
        spare if ratio is None else ratio * share
        for spare, ratio, share in zip(market.spares, market.ratios, shares, strict=True)
    ]
    return _values(shares, others, spares, (home, abroad))


def _move_unsure(
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


def _ranged(market: Market, shares: Shares, foreign: Sequence[int], *, is_high: bool) -> Mix:
    """Move home's use of what is cut to its end; the others share the remainder, those at home first."""
    parts, others = shares
    cut = sum(parts[at] for at in foreign)
    own = sum(share for share, is_own in zip(parts, market.at_home, strict=True) if is_own)
    beyond = sum(parts) + others - own - cut
    wanted = _use_of(market, cut, is_high=is_high)
    inside = rest = 1.0 - wanted
    h = market.home_use.share
    if own <= 0.0:
        inside = 0.0
    elif h > 0.0 and beyond > ROUNDING:
        inside = min(rest, own / h)
    factors = (
        wanted / cut if cut > 0.0 else 0.0,
        inside / own if own > 0.0 else 0.0,
        (rest - inside) / beyond if beyond > ROUNDING else 0.0,
    )
    hit = set(foreign)
    which = [0 if at in hit else 1 if is_own else 2 for at, is_own in enumerate(market.at_home)]
    mixed = tuple(share * factors[kind] for share, kind in zip(parts, which, strict=True))
    return Mix(mixed, others * factors[2])


def _use_of(market: Market, share: float, *, is_high: bool) -> float:
    """Give the least or the most of home's use that a foreign source of this share of the world can cover."""
    if share <= 0.0 or share >= 1.0 - ROUNDING:
        return min(1.0, max(0.0, share))
    h = market.home_use
    if not h.is_given or h.share <= 0.0:
        return 1.0 if is_high else 0.0
    return min(1.0, share / h.share) if is_high else max(0.0, 1.0 - (1.0 - share) / h.share)


def _columns(market: Market) -> Iterator[tuple[int, int]]:
    """Yield what an end may move of one market: the target and index of each change."""
    for unit in market.units:
        yield slots.SHARE_OF_UNIT, unit
        yield slots.SPARE_OF_UNIT, unit
    yield slots.OTHERS_OF_ITEM, market.places[1]
    for place, first in zip(market.places, market.first_rows, strict=True):
        for at in range(len(market.units)):
            yield slots.SHARE_OF_DELIVERY, first + at
            yield slots.SPARE_OF_DELIVERY, first + at
        yield slots.OTHERS_OF_DELIVERY, place


def _values(
    shares: Sequence[float], others: float, spares: Sequence[float], mixes: tuple[Mix, Mix]
) -> Iterator[float]:
    """Yield the numbers that `_columns` names."""
    for share, spare in zip(shares, spares, strict=True):
        yield share
        yield spare
    yield others
    for mix in mixes:
        for share, spare, part in zip(shares, spares, mix.parts, strict=True):
            yield part
            yield spare_to(share, spare, part)
        yield mix.others
