"""The page of alerts: a firm that became the only source, seen, filtered and acknowledged."""

import pytest
import streamlit as st

from desk.alerts import acknowledge, list_alerts
from desk.officer import read_officer
from settings import Settings
from tests.views.conftest import command, open_app

FILES = {
    "items.csv": "item_id,name_en,name_zh,kind,weight\nGLUE,Glue,胶,material,\nPANEL,Panel,面板,product,1\n",
    "links.csv": "input_item_id,output_item_id,relation\nGLUE,PANEL,input_of\n",
    "suppliers.csv": "supplier_id,name_en,name_zh,kind,country\nACME,Acme,顶点公司,enterprise,DEU\n",
}


def write_chain(folder, share):
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    supplies = f"supplier_id,item_id,share,year\nACME,GLUE,{share},2021\n"
    (folder / "supplies.csv").write_text(supplies, encoding="utf-8")


def score(home, folder, share):
    write_chain(folder, share)
    command(home, "import-chain", folder)
    command(home, "recompute", "--perspective", "world")


@pytest.fixture
def baseline_app(home, tmp_path):
    """The pages over a chain that was computed once."""
    command(home, "init", "--empty")
    score(home, tmp_path / "mini", "0.02")
    yield open_app().run().switch_page("views/inbox.py").run()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def alerted_app(baseline_app, home, tmp_path):
    """The same after a list made one firm the only source."""
    score(home, tmp_path / "mini", "1.0")
    return baseline_app.run()


def said(at):
    elements = [*at.markdown, *at.caption, *at.subheader, *at.info, *at.error]
    return "\n".join(str(element.value) for element in elements)


def inputs_of(at):
    return {box.label: box for box in [*at.text_input, *at.text_area] if box.label != "搜索节点"}


def press(at, label):
    (button,) = (one for one in at.button if one.label == label)
    return button.click().run()


def sign(at, name="王工", unit="工信局"):
    inputs_of(at)["姓名"].set_value(name)
    inputs_of(at)["单位"].set_value(unit)
    return press(at, "确定")


def list_of(at):
    return at.dataframe[0].value


def test_before_anything_changed_the_page_says_so_and_shows_the_first_check_up(baseline_app):
    assert not baseline_app.exception
    assert "还没有预警" in said(baseline_app)
    assert [header.value for header in baseline_app.subheader] == ["首次体检"]
    assert baseline_app.dataframe[0].value["counts"].tolist() == [
        "境外对我 红 0、橙 0；境内集中 红 0、橙 0；结构性单点 0"
    ]


def test_an_alert_shows_what_changed_with_numbers_waterfall_and_origin(alerted_app):
    at = alerted_app
    assert not at.exception
    assert not at.error
    frame = list_of(at)
    assert frame["rule"].tolist() == ["新增关键节点", "新增关键节点", "新增结构性单点", "新增结构性单点"]
    chosen = frame.iloc[0]
    assert f"#2 {chosen['rule']}" in said(at)
    assert "比较的运行：#1 → #2" in said(at)
    assert "两次运行之间的上传：无" in said(at)
    assert "数据年份：2021 年" in said(at)
    assert chosen["change"].startswith("无 → 红")
    assert "等级由无升为红" in said(at)
    numbers = at.dataframe[1].value.set_index("what")
    assert numbers.loc["断供冲击(存量运行)"].tolist() == ["2.0%", "100.0%"]
    assert [one for one in at.main if one.type == "echarts_chart"] or at.get("echarts_chart")


@pytest.mark.parametrize(
    ("link", "count"),
    [({"alertrule": "newly_critical"}, 2), ({"alertlevel": "red"}, 4), ({"alertchain": "mini"}, 4)],
)
def test_alerts_are_filtered_by_rule_level_and_chain(alerted_app, link, count):
    alerted_app.query_params.update(link)
    at = alerted_app.run()
    assert len(list_of(at)) == count


def test_a_filter_without_alerts_says_so(alerted_app):
    alerted_app.query_params["alertstate"] = "closed"
    assert "这样筛选时没有预警" in said(alerted_app.run())


def test_an_officer_is_asked_once_and_signs_the_acknowledgement(alerted_app, home):
    at = sign(alerted_app)
    assert "经办人：王工(工信局)" in said(at)
    inputs_of(at)["备注"].set_value("已联系企业")
    at = press(at, "知悉")
    assert not at.exception
    assert len(list_of(at)) == 3
    views = list_alerts(Settings(home=home))
    (event,) = (view.acknowledged for view in views if view.acknowledged)
    assert (event.by_name, event.by_unit, event.note) == ("王工", "工信局", "已联系企业")
    assert "姓名" not in inputs_of(at)


def test_a_blank_name_is_asked_for_again(alerted_app):
    at = sign(alerted_app, name=" ")
    (error,) = at.error
    assert "姓名" in error.value


def test_an_alert_that_another_officer_has_acknowledged_meanwhile_keeps_the_first_note(alerted_app, home):
    at = sign(alerted_app)
    settings = Settings(home=home)
    inputs_of(at)["备注"].set_value("第二个")

    def overtake(alert, **signed):
        acknowledge(
            settings,
            alert.alert_id,
            version=alert.version,
            officer=read_officer("李工", "发改委"),
            note="第一个",
        )
        acknowledge(settings, alert.alert_id, version=alert.version, **signed)

    import views.inbox_queries as asked

    kept = asked.acknowledge
    asked.acknowledge = overtake
    try:
        at = press(at, "知悉")
    finally:
        asked.acknowledge = kept
    (error,) = at.error
    assert "备注没有保存" in error.value
    (view,) = (view for view in list_alerts(settings) if view.acknowledged)
    assert [event.note for event in view.events] == [None, "第一个"]


def test_the_page_speaks_english(alerted_app):
    alerted_app.query_params["lang"] = "en"
    at = alerted_app.run()
    assert not at.exception
    assert at.header[0].value == "Alerts"
    assert "Newly critical" in list_of(at)["rule"].tolist()
