"""断供起始日 (TTS): when the loss begins to be felt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.paths import LossPaths, Score, days_above

if TYPE_CHECKING:
    from numpy.typing import NDArray


def tts_days(paths: LossPaths, horizon: int) -> NDArray[np.float64]:
    """First day whose loss exceeds 1 %; NaN if there is none within the horizon.

    References
    ----------
    model.md section 5.
    """
    above = days_above(paths, horizon)
    return np.where(above.any(axis=1), above.argmax(axis=1).astype(np.float64), np.nan)


SCORE = Score("tts_days", "断供起始日", "Time to survive", "days", tts_days)
