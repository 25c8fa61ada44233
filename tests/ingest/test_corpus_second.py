"""Corpus, part five: files that a second reader of the rules thought of."""

import io
import struct
import zipfile

import pytest

from ingest.countries import parse_country
from ingest.model import MIB, KnownName
from ingest.name_sieve import NameSieve
from ingest.parsing import CellError
from ingest.resolution import index_suppliers
from tests.ingest.books import HEADER
from tests.ingest.corpus import CODE, Case, column_case, text_case, verify
from tests.ingest.raw_books import DECLARATION, PACKAGE, RELS, SHEET, pack, parts_of, row, stored

LIST = "供应商,物料,份额\n甲,胶,30%\n乙,胶,20%\n"
LATIN = "supplier,item\n{},Wafer\n"
TAIWAN = "supplier,item\n台積電股份有限公司,光阻劑\n聯華電子,晶圓代工\n日月光半導體,封裝測試\n"


def encoded(name, text, encoding, good=None):
    code = "" if good else "encoding"
    return Case(name, text.encode(encoding), good=good or {}, code=code)


ENCODINGS = [
    encoded("Big5 below English headers", TAIWAN, "big5"),
    encoded("two names in Big5", "supplier,item\n聯電,晶圓\n", "big5"),
    encoded("Shift-JIS", "supplier,item\n東京エレクトロン,フォトレジスト\n", "shift_jis"),
    encoded("accents side by side in a word", LATIN.format("Fäßler & Söhne"), "latin-1"),
    encoded("traditional script in GBK", TAIWAN, "gbk", {2: {"supplier": "台積電股份有限公司"}, 3: {}, 4: {}}),
    encoded("single signs in GBK", "supplier,item\n甲,胶\n", "gbk", {2: {"supplier": "甲", "item": "胶"}}),
    encoded("single signs behind letters in GBK", "supplier,item\nA厂,B胶\n", "gbk", {2: {"supplier": "A厂", "item": "B胶"}}),
    encoded("one rare sign in GB18030", LATIN.format("䶮"), "gb18030", {2: {"supplier": "䶮"}}),
    encoded("Japanese in GBK", LATIN.format("信越化学工業シリコン"), "gbk", {2: {"supplier": "信越化学工業シリコン"}}),
    Case("a surrogate in UTF-8", b"supplier,item\nA\xed\xa0\x80,Wafer\n", code="encoding"),
]  # fmt: skip

HEADERS = [
    text_case("traditional script", "供應商名稱,物料名稱,國家或地區\n甲,膠,日本\n", {2: {"supplier": "甲", "item": "膠", "country": "JPN"}}),
    *(text_case(f"days as {header}", f'供应商,物料,"{header}"\n甲,胶,5\n', {2: {"lead_time_days": 5.0}}) for header in ("交期/天", "交期（单位：天）", "交期,天", "Lead time/days")),
    *(text_case(f"percent as {header}", f'供应商,物料,"{header}"\n甲,胶,35\n', {2: {"share": 0.35}}) for header in ("份额/%", "share, %", "份额（单位：％）")),
    text_case("words joined by signs", "Supplier-Name,ITEM.NAME,Lead-Time (Days),credit_code\nA,Wafer,5,\n", {2: {"supplier": "A", "item": "Wafer", "lead_time_days": 5.0}}),
    text_case("a second header row in English", "供应商,物料\nSupplier,Item\n甲,胶\n", {3: {}}, [(2, "supplier", "repeated-header")]),
    text_case("a second header row in other words", "供应商,物料,份额\n企业名称,产品名称,占比\n甲,胶,1%\n", {3: {}}, [(2, "supplier", "repeated-header")]),
    text_case("letters of another alphabet", "suppli\u0435r,item\nA,B\n", code="no-header"),
    text_case("sixteen thousand blank cells", f"供应商,物料{',' * 16382}\n甲,胶{',' * 16382}\n", {2: {}}),
    text_case("cells below blank headers", "供应商,物料,,\n甲,胶,1,2\n乙,胶,,,3\n", {2: {"列3": "1", "列4": "2"}}, [(3, "", "extra-cells")], warned=("列3",)),
    text_case("signs in a header that steer a terminal", "供应商,物料,备\x1b\u202e注\n甲,胶,1\n", {2: {"备注": "1"}}, warned=(":备注。",)),
    text_case("a header as long as a page", f"供应商,物料,{'注' * 999}\n甲,胶,1\n", {2: {"注" * 999: "1"}}, warned=(":" + "注" * 199 + "…。",)),
    text_case("ends of lines and of paragraphs in a note", "供应商,物料,备注\n甲,胶,1\u20282\u20293\n", {2: {"备注": "1\u20282\u20293"}}, warned=("备注",)),
    text_case("capacity in hundreds of millions", "供应商,物料,产能(亿颗)\n甲,胶,1.5\n", {2: {"capacity": 150000000.0, "unit": "颗"}}, warned=("乘以 100000000",)),
    text_case("a year is no unit", "供应商,物料,产能(2024年)\n甲,胶,5\n", {2: {"capacity": 5.0, "unit": None}}),
    text_case("a capacity a year is no unit", "供应商,物料,产能/年\n甲,胶,5\n", {2: {"产能/年": "5"}}, warned=("产能/年",)),
]  # fmt: skip

NUMBERS = [
    column_case("days without end", "库存天数", {"30": 30.0, "9e308": "!not-a-number", "1e308年": "!not-a-number", "1e309": "!not-a-number"}, field_name="stock_days"),
    text_case("the unit of header and row are one", "供应商,物料,产能(万吨),单位\n甲,胶,1.2,万吨\n乙,胶,1.2,\n丙,胶,1.2,吨\n丁,胶,1200吨,吨\n", {2: {"capacity": 1.2, "unit": "万吨"}, 3: {"capacity": 12000.0, "unit": "吨"}, 5: {"capacity": 1200.0, "unit": "吨"}}, [(4, "capacity", "unit-conflict")], warned=("产能(万吨)",)),
    text_case("header and cell both multiply", "供应商,物料,产能(万片)\n甲,胶,1.2万\n乙,胶,1.2\n", {3: {"capacity": 12000.0, "unit": "片"}}, [(2, "capacity", "unit-conflict")], warned=("产能(万片)",)),
    text_case("signs that show nothing in a number", "供应商,物料,产能\n甲,胶,1\u200b2\n乙,胶,\u20603\u206f\n", {2: {"capacity": 12.0}, 3: {"capacity": 3.0}}),
]  # fmt: skip

ROWS = [
    text_case("a code in two spellings", f"供应商,物料,信用代码\n甲,胶,{CODE.lower()}\n甲,气,{CODE}\n", {2: {"uscc": CODE}, 3: {"uscc": CODE}}),
    text_case("footnotes and units are rows without a name", "供应商,物料,产能\n,,吨\n甲,胶,5\n注:截至6月,,\n", {3: {}}, [(2, "supplier", "missing"), (4, "item", "missing")]),
    text_case("a page that begins with a remark", "<!-- x -->\n供应商,物料\n甲,胶\n", code="not-text"),
    text_case("blanks above and between", "\n\n\n供应商,物料\n\n甲,胶\n\n\n乙,胶\n", {6: {}, 9: {}}),
]  # fmt: skip


@pytest.mark.parametrize("case", [*ENCODINGS, *HEADERS, *NUMBERS, *ROWS], ids=lambda case: case.name)
def test_lists_are_read_as_the_rules_say(checked, case):
    verify(checked(case.content, case.filename), case)


HEAD = row(1, *HEADER)
ONE = row(2, "甲", "胶", stored("0.3"))
GOOD = {2: {"supplier": "甲", "share": 0.3}}
PARTS = parts_of(HEAD + ONE)
FAR = '<c r="XFD{0}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>'


def book(name, rows, good=None, bad=(), *, code="", warned=(), added=None, **options):
    return Case(
        name, pack(parts_of(rows, **options) | (added or {})), "list.xlsx", good or {}, bad, code, warned
    )


def second_sheet(rows):
    return {"xl/worksheets/sheet2.xml": parts_of(rows)[SHEET]}


def shown(code, header, field_name, value, result):
    rows = row(1, "供应商", "物料", header) + row(2, "甲", "胶", stored(value, style=1)) + row(3, "乙", "气")
    name = f"{value} shown as {code}"
    if isinstance(result, str):
        return book(name, rows, {3: {}}, ((2, field_name, result),), formats={164: code})
    return book(name, rows, {2: {field_name: result}, 3: {}}, formats={164: code})


TWO = (("一", "visible"), ("二", "visible"))
BOOKS = [
    shown('0.00"%"', "份额", "share", "0.5", 0.005),
    shown("0%;[Red]-0%", "份额", "share", "0.35", 0.35),
    shown('#,##0"周"', "交期", "lead_time_days", "4", 28.0),
    shown('General"周"', "交期", "lead_time_days", "4", 28.0),
    shown('0"工作日"', "交期", "lead_time_days", "20", "unknown-unit"),
    shown('0" working days"', "交期", "lead_time_days", "20", "unknown-unit"),
    shown('0.0"万"', "产能", "capacity", "1.2", 12000.0),
    shown('0"吨"', "产能", "capacity", "5", 5.0),
    shown("0", "产能", "capacity", "1_000", "not-a-number"),
    shown("0", "产能", "capacity", "INF", "not-a-number"),
    book("a template before the list", HEAD, GOOD, sheets=TWO, added=second_sheet(HEAD + ONE), warned=("一",)),
    book("two templates", HEAD, code="no-rows", sheets=TWO, added=second_sheet(HEAD)),
    book("a blank far to the right", HEAD.replace("</row>", FAR.format(1)) + ONE.replace("</row>", FAR.format(2)), GOOD),
    book("merged ranges that overlap", HEAD + ONE + row(3, None, "气") + row(4, None, "片") + row(5, "乙", "片") + row(6, None, "胶"), {2: {}, 3: {"supplier": "甲"}, 4: {"supplier": "甲"}, 5: {}, 6: {"supplier": "乙"}}, merges='<mergeCells><mergeCell ref="A5:A6"/><mergeCell ref="A2:A4"/><mergeCell ref="A2:A3"/></mergeCells>'),
    book("two values in a cell", HEAD + row(2, "甲", "胶", '<c r="@"><v>1</v><v>2</v></c>'), code="damaged"),
    book("a value beside a text", HEAD + row(2, "甲", '<c r="@" t="inlineStr"><v>1</v><is><t>x</t></is></c>'), code="damaged"),
]  # fmt: skip


@pytest.mark.parametrize("case", BOOKS, ids=lambda case: case.name)
def test_workbooks_are_read_as_the_rules_say(checked, case):
    verify(checked(case.content, case.filename), case)


def hostile(name, content, code):
    return Case(name, content, "list.xlsx", code=code)


def added(name, data):
    return pack(PARTS | {name: data})


def relation(target):
    part = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{RELS}/image" Target="{target}"/></Relationships>'
    return added("xl/drawings/_rels/drawing1.xml.rels", (DECLARATION + part).encode())


def with_link():
    stream = io.BytesIO(pack(PARTS))
    with zipfile.ZipFile(stream, "a") as target:
        link = zipfile.ZipInfo("xl/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        target.writestr(link, "/etc/passwd")
    return stream.getvalue()


def lying_header(offset):
    """Let a part's own header state another checksum or size than the directory."""
    content = pack(PARTS)
    at = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET).header_offset + offset
    return content[:at] + struct.pack("<L", 99) + content[at + 4 :]


def listed_twice():
    workbook = PARTS["xl/workbook.xml"]
    return pack(
        PARTS
        | {
            "xl/workbook.xml": workbook.replace(
                b"</sheets>", b'<sheet name="b" sheetId="2" r:id="rId1"/></sheets>'
            )
        }
    )


def miscounted(at, count):
    """Let the record at the end of the directory count other parts than it lists."""
    content = bytearray(pack(PARTS))
    struct.pack_into("<H", content, content.rindex(b"PK\x05\x06") + at, count)
    return bytes(content)


HOSTILE = [
    *(hostile(f"{count} parts at {at}", miscounted(at, count), "damaged") for at in (8, 10) for count in (0, 1, 9)),
    hostile("what an encrypted workbook holds", added("EncryptionInfo", b"x"), "encrypted"),
    hostile("a symbolic link", with_link(), "damaged"),
    *(hostile(f"a header that lies at {offset}", lying_header(offset), "damaged") for offset in (14, 18, 22)),
    hostile("one part as two sheets", listed_twice(), "damaged"),
    hostile("DOCTYPE in a picture", added("xl/media/image1.svg", b'<?xml version="1.0"?><!DOCTYPE svg><svg/>'), "doctype"),
    hostile("DOCTYPE across pieces", added("xl/a.xml", b"<a/>" + b" " * (MIB - 9) + b"<!DOCTYPE a>"), "doctype"),
    *(hostile(f"a picture at {target}", relation(target), "external-link") for target in ("http://example.org/a.png", "file:///etc/passwd", "\\\\host\\a.png", "//host/a.png")),
    hostile("old macro sheets of another language", added("xl/intlMacrosheets/sheet1.xml", b"<x/>"), "macro"),
]  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_what_wants_to_do_harm_is_refused_in_one_sentence(checked, case):
    verify(checked(case.content, case.filename), case)


def test_headers_that_state_nothing_are_no_lie(checked):
    """Programs that write as they go leave checksum and sizes of a part to the directory."""
    content = bytearray(pack(PARTS))
    for info in zipfile.ZipFile(io.BytesIO(bytes(content))).infolist():
        content[info.header_offset + 14 : info.header_offset + 26] = bytes(12)
    assert checked(bytes(content), "list.xlsx")["status"] == "accept"


@pytest.mark.parametrize(
    ("text", "lines"), [("\n" * 300_000, 1), (",,\n" * 60_000, 1), ("甲,胶,1%\n" + "\n" * 200_000 + "乙,胶,1%\n", 2)]
)  # fmt: skip
def test_lines_without_content_are_no_rows_however_many(checked, text, lines):
    answer = checked("供应商,物料,份额\n" + text + "末,胶,1%\n")
    assert answer["good"][-1]["row"] == 2 + text.count("\n")
    assert answer["counts"]["good"] == lines + (lines > 1)


def test_a_line_of_a_million_cells_is_refused(checked):
    for text in (LIST + "," * 1_000_000 + "\n", "供应商,物料" + ",x" * 200_000 + "\n甲,胶\n"):
        answer = checked(text)
        assert (answer["status"], answer["code"]) == ("reject", "too-many-columns")


def test_thousands_of_merged_ranges_over_each_other_take_no_time(checked):
    rows = HEAD + row(2, "甲", "胶") + "".join(row(number, None, f"料{number}") for number in range(3, 3000))
    merges = "".join(f'<mergeCell ref="A2:A{number}"/>' for number in range(3, 3000))
    answer = checked(pack(parts_of(rows, merges=f"<mergeCells>{merges}</mergeCells>")), "list.xlsx")
    assert answer["counts"] == {"rows": 2998, "good": 2998, "bad": 0}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        (
            "TWN",
            "台湾 臺灣 中国台湾 中國臺灣 中国(台湾) 台湾(中国) 中国·台湾 台湾地区 TW Taiwan CHINA-TAIWAN",
        ),
        ("TWN", "Taiwan,China China(Taiwan) ChineseTaipei Taiwan,ProvinceofChina TaiwanRegion"),
        ("HKG", "香港 中国香港 中國香港 中国(香港) 香港特区 HongKong HK HongKongSAR,China China,HongKong"),
        ("MAC", "澳门 澳門 中国澳门 Macau Macao,China"),
        ("CHN", "中国 中國 中华人民共和国 P.R.China PRC ChinaMainland China(mainland)"),
        ("USA", "美国 美國 U.S. U.S.A. theUnitedStates UnitedStatesofAmerica"),
        ("KOR", "韩国 韓國 大韓民國 ROK S.Korea Korea,Republicof Korea(Republicof)"),
        ("PRK", "朝鲜 朝鮮 DPRK NorthKorea"),
        ("ITA", "意大利 義大利 Italy"),
        ("COD", "刚果(金) 刚果（金） DRCongo"),
    ],
)
def test_a_country_has_many_spellings_and_one_code(code, names):
    assert {parse_country(name) for name in names.split()} == {code}


@pytest.mark.parametrize(
    "name", ["N.A.", "Congo", "中国/日本", "中国、日本", "海外", "东亚", "China-Japan", "001"]
)
def test_what_may_be_two_countries_or_none_is_bad(name):
    with pytest.raises(CellError):
        parse_country(name)


@pytest.mark.parametrize("keys", [["甲"], ["a", None], [""], ["东京电子有限公司"] * 2])
def test_the_sieve_answers_for_lists_shorter_than_its_windows(keys):
    sieve = NameSieve(index_suppliers((KnownName("tel", ("东京电子", "Tokyo Electron")),)))
    assert len(sieve.may_be_near(keys)) == len(keys)
