"""Corpus, part two: text files as wholes (rules 1, 9, 10 and 13)."""

import pytest

from tests.ingest.corpus import Case, text_case, verify

LIST = "供应商,物料,份额\n甲,胶,30%\n乙,胶,20%\n"
GOOD = {2: {"supplier": "甲", "share": 0.3}, 3: {"supplier": "乙", "share": 0.2}}
TITLE = "江苏省重点企业供应商清单,,\n填报单位:某公司,,\n"


def encoded(name, data, good=None, **options):
    return Case(name, data, good=GOOD if good is None and not options.get("code") else good or {}, **options)


ENCODINGS = [
    *(encoded(each, LIST.encode(each)) for each in ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16")),
    encoded("utf-16 big end first", b"\xfe\xff" + LIST.encode("utf-16-be")),
    encoded("two marks", b"\xef\xbb\xbf" + LIST.encode("utf-8-sig")),
    encoded("a mark in the middle", LIST.replace("乙", "\ufeff乙").encode()),
    encoded("rare signs", LIST.replace("甲", "䶮𠮷").encode("gb18030"), {2: {"supplier": "䶮𠮷"}, 3: {}}),
    encoded("utf-16 without mark", LIST.encode("utf-16-le"), code="encoding"),
    encoded(
        "utf-16 without mark, in English", "supplier,item\nA,Wafer\n".encode("utf-16-be"), code="encoding"
    ),
    encoded("utf-16 cut", LIST.encode("utf-16")[:-1], code="encoding"),
    encoded(
        "utf-16 with half a sign",
        b"\xff\xfe" + "供应商,物料\n甲,".encode("utf-16-le") + b"\x00\xd8",
        code="encoding",
    ),
    encoded("utf-32", LIST.encode("utf-32"), code="encoding"),
    encoded("utf-7 reads as text without a header", LIST.encode("utf-7"), code="no-header"),
    encoded("a mark of utf-8 over gbk", b"\xef\xbb\xbf" + LIST.encode("gbk"), code="encoding"),
    encoded("damaged utf-8", LIST.encode()[:-3] + b"\xe4\xb8\n", code="encoding"),
    encoded("a line of gbk in utf-8", LIST.encode() + "丙某某某,胶,5%\n".encode("gbk"), code="encoding"),
    encoded(
        "a line of utf-8 in gbk",
        (LIST * 9).encode("gbk") + "丙公司名称,光刻胶水,5%\n".encode(),
        code="encoding",
    ),
    encoded(
        "latin letters",
        "supplier,item\nMüller GmbH,Wafer\nSociété,Wafer\n".encode("latin-1"),
        code="encoding",
    ),
    encoded("euro sign of Windows", b"supplier,item\nA \x80,Wafer\n", code="encoding"),
    encoded("zero bytes everywhere", b"\x00" * 300, code="empty-file"),
    encoded("noise", bytes(range(128, 256)) * 9, code="encoding"),
]

SEPARATORS = [
    *(text_case(f"separator {each!r}", LIST.replace(",", each), GOOD) for each in (",", ";", "\t", "|")),
    text_case("sep=;", "sep=;\n" + LIST.replace(",", ";"), {3: {"supplier": "甲"}, 4: {}}),
    text_case("quoted sep line", '"sep=|"\r\n' + LIST.replace(",", "|"), {3: {}, 4: {}}),
    text_case("sep= tab after a mark", "\ufeffsep=\t\n" + LIST.replace(",", "\t"), {3: {}, 4: {}}),
    text_case("sep= that is wrong", "sep=;\n" + LIST, {3: {}, 4: {}}, warned=("sep=",)),
    text_case("sep= of another sign", "sep=:\n" + LIST, {3: {}, 4: {}}, warned=("sep=",)),
    text_case("a comma in a list of semicolons", LIST.replace(",", ";").replace("甲", "甲,乙"), {2: {"supplier": "甲,乙"}, 3: {}}),
    text_case("decimal commas between semicolons", "供应商;物料;产能\n甲;胶;1,5\n乙;胶;1,500\n", {3: {"capacity": 1500.0}}, [(2, "capacity", "not-a-number")]),
    text_case("full-width commas are no separator", LIST.replace(",", "，"), code="no-header"),
    text_case("tsv", LIST.replace(",", "\t"), GOOD, filename="list.tsv"),
    text_case("txt", LIST.replace(",", "|"), GOOD, filename="list.TXT"),
]  # fmt: skip

LINES = [
    text_case("line feeds of Windows", LIST.replace("\n", "\r\n"), GOOD),
    text_case("line feeds of old Macs", LIST.replace("\n", "\r"), GOOD),
    text_case("mixed line feeds", "供应商,物料\r\n甲,胶\n乙,胶\r丙,胶", {2: {}, 3: {}, 4: {}}),
    text_case("no line feed at the end", LIST.rstrip("\n"), GOOD),
    text_case("blank lines", "\n\n供应商,物料\n\n甲,胶\n,\n  \n乙,胶\n\n", {5: {}, 8: {}}),
    text_case("title rows", TITLE + LIST, {4: {"supplier": "甲"}, 5: {}}),
    text_case("header in row 12", "说明,,\n" * 11 + LIST, {13: {}, 14: {}}),
    text_case("a quoted title of two lines", '"某省\n清单",,\n' + LIST, {4: {}, 5: {}}),
    text_case("quotes with line breaks", '供应商,物料,备注\n甲,胶,"一\n二\n三"\n乙,胶,\n', {2: {"备注": "一\n二\n三"}, 5: {}}, warned=("备注",)),
    text_case("a name of two lines", '供应商,物料\n"甲\n乙",胶\n丙,胶\n', {4: {}}, [(2, "supplier", "control-character")]),
    text_case("doubled quotes", '供应商,物料\n"""甲""公司",胶\n', {2: {"supplier": '"甲"公司'}}),
    text_case("a quote inside a cell", '供应商,物料\n5" 晶圆厂,胶\n', {2: {"supplier": '5" 晶圆厂'}}),
    text_case("a lone quote", '供应商,物料\n甲,胶\n"乙,胶\n丙,胶\n', code="open-quote"),
    text_case("a lone quote at the end", '供应商,物料\n甲,胶\n乙,"胶\n', code="open-quote"),
    text_case("text behind a quote", '供应商,物料\n"甲"公司,胶\n乙,胶\n', {3: {}}, [(2, "", "bad-quotes")]),
    text_case("blanks behind a quote", '供应商,物料\n"甲" ,胶\n乙,胶\n', {3: {}}, [(2, "", "bad-quotes")]),
    text_case("fewer cells", "供应商,物料,份额\n甲,胶\n乙\n", {2: {"share": None}}, [(3, "item", "missing")]),
    text_case("more cells", "供应商,物料,产能\n甲,胶,1,200\n乙,胶,5,,\n", {3: {"capacity": 5.0}}, [(2, "", "extra-cells")]),
    text_case("cells only past the header", "供应商,物料\n甲,胶\n,,见附件\n", {2: {}}, [(3, "", "extra-cells")]),
    text_case("a zero byte in a name", "供应商,物料\n甲\x00,胶\n乙,胶\n", {3: {}}, [(2, "supplier", "control-character")]),
    text_case("vertical tabs end no line", "供应商,物料\n甲\x0b,胶\n乙\x85丙,胶\n丁,胶\n", {4: {}}, [(2, "supplier", "control-character"), (3, "supplier", "control-character")]),
    text_case("placeholders alone are a row", "供应商,物料\n甲,胶\n-,-\n", {2: {}}, [(3, "supplier", "missing")]),
]  # fmt: skip

HEADERS = [
    text_case("English", "Vendor,Part,Market share,Lead Time (Days)\nA,Wafer,5%,30\n", {2: {"supplier": "A", "item": "Wafer", "share": 0.05, "lead_time_days": 30.0}}),
    text_case("every column", "企业名称,供应产品,信用代码,需方,国家/地区,省,所在城市,供货占比,年产能,单位,交付周期,安全库存(天),可增供比例,是否认证,认证周期(天)\n甲,胶,,某厂,日本,江苏,苏州,5%,10,吨,4周,7,10%,是,90\n", {2: {"supplier": "甲", "buyer": "某厂", "country": "JPN", "province": "江苏", "city": "苏州", "share": 0.05, "capacity": 10.0, "unit": "吨", "lead_time_days": 28.0, "stock_days": 7.0, "spare": 0.1, "qualified": "yes", "qualification_days": 90.0}}),
    text_case("blanks, case and width", " 供应商　名称 ,ＩＴＥＭ\n甲,胶\n", {2: {}}),
    text_case("line break in a header", '"供应商\n名称",物料\n甲,胶\n', {3: {}}),
    text_case("two columns of one meaning", "供应商,物料,市场份额,占比\n甲,胶,1%,2%\n", code="duplicate-column"),
    text_case("two supplier columns", "供应商,供应商名称,物料\n甲,甲,胶\n", code="duplicate-column"),
    text_case("the same header twice", "供应商,物料,份额,份额\n甲,胶,1%,1%\n", code="duplicate-column"),
    text_case("two unknown columns of one name", "供应商,物料,备注,备注\n甲,胶,1,2\n", {2: {"备注": "1", "备注_2": "2"}}, warned=("备注",)),
    text_case("a nameless column", "供应商,,物料\n甲,x,胶\n", {2: {"列2": "x"}}, warned=("列2",)),
    text_case("only one required column", "供应商,数量\n甲,3\n", code="no-header"),
    text_case("no header", "甲,胶,30%\n乙,胶,20%\n", code="no-header"),
    text_case("header only", "供应商,物料\n", code="no-rows"),
    text_case("header and blank rows", "供应商,物料\n,\n\n", code="no-rows"),
    text_case("empty", "", code="empty-file"),
    text_case("blanks", " \r\n\t\n", code="empty-file"),
    text_case("1001 columns", "供应商,物料" + ",x" * 1000 + "\n", code="too-many-columns"),
]  # fmt: skip

TYPES = [
    *(Case(f"{data[:6]!r} as csv", data, code="not-text") for data in (b"PK\x03\x04\x14\x00", b"PK\x05\x06" + bytes(18), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x7fELF", b"SQLite format 3\x00", b"{\\rtf1", b"PAR1")),
    text_case("a page as csv", "<html><body><table><tr><td>供应商</td></tr></table></body></html>", code="not-text"),
    text_case("a page with DOCTYPE as csv", "\n<!DOCTYPE html>\n<table>\n供应商,物料\n甲,胶\n", code="not-text"),
    text_case("XML as csv", '<?xml version="1.0"?>\n<a/>', code="not-text"),
    text_case("JSON as csv", '[{"supplier": "A"}]', code="no-header"),
    text_case("csv as xlsx", LIST, filename="list.xlsx", code="not-workbook"),
    text_case("a page as xls", "<html></html>", filename="list.xls", code="extension"),
    *(text_case(f"ending of {name}", LIST, filename=name, code="extension") for name in ("list.xls", "list.xlsb", "list.ods", "list.numbers", "list.et", "list.pdf", "list.csv.exe", "list", "csv", "..", "list.csv/", "list.")),
    text_case("ending with macros", LIST, filename="list.xlsm", code="macro"),
    *(text_case(f"name {name!r}", LIST, GOOD, filename=name) for name in ("../../etc/passwd.csv", "C:\\x\\清单.CSV", "CON.csv", " list.csv ", "a\x00b.csv", ".csv", "list.xlsx.csv", "名" * 300 + ".csv")),
]  # fmt: skip


@pytest.mark.parametrize(
    "case", [*ENCODINGS, *SEPARATORS, *LINES, *HEADERS, *TYPES], ids=lambda case: case.name
)
def test_text_files_are_read_as_the_rules_say(checked, case):
    verify(checked(case.content, case.filename), case)
