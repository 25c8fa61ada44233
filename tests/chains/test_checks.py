"""Each rule on the smallest chain that breaks it, naming file and row."""

from pathlib import Path

import pytest

from chains.catalog import read_folder
from chains.checks import CHECKS, check_folder, check_folders
from chains.checks.folders import check_all, check_dir

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "chains"

LINKS = "input_item_id,output_item_id,relation"
FILES = {
    "items.csv": "item_id,kind,weight\nRESIN,material,\nCHIP,product,1\n",
    "links.csv": "input_item_id,output_item_id,relation\nRESIN,CHIP,input_of\n",
    "suppliers.csv": "supplier_id,country,parent\nS1,JPN,\nS2,CHN,\n",
    "supplies.csv": "supplier_id,item_id,share\nS1,RESIN,0.6\n",
}


@pytest.fixture
def write(tmp_path):
    def make(name="mini", **changes):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for file, text in (FILES | {key.replace("_", "."): text for key, text in changes.items()}).items():
            (folder / file).write_text(text, encoding="utf-8")
        return folder

    return make


def seen(problems):
    return [(str(p.severity), p.code, [str(place) for place in p.places]) for p in problems]


def check(*paths):
    return seen(check_folders([read_folder(path)[0] for path in paths]))


def test_a_sound_chain_has_no_problem(write):
    assert check(write()) == []


@pytest.mark.parametrize("name", ["textbook", "fabs", "fakebackup", "capital", "blank"])
def test_the_worked_examples_have_no_problem(name):
    assert check_dir(GOLDEN / name) == []


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        (
            {"links_csv": f"{LINKS}\nRESIN,CHIP,input_of\nRESON,CHIP,input_of\n"},
            "links.csv row 3",
        ),
        ({"supplies_csv": "supplier_id,item_id\nS1,RESON\n"}, "supplies.csv row 2"),
        ({"purchases_csv": "buyer_id,item_id,supplier_id\nS2,RESON,S1\n"}, "purchases.csv row 2"),
    ],
)
def test_an_item_that_no_folder_has_is_an_error(write, changes, rows):
    assert check(write(**changes)) == [("error", "unknown-item", [f"mini/{rows}"])]


@pytest.mark.parametrize(
    ("changes", "rows"),
    [
        ({"supplies_csv": "supplier_id,item_id\nS9,RESIN\n"}, "supplies.csv row 2"),
        ({"purchases_csv": "buyer_id,item_id,supplier_id\nS9,RESIN,S1\n"}, "purchases.csv row 2"),
        ({"purchases_csv": "buyer_id,item_id,supplier_id\nS2,RESIN,S9\n"}, "purchases.csv row 2"),
    ],
)
def test_a_firm_that_no_folder_has_is_an_error(write, changes, rows):
    assert check(write(**changes)) == [("error", "unknown-supplier", [f"mini/{rows}"])]


def test_items_and_firms_of_another_loaded_folder_are_known(write):
    other = write("other", supplies_csv="supplier_id,item_id\nS9,STEEL\n", suppliers_csv="supplier_id\nS1\n")
    steel = write(
        "steel",
        items_csv="item_id,kind,weight\nSTEEL,material,\nCAR,product,1\n",
        links_csv=f"{LINKS}\nSTEEL,CAR,input_of\n",
        suppliers_csv="supplier_id\nS9\n",
        supplies_csv="supplier_id,item_id\nS9,STEEL\n",
    )
    assert [code for _, code, _ in check(other)] == ["unknown-item", "unknown-supplier"]
    assert check(other, steel) == []


def test_a_parent_without_a_row_is_no_problem(write):
    assert check(write(suppliers_csv="supplier_id,parent\nS1,JGROUP\n")) == []


def test_a_country_outside_iso_3166_is_an_error(write):
    text = "supplier_id,country\nS1,JPN\nS2,UK\n"
    assert check(write(suppliers_csv=text)) == [("error", "unknown-country", ["mini/suppliers.csv row 3"])]


@pytest.mark.parametrize("relation", ["input_of", "variant_of", "substitute_of"])
def test_an_item_linked_to_itself_is_an_error(write, relation):
    text = f"input_item_id,output_item_id,relation\nRESIN,CHIP,input_of\nRESIN,RESIN,{relation}\n"
    assert check(write(links_csv=text)) == [("error", "self-link", ["mini/links.csv row 3"])]


def test_kinds_of_each_other_are_an_error_that_names_the_circle(write):
    text = f"{LINKS}\nA,B,variant_of\nB,C,variant_of\nC,A,variant_of\nA,CHIP,input_of\n"
    items = "item_id,kind,weight\nA,material,\nB,material,\nC,material,\nCHIP,product,1\n"
    path = write(items_csv=items, links_csv=text, supplies_csv="supplier_id,item_id\n")
    assert check(path) == [("error", "variant-loop", [f"mini/links.csv row {row}" for row in (2, 3, 4)])]


def test_a_circle_of_inputs_is_normal(write):
    text = "input_item_id,output_item_id,relation\nRESIN,CHIP,input_of\nCHIP,RESIN,input_of\n"
    assert check(write(links_csv=text)) == []


def test_firms_that_own_each_other_are_an_error(write):
    text = "supplier_id,parent\nS1,S2\nS2,S1\n"
    assert check(write(suppliers_csv=text)) == [
        ("error", "parent-loop", ["mini/suppliers.csv row 2", "mini/suppliers.csv row 3"])
    ]


def test_a_firm_that_is_its_own_parent_is_an_error(write):
    text = "supplier_id,parent\nS1,S1\n"
    assert check(write(suppliers_csv=text)) == [("error", "self-parent", ["mini/suppliers.csv row 2"])]


def test_a_chain_whose_items_all_feed_each_other_ends_in_nothing(write):
    path = write(
        items_csv="item_id,kind\nRESIN,material\nCHIP,product\n",
        links_csv="input_item_id,output_item_id,relation\nRESIN,CHIP,input_of\nCHIP,RESIN,input_of\n",
    )
    assert check(path) == [("error", "no-end-product", ["mini/items.csv"])]


def test_weights_that_sum_to_zero_are_an_error(write):
    text = "item_id,kind,weight\nRESIN,material,\nCHIP,product,0\n"
    assert check(write(items_csv=text)) == [("error", "no-end-product", ["mini/items.csv row 3"])]


@pytest.mark.parametrize(
    ("share", "severity"), [("0.4", None), ("0.41", "warning"), ("0.42", "warning"), ("0.43", "error")]
)
def test_shares_of_one_market_above_1_are_rounding_up_to_1_02_and_then_an_error(write, share, severity):
    found = check(write(supplies_csv=f"supplier_id,item_id,share\nS1,RESIN,0.6\nS2,RESIN,{share}\n"))
    rows = ["mini/supplies.csv row 2", "mini/supplies.csv row 3"]
    assert found == ([(severity, "shares-above-1", rows)] if severity else [])


@pytest.mark.parametrize(
    ("column", "meant"), [("shares", "share"), ("weight", "unit_weight"), ("is_qualified", "qualified")]
)
def test_an_unknown_column_that_looks_like_an_absent_one_is_pointed_out(write, column, meant):
    problems = read_folder(write(supplies_csv=f"supplier_id,item_id,{column},remark\nS1,RESIN,1,x\n"))[1]
    (problem,) = problems
    assert (problem.code, str(problem.places[0])) == ("column-not-read", "mini/supplies.csv row 1")
    assert meant in problem.message.split()
    assert column in problem.message_zh


def test_a_remark_beside_all_that_is_known_is_read_over(write):
    text = "supplier_id,item_id,share,share_scope,share_note,remark\nS1,RESIN,1,global,x,y\n"
    assert read_folder(write(supplies_csv=text))[1] == []


def test_firms_and_countries_and_the_two_markets_are_never_added(write):
    suppliers = "supplier_id,kind,country\nS1,,JPN\njpn,country_aggregate,JPN\n"
    header = "supplier_id,item_id,share,share_scope"
    rows = f"{header}\nS1,RESIN,0.9,global\nS1,RESIN,0.8,domestic\njpn,RESIN,0.9,global\n"
    assert check(write(suppliers_csv=suppliers, supplies_csv=rows)) == []


def test_only_the_latest_year_of_a_supplier_counts(write):
    rows = "supplier_id,item_id,share,year\nS1,RESIN,0.7,2023\nS1,RESIN,0.6,2024\nS2,RESIN,0.4,2024\n"
    assert check(write(supplies_csv=rows)) == []


@pytest.mark.parametrize(("share", "severity"), [("0.41", "warning"), ("0.5", "error")])
def test_shares_of_one_buyers_list_must_fit_into_its_need(write, share, severity):
    rows = f"buyer_id,item_id,supplier_id,share\nS2,RESIN,S1,0.6\nS2,RESIN,S2,{share}\n"
    places = ["mini/purchases.csv row 2", "mini/purchases.csv row 3"]
    assert check(write(purchases_csv=rows)) == [(severity, "shares-above-1", places)]


def test_a_list_that_is_and_is_not_complete_is_an_error(write):
    rows = "buyer_id,item_id,supplier_id,list_complete\nS2,RESIN,S1,true\nS2,RESIN,S2,false\n"
    places = ["mini/purchases.csv row 2", "mini/purchases.csv row 3"]
    assert check(write(purchases_csv=rows)) == [("error", "list-disagrees", places)]


def test_stock_days_of_one_list_may_differ(write):
    rows = "buyer_id,item_id,supplier_id,stock_days\nS2,RESIN,S1,20\nS2,RESIN,S2,30\n"
    assert check(write(purchases_csv=rows)) == []


def test_spare_above_the_whole_demand_is_a_warning(write):
    rows = "supplier_id,item_id,spare\nS1,RESIN,20\n"
    assert check(write(supplies_csv=rows)) == [("warning", "spare-above-1", ["mini/supplies.csv row 2"])]


def test_two_chains_that_disagree_on_a_row_are_an_error_that_names_both(write):
    one = write("one")
    two = write("two", items_csv="item_id,kind,weight\nRESIN,component,\nCHIP,product,1\n")
    assert check(one, two) == [("error", "rows-disagree", ["two/items.csv row 2", "one/items.csv row 2"])]


def test_two_chains_may_describe_one_item_in_other_words(write):
    head = "item_id,kind,weight,description\n"
    one = write("one", items_csv=head + "RESIN,material,,made of oil\nCHIP,product,1,\n")
    two = write("two", items_csv=head + "RESIN,material,,a polymer\nCHIP,product,1,\n")
    assert check(one, two) == []


def test_a_source_that_is_not_listed_is_a_warning(write):
    rows = "supplier_id,item_id,source_id\nS1,RESIN,paper\n"
    path = write(supplies_csv=rows, sources_csv="source_id,title\nbook,A book\n")
    assert check(path) == [("warning", "unknown-source", ["mini/supplies.csv row 2"])]


def test_a_folder_without_sources_is_not_asked_for_them(write):
    assert check(write(supplies_csv="supplier_id,item_id,source_id\nS1,RESIN,paper\n")) == []


def test_a_share_that_rests_on_general_knowledge_is_a_warning(write):
    rows = "supplier_id,item_id,share,source_id\nS1,RESIN,0.5,public-knowledge\nS2,RESIN,,public-knowledge\n"
    assert check(write(supplies_csv=rows)) == [
        ("warning", "share-without-source", ["mini/supplies.csv row 2"])
    ]


def test_a_share_without_a_year_is_a_warning_where_other_rows_have_one(write):
    rows = "supplier_id,item_id,share,year\nS1,RESIN,0.5,2024\nS2,RESIN,0.4,\n"
    assert check(write(supplies_csv=rows)) == [("warning", "share-without-year", ["mini/supplies.csv row 3"])]


def test_every_rule_is_in_the_list_by_its_own_name():
    assert len({rule.__name__ for rule in CHECKS}) == len(CHECKS)
    assert all(rule.__name__.startswith("check_") for rule in CHECKS)


def test_one_folder_is_checked_like_a_list_of_one(write):
    folder, _ = read_folder(write(supplies_csv="supplier_id,item_id\nS9,RESIN\n"))
    assert check_folder(folder) == check_folders([folder]) != []


def test_a_folder_of_chain_folders_is_checked_together(write, tmp_path):
    write("pair/one")
    write("pair/two", items_csv="item_id,kind,weight\nRESIN,component,\nCHIP,product,1\n")
    assert [p.code for p in check_dir(tmp_path / "pair")] == ["rows-disagree"]


def test_a_single_chain_folder_with_an_unreadable_row_is_reported(write):
    path = write(supplies_csv="supplier_id,item_id,share\nS1,RESIN,60%\n")
    assert seen(check_dir(path)) == [("error", "bad-cell", ["mini/supplies.csv row 2"])]


def test_a_folder_without_a_chain_is_an_error(tmp_path):
    assert [(p.severity, p.code) for p in check_dir(tmp_path)] == [("error", "no-chain")]


def test_a_data_folder_needs_a_register(write, tmp_path):
    write("chains/mini")
    codes = [(p.code, str(p.places[0])) for p in check_all(tmp_path)]
    assert ("missing-file", "bottlenecks.csv") in codes
    assert ("register-size", "bottlenecks.csv") in codes
    assert check_dir(tmp_path) == check_all(tmp_path)
