"""From shocks and ends of unknown shares to the lanes a kernel simulates, and running them."""

from __future__ import annotations

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chains.model import Mode
from risk.kernels import scratch as slots
from risk.kernels.availability import simulate_lanes
from risk.kernels.scratch import Lanes, make_outcome, make_scratch
from risk.paths import LossPaths

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from chains.arrays import BoolArray, ChainArrays, FloatArray, IntArray, Network
    from risk.kernels.scratch import Outcome, Scratch
    from risk.paths import Score

LANES_A_BLOCK = 64


@dataclass(frozen=True, slots=True)
class ShareChange:
    """A share, spare or rest that a lane uses instead of the network's."""

    target: int
    index: int
    value: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One simulation: the targets that fail from day 0 on, and which shares it changes."""

    stopped: tuple[int, ...]
    changes: tuple[ShareChange, ...] = field(default=())


class LaneScores(NamedTuple):
    """What is kept of simulations; lanes are the last axis of every array.

    Attributes
    ----------
    values
        Shape (scores, horizons, lanes): as `risk.paths.Score.compute`.
    worst_level, worst_item, defaults_used
        As `risk.kernels.scratch.Outcome`.
    """

    values: FloatArray
    worst_level: FloatArray
    worst_item: IntArray
    defaults_used: IntArray


Ends = tuple[tuple[ShareChange, ...], tuple[ShareChange, ...]]


def pack_lanes(lanes: Sequence[Lane]) -> Lanes:
    """Lanes as CSR arrays."""
    changes = [change for lane in lanes for change in lane.changes]
    return Lanes(
        stop_start=_offsets(len(lane.stopped) for lane in lanes),
        stopped=np.array([target for lane in lanes for target in lane.stopped], dtype=np.int64),
        change_start=_offsets(len(lane.changes) for lane in lanes),
        change_target=np.array([change.target for change in changes], dtype=np.int64),
        change_index=np.array([change.index for change in changes], dtype=np.int64),
        change_value=np.array([change.value for change in changes], dtype=np.float64),
    )


def _offsets(counts: Iterable[int]) -> IntArray:
    return np.concatenate(([0], np.cumsum(list(counts), dtype=np.int64))).astype(np.int64)


def run_lanes(network: Network, lanes: Sequence[Lane], *, mode: Mode, horizon: int) -> Outcome:
    """Simulate lanes on all cores and keep every day.

    Parameters
    ----------
    network
        The chain's arrays.
    lanes
        What to simulate.
    mode
        Run or build.
    horizon
        Days, at least 1.

    Returns
    -------
    Outcome
        In the order of `lanes`, the same whatever the number of threads.
    """
    packed = pack_lanes(lanes)
    outcome = make_outcome(lanes=len(lanes), horizon=horizon)

    def simulate(memory: Scratch, first: int, last: int) -> None:
        simulate_lanes(network, packed, memory, outcome, first, last, mode is Mode.RUN)

    _run_blocks(network, len(lanes), simulate)
    return outcome


def score_lanes(
    network: Network,
    lanes: Sequence[Lane],
    *,
    mode: Mode,
    scores: Sequence[Score],
    horizons: Sequence[int],
    progress: Callable[[int], None] | None = None,
) -> LaneScores:
    """Simulate lanes on all cores and keep their scores alone.

    Days are scored while a block of lanes is in the cache: those of a province over three years fill
    1.5 GB, and getting that memory alone took a twelfth of the run.

    Parameters
    ----------
    network
        The chain's arrays.
    lanes
        What to simulate.
    mode
        Run or build.
    scores
        Which scores to compute.
    horizons
        Days, each at least 1; the longest is simulated.
    progress
        Called with the number of lanes done so far, from the calling thread.

    Returns
    -------
    LaneScores
        In the order of `scores`, `horizons` and `lanes`, the same whatever the number of threads.
    """
    found = LaneScores(
        values=np.empty((len(scores), len(horizons), len(lanes))),
        worst_level=np.empty(len(lanes)),
        worst_item=np.empty(len(lanes), dtype=np.int64),
        defaults_used=np.empty(len(lanes), dtype=np.int64),
    )

    def score(memory: Scratch, first: int, last: int) -> None:
        packed = pack_lanes(lanes[first:last])
        outcome = make_outcome(lanes=last - first, horizon=max(horizons))
        simulate_lanes(network, packed, memory, outcome, 0, last - first, mode is Mode.RUN)
        paths = LossPaths(*outcome.loss)
        for number, one in enumerate(scores):
            for at, horizon in enumerate(horizons):
                found.values[number, at, first:last] = one.compute(paths, horizon)
        found.worst_level[first:last] = outcome.worst_level
        found.worst_item[first:last] = outcome.worst_item
        found.defaults_used[first:last] = outcome.defaults_used

    _run_blocks(network, len(lanes), score, progress)
    return found


def _run_blocks(
    network: Network,
    lanes: int,
    run: Callable[[Scratch, int, int], None],
    progress: Callable[[int], None] | None = None,
) -> None:
    """Hand out blocks of lanes to threads, one a core, each with memory of its own."""
    free: SimpleQueue[Scratch] = SimpleQueue()
    workers = min(os.cpu_count() or 1, max(1, lanes // LANES_A_BLOCK))
    for _ in range(workers):
        free.put(make_scratch(network))

    def block(first: int) -> int:
        memory = free.get()
        last = min(first + LANES_A_BLOCK, lanes)
        run(memory, first, last)
        free.put(memory)
        return last - first

    done = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for count in pool.map(block, range(0, lanes, LANES_A_BLOCK)):
            done += count
            if progress:
                progress(done)


def compile_kernels(network: Network) -> None:
    """Compile the kernels, or load them from the cache, without simulating anything."""
    scratch = make_scratch(network)
    outcome = make_outcome(lanes=0, horizon=1)
    simulate_lanes(network, pack_lanes([]), scratch, outcome, 0, 0, True)


class EndChanges:
    """Shares at the low and the high end for a set of stopped units (model.md section 2).

    Parameters
    ----------
    arrays
        A chain's arrays.

    Notes
    -----
    Low: the unsure shares of the stopped units are 0 and go to others. High: they have the
    whole rest of their list, evenly, and the list's other blanks nothing. Spare that is a default
    follows its share.
    """

    def __init__(self, arrays: ChainArrays) -> None:
        network, unsure = arrays.network, arrays.unsure
        self._market = UnsureLists(
            unsure=unsure.unit_unsure,
            list_of=network.item_of_unit,
            unit_of=np.arange(len(network.item_of_unit)),
            share=network.share_of_unit,
            ratio=unsure.ratio_of_unit,
            others=network.others_of_item,
            rest=unsure.rest_of_item,
            targets=(slots.SHARE_OF_UNIT, slots.SPARE_OF_UNIT, slots.OTHERS_OF_ITEM),
        )
        self._bought = bought_lists(arrays)

    def ends(self, units: Iterable[int]) -> Ends | None:
        """List changes for the low and the high end where these units stop; none: nothing is unsure."""
        stopped = frozenset(units)
        market, bought = self._market.ends(stopped), self._bought.ends(stopped)
        low, high = (*market[0], *bought[0]), (*market[1], *bought[1])
        return (low, high) if low or high else None


def bought_lists(arrays: ChainArrays) -> UnsureLists:
    """Columns of the buyers' lists with shares that the data leave open."""
    network, unsure = arrays.network, arrays.unsure
    return UnsureLists(
        unsure=unsure.entry_unsure,
        list_of=np.repeat(np.arange(len(network.item_of_list)), np.diff(network.entry_start)),
        unit_of=network.entry_unit,
        share=network.share_of_entry,
        ratio=unsure.ratio_of_entry,
        others=network.others_of_list,
        rest=unsure.rest_of_list,
        targets=(slots.SHARE_OF_ENTRY, slots.SPARE_OF_ENTRY, slots.OTHERS_OF_LIST),
    )


@dataclass(frozen=True)
class UnsureLists:
    """Source lists of one kind (markets or buyers' lists) as columns; rows are units or entries."""

    unsure: BoolArray
    list_of: IntArray
    unit_of: IntArray
    share: FloatArray
    ratio: FloatArray
    others: FloatArray
    rest: FloatArray
    targets: tuple[int, int, int]
    rows_of_unit: dict[int, list[int]] = field(init=False)
    rows_of_list: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        by_unit: dict[int, list[int]] = defaultdict(list)
        by_list: dict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero(self.unsure).tolist():
            by_unit[int(self.unit_of[row])].append(row)
            by_list[int(self.list_of[row])].append(row)
        object.__setattr__(self, "rows_of_unit", by_unit)
        object.__setattr__(self, "rows_of_list", by_list)

    def ends(self, stopped: Collection[int]) -> tuple[list[ShareChange], list[ShareChange]]:
        """Give the changes of the low and of the high end where these units stop."""
        hit: dict[int, list[int]] = defaultdict(list)
        for unit in sorted(stopped):
            for row in self.rows_of_unit.get(unit, ()):
                hit[int(self.list_of[row])].append(row)
        low: list[ShareChange] = []
        high: list[ShareChange] = []
        for number, rows in sorted(hit.items()):
            freed = sum(float(self.share[row]) for row in rows)
            for row in rows:
                low.extend(self._set(row, 0.0))
            low.append(ShareChange(self.targets[2], number, float(self.others[number]) + freed))
            for row in self.rows_of_list[number]:
                high.extend(self._set(row, float(self.rest[number]) / len(rows) if row in rows else 0.0))
            high.append(ShareChange(self.targets[2], number, 0.0))
        return low, high

    def _set(self, row: int, share: float) -> list[ShareChange]:
        changes = [ShareChange(self.targets[0], row, share)]
        if not np.isnan(self.ratio[row]):
            changes.append(ShareChange(self.targets[1], row, float(self.ratio[row]) * share))
        return changes
