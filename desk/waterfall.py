"""The one picture of a node: exposure, less substitution, less stock, gives the residual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.rows import EndScores


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps from exposure to residual, all as fractions of end output.

    Attributes
    ----------
    exposure
        Loss of day 0 with no stock and no substitution, 0 to 1.
    by_substitution
        What substitution takes off on average over the horizon, 0 to exposure.
    by_stock
        What stock takes off; negative where the loss grows with time, because an installed base wears
        out faster than stock helps.
    residual
        Mean loss over the horizon with both, 0 to 1.
    """

    exposure: float
    by_substitution: float
    by_stock: float
    residual: float


def build_waterfall(scores: EndScores) -> Waterfall | None:
    """Split exposure into what substitution and stock take off and what is left.

    Parameters
    ----------
    scores
        One end of one node's scores.

    Returns
    -------
    Waterfall or None
        ``None`` for a node without scores. The steps always add up:
        exposure - by_substitution - by_stock = residual.

    Notes
    -----
    The substitution score is a mean over the horizon, so its share is taken of the exposure; what remains
    between that and the residual is the work of stock and time.

    Examples
    --------
    >>> from desk.rows import EndScores
    >>> build_waterfall(EndScores(0.5, 0.5, 0.125, 170, None))
    Waterfall(exposure=0.5, by_substitution=0.25, by_stock=0.125, residual=0.125)
    """
    if scores.exposure is None or scores.residual is None:
        return None
    by_substitution = scores.exposure * (scores.substitution or 0.0)
    by_stock = scores.exposure - by_substitution - scores.residual
    return Waterfall(scores.exposure, by_substitution, by_stock, scores.residual)
