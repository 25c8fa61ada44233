"""A band of drawn shares beside the exact range of a node, never instead of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from chains.arrays import to_arrays
from chains.sources import resolve_sources
from risk.compute import checked_horizons
from risk.errors import ParameterError
from risk.lanes import Lane, compile_kernels, score_lanes
from risk.model import MODES
from risk.nodes import find_nodes, match_node
from risk.ranges.draws import draw_shares
from risk.ranges.shares import StopIndex, find_unsure_lists
from risk.ranges.stops import StopFinder
from risk.scores import exposure, residual

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from numpy.typing import NDArray

    from chains.arrays import Network
    from chains.defaults import Defaults
    from chains.model import ChainRecords, Mode, Scope
    from risk.ranges.stops import Stop

    FloatArray = NDArray[np.float64]

DEFAULT_DRAWS = 200
DEFAULT_SEED = 20260101
MOST_DRAWS = 10_000
QUANTILES = (0.05, 0.50, 0.95)
BANDED = (exposure.SCORE, residual.SCORE)
_ENDS = 3


@dataclass(frozen=True, slots=True)
class Band:
    """One score of one node: its exact range and, inside it, quantiles over drawn shares.

    Attributes
    ----------
    scope, key
        Which node.
    mode
        Run or build.
    score
        ``exposure`` or ``residual``.
    low, point, high
        The exact ends and the point value, 0 to 1.
    q05, q50, q95
        Values that 5, 50 and 95 % of the draws do not exceed, 0 to 1; all equal to the point when no
        unsure share stops with the node.
    """

    scope: Scope
    key: str
    mode: Mode
    score: str
    low: float
    point: float
    high: float
    q05: float
    q50: float
    q95: float


def compute_bands(
    records: ChainRecords,
    nodes: Sequence[tuple[Scope, str]],
    *,
    defaults: Defaults,
    horizon: int,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    home: Collection[str] = ("CHN",),
    progress: Callable[[float], object] | None = None,
) -> tuple[Band, ...]:
    """Draw the unknown shares and simulate each node with every draw.

    Parameters
    ----------
    records
        Joined and restricted facts.
    nodes
        ``(scope, key)`` of nodes that have scores.
    defaults
        What blanks mean.
    horizon
        Days, 1 to 3650.
    draws
        How many, 20 to 10,000.
    seed
        A whole number from 0; stored with the result.
    home
        ISO alpha-3 codes of the home countries.
    progress
        Called with the finished fraction, 0 to 1.

    Returns
    -------
    tuple of Band
        By node as given, then mode (run, build), then score (exposure, residual). The same draws serve
        every node and mode, so differences between nodes are not differences of luck.

    Raises
    ------
    UnknownKeyError
        When a node does not exist, with near matches.
    ParameterError
        When horizon, draws or seed are out of range.

    References
    ----------
    docs/model.md, "Band".
    """
    (days,) = checked_horizons([horizon])
    _check_draws(draws, seed)
    sources = resolve_sources(records, defaults)
    arrays = to_arrays(records, defaults, sources)
    compile_kernels(arrays.network)
    members = find_nodes(records, sources, home=home)
    lists = find_unsure_lists(arrays)
    drawn = draw_shares(lists, draws=draws, seed=seed, blank_cap=defaults.blank_cap)
    finder = StopFinder(arrays, StopIndex(lists))
    bands: list[Band] = []
    for number, (scope, key) in enumerate(nodes):
        stop = finder.find(match_node(members, scope, key))
        found = _band_node(arrays.network, _lanes_of(stop, drawn, draws), days)
        bands.extend(Band(scope=scope, key=key, **cells) for cells in found)
        if progress:
            progress((number + 1) / len(nodes))
    return tuple(bands)


def _check_draws(draws: int, seed: int) -> None:
    fewest = round(1 / QUANTILES[0])
    if not fewest <= draws <= MOST_DRAWS:
        raise ParameterError(
            f"{draws} draws: give a number from {fewest} to {MOST_DRAWS}",
            zh=f"抽样次数 {draws}:请给 {fewest} 到 {MOST_DRAWS} 之间的数",
        )
    if seed < 0:
        raise ParameterError(
            f"seed {seed}: give a whole number from 0", zh=f"随机种子 {seed}:请给不小于 0 的整数"
        )


def _lanes_of(stop: Stop, drawn: Sequence[FloatArray], draws: int) -> list[Lane]:
    """Point, low and high end, then one lane a draw; the first alone where nothing is unsure."""
    lanes = [Lane(stop.stopped)]
    if stop.hits:
        lanes += [stop.low(), stop.high()]
        lanes += [
            stop.lane(drawn[number][draw, list(hit.stopped)].tolist() for number, hit in stop.hits)
            for draw in range(draws)
        ]
    return lanes


def _band_node(network: Network, lanes: Sequence[Lane], horizon: int) -> Iterator[dict[str, Any]]:
    for mode in MODES:
        found = score_lanes(network, lanes, mode=mode, scores=BANDED, horizons=(horizon,))
        for score, (values,) in zip(BANDED, found.values, strict=True):
            point, low, high = values[[0, 0, 0] if len(lanes) == 1 else [0, 1, 2]].tolist()
            spread = values if len(lanes) == 1 else values[_ENDS:]
            # A drawn value, not one between two: the quantile is a state that the shares can take.
            quantiles = np.quantile(spread, QUANTILES, method="inverted_cdf").tolist()
            named = dict(zip(("q05", "q50", "q95"), quantiles, strict=True))
            yield {"mode": mode, "score": score.score_id, "low": low, "point": point, "high": high, **named}
