"""Workbooks written part by part, so that a test can hold what no program would write."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"


def text_cell(place: str, text: str) -> str:
    """Write a cell of text inline."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def number_cell(place: str, stored: str, style: int = 0) -> str:
    """Write a cell of a number as it is to be stored."""
    return f'<c r="{place}" s="{style}"><v>{stored}</v></c>'


def row(number: int, *cells: str | None) -> str:
    """Write a row: texts, ready cells (they start with <) or nothing."""
    parts = []
    for index, cell in enumerate(cells):
        if cell is not None:
            place = f"{chr(ord('A') + index)}{number}"
            parts.append(cell.replace("@", place) if cell.startswith("<") else text_cell(place, cell))
    return f'<row r="{number}">{"".join(parts)}</row>'


def stored(value: str, kind: str = "", style: int = 0) -> str:
    """Write a cell without a place for `row`."""
    type_ = f' t="{kind}"' if kind else ""
    return f'<c r="@" s="{style}"{type_}><v>{value}</v></c>'


def formula(text: str, value: str | None = None, kind: str = "") -> str:
    """Write a formula with or without its stored value."""
    type_ = f' t="{kind}"' if kind else ""
    held = "" if value is None else f"<v>{value}</v>"
    return f'<c r="@"{type_}><f>{escape(text)}</f>{held}</c>'


def parts_of(
    rows: str,
    *,
    merges: str = "",
    strings: str | None = None,
    formats: Mapping[int, str] | None = None,
    dates_1904: bool = False,
    sheets: tuple[tuple[str, str], ...] = (("清单", "visible"),),
    main: str = MAIN,
    rels: str = RELS,
) -> dict[str, bytes]:
    """Make the parts of a workbook; style n is the n-th of `formats`, 0 is plain."""
    codes = list((formats or {}).items())
    kinds = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for number, code in codes
        if code
    )
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{number}"/>' for number, _ in codes)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state) in enumerate(sheets, start=1)
    )
    pointers = "".join(
        f'<Relationship Id="rId{n}" Type="{rels}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    pointers += f'<Relationship Id="s" Type="{rels}/styles" Target="styles.xml"/>'
    if strings is not None:
        pointers += f'<Relationship Id="t" Type="{rels}/sharedStrings" Target="sharedStrings.xml"/>'
    flag = '<workbookPr date1904="1"/>' if dates_1904 else ""
    texts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rels}">{flag}<sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{pointers}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts>{kinds}</numFmts>'
        f"<cellXfs>{styles}</cellXfs></styleSheet>",
        SHEET: f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{merges}</worksheet>',
    }
    if strings is not None:
        texts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
    return {name: (DECLARATION + text).encode() for name, text in texts.items()}


def pack(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return stream.getvalue()


def lied_size(content: bytes, true: int, stated: int) -> bytes:
    """Exchange a size that headers of a zip state."""
    return content.replace(struct.pack("<L", true), struct.pack("<L", stated))
