"""净损失: what is lost after substitution and stock; times the horizon, 折合停产天数."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.paths import LossPaths, Score

if TYPE_CHECKING:
    from numpy.typing import NDArray


def residual(paths: LossPaths, horizon: int) -> NDArray[np.float64]:
    """Mean day loss over the first `horizon` days with substitution and stock, 0 to 1.

    References
    ----------
    model.md section 5.
    """
    return np.asarray(paths.full[:, :horizon].mean(axis=1))


SCORE = Score("residual", "净损失", "Residual loss", "share", residual)
