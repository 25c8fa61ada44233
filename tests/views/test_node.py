"""The page of a node over the worked examples: why, how sure, from where."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from chains.model import Scope
from cli import app as commands
from desk.neighbours import GraphNode
from desk.waterfall import Waterfall
from views.charts_graph import place_neighbours
from views.charts_node import waterfall_steps
from views.components.columns import Column
from views.linked_table import spell_missing

ROOT = Path(__file__).resolve().parents[2]
BAD = ("None", "nan", "NaT", "Traceback")


def open_node(at, chain="textbook", **link):
    at.query_params.update({"chain": chain, **link})
    return at.switch_page("views/node.py").run()


def words_of(at):
    parts = [
        one.value for kind in ("markdown", "caption", "info", "warning", "subheader") for one in at.get(kind)
    ]
    return "\n".join([*parts, *(one.proto.body for one in at.get("html"))])


def columns_of(at):
    return [list(table.value.columns) for table in at.dataframe]


@pytest.mark.parametrize(
    ("scope", "key", "name"),
    [
        ("supplier", "N1", "Dutch Scanner"),
        ("parent", "JGROUP", "JGROUP"),
        ("country", "JPN", "日本"),
        ("city", "Wuxi", "无锡"),
        ("item", "RESIST", "KrF光刻胶"),
    ],
)
def test_every_scope_has_a_page_with_its_name_and_its_sources(shown_app, scope, key, name):
    at = open_node(shown_app, scope=scope, key=key)
    assert not at.exception
    assert not at.error
    assert at.subheader[0].value == name
    assert any("place" in columns for columns in columns_of(at))
    assert not [word for word in BAD if word in words_of(at)]


def test_exposure_is_always_shown_as_the_pair_run_and_build(shown_app):
    words = words_of(open_node(shown_app, scope="supplier", key="N1"))
    assert "断供冲击 · 存量运行" in words
    assert "断供冲击 · 新建扩产" in words


def test_the_page_says_which_mode_decides_and_which_line_is_passed(shown_app):
    words = words_of(open_node(shown_app, scope="supplier", key="N1"))
    assert "新建扩产口径定级" in words
    assert "超过红线 50.0%" in words


def test_a_firm_that_leaves_a_slot_below_a_fifth_of_its_need_is_called_structural(shown_app):
    words = words_of(open_node(shown_app, scope="parent", key="JGROUP"))
    assert "结构性单点" in words
    assert "“KrF光刻胶”只剩所需的 10.0%" in words


def test_what_is_unknown_is_named_when_the_data_cannot_tell(shown_app):
    words = words_of(open_node(shown_app, chain="blank", scope="supplier", key="S1"))
    assert "待核实" in words
    assert "密封胶" in words


def test_every_source_names_its_file_and_row(shown_app):
    at = open_node(shown_app, scope="item", key="RESIST")
    sources = next(table.value for table in at.dataframe if "place" in table.value.columns)
    assert all("supplies.csv" in place for place in sources["place"])
    assert list(sources["name"]) == ["Tokyo Resist", "Osaka Resist", "苏州胶业"]


def test_an_item_shows_its_slots_and_who_needs_it(shown_app):
    at = open_node(shown_app, scope="item", key="WAFERFAB")
    headers = [header.value for header in at.subheader]
    assert "它需要什么" in headers
    assert "谁需要它" in headers
    needs = next(table.value for table in at.dataframe if {"largest", "name"} <= set(table.value.columns))
    assert set(needs["name"]) == {"KrF光刻胶", "KrF光刻机", "氖气"}


def test_one_run_gives_a_sentence_instead_of_a_line_with_one_point(shown_app):
    assert "只有一次运行" in words_of(open_node(shown_app, scope="supplier", key="N1"))


def test_a_link_without_a_node_offers_a_list_to_choose_from(shown_app):
    at = open_node(shown_app)
    assert not at.exception
    assert len(at.dataframe[0].value) == 11


def test_an_unknown_key_is_a_sentence_and_a_list(shown_app):
    at = open_node(shown_app, scope="supplier", key="nobody")
    assert "没有这个节点" in at.warning[0].value
    assert len(at.dataframe) == 1


def test_the_chooser_finds_by_pinyin_initials(shown_app):
    at = open_node(shown_app)
    at.text_input(key="node_words").set_value("wxqt").run()
    assert list(at.dataframe[0].value["name"]) == ["无锡气体"]


def test_the_page_speaks_english(shown_app):
    at = open_node(shown_app, scope="country", key="JPN", lang="en")
    assert not at.exception
    assert at.subheader[0].value == "Japan"
    assert "Exposure" in words_of(at)


def write_country_chain(folder):
    folder.mkdir()
    (folder / "chain.toml").write_text('name_zh = "国别"\nname_en = "By country"\n', encoding="utf-8")
    tables = {
        "items": "item_id,name_en,name_zh,kind,weight\nIP,Core IP,核心IP,software,\n"
        "CHIP,Chip,芯片,product,1\n",
        "links": "input_item_id,output_item_id,relation,essential,weight,group\nIP,CHIP,input_of,true,,\n",
        "suppliers": "supplier_id,name_en,name_zh,kind,country\nARM,Arm,安谋,enterprise,GBR\n"
        "CC-GBR,UK makers,英国合计,country_aggregate,GBR\n",
        "supplies": "supplier_id,item_id,share,share_scope,year,source_id\nARM,IP,,global,2019,s\n"
        "CC-GBR,IP,0.9,global,2019,s\n",
        "sources": "source_id,title,publisher,year,url,licence,accessed\ns,A report,A house,2019,,,\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")


@pytest.fixture
def country_app(home, tmp_path):
    """The pages over a chain whose only firm is resolved by its country."""
    folder = tmp_path / "bycountry"
    write_country_chain(folder)
    for words in (
        ["init", "--empty"],
        ["import-chain", str(folder)],
        ["recompute", "--perspective", "world"],
    ):
        result = CliRunner().invoke(commands, words, env={"LIANWEN_HOME": str(home)})
        assert result.exit_code == 0, result.output
    st.cache_data.clear()
    st.cache_resource.clear()
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    st.cache_data.clear()
    st.cache_resource.clear()


def test_a_firm_known_only_by_its_country_gets_a_sentence_and_no_zero(country_app):
    at = open_node(country_app, chain="bycountry", scope="supplier", key="ARM")
    assert not at.exception
    assert not at.error
    assert "没有分数，不等于安全" in at.info[0].value
    assert "0.0%" not in words_of(at).replace("10.0%", "")
    assert [header.value for header in at.subheader][:2] == ["安谋", "供给什么，还有谁供给"]


def test_the_waterfall_adds_up_and_a_deepening_loss_is_called_wear():
    option = waterfall_steps(Waterfall(0.0, 0.0, -0.02, 0.02), Waterfall(0.0, 0.0, -0.02, 0.02))
    assert option["xAxis"]["data"][2] == "存量磨损"
    tops = [cell["value"] for cell in option["series"][1]["data"]]
    assert tops == [0.0, 0.0, 2.0, 2.0]
    json.dumps(option)


def test_the_point_value_gets_bars_of_its_own_only_where_it_differs():
    low, point = Waterfall(0.0, 0.0, 0.0, 0.0), Waterfall(0.2, 0.1, 0.0, 0.1)
    assert len(waterfall_steps(low, low)["series"]) == 2
    assert len(waterfall_steps(low, point)["series"]) == 4


def test_a_long_layer_takes_several_columns_and_the_rest_is_left_to_the_table():
    nodes = [GraphNode(f"supplier:{n}", "supplier", str(n), str(n), str(n), layer=1) for n in range(200)]
    placed, left_out = place_neighbours(nodes)
    assert len(placed) + len(left_out) == 200
    assert len({(one.column, one.row) for one in placed}) == len(placed)
    assert left_out


def test_what_flows_downstream_stands_to_the_right():
    nodes = [GraphNode(f"item:{n}", "item", str(n), str(n), str(n), layer=n) for n in (4, 0, 2, 3)]
    placed, _ = place_neighbours(nodes)
    assert [one.node.layer for one in sorted(placed, key=lambda one: one.column)] == [0, 2, 3, 4]


def test_a_missing_cell_is_written_as_unknown_or_not_applicable():
    frame = pd.DataFrame({"share": [0.5, None], "days": [1.0, None]})
    columns = [Column("share", "share", "percent"), Column("days", "days", "days", missing="—")]
    styler: Any = spell_missing(frame, columns)  # pandas-stubs do not know its data
    shown = styler.data
    assert list(shown["share"]) == ["50.0%", "未知"]
    assert list(shown["days"]) == ["1 天", "—"]


def test_scopes_of_the_page_are_those_of_the_model():
    assert {scope.value for scope in Scope} >= {"supplier", "parent", "country", "province", "city", "item"}
