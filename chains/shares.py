"""Unknown shares: how a source list with blanks is filled, and the ends of what is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Sums of decimal shares miss 1 by some 1e-16; such a rest is rounding, not an unnamed supplier.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class FilledShares:
    """A source list after its blanks were filled.

    Attributes
    ----------
    shares
        One a source, 0 to 1; with `others` they sum to 1.
    others
        未列明来源, the part no named source covers, 0 to 1.
    unsure
        Whether a source's share is a blank that the data does not settle.
    rest
        1 − the known shares: what the blanks could at most have together, 0 to 1.
    """

    shares: tuple[float, ...]
    others: float
    unsure: tuple[bool, ...]
    rest: float


def fill_shares(known: Sequence[float | None], *, complete: bool, blank_cap: float) -> FilledShares:
    """Fill the blanks of one source list.

    Parameters
    ----------
    known
        Shares as given, ``None`` where blank.
    complete
        Whether the list names all sources, so that no part is kept for others.
    blank_cap
        The most a blank source of an incomplete list is given, 0 to 1.

    Returns
    -------
    FilledShares
        In the order of `known`.

    Notes
    -----
    With K the sum of the known shares: K > 1, known shares are divided by K. Otherwise the rest
    1 − K is split evenly over the blanks and, unless the list is complete, one more part for
    others, each blank of an incomplete list at most `blank_cap`.

    References
    ----------
    model.md section 2, "Unknown shares".

    Examples
    --------
    >>> fill_shares([0.5, None], complete=False, blank_cap=0.10).shares
    (0.5, 0.1)
    >>> fill_shares([0.5, None], complete=True, blank_cap=0.10).shares
    (0.5, 0.5)
    """
    total = sum(share for share in known if share is not None)
    scale = 1.0 / total if total > 1.0 else 1.0
    rest = 1.0 - total if 1.0 - total > ROUNDING else 0.0
    blanks = sum(share is None for share in known)
    part = _blank_part(rest, blanks, complete=complete, blank_cap=blank_cap)
    shares = tuple(part if share is None else share * scale for share in known)
    settled = complete and blanks == 1
    others = rest - part * blanks
    return FilledShares(
        shares=shares,
        others=others if others > ROUNDING else 0.0,
        unsure=tuple(share is None and not settled for share in known),
        rest=rest,
    )


def _blank_part(rest: float, blanks: int, *, complete: bool, blank_cap: float) -> float:
    if blanks == 0:
        return 0.0
    return rest / blanks if complete else min(rest / (blanks + 1), blank_cap)


def fill_weights(known: Sequence[float | None]) -> tuple[float, ...]:
    """Fill the market weights of an item's variants and scale them to sum 1.

    Parameters
    ----------
    known
        Weights as given, ``None`` where blank.

    Returns
    -------
    tuple of float
        0 to 1, summing to 1; all equal when the given weights sum to 0.

    Examples
    --------
    >>> fill_weights([0.6, None, None])
    (0.6, 0.2, 0.2)
    """
    filled = fill_shares(known, complete=True, blank_cap=1.0).shares
    total = sum(filled)
    if total <= 0.0:
        return tuple(1.0 / len(known) for _ in known)
    return tuple(weight / total for weight in filled)
