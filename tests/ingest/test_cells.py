import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from ingest.countries import parse_country
from ingest.messages import ROW_REASONS
from ingest.numbers import parse_days, parse_number
from ingest.parsing import CellError, is_absent, parse_code, parse_status, parse_text
from ingest.shares import parse_fraction, read_column


def code_of(parse, *args, **options):
    with pytest.raises(CellError) as caught:
        parse(*args, **options)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12000", 12000),
        ("１２，０００", 12000),
        ("1,234,567.5", 1234567.5),
        ("1.2万", 12000),
        ("3千", 3000),
        ("0.5亿", 50_000_000),
        ("2千万", 20_000_000),
        (" 7 ", 7),
        ("1e3", 1000),
        ("0", 0),
        ("1000000000000000", 1e15),
    ],
)
def test_numbers_have_one_reading(text, number):
    assert parse_number(text, maximum=1e15) == number


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "inf",
        "-∞",
        "3-5",
        "3~5",
        "约30",
        "三十",
        "1,5",
        "0,350",
        "1.234,56",
        "12,34,567",
        "1 200",
        "10²",
        "½",
        "١٢",
        "1e400",
        "#N/A",
        "NA",
        "万",
        "1.2.3",
        "0x10",
        "1_000",
        "12000吨",
    ],
)
def test_what_is_not_one_certain_number_is_bad(text):
    assert code_of(parse_number, text, maximum=1e15) == "not-a-number"


def test_a_capacity_above_a_thousand_million_million_or_below_zero_is_bad():
    assert code_of(parse_number, "1000000000000001", maximum=1e15) == "too-large"
    assert code_of(parse_number, "-1", maximum=1e15) == "negative"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30", 30),
        ("30天", 30),
        ("30 日", 30),
        ("4周", 28),
        ("1.5个月", 45),
        ("2月", 60),
        ("10年", 3650),
        ("2 weeks", 14),
    ],
)
def test_the_unit_behind_a_duration_counts(text, days):
    assert parse_days(text, maximum=3650) == days


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("20工作日", "unknown-unit"),
        ("20个工作日", "unknown-unit"),
        ("48小时", "unknown-unit"),
        ("4-6周", "not-a-number"),
        ("半年", "not-a-number"),
        ("11年", "too-large"),
        ("-3天", "negative"),
    ],
)
def test_a_duration_without_a_certain_number_of_days_is_bad(text, code):
    assert code_of(parse_days, text, maximum=3650) == code


def test_bare_shares_at_most_one_are_fractions_and_above_one_are_percent():
    assert parse_fraction("0.35", read_column(["0.35", "1"], header_percent=False)) == 0.35
    percent = read_column(["35", "70"], header_percent=False)
    assert parse_fraction("35", percent) == 0.35
    assert percent.warning == "percent-assumed"


def test_in_a_mixed_column_the_small_numbers_are_ambiguous_and_the_large_are_percent():
    mixed = read_column(["0.35", "40", "10%"], header_percent=False)
    assert code_of(parse_fraction, "0.35", mixed) == "share-ambiguous"
    assert parse_fraction("40", mixed) == 0.4
    assert parse_fraction("10%", mixed) == 0.1


def test_under_a_percent_header_small_numbers_are_divided_with_a_warning():
    small = read_column(["0.35", "0.5"], header_percent=True)
    assert parse_fraction("0.35", small) == 0.0035
    assert small.warning == "percent-small"
    assert read_column(["0.35", "50"], header_percent=True).warning is None


@pytest.mark.parametrize("text", ["150%", "-1%", "-0.2", "101"])
def test_a_share_outside_zero_to_one_is_bad(text):
    assert code_of(parse_fraction, text, read_column(["50", "101"], header_percent=False)) == "share-range"


@pytest.mark.parametrize("text", ["", " ", "-", "—", "/", "N/A", "n/a", "无", "暂无", "未知", "　", "Ｎ／Ａ"])
def test_placeholders_mean_no_value(text):
    assert is_absent(text)


def test_na_alone_is_text():
    assert not is_absent("NA")
    assert parse_text("NA") == "NA"


@pytest.mark.parametrize(
    "text", ["00123", "4e492493924924", "=1+1", "<b>x</b>", "'; DROP TABLE", "**x**", "+86"]
)
def test_text_stays_digit_for_digit(text):
    assert parse_text(text) == text


def test_zero_width_signs_and_stray_blanks_are_dropped():
    assert parse_text("\u200b 华虹\ufeff  半导体\u3000") == "华虹 半导体"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\nb", "control-character"),
        ("a\x00b", "control-character"),
        ("a\ufffdb", "replacement-character"),
        ("a\u202eb", "bidi-override"),
        ("a\u2066b", "bidi-override"),
        ("字" * 201, "too-long"),
        ("#REF!", "excel-error"),
    ],
)
def test_text_that_hides_or_lost_something_is_bad(text, code):
    assert code_of(parse_text, text) == code


def test_two_hundred_characters_are_not_too_long():
    assert parse_text("字" * 200) == "字" * 200


@pytest.mark.parametrize(
    "text", ["91110000600037341L", "９１１１００００６０００３７３４１ｌ", " 9111 0000 6000 3734 1l\u200b"]
)
def test_credit_codes_are_checked_after_width_case_and_blanks(text):
    assert parse_code(text) == "91110000600037341L"


@pytest.mark.parametrize(
    "text",
    [
        "91110000600037341K",
        "9111000060003734L",
        "9.1110000600037E+17",
        "91110000-600037341L",
        "I1110000600037341L",
    ],
)
def test_a_wrong_credit_code_is_bad(text):
    assert code_of(parse_code, text) == "credit-code"


@given(
    st.text("0123456789", min_size=6, max_size=6),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
)
def test_every_code_with_its_own_check_character_is_right_and_with_another_wrong(region, organisation):
    body = f"N2{region}{organisation}"
    right = uscc.calc_check_digit(body)
    assert parse_code(body + right) == body + right
    assert code_of(parse_code, body + ("0" if right != "0" else "1")) == "credit-code"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("中国", "CHN"),
        ("日本", "JPN"),
        ("jpn", "JPN"),
        ("US", "USA"),
        ("美国", "USA"),
        ("Korea", "KOR"),
        ("韩国", "KOR"),
        ("台湾", "TWN"),
        ("Taiwan, China", "TWN"),
        ("中国香港", "HKG"),
        ("荷兰", "NLD"),
        ("The Netherlands", "NLD"),
    ],
)
def test_countries_become_three_letters(text, code):
    assert parse_country(text) == code


@pytest.mark.parametrize("text", ["火星", "NA", "欧洲", "EU"])
def test_an_unknown_country_is_bad(text):
    assert code_of(parse_country, text) == "country"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("是", "yes"),
        ("已认证", "yes"),
        ("YES", "yes"),
        ("否", "no"),
        ("未认证", "no"),
        ("认证中", "in_progress"),
        ("In Progress", "in_progress"),
        ("已認證", "yes"),
        ("未通過", "no"),
        ("認證中", "in_progress"),
    ],
)
def test_qualification_is_yes_no_or_in_progress(text, status):
    assert parse_status(text) == status


def test_an_unknown_qualification_is_bad():
    assert code_of(parse_status, "可能") == "qualified"


@given(st.text())
def test_no_text_makes_a_parser_do_anything_but_answer(text):
    codes = set()
    for parse in (parse_text, parse_number, parse_days, parse_code, parse_country, parse_status):
        try:
            parse(text)
        except CellError as error:
            codes.add(error.code)
    assert codes <= set(ROW_REASONS)


@given(st.integers(0, 10**15), st.sampled_from(("", "万", "千")))
def test_a_grouped_number_is_the_plain_number(number, scale):
    assert parse_number(f"{number:,}{scale}") == parse_number(f"{number}{scale}")
