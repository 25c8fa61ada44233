"""What the kernel hands to the scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SLACK = 1e-9
FIRST_DAY_LOSS = 0.01


@dataclass(frozen=True)
class LossPaths:
    """Day losses of many shocks, each array of shape (shocks, days), 0 to 1.

    Attributes
    ----------
    bare
        Without stock and without substitution.
    substituted
        With substitution, without stock.
    full
        With both.
    """

    bare: NDArray[np.float64]
    substituted: NDArray[np.float64]
    full: NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """One score of a node: its name, unit and how it follows from the loss paths.

    Attributes
    ----------
    score_id
        Stable name, also the column name.
    name_zh, name_en
        For people.
    unit
        ``share`` (0 to 1) or ``days``.
    compute
        ``(paths, horizon) -> array of shape (shocks,)``; NaN for none or undefined.
    """

    score_id: str
    name_zh: str
    name_en: str
    unit: str
    compute: Callable[[LossPaths, int], NDArray[np.float64]]


def days_above(paths: LossPaths, horizon: int) -> NDArray[np.bool_]:
    """Days of the full path whose loss exceeds 1 %, shape (shocks, horizon)."""
    return np.asarray(paths.full[:, :horizon] > FIRST_DAY_LOSS + SLACK)
