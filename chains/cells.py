"""Cells of a CSV file as values: blank is None, and what cannot be read is a Problem."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
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
# How alike an unknown column is to the one that is meant: "shares" to share, "weight" to unit_weight.
_MEANT: Final = 0.7


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


def read_table(
    path: Path, file: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> tuple[list[RowReader], list[Problem]]:
    """Read a UTF-8 CSV file, with or without a byte order mark, into rows of text.

    Parameters
    ----------
    path
        The file.
    file
        Its name as the user knows it, for places.
    required
        Columns that must be in the header; other columns may be absent, unknown ones are ignored.
    optional
        Columns that may be absent; an unknown one that looks like one of those that are is pointed out.

    Returns
    -------
    rows : list of RowReader
        All records that have as many cells as the header; records of blanks only are skipped.
    problems : list of Problem
        What kept the file or single records from being read.
    """
    records, refusal = _read_records(path, file)
    if refusal:
        return [], [refusal]
    if not records:
        message = f"the file is empty; its first line must name {', '.join(required)}"
        zh = f"文件是空的;第一行须写列名 {'、'.join(required)}"
        return [], [_refuse("missing-header", message, Place(file, 0), zh=zh)]
    (first_line, header), *body = records
    columns = [name.strip().lower() for name in header]
    bad_header = _check_header(columns, required, Place(file, first_line))
    if bad_header:
        return [], bad_header
    rows, problems = _split_rows(columns, body, file)
    return rows, _suspect_columns(columns, optional, Place(file, first_line)) + problems


def _read_records(path: Path, file: str) -> tuple[list[tuple[int, list[str]]], Problem | None]:
    """Return the records of a file with their lines, or why there are none."""
    place = Place(file, 0)
    try:
        return list(_iterate_records(path.read_bytes().decode("utf-8-sig"))), None
    except FileNotFoundError:
        return [], _refuse("missing-file", "the file is missing; add it", place, zh="缺少这个文件;请补上")
    except OSError as error:
        message = f"the file cannot be opened ({error.strerror}); check it"
        return [], _refuse("unreadable-file", message, place, zh=f"文件打不开({error.strerror});请检查")
    except UnicodeDecodeError:
        message = "the file is not UTF-8; save it as CSV UTF-8"
        return [], _refuse("not-utf-8", message, place, zh="文件不是 UTF-8 编码;请另存为 CSV UTF-8")
    except csv.Error as error:
        message = f"the file is no readable CSV ({error}); save it again"
        return [], _refuse("bad-csv", message, place, zh=f"文件不是可读的 CSV({error});请重新保存")


def _iterate_records(content: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every record that is not blank with the line it starts on (quoted cells may span lines)."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    start = 1
    for record in reader:
        if any(cell.strip() for cell in record):
            yield start, record
        start = reader.line_num + 1


def _check_header(columns: list[str], required: tuple[str, ...], place: Place) -> list[Problem]:
    missing = [name for name in required if name not in columns]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    found = []
    if missing:
        message = f"column {', '.join(missing)} is missing; add it to the header"
        found.append(_refuse("missing-column", message, place, zh=f"缺少列 {'、'.join(missing)};请补到表头"))
    if twice:
        message = f"column {', '.join(twice)} stands twice in the header; keep one"
        zh = f"列 {'、'.join(twice)} 在表头里重复;请只留一个"
        found.append(_refuse("repeated-column", message, place, zh=zh))
    return found


def _suspect_columns(columns: list[str], optional: tuple[str, ...], place: Place) -> list[Problem]:
    """Point out unknown columns that are probably meant for one that is absent."""
    absent = [name for name in optional if name not in columns]
    found = []
    for name in columns:
        close = () if name in optional else get_close_matches(name, absent, n=1, cutoff=_MEANT)
        for meant in close:
            message = f"column {name} is unknown and not read; if {meant} is meant, call it so"
            zh = f"不认识列 {name},该列没有读取;如果是 {meant},请改为这个列名"
            found.append(Problem(Severity.WARNING, "column-not-read", message, (place,), message_zh=zh))
    return found


def _split_rows(
    columns: list[str], body: list[tuple[int, list[str]]], file: str
) -> tuple[list[RowReader], list[Problem]]:
    rows, problems = [], []
    for line, record in body:
        if len(record) != len(columns):
            message = f"the row has {len(record)} cells, the header {len(columns)}; check commas and quotes"
            zh = f"这一行有 {len(record)} 格,表头有 {len(columns)} 格;请检查逗号和引号"
            problems.append(_refuse("cell-count", message, Place(file, line), zh=zh))
            continue
        cells = dict(zip(columns, (cell.strip() for cell in record), strict=True))
        rows.append(RowReader(cells, Place(file, line)))
    return rows, problems


def _refuse(code: str, message: str, place: Place, *, zh: str) -> Problem:
    return Problem(Severity.ERROR, code, message, (place,), message_zh=zh)
