"""Corpus, part one: what a cell of each column may hold (rules 2 to 8)."""

import pytest

from tests.ingest.corpus import CODE, OTHER_CODE, column_case, text_case, verify

NUMBER, RANGE = "!not-a-number", "!share-range"
LONG = "字" * 200

COLUMNS = [
    column_case("no value", "产能", dict.fromkeys(["", " ", "-", "—", "/", "N/A", "n/a", "无", "暂无", "未知", "　", "Ｎ／Ａ", "－"]), field_name="capacity"),
    column_case("words are not no value", "产能", dict.fromkeys(["NA", "null", "None", "待定", "?", "若干", "N.A."], NUMBER), field_name="capacity"),
    column_case("NA is text", "省份", {"NA": "NA", "无": None, "N/A": None}, field_name="province"),
    column_case("plain numbers", "产能", {"12000": 12000.0, "0": 0.0, "0.5": 0.5, ".5": 0.5, "+3": 3.0, "007": 7.0, " 8 ": 8.0}, field_name="capacity"),
    column_case("full-width", "产能", {"１２００": 1200.0, "１，２００": 1200.0, "１．５": 1.5, "３万": 30000.0}, field_name="capacity"),
    column_case("thousands by three", "产能", {"1,200": 1200.0, "12,345,678.9": 12345678.9, "1,20": NUMBER, "12,34": NUMBER, "1234,567": NUMBER, ",123": NUMBER, "1,,200": NUMBER, "0,350": NUMBER, "1,200,": NUMBER}, field_name="capacity"),
    column_case("wan, qian, yi", "产能", {"1.2万": 12000.0, "3千": 3000.0, "0.5亿": 5e7, "2千万": 2e7, "1,200万": 1.2e7, "万": NUMBER, "1万2千": NUMBER, "1万5": NUMBER, "1 万": 10000.0}, field_name="capacity"),
    column_case("no numbers", "产能", dict.fromkeys(["NaN", "nan", "inf", "Infinity", "-∞", "∞", "三百", "约100", "100左右", ">100", "≥100", "100+", "100-200", "100~200", "100～200", "100至200", "1.2.3", "1..2", "1,5", "1.234,56", "1 200", "1'200", "0x1F", "1_000", "½", "10²", "#N/A!", "--5", "5-", "(5)", "￥5", "$5", "5%", "1/2", "2024-03-05", "=1+1", "TRUE"], NUMBER), field_name="capacity"),
    column_case("powers of ten", "产能", {"1e5": 1e5, "1.5E+3": 1500.0, "1e-2": 0.01, "1e": NUMBER, "e5": NUMBER, "1e400": NUMBER, "1e99999999": NUMBER}, field_name="capacity"),
    column_case("Excel errors", "产能", dict.fromkeys(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#n/a"], "!excel-error"), field_name="capacity"),
    column_case("capacity bounds", "产能", {"1000000000000000": 1e15, "1000000000000001": "!too-large", "10000亿": 1e12, "1e16": "!too-large", "-1": "!negative", "-0": 0.0}, field_name="capacity"),
    column_case("capacity with a foreign unit", "产能", {"1200吨": NUMBER, "1.2万吨": NUMBER, "1200t": NUMBER}, field_name="capacity"),
    column_case("days", "交期(天)", {"30": 30.0, "30天": 30.0, "30 日": 30.0, "4周": 28.0, "1.5周": 10.5, "2月": 60.0, "2个月": 60.0, "1年": 365.0, "10年": 3650.0, "３０天": 30.0, "0": 0.0, "1,000": 1000.0, "1千天": 1000.0, "0.5年": 182.5}, field_name="lead_time_days"),
    column_case("days that are not certain", "交期(天)", {"20工作日": "!unknown-unit", "20个工作日": "!unknown-unit", "48小时": "!unknown-unit", "1季度": "!unknown-unit", "4-6周": NUMBER, "30-45": NUMBER, "30~45天": NUMBER, "半年": NUMBER, "两周": NUMBER, "约30天": NUMBER, "30天左右": "!unknown-unit", "1周3天": NUMBER, "现货": NUMBER, "T+30": NUMBER, "2024-03-05": NUMBER, "1e400": NUMBER}, field_name="lead_time_days"),
    column_case("lead time bounds", "交期(天)", {"3650": 3650.0, "3,650天": 3650.0, "3651": "!too-large", "11年": "!too-large", "1e5": "!too-large", "-3": "!negative", "-3天": "!negative"}, field_name="lead_time_days"),
    column_case("a header in weeks", "交期(周)", {"4": 28.0, "30天": 30.0, "2周": 14.0, "1.5": 10.5}, field_name="lead_time_days", warned=("交期(周)",)),
    column_case("stock days", "安全库存(天)", {"15": 15.0, "2周": 14.0, "10工作日": "!unknown-unit"}, field_name="stock_days"),
    column_case("qualification days", "认证周期(天)", {"180": 180.0, "6个月": 180.0, "1年": 365.0, "六个月": NUMBER}, field_name="qualification_days"),
    column_case("shares with %", "市场份额", {"35%": 0.35, "35 %": 0.35, "３５％": 0.35, "0.5%": 0.005, "100%": 1.0, "0%": 0.0, "100.1%": RANGE, "-1%": RANGE, "1,5%": NUMBER, "30%-40%": NUMBER, "约30%": NUMBER, "%": NUMBER, "35%%": NUMBER, "3成": NUMBER, "三成": NUMBER, "5‰": NUMBER, "1万%": NUMBER}, field_name="share", warned=("合计",)),
    column_case("bare fractions", "供货占比", {"0.35": 0.35, "1": 1.0, "0": 0.0, "0.001": 0.001, "-0.1": RANGE, "40%": 0.4, "#N/A": "!excel-error"}, field_name="share", warned=("合计",)),
    column_case("bare percents", "采购占比", {"35": 0.35, "1.5": 0.015, "12%": 0.12, "101": RANGE}, field_name="share", warned=("都大于 1",)),
    column_case("both kinds", "份额", {"0.35": "!share-ambiguous", "40": 0.4, "1": "!share-ambiguous", "10%": 0.1, "150": RANGE, "0": "!share-ambiguous"}, field_name="share", warned=("无法确定",)),
    column_case("% header", "份额(%)", {"35": 0.35, "0.5": 0.005, "20%": 0.2, "100": 1.0, "101": RANGE, "-1": RANGE}, field_name="share", warned=("合计",)),
    column_case("% header over small numbers", "市场份额％", {"0.35": 0.0035, "1": 0.01, "5%": 0.05}, field_name="share", warned=("市场份额",)),
    column_case("the header is %", "%", {"35": 0.35, "0.2": 0.002}, field_name="share"),
    column_case("spare", "可增供比例", {"20%": 0.2, "0.3": 0.3, "1": 1.0, "120%": RANGE}, field_name="spare"),
    column_case("spare in percents", "备用产能占比(%)", {"20": 0.2, "0": 0.0}, field_name="spare"),
    column_case("qualified", "认证状态", {"是": "yes", "否": "no", "认证中": "in_progress", "已认证": "yes", "未认证": "no", "YES": "yes", "no": "no", "In progress": "in_progress", "待定": "!qualified", "2024": "!qualified", "": None, "-": None}, field_name="qualified"),
    column_case("credit codes", "统一社会信用代码", {CODE: CODE, "91110000600037341K": "!credit-code", "9111000060003734": "!credit-code", CODE + "0": "!credit-code", "9.1110000600037E+17": "!credit-code", "911100006000373400": "!credit-code", "无": None, "-": None}, field_name="uscc"),
    column_case("a credit code in other signs", "信用代码", {" ９１３２０２００ ｍａ００００００２ｋ ": CODE}, field_name="uscc"),
    column_case("countries", "国家或地区", {"中国": "CHN", "日本": "JPN", "jpn": "JPN", "US": "USA", "台湾": "TWN", "中国台湾": "TWN", "香港": "HKG", "Viet Nam": "VNM", "欧盟": "!country", "火星": "!country", "NA": "!country", "": None}, field_name="country"),
    column_case("unknown columns stay as they stand", "编号", {"00123": "00123", "4e492493924924": "4e492493924924", "123456789012345678": "123456789012345678", "=1+1": "=1+1", "-": "-", "N/A": "N/A", " x ": " x ", "1e5": "1e5"}, field_name="编号", warned=("编号",)),
    column_case("notes", "备注", {"一 二": "一 二", "字" * 300: "字" * 300, "a\x07": "!control-character", "a\ufffd": "!replacement-character", "a\u202e": "!bidi-override", "字" * 4001: "!cell-too-long"}, field_name="备注", warned=("备注",)),
]  # fmt: skip


def supplier_case(name, cells):
    lines, good, bad = ["供应商,物料"], {}, []
    for row, (text, value) in enumerate(cells.items(), start=2):
        quoted = '"' + text.replace('"', '""') + '"'
        lines.append(f"{quoted},光刻胶")
        if value.startswith("!"):
            bad.append((row, "supplier", value[1:]))
        else:
            good[row] = {"supplier": value}
    return text_case(name, "\n".join(lines) + "\n", good, bad)


NAMES = [
    supplier_case("names are text", {text: text for text in ["00123", "4e492493924924", "=HYPERLINK(1)", "+86", "@x", "<script>alert(1)</script>", "**x**", "'; DROP TABLE supplier;--", "NA", "a,b", "O'Neil", 'a"b', "1.20", "TRUE", "😀公司", "䶮𠮷"]}),
    supplier_case("length", {LONG: LONG, LONG + "a": "!too-long", "a" * 4001: "!cell-too-long"}),
    supplier_case("hidden signs go", {"\u200b华\ufeff虹\u200d": "华虹", " 中  芯\u3000": "中 芯", "\xa0台积电\xa0": "台积电", "甲\u200e": "甲"}),
    supplier_case("signs that hide or lost something", {"a\x00b": "!control-character", "a\x1bb": "!control-character", "a\x85b": "!control-character", "a\tb": "!control-character", "a\u2028b": "!control-character", "a\ufffdb": "!replacement-character", "a\u202eb": "!bidi-override", "a\u2066b": "!bidi-override", "#REF!": "!excel-error"}),
    supplier_case("a required cell says nothing", {"x": "x", "": "!missing", "-": "!missing", "—": "!missing", "无": "!missing", "N/A": "!missing", "\u200b": "!missing"}),
]  # fmt: skip

ROWS = [
    text_case("duplicates", "供应商,物料,份额\n甲,胶,30%\n甲 ,胶,0.3\n甲,胶,40%\n乙,胶,\n乙,胶,\n乙,胶,5%\n", {2: {"share": 0.3}, 5: {"share": None}}, [(3, "supplier", "duplicate"), (4, "share", "conflict"), (6, "supplier", "duplicate"), (7, "share", "conflict")]),
    text_case("another buyer is another row", "供应商,物料,采购方,份额\n甲,胶,A,30%\n甲,胶,B,40%\n甲,胶,,50%\n甲,胶,a,60%\n", {2: {}, 3: {}, 4: {}}, [(5, "share", "conflict")]),
    text_case("a bad row is no first", "供应商,物料,份额\n甲,胶,x\n甲,胶,40%\n", {3: {"share": 0.4}}, [(2, "share", "not-a-number")]),
    text_case("one code, two names", f"供应商,物料,信用代码\n甲,胶,{CODE}\n乙,气,{CODE}\n甲,气,{CODE}\n", {2: {}, 4: {}}, [(3, "supplier", "credit-code-conflict")]),
    text_case("one code, two countries", f"供应商,物料,信用代码,国家\n甲,胶,{CODE},中国\n甲,气,{CODE},日本\n甲,片,{CODE},\n", {2: {}, 4: {}}, [(3, "country", "credit-code-conflict")]),
    text_case("two codes of one row are a conflict", f"供应商,物料,信用代码\n甲,胶,{CODE}\n甲,胶,{OTHER_CODE}\n", {2: {}}, [(3, "uscc", "conflict")]),
    text_case("names of one firm in other width and case", "供应商,物料,份额\nＡＢ,胶,1%\nab,胶,1%\n臺積電,片,1%\n台积电,片,2%\n", {2: {}, 4: {}}, [(3, "supplier", "duplicate"), (5, "share", "conflict")]),
    text_case("sums above one", "供应商,物料,份额\n甲,胶,70%\n乙,胶,40%\n丙,气,100%\n", {2: {"share": 0.7}, 3: {"share": 0.4}, 4: {"share": 1.0}}, warned=("110%",)),
    text_case("sums by buyer", "供应商,物料,采购方,份额\n甲,胶,A,70%\n乙,胶,B,40%\n", {2: {}, 3: {}}),
    text_case("sums of one item in two languages", "供应商,物料,份额\n甲,光刻胶,70%\n乙,Photoresists,40%\n", {2: {}, 3: {}}, warned=("110%",)),
    text_case("a note of two lines", '供应商,物料,备注\n甲,胶,"一\n二"\n乙,胶,x\n', {2: {"备注": "一\n二"}, 4: {}}, warned=("备注",)),
    text_case("a total row is no supply", "供应商,物料,份额\n甲,胶,60%\n合计,,100%\n", {2: {}}, [(3, "item", "missing")]),
    text_case("a repeated header", "供应商,物料\n甲,胶\n供应商,物料\n乙,胶\n", {2: {}, 4: {}}, [(3, "supplier", "repeated-header")]),
    text_case("all rows bad: the file is read, no row is good", "供应商,物料,产能\n甲,胶,x\n,胶,1\n", {}, [(2, "capacity", "not-a-number"), (3, "supplier", "missing")]),
    text_case("unit beside the number and in its column", "供应商,物料,产能,单位\n甲,胶,1200吨,吨\n乙,胶,1.2万片,片\n丙,胶,5吨,片\n丁,胶,5,万吨\n", {2: {"capacity": 1200.0, "unit": "吨"}, 3: {"capacity": 12000.0}, 5: {"capacity": 5.0, "unit": "万吨"}}, [(4, "capacity", "not-a-number")]),
    text_case("a unit in the header", "供应商,物料,产能(万吨)\n甲,胶,1.2\n乙,胶,\n", {2: {"capacity": 12000.0, "unit": "吨"}, 3: {"capacity": None, "unit": None}}, warned=("产能(万吨)",)),
    text_case("several problems of one row", "供应商,物料,产能,交期\n甲,胶,很多,20工作日\n乙,胶,1,1\n", {3: {}}, [(2, "capacity", "not-a-number")]),
]  # fmt: skip


@pytest.mark.parametrize("case", [*COLUMNS, *NAMES, *ROWS], ids=lambda case: case.name)
def test_cells_are_read_as_the_rules_say(checked, case):
    verify(checked(case.content, case.filename), case)


def test_values_of_bad_rows_are_as_in_the_file_and_cut_at_fifty(checked):
    answer = checked(f'供应商,物料,产能\n甲,胶," 约 5 "\n乙,胶,{"9" * 80}x\n丙,胶,1\n')
    assert [row["value"] for row in answer["bad"]] == [" 约 5 ", "9" * 50]
