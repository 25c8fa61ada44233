"""Text that spreadsheets would run, made safe: the one place for every file that people take home."""

from __future__ import annotations

from typing import Final, TypeVar

RISKY_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS: Final = " \u00a0\u3000\ufeff"
HARMLESS: Final = frozenset({"-", "－"})
Cell = TypeVar("Cell")


def defuse(cell: Cell) -> Cell | str:
    """Keep a spreadsheet from running a text as a formula.

    Parameters
    ----------
    cell
        Any cell of an export.

    Returns
    -------
    object
        Text that a spreadsheet would take for a formula gets an apostrophe in front; everything else, numbers
        above all, stays what it is.

    Examples
    --------
    >>> defuse("=1+1"), defuse(" @SUM(A1)"), defuse(-0.5), defuse("ASML"), defuse("-")
    ("'=1+1", "' @SUM(A1)", -0.5, 'ASML', '-')
    """
    if not isinstance(cell, str) or cell.strip() in HARMLESS:
        return cell
    return f"'{cell}" if cell.lstrip(BLANKS).startswith(RISKY_STARTS) else cell
