import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.headers import match_headers
from ingest.model import RawTable
from ingest.validation import validate

HEAD = "供应商,物料,采购方,信用代码,国家,份额,产能,单位,交期,库存天数,备用产能占比,认证状态,认证周期(天)\n"
CODE = "91110000600037341L"


def test_a_full_row_becomes_typed_values(checked):
    answer = checked(HEAD + f"中芯国际,光刻胶,某厂,{CODE},中国,35%,1.2万,吨/年,4周,30,0.2,认证中,1年\n")
    row = answer["good"][0]
    expected = {
        "row": 2,
        "supplier": "中芯国际",
        "item": "光刻胶",
        "buyer": "某厂",
        "uscc": CODE,
        "country": "CHN",
        "province": None,
        "city": None,
        "share": 0.35,
        "capacity": 12000.0,
        "unit": "吨/年",
        "lead_time_days": 28.0,
        "stock_days": 30.0,
        "spare": 0.2,
        "qualified": "in_progress",
        "qualification_days": 365.0,
    }
    assert {name: row[name] for name in expected} == expected


def test_a_bad_row_is_listed_once_with_number_field_value_and_reason(checked):
    answer = checked("供应商,物料,产能,交期\n中芯国际,光刻胶,很多,20工作日\n台积电,光刻胶,,\n")
    (bad,) = answer["bad"]
    assert (bad["row"], bad["field"], bad["value"]) == (2, "capacity", "很多")
    assert "数字" in bad["reason"]
    assert [other["field"] for other in bad["more"]] == ["lead_time_days"]


def test_the_value_of_a_bad_row_is_cut_at_fifty_characters(checked):
    answer = checked(f"供应商,物料\n{'字' * 300},光刻胶\n台积电,光刻胶\n")
    assert answer["bad"][0]["value"] == "字" * 50


def test_required_cells_cannot_be_blank_or_a_placeholder(checked):
    answer = checked("供应商,物料\n,光刻胶\n中芯国际,无\n台积电,光刻胶\n")
    assert [(row["row"], row["field"], row["code"]) for row in answer["bad"]] == [
        (2, "supplier", "missing"),
        (3, "item", "missing"),
    ]


def test_of_exact_duplicates_the_first_counts(checked):
    answer = checked("供应商,物料,份额\n中芯国际,光刻胶,30%\n中芯国际 ,光刻胶,0.3\nSMIC,光刻胶,30%\n")
    assert [row["row"] for row in answer["good"]] == [2]
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(3, "duplicate"), (4, "duplicate")]


def test_the_same_supplier_item_and_buyer_with_other_data_is_bad(checked):
    answer = checked(
        "供应商,物料,采购方,份额\n中芯国际,光刻胶,甲,30%\n中芯国际,光刻胶,甲,40%\n中芯国际,光刻胶,乙,40%\n"
    )
    assert [(row["row"], row["field"], row["value"]) for row in answer["bad"]] == [(3, "share", "40%")]
    assert [row["row"] for row in answer["good"]] == [2, 4]


def test_one_credit_code_cannot_belong_to_two_firms(checked):
    answer = checked(f"供应商,物料,信用代码\n甲公司,光刻胶,{CODE}\n乙公司,硅片,{CODE}\n甲公司,硅片,{CODE}\n")
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(3, "credit-code-conflict")]
    assert [row["row"] for row in answer["good"]] == [2, 4]


def test_one_name_with_two_credit_codes_is_mentioned(checked):
    answer = checked(
        f"供应商,物料,信用代码\n甲公司,光刻胶,{CODE}\n甲公司,硅片,91320000MA1N00000X\n乙,硅片,\n"
    )
    assert answer["counts"]["good"] >= 2


def test_shares_of_one_item_and_buyer_above_one_are_mentioned_and_not_rescaled(checked):
    answer = checked("供应商,物料,采购方,份额\n甲,光刻胶,某厂,70%\n乙,光刻胶,某厂,50%\n丙,光刻胶,别厂,50%\n")
    assert [row["share"] for row in answer["good"]] == [0.7, 0.5, 0.5]
    assert any("120%" in text and "某厂" in text for text in answer["warnings"])
    assert not any("别厂" in text for text in answer["warnings"])


def test_a_buyer_given_for_the_file_fills_rows_without_one(checked):
    answer = checked("供应商,物料,采购方\n甲,光刻胶,\n乙,光刻胶,别厂\n", buyer="某厂")
    assert [row["buyer"] for row in answer["good"]] == ["某厂", "别厂"]


def test_a_capacity_may_repeat_the_unit_of_its_row(checked):
    answer = checked("供应商,物料,产能,单位\n甲,光刻胶,1200吨,吨\n乙,光刻胶,1200吨,片\n")
    assert [row["capacity"] for row in answer["good"]] == [1200]
    assert [row["row"] for row in answer["bad"]] == [3]


@pytest.mark.parametrize("text", ["#N/A", "#DIV/0!", "NaN", "inf", "3-5", "约10", "1,5"])
def test_error_values_ranges_and_words_in_a_number_are_bad(checked, text):
    answer = checked(f'供应商,物料,产能\n甲,光刻胶,"{text}"\n乙,光刻胶,1\n')
    assert [(row["row"], row["field"], row["value"]) for row in answer["bad"]] == [(2, "capacity", text)]


def test_notes_may_have_lines_but_no_hidden_direction(checked):
    answer = checked('供应商,物料,备注\n甲,光刻胶,"一\n二"\n乙,光刻胶,a\u202eb\n')
    assert [(row["row"], row["field"], row["code"]) for row in answer["bad"]] == [
        (4, "备注", "bidi-override")
    ]


def test_reasons_come_in_both_languages(reader):
    from ingest.checking import check

    result = check("供应商,物料\n,光刻胶\n甲,光刻胶\n".encode(), "a.csv", reader=reader)
    assert next(result.bad("zh"))["reason"] == "缺少供应商名称,请补填。"
    assert next(result.bad("en"))["reason"] == "Supplier is missing; fill it in."


cells = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "",
            "-",
            "甲",
            "乙",
            "光刻胶",
            "0.3",
            "30",
            "30%",
            CODE,
            "4周",
            "#N/A",
            "\u202e",
            "供应商",
            "物料",
            "中国",
        ]
    ),
    st.text(max_size=8),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(cells, min_size=8, max_size=8), max_size=12))
def test_good_and_bad_rows_are_all_data_rows_whatever_the_cells_hold(rows):
    header = ("供应商", "物料", "份额", "信用代码", "产能", "交期", "国家", "备注")
    columns = [[row[index] or None for row in rows] for index in range(8)]
    raw = RawTable("csv", header, 1, list(range(2, len(rows) + 2)), columns)
    table = validate(match_headers(raw))
    assert sorted([*table.good, *table.issues]) == list(range(len(rows)))
    assert all(
        issue.reason("zh") and issue.reason("en") for found in table.issues.values() for issue in found
    )
