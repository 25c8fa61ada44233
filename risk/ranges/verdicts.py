"""The verdict at each line: whether a node passes red, orange, yellow whatever the unknown shares are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chains.model import Mode
from risk.levels import level_ranks
from risk.model import Level, Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from risk.levels import Lines

LINE_LEVELS = (Level.RED, Level.ORANGE, Level.YELLOW)
LINE_COLUMNS = tuple(f"{mode}_{level}" for mode in Mode for level in LINE_LEVELS)
"""One column a mode and line, run before build, red first."""
DECIDING_SCORE = {Mode.RUN: "residual", Mode.BUILD: "exposure"}
"""The score whose low end gives a mode's level."""


def line_verdicts(
    lines: Lines,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    *,
    first_day_low: NDArray[np.float64] | None = None,
    first_day_high: NDArray[np.float64] | None = None,
) -> dict[Level, list[Verdict]]:
    """Judge nodes at every line of one mode.

    Parameters
    ----------
    lines
        Of the mode.
    low, high
        Its deciding score at both ends, 0 to 1, shape (nodes,); NaN where a node has none.
    first_day_low, first_day_high
        First days above 1 %, NaN for never; where red needs an early first day.

    Returns
    -------
    dict
        By level of `LINE_LEVELS`, one verdict a node: above when the low end passes the line, below when
        the high end does not, else cannot tell; country only where a node has no scores.

    References
    ----------
    model.md section 5, "Verdict".

    Examples
    --------
    >>> from risk.levels import Lines
    >>> found = line_verdicts(Lines(0.5, 0.25, 0.1), np.array([0.3]), np.array([0.6]))
    >>> [str(found[level][0]) for level in LINE_LEVELS]
    ['cannot_tell', 'above', 'above']
    """
    # Red is judged on its own: a node whose loss passes the line but comes late is orange.
    low_ranks = level_ranks(lines, low, first_day_low)
    high_ranks = level_ranks(lines, high, first_day_high)
    unscored = np.isnan(low) | np.isnan(high)
    return {
        level: [
            _verdict(blank=bool(blank), low=bool(at_low >= level.rank), high=bool(at_high >= level.rank))
            for blank, at_low, at_high in zip(unscored, low_ranks, high_ranks, strict=True)
        ]
        for level in LINE_LEVELS
    }


def _verdict(*, blank: bool, low: bool, high: bool) -> Verdict:
    if blank:
        return Verdict.COUNTRY_ONLY
    if low:
        return Verdict.ABOVE
    return Verdict.CANNOT_TELL if high else Verdict.BELOW
