"""Reading chain folders: what is kept exactly, what is unknown, and what is named as a problem."""

from pathlib import Path

import pytest

from chains.catalog import read_bottlenecks, read_folder
from chains.model import Kind, Relation, ShareScope, SupplierKind

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "chains"

FILES = {
    "items.csv": "item_id,name_zh,kind,weight\nRESIN,树脂,material,\nCHIP,芯片,product,1\n",
    "links.csv": "input_item_id,output_item_id,relation\nRESIN,CHIP,input_of\n",
    "suppliers.csv": "supplier_id,name_en,country\nS1,Resin Works,JPN\n",
    "supplies.csv": "supplier_id,item_id,share\nS1,RESIN,0.6\n",
}


@pytest.fixture
def write(tmp_path):
    def make(name="mini", **changes):
        folder = tmp_path / name
        folder.mkdir()
        texts = FILES | {key.replace("_", "."): text for key, text in changes.items()}
        for file, text in texts.items():
            if text is not None:
                (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return make


def problems_of(folder):
    return read_folder(folder)[1]


def test_a_folder_without_optional_files_and_columns_reads_without_a_problem(write):
    folder, problems = read_folder(write())
    assert problems == []
    assert folder.chain.chain_id == folder.chain.name_zh == "mini"
    assert [item.kind for item in folder.items] == [Kind.MATERIAL, Kind.PRODUCT]
    assert folder.links[0].relation is Relation.INPUT_OF
    assert folder.links[0].essential is None
    assert folder.suppliers[0].kind is SupplierKind.ENTERPRISE
    assert folder.suppliers[0].name_zh is None
    assert folder.supplies[0].share_scope is ShareScope.GLOBAL
    assert (len(folder.purchases), len(folder.sources)) == (0, 0)


def test_every_row_knows_its_file_and_line(write):
    folder, _ = read_folder(write())
    assert str(folder.items[1].place) == "mini/items.csv row 3"


def test_a_quoted_cell_over_two_lines_does_not_shift_the_lines_that_follow(write):
    text = 'item_id,kind,description\n\nRESIN,material,"two\nlines"\nCHIP,product,\n'
    folder, _ = read_folder(write(items_csv=text))
    assert [str(item.place) for item in folder.items] == ["mini/items.csv row 3", "mini/items.csv row 5"]


def test_the_chain_id_is_the_name_of_the_folder_and_toml_gives_its_names(write):
    toml = 'name_zh = "迷你"\nname_en = "Mini"\ncluster = "集成电路"\nhome_use = 0.3\n'
    folder, problems = read_folder(write("a-B 01", chain_toml=toml))
    assert problems == []
    assert (folder.chain.chain_id, folder.chain.name_zh, folder.chain.name_en) == ("a-B 01", "迷你", "Mini")
    assert (folder.chain.tier_531, folder.chain.cluster, folder.chain.home_use) == (None, "集成电路", 0.3)


def test_broken_toml_is_an_error_of_chain_toml_alone(write):
    folder, problems = read_folder(write(chain_toml="name_zh = 迷你"))
    assert [(p.code, str(p.places[0])) for p in problems] == [("bad-toml", "mini/chain.toml")]
    assert len(folder.items) == 2


@pytest.mark.parametrize("name", ["items", "links", "suppliers", "supplies"])
def test_a_missing_file_is_an_error_that_names_it(write, name):
    problems = problems_of(write(**{f"{name}_csv": None}))
    assert [(p.severity, p.code, str(p.places[0])) for p in problems] == [
        ("error", "missing-file", f"mini/{name}.csv")
    ]


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(write):
    marked = b"\xef\xbb\xbf" + FILES["items.csv"].replace("\n", "\r\n").encode()
    assert read_folder(write("marked", items_csv=marked))[0].items == read_folder(write("plain"))[0].items


def test_a_file_in_another_encoding_is_refused_and_not_guessed(write):
    problems = problems_of(write(items_csv=FILES["items.csv"].encode("gb18030")))
    assert [(p.code, str(p.places[0])) for p in problems] == [("not-utf-8", "mini/items.csv")]


def test_ids_stay_exactly_as_written(write):
    text = "item_id,kind\n007,material\nabc,material\nABC,material\nwafer fab,material\nunknown,product\n"
    folder, problems = read_folder(write(items_csv=text))
    assert problems == []
    assert [item.item_id for item in folder.items] == ["007", "abc", "ABC", "wafer fab", "unknown"]


@pytest.mark.parametrize("word", ["", "  ", "unknown", "Unknown", "未知"])
def test_blanks_and_the_word_for_unknown_are_none(write, word):
    text = f"supplier_id,item_id,share,qualified,year,ramp_days\nS1,RESIN,{word},{word},{word},{word}\n"
    folder, problems = read_folder(write(supplies_csv=text))
    supply = folder.supplies[0]
    assert problems == []
    assert (supply.share, supply.qualified, supply.year, supply.ramp_days) == (None, None, None, None)


def test_a_share_of_zero_is_known(write):
    folder, _ = read_folder(write(supplies_csv="supplier_id,item_id,share\nS1,RESIN,0.0\n"))
    assert folder.supplies[0].share == 0


@pytest.mark.parametrize(
    "cell", ["1.01", "-0.1", "35", "35%", "nan", "inf", "1e999", "0,5", "1_0", "half", "０.5"]
)
def test_a_share_that_is_no_fraction_is_an_error_and_its_row_is_left_out(write, cell):
    text = f'supplier_id,item_id,share\nS1,CHIP,0.5\nS1,RESIN,"{cell}"\n'
    folder, problems = read_folder(write(supplies_csv=text))
    assert [(p.code, str(p.places[0])) for p in problems] == [("bad-cell", "mini/supplies.csv row 3")]
    assert cell in problems[0].message
    assert [supply.item_id for supply in folder.supplies] == ["CHIP"]


@pytest.mark.parametrize(
    ("word", "value"),
    [("TRUE", True), ("yes", True), ("1", True), ("False", False), ("NO", False), ("0", False)],
)
def test_a_flag_is_read_in_any_case(write, word, value):
    text = f"input_item_id,output_item_id,relation,essential\nRESIN,CHIP,input_of,{word}\n"
    assert read_folder(write(links_csv=text))[0].links[0].essential is value


@pytest.mark.parametrize(
    ("file", "header", "row"),
    [
        ("items", "item_id,kind", "RESIN,gadget"),
        ("items", "item_id,kind,five_base", "RESIN,material,metal"),
        ("items", "item_id,kind,use", "RESIN,material,maybe"),
        ("items", "item_id,kind,cover_days", "RESIN,material,-1"),
        ("items", "item_id,kind,attrition", "RESIN,equipment,25"),
        ("items", "item_id,kind,suppliers_complete", "RESIN,material,perhaps"),
        ("links", "input_item_id,output_item_id,relation", "RESIN,CHIP,feeds"),
        ("links", "input_item_id,output_item_id,relation,weight", "RESIN,CHIP,input_of,2"),
        ("suppliers", "supplier_id,kind", "S1,person"),
        ("supplies", "supplier_id,item_id,share_scope", "S1,RESIN,galactic"),
        ("supplies", "supplier_id,item_id,year", "S1,RESIN,25"),
        ("supplies", "supplier_id,item_id,ramp_days", "S1,RESIN,4周"),
        ("purchases", "buyer_id,item_id,supplier_id,stock_days", "S1,RESIN,S1,long"),
        ("purchases", "buyer_id,item_id,supplier_id,priority", "S1,RESIN,S1,first"),
        ("supplies", "supplier_id,item_id,tier", "S1,RESIN,7nm"),
        ("supplies", "supplier_id,item_id,unit_weight", "S1,RESIN,0"),
        ("links", "input_item_id,output_item_id,relation,tier", "RESIN,CHIP,input_of,2.5"),
        ("sources", "source_id,accessed", "doc,22/11/2026"),
    ],
)
def test_a_cell_outside_its_column_is_an_error_of_its_row(write, file, header, row):
    problems = problems_of(write(**{f"{file}_csv": f"{header}\n{row}\n"}))
    assert [(p.severity, p.code, str(p.places[0])) for p in problems] == [
        ("error", "bad-cell", f"mini/{file}.csv row 2")
    ]


@pytest.mark.parametrize(("file", "row"), [("items", ",material"), ("items", "RESIN,")])
def test_a_blank_id_or_kind_is_an_error_of_its_row(write, file, row):
    problems = problems_of(write(**{f"{file}_csv": f"item_id,kind\n{row}\n"}))
    assert [(p.code, str(p.places[0])) for p in problems] == [("blank-cell", "mini/items.csv row 2")]


def test_a_missing_column_names_the_header(write):
    problems = problems_of(write(supplies_csv="supplier_id,share\nS1,0.5\n"))
    assert [(p.code, str(p.places[0])) for p in problems] == [("missing-column", "mini/supplies.csv row 1")]
    assert "item_id" in problems[0].message


def test_a_column_that_stands_twice_is_refused(write):
    problems = problems_of(write(items_csv="item_id,kind,kind\nRESIN,material,process\n"))
    assert [p.code for p in problems] == ["repeated-column"]


@pytest.mark.parametrize("row", ["RESIN", "RESIN,material,x"])
def test_a_row_with_too_few_or_too_many_cells_is_an_error(write, row):
    problems = problems_of(write(items_csv=f"item_id,kind\n{row}\n"))
    assert [(p.code, str(p.places[0])) for p in problems] == [("cell-count", "mini/items.csv row 2")]


def test_a_quote_that_is_never_closed_is_an_error_of_the_file(write):
    assert [p.code for p in problems_of(write(items_csv='item_id,kind\n"RESIN,material\n'))] == ["bad-csv"]


def test_a_file_that_cannot_be_opened_is_an_error_of_that_file(write):
    folder = write()
    (folder / "items.csv").unlink()
    (folder / "items.csv").mkdir()
    assert [(p.code, str(p.places[0])) for p in problems_of(folder)] == [
        ("unreadable-file", "mini/items.csv")
    ]


def test_an_empty_file_asks_for_its_header(write):
    assert [p.code for p in problems_of(write(items_csv=""))] == ["missing-header"]


def test_rows_of_blanks_and_unknown_columns_are_passed_over(write):
    folder, problems = read_folder(write(items_csv="item_id,kind,colour\n,,\nRESIN,material,red\n"))
    assert problems == []
    assert len(folder.items) == 1


def test_equal_rows_of_one_key_are_one(write):
    text = "supplier_id,item_id,share\nS1,RESIN,0.6\nS1,RESIN,0.60\n"
    folder, problems = read_folder(write(supplies_csv=text))
    assert problems == []
    assert len(folder.supplies) == 1


def test_rows_of_one_key_that_disagree_name_both_rows(write):
    text = "supplier_id,item_id,share\nS1,RESIN,0.6\nS1,CHIP,0.1\nS1,RESIN,0.7\n"
    folder, problems = read_folder(write(supplies_csv=text))
    assert [(p.severity, p.code) for p in problems] == [("error", "rows-disagree")]
    assert [str(place) for place in problems[0].places] == [
        "mini/supplies.csv row 4",
        "mini/supplies.csv row 2",
    ]
    assert [supply.share for supply in folder.supplies] == [0.6, 0.1]


def test_supplies_of_two_years_or_two_markets_are_two_facts(write):
    header = "supplier_id,item_id,share,share_scope,year"
    text = f"{header}\nS1,RESIN,0.6,global,2023\nS1,RESIN,0.7,global,2024\nS1,RESIN,0.5,domestic,2024\n"
    folder, problems = read_folder(write(supplies_csv=text))
    assert problems == []
    assert len(folder.supplies) == 3


def test_all_problems_are_collected_and_not_only_the_first(write):
    text = "supplier_id,item_id,share,year\nS1,RESIN,2,x\nS1,CHIP,y,2024\n"
    assert len(problems_of(write(supplies_csv=text))) == 3


def test_the_weight_of_a_kind_may_have_any_scale(write):
    text = "input_item_id,output_item_id,relation,weight\nRESIN,CHIP,variant_of,10.9\n"
    folder, problems = read_folder(write(links_csv=text))
    assert problems == []
    assert folder.links[0].weight == 10.9


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("textbook", (6, 5, 11, 11, 0)),
        ("fabs", (6, 5, 14, 13, 7)),
        ("fakebackup", (3, 2, 5, 5, 3)),
        ("capital", (2, 1, 2, 2, 0)),
        ("blank", (2, 1, 1, 1, 0)),
    ],
)
def test_the_worked_examples_read_without_a_problem(name, counts):
    folder, problems = read_folder(GOLDEN / name)
    assert problems == []
    assert counts == tuple(
        len(rows)
        for rows in (folder.items, folder.links, folder.suppliers, folder.supplies, folder.purchases)
    )


def test_a_folder_that_does_not_exist_lacks_its_four_files(tmp_path):
    assert [p.code for p in problems_of(tmp_path / "nowhere")] == ["missing-file"] * 4


def test_a_register_row_without_a_class_is_named(tmp_path):
    path = tmp_path / "bottlenecks.csv"
    path.write_text(
        "bottleneck_id,name_zh,five_base,evidence_grade,status\nB1,光刻胶,,E1,open\n", encoding="utf-8"
    )
    rows, problems = read_bottlenecks(path)
    assert rows == ()
    assert [(p.code, str(p.places[0])) for p in problems] == [("blank-cell", "bottlenecks.csv row 2")]
