import pytest

from ingest.columns import COLUMNS
from ingest.headers import match_header
from tests.ingest.books import HEADER, workbook


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_every_label_and_alias_of_a_column_means_that_column(column):
    for text in (column.name, column.label_zh, column.label_en, *column.aliases):
        match = match_header(f" {text.upper()}　")
        assert match is not None
        assert match.field == column.name


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("供应商名称(必填)", "supplier"),
        ("＊供货单位", "supplier"),
        ("Supplier Name", "supplier"),
        ("零部件", "item"),
        ("国家或地区", "country"),
        ("所在城市", "city"),
        ("％", "share"),
        ("供货占比（%）", "share"),
        ("交期（天）", "lead_time_days"),
        ("Lead Time (Days)", "lead_time_days"),
        ("安全库存(天)", "stock_days"),
        ("可增供比例", "spare"),
        ("是否认证", "qualified"),
        ("认证周期(天)", "qualification_days"),
    ],
)
def test_headers_are_compared_without_width_blanks_and_case(header, field):
    match = match_header(header)
    assert match is not None
    assert match.field == field


@pytest.mark.parametrize("header", ["备注", "序号", "交期(工作日)", "安全库存", "月产能", "NA", ""])
def test_a_header_that_is_not_certain_stays_unknown(header):
    assert match_header(header) is None


@pytest.mark.parametrize("title_rows", [0, 2, 11])
def test_the_header_row_is_found_below_title_rows(checked, title_rows):
    text = "某省重点企业清单,,\n" * title_rows + "供应商,物料,份额\n中芯国际,光刻胶,30%\n"
    answer = checked(text)
    assert answer["status"] == "accept"
    assert answer["good"][0]["row"] == title_rows + 2


def test_unknown_columns_are_kept_with_the_row_and_named(checked):
    answer = checked("供应商,物料,备注,联系电话\n中芯国际,光刻胶,<b>急</b>,13812345678\n")
    assert answer["good"][0]["extra"] == {"备注": "<b>急</b>", "联系电话": "13812345678"}
    assert "备注" in answer["warnings"][0]
    assert answer["reading"]["personal_columns"] == ["联系电话"]


def test_one_meaning_in_two_columns_is_a_refusal(checked):
    answer = checked("供应商,物料,市场份额,供货占比\n中芯国际,光刻胶,30%,40%\n")
    assert (answer["status"], answer["code"]) == ("reject", "duplicate-column")
    assert "市场份额" in answer["message"]
    assert "供货占比" in answer["message"]


def test_a_file_without_both_required_columns_is_refused(checked):
    assert checked("供应商,数量\n中芯国际,3\n")["code"] == "no-header"


def test_a_header_without_data_rows_is_refused(checked):
    assert checked("供应商,物料\n,\n")["code"] == "no-rows"


def test_a_file_without_a_good_row_is_read_and_lists_every_row(checked):
    answer = checked("供应商,物料\n中芯国际,\n,光刻胶\n")
    assert (answer["status"], answer["code"]) == ("accept_with_row_errors", "no-good-rows")
    assert [row["row"] for row in answer["bad"]] == [2, 3]


def test_a_header_in_weeks_converts_and_says_so(checked):
    answer = checked("供应商,物料,交期(周)\n中芯国际,光刻胶,4\n台积电,光刻胶,30天\n")
    assert [row["lead_time_days"] for row in answer["good"]] == [28, 30]
    assert "交期(周)" in answer["warnings"][0]


def test_a_repeated_header_row_is_no_data(checked):
    answer = checked("供应商,物料\n中芯国际,光刻胶\n供应商,物料\n台积电,光刻胶\n")
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(3, "repeated-header")]


def test_the_first_visible_sheet_with_a_header_is_read_and_others_are_mentioned(checked):
    def change(sheet):
        book = sheet.parent
        hidden = book.create_sheet("旧清单", 0)
        hidden.append(HEADER)
        hidden.append(("甲", "乙", 1))
        hidden.sheet_state = "hidden"
        book.create_sheet("说明").append(("请填写",))

    answer = checked(workbook(HEADER, ("中芯国际", "光刻胶", "30%"), change=change), "list.xlsx")
    assert answer["reading"]["sheet"] == "清单"
    assert [row["supplier"] for row in answer["good"]] == ["中芯国际"]
    assert any("旧清单" in text for text in answer["warnings"])
    assert any("说明" in text for text in answer["warnings"])
