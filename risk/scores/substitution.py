"""可替代分: which part of the loss others make good in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.paths import SLACK, LossPaths, Score

if TYPE_CHECKING:
    from numpy.typing import NDArray


def substitution(paths: LossPaths, horizon: int) -> NDArray[np.float64]:
    """1 − mean loss with substitution over mean loss without, both without stock.

    Returns
    -------
    array of float
        0 to 1; NaN where there is nothing to substitute.

    References
    ----------
    model.md section 5.
    """
    bare = paths.bare[:, :horizon].mean(axis=1)
    substituted = paths.substituted[:, :horizon].mean(axis=1)
    lost = bare > SLACK
    return np.where(lost, np.clip(1.0 - substituted / np.where(lost, bare, 1.0), 0.0, 1.0), np.nan)


SCORE = Score("substitution", "可替代分", "Substitution", "share", substitution)
