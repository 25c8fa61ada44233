"""What leaves the program as a file."""

import csv
import io

import openpyxl
import pandas as pd
import pytest

from chains.spreadsheets import defuse
from views.components.columns import Column
from views.components.download import write_csv, write_xlsx

COLUMNS = [
    Column("name", "节点"),
    Column("residual", "净损失", "percent"),
    Column("day", "断供起始日", "days"),
]
FRAME = pd.DataFrame(
    {
        "name": ["=HYPERLINK(1)", "东京电子"],
        "residual": [0.123456789, float("nan")],
        "day": [12.0, float("nan")],
    }
)


def test_a_csv_opens_in_chinese_and_keeps_full_numbers_and_blank_unknowns():
    content = write_csv(FRAME, COLUMNS)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [
        ["节点", "净损失", "断供起始日"],
        ["'=HYPERLINK(1)", "0.123456789", "12.0"],
        ["东京电子", "", ""],
    ]


def test_a_workbook_holds_text_as_text_and_says_what_stands_behind_it():
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(FRAME, COLUMNS, stamp=["运行 #7"])))
    sheet, notes = book.worksheets
    assert sheet["A2"].value == "=HYPERLINK(1)"
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == pytest.approx(0.123456789)
    assert sheet["B3"].value is None
    assert notes["A1"].value == "运行 #7"
    assert "CC BY-NC" in notes["A2"].value


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1+1", "\u3000@A1", "\n=1"]
)
def test_text_that_a_spreadsheet_would_run_is_defused(text):
    assert defuse(text) == "'" + text


@pytest.mark.parametrize("cell", ["ASML", "—", -0.5, 0, None])
def test_everything_else_stays_as_it_is(cell):
    assert defuse(cell) == cell
