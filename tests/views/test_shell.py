"""What every page has in common: sidebar, stamp, language, links, empty states, errors."""

import pytest
from streamlit.testing.v1 import AppTest

from views.registry import PAGES

FILES = [entry.file for entry in PAGES]


def texts(at):
    elements = [*at.markdown, *at.caption, *at.header, *at.subheader, *at.info, *at.warning, *at.error]
    return "\n".join(str(element.value) for element in elements)


@pytest.mark.parametrize("file", FILES)
def test_every_page_opens_without_error_and_carries_the_stamp(shown_app, file):
    shown_app.switch_page(file).run()
    assert not shown_app.exception
    assert not shown_app.error
    (stamp,) = (text.value for text in shown_app.caption if text.value.startswith("程序 "))
    for part in ("数据 ", "运行 #", "推演期 180 天", "口径 存量运行", "等级按低端判定"):
        assert part in stamp


@pytest.mark.parametrize("file", FILES)
def test_no_page_shows_a_raw_nothing(shown_app, file):
    shown_app.switch_page(file).run()
    assert not {
        word for word in ("None", "nan", "NaT") if word in texts(shown_app).replace("\n", " ").split()
    }


def test_without_a_database_a_page_says_what_to_do(empty_app):
    at = empty_app.run()
    assert not at.exception
    assert "lianwen init" in texts(at)
    assert at.warning


def test_what_the_database_refuses_is_said_in_the_language_of_the_session(empty_app):
    assert "还没有建表,或表比程序旧" in texts(empty_app.run())
    empty_app.query_params["lang"] = "en"
    assert "its tables are missing or older than the program" in texts(empty_app.run())


def page_that_fails(language):
    import streamlit as st

    from chains.errors import ChainDataError
    from views.components.frame import draw_page
    from views.i18n import Language, set_language

    def fail():
        raise ChainDataError("the chain has no end product", zh="这条链没有终端产品")

    set_language(Language(language))
    draw_page(st.Page(fail, title="Page", url_path="page"), sidebar=fail)


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh", "这条链没有终端产品"), ("en", "the chain has no end product")]
)
def test_a_page_that_fails_says_why_in_the_language_of_the_session(language, sentence):
    (error,) = AppTest.from_function(page_that_fails, args=(language,)).run().error
    assert error.value == sentence


def test_a_chain_without_a_run_offers_to_compute_it(unscored_app):
    at = unscored_app.run().switch_page("views/overview.py").run()
    assert not at.exception
    assert "还没有运行结果" in texts(at)
    assert [button.label for button in at.button] == ["计算“textbook”"]


def test_the_language_switch_speaks_english_and_a_link_brings_the_language_along(shown_app):
    (switch,) = (widget for widget in shown_app.segmented_control if widget.key == "widget_lang")
    at = switch.set_value("en").run()
    assert at.header[0].value == "Start"
    assert at.query_params["lang"] == "en"


def test_a_link_chooses_chain_mode_and_horizon_and_a_click_wins_afterwards(shown_app):
    at = shown_app
    at.query_params.update({"chain": "textbook", "mode": "build", "horizon": "30"})
    at.run()
    stamp = next(text.value for text in at.caption if text.value.startswith("程序 "))
    assert "推演期 30 天" in stamp
    assert "口径 新建扩产" in stamp
    (mode,) = (widget for widget in at.segmented_control if widget.key == "widget_mode")
    at = mode.set_value("run").run()
    assert at.query_params["mode"] == "run"
    assert "口径 存量运行" in next(text.value for text in at.caption if text.value.startswith("程序 "))


def test_a_link_with_a_value_that_does_not_exist_falls_back(shown_app):
    shown_app.query_params.update({"chain": "nowhere", "mode": "sideways", "horizon": "3", "lang": "xx"})
    at = shown_app.run()
    assert not at.exception
    assert at.query_params["mode"] == "run"
    assert at.query_params["horizon"] == "180"


def test_choices_survive_a_change_of_page(shown_app):
    (mode,) = (widget for widget in shown_app.segmented_control if widget.key == "widget_mode")
    at = mode.set_value("build").run()
    at.switch_page("views/overview.py").run()
    assert at.query_params["mode"] == "build"


@pytest.mark.parametrize("words", ["苏州胶业", "szjy", "suzhou resist", "C1"])
def test_the_search_box_finds_a_supplier_by_any_of_its_names(shown_app, words):
    at = shown_app.sidebar.text_input[0].set_value(words).run()
    assert not at.exception
    links = [link for link in at.sidebar.get("page_link") if "苏州胶业" in link.label]
    assert links


def test_a_search_without_a_hit_says_so(shown_app):
    at = shown_app.sidebar.text_input[0].set_value("没有这样的节点").run()
    assert any("没有找到" in text.value for text in at.sidebar.caption)


def test_a_page_that_fails_shows_one_sentence_with_the_number_of_its_log_entry(
    shown_app, monkeypatch, caplog
):
    def fail(*_, **__):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("views.components.levels.draw_level_counts", fail)
    monkeypatch.setattr("views.queries.count_levels", fail)
    at = shown_app.switch_page("views/overview.py").run()
    (error,) = at.error
    number = error.value.split("编号 ")[1].split(" ")[0]
    assert "secret detail" not in error.value
    assert number in caplog.text
    assert "secret detail" in caplog.text
