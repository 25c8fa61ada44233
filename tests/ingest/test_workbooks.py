from datetime import date

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.ingest.books import HEADER, SHEET, part, repack, shared_workbook, workbook


def read(checked, *rows, change=None, header=HEADER):
    return checked(workbook(header, *rows, change=change), "list.xlsx")


def test_codes_stay_text_digit_for_digit(checked):
    header = ("供应商", "物料", "编号", "信用代码")
    rows = [
        ("00123", "光刻胶", "00123", "91110000600037341L"),
        ("4e492493924924", "光刻胶", 123456789012345, None),
        ("甲", "光刻胶", 0.1, 911100006000373410.0),
    ]
    answer = read(checked, *rows, header=header)
    assert [row["supplier"] for row in answer["good"]] == ["00123", "4e492493924924"]
    assert [row["extra"]["编号"] for row in answer["good"]] == ["00123", "123456789012345"]
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(4, "credit-code")]


def test_a_number_shown_as_percent_is_read_as_shown(checked):
    def change(sheet: Worksheet):
        for cell in ("C2", "C3", "C4"):
            sheet[cell].number_format = "0.0%"

    answer = read(
        checked, ("甲", "光刻胶", 0.35), ("乙", "光刻胶", 0.07), ("丙", "光刻胶", 35), change=change
    )
    assert [row["share"] for row in answer["good"]] == [0.35, 0.07]
    assert [(row["row"], row["value"], row["code"]) for row in answer["bad"]] == [(4, "3500%", "share-range")]
    assert answer["warnings"] == []


def test_a_percent_cell_under_a_percent_header_is_divided_once(checked):
    def change(sheet: Worksheet):
        sheet["C2"].number_format = "0%"

    answer = read(checked, ("甲", "光刻胶", 0.35), header=("供应商", "物料", "份额(%)"), change=change)
    assert answer["good"][0]["share"] == 0.35


def test_a_share_that_excel_turned_into_a_date_is_bad(checked):
    answer = read(checked, ("甲", "光刻胶", date(2024, 3, 5)), ("乙", "光刻胶", 0.5))
    assert [(row["value"], row["code"]) for row in answer["bad"]] == [("2024-03-05", "not-a-number")]


def test_a_number_shown_with_a_unit_of_time_is_read_as_shown(checked):
    def change(sheet: Worksheet):
        sheet["C2"].number_format = '0"周"'

    answer = read(
        checked, ("甲", "光刻胶", 4), ("乙", "光刻胶", 4), header=("供应商", "物料", "交期"), change=change
    )
    assert [row["lead_time_days"] for row in answer["good"]] == [28, 4]


def test_merged_suppliers_count_for_each_row_they_cover(checked):
    def change(sheet: Worksheet):
        sheet.merge_cells("A3:A5")
        sheet.merge_cells("C3:C4")

    rows = [("台积电", "光刻胶", 0.2), ("中芯国际", "光刻胶", 0.3), (None, "硅片", None), (None, "靶材", 0.1)]
    answer = read(checked, *rows, change=change)
    assert [row["supplier"] for row in answer["good"]] == ["台积电", "中芯国际", "中芯国际", "中芯国际"]
    assert [row["share"] for row in answer["good"]] == [0.2, 0.3, None, 0.1]
    assert any("市场份额" in text for text in answer["warnings"])


def test_a_blank_row_under_a_merged_supplier_is_no_data_row(checked):
    answer = read(checked, ("甲", "光刻胶", 0.2), change=lambda sheet: sheet.merge_cells("A2:A9"))
    assert answer["counts"]["rows"] == 1


def test_a_formula_counts_with_its_stored_value_and_is_bad_without(checked):
    content = workbook(HEADER, ("甲", "光刻胶", "=1/4"), ("乙", "光刻胶", "=1/2"))
    sheet = part(content, SHEET)
    computed = sheet.replace(b"<f>1/4</f><v></v>", b"<f>1/4</f><v>0.25</v>").replace(
        b"<f>1/4</f><v />", b"<f>1/4</f><v>0.25</v>"
    )
    assert computed != sheet
    answer = checked(repack(content, replace={SHEET: computed}), "list.xlsx")
    assert [row["share"] for row in answer["good"]] == [0.25]
    assert [(row["row"], row["field"], row["value"], row["code"]) for row in answer["bad"]] == [
        (3, "share", "=1/2", "formula-without-value")
    ]


def test_a_formula_without_value_under_a_merged_supplier_makes_every_covered_row_bad(checked):
    answer = read(
        checked,
        ("=B9", "光刻胶", 0.1),
        (None, "硅片", 0.1),
        ("甲", "硅片", 0.1),
        change=lambda sheet: sheet.merge_cells("A2:A3"),
    )
    assert [row["row"] for row in answer["bad"]] == [2, 3]


def test_error_values_are_bad_rows(checked):
    answer = read(checked, ("甲", "光刻胶", "#DIV/0!"), ("乙", "光刻胶", "#N/A"), ("丙", "光刻胶", 0.5))
    assert [(row["value"], row["code"]) for row in answer["bad"]] == [
        ("#DIV/0!", "excel-error"),
        ("#N/A", "excel-error"),
    ]


def test_hidden_rows_and_columns_are_data(checked):
    def change(sheet: Worksheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    assert read(checked, ("甲", "光刻胶", 0.2), change=change)["good"][0]["share"] == 0.2


def test_only_hidden_sheets_with_a_header_are_a_refusal_that_says_so(checked):
    def change(sheet: Worksheet):
        sheet.sheet_state = "hidden"
        book = sheet.parent
        assert book
        book.create_sheet("空白")
        book.active = 1

    answer = read(checked, ("甲", "光刻胶", 0.2), change=change)
    assert (answer["status"], answer["code"]) == ("reject", "no-header-hidden")


def test_the_dimension_of_a_sheet_is_not_believed(checked):
    content = workbook(HEADER, ("甲", "光刻胶", 0.2), ("乙", "光刻胶", 0.3))
    lied = part(content, SHEET).replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1:A1"')
    assert lied != part(content, SHEET)
    assert checked(repack(content, replace={SHEET: lied}), "list.xlsx")["counts"]["good"] == 2


def test_gaps_between_rows_keep_the_numbers_of_the_sheet(checked):
    def change(sheet: Worksheet):
        sheet["A40"], sheet["B40"] = "乙", "光刻胶"

    assert [row["row"] for row in read(checked, ("甲", "光刻胶", 0.2), change=change)["good"]] == [2, 40]


def test_a_note_beside_the_table_is_a_nameless_column(checked):
    answer = read(checked, ("甲", "光刻胶", 0.2, None, "见附件"))
    assert answer["good"][0]["extra"] == {"列5": "见附件"}


def test_control_characters_that_workbooks_escape_are_seen(checked):
    content = shared_workbook(HEADER, ("甲x", "光刻胶", 0.2), ("乙", "光刻胶", 0.3))
    strings = part(content, "xl/sharedStrings.xml").replace("甲x".encode(), "甲_x0007_".encode())
    answer = checked(repack(content, replace={"xl/sharedStrings.xml": strings}), "list.xlsx")
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(2, "control-character")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="3"', b'<row r="2"'),
        (b'r="B3"', b'r="A3"'),
        (b'r="B3"', b'r="B7"'),
        (b't="s"><v>3</v>', b't="s"><v>999</v>'),
        (b"</sheetData>", b""),
    ],
)
def test_a_sheet_that_contradicts_itself_is_refused(checked, old, new):
    content = shared_workbook(HEADER, ("甲", "光刻胶", 0.2), ("乙", "光刻胶", 0.3))
    sheet = part(content, SHEET)
    assert old in sheet
    answer = checked(repack(content, replace={SHEET: sheet.replace(old, new, 1)}), "list.xlsx")
    assert (answer["status"], answer["code"]) == ("reject", "damaged")


def test_inline_strings_and_phonetic_guides_are_read_as_excel_shows_them(checked):
    content = workbook(HEADER, ("甲", "光刻胶", 0.2))
    sheet = part(content, SHEET).replace(
        b"</sheetData>",
        (
            '<row r="3"><c r="A3" t="inlineStr"><is><r><t>东京</t></r><r><t>电子</t></r>'
            '<rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'
            '</is></c><c r="B3" t="inlineStr"><is><t>硅片</t></is></c></row></sheetData>'
        ).encode(),
    )
    answer = checked(repack(content, replace={SHEET: sheet}), "list.xlsx")
    assert [row["supplier"] for row in answer["good"]] == ["甲", "东京电子"]
