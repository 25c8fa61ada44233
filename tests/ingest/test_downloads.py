import csv
import io

import openpyxl
import pytest

from ingest.checking import check
from ingest.columns import COLUMNS
from ingest.templates import make_template
from ingest.workbook import bad_rows_csv, marked_workbook
from tests.ingest.books import part, repack


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
