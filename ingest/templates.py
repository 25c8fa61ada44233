"""The template that officers fill in, made from `COLUMNS`, with help in the same workbook."""

from __future__ import annotations

import io
from typing import Final

import xlsxwriter

from ingest.columns import COLUMNS, Column, Parser
from ingest.messages import Language

LIST_SHEET: Final[dict[Language, str]] = {"zh": "供应商清单", "en": "Supplier list"}
HELP_SHEET: Final[dict[Language, str]] = {"zh": "填写说明", "en": "Help"}
HELP_HEADER: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("列", "必填", "怎么填", "也认得的表头"),
    "en": ("Column", "Required", "What to write", "Other headers that are recognised"),
}
YES: Final[dict[Language, str]] = {"zh": "是", "en": "yes"}
STATUSES: Final[dict[Language, list[str]]] = {
    "zh": ["是", "否", "认证中"],
    "en": ["yes", "no", "in progress"],
}
ROWS_PREPARED: Final = 5000


def make_template(language: Language = "zh") -> bytes:
    """Make the workbook to fill in.

    Parameters
    ----------
    language
        Language of headers and help.

    Returns
    -------
    bytes
        An .xlsx with the list on its first sheet and help on its second; codes and names are text cells,
        so that a credit code of 18 digits stays as typed.
    """
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        _write_list(book, language)
        _write_help(book, language)
    return stream.getvalue()


def _write_list(book: xlsxwriter.Workbook, language: Language) -> None:
    sheet = book.add_worksheet(LIST_SHEET[language])
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    sheet.freeze_panes(1, 2)
    for index, column in enumerate(COLUMNS):
        label = column.label(language)
        sheet.write_string(0, index, label, bold)
        width = max(12, 2 * len(label) if language == "zh" else len(label) + 2)
        sheet.set_column(index, index, width, text if _is_text(column) else None)
        if column.parser is Parser.STATUS:
            choice = {"validate": "list", "source": STATUSES[language], "error_type": "warning"}
            sheet.data_validation(1, index, ROWS_PREPARED, index, choice)


def _is_text(column: Column) -> bool:
    return column.parser in {Parser.TEXT, Parser.CODE, Parser.COUNTRY}


def _write_help(book: xlsxwriter.Workbook, language: Language) -> None:
    sheet = book.add_worksheet(HELP_SHEET[language])
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, HELP_HEADER[language], bold)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 3, 60)
    for row, column in enumerate(COLUMNS, start=1):
        help_text = column.help_en if language == "en" else column.help_zh
        cells = (
            column.label(language),
            YES[language] if column.required else "",
            help_text,
            "、".join(column.aliases),
        )
        sheet.write_row(row, 0, cells, wrapped)
