import csv
import io

import openpyxl
import pytest

from ingest.checking import check
from ingest.columns import COLUMNS
from ingest.templates import make_template
from ingest.workbook import bad_rows_csv, marked_workbook
from tests.ingest.books import HEADER, part, repack, workbook


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_filled_template_is_accepted_without_a_warning(checked, language):
    book = openpyxl.load_workbook(io.BytesIO(make_template(language)))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.label(language) for column in COLUMNS]
    sheet["A2"], sheet["B2"], sheet["C2"], sheet["H2"] = (
        "龙芯材料有限公司",
        "光刻胶",
        "91110000600037341L",
        "30%",
    )
    stream = io.BytesIO()
    book.save(stream)
    answer = checked(stream.getvalue(), "template.xlsx")
    assert (answer["status"], answer["warnings"]) == ("accept", [])
    assert answer["good"][0]["uscc"] == "91110000600037341L"


def test_an_empty_template_is_refused_because_it_has_no_rows(checked):
    assert checked(make_template(), "template.xlsx")["code"] == "no-rows"


def test_bad_rows_can_be_taken_home_and_run_nothing(reader):
    result = check(
        "供应商,物料,产能,备注\n甲,光刻胶,=1+1,\n乙,光刻胶,1,=cmd\n".encode(), "a.csv", reader=reader
    )
    text = bad_rows_csv(result).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1][:3] == ["2", "产能", "'=1+1"]
    book = openpyxl.load_workbook(io.BytesIO(marked_workbook(result)))
    sheet = book.worksheets[0]
    assert sheet["C2"].value == "=1+1"
    assert sheet["C2"].data_type == "s"
    assert sheet["C2"].fill.bgColor.rgb != sheet["C3"].fill.bgColor.rgb
    assert "数字" in sheet["E2"].value


def test_a_marked_workbook_carries_nothing_of_the_uploaded_file(reader):
    result = check("供应商,物料\n甲,光刻胶\n,光刻胶\n".encode(), "a.csv", reader=reader)
    content = marked_workbook(result, "en")
    assert repack(content)
    assert b"sheetData" in part(content, "xl/worksheets/sheet1.xml")


def marked_cells(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return {
        cell.coordinate: cell.comment.text for cells in sheet.iter_rows() for cell in cells if cell.comment
    }, sheet


def test_an_uploaded_workbook_comes_back_with_its_own_layout_and_marks(reader):
    def change(sheet):
        sheet.insert_rows(1)
        sheet["A1"] = "某省清单"
        sheet.column_dimensions["A"].width = 33
        sheet.merge_cells("A4:A5")

    content = workbook(
        HEADER, ("甲", "光刻胶", 0.2), ("乙", "光刻胶", "很多"), (None, "硅片", "=1+1"), change=change
    )
    result = check(content, "list.xlsx", reader=reader)
    marks, sheet = marked_cells(marked_workbook(result, original=(content, "list.xlsx")))
    assert set(marks) == {"C4", "C5"}
    assert "数字" in marks["C4"]
    assert sheet["A1"].value == "某省清单"
    assert sheet.column_dimensions["A"].width == 33
    assert sheet["C4"].fill.start_color.rgb.endswith("FFC7CE")


def test_marks_of_a_text_file_stand_in_the_rows_that_are_named(reader):
    content = '清单\n供应商,物料,备注\n甲,光刻胶,"一\n二"\n,光刻胶,x\n'.encode()
    result = check(content, "a.csv", reader=reader)
    marks, sheet = marked_cells(marked_workbook(result, "en", original=(content, "a.csv")))
    assert [row["row"] for row in result.bad()] == [5]
    assert marks == {"A5": "Supplier is missing; fill it in."}
    assert sheet["A2"].value == "供应商"


def test_personal_cells_are_left_out_of_the_marked_original(reader):
    from views.upload_rows import hide_personal

    content = workbook((*HEADER, "联系人"), ("甲", "光刻胶", "x", "王某"), ("乙", "光刻胶", 0.1, "李某"))
    result = check(content, "list.xlsx", reader=reader)
    _, sheet = marked_cells(marked_workbook(hide_personal(result), original=(content, "list.xlsx")))
    assert [sheet[f"D{row}"].value for row in (1, 2, 3)] == ["联系人", None, None]
    assert sheet.title == "清单"
    _, sheet = marked_cells(marked_workbook(result, original=(content, "list.xlsx")))
    assert sheet["D2"].value == "王某"
