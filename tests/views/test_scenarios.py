"""The page of scenarios: from a preset to its answer, own shocks, kept scenarios, side by side."""

import pytest
import streamlit as st

from tests.views.conftest import ROOT, command, open_app


def said(at):
    elements = [*at.markdown, *at.caption, *at.subheader, *at.info, *at.error, *at.title]
    return "\n".join(str(element.value) for element in elements)


def press(at, label):
    (button,) = (one for one in at.button if one.label == label)
    return button.click().run()


def choose(at, label, value):
    (box,) = (one for one in at.selectbox if one.label == label)
    return box.set_value(value).run()


@pytest.fixture
def page(home):
    """The page of scenarios over a worked example that was never scored."""
    command(home, "init", "--empty")
    command(home, "import-chain", ROOT / "tests" / "golden" / "chains" / "fabs")
    yield open_app().run().switch_page("views/scenarios.py").run()
    st.cache_data.clear()
    st.cache_resource.clear()


def own(page):
    page.query_params["whatiffrom"] = "own"
    return page.run()


def simulated(page, key="DEU"):
    page = choose(own(page), "谁停供", key)
    return press(page, "推演")


def test_without_a_chosen_scenario_the_page_says_what_to_do(page):
    assert not page.exception
    assert "选一个情景，结果显示在这里" in said(page)


def test_presets_of_a_chain_that_is_not_loaded_cannot_be_pressed(page):
    (button,) = (one for one in page.button if one.label == "日本光刻胶停供")
    assert button.disabled
    assert "产业链 ic 未装入" in said(page)


def test_own_shocks_give_losses_plants_and_who_takes_over(page):
    at = simulated(page)
    assert not at.exception
    text = said(at)
    assert "DEU" not in at.subheader[0].value
    assert "全部停供，第 0 天起直到期末" in text
    assert "40.0%" in text  # the residual of the worked example
    assert "第 77 天" in text
    assert "`lianwen simulate --chain fabs --shock country:DEU`" in text
    assert any("恢复日" in frame.value.columns or "back" in frame.value.columns for frame in at.dataframe)


def test_a_scenario_is_kept_with_its_officer_run_again_and_removed(page):
    at = simulated(page)
    inputs = {box.label: box for box in at.text_input}
    inputs["姓名"].set_value("王工")
    inputs["单位"].set_value("工信局")
    at = press(at, "确定")
    {box.label: box for box in at.text_input}["名称"].set_value("德国停供")
    at = press(at, "保存")
    at.query_params["whatiffrom"] = "kept"
    at = at.run()
    assert "德国停供" in at.dataframe[0].value["name"].tolist()
    at = press(at, "重新推演")
    assert "结果相同" in said(at)
    (sure,) = (box for box in at.checkbox if box.label == "确认删除")
    at = press(sure.check().run(), "删除")
    assert "还没有保存的情景" in said(at)


def test_two_scenarios_stand_side_by_side(page, home):
    command(home, "simulate", "--chain", "fabs", "--shock", "country:JPN", "--save", "日本")
    at = choose(simulated(page), "另一个情景", "日本")
    assert not at.exception
    (pair,) = (
        frame.value for frame in at.dataframe if "second" in frame.value.columns and "what" in frame.value
    )
    figures = dict(zip(pair["what"], zip(pair["first"], pair["second"], strict=True), strict=True))
    assert figures["净损失(平均)"] == ("40.0%", "16.4%")


def test_two_groups_are_merged(page):
    at = own(page)
    at.query_params["whatif"] = "merge"
    at = at.run()
    at = choose(at, "哪个集团被并入", "M1")
    at = press(choose(at, "并入哪个集团", "B1"), "推演")
    assert not at.exception
    assert "合并后一起停下" in said(at)


def test_without_a_database_the_page_says_what_to_do(empty_app):
    at = empty_app.run().switch_page("views/scenarios.py").run()
    assert not at.exception
    assert "lianwen init" in said(at) + "\n".join(str(one.value) for one in at.warning)


def test_a_link_opens_the_answer_of_its_shocks(page):
    page.query_params["shock"] = "country:DEU:1:10:110"
    at = page.run()
    assert not at.exception
    assert "全部停供，第 10 天起 110 天" in said(at)


def test_a_link_that_means_nothing_says_so(page):
    page.query_params["shock"] = "country:DEU:7"
    assert "强度 7 不在 (0, 1] 之内" in said(page.run())
