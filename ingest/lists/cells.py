"""Cells of the other lists: dates and words beside the parsers of supplier lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias

from ingest.lists.columns import ListColumn, Reading
from ingest.numbers import parse_days, parse_number
from ingest.parsing import CellError, check_note, fold_width, parse_text
from ingest.shares import ShareReading, parse_fraction, read_column

EntryValue: TypeAlias = str | float | None
Parse: TypeAlias = Callable[[str], EntryValue]

NUMBER_LIMIT: Final = 1e15
DAYS_LIMIT: Final = 3650.0
NOTE_LIMIT: Final = 4000
YEARS: Final = (2000, 2100)
DATE: Final = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?"
)
PLAIN_DATE: Final = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")


def parser_for(column: ListColumn, cells: list[str], *, header_percent: bool) -> tuple[Parse, str | None]:
    """Choose the parser of a column.

    Parameters
    ----------
    column
        Which column.
    cells
        Its cells that hold something, since percentages are read by column.
    header_percent
        Whether the header says %.

    Returns
    -------
    tuple
        The parser, and the code of a warning about the whole column.
    """
    if column.reading is Reading.FRACTION:
        reading: ShareReading = read_column(cells, header_percent=header_percent)
        return (lambda text: parse_fraction(text, reading)), reading.warning
    if column.reading is Reading.WORD:
        return (lambda text: parse_word(text, column)), None
    parsers: dict[Reading, Parse] = {
        Reading.TEXT: parse_text,
        Reading.NOTE: _parse_note,
        Reading.NUMBER: lambda text: parse_number(text, maximum=NUMBER_LIMIT),
        Reading.DAYS: lambda text: parse_days(text, maximum=DAYS_LIMIT),
        Reading.DATE: parse_date,
    }
    return parsers[column.reading], None


def parse_date(text: str) -> str:
    """Read a day.

    Parameters
    ----------
    text
        A cell: year, month and day in this order.

    Returns
    -------
    str
        ISO 8601.

    Raises
    ------
    CellError
        ``not-a-date``; ``date-range`` outside the years 2000 to 2100.

    Examples
    --------
    >>> parse_date("2026年3月5日"), parse_date("2026/12/31")
    ('2026-03-05', '2026-12-31')
    """
    plain = fold_width(text)
    found = DATE.fullmatch(plain) or PLAIN_DATE.fullmatch(plain)
    if found is None:
        raise CellError("not-a-date")
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError as error:
        raise CellError("not-a-date") from error
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise CellError("date-range")
    return day.isoformat()


def parse_word(text: str, column: ListColumn) -> str:
    """Read one of the words that a column knows.

    Parameters
    ----------
    text
        A cell.
    column
        With its words.

    Returns
    -------
    str
        The value it means.

    Raises
    ------
    CellError
        ``unknown-word``.
    """
    wanted = _word_key(text)
    for value, words in column.words:
        if wanted in {_word_key(word) for word in (value, *words)}:
            return value
    raise CellError("unknown-word", words="、".join(words[0] for _, words in column.words))


def _word_key(text: str) -> str:
    return "".join(fold_width(text).casefold().replace("_", " ").split())


def _parse_note(text: str) -> str:
    check_note(text)
    if len(text) > NOTE_LIMIT:
        raise CellError("too-long", limit=NOTE_LIMIT)
    return fold_width(text)
