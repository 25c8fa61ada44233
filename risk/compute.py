"""From joined records to the score table of a chain."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from chains.arrays import to_arrays
from chains.errors import ChainDataError
from chains.model import Mode, Perspective, Region
from chains.sources import resolve_sources
from risk.errors import ParameterError
from risk.home_ends import HomeEnds
from risk.judgement import judge
from risk.kernels.scratch import LONGEST_HORIZON
from risk.lanes import EndChanges, Lane, compile_kernels, score_lanes
from risk.model import ENDS, MAIN_HORIZON, MODES, SCOPES, STORED_HORIZONS, ScoreTable
from risk.nodes import find_nodes
from risk.scores import SCORES
from risk.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from chains.arrays import ChainArrays, Network
    from chains.defaults import Defaults
    from chains.model import ChainRecords, Scope
    from risk.lanes import Ends, LaneScores
    from risk.levels import Levels
    from risk.nodes import NodeMembers
    from risk.paths import Score

    FloatArray = np.typing.NDArray[np.float64]
    IntArray = np.typing.NDArray[np.int64]


@dataclass(frozen=True)
class ScoreRun:
    """A score table and what it took.

    Attributes
    ----------
    table
        The scores.
    engine_seconds
        Wall time of the computation alone, in seconds: nodes, simulations, scores, judgements;
        not the building of arrays nor the compiling of kernels.
    notes
        How the table was computed, as plain values to be stored with the run.
    """

    table: ScoreTable
    engine_seconds: float
    notes: Mapping[str, object] = field(default_factory=dict, kw_only=True)


class Simulate(Protocol):
    """Scores every lane in both modes; calls `progress` with the fraction done, 0 to 1."""

    def __call__(
        self,
        network: Network,
        lanes: Sequence[Lane],
        *,
        scores: Sequence[Score],
        horizons: Sequence[int],
        progress: Callable[[float], None] | None = None,
    ) -> dict[Mode, LaneScores]:
        """Simulate."""


@dataclass(frozen=True)
class NodeLanes:
    """Which lane gives which end of which node.

    Attributes
    ----------
    lanes
        What is simulated.
    lane_of
        Shape (ends, nodes): index into `lanes`, -1 where the node is not scored.
    """

    lanes: tuple[Lane, ...]
    lane_of: IntArray


def compute_scores(  # noqa: PLR0913 - every parameter is stored with the run
    records: ChainRecords,
    *,
    defaults: Defaults,
    levels: Levels,
    perspective: Perspective = Perspective.WORLD,
    home: Collection[str] = ("CHN",),
    horizons: Sequence[int] = STORED_HORIZONS,
    main_horizon: int = MAIN_HORIZON,
    scopes: Collection[Scope] = SCOPES,
    scores: Sequence[Score] = SCORES,
    simulate: Simulate | None = None,
    progress: Callable[[float], None] | None = None,
) -> ScoreRun:
    """Score every node of a chain, in both modes, at every end and horizon.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.
    levels
        Where levels begin.
    perspective
        Whose output counts; from home what stands abroad is cut off, not stopped.
    home
        ISO alpha-3 codes of the home countries, or provinces as ``CHN/江苏``.
    horizons, main_horizon
        Days; the main horizon is added to the horizons.
    scopes
        Which scopes to score.
    scores
        Which scores to compute.
    simulate
        Runs the lanes elsewhere (`risk.sharded`), to the same bytes; on the cores of this process when
        left out.
    progress
        Called with the finished fraction, 0 to 1.

    Returns
    -------
    ScoreRun
        The table and the engine's seconds.

    Raises
    ------
    ParameterError
        When a horizon is outside 1 to 3650 days.
    ChainDataError
        When the chain has no item upstream of its end products.
    """
    days = checked_horizons([*horizons, main_horizon])
    require_items(records)
    sources = resolve_sources(records, defaults)
    arrays = to_arrays(records, defaults, sources, home=home if perspective is Perspective.HOME else ())
    compile_kernels(arrays.network)
    began = time.perf_counter()
    members = find_nodes(records, sources, scopes=scopes, home=home)
    table = score_members(
        arrays,
        members,
        chain_id=records.chain.chain_id,
        horizons=days,
        main_horizon=main_horizon,
        levels=levels,
        scores=scores,
        perspective=perspective,
        simulate=simulate,
        progress=progress,
    )
    return ScoreRun(table, time.perf_counter() - began)


def score_members(  # noqa: PLR0913 - the parameters of `compute_scores`
    arrays: ChainArrays,
    members: Sequence[NodeMembers],
    *,
    chain_id: str,
    horizons: tuple[int, ...],
    main_horizon: int,
    levels: Levels,
    scores: Sequence[Score] = SCORES,
    perspective: Perspective = Perspective.WORLD,
    simulate: Simulate | None = None,
    progress: Callable[[float], None] | None = None,
) -> ScoreTable:
    """Score these nodes of a chain, each as if it were asked for alone.

    Parameters
    ----------
    arrays
        The chain.
    members
        Which nodes.
    chain_id
        Stored with the table.
    horizons, main_horizon
        Days, rising; the main horizon is one of them.
    levels, scores, perspective, simulate, progress
        As `compute_scores`.

    Returns
    -------
    ScoreTable
        In the order of `members`.
    """
    lanes = node_lanes(arrays, members, perspective=perspective)
    found = (simulate or simulate_modes)(
        arrays.network, lanes.lanes, scores=scores, horizons=horizons, progress=progress
    )
    spread = np.stack([_spread(found[mode].values, lanes.lane_of) for mode in MODES], axis=1)
    values = {score.score_id: spread[number] for number, score in enumerate(scores)}
    main = horizons.index(main_horizon)
    return ScoreTable(
        chain_id=chain_id,
        nodes=tuple(one.node for one in members),
        horizons=horizons,
        values=values,
        judgements=judge(arrays, members, lanes.lane_of, found, values, main, levels),
        main_horizon=main_horizon,
    )


def checked_horizons(horizons: Collection[int]) -> tuple[int, ...]:
    """Distinct horizons in rising order.

    Raises
    ------
    ParameterError
        When one is outside 1 to 3650 days.
    """
    for days in horizons:
        if not 1 <= days <= LONGEST_HORIZON:
            raise ParameterError(
                f"horizon {days}: give a number of days from 1 to {LONGEST_HORIZON}",
                zh=f"推演期 {days}:请给 1 到 {LONGEST_HORIZON} 之间的天数",
            )
    return tuple(sorted(set(horizons)))


def require_items(records: ChainRecords) -> None:
    """Refuse a chain of which nothing can be scored.

    Raises
    ------
    ChainDataError
        When the chain has no item upstream of its end products.
    """
    if not records.items:
        chain_id = records.chain.chain_id
        raise ChainDataError(
            f"chain {chain_id} has no items upstream of its end products; check items.csv and links.csv",
            zh=f"产业链 {chain_id} 的终端产品没有上游物料;请检查 items.csv 和 links.csv",
        )


def node_lanes(
    arrays: ChainArrays, members: Sequence[NodeMembers], *, perspective: Perspective = Perspective.WORLD
) -> NodeLanes:
    """One lane for each set that fails together, three where what is not known leaves a range.

    A firm that is its own group and alone in its city is simulated once for all three nodes. In
    perspective home what stands abroad is cut off from home instead of stopped.
    """
    targets, is_home = Targets(arrays), perspective is Perspective.HOME
    world_ends = None if is_home else EndChanges(arrays)
    home_ends = HomeEnds(arrays) if is_home else None
    lanes: list[Lane] = []
    lanes_of_stops: dict[tuple[int, ...], tuple[int, int, int]] = {}
    lane_of = np.full((len(ENDS), len(members)), -1, dtype=np.int64)
    for column, one in enumerate(members):
        if not one.node.scored:
            continue
        units = targets.units_of(one)
        is_cut = is_home and one.item_id is None and not one.node.home
        stopped = targets.cut(units, Region.HOME) if is_cut else targets.stopped(one)
        if stopped not in lanes_of_stops:
            if world_ends is not None:
                ends = world_ends.ends(units)
            elif home_ends is not None:
                ends = home_ends.cut(units) if is_cut else home_ends.stop(units)
            lanes_of_stops[stopped] = _add_lanes(lanes, stopped, ends)
        lane_of[:, column] = lanes_of_stops[stopped]
    return NodeLanes(tuple(lanes), lane_of)


def _add_lanes(lanes: list[Lane], stopped: tuple[int, ...], ends: Ends | None) -> tuple[int, int, int]:
    """Append the lanes of what fails together; their numbers in the order of `ENDS`."""
    first = len(lanes)
    lanes.append(Lane(stopped))
    if ends is None:
        return first, first, first
    lanes.extend(Lane(stopped, changed) for changed in ends)
    return first + 1, first, first + 2


def simulate_modes(
    network: Network,
    lanes: Sequence[Lane],
    *,
    scores: Sequence[Score],
    horizons: Sequence[int],
    progress: Callable[[float], None] | None = None,
) -> dict[Mode, LaneScores]:
    """Simulate and score every lane in both modes on the cores of this process.

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
    total = len(MODES) * max(1, len(lanes))
    found = {}
    for number, mode in enumerate(MODES):
        before = number * len(lanes)

        def tell(done: int, before: int = before) -> None:
            if progress:
                progress((before + done) / total)

        found[mode] = score_lanes(network, lanes, mode=mode, scores=scores, horizons=horizons, progress=tell)
    return found


def _spread(by_lane: FloatArray, lane_of: IntArray) -> FloatArray:
    """Values of one mode by (score, end, horizon, node) from those by (score, horizon, lane)."""
    scores, horizons, _ = by_lane.shape
    columns = np.full((scores, len(ENDS), horizons, lane_of.shape[1]), np.nan)
    for end, lanes in enumerate(lane_of):
        scored = lanes >= 0
        columns[:, end][..., scored] = by_lane[..., lanes[scored]]
    return columns
