"""Stops of nodes as simulations with chosen shares, and the levels they reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chains.model import Mode
from risk.lanes import Lane, score_lanes
from risk.levels import level_ranks
from risk.model import MODES
from risk.ranges.shares import high_shares, low_shares, share_changes
from risk.scores import exposure, residual, tts_days
from risk.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from chains.arrays import ChainArrays, Network
    from risk.levels import Levels
    from risk.nodes import NodeMembers
    from risk.ranges.shares import Hit, StopIndex

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stop:
    """What stops with a node, and the unsure shares it hits.

    Attributes
    ----------
    stopped
        Targets, fully stopped through the horizon.
    hits
        ``(number of the list, hit)`` in order.
    """

    stopped: tuple[int, ...]
    hits: tuple[tuple[int, Hit], ...]

    def lane(self, shares: Iterable[Sequence[float]]) -> Lane:
        """Simulate it with these stopped shares, one sequence a hit."""
        pairs = zip(self.hits, shares, strict=True)
        return Lane(
            self.stopped, tuple(change for (_, hit), given in pairs for change in share_changes(hit, given))
        )

    def low(self) -> Lane:
        """Simulate its low end."""
        return self.lane(low_shares(hit) for _, hit in self.hits)

    def high(self) -> Lane:
        """Simulate its high end."""
        return self.lane(high_shares(hit) for _, hit in self.hits)


class StopFinder:
    """Works out what stops with a node.

    Parameters
    ----------
    arrays
        A chain's arrays.
    index
        Of the chain's unsure lists.
    """

    def __init__(self, arrays: ChainArrays, index: StopIndex) -> None:
        self._supplier = {key: number for number, key in enumerate(arrays.supplier_ids)}
        self._targets = Targets(arrays)
        self._index = index

    def find(self, one: NodeMembers) -> Stop:
        """Find the stop of a node; without hits for an item, whose stop leaves no share open."""
        if one.item_id is not None:
            return Stop(self._targets.stopped(one), ())
        suppliers = [self._supplier[key] for key in one.supplier_ids if key in self._supplier]
        return Stop(self._targets.stopped(one), self._index.hits(suppliers))


@dataclass(frozen=True)
class Rating:
    """What simulations amount to; arrays of shape (lanes, modes) in the order of `MODES`.

    Attributes
    ----------
    rank
        Rank of the level that each mode gives.
    score
        The deciding score: residual of run, exposure of build, 0 to 1.
    """

    rank: IntArray
    score: FloatArray

    def level_ranks(self) -> IntArray:
        """Rank of each lane's level: the worse of both modes."""
        return np.asarray(self.rank.max(axis=1))


def rate_lanes(
    network: Network,
    lanes: Sequence[Lane],
    *,
    levels: Levels,
    horizon: int,
    progress: Callable[[float], object] | None = None,
) -> Rating:
    """Find the level that each simulation reaches.

    Parameters
    ----------
    network
        The chain's arrays.
    lanes
        What to simulate.
    levels
        Where levels begin.
    horizon
        Main horizon, days.
    progress
        Called with the finished fraction, 0 to 1.

    Returns
    -------
    Rating
        In the order of `lanes`.
    """
    rank = np.zeros((len(lanes), len(MODES)), dtype=np.int64)
    score = np.zeros((len(lanes), len(MODES)))

    def tell(done: int) -> None:
        if progress:
            progress(done / len(lanes))

    # Exposure is the loss of day 0, so a day is enough.
    build = score_lanes(network, lanes, mode=Mode.BUILD, scores=(exposure.SCORE,), horizons=(1,))
    score[:, 1] = build.values[0, 0]
    rank[:, 1] = level_ranks(levels.build, score[:, 1])
    wanted = (residual.SCORE, tts_days.SCORE)
    run = score_lanes(network, lanes, mode=Mode.RUN, scores=wanted, horizons=(horizon,), progress=tell)
    score[:, 0], days = run.values[:, 0]
    rank[:, 0] = level_ranks(levels.run, score[:, 0], days)
    return Rating(rank, score)
