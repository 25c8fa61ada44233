"""The upload page: a list comes in step by step, and whatever the file is, the page answers in a sentence."""

import pytest

from tests.views.conftest import ROOT, command, open_app

LIST = (
    "供应商,产品,采购占比,联系人\n"
    "Tokyo Resist,KrF光刻胶,90%,张三\n苏州胶业化工,KrF光刻胶,10%,李四\nC2,氖气,约,\n"
)


@pytest.fixture
def upload_page(home):
    """The page over a worked example of this test's own."""
    import streamlit as st

    command(home, "init", "--empty")
    command(home, "import-chain", ROOT / "tests" / "golden" / "chains" / "textbook")
    yield open_app().run().switch_page("views/upload.py").run()
    st.cache_data.clear()
    st.cache_resource.clear()


def press(at, label):
    (button,) = [button for button in at.button if button.label == label]
    return button.click().run()


def check_file(at, content, name="list.csv", buyer=""):
    at.file_uploader[0].upload(name, content if isinstance(content, bytes) else content.encode(), "text/csv")
    at.text_input(key="upload_buyer").set_value(buyer)
    at.run()
    return press(at, "检查文件")


def sign(at):
    fields = {field.label: field for field in at.main.text_input}
    fields["姓名"].set_value("王工")
    fields["单位"].set_value("专班")
    press(at, "确定")


def shown(elements):
    return " ".join(element.value for element in elements)


def test_an_empty_history_says_how_to_begin(upload_page):
    assert not upload_page.exception
    assert "还没有上传过名录" in shown(upload_page.info)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "list.csv"), (b"\x00\x01\x02" * 100, "list.xlsx"), (b"x", "virus.exe")],
)
def test_a_broken_file_gets_one_plain_sentence(upload_page, content, name):
    at = check_file(upload_page, content, name)
    assert not at.exception
    assert len(at.error) == 1
    assert "Traceback" not in at.error[0].value
    assert press(at, "换一个文件").file_uploader


def test_a_list_walks_from_file_to_queued_run(upload_page):
    at = check_file(upload_page, LIST, buyer="Wuxi Fab")
    assert [tab.label for tab in at.tabs] == ["可导入 2 行", "有问题 1 行", "识别的列"]
    at = press(at, "下一步")
    (name,) = at.main.selectbox
    assert "苏州胶业" in name.options[1]
    name.set_value("C1")
    at = press(at.run(), "下一步")
    assert not at.exception
    assert [metric.value for metric in at.metric] == ["2", "2", "0", "0", "0"]
    assert "个节点会变" in shown(at.markdown)
    sign(at)
    at = press(at, "确认导入 2 行")
    assert not at.exception
    assert "上传 #1 已导入：计入 2 行" in shown(at.success)
    assert "#1、#2 已排队" in shown(at.markdown)


def test_a_name_left_open_waits_and_can_be_placed_later(upload_page):
    at = press(check_file(upload_page, LIST, buyer="Wuxi Fab"), "下一步")
    at = press(at, "下一步")
    assert [metric.value for metric in at.metric] == ["1", "1", "0", "0", "1"]
    sign(at)
    at = press(press(at, "确认导入 1 行"), "再上传一份")
    place = {box.label: box for box in at.main.selectbox}["苏州胶业化工"]
    at = press(place.set_value("C1").run(), "让已对上的行计入")
    assert not at.exception
    assert "上传 #1 已导入：计入 2 行，等待核对 0 行" in shown(at.success)


def test_the_kept_file_is_deleted_only_after_a_confirmation(upload_page, home):
    at = press(press(check_file(upload_page, LIST, buyer="Wuxi Fab"), "下一步"), "下一步")
    sign(at)
    at = press(press(at, "确认导入 1 行"), "再上传一份")
    (button,) = [button for button in at.button if button.label == "删除原文件"]
    assert button.disabled
    (sure,) = [box for box in at.checkbox if "不能恢复" in box.label]
    at = press(sure.check().run(), "删除原文件")
    assert not at.exception
    assert list((home / "var" / "uploads").iterdir()) == []


def test_the_page_speaks_english(upload_page):
    upload_page.query_params["lang"] = "en"
    at = upload_page.run()
    assert not at.exception
    assert "No list was uploaded" in shown(at.info)
