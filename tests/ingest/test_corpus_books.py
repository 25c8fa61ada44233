"""Corpus, part three: workbooks (rules 1, 3, 6 and 11), written part by part."""

import pytest

from tests.ingest.books import HEADER
from tests.ingest.corpus import CODE, Case, verify
from tests.ingest.raw_books import SHEET, formula, pack, parts_of, row, stored

HEAD = row(1, *HEADER)
WITH_CODE = row(1, "供应商", "物料", "信用代码", "编号", "产能", "交期")


def book(name, rows, good=None, bad=(), *, code="", warned=(), change=None, **options):
    parts = parts_of(rows, **options)
    if change:
        parts = change(dict(parts))
    return Case(name, pack(parts), "list.xlsx", good or {}, tuple(bad), code, tuple(warned))


def replaced(old, new, part=SHEET):
    def change(parts):
        assert old.encode() in parts[part]
        return parts | {part: parts[part].replace(old.encode(), new.encode())}

    return change


def without(part):
    return lambda parts: {name: data for name, data in parts.items() if name != part}


def more(**sheets):
    return lambda parts: (
        parts
        | {
            f"xl/worksheets/{name}.xml": parts[SHEET].replace(
                parts[SHEET][parts[SHEET].index(b"<sheetData>") : parts[SHEET].index(b"</sheetData>")],
                f"<sheetData>{rows}".encode(),
            )
            for name, rows in sheets.items()
        }
    )


ONE = row(2, "甲", "胶", stored("0.3"))
ONE_GOOD = {2: {"supplier": "甲", "share": 0.3}}
TWO = (("隐藏", "hidden"), ("清单", "visible"))

VALUES = [
    book("a plain workbook", HEAD + ONE, ONE_GOOD),
    book("digits that a double does not hold", HEAD + row(2, "甲", "胶", stored("0.28999999999999998")), {2: {"share": 0.29}}),
    book("percent format", HEAD + row(2, "甲", "胶", stored("0.12", style=1)) + row(3, "乙", "胶", stored("7.0000000000000007E-2", style=1)), {2: {"share": 0.12}, 3: {"share": 0.07}}, formats={10: ""}),
    book("percent format of one's own", HEAD + row(2, "甲", "胶", stored("0.125", style=1)), {2: {"share": 0.125}}, formats={164: "0.0%"}),
    book("percent format over 35", HEAD + row(2, "甲", "胶", stored("35", style=1)) + row(3, "乙", "胶", "5%"), {3: {"share": 0.05}}, [(2, "share", "share-range")], formats={9: ""}),
    book("percent format under a % header", row(1, "供应商", "物料", "份额(%)") + row(2, "甲", "胶", stored("0.12", style=1)) + row(3, "乙", "胶", stored("12")), {2: {"share": 0.12}, 3: {"share": 0.12}}, formats={9: ""}),
    book("a literal % sign behind 35", HEAD + row(2, "甲", "胶", stored("35", style=1)), {2: {"share": 0.35}}, formats={164: '0.00"%"'}),
    book("numbers as text", HEAD + row(2, "甲", "胶", "0.3") + row(3, "乙", "胶", "２０％"), {2: {"share": 0.3}, 3: {"share": 0.2}}),
    book("a date in a number column", HEAD + row(2, "甲", "胶", stored("45356", style=1)) + row(3, "乙", "胶", stored("0.2")), {3: {}}, [(2, "share", "not-a-number")], formats={14: ""}),
    book("a date in a text column", HEAD + row(2, stored("45356", style=1), "胶"), {2: {"supplier": "2024-03-05"}}, formats={164: "yyyy/m/d"}),
    book("a date since 1904", HEAD + row(2, stored("43894", style=1), "胶"), {2: {"supplier": "2024-03-05"}}, formats={14: ""}, dates_1904=True),
    book("a moment", HEAD + row(2, stored("45356.5", style=1), "胶"), {2: {"supplier": "2024-03-05 12:00:00"}}, formats={22: ""}),
    book("a currency is no date", HEAD.replace("市场份额", "产能") + row(2, "甲", "胶", stored("1200", style=1)), {2: {"capacity": 1200.0}}, formats={164: "[$¥-804]#,##0.00"}),
    book("weeks by format", row(1, "供应商", "物料", "交期") + row(2, "甲", "胶", stored("4", style=1)), {2: {"lead_time_days": 28.0}}, formats={164: '0"周"'}),
    book("leading zeros by format", HEAD + row(2, stored("123", style=1), "胶"), {2: {"supplier": "00123"}}, formats={164: "00000"}),
    book("an endless format", HEAD + row(2, "甲", "胶", stored("0.3", style=1)), ONE_GOOD, formats={164: "0" + " " * 60000 + "x"}),
    book("codes", WITH_CODE + row(2, "00123", "胶", CODE, "4e492493924924") + row(3, "乙", "胶", None, stored("123456789012345678")) + row(4, "丙", "胶", None, stored("1.2345678901234568E+17")) + row(5, "丁", "胶", stored("911100006000373410")) + row(6, "戊", "胶", stored("9.1110000600037341E+17")), {2: {"supplier": "00123", "uscc": CODE, "编号": "4e492493924924"}, 3: {"编号": "123456789012345678"}, 4: {"编号": "1.2345678901234568E+17"}}, [(5, "uscc", "credit-code"), (6, "uscc", "credit-code")], warned=("编号",)),
    book("numbers as names", HEAD + row(2, stored("12"), stored("7.5")), {2: {"supplier": "12", "item": "7.5"}}),
    book("large numbers", row(1, "供应商", "物料", "产能") + row(2, "甲", "胶", stored("1E15")) + row(3, "乙", "胶", stored("1.2E+17")) + row(4, "丙", "胶", stored("1E-3")) + row(5, "丁", "胶", stored("-1")), {2: {"capacity": 1e15}, 4: {"capacity": 0.001}}, [(3, "capacity", "too-large"), (5, "capacity", "negative")]),
    book("errors", HEAD + row(2, "甲", "胶", stored("#DIV/0!", "e")) + row(3, stored("#REF!", "e"), "胶") + row(4, "丙", "胶"), {4: {}}, [(2, "share", "excel-error"), (3, "supplier", "excel-error")]),
    book("truth values", row(1, "供应商", "物料", "认证状态") + row(2, "甲", "胶", stored("1", "b")) + row(3, "乙", "胶", stored("0", "b")), {2: {"qualified": "yes"}, 3: {"qualified": "no"}}),
    book("formulas with values", HEAD + row(2, formula('"甲"', "甲", "str"), "胶", formula("0.1+0.2", "0.30000000000000004")), {2: {"supplier": "甲", "share": 0.30000000000000004}}),
    book("a formula without value", HEAD + row(2, "甲", "胶", formula("1/4")) + row(3, formula("A1"), "胶") + row(4, "丙", "胶", formula("1", "")) + ONE.replace('"2"', '"5"').replace("A2", "A5").replace("B2", "B5").replace("C2", "C5"), {5: {}}, [(2, "share", "formula-without-value"), (3, "supplier", "formula-without-value"), (4, "share", "formula-without-value")]),
    book("a formula whose value is no text", HEAD + row(2, "甲", "胶", formula('""', "", "str")), {2: {"share": None}}),
    book("a formula without value in an unknown column", row(1, "供应商", "物料", "备注") + row(2, "甲", "胶", formula("NOW()")) + row(3, "乙", "胶"), {3: {}}, [(2, "备注", "formula-without-value")], warned=("备注",)),
    book("a formula with an error", HEAD + row(2, "甲", "胶", formula("1/0", "#DIV/0!", "e")) + row(3, "乙", "胶"), {3: {}}, [(2, "share", "excel-error")]),
    book("shared strings", HEAD + row(2, stored("0", "s"), stored("1", "s"), stored("2", "s")), {2: {"supplier": "东京电子", "item": "硅片", "share": 0.3}}, strings='<si><r><t>东京</t></r><r><rPr><b/></rPr><t>电子</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si><si><t xml:space="preserve"> 硅片 </t></si><si><t>30%</t></si>'),
    book("a shared string that is not there", HEAD + row(2, stored("0", "s"), stored("9", "s")), code="damaged", strings="<si><t>甲</t></si>"),
    book("no shared strings at all", HEAD + row(2, stored("0", "s"), "胶"), code="damaged"),
    book("escaped control signs", HEAD + row(2, "甲_x0007_", "胶") + row(3, "乙_x005F_x0007_", "胶"), {3: {"supplier": "乙_x0007_"}}, [(2, "supplier", "control-character")]),
    book("references to signs", HEAD + row(2, '<c r="@" t="inlineStr"><is><t>A&amp;B &#x4E2D;</t></is></c>', "胶"), {2: {"supplier": "A&B 中"}}),
    book("a section of characters", HEAD + row(2, '<c r="@" t="inlineStr"><is><t><![CDATA[甲<b>]]></t></is></c>', "胶"), {2: {"supplier": "甲<b>"}}),
    book("a long cell", HEAD + row(2, "字" * 32767, "胶") + row(3, "字" * 201, "胶") + row(4, "字" * 200, "胶"), {4: {"supplier": "字" * 200}}, [(2, "supplier", "cell-too-long"), (3, "supplier", "too-long")]),
]  # fmt: skip

SHEETS = [
    book("title rows", row(1, "某省清单") + row(2, "填报日期", stored("45356", style=1)) + row(3, *HEADER) + row(4, "甲", "胶", stored("0.3")), {4: {"supplier": "甲"}}, formats={14: ""}),
    book("header in row 12", row(1, "说明") + row(12, *HEADER) + row(13, "甲", "胶"), {13: {}}),
    book("gaps between rows", HEAD + row(7, "甲", "胶") + row(900, "乙", "胶"), {7: {}, 900: {}}),
    book("the last row of a sheet", HEAD + row(1048576, "甲", "胶"), {1048576: {}}),
    book("past the last row", HEAD + row(1048577, "甲", "胶"), code="damaged"),
    book("the last column", HEAD + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="XFD2"><v>3</v></c></row>', code="too-many-columns"),
    book("past the last column", HEAD + '<row r="2"><c r="A2"><v>1</v></c><c r="XFE2"><v>3</v></c></row>', code="damaged"),
    book("an empty styled cell far away", HEAD + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="XFD2" s="0"/></row>', {2: {"supplier": "1"}}),
    book("cells without places", "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in HEADER) + '</row><row><c t="inlineStr"><is><t>甲</t></is></c><c><v>5</v></c></row>', {2: {"supplier": "甲", "item": "5"}}),
    book("a dimension that lies", HEAD + ONE, ONE_GOOD, change=replaced("<sheetData>", '<dimension ref="A1:A1"/><sheetData>')),
    book("hidden rows and columns", HEAD + ONE.replace('<row r="2"', '<row r="2" hidden="1"'), ONE_GOOD, change=replaced("<sheetData>", '<cols><col min="1" max="3" hidden="1"/></cols><sheetData>')),
    book("a hidden sheet before", HEAD + row(2, "错", "错"), {2: {"supplier": "甲"}}, sheets=TWO, change=more(sheet2=HEAD + row(2, "甲", "胶")), warned=("隐藏",)),
    book("a very hidden sheet", HEAD + ONE, ONE_GOOD, sheets=(("清单", "visible"), ("深", "veryHidden")), change=more(sheet2=HEAD + row(2, "x", "y")), warned=("深",)),
    book("all sheets hidden", HEAD + ONE, sheets=(("清单", "hidden"),), code="no-header-hidden"),
    book("a second list", HEAD + ONE, ONE_GOOD, sheets=(("一", "visible"), ("二", "visible")), change=more(sheet2=HEAD + row(2, "乙", "胶")), warned=("二",)),
    book("a help sheet before", row(1, "请填写第二张表"), {2: {"supplier": "乙"}}, sheets=(("说明", "visible"), ("清单", "visible")), change=more(sheet2=HEAD + row(2, "乙", "胶")), warned=("说明",)),
    book("no header", row(1, "甲", "胶") + row(2, "乙", "胶"), code="no-header"),
    book("header only", HEAD, code="no-rows"),
    book("an empty sheet", "", code="no-header"),
    book("two columns of one meaning", row(1, "供应商", "物料", "份额", "占比") + ONE, code="duplicate-column"),
    book("blank rows", HEAD + row(2, None, " ", "\u200b") + row(3, "甲", "胶"), {3: {}}),
    book("a note beside the table", HEAD + row(2, "甲", "胶", None, None, "见附件"), {2: {"列5": "见附件"}}, warned=("列5",)),
    book("strict", HEAD + ONE, ONE_GOOD, main="http://purl.oclc.org/ooxml/spreadsheetml/main", rels="http://purl.oclc.org/ooxml/officeDocument/relationships"),
    book("a date of a strict workbook", HEAD + row(2, stored("2024-03-05", "d"), "胶"), {2: {"supplier": "2024-03-05"}}),
    book("prefixed elements", HEAD + ONE, ONE_GOOD, change=lambda parts: parts | {SHEET: parts[SHEET].replace(b"xmlns=", b"xmlns:x=").replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:").replace(b"<x:?", b"<?")}),
    book("a sheet in UTF-16", HEAD + ONE, ONE_GOOD, change=lambda parts: parts | {SHEET: parts[SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")}),
    book("rows commented out", HEAD + "<!--" + row(2, "错", "错") + "-->" + row(3, "甲", "胶"), {3: {"supplier": "甲"}}),
    book("rows in a section of characters", HEAD + "<![CDATA[" + row(2, "错", "错") + "]]>" + row(3, "甲", "胶"), {3: {"supplier": "甲"}}),
]  # fmt: skip

MERGES = [
    book("a merged supplier", HEAD + row(2, "甲", "胶", stored("0.1")) + row(3, None, "片", stored("0.2")) + row(4, None, "气", stored("0.3")) + row(5, "乙", "气"), {2: {"supplier": "甲"}, 3: {"supplier": "甲", "share": 0.2}, 4: {"supplier": "甲"}, 5: {"supplier": "乙"}}, merges='<mergeCells><mergeCell ref="A2:A4"/></mergeCells>'),
    book("a merged item and buyer", row(1, "供应商", "物料", "采购方") + row(2, "甲", "胶", "某厂") + row(3, "乙"), {3: {"supplier": "乙", "item": "胶", "buyer": "某厂"}, 2: {}}, merges='<mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="C2:C3"/></mergeCells>'),
    book("a merged number", HEAD + row(2, "甲", "胶", stored("0.3")) + row(3, "乙", "胶"), {2: {"share": 0.3}, 3: {"share": None}}, merges='<mergeCells><mergeCell ref="C2:C3"/></mergeCells>', warned=("合并",)),
    book("a merged title", row(1, "清单") + row(2, *HEADER) + row(3, "甲", "胶"), {3: {}}, merges='<mergeCells><mergeCell ref="A1:C1"/></mergeCells>'),
    book("a merged supplier above blank rows", HEAD + row(2, "甲", "胶") + row(5, "乙", "胶"), {2: {}, 5: {"supplier": "乙"}}, merges='<mergeCells><mergeCell ref="A2:A4"/></mergeCells>'),
    book("what stands under a merged cell stays", HEAD + row(2, "甲", "胶") + row(3, "乙", "片"), {2: {}, 3: {"supplier": "乙"}}, merges='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'),
    book("a range that is none", HEAD + ONE, code="damaged", merges='<mergeCells><mergeCell ref="x"/></mergeCells>'),
    book("a million merged rows", HEAD + ONE, ONE_GOOD, merges='<mergeCells><mergeCell ref="A2:A1048576"/></mergeCells>'),
]  # fmt: skip

BROKEN = [
    book("a row twice", HEAD + ONE + ONE, code="damaged"),
    book("rows upside down", HEAD + row(3, "甲", "胶") + row(2, "乙", "胶"), code="damaged"),
    book("a cell twice", HEAD + '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>', code="damaged"),
    book("a cell of another row", HEAD + '<row r="2"><c r="A2"><v>1</v></c><c r="B3"><v>2</v></c></row>', code="damaged"),
    book("a row number that is none", HEAD + '<row r="x"/>', code="damaged"),
    book("no sheet part", HEAD, code="damaged", change=without(SHEET)),
    book("no workbook part", HEAD, code="damaged", change=without("xl/workbook.xml")),
    book("no relations", HEAD, code="damaged", change=without("_rels/.rels")),
    book("no relations of the workbook", HEAD, code="damaged", change=without("xl/_rels/workbook.xml.rels")),
    book("no content types", HEAD, code="not-workbook", change=without("[Content_Types].xml")),
    book("no styles", HEAD + ONE, code="damaged", change=without("xl/styles.xml")),
    book("XML cut", HEAD + ONE, code="damaged", change=lambda parts: parts | {SHEET: parts[SHEET][:-20]}),
    book("XML with a stray &", HEAD + ONE, code="damaged", change=replaced("甲", "甲 & 乙")),
    book("an unknown encoding", HEAD + ONE, code="damaged", change=replaced("UTF-8", "x-none")),
    book("an encoding of several bytes", HEAD + ONE, code="damaged", change=replaced("UTF-8", "gb2312")),
    book("an unknown encoding of relations", HEAD + ONE, code="damaged", change=replaced("UTF-8", "UPF-8", "_rels/.rels")),
    book("a style that is no number", HEAD + ONE, code="damaged", change=replaced('numFmtId="0"', 'numFmtId="' + "9" * 5000 + '"', "xl/styles.xml")),
    book("no UTF-8", HEAD + ONE, code="damaged", change=lambda parts: parts | {SHEET: parts[SHEET].replace("甲".encode(), b"\xff\xfe")}),
    book("a zero sign", HEAD + ONE, code="damaged", change=replaced("甲", "\x00")),
]  # fmt: skip


@pytest.mark.parametrize("case", [*VALUES, *SHEETS, *MERGES, *BROKEN], ids=lambda case: case.name)
def test_workbooks_are_read_as_the_rules_say(checked, case):
    verify(checked(case.content, case.filename), case)
