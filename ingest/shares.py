"""Columns of fractions (rule 3): what a bare number means is decided by its whole column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from ingest.numbers import SCALES, parse_decimal
from ingest.parsing import CellError, fold_width

Reading: TypeAlias = Literal["fraction", "percent", "mixed", "none"]
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class ShareReading:
    """How the bare numbers of a column are read.

    Attributes
    ----------
    reading
        ``fraction`` when all are at most 1, ``percent`` when all are above, ``mixed`` for both kinds.
    header_percent
        The header says %, so all are divided by 100.
    """

    reading: Reading
    header_percent: bool

    @property
    def warning(self) -> str | None:
        """Code of the warning that this reading needs."""
        if self.header_percent:
            return "percent-small" if self.reading == "fraction" else None
        return {"percent": "percent-assumed", "mixed": "percent-mixed"}.get(self.reading)


def read_column(texts: Iterable[str], *, header_percent: bool) -> ShareReading:
    """Decide how the bare numbers of a column are read.

    Parameters
    ----------
    texts
        Distinct texts of the column.
    header_percent
        The header says %.

    Returns
    -------
    ShareReading
        Cells with a % sign, words and numbers below 0 do not count.

    Examples
    --------
    >>> read_column(["30", "70"], header_percent=False).reading
    'percent'
    """
    small = large = False
    for text in texts:
        try:
            number, with_sign = _split_percent(text)
        except CellError:
            continue
        if not with_sign and number >= 0:
            small, large = small or number <= 1, large or number > 1
    reading: Reading = "mixed" if small and large else "fraction" if small else "percent" if large else "none"
    return ShareReading(reading, header_percent)


def parse_fraction(text: str, column: ShareReading) -> float:
    """Read one cell of a column of fractions.

    Parameters
    ----------
    text
        A cell.
    column
        How the column is read.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    CellError
        ``not-a-number``, ``share-ambiguous`` or ``share-range``.

    Examples
    --------
    >>> parse_fraction("35％", ShareReading("none", False))
    0.35
    """
    number, with_sign = _split_percent(text)
    if with_sign or column.header_percent:
        number /= HUNDRED
    elif column.reading == "mixed" and 0 <= number <= 1:
        raise CellError("share-ambiguous")
    elif column.reading in {"percent", "mixed"}:
        number /= HUNDRED
    if not 0 <= number <= 1:
        raise CellError("share-range")
    return float(number) + 0.0


def _split_percent(text: str) -> tuple[Decimal, bool]:
    plain = fold_width(text)
    digits = plain.removesuffix("%").rstrip()
    if any(sign in digits for sign in SCALES):
        raise CellError("not-a-number")
    return parse_decimal(digits), plain.endswith("%")
