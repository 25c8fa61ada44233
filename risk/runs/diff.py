"""What changed between two runs, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from risk.model import ENDS, MODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chains.model import End, Mode
    from risk.model import Judgement, Node, ScoreTable

# Thresholds are passed only by more than this, and so is a difference.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One score of one node that differs.

    Attributes
    ----------
    node
        As the later run knows it.
    mode, end, horizon, score
        Which number; `horizon` in days.
    before, after
        The numbers; NaN means none.
    """

    node: Node
    mode: Mode
    end: End
    horizon: int
    score: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class JudgementChange:
    """A node that is judged otherwise."""

    node: Node
    before: Judgement
    after: Judgement

    @property
    def rises(self) -> bool:
        """Whether the level on the low end got worse."""
        return self.after.level.rank > self.before.level.rank


@dataclass(frozen=True, slots=True)
class ScoreChanges:
    """All that differs between two runs of a chain.

    Attributes
    ----------
    appeared, vanished
        Nodes of only one run.
    scores
        Numbers that differ by more than 1e-9, of nodes and horizons of both runs, in canonical order.
    judgements
        Nodes judged otherwise.
    """

    appeared: tuple[Node, ...]
    vanished: tuple[Node, ...]
    scores: tuple[ScoreChange, ...]
    judgements: tuple[JudgementChange, ...]


def diff_runs(before: ScoreTable, after: ScoreTable) -> ScoreChanges:
    """Compare two runs.

    Parameters
    ----------
    before, after
        From `risk.repository.read_score_table`.

    Returns
    -------
    ScoreChanges
        Empty for two runs on the same data.
    """
    earlier = {(node.scope, node.key): at for at, node in enumerate(before.nodes)}
    later = {(node.scope, node.key): at for at, node in enumerate(after.nodes)}
    pairs = [(earlier[key], at) for key, at in later.items() if key in earlier]
    return ScoreChanges(
        appeared=tuple(after.nodes[at] for key, at in later.items() if key not in earlier),
        vanished=tuple(before.nodes[at] for key, at in earlier.items() if key not in later),
        scores=tuple(_score_changes(before, after, pairs)),
        judgements=tuple(
            JudgementChange(after.nodes[new], before.judgements[old], after.judgements[new])
            for old, new in pairs
            if before.judgements[old] != after.judgements[new]
        ),
    )


def _score_changes(
    before: ScoreTable, after: ScoreTable, pairs: list[tuple[int, int]]
) -> Iterator[ScoreChange]:
    old = np.array([pair[0] for pair in pairs], dtype=np.int64)
    new = np.array([pair[1] for pair in pairs], dtype=np.int64)
    horizons = [horizon for horizon in after.horizons if horizon in before.horizons]
    for name in sorted(before.values.keys() & after.values.keys()):
        first, second = before.values[name], after.values[name]
        for horizon in horizons:
            left = first[:, :, before.horizons.index(horizon)][:, :, old]
            right = second[:, :, after.horizons.index(horizon)][:, :, new]
            same = np.isclose(left, right, rtol=0.0, atol=TOLERANCE, equal_nan=True)
            for mode, end, at in np.argwhere(~same).tolist():
                yield ScoreChange(
                    node=after.nodes[new[at]],
                    mode=MODES[mode],
                    end=ENDS[end],
                    horizon=horizon,
                    score=name,
                    before=float(left[mode, end, at]),
                    after=float(right[mode, end, at]),
                )
