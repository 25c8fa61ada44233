"""The workbook that an officer sent, with its bad cells coloured and commented, made in the child."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from chains.errors import LianwenError
from ingest.errors import UploadRefusedError
from ingest.gate import check_file
from ingest.messages import Language
from ingest.model import MIB, Limits, RowIssue, ValidatedTable
from ingest.sandbox import Reader

BAD_COLOUR: Final = "FFC7CE"
COMMENT_AUTHOR: Final = "Lianwen 链稳"
# openpyxl takes about fifty times the size of a workbook; larger ones are written anew instead.
LARGEST_ORIGINAL: Final = 3 * MIB
MOST_MARKS: Final = 5000


@dataclass(frozen=True, slots=True)
class CellMark:
    """A cell to mark.

    Attributes
    ----------
    row
        1-based sheet row.
    column
        0-based column.
    comment
        What to say beside it.
    """

    row: int
    column: int
    comment: str


def find_marks(table: ValidatedTable, language: Language) -> list[CellMark]:
    """List the bad cells of a table.

    Parameters
    ----------
    table
        A checked table.
    language
        Of the comments.

    Returns
    -------
    list[CellMark]
        One a cell; a row that is bad as a whole is marked in its first column.
    """
    place_of = columns_of_fields(table)
    return [
        CellMark(issues[0].row, column, comment)
        for issues in table.issues.values()
        for column, comment in marks_of_row(issues, place_of, language).items()
    ]


def columns_of_fields(table: ValidatedTable) -> dict[str, int]:
    """Tell in which column each field stands.

    Parameters
    ----------
    table
        A checked table.

    Returns
    -------
    dict[str, int]
        Name of a field or of an unknown column to the column's index.
    """
    columns = {name: index for name, (index, _) in table.staged.field_columns.items()}
    return columns | {name: index for index, name in table.staged.extras}


def marks_of_row(
    issues: Sequence[RowIssue], place_of: Mapping[str, int], language: Language
) -> dict[int, str]:
    """Say which cells of a row are bad.

    Parameters
    ----------
    issues
        Of one row.
    place_of
        From `columns_of_fields`.
    language
        Of the comments.

    Returns
    -------
    dict[int, str]
        Column to comment; what concerns the row as a whole stands in the first column.
    """
    said: dict[int, list[str]] = {}
    for issue in issues:
        said.setdefault(place_of.get(issue.field, 0), []).append(issue.reason(language))
    return {column: "\n".join(reasons) for column, reasons in said.items()}


def hidden_columns(table: ValidatedTable) -> tuple[int, ...]:
    """Tell which columns that look personal were emptied before a download.

    Parameters
    ----------
    table
        A checked table, perhaps without its personal cells.

    Returns
    -------
    tuple[int, ...]
        0-based columns.
    """
    names, columns = set(table.staged.personal), table.staged.raw.columns
    return tuple(index for index, name in table.staged.extras if name in names and not any(columns[index]))


def mark_original(
    content: bytes,
    filename: str,
    table: ValidatedTable,
    *,
    language: Language = "zh",
    reader: Reader | None = None,
) -> bytes | None:
    """Mark the bad cells in the workbook itself.

    Parameters
    ----------
    content, filename
        The file as uploaded.
    table
        What was found in it.
    language
        Of the comments.
    reader
        A reader process to use again.

    Returns
    -------
    bytes | None
        The workbook with its own layout; None for a text file, and for a workbook that is too large or that
        the program behind cannot write.
    """
    is_small = len(content) <= LARGEST_ORIGINAL and len(table.issues) <= MOST_MARKS
    if table.staged.raw.kind != "xlsx" or not is_small:
        return None
    marks = find_marks(table, language)
    if len(marks) > MOST_MARKS:
        return None
    order = {
        "sheet": table.staged.raw.sheet,
        "marks": [(mark.row, mark.column, mark.comment) for mark in marks],
        "hidden": hidden_columns(table),
        "header_row": table.staged.raw.header_row,
    }
    try:
        if reader is not None:
            return reader.mark(content, filename, order)
        with Reader() as own:
            return own.mark(content, filename, order)
    except LianwenError:
        return None


def mark_here(content: bytes, filename: str, order: dict[str, Any], *, limits: Limits) -> bytes:
    """Mark cells in this process; `mark_original` is the way in.

    Parameters
    ----------
    content, filename
        The file.
    order
        Sheet, marks, columns to empty and the header's row.
    limits
        What the file may cost.

    Returns
    -------
    bytes
        The workbook.

    Raises
    ------
    UploadRefusedError
        With the rule that the file breaks, or ``reader-died`` when it cannot be written.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - the reader loads it only for this

    check_file(content, filename, limits=limits)
    try:
        book = load_workbook(io.BytesIO(content), keep_links=False)
        _mark(book[order["sheet"]], order)
        stream = io.BytesIO()
        book.save(stream)
    except MemoryError:
        raise
    except Exception as error:  # what a program of others makes of a strange workbook is not ours to list
        raise UploadRefusedError("reader-died") from error
    return stream.getvalue()


def _mark(sheet: Any, order: dict[str, Any]) -> None:  # noqa: ANN401 - a sheet of openpyxl
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import PatternFill  # noqa: PLC0415

    fill = PatternFill("solid", start_color=BAD_COLOUR, end_color=BAD_COLOUR)
    covered = {
        (row, column): (area.min_row, area.min_col)
        for area in sheet.merged_cells.ranges
        if area.size["rows"] * area.size["columns"] <= MOST_MARKS
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    for row, column, text in order["marks"]:
        cell = sheet.cell(*covered.get((row, column + 1), (row, column + 1)))
        cell.fill = fill
        cell.comment = Comment(text, COMMENT_AUTHOR, height=90, width=280)
    for column in order["hidden"]:
        for cells in sheet.iter_rows(min_row=order["header_row"] + 1, min_col=column + 1, max_col=column + 1):
            cells[0].value = None
