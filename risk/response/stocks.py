"""What an assumed stock decides: levels that another number of days would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.model import MODES, Level
from risk.ranges.stops import rate_lanes
from risk.response.worth import OpenVerdict, Worth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from chains.arrays import ChainArrays, Network
    from chains.model import Scope
    from risk.levels import Levels
    from risk.ranges.stops import Rating, Stop
    from risk.response.unknowns import Unknown

    Nodes = tuple[tuple[Scope, str], ...]

MULTIPLES = (0.0, 0.5, 1.0, 1.5, 2.0)
"""What a stock that was not given may be, as multiples of its default; equally likely by convention."""
_AS_ASSUMED = MULTIPLES.index(1.0)
_LEVELS = tuple(Level)


def find_stock_worths(
    arrays: ChainArrays,
    stops: Sequence[tuple[Nodes, Stop]],
    stocks: Sequence[Unknown],
    *,
    levels: Levels,
    horizon: int,
    first: tuple[int, int],
) -> tuple[tuple[OpenVerdict, ...], tuple[Worth, ...]]:
    """Find the levels that rest on one assumed stock, at the low end of unknown shares.

    Parameters
    ----------
    arrays
        A chain's arrays.
    stops
        Distinct stops with the nodes they stand for.
    stocks
        Unknown stocks, from `risk.response.unknowns.find_unknown_stocks`.
    levels, horizon
        Where levels begin; days.
    first
        Numbers that the first unknown stock and the first verdict found here get.

    Returns
    -------
    tuple
        Verdicts and worths: one of each for a stop and a stock that can change its level.
    """
    network = arrays.network
    verdicts: list[OpenVerdict] = []
    worths: list[Worth] = []
    numbered = list(enumerate(stocks, start=first[0]))
    for number, unknown, hit in _narrow(network, numbered, stops, levels, horizon):
        for verdict, chance in _try_stock(network, hit, unknown, number, levels, horizon):
            at = first[1] + len(verdicts)
            verdicts.append(verdict)
            worths.append(Worth(number, unknown.respondent, at, chance))
            worths.append(Worth(None, unknown.respondent, at, chance))
    return tuple(verdicts), tuple(worths)


def _narrow(
    network: Network,
    stocks: Sequence[tuple[int, Unknown]],
    stops: Sequence[tuple[Nodes, Stop]],
    levels: Levels,
    horizon: int,
) -> Iterator[tuple[int, Unknown, Sequence[tuple[Nodes, Stop]]]]:
    """Find which stocks move which stops, by halves.

    More stock never raises a loss: what no stock at all and twice all stocks of a half agree on, no
    single one of that half moves.
    """
    if not stocks:
        return
    lists = [unknown.list_number for _, unknown in stocks]
    ends = tuple(_stocked(network, lists, multiple) for multiple in (MULTIPLES[0], MULTIPLES[-1]))
    hit = _that_differ(stops, ends, levels, horizon)
    if len(stocks) == 1 and hit:
        yield (*stocks[0], hit)
    elif hit:
        middle = len(stocks) // 2
        yield from _narrow(network, stocks[:middle], hit, levels, horizon)
        yield from _narrow(network, stocks[middle:], hit, levels, horizon)


def _stocked(network: Network, lists: Sequence[int], multiple: float) -> Network:
    days = network.cover_days.copy()
    days[len(network.end_weight) + np.array(lists, dtype=np.int64)] *= multiple
    return network._replace(cover_days=days)


def _rate(network: Network, stops: Sequence[tuple[Nodes, Stop]], levels: Levels, horizon: int) -> Rating:
    return rate_lanes(network, [stop.low() for _, stop in stops], levels=levels, horizon=horizon)


def _that_differ(
    stops: Sequence[tuple[Nodes, Stop]], networks: Sequence[Network], levels: Levels, horizon: int
) -> list[tuple[Nodes, Stop]]:
    """Keep the stops whose level is not the same in all networks."""
    if not stops:
        return []
    ranks = np.stack([_rate(network, stops, levels, horizon).level_ranks() for network in networks])
    return [one for one, row in zip(stops, ranks.T, strict=True) if len(set(row.tolist())) > 1]


def _try_stock(
    network: Network,
    stops: Sequence[tuple[Nodes, Stop]],
    unknown: Unknown,
    number: int,
    levels: Levels,
    horizon: int,
) -> list[tuple[OpenVerdict, float]]:
    """Verdict of each stop, and the share of `MULTIPLES` at which its level is another than assumed."""
    if not stops:
        return []
    networks = [_stocked(network, [unknown.list_number], multiple) for multiple in MULTIPLES]
    ratings = [_rate(one, stops, levels, horizon) for one in networks]
    ranks: NDArray[np.int64] = np.stack([rating.level_ranks() for rating in ratings])
    scores = np.stack([rating.score[:, 0] for rating in ratings])
    found = []
    for place, (nodes, _) in enumerate(stops):
        none, assumed, double = (_LEVELS[int(ranks[at, place])] for at in (0, _AS_ASSUMED, -1))
        most, point, least = (float(scores[at, place]) for at in (0, _AS_ASSUMED, -1))
        verdict = OpenVerdict(
            nodes, double, assumed, none, MODES[0], least, point, most, (number,), on_stock=True
        )
        found.append((verdict, float((ranks[:, place] != ranks[_AS_ASSUMED, place]).mean())))
    return found
