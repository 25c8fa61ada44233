"""断供冲击(单点失效分): what is lost on the first day when nothing cushions the stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.paths import LossPaths, Score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def exposure(paths: LossPaths, horizon: int) -> NDArray[np.float64]:  # noqa: ARG001 - the same for every horizon
    """Loss of day 0 with no stock and no substitution, 0 to 1.

    References
    ----------
    model.md section 5.
    """
    return paths.bare[:, 0].copy()


SCORE = Score("exposure", "断供冲击", "Exposure", "share", exposure)
