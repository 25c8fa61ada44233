"""Rows of values as text: csv that repeats byte for byte, json, and plain tables that line up in Chinese."""

from __future__ import annotations

import json
import math
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from chains.spreadsheets import defuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Cell: TypeAlias = str | int | float | bool | tuple[str, ...] | None
"""What a cell may hold; ``None`` and NaN are unknown or not applicable."""

CSV_DECIMALS = 9
UNKNOWN = "—"
_WIDE = ("W", "F")
_NEEDS_QUOTES = (",", '"', "\n", "\r")
_GAP = "  "


class Format(StrEnum):
    """How a list of rows is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def render_rows(rows: Sequence[Mapping[str, Cell]], columns: Sequence[str], *, form: Format) -> str:
    """Write rows in one of the three forms of the command line.

    Parameters
    ----------
    rows
        Cells by column name; a missing column is blank.
    columns
        The columns to write, in order.
    form
        Which form.

    Returns
    -------
    str
        Text that ends with a line feed.

    Examples
    --------
    >>> print(render_rows([{"key": "A", "residual": 0.25}], ("key", "residual"), form=Format.CSV), end="")
    key,residual
    A,0.250000000
    """
    if form is Format.CSV:
        return render_csv(rows, columns)
    if form is Format.JSON:
        return render_json(rows, columns)
    return render_table([[show_cell(row.get(name)) for name in columns] for row in rows], headers=columns)


def render_csv(rows: Iterable[Mapping[str, Cell]], columns: Sequence[str]) -> str:
    r"""Write comma-separated values: nine decimals, blank for none, ``\n`` line ends.

    Parameters
    ----------
    rows
        Cells by column name.
    columns
        The columns to write, in order.

    Returns
    -------
    str
        The same bytes for the same values, whatever the machine's locale.
    """
    lines = [",".join(map(_quote, columns))]
    lines.extend(",".join(_quote(_export_cell(row.get(name))) for name in columns) for row in rows)
    return "\n".join(lines) + "\n"


def render_json(rows: Iterable[Mapping[str, Cell]], columns: Sequence[str]) -> str:
    """Write one json array of objects; unknown is ``null``.

    Parameters
    ----------
    rows
        Cells by column name.
    columns
        The fields to write, in order.

    Returns
    -------
    str
        UTF-8 text with Chinese characters as they are.
    """
    objects = [{name: _json_cell(row.get(name)) for name in columns} for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def render_table(lines: Sequence[Sequence[str]], *, headers: Sequence[str]) -> str:
    """Write a plain table whose columns line up where a Chinese character is two columns wide.

    Parameters
    ----------
    lines
        Cells as shown.
    headers
        One a column.

    Returns
    -------
    str
        Columns that look like numbers are right-aligned.

    Examples
    --------
    >>> print(render_table([["东京电子", "0.5"], ["ASML", "0.25"]], headers=["名称", "净损失"]), end="")
    名称      净损失
    东京电子     0.5
    ASML        0.25
    """
    table = [list(headers), *map(list, lines)]
    widths = [max(display_width(line[column]) for line in table) for column in range(len(headers))]
    right = [_is_numeric([line[column] for line in table[1:]]) for column in range(len(headers))]
    padded = (
        _GAP.join(
            _pad(cell, width, right=is_right)
            for cell, width, is_right in zip(line, widths, right, strict=True)
        )
        for line in table
    )
    return "".join(line.rstrip() + "\n" for line in padded)


def display_width(text: str) -> int:
    """Count the terminal columns of a text: two for a wide character, none for a combining one.

    Parameters
    ----------
    text
        One line.

    Returns
    -------
    int
        Columns.

    Examples
    --------
    >>> display_width("光刻胶 KrF")
    10
    """
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in _WIDE else 1
        for sign in text
    )


def show_cell(cell: Cell) -> str:
    """Write one cell for a person: four decimals, a dash for none.

    Parameters
    ----------
    cell
        The value.

    Returns
    -------
    str
        Never empty.
    """
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return UNKNOWN
    if isinstance(cell, float):
        return f"{cell:.4f}"
    return _csv_cell(cell) or UNKNOWN


def show_percent(fraction: float | None) -> str:
    """Write a fraction as a percentage with one decimal, a dash for none.

    Parameters
    ----------
    fraction
        0 to 1 for shares; a negative one keeps its sign.

    Returns
    -------
    str
        For example ``12.3%``.

    Examples
    --------
    >>> show_percent(0.1234), show_percent(-0.00001), show_percent(None)
    ('12.3%', '0.0%', '—')
    """
    if fraction is None or math.isnan(fraction):
        return UNKNOWN
    rounded = round(fraction * 100, 1)
    return f"{rounded or 0.0:.1f}%"


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return "" if math.isnan(cell) else _fixed(cell)
    if isinstance(cell, tuple):
        return ";".join(cell)
    return str(cell)


def _export_cell(cell: Cell) -> str:
    """Write a cell of a file that a spreadsheet may open: text that it would run is made safe."""
    text = _csv_cell(cell)
    return str(defuse(text)) if isinstance(cell, str | tuple) else text


def _fixed(number: float) -> str:
    text = f"{number:.{CSV_DECIMALS}f}"
    # A sum may end a rounding error below zero; "-0.000000000" is no number a reader expects.
    return text.removeprefix("-") if float(text) == 0.0 else text


def _json_cell(cell: Cell) -> object:
    if isinstance(cell, float):
        return None if math.isnan(cell) else round(cell, CSV_DECIMALS)
    return list(cell) if isinstance(cell, tuple) else cell


def _quote(text: str) -> str:
    if any(sign in text for sign in _NEEDS_QUOTES):
        return '"' + text.replace('"', '""') + '"'
    return text


def _is_numeric(cells: Sequence[str]) -> bool:
    known = [cell for cell in cells if cell != UNKNOWN]
    return bool(known) and all(cell.strip("-+%").replace(".", "", 1).isdecimal() for cell in known)


def _pad(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks
