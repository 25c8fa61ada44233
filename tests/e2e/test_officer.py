"""An officer in a real browser: open, heatmap, node, run or build, English; nothing leaves the machine."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import settle
from views.registry import PAGES

pytestmark = pytest.mark.browser

HOST = "127.0.0.1"
ROW_PIXELS = 35


def foreign_requests(page):
    return [url for url in page.asked if urlsplit(url).hostname not in (HOST, None)]


def open_first_row(page):
    table = page.get_by_test_id("stDataFrame").locator("visible=true").first
    table.scroll_into_view_if_needed()
    table.click(position={"x": 60, "y": ROW_PIXELS * 1.5})


def link_of(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_an_officer_walks_from_the_heatmap_to_a_node_and_changes_mode_and_language(page, served, pictures):
    page.goto(served)
    settle(page)
    page.screenshot(path=pictures / "start.png")

    page.get_by_test_id("stSidebarNavLink").filter(has_text="总览").click()
    expect(page.get_by_role("heading", name="总览")).to_be_visible()
    settle(page)
    page.screenshot(path=pictures / "overview.png")

    cell = page.get_by_test_id("stEChartsChart").first.locator("svg text", has_text="%").first
    cell.click(force=True)
    expect(page.get_by_text(re.compile(r"背后的 \d+ 个节点"))).to_be_visible()
    settle(page)
    page.screenshot(path=pictures / "heatmap-cell.png")

    open_first_row(page)
    page.wait_for_url("**/node?**")
    settle(page)
    page.screenshot(path=pictures / "node.png")
    link = link_of(page)
    assert link["scope"]
    assert link["key"]
    assert link["mode"] == "run"

    page.get_by_test_id("stSidebar").get_by_text("新建扩产").click()
    expect(page.get_by_text("口径 新建扩产")).to_be_visible()
    assert link_of(page) | {"mode": "run"} == link
    page.screenshot(path=pictures / "node-build.png")

    page.get_by_test_id("stSidebar").get_by_text("English").click()
    expect(page.get_by_text("Mode: New lines")).to_be_visible()
    expect(page.get_by_role("heading", name="Node", exact=True)).to_be_visible()
    settle(page)
    page.screenshot(path=pictures / "node-english.png")
    assert foreign_requests(page) == []


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.page_id)
def test_no_request_of_any_page_leaves_the_machine(page, served, pictures, entry):
    page.goto(f"{served}/{entry.page_id}")
    settle(page)
    page.screenshot(path=pictures / f"{entry.page_id}-page.png")
    assert foreign_requests(page) == []
    assert page.get_by_test_id("stException").count() == 0


def test_a_link_opens_what_its_sender_saw(page, served):
    page.goto(f"{served}/overview?mode=build&horizon=30&lang=en&rows=country&cols=scope")
    settle(page)
    expect(page.get_by_text("Mode: New lines")).to_be_visible()
    expect(page.get_by_text("Horizon 30 days")).to_be_visible()
    assert link_of(page)["rows"] == "country"


def test_the_search_box_leads_to_a_node(page, served):
    page.goto(served)
    settle(page)
    page.get_by_test_id("stSidebar").get_by_role("textbox").first.fill("szjy")
    page.keyboard.press("Enter")
    page.get_by_test_id("stSidebar").get_by_text("苏州胶业").first.click()
    page.wait_for_url("**/node?**")
    assert link_of(page)["key"] == "C1"
