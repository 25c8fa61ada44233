"""Lists whose columns nobody recognises: a person names them, and next time they are known."""

import pytest

from tests.views.conftest import ROOT, command, open_app
from tests.views.test_upload import check_file, press, shown, sign

STRANGE = (
    "某某集团清单,,\n厂家全名,所供物品,年内占用比例\n"
    "Tokyo Resist株式会社,KrF光刻胶,70%\n苏州胶业有限公司,KrF光刻胶,30%\n"
).encode("gb18030")


@pytest.fixture
def upload_page(home):
    """The page over a worked example of this test's own."""
    import streamlit as st

    command(home, "init", "--empty")
    command(home, "import-chain", ROOT / "tests" / "golden" / "chains" / "textbook")
    yield open_app().run().switch_page("views/upload.py").run()
    st.cache_data.clear()
    st.cache_resource.clear()


def boxes(at):
    return {box.label: box for box in at.main.selectbox}


def import_mapped(at):
    at = press(check_file(at, STRANGE, buyer="Wuxi Fab"), "按此读取")
    at = press(press(at, "下一步"), "下一步")
    sign(at)
    return press(press(at, "确认导入 2 行"), "再上传一份")


def test_unknown_headers_lead_to_suggestions_and_not_to_a_dead_end(upload_page):
    at = check_file(upload_page, STRANGE, buyer="Wuxi Fab")
    assert not at.exception
    assert "没有自动认出表头" in shown(at.warning)
    found = boxes(at)
    assert found["编码"].options[0] == "自动(GB18030)"
    assert found["供应商名称(必填)"].value == 0
    assert found["产品或物料(必填)"].value == 1
    assert found["市场份额"].value == 2
    at = press(at, "按此读取")
    assert [tab.label for tab in at.tabs] == ["可导入 2 行", "有问题 0 行", "识别的列"]
    assert "GB18030" in shown(at.caption)


def test_columns_named_once_are_known_in_the_next_list_of_the_sender_and_can_be_forgotten(upload_page):
    at = import_mapped(upload_page)
    assert not at.exception
    assert "Wuxi Fab" in shown(at.markdown)
    at = check_file(at, STRANGE + b"\n", buyer="Wuxi Fab")
    assert [tab.label for tab in at.tabs] == ["可导入 2 行", "有问题 0 行", "识别的列"]
    assert "记住的列对应" in shown(at.caption)
    at = press(press(at, "放弃这份文件"), "撤销")
    at = check_file(at, STRANGE + b"\n", buyer="Wuxi Fab")
    assert "没有自动认出表头" in shown(at.warning)


def test_a_required_column_that_is_not_named_blocks_the_reading(upload_page):
    at = check_file(upload_page, STRANGE)
    at = boxes(at)["产品或物料(必填)"].set_value(-1).run()
    assert "产品或物料" in shown(at.warning)
    (button,) = [button for button in at.button if button.label == "按此读取"]
    assert button.disabled


def test_another_encoding_shows_other_text_and_one_that_cannot_be_says_so(upload_page):
    content = "廠家一覽,物件說明,比例\nTokyo Resist,KrF,70%\n".encode("big5")
    at = boxes(check_file(upload_page, content))["编码"].set_value("big5").run()
    assert "廠家一覽" in boxes(at)["表头在第几行"].options[0]
    at = boxes(at)["编码"].set_value("utf-8").run()
    assert "读不通" in shown(at.error)
    assert not at.exception


def test_a_list_that_was_recognised_can_be_read_otherwise(upload_page):
    at = check_file(upload_page, "供应商,产品,采购占比,份额二\nTokyo Resist,KrF光刻胶,70%,10%\n")
    at = press(at, "列、编码或分隔符不对？重新指定")
    at = press(boxes(at)["市场份额"].set_value(3).run(), "按此读取")
    assert not at.exception
    assert at.main.dataframe[0].value.iloc[0]["share"] == pytest.approx(0.10)
