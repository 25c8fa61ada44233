"""Ledgers of sales: every row is good or left out with its reason, and sums agree to the hundredth."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ledger_columns import LedgerError
from ingest.ledger_rows import SENTENCES, Period, Reason
from ingest.ledgers import read_ledgers

HEADER = "销方名称,购方名称,开票日期,金额"


@pytest.fixture
def read(tmp_path):
    """Read lines under a header; gives the report and the edges."""

    def go(*lines, header=HEADER, encoding="utf-8", name="a.csv", **options):
        source = tmp_path / name
        source.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        out = tmp_path / "edges.csv"
        report = read_ledgers([source], out, **options)
        edges = pl.read_csv(out, infer_schema=False).rows()
        return report, {(seller, buyer): weight for seller, buyer, weight in edges}

    return go


def test_sales_of_a_pair_are_added_and_credit_notes_subtracted(read):
    report, edges = read(
        "甲,乙,2025-01-01,0.10", "甲,乙,2025-02-01,0.20", "甲,乙,2025-03-01,-0.05", "乙,甲,2025-01-01,7"
    )
    assert edges == {("甲", "乙"): "0.25", ("乙", "甲"): "7.00"}
    assert (report.rows, report.good, report.bad, report.credit_notes) == (4, 4, 0, 1)
    assert report.credit_hundredths == -5


def test_a_pair_that_returned_all_it_bought_is_no_edge_but_is_counted(read):
    report, edges = read(
        "甲,乙,2025-01-01,10", "甲,乙,2025-01-02,-10", "甲,丙,2025-01-02,-3", "丙,甲,2025-01-03,1"
    )
    assert edges == {("丙", "甲"): "1.00"}
    assert (report.returned_pairs, report.returned_hundredths, report.good) == (2, -300, 4)
    assert report.good_hundredths == report.edge_hundredths + report.returned_hundredths


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", Reason.BLANK),
        ("甲,乙,2025-01-01,1,多余", Reason.BROKEN),
        (" ,乙,2025-01-01,1", Reason.NO_SUPPLIER),
        ("甲,-,2025-01-01,1", Reason.NO_BUYER),
        ("甲,乙,2025-01-01,", Reason.NO_AMOUNT),
        ("甲,乙,2025-01-01", Reason.NO_AMOUNT),
        ("甲,乙,2025-01-01,约100", Reason.BAD_AMOUNT),
        ("甲,乙,2025-01-01,nan", Reason.BAD_AMOUNT),
        ('甲,乙,2025-01-01,"1,23"', Reason.BAD_AMOUNT),
        ("甲,乙,2025-01-01,2e12", Reason.TOO_LARGE),
        ("甲,乙,,1", Reason.NO_DATE),
        ("甲,乙,03/04/2025,1", Reason.BAD_DATE),
        ("甲,乙,2025-02-30,1", Reason.BAD_DATE),
        ("甲,乙,45321,1", Reason.BAD_DATE),
        ("甲,乙,2024-12-31,1", Reason.OUTSIDE),
        ("甲,乙,2025-01-01,0.00", Reason.ZERO),
        ("甲,甲,2025-01-01,1", Reason.SELF_SALE),
        ("甲（苏州）,甲(苏州),2025-01-01,1", Reason.SELF_SALE),
        ("甲\u202e,乙,2025-01-01,1", Reason.BAD_NAME),
    ],
)
def test_a_row_that_does_not_count_says_why_and_where(read, line, reason):
    report, edges = read(
        "甲,乙,2025-01-01,5", line, "甲,乙,2025-01-01,5", period=Period(date(2025, 1, 1), date(2025, 12, 31))
    )
    assert edges == {("甲", "乙"): "10.00"}
    assert (report.rows, report.good, dict(report.left_out)) == (3, 2, {reason: 1})
    (example,) = report.examples[reason]
    assert (example.file, example.row) == ("a.csv", 3)


def test_every_reason_is_said_in_both_languages():
    assert set(SENTENCES) == set(Reason)


@pytest.mark.parametrize(
    ("cell", "weight"),
    [('"1,234.50"', "1234.50"), ("１２", "12.00"), ("￥5元", "5.00"), ("1.5e3", "1500.00"), (" 7 ", "7.00")],
)
def test_amounts_as_exports_write_them_are_read(read, cell, weight):
    _, edges = read(f"甲,乙,2025-01-01,{cell}")
    assert edges == {("甲", "乙"): weight}


def test_an_amount_in_brackets_is_below_zero(read):
    _, edges = read("甲,乙,2025-01-01,100", "甲,乙,2025-01-01,(40)")
    assert edges == {("甲", "乙"): "60.00"}


@pytest.mark.parametrize("day", ["2025/1/5", "20250105", "2025年1月5日", "2025-01-05 10:33:00", "2025.01.05"])
def test_days_with_the_year_first_are_read(read, day):
    report, _ = read(f"甲,乙,{day},1")
    assert report.first_on == report.last_on == date(2025, 1, 5)


def test_more_than_two_decimals_are_rounded_and_counted(read):
    report, edges = read("甲,乙,2025-01-01,1.006", "甲,乙,2025-01-01,1.10")
    assert (edges, report.rounded) == ({("甲", "乙"): "2.11"}, 1)


def test_both_ends_of_a_period_count(read):
    days = ("2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01")
    report, edges = read(
        *(f"甲,乙,{day},1" for day in days), period=Period(date(2025, 1, 1), date(2025, 6, 30))
    )
    assert edges == {("甲", "乙"): "2.00"}
    assert report.left_out == {Reason.OUTSIDE: 2}
    assert report.bad == 0


def test_void_invoices_are_set_aside(read):
    report, edges = read("甲,乙,2025-01-01,1,正常", "甲,乙,2025-01-01,1,作废", header=f"{HEADER},发票状态")
    assert edges == {("甲", "乙"): "1.00"}
    assert report.left_out == {Reason.VOID: 1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_ledger_is_read_in_every_usual_encoding(read, encoding):
    _, edges = read("苏州甲厂,无锡乙厂,2025-01-01,1", encoding=encoding)
    assert edges == {("苏州甲厂", "无锡乙厂"): "1.00"}


def test_plain_letters_before_the_first_chinese_name_do_not_settle_the_encoding(read):
    lines = [f"A{number},B,2025-01-01,1" for number in range(200)] + ["甲,B,2025-01-01,1"]
    _, edges = read(*lines, header="seller,buyer,date,amount", encoding="gb18030", block_bytes=1000)
    assert edges["甲", "B"] == "1.00"


@pytest.mark.parametrize(
    "header",
    [
        "supplier,buyer,date,amount",
        "Seller Name;Customer Name;Invoice Date;Net Amount".replace(" ", "_"),
        "销售方\t购买方\t日期\t不含税金额",
        "销方名称（必填）|购方名称|开票日期|金额(元)",
    ],
)
def test_headers_in_both_languages_and_any_usual_separator_are_known(read, header):
    separator = next(sign for sign in ",;\t|" if sign in header)
    _, edges = read(separator.join(("甲", "乙", "2025-01-01", "3")), header=header)
    assert edges == {("甲", "乙"): "3.00"}


def test_a_tax_number_counts_before_a_name_and_the_amount_without_tax_before_the_whole(read):
    header = "序号,销方识别号,销方名称,购方识别号,购买方名称,开票日期,金额,税额,价税合计"
    report, edges = read("1,91320500ma1000001x,甲,91320200MA2000002Y,乙,2025-01-01,100,13,113", header=header)
    assert edges == {("91320500MA1000001X", "91320200MA2000002Y"): "100.00"}
    assert report.files[0].columns["amount"] == "金额"


def test_the_unit_of_the_header_counts(read):
    _, edges = read("甲,乙,2025-01-01,1.5", header="销方名称,购方名称,开票日期,金额(万元)")
    assert edges == {("甲", "乙"): "15000.00"}


def test_a_column_named_by_a_person_counts_before_the_known_ones(read):
    header = "甲方,乙方,金额,净额"
    _, edges = read("甲,乙,9,3", header=header, named={"supplier": "甲方", "buyer": "乙方", "amount": "净额"})
    assert edges == {("甲", "乙"): "3.00"}


def test_a_note_of_several_lines_is_one_record(read):
    report, edges = read('甲,乙,2025-01-01,1,"一\n二"', "甲,乙,2025-01-01,1,", header=f"{HEADER},备注")
    assert edges == {("甲", "乙"): "2.00"}
    assert report.rows == 2


def test_a_stray_quotation_mark_costs_its_own_line_only(read):
    lines = ["甲,乙,2025-01-01,1"] * 200
    lines[100] = '"甲,乙,2025-01-01,1'
    report, edges = read(*lines)
    assert edges == {("甲", "乙"): "199.00"}
    assert report.examples[Reason.BROKEN][0].row == 102


def test_damaged_bytes_cost_their_own_row_only(tmp_path):
    source = tmp_path / "a.csv"
    source.write_bytes(
        f"{HEADER}\n甲,乙,2025-01-01,1\n甲".encode() + b"\xff" + "厂,乙,2025-01-01,1\n".encode()
    )
    report = read_ledgers([source], tmp_path / "e.csv")
    assert (report.good, dict(report.left_out)) == (1, {Reason.BAD_NAME: 1})


def test_parquet_with_typed_columns_gives_the_same_edges_as_text(tmp_path):
    frame = pl.DataFrame(
        {
            "supplier": ["甲", None, "甲"],
            "buyer": ["乙", "乙", "乙"],
            "date": [date(2025, 1, 1), date(2025, 1, 2), None],
            "amount": [Decimal("0.10"), Decimal("1.00"), Decimal("2.00")],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    report = read_ledgers([tmp_path / "a.parquet"], tmp_path / "e.parquet")
    assert pl.read_parquet(tmp_path / "e.parquet").rows() == [("甲", "乙", 0.1)]
    assert report.left_out == {Reason.NO_SUPPLIER: 1, Reason.NO_DATE: 1}
    assert report.examples[Reason.NO_SUPPLIER][0].row == 2


def test_several_files_are_one_ledger_and_examples_name_theirs(tmp_path):
    for name, cell in (("a.csv", "1"), ("b.csv", "x")):
        (tmp_path / name).write_text(
            f"{HEADER}\n甲,乙,2025-01-01,{cell}\n甲,乙,2025-01-01,2\n", encoding="utf-8"
        )
    report = read_ledgers([tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "e.csv")
    assert (tmp_path / "e.csv").read_text(encoding="utf-8").splitlines()[1:] == ["甲,乙,5.00"]
    assert report.examples[Reason.BAD_AMOUNT][0].file == "b.csv"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b,c\n1,2,3\n", "no header"),
        (f"{HEADER}\n", "none of 0 rows"),
        (f"{HEADER}\n甲,甲,2025-01-01,1\n", "none of 1 rows counts"),
        ("销方名称,购方名称,金额(吨)\n甲,乙,1\n", "not a unit"),
        ("", "no header"),
    ],
)
def test_a_ledger_without_use_is_refused_in_one_sentence_and_nothing_is_written(tmp_path, content, words):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(LedgerError, match=words) as caught:
        read_ledgers([tmp_path / "a.csv"], tmp_path / "out" / "e.csv")
    assert caught.value.say("zh") != caught.value.say("en")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_period_needs_days(tmp_path):
    (tmp_path / "a.csv").write_text("supplier,buyer,amount\nA,B,1\n", encoding="utf-8")
    with pytest.raises(LedgerError, match="no column of dates"):
        read_ledgers([tmp_path / "a.csv"], tmp_path / "e.csv", period=Period(date(2025, 1, 1)))
    assert read_ledgers([tmp_path / "a.csv"], tmp_path / "e.csv").first_on is None


CELLS = st.tuples(
    st.sampled_from(["甲", "乙 ", "丙", "丁,厂", ""]),
    st.sampled_from(["甲", "乙", "戊", "丁,厂", "-"]),
    st.sampled_from(["1.25", "-0.75", "0", "x", "10"]),
)


@given(
    rows=st.lists(CELLS, max_size=40),
    block_bytes=st.integers(60, 400),
    pairs_in_memory=st.integers(0, 6),
)
def test_good_and_left_out_rows_are_all_rows_whatever_is_held_at_once(
    tmp_path_factory, rows, block_bytes, pairs_in_memory
):
    folder = tmp_path_factory.mktemp("ledger")
    lines = [
        ",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in [*rows, ("甲", "乙", "99")]
    ]
    (folder / "a.csv").write_text("\n".join(["supplier,buyer,amount", *lines]), encoding="utf-8")
    whole = read_ledgers([folder / "a.csv"], folder / "whole.csv")
    parts = read_ledgers(
        [folder / "a.csv"], folder / "parts.csv", block_bytes=block_bytes, pairs_in_memory=pairs_in_memory
    )
    assert (folder / "whole.csv").read_bytes() == (folder / "parts.csv").read_bytes()
    assert whole.good + sum(whole.left_out.values()) == whole.rows == len(rows) + 1
    assert (whole.left_out, whole.good_hundredths) == (parts.left_out, parts.good_hundredths)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for written, buyer, amount in [*rows, ("甲", "乙", "99")]:
        seller = written.strip()
        if seller and buyer != "-" and amount not in {"0", "x"} and seller != buyer:
            sums[seller, buyer] += Decimal(amount)
    expected = {pair: f"{total:.2f}" for pair, total in sums.items() if total > 0}
    found = pl.read_csv(folder / "whole.csv", infer_schema=False).rows()
    assert {(seller, buyer): weight for seller, buyer, weight in found} == expected
    assert [row[:2] for row in found] == sorted(row[:2] for row in found)
