"""Where cells stand: the names of columns and ranges of a sheet."""

from __future__ import annotations

import re
from typing import Final

from ingest.errors import UploadRefusedError

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


def column_index(letters: str) -> int:
    """Return the 0-based index of a column.

    Parameters
    ----------
    letters
        ``A`` to ``XFD``.

    Returns
    -------
    int
        Index.

    Raises
    ------
    UploadRefusedError
        ``damaged`` for anything else.

    Examples
    --------
    >>> column_index("A"), column_index("AA")
    (0, 26)
    """
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= len("XFD")):
        raise UploadRefusedError("damaged")
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def parse_range(reference: str) -> tuple[int, int, int, int]:
    """Read a range.

    Parameters
    ----------
    reference
        Such as ``A3:B5``.

    Returns
    -------
    tuple[int, int, int, int]
        First and last row (1-based), first and last column (0-based).

    Raises
    ------
    UploadRefusedError
        ``damaged`` for anything else.

    Examples
    --------
    >>> parse_range("A3:B5")
    (3, 5, 0, 1)
    """
    match = RANGE.fullmatch(reference)
    if match is None:
        raise UploadRefusedError("damaged")
    first_column, first_row = column_index(match[1]), int(match[2])
    last_column, last_row = (column_index(match[3]), int(match[4])) if match[3] else (first_column, first_row)
    return first_row, last_row, first_column, last_column
