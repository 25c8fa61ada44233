"""The page of firm networks: offered, computed with a click, every view, search, one failure, English."""

import re

import pytest
import streamlit as st

from desk.firm_networks import compute_network, load_example_network
from settings import Settings
from tests.views.conftest import command, open_app


@pytest.fixture(scope="module")
def example_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firm-pages")
    command(folder, "init", "--empty")
    command(folder, "example", "load")
    command(folder, "recompute", "--chain", "demo", "--perspective", "world")
    load_example_network(Settings(home=folder))
    return folder


@pytest.fixture
def page(example_home, monkeypatch):
    """Open the page over the synthetic network, with link parameters."""
    monkeypatch.setenv("LIANWEN_HOME", str(example_home))

    def open_page(file="firms", **link):
        at = open_app()
        for name, value in link.items():
            at.query_params[name] = value
        at.run()
        return at.switch_page(f"views/{file}.py").run()

    yield open_page
    st.cache_data.clear()
    st.cache_resource.clear()


def said(at):
    elements = [*at.markdown, *at.caption, *at.subheader, *at.info, *at.error, *at.warning]
    return "\n".join(str(element.value) for element in elements)


def test_without_a_network_the_page_offers_the_example_and_says_how_to_bring_one_in(shown_app):
    at = shown_app.switch_page("views/firms.py").run()
    assert not at.exception
    assert "还没有企业网络" in said(at)
    assert any(button.label == "装入合成示例企业网络并计算" for button in at.button)
    assert "lianwen firms import" in at.code[0].value


def test_a_click_loads_and_computes_the_example(home):
    command(home, "init", "--empty")
    command(home, "example", "load")
    at = open_app().run().switch_page("views/firms.py").run()
    (button,) = (one for one in at.button if one.label == "装入合成示例企业网络并计算")
    at = button.click().run()
    assert not at.exception
    shown = "".join(re.sub(r"<[^>]+>", "|", one.proto.body) for one in at.get("html"))
    for cell in ("|320|", "|43.7%|", "|7 家|", "|12 家|"):
        assert cell in re.sub(r"\|+", "|", shown)


def test_age_run_and_parameters_stand_above_every_view(page):
    for view in ("curve", "places", "size", "table", "stop", "alerts"):
        at = page(firmview=view)
        assert not at.exception
        assert not at.error
        text = said(at)
        assert "合成示例企业网络" in text
        assert "eps 0.01，最多 18 轮" in text
        assert "不是概率" in text


def test_the_table_finds_firms_by_sector_and_city(page):
    at = page(firmview="table")
    (box,) = (one for one in at.text_input if one.label == "找企业")
    at = box.set_value("轴承 苏州").run()
    shown = at.dataframe[0].value
    assert set(shown["sector"]) == {"轴承"}
    assert set(shown["city_name"]) == {"苏州"}
    at = box.set_value("没有这样的").run()
    assert "没有符合" in said(at)


def test_a_failure_tells_its_index_and_whom_it_reaches(page):
    at = page(firmview="stop", firm="demo-fab-nanjing")
    text = said(at)
    assert "**合成示例·南京晶圆厂** 停下：全网销售停掉 **11.7%**" in text
    assert "第 10 位" in text
    affected = at.dataframe[-1].value
    assert affected["label"].iloc[0].startswith("合成示例·")


def test_a_firm_that_is_in_a_chain_shows_its_index_on_its_node_page(page):
    at = page("node", chain="demo", scope="supplier", key="demo-fab-nanjing")
    assert not at.exception
    text = said(at)
    assert "企业网络指数" in text
    assert "指数 **11.7%**，320 家中第 10 位，**系统性企业**" in text
    other = page("node", chain="demo", scope="supplier", key="demo-resist-japan-a")
    assert "企业网络指数" not in said(other)


def test_the_page_speaks_english(page):
    at = page(firmview="stop")
    at.query_params["lang"] = "en"
    at = at.run()
    text = said(at)
    assert "not a probability" in text
    assert "of the network's sales stop" in text


def test_alerts_stand_on_the_page_and_are_pointed_to_from_the_inbox(home, tmp_path):
    command(home, "init", "--empty")
    command(home, "example", "load")
    settings = Settings(home=home)
    bring(home, tmp_path, "A,B,10\nB,C,1\nC,D,500\nD,E,500\n")
    compute_network(settings, "net")
    at = open_app()
    at.query_params["firmview"] = "alerts"
    at = at.run().switch_page("views/firms.py").run()
    assert "首次体检" in said(at)
    bring(home, tmp_path, "A,B,1000\nB,C,1000\nC,D,500\nD,E,500\n")
    compute_network(settings, "net")
    at = at.run()
    assert not at.exception
    assert set(at.dataframe[0].value["firm"]) == {"A", "B"}
    inbox = open_app().run().switch_page("views/inbox.py").run()
    assert not inbox.exception
    st.cache_data.clear()
    st.cache_resource.clear()


def bring(home, folder, edges):
    (folder / "edges.csv").write_text("supplier,buyer,weight\n" + edges, encoding="utf-8")
    (folder / "firms.csv").write_text("id,sector\nA,s\nB,s\nC,s\nD,s\nE,s\n", encoding="utf-8")
    (folder / "essential.csv").write_text("sector,s\ns,1\n", encoding="utf-8")
    names = [
        word for name in ("edges", "firms", "essential") for word in (f"--{name}", folder / f"{name}.csv")
    ]
    command(home, "firms", "import", "--network", "net", *names)
