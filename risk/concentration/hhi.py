"""The Herfindahl-Hirschman index of shares of which some are unknown: ends, verdict and rank."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from risk.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

# Every threshold is passed only by more than this.
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends of a number that unknown shares leave open; equal when nothing is unknown."""

    low: float
    high: float


def bound_hhi(known: Sequence[float], rest: float) -> Range:
    """Bound the index of a market of which only some shares are known.

    Parameters
    ----------
    known
        Shares of the groups that are known, 0 to 1, at most 1 in all; one a group.
    rest
        What they leave, 0 to 1.

    Returns
    -------
    Range
        0 to 1. Low: the rest is spread over ever so many. High: all of it belongs to the largest group.

    Notes
    -----
    Low is Σ s², high is Σ s² without the largest, plus (largest + rest)².

    References
    ----------
    model.md section 5, "Verdict".

    Examples
    --------
    >>> found = bound_hhi([0.5, 0.3], 0.2)
    >>> round(found.low, 9), round(found.high, 9)
    (0.34, 0.58)
    """
    largest = max(known, default=0.0)
    low = sum((share * share for share in sorted(known)), start=0.0)
    return Range(low, min(1.0, max(low, low - largest * largest + (largest + rest) ** 2)))


def count_effective(hhi: float) -> float | None:
    """Count effective sources, 1/HHI: as many equal ones would be as concentrated; ``None`` at 0."""
    return 1.0 / hhi if hhi > 0.0 else None


def judge_line(found: Range | None, line: float) -> Verdict:
    """Judge a range against a line.

    Parameters
    ----------
    found
        The range; ``None`` when only countries are known.
    line
        Passed only by more than 1e-9.

    Returns
    -------
    Verdict
        Above when the low end passes the line, below when the high end does not, else cannot tell.

    Examples
    --------
    >>> str(judge_line(Range(0.34, 0.58), 0.4))
    'cannot_tell'
    """
    if found is None:
        return Verdict.COUNTRY_ONLY
    if found.low > line + SLACK:
        return Verdict.ABOVE
    return Verdict.CANNOT_TELL if found.high > line + SLACK else Verdict.BELOW


def rank_within(values: Sequence[float | None]) -> list[float | None]:
    """Rank each value among those of its chain.

    Parameters
    ----------
    values
        ``None`` where unknown; these are not ranked and count for nobody.

    Returns
    -------
    list
        Part of the known values that are no larger, in (0, 1]; 1 for the largest.

    Examples
    --------
    >>> rank_within([0.2, None, 0.4, 0.4, 0.9])
    [0.25, None, 0.75, 0.75, 1.0]
    """
    known = sorted(value for value in values if value is not None)
    return [None if value is None else bisect_right(known, value + SLACK) / len(known) for value in values]
