"""Pages seen from home: the switch, the sentence, three lists led by sources, cuts on the scenario page."""

import pandas as pd
import polars as pl
import pytest

from chains.model import Mode
from desk.rows import deciding_columns, rank_in_mode
from tests.views.conftest import ROOT, command, open_app
from views.charts_ranges import range_bars
from views.source_lists import list_sources, rank_by_ends

HOME_CHAIN = {
    "items.csv": "item_id,name_en,name_zh,kind,weight,home_use,suppliers_complete,cover_days\n"
    "GLUE,Glue,胶水,material,,0.5,true,0\nTAPE,Tape,胶带,material,,,true,0\nPANEL,Panel,面板,product,1,0.5,true,0\n",
    "links.csv": "input_item_id,output_item_id,relation\nGLUE,PANEL,input_of\nTAPE,PANEL,input_of\n",
    "suppliers.csv": "supplier_id,name_en,kind,country,province\nACME,Acme,enterprise,DEU,\n"
    "TAPER,Taper,enterprise,JPN,\nPLANT,Plant,enterprise,CHN,江苏\nFAR,Far,enterprise,KOR,\n",
    "supplies.csv": "supplier_id,item_id,share,spare,unit_weight\nACME,GLUE,1,0,\nTAPER,TAPE,1,0,\n"
    "PLANT,PANEL,0.5,0,3\nFAR,PANEL,0.5,0,\n",
}


@pytest.fixture(scope="session")
def both_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("both")
    chain = folder / "mini"
    chain.mkdir()
    for name, text in HOME_CHAIN.items():
        (chain / name).write_text(text, encoding="utf-8")
    command(folder, "init", "--empty")
    command(folder, "import-chain", chain)
    command(folder, "import-chain", ROOT / "tests" / "golden" / "chains" / "textbook")
    command(folder, "recompute", "--chain", "mini")
    command(folder, "recompute", "--chain", "textbook", "--perspective", "world")
    return folder


@pytest.fixture
def app(both_home, monkeypatch):
    monkeypatch.setenv("LIANWEN_HOME", str(both_home))
    return open_app()


def opened(app, page, **link):
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    at = app.switch_page(f"views/{page}.py").run()
    assert not at.exception
    assert not at.error
    return at


def said(at):
    return "\n".join(str(one.value) for one in (*at.caption, *at.markdown, *at.info))


def test_pages_are_seen_from_home_and_say_so(app):
    at = opened(app, "overview", chain="mini")
    assert "**本土视角**：境外节点按**断供**计" in said(at)
    assert "本土视角" in at.caption[0].value
    assert {"境外对我", "境内集中", "我对境外"} <= {tab.label for tab in at.tabs}


def test_the_switch_shows_the_world_again(app):
    at = opened(app, "overview", chain="mini", view="world")
    assert "**全球视角**：节点按**停产**计" in said(at)
    assert "我对境外" not in {tab.label for tab in at.tabs}


def test_a_chain_without_a_run_from_home_shows_the_world_and_says_why(app):
    at = opened(app, "overview", chain="textbook")
    assert "还没有本土视角的运行" in said(at)
    assert "**全球视角**" in said(at)


def test_an_unknown_share_of_home_is_named_and_never_hidden(app):
    at = opened(app, "overview", chain="mini")
    assert "其中 1 个的**境内用量占比未知**(点值按它所进入环节的境内份额推算，没有时按 35.0%)" in said(at)


def test_the_page_of_a_source_speaks_of_its_cut(app):
    at = opened(app, "node", chain="mini", scope="source", key="DEU/GLUE")
    assert "德国 · 胶水" in [one.value for one in at.subheader]
    links = {link.label: link.proto for link in at.get("page_link")}
    assert "推演它断供" in links
    assert "cut=DEU" in str(links["推演它断供"])


def test_a_cut_in_the_link_is_answered_with_the_output_of_jiangsu(app):
    at = opened(app, "scenarios", chain="mini", cut="DEU>home:GLUE")
    assert "德国对境内断供胶水" in said(at)
    assert "本土视角" in said(at)
    assert "各省产能单元的平均损失，按产值加权" in said(at)


def test_every_page_opens_seen_from_home(app):
    for page in ("start", "inbox", "node", "depth", "bottlenecks", "visits", "runs", "methods"):
        opened(app, page, chain="mini")


def test_sources_are_ordered_by_the_low_end_then_the_point(app):  # noqa: ARG001 - streamlit wants a session
    frame = pd.DataFrame(
        [
            ("NLD/A", "NLD", False, 0.0, 0.9, 1.0),
            ("JPN/A", "JPN", False, 0.2, 0.3, 0.4),
            ("USA/A", "USA", False, 0.0, 0.5, 1.0),
            ("asml/A", "NLD", False, 0.5, 0.5, 0.5),
            ("CHN/A", "CHN", True, 0.6, 0.6, 0.6),
            ("DEU/A", "DEU", False, 0.0, 0.0, 0.0),
        ],
        columns=["key", "country", "home", "residual_low", "residual_point", "residual_high"],
    ).assign(scope="source")
    listed = list_sources(frame, home=False, by="country", mode=Mode.RUN)
    assert listed["key"].tolist() == ["JPN/A", "NLD/A", "USA/A"]
    groups = list_sources(frame, home=False, by="group", mode=Mode.RUN)
    assert groups["key"].tolist() == ["asml/A"]
    own = list_sources(frame, home=True, by="country", mode=Mode.RUN)
    assert own["key"].tolist() == ["CHN/A"]


@pytest.mark.parametrize("mode", Mode)
def test_pages_and_commands_order_nodes_alike(mode):
    names = deciding_columns(mode)
    rows = [(key, 0.0, point, 1.0) for key, point in zip("BACD", (0.3, 0.3, 0.9, None), strict=True)]
    frame = pd.DataFrame([("source", *row) for row in rows], columns=["scope", "key", *names])
    page = rank_by_ends(frame, mode)["key"].tolist()
    command = rank_in_mode(pl.from_pandas(frame), mode)["key"].to_list()
    assert page == command == ["C", "A", "B", "D"]


def test_a_range_is_a_full_bar_to_the_low_end_and_a_hatched_one_to_the_high_end():
    option = range_bars(pd.DataFrame({"label": ["x"], "low": [0.2], "point": [0.3], "high": [0.7]}))
    low, open_part, point = option["series"]
    assert (low["data"], open_part["data"], point["data"]) == ([20.0], [50.0], [[30.0, 0]])
    assert "decal" in open_part["itemStyle"]
