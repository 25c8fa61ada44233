"""恢复日 (TTR): when the loss is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.paths import LossPaths, Score, days_above

if TYPE_CHECKING:
    from numpy.typing import NDArray


def recovery_day(paths: LossPaths, horizon: int) -> NDArray[np.float64]:
    """Find the day after the last day whose loss exceeds 1 %.

    Returns
    -------
    array of float
        NaN where there is no such day, or where it is the last of the horizon.

    References
    ----------
    model.md section 5.
    """
    above = days_above(paths, horizon)
    after = above.shape[1] - above[:, ::-1].argmax(axis=1)
    ended = above.any(axis=1) & (after < above.shape[1])
    return np.where(ended, after.astype(np.float64), np.nan)


SCORE = Score("recovery_day", "恢复日", "Recovery day", "days", recovery_day)
