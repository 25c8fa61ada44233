"""巡诊清单 as a page, and the panel of verdicts and band of a node, over the example with one blank."""

from chains.model import Scope
from desk.bands import compute_chain_bands
from desk.visits import plan_visits
from settings import load_settings


def open_visits(app, **link):
    app.query_params.update({"chain": "blank", **link})
    page = app.switch_page("views/visits.py").run()
    assert not page.exception, page.exception
    return page


def open_node(app, scope, key):
    app.query_params.update({"chain": "blank", "scope": scope, "key": key})
    page = app.switch_page("views/node.py").run()
    assert not page.exception, page.exception
    return page


def words(app):
    return " ".join(block.value for block in (*app.markdown, *app.subheader, *app.caption))


def test_visits_wait_for_a_click_and_then_say_what_they_come_to(shown_app):
    page = open_visits(shown_app)
    if page.button:
        assert [button.label for button in page.button][-1].endswith("计算巡诊清单")
    plan_visits(load_settings(), "blank")
    page = open_visits(shown_app)
    assert "问这 1 家企业 1 个问题，待核实的 1 条判断中有 1 条可以定下。" in words(page)
    assert [tab.label for tab in page.tabs][:4] == [
        "走访哪几家",
        "逐家的问题",
        "能定下的判断 1",
        "点值已过线 1",
    ]
    assert list(page.dataframe[0].value["firm"]) == ["Only Named"]
    assert "- 贵公司的密封胶占全球市场的多少" in words(page)


def test_a_node_shows_its_verdict_at_each_line_and_offers_the_band(shown_app):
    page = open_node(shown_app, "supplier", "S1")
    lines = next(table.value for table in page.dataframe if "red" in table.value.columns)
    assert list(lines["red"]) == ["10.0%：待核实", "50.0%：待核实"]
    compute_chain_bands(load_settings(), "blank", node=(Scope.SUPPLIER, "S1"), draws=20)
    page = open_node(shown_app, "supplier", "S1")
    band = next(table.value for table in page.dataframe if "q05" in table.value.columns)
    assert len(band) == 4
    assert "随机填 20 次" in words(page)


def test_an_item_has_no_band_because_no_unknown_share_stops_with_it(shown_app):
    page = open_node(shown_app, "item", "SEALANT")
    assert "没有波动带" in words(page)
