"""What a person says about reading a list, and what is suggested for it."""

import io

import openpyxl
import pytest

from ingest.checking import check
from ingest.choice import AUTOMATIC, Choice
from ingest.guessing import find_header_row, guess_columns
from ingest.mapping import fingerprint_of
from ingest.reading import sketch_here
from ingest.resolution import index_items, index_suppliers
from tests.ingest.conftest import ITEMS, SUPPLIERS

STRANGE = (
    "某某集团2026年清单,,,,,,,\n"
    "序,厂家全名,所供物品,证照,用量占多少,多久能到,属地,过审\n"
    "1,中芯国际,光刻胶,91110000600037341L,70%,4周,中国,是\n"
    "2,某某新材料有限公司,光刻胶,,30%,2个月,日本,否\n"
)


def guesses(content, name="list.csv", choice=AUTOMATIC):
    sketch = sketch_here(content, name, choice=choice)
    header = find_header_row(sketch)
    found = guess_columns(sketch, header, suppliers=index_suppliers(SUPPLIERS), items=index_items(ITEMS))
    return sketch, header, {guess.field: (guess.column, guess.reason) for guess in found}


def test_what_stands_below_says_what_a_column_is():
    _, header, found = guesses(STRANGE.encode())
    assert header == 1
    assert found == {
        "supplier": (1, "content"), "item": (2, "content"), "uscc": (3, "content"), "country": (6, "content"),
        "share": (4, "content"), "lead_time_days": (5, "content"), "qualified": (7, "content"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("供應商全名", "supplier"),
        ("物料描述", "item"),
        ("信用代吗", "uscc"),
        ("Supplier full name", "supplier"),
    ],
)
def test_a_header_like_a_known_one_is_suggested_by_name(header, field):
    _, _, found = guesses(f"{header},备注栏\n甲,乙\n丙,丁\n".encode())
    assert found[field] == (0, "name")


def test_one_firm_all_the_way_down_is_whose_list_it_is():
    rows = "".join(f"某某集团有限公司,某某{n}材料有限公司,光刻胶\n" for n in range(4))
    _, _, found = guesses(f"甲栏,乙栏,丙栏\n{rows}".encode())
    assert (found["buyer"][0], found["supplier"][0]) == (0, 1)


def test_a_header_that_stands_twice_is_tied_to_nothing():
    _, _, found = guesses("名称,名称\n中芯国际,光刻胶\n台积电,光刻胶\n".encode())
    assert found == {}


def answer_of(reader, text, choice, name="list.csv", encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    result = check(content, name, known_suppliers=SUPPLIERS, known_items=ITEMS, choice=choice, reader=reader)
    return result.to_json()


def named(**columns):
    return Choice(columns=tuple(columns.items()))


def test_named_columns_are_read_and_the_others_by_rule(reader):
    answer = answer_of(reader, "厂家,东西,份额\n中芯国际,光刻胶,70%\n", named(supplier="厂家", item="东西"))
    (row,) = answer["good"]
    assert (row["supplier_id"], row["item_id"], row["share"]) == ("smic", "IC-N31", 0.7)


def test_a_named_column_stands_above_one_that_is_recognised(reader):
    text = "供应商,物料,份额,新份额\n中芯国际,光刻胶,70%,20%\n"
    (row,) = answer_of(reader, text, named(share="新份额"))["good"]
    assert (row["share"], row["extra"]["份额"]) == (0.2, "70%")


def test_a_recognised_column_can_be_said_to_mean_nothing(reader):
    text = "供应商,物料,单位\n中芯国际,光刻胶,某某车间\n"
    (row,) = answer_of(reader, text, Choice(columns=(("", "单位"),)))["good"]
    assert (row["unit"], row["extra"]) == (None, {"单位": "某某车间"})


def test_the_unit_of_a_named_header_counts_and_an_uncertain_one_refuses(reader):
    text = "供应商,物料,要多久(周)\n中芯国际,光刻胶,4\n"
    (row,) = answer_of(reader, text, named(lead_time_days="要多久(周)"))["good"]
    assert row["lead_time_days"] == 28
    answer = answer_of(reader, text.replace("周", "工作日"), named(lead_time_days="要多久(工作日)"))
    assert (answer["status"], answer["code"]) == ("reject", "mapped-unit")


def test_headers_that_are_not_there_refuse_the_file_and_are_named(reader):
    answer = answer_of(reader, "供应商,物料\n甲,乙\n", named(share="没有这列"))
    assert (answer["status"], answer["code"]) == ("reject", "mapped-headers")
    assert "没有这列" in answer["message"]


def test_big5_is_read_when_a_person_says_so(reader):
    text = "供應商,物料\n台積電,光刻膠\n"
    assert answer_of(reader, text, AUTOMATIC, encoding="big5")["status"] == "reject"
    choice = Choice(encoding="big5", columns=(("supplier", "供應商"),))
    (row,) = answer_of(reader, text, choice, encoding="big5")["good"]
    assert (row["supplier_id"], row["item_id"]) == ("tsmc", "IC-N31")


def test_utf_16_without_a_mark_is_read_when_a_person_says_so(reader):
    text = "供应商,物料\n中芯国际,光刻胶\n"
    for order in ("utf-16-le", "utf-16-be"):
        (row,) = answer_of(reader, text, Choice(encoding="utf-16"), encoding=order)["good"]
        assert row["supplier_id"] == "smic"


def test_an_encoding_that_does_not_decode_refuses_and_never_guesses(reader):
    answer = answer_of(reader, "供应商,物料\n中芯国际,光刻胶\n", Choice(encoding="utf-8"), encoding="gb18030")
    assert (answer["status"], answer["code"]) == ("reject", "chosen-encoding")


def test_a_named_separator_is_the_only_one(reader):
    text = "供应商,物料|份额\n"
    assert answer_of(reader, text + "中芯国际,光刻胶|1\n", Choice(separator="|"))["status"] == "reject"


def test_a_named_column_of_a_workbook_counts_on_the_named_sheet(reader):
    book = openpyxl.Workbook()
    book.create_sheet("副本", 0).append(["供应商", "物料"])
    book["副本"].append(["甲", "乙"])
    book.create_sheet("正本").append(["厂家", "物料"])
    book["正本"].append(["中芯国际", "光刻胶"])
    stream = io.BytesIO()
    book.save(stream)
    choice = Choice(sheet="正本", columns=(("supplier", "厂家"),))
    (row,) = answer_of(reader, stream.getvalue(), choice, name="list.xlsx")["good"]
    assert row["supplier_id"] == "smic"
    assert sketch_here(stream.getvalue(), "list.xlsx").other_sheets == ("Sheet", "正本")


def test_two_header_rows_of_one_form_share_a_fingerprint():
    assert fingerprint_of([" 厂家　", "物料", None]) == fingerprint_of(["厂家", "物 料"])
    assert fingerprint_of(["厂家", "物料"]) != fingerprint_of(["物料", "厂家"])
