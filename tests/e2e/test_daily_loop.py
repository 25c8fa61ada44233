"""The daily loop on 合成示例 in a real browser: a list comes in, a run follows, an alert is signed."""

import os
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ROOT, VIEW, command, serving, settle

pytestmark = pytest.mark.browser

LIST = ROOT / "data" / "examples" / "uploads-demo" / "one-supplier.csv"
MAKER = "合成示例·日本甲公司"
SLOW = 180_000
"""Milliseconds: a first run compiles the kernels."""


@pytest.fixture(scope="module")
def example(browser, tmp_path_factory):  # noqa: ARG001 - nothing is served where no browser is
    """The address of the program over the synthetic example, its first run done, the scheduler beside it."""
    environment = os.environ | {"LIANWEN_HOME": str(tmp_path_factory.mktemp("loop"))}
    for words in (("init", "--empty"), ("example", "load"), ("recompute", "--chain", "demo")):
        command(environment, *words)
    with serving(environment, "--with-scheduler") as address:
        yield address


def cell(page, text):
    """Find a cell by its text: tables are painted, and mirrored for screen readers."""
    return page.locator("[role=gridcell]").filter(has_text=text).first


def draw_tall(page, path):
    """Take a picture of what an officer would scroll through: pages scroll inside the window."""
    page.set_viewport_size({"width": 1280, "height": 1900})
    settle(page)
    page.screenshot(path=path)
    page.set_viewport_size(VIEW)


def press(page, label):
    page.get_by_role("button", name=label).click()


def turn_to(page, title):
    page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settle(page)


def upload(page, pictures):
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(LIST)
    expect(page.get_by_text(LIST.name).first).to_be_visible()
    settle(page)
    press(page, "检查文件")
    expect(page.get_by_text("可导入 1 行")).to_be_visible()
    expect(cell(page, MAKER)).to_be_attached()
    settle(page)
    page.screenshot(path=pictures / "loop-1-rows.png")
    page.get_by_role("tab", name="有问题 0 行").click()
    expect(page.get_by_text("没有问题行")).to_be_visible()
    page.get_by_role("tab", name="识别的列").click()
    expect(cell(page, "采购占比")).to_be_attached()
    page.screenshot(path=pictures / "loop-2-columns.png")
    press(page, "下一步")
    expect(page.get_by_text("名称都已对上")).to_be_visible()
    settle(page)
    page.screenshot(path=pictures / "loop-3-names.png")


def preview(page, pictures):
    press(page, "下一步")
    expect(page.get_by_text(re.compile(r"\d+ 个节点会变"))).to_be_visible(timeout=SLOW)
    expect(cell(page, MAKER)).to_be_attached()
    settle(page)
    draw_tall(page, pictures / "loop-4-effect.png")


def sign_and_commit(page, pictures):
    page.get_by_label("姓名").fill("王工")
    page.get_by_label("单位").fill("省工信厅")
    press(page, "确定")
    expect(page.get_by_text("经办人：王工(省工信厅)")).to_be_visible()
    settle(page)
    press(page, "确认导入 1 行")
    expect(page.get_by_text("上传 #1 已导入：计入 1 行")).to_be_visible()
    expect(page.get_by_text("运行 #3、#4 已排队")).to_be_visible()
    settle(page)
    page.screenshot(path=pictures / "loop-5-done.png")


def wait_for_run(page, pictures):
    press(page, "查看运行")
    expect(page.get_by_text("两次运行的差别")).to_be_visible()
    expect(page.get_by_text("完成的运行不到两次")).to_have_count(0, timeout=SLOW)
    settle(page)
    page.screenshot(path=pictures / "loop-6-runs.png")


def acknowledge(page, pictures):
    turn_to(page, "预警")
    expect(page.get_by_role("heading", name=f"新增关键节点：{MAKER}")).to_be_visible()
    expect(page.get_by_text("等级由黄升为红").first).to_be_visible()
    expect(page.get_by_text(f"{LIST.name}").first).to_be_visible()
    draw_tall(page, pictures / "loop-7-alert.png")
    page.get_by_label("备注").fill("已联系南京晶圆厂，约定下周反馈")
    press(page, "知悉")
    expect(page.get_by_test_id("stButtonGroup").get_by_text("已知悉 1")).to_be_visible()
    settle(page)


def look_up(page, pictures):
    page.get_by_test_id("stButtonGroup").get_by_text("已知悉 1").click()
    expect(page.get_by_role("heading", name=f"新增关键节点：{MAKER}")).to_be_visible()
    expect(cell(page, "王工(省工信厅)")).to_be_attached()
    expect(cell(page, "已联系南京晶圆厂，约定下周反馈")).to_be_attached()
    settle(page)
    draw_tall(page, pictures / "loop-8-history.png")


def test_a_list_makes_a_maker_critical_and_an_officer_takes_note_of_the_alert(page, example, pictures):
    page.goto(f"{example}/?chain=demo&view=world")
    settle(page)
    expect(page.get_by_text("合成示例已装入")).to_be_visible()
    draw_tall(page, pictures / "loop-0-start.png")
    turn_to(page, "上传名录")
    upload(page, pictures)
    preview(page, pictures)
    sign_and_commit(page, pictures)
    wait_for_run(page, pictures)
    acknowledge(page, pictures)
    look_up(page, pictures)
    assert page.get_by_test_id("stException").count() == 0


def test_the_example_is_loaded_and_removed_with_clicks_and_its_run_is_executed(page, tmp_path, pictures):
    environment = os.environ | {"LIANWEN_HOME": str(tmp_path / "empty")}
    command(environment, "init", "--empty")
    with serving(environment) as address:
        page.goto(address)
        settle(page)
        page.screenshot(path=pictures / "example-offered.png")
        press(page, "装入示例")
        expect(page.get_by_text("已排队计算：运行 #1")).to_be_visible()
        expect(page.get_by_text("名称带“合成示例”的企业和产业链是虚构的")).to_be_visible()
        draw_tall(page, pictures / "example-loaded.png")
        turn_to(page, "运行")
        expect(page.get_by_text("已在运行 #2 算过")).to_be_visible(timeout=SLOW)
        turn_to(page, "首页")
        press(page, "移除示例")
        expect(page.get_by_text("确定移除吗？")).to_be_visible()
        draw_tall(page, pictures / "example-removal.png")
        press(page, "确定移除")
        expect(page.get_by_role("button", name="装入示例")).to_be_visible()
        expect(page.get_by_text("名称带“合成示例”的企业和产业链是虚构的")).to_have_count(0)
        expect(page.get_by_text("合成示例已移除。")).to_be_visible()
