"""Bad rows to take home: as CSV, and as a workbook of the list with its bad cells marked."""

from __future__ import annotations

import csv
import io
from typing import Final

import xlsxwriter

from chains.spreadsheets import defuse
from ingest.checking import CheckResult
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
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(BAD_HEADER[language])
    for row in result.bad(language):
        for problem in (row, *row["more"]):
            label = _label(result.table, problem["field"])
            writer.writerow((problem["row"], defuse(label), defuse(problem["value"]), problem["reason"]))
    return stream.getvalue().encode("utf-8-sig")


def _label(table: ValidatedTable | None, field: str) -> str:
    """Return the header as the file has it."""
    if table is not None and field in table.staged.field_columns:
        return table.staged.raw.header[table.staged.field_columns[field][0]].strip()
    return field


def marked_workbook(result: CheckResult, language: Language = "zh") -> bytes:
    """Write the list anew with its bad cells marked and the reasons in a last column.

    Parameters
    ----------
    result
        A checked file.
    language
        ``zh`` or ``en``.

    Returns
    -------
    bytes
        An .xlsx whose cells are all text. It is made from what was read, not from the uploaded
        workbook, so nothing hidden in that file travels on.

    Raises
    ------
    ValueError
        When the file was refused, so that there is no table to write.
    """
    if result.table is None:
        message = "a refused file has no rows to mark; show its sentence instead"
        raise ValueError(message)
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        _write_marked(book, result.table, language)
    return stream.getvalue()


def _write_marked(book: xlsxwriter.Workbook, table: ValidatedTable, language: Language) -> None:
    raw, sheet = table.staged.raw, book.add_worksheet()
    bold, bad = book.add_format({"bold": True}), book.add_format({"bg_color": "#FFC7CE"})
    column_of = {name: index for name, (index, _) in table.staged.field_columns.items()}
    column_of |= {name: index for index, name in table.staged.extras}
    for index, text in enumerate((*raw.header, REASON_HEADER[language])):
        sheet.write_string(0, index, text, bold)
    for record in range(len(raw.rows)):
        issues = table.issues.get(record, ())
        marked = {column_of.get(issue.field, -1) for issue in issues}
        for index, column in enumerate(raw.columns):
            cell = column[record]
            if cell or index in marked:
                sheet.write_string(record + 1, index, cell or "", bad if index in marked else None)
        if issues:
            reasons = " ".join(issue.reason(language) for issue in issues)
            sheet.write_string(record + 1, len(raw.columns), reasons)
