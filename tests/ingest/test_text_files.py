import pytest

LIST = "供应商名称,产品或物料,份额\n中芯国际,光刻胶,30%\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_the_encodings_of_officers_are_read(checked, encoding):
    answer = checked(LIST.encode(encoding))
    assert answer["good"][0]["supplier"] == "中芯国际"


def test_rare_characters_of_gb18030_are_read(checked):
    assert checked(LIST.replace("中芯", "䶮𠮷").encode("gb18030"))["good"][0]["supplier"] == "䶮𠮷国际"


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode() + b"\xff\xfe",
        b"\xef\xbb\xbf" + LIST.encode("gbk"),
        LIST.encode("utf-16")[:-1],
        LIST.encode("utf-16-le"),
        LIST.encode("utf-32"),
        LIST.encode()[:-40] + b"\xe4",
        "supplier,item\nCaf\u00e9 ,Wafer\n".encode("latin-1"),
    ],
)
def test_bytes_that_do_not_decode_refuse_the_file(checked, content):
    answer = checked(content)
    assert (answer["status"], answer["code"]) == ("reject", "encoding")


def test_a_replacement_character_in_the_file_is_a_bad_row(checked):
    answer = checked(LIST + "华\ufffd半导体,光刻胶,10%\n")
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(3, "replacement-character")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(checked, separator):
    assert checked(LIST.replace(",", separator))["good"][0]["share"] == 0.3


@pytest.mark.parametrize("line", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n", "\ufeffsep=;\n"])
def test_the_separator_line_counts_as_a_line(checked, line):
    answer = checked(line + LIST.replace(",", ";"))
    assert (answer["good"][0]["row"], answer["good"][0]["share"]) == (3, 0.3)


def test_a_separator_line_that_contradicts_the_content_is_mentioned(checked):
    answer = checked("sep=;\n" + LIST)
    assert answer["status"] == "accept"
    assert "sep=" in answer["warnings"][0]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_do_not_move_row_numbers(checked, ending):
    answer = checked((LIST + ",,\n\n台积电,光刻胶,x\n").replace("\n", ending))
    assert [row["row"] for row in answer["bad"]] == [5]


def test_a_record_is_numbered_by_the_line_where_it_starts(checked):
    answer = checked(
        '供应商,物料,备注\n中芯国际,光刻胶,"一\n二\n三"\n台积电,光刻胶,\n"A\nB",光刻胶,\n东京电子,光刻胶,\n'
    )
    assert [row["row"] for row in answer["good"]] == [2, 5, 8]
    assert [(row["row"], row["code"], row["value"]) for row in answer["bad"]] == [
        (6, "control-character", "A\nB")
    ]
    assert answer["good"][0]["extra"]["备注"] == "一\n二\n三"


def test_an_open_quote_refuses_the_file_and_names_the_line(checked):
    answer = checked('供应商,物料\n中芯国际,光刻胶\n"台积电,光刻胶\n东京电子,光刻胶\n')
    assert (answer["status"], answer["code"]) == ("reject", "open-quote")
    assert "第 3 行" in answer["message"]


def test_text_behind_a_closing_quote_is_a_bad_row(checked):
    answer = checked('供应商,物料\n"台"积电,光刻胶\n东京电子,光刻胶\n')
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(2, "bad-quotes")]


def test_a_row_with_more_cells_than_the_header_may_be_shifted_and_is_bad(checked):
    answer = checked("供应商,物料,产能\n中芯国际,光刻胶,1,200\n台积电,光刻胶,900,,\n东京电子,光刻胶\n")
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(2, "extra-cells")]
    assert [row["capacity"] for row in answer["good"]] == [900, None]


def test_blank_lines_are_no_data_rows(checked):
    answer = checked(LIST + "\n,,\n 　, ,\u200b\n" + "-,-,-\n")
    assert answer["counts"] == {"rows": 2, "good": 1, "bad": 1}
    assert [(row["row"], row["code"]) for row in answer["bad"]] == [(6, "missing")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf\r\n", "empty-file"),
        (b"PK\x03\x04rest", "not-text"),
        (b"%PDF-1.7", "not-text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not-text"),
        (b"<html></html>", "not-text"),
        (b"\x00" * 1000, "empty-file"),
    ],
)
def test_what_is_no_text_table_is_refused(checked, content, code):
    assert checked(content)["code"] == code


@pytest.mark.parametrize(
    "name", ["list.xls", "list.xlsb", "list.csv.exe", "csv", "list", "", "../../etc/passwd", "a.ods"]
)
def test_other_endings_are_refused(checked, name):
    answer = checked(LIST, name)
    assert answer["status"] == "reject"
    assert "/" not in answer["message"]


@pytest.mark.parametrize("name", ["list.CSV", "../../清单.csv", "a\x00b.txt", "list.tsv", "CON.csv"])
def test_the_name_of_a_file_is_never_a_path(checked, name):
    assert checked(LIST, name)["status"] == "accept"


def test_a_million_columns_are_refused_in_one_sentence(checked):
    assert checked(LIST.replace("\n", "," * 5 + "x" + ",y" * 2000 + "\n", 1))["code"] == "too-many-columns"
