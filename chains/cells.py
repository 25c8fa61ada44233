"""Cells of a CSV file as values: blank is None, and what cannot be read is a Problem."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from chains.errors import Place, Problem, Severity

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=StrEnum)

UNKNOWN_WORDS: Final = frozenset({"", "unknown", "未知"})
TRUE_WORDS: Final = frozenset({"true", "yes", "1"})
FALSE_WORDS: Final = frozenset({"false", "no", "0"})
YEARS: Final = range(1900, 2101)
LARGEST_WHOLE: Final = 1_000_000
# Stricter than float(), which also takes "nan", "1_000" and full-width digits.
NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class CellError(ValueError):
    """A cell that cannot be read; the message says what was expected, and `message_zh` in Chinese."""

    def __init__(self, message: str, *, zh: str) -> None:
        super().__init__(message)
        self.message_zh = zh


def parse_number(text: str) -> float:
    """Read a finite number of at least 0, such as a weight or a number of days.

    Parameters
    ----------
    text
        The cell without blanks at its ends.

    Returns
    -------
    float
        At least 0.

    Raises
    ------
    CellError
        When the text is no plain finite number or is negative.

    Examples
    --------
    >>> parse_number("0.25")
    0.25
    """
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(value):
        raise CellError("write a plain number such as 0.25", zh="请写普通数字,例如 0.25")
    if value < 0:
        raise CellError("must not be below 0", zh="不能小于 0")
    return value


def parse_fraction(text: str) -> float:
    """Read a share, 0 to 1.

    Parameters
    ----------
    text
        The cell without blanks at its ends.

    Returns
    -------
    float
        0 to 1.

    Raises
    ------
    CellError
        When the text is no number or lies outside 0 to 1; percentages are refused, not guessed.
    """
    value = parse_number(text)
    if value > 1:
        raise CellError(
            "must be a fraction from 0 to 1 (0.35, not 35)", zh="请写 0 到 1 的小数(0.35,不是 35)"
        )
    return value


def parse_year(text: str) -> int:
    """Read a calendar year.

    Parameters
    ----------
    text
        The cell; ``2025.0``, as spreadsheets write it, is 2025.

    Returns
    -------
    int
        1900 to 2100.

    Raises
    ------
    CellError
        When it is no such year.
    """
    value = parse_number(text)
    if not value.is_integer() or int(value) not in YEARS:
        raise CellError(
            f"write a year from {YEARS.start} to {YEARS.stop - 1}",
            zh=f"请写 {YEARS.start} 到 {YEARS.stop - 1} 之间的年份",
        )
    return int(value)


def parse_whole(text: str) -> int:
    """Read a whole number, such as a tier or a priority; ``7.0``, as spreadsheets write it, is 7.

    Raises
    ------
    CellError
        When it is no whole number from 0 to 1,000,000.
    """
    value = parse_number(text)
    if not value.is_integer() or value > LARGEST_WHOLE:
        raise CellError(
            f"write a whole number from 0 to {LARGEST_WHOLE}", zh=f"请写 0 到 {LARGEST_WHOLE} 的整数"
        )
    return int(value)


def parse_flag(text: str) -> bool:
    """Read true or false, yes or no, 1 or 0, in any case.

    Raises
    ------
    CellError
        When it is none of the six words.
    """
    word = text.lower()
    if word not in TRUE_WORDS | FALSE_WORDS:
        raise CellError("write true or false", zh="请写 true 或 false")
    return word in TRUE_WORDS


def parse_date(text: str) -> date:
    """Read an ISO date such as 2026-11-22.

    Raises
    ------
    CellError
        When it is no such date.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CellError("write a date as 2026-11-22", zh="日期请写成 2026-11-22") from None


def parse_choice(choices: type[Choice]) -> Callable[[str], Choice]:
    """Make the reader of a column that takes one word of a list.

    Parameters
    ----------
    choices
        The words.

    Returns
    -------
    Callable[[str], Choice]
        A reader that raises `CellError` for any other word; case does not matter.
    """

    def parse(text: str) -> Choice:
        try:
            return choices(text.lower())
        except ValueError:
            words = ", ".join(choices)
            raise CellError(f"write one of {words}", zh=f"请从这些词里选一个:{words}") from None

    return parse


@dataclass(slots=True)
class RowReader:
    """One row of a file; collects what cannot be read instead of stopping at the first.

    Attributes
    ----------
    cells
        Column name to text, without blanks at the ends.
    place
        File and line.
    problems
        One error per cell that could not be read; any of them means: leave the row out.
    """

    cells: Mapping[str, str]
    place: Place
    problems: list[Problem] = field(default_factory=list)

    def text(self, column: str) -> str | None:
        """Return the text of an optional column.

        Parameters
        ----------
        column
            Name in the header.

        Returns
        -------
        str or None
            None when the column is absent, blank or says unknown.
        """
        value = self.cells.get(column, "")
        return None if value.lower() in UNKNOWN_WORDS else value

    def key(self, column: str) -> str:
        """Return an id that must be there, exactly as written.

        Parameters
        ----------
        column
            Name in the header.

        Returns
        -------
        str
            The id; blank, with a problem noted, when the cell is blank.
        """
        value = self.cells.get(column, "")
        if not value:
            self._fail_blank(column)
        return value

    def read(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """Return the value of an optional column.

        Parameters
        ----------
        column
            Name in the header.
        parse
            Turns text into the value or raises `CellError`.

        Returns
        -------
        Value or None
            None when the cell is unknown, and also, with a problem noted, when it cannot be read.
        """
        text = self.text(column)
        if text is None:
            return None
        try:
            return parse(text)
        except CellError as error:
            zh = f"{column} 写的是 {text!r};{error.message_zh}"
            self.fail("bad-cell", f"{column} is {text!r}; {error}", zh=zh)
            return None

    def require(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """Return the value of a column that must be filled in.

        Parameters
        ----------
        column
            Name in the header.
        parse
            Turns text into the value or raises `CellError`.

        Returns
        -------
        Value or None
            None, always with a problem noted, when the cell is unknown or cannot be read.
        """
        if self.text(column) is None:
            self._fail_blank(column)
        return self.read(column, parse)

    def fail(self, code: str, message: str, *, zh: str) -> None:
        """Note an error of this row.

        Parameters
        ----------
        code
            Stable name of the rule.
        message
            What is wrong and what to do, in English.
        zh
            `message` in Chinese.
        """
        self.problems.append(Problem(Severity.ERROR, code, message, (self.place,), message_zh=zh))

    def _fail_blank(self, column: str) -> None:
        message = f"{column} is blank; fill it in or delete the row"
        self.fail("blank-cell", message, zh=f"{column} 是空的;请填写或删除该行")
