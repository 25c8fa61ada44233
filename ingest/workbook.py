"""Bad rows to take home: as CSV, and as a workbook of the list with its bad cells marked."""

from __future__ import annotations

import csv
import io
from typing import Final

import xlsxwriter

from chains.spreadsheets import defuse
from ingest.checking import CheckResult
from ingest.marking import BAD_COLOUR, MOST_MARKS, columns_of_fields, mark_original, marks_of_row
from ingest.messages import Language
from ingest.model import ValidatedTable

BAD_HEADER: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("行号", "列", "内容", "原因"),
    "en": ("Row", "Column", "Value", "Reason"),
}
REASON_HEADER: Final[dict[Language, str]] = {"zh": "问题", "en": "Problems"}


def bad_rows_csv(result: CheckResult, language: Language = "zh") -> bytes:
    """List every problem of every bad row.

    Parameters
    ----------
    result
        A checked file.
    language
        ``zh`` or ``en``.

    Returns
    -------
    bytes
        UTF-8 with BOM, so that Excel shows Chinese; one line a problem.
    """
    # A text in memory would take four bytes a sign, and millions of problems a gigabyte.
    content = io.BytesIO()
    stream = io.TextIOWrapper(content, encoding="utf-8-sig", errors="backslashreplace", newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(BAD_HEADER[language])
    for row in result.bad(language):
        for problem in (row, *row["more"]):
            label = _label(result.table, problem["field"])
            writer.writerow((problem["row"], defuse(label), defuse(problem["value"]), problem["reason"]))
    stream.flush()
    return content.getvalue()


def _label(table: ValidatedTable | None, field: str) -> str:
    """Return the header as the file has it."""
    if table is not None and field in table.staged.field_columns:
        return table.staged.raw.header[table.staged.field_columns[field][0]].strip()
    return field


def marked_workbook(
    result: CheckResult, language: Language = "zh", *, original: tuple[bytes, str] | None = None
) -> bytes:
    """Mark the bad cells of a list with colour and comment.

    Parameters
    ----------
    result
        A checked file.
    language
        ``zh`` or ``en``.
    original
        The file and its name: a workbook of moderate size keeps its own layout.

    Returns
    -------
    bytes
        The officer's own workbook with its marks where that is possible. Else one whose cells are all text,
        made from what was read, each row at its own row number (so that what is said of row 12 stands in row
        12) and the reasons in a last column.

    Raises
    ------
    ValueError
        When the file was refused, so that there is no table to write.
    """
    if result.table is None:
        message = "a refused file has no rows to mark; show its sentence instead"
        raise ValueError(message)
    kept = mark_original(*original, result.table, language=language) if original else None
    if kept is not None:
        return kept
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        _write_marked(book, result.table, language)
    return stream.getvalue()


def _write_marked(book: xlsxwriter.Workbook, table: ValidatedTable, language: Language) -> None:
    raw, sheet = table.staged.raw, book.add_worksheet()
    bold, bad = book.add_format({"bold": True}), book.add_format({"bg_color": f"#{BAD_COLOUR}"})
    header_row = max(raw.header_row, 1) - 1
    for index, text in enumerate((*raw.header, REASON_HEADER[language])):
        sheet.write_string(header_row, index, text, bold)
    has_comments = len(table.issues) <= MOST_MARKS
    place_of = columns_of_fields(table)
    for record, (row, *cells) in enumerate(zip(raw.rows, *raw.columns, strict=True)):
        issues = table.issues.get(record, ())
        said = marks_of_row(issues, place_of, language)
        for index, cell in enumerate(cells):
            if cell or index in said:
                sheet.write_string(row - 1, index, cell or "", bad if index in said else None)
            if has_comments and index in said:
                sheet.write_comment(row - 1, index, said[index], {"x_scale": 2})
        if issues:
            reasons = " ".join(issue.reason(language) for issue in issues)
            sheet.write_string(row - 1, len(raw.columns), reasons)
