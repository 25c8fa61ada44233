"""Downloads of what a page shows: full numbers, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
import xlsxwriter

from chains.spreadsheets import defuse
from views import page_queries, register_words
from views.components.columns import Column, export_cell
from views.components.example import export_notes, mark_file_name
from views.components.stamp import stamp_parts
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_downloads(frame: pd.DataFrame, columns: Sequence[Column], *, name: str, key: str) -> None:
    """Draw the two download buttons of a table.

    Parameters
    ----------
    frame
        What the table shows, all rows.
    columns
        The columns of the file, in order.
    name
        File name without its ending.
    key
        Unique on the page.
    """
    stamp = [*stamp_parts(), *export_notes(), _register_note()]
    file_name = mark_file_name(name)
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        st.download_button(
            _("下载 CSV"),
            partial(write_csv, frame, columns),
            file_name=f"{file_name}.csv",
            mime="text/csv",
            key=f"{key}_csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        st.download_button(
            _("下载 XLSX"),
            partial(write_xlsx, frame, columns, stamp=stamp),
            file_name=f"{file_name}.xlsx",
            mime=_XLSX_TYPE,
            key=f"{key}_xlsx",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def write_csv(frame: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """Write a frame as CSV.

    Parameters
    ----------
    frame
        Rows to write.
    columns
        The columns of the file, in order.

    Returns
    -------
    bytes
        UTF-8 with the mark that spreadsheets need to read Chinese; unknown is blank, text that a
        spreadsheet would run starts with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([defuse(column.label) for column in columns])
    for row in frame.to_dict("records"):
        writer.writerow([defuse(export_cell(row.get(column.field), column)) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(frame: pd.DataFrame, columns: Sequence[Column], *, stamp: Sequence[str] = ()) -> bytes:
    """Write a frame as a workbook with the stamp of the page on a second sheet.

    Parameters
    ----------
    frame
        Rows to write.
    columns
        The columns of the sheet, in order.
    stamp
        Lines that say which program, data and run stand behind the numbers.

    Returns
    -------
    bytes
        Text is stored as text, so nothing in it is run.
    """
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(content, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#EAF0F5", "bottom": 1})
        fraction = book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet(_("数据"))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, 24 if column.kind == "text" else 14)
            sheet.write_string(0, place, column.label, head)
        for line, row in enumerate(frame.to_dict("records"), start=1):
            for place, column in enumerate(columns):
                _write_cell(sheet, line, place, export_cell(row.get(column.field), column), fraction)
        notes = book.add_worksheet(_("说明"))
        notes.set_column(0, 0, 90)
        for line, note in enumerate([*stamp, _licence_note()]):
            notes.write_string(line, 0, note)
    return content.getvalue()


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    line: int,
    place: int,
    cell: object,
    fraction: xlsxwriter.format.Format,
) -> None:
    if isinstance(cell, bool | str):
        sheet.write_string(line, place, str(cell))
    elif isinstance(cell, float) and 0.0 <= cell <= 1.0:
        sheet.write_number(line, place, cell, fraction)
    elif isinstance(cell, int | float):
        sheet.write_number(line, place, cell)


def _licence_note() -> str:
    return _("集成电路链的事实来自 CC BY-NC 4.0 许可的公开数据，不得用于商业用途。")


def _register_note() -> str:
    name = register_words.register_name(page_queries.load_register_upload())
    return _("卡脖子清单：{name}").format(name=name)
