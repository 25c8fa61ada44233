"""What the scores of each node amount to: level, verdict, structural weakness, defaults used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chains.defaults import DefaultUsed
from chains.model import End, Mode, Scope
from risk.levels import SLACK, level_ranks
from risk.model import ENDS, MODES, Judgement, Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from chains.arrays import ChainArrays
    from risk.lanes import LaneScores
    from risk.levels import Levels
    from risk.nodes import NodeMembers

LEVELS = tuple(Level)


def judge(
    arrays: ChainArrays,
    members: Sequence[NodeMembers],
    lane_of: NDArray[np.int64],
    found: Mapping[Mode, LaneScores],
    values: Mapping[str, NDArray[np.float64]],
    main: int,
    levels: Levels,
) -> tuple[Judgement, ...]:
    """Judge every node at the main horizon.

    Parameters
    ----------
    arrays, members, lane_of, found
        What was simulated; `lane_of` has shape (ends, nodes).
    values
        Scores by (mode, end, horizon, node).
    main
        Position of the main horizon.
    levels
        Where levels begin.

    Returns
    -------
    tuple of Judgement
        In node order.

    References
    ----------
    model.md section 5.
    """
    run, build = MODES.index(Mode.RUN), MODES.index(Mode.BUILD)
    ranks = {
        Mode.RUN: level_ranks(levels.run, values["residual"][run, :, main], values["tts_days"][run, :, main]),
        Mode.BUILD: level_ranks(levels.build, values["exposure"][build, :, main]),
    }
    low = lane_of[ENDS.index(End.LOW)]
    return tuple(
        _judge_one(
            arrays, one, int(low[column]), found, {mode: ranks[mode][:, column] for mode in MODES}, levels
        )
        for column, one in enumerate(members)
    )


def _judge_one(
    arrays: ChainArrays,
    one: NodeMembers,
    lane: int,
    found: Mapping[Mode, LaneScores],
    ranks: Mapping[Mode, NDArray[np.int64]],
    levels: Levels,
) -> Judgement:
    low, point, high = (max(int(ranks[mode][ENDS.index(end)]) for mode in MODES) for end in ENDS)
    by_mode = {mode: int(ranks[mode][ENDS.index(End.LOW)]) for mode in MODES}
    used = DefaultUsed(int(found[Mode.BUILD].defaults_used[lane])) if lane >= 0 else DefaultUsed(0)
    return Judgement(
        level=LEVELS[low],
        level_run=LEVELS[by_mode[Mode.RUN]],
        level_build=LEVELS[by_mode[Mode.BUILD]],
        level_point=LEVELS[point],
        level_high=LEVELS[high],
        decided_by=Mode.RUN if by_mode[Mode.RUN] >= by_mode[Mode.BUILD] else Mode.BUILD,
        verdict=_verdict(one, low, high),
        structural_run=_structural(one, lane, found[Mode.RUN], levels),
        structural_build=_structural(one, lane, found[Mode.BUILD], levels),
        worst_slot=_worst_slot(arrays, lane, found[Mode.BUILD]),
        defaults=used.names(),
    )


def _verdict(one: NodeMembers, low: int, high: int) -> Verdict:
    if not one.node.scored:
        return Verdict.COUNTRY_ONLY
    if low != high:
        return Verdict.CANNOT_TELL
    return Verdict.ABOVE if low > 0 else Verdict.BELOW


def _structural(one: NodeMembers, lane: int, found: LaneScores, levels: Levels) -> bool:
    if lane < 0 or one.node.scope is Scope.ITEM:
        return False
    return bool(found.worst_level[lane] < levels.structural_need - SLACK)


def _worst_slot(arrays: ChainArrays, lane: int, found: LaneScores) -> tuple[str, float] | None:
    if lane < 0 or found.worst_item[lane] < 0:
        return None
    return arrays.item_ids[int(found.worst_item[lane])], float(found.worst_level[lane])
