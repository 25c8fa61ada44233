"""Workbooks and parts of workbooks that the tests break on purpose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("供应商名称", "产品或物料", "市场份额")


def workbook(*rows: tuple, change: Callable[[Worksheet], None] | None = None) -> bytes:
    """Make an .xlsx with the given rows on its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "清单"
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def shared_workbook(*rows: tuple) -> bytes:
    """Make an .xlsx whose texts are shared strings, as Excel writes them; openpyxl writes them inline."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("清单")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


def repack(
    content: bytes, *, replace: Mapping[str, bytes] | None = None, add: Mapping[str, bytes] | None = None
) -> bytes:
    """Write a zip anew with some parts exchanged or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, (replace or {}).get(name, source.read(name)))
        for name, data in (add or {}).items():
            target.writestr(name, data)
    return stream.getvalue()


def part(content: bytes, name: str) -> bytes:
    """Read one part of a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return source.read(name)


SHEET = "xl/worksheets/sheet1.xml"
