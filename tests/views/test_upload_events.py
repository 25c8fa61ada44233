"""The upload page lists disruption events and makes a chosen one a scenario."""

import pytest

from tests.views.conftest import ROOT, command, open_app
from tests.views.test_upload import press, shown, sign

EVENTS = "事件,地点,开始日期,持续时间\n地震,日本,2026-01-01,\n停电,火星,2026-01-01,\n"


@pytest.fixture
def events_page(home, tmp_path):
    """The page of events over a list of two."""
    import streamlit as st

    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    command(home, "init", "--empty")
    command(home, "import-chain", ROOT / "tests" / "golden" / "chains" / "textbook")
    command(home, "import", path, "--kind", "events", "--chain", "textbook")
    at = open_app()
    at.query_params["ukind"] = "events"
    yield at.run().switch_page("views/upload.py").run()
    st.cache_data.clear()
    st.cache_resource.clear()


def choose(at, what):
    (box,) = [box for box in at.selectbox if box.label == "选一个事件"]
    (option,) = [option for option in box.options if what in option]
    box.set_value(option.partition(" ")[0]).run()
    return at


def test_an_event_opens_as_a_kept_scenario_signed_by_the_officer(events_page):
    assert not events_page.exception
    assert not events_page.error
    assert "断供事件与情景" in shown(events_page.subheader)
    sign(events_page)
    at = press(choose(events_page, "地震"), "存为情景并打开")
    assert not at.exception
    assert not at.error
    assert any("地震" in title for title in (element.value for element in at.subheader))


def test_an_event_off_the_chain_gets_a_sentence(events_page):
    sign(events_page)
    at = press(choose(events_page, "停电"), "存为情景并打开")
    assert not at.exception
    assert "不在产业链" in shown(at.error)
