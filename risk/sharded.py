"""The lanes of the chain engine as shards on processes or on a cluster, to the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chains.model import Mode
from risk.distribute import SHARDS, cut, run_shards
from risk.lanes import Lane, LaneScores, score_lanes
from risk.model import MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chains.arrays import Network
    from risk.paths import Score


@dataclass(frozen=True, slots=True)
class LaneWork:
    """What every shard reads.

    Attributes
    ----------
    network
        The chain's arrays.
    lanes
        All of them.
    scores
        Which scores to compute.
    horizons
        Days.
    """

    network: Network
    lanes: tuple[Lane, ...]
    scores: tuple[Score, ...]
    horizons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LaneShard:
    """Some lanes in one mode: first and one past the last."""

    mode: Mode
    first: int
    last: int


def run_lane_shard(work: LaneWork, shard: LaneShard) -> LaneScores:
    """Simulate and score the lanes of one shard.

    Parameters
    ----------
    work
        The network and all lanes.
    shard
        Which lanes, in which mode.

    Returns
    -------
    LaneScores
        Of these lanes.
    """
    lanes = work.lanes[shard.first : shard.last]
    return score_lanes(work.network, lanes, mode=shard.mode, scores=work.scores, horizons=work.horizons)


@dataclass(frozen=True, slots=True)
class ShardedLanes:
    """Simulates lanes as `risk.compute.simulate_modes` does, somewhere else.

    Attributes
    ----------
    workers
        Processes on this machine.
    cluster
        Address of a dask.distributed scheduler; one of the two is given.
    """

    workers: int | None = None
    cluster: str | None = None

    def __call__(
        self,
        network: Network,
        lanes: Sequence[Lane],
        *,
        scores: Sequence[Score],
        horizons: Sequence[int],
        progress: Callable[[float], None] | None = None,
    ) -> dict[Mode, LaneScores]:
        """Simulate and score every lane in both modes.

        Parameters
        ----------
        network
            The chain's arrays.
        lanes
            What to simulate.
        scores
            Which scores to compute.
        horizons
            Days.
        progress
            Called with the finished fraction, 0 to 1.

        Returns
        -------
        dict
            The scores of each mode.
        """
        # A shard without lanes still tells the shape of what it leaves behind.
        spans = cut(len(lanes), shards=SHARDS // len(MODES)) or [(0, 0)]
        shards = [LaneShard(mode, first, last) for mode in MODES for first, last in spans]
        found = run_shards(
            run_lane_shard,
            LaneWork(network, tuple(lanes), tuple(scores), tuple(horizons)),
            shards,
            workers=self.workers,
            cluster=self.cluster,
            progress=(lambda done, total: progress(done / total)) if progress else None,
        )
        size = len(spans)
        return {mode: _join(found[at * size : (at + 1) * size]) for at, mode in enumerate(MODES)}


def _join(parts: Sequence[LaneScores]) -> LaneScores:
    return LaneScores(*(np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)))
