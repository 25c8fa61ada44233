"""The page of backups, and what the pages of items and buyers say about them."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.views.conftest import ROOT, command

GOLDEN = ROOT / "tests" / "golden" / "chains"


@pytest.fixture(scope="module")
def backup_home(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("backups")
    command(folder, "init", "--empty")
    command(folder, "import-chain", GOLDEN / "fakebackup")
    command(folder, "recompute", "--perspective", "world")
    return folder


@pytest.fixture
def backup_app(backup_home, monkeypatch):
    """The pages over the worked example of a fake backup."""
    monkeypatch.setenv("LIANWEN_HOME", str(backup_home))
    st.cache_data.clear()
    st.cache_resource.clear()
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    st.cache_data.clear()
    st.cache_resource.clear()


def open_page(at, page, **link):
    at.query_params.update(link)
    return at.switch_page(f"views/{page}.py").run()


def texts(at):
    return [element.value for element in at.markdown]


def frame_with(at, column):
    return next(table.value for table in at.dataframe if column in table.value.columns)


def test_the_page_tells_what_the_fake_backup_hides(backup_app):
    at = open_page(backup_app, "depth")
    assert not at.exception
    assert any("南京晶圆 · 光刻胶" in text and "日本" in text and "树脂" in text for text in texts(at))
    # The slot of the fab, and the market of resist itself.
    assert at.metric[0].value == "2"


def test_each_item_has_a_depth_by_four_levels_and_an_index(backup_app):
    rows = frame_with(open_page(backup_app, "depth"), "hhi").set_index("name")
    assert list(rows.loc["光刻胶", ["firm", "parent", "city", "country"]]) == ["2", "2", "待核实", "1"]
    assert rows.loc["光刻胶", "hhi"] == "0.58"
    assert rows.loc["光刻胶", "verdict_name"] == "高于线"


def test_inputs_of_buyers_are_listed_with_their_buyer(backup_app):
    rows = frame_with(open_page(backup_app, "depth", dkind="slot"), "hhi")
    assert sorted(rows["buyer"]) == ["南京晶圆", "苏州胶业"]


def test_a_filter_that_keeps_nothing_is_a_sentence(backup_app):
    at = open_page(backup_app, "depth", dfake="own?")
    assert not at.exception
    assert any("没有条目" in info.value for info in at.info)


def test_the_page_of_an_item_shows_its_depth_its_fake_backup_and_its_concentration(backup_app):
    at = open_page(backup_app, "node", scope="item", key="RESIST")
    assert not at.exception
    shown = {metric.label: metric.value for metric in at.metric}
    assert (shown["企业"], shown["国家/地区"]) == ("2", "1")
    assert any("假备份" in text and "RES" not in text for text in texts(at))
    assert "圈层" in set(frame_with(at, "by")["by"])


def test_the_page_of_a_buyer_shows_its_inputs(backup_app):
    at = open_page(backup_app, "node", scope="supplier", key="B1")
    assert not at.exception
    rows = frame_with(at, "hhi")
    assert list(rows["name"]) == ["光刻胶"]
    assert rows.loc[0, "fake"] == "假备份"


def test_the_overview_tells_certain_fake_backups(backup_app):
    at = open_page(backup_app, "overview")
    assert not at.exception
    assert any("南京晶圆 · 光刻胶" in text for text in texts(at))


def test_the_method_page_gives_the_lines_in_use(backup_app):
    at = open_page(backup_app, "methods")
    assert not at.exception
    assert any("低端超过 0.4 为高于线" in text for text in texts(at))
