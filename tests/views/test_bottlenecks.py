"""The register is always a working catalogue, and its filters count what they keep."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from cli import app as commands

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def register_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("register")
    for words in (
        ["init", "--without", "ic", "--without", "autochip"],
        ["recompute", "--chain", "pv", "--perspective", "world"],
    ):
        result = CliRunner().invoke(commands, words, env={"LIANWEN_HOME": str(folder)})
        assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def register_app(register_home, monkeypatch):
    """The pages over the shipped register and the photovoltaic chain."""
    monkeypatch.setenv("LIANWEN_HOME", str(register_home))
    st.cache_data.clear()
    st.cache_resource.clear()
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    st.cache_data.clear()
    st.cache_resource.clear()


def open_register(at, **link):
    at.query_params.update(link)
    return at.switch_page("views/bottlenecks.py").run()


def rows_of(at):
    return next(table.value for table in at.dataframe if "bottleneck_id" in table.value.columns)


def test_the_page_is_headed_working_catalogue_and_says_that_it_is_not_the_official_list(register_app):
    at = open_register(register_app)
    assert not at.exception
    assert at.subheader[0].value == "工作目录(公开资料)"
    assert any("不是官方的 278 项清单" in text.value for text in at.markdown)
    assert len(rows_of(at)) == 278


def test_a_filter_keeps_only_its_rows_and_the_count_says_so(register_app):
    at = open_register(register_app, rchain="pv")
    kept = rows_of(at)
    assert set(kept["chain_name"]) == {"光伏"}
    assert any(f"筛选后 **{len(kept)}** 条" in text.value for text in at.markdown)


def test_rows_tied_to_a_loaded_item_show_its_level_and_others_a_dash(register_app):
    at = open_register(register_app, rloaded="tied")
    tied = rows_of(at)
    assert 0 < len(tied) < 278
    assert "—" not in set(tied["item"])
    everything = rows_of(open_register(register_app, rloaded="all"))
    assert "—" in set(everything["item"])


def test_a_choice_that_keeps_nothing_is_a_sentence(register_app):
    at = open_register(register_app, rchain="pv", rstatus="substituted")
    assert any("没有条目" in info.value for info in at.info)


def test_no_cell_shows_a_raw_key(register_app):
    shown = rows_of(open_register(register_app)).astype(str)
    raw = {
        "basic_component",
        "part_of",
        "nearest",
        "open",
        "tackling",
        "high",
        "None",
        "nan",
        "public-knowledge",
    }
    assert not raw & {cell for column in shown.columns for cell in shown[column]}


def test_taiwan_is_written_as_part_of_china(register_app):
    text = " ".join(rows_of(open_register(register_app))["foreign"].astype(str))
    assert "中国台湾" in text
    assert "Taiwan" not in text


def test_the_page_speaks_english(register_app):
    at = open_register(register_app, lang="en")
    assert at.subheader[0].value == "Working catalogue (public sources)"
    assert "note" not in rows_of(at).columns


def test_without_a_register_the_page_says_how_to_load_one(shown_app):
    at = shown_app.switch_page("views/bottlenecks.py").run()
    assert not at.exception
    assert any("还没有载入工作目录" in info.value for info in at.info)
