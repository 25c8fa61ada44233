"""合成示例 on the pages: banner, mark on exports, loading and removing it on the start page."""

import io

import openpyxl
import pandas as pd
import pytest
import streamlit as st

from desk import computing
from desk.example import example_loaded
from desk.store import reading
from risk.model import RunStatus
from risk.repository import list_runs
from settings import Settings
from tests.views.conftest import command, open_app
from views.components.columns import Column
from views.components.download import write_xlsx
from views.components.example import export_notes, mark_file_name
from views.registry import PAGES

FILES = [entry.file for entry in PAGES]
BANNER = "合成示例已装入"


def said(at):
    elements = [*at.markdown, *at.caption, *at.info, *at.warning, *at.success, *at.error]
    return "\n".join(str(element.value) for element in elements)


def press(at, label):
    (button,) = (one for one in at.button if one.label == label)
    return button.click().run()


def queued_chains(home):
    with reading(Settings(home=home)) as session:
        return [run.request.chain_id for run in list_runs(session, status=RunStatus.QUEUED)]


@pytest.fixture(scope="module")
def example_home(tmp_path_factory):
    """A database with the synthetic example, scored; to be read from only."""
    folder = tmp_path_factory.mktemp("example")
    command(folder, "init", "--empty")
    command(folder, "example", "load")
    command(folder, "recompute", "--chain", "demo", "--perspective", "world")
    return folder


@pytest.fixture
def example_app(example_home, monkeypatch):
    """The pages over the scored example."""
    monkeypatch.setenv("LIANWEN_HOME", str(example_home))
    yield open_app().run()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def new_app(home, monkeypatch):
    """The pages over a database without chains; what they queue stays queued."""
    # The process that executes the queue would outlive the test.
    monkeypatch.setattr(computing, "start_worker", lambda: None)
    command(home, "init", "--empty")
    yield open_app().run()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.mark.parametrize("file", FILES)
def test_every_page_says_that_invented_data_are_loaded(example_app, file):
    at = example_app.switch_page(file).run()
    assert not at.exception
    assert BANNER in said(at)


@pytest.mark.parametrize("file", FILES)
def test_no_page_speaks_of_invented_data_where_none_are_loaded(shown_app, file):
    assert BANNER not in said(shown_app.switch_page(file).run())


def test_the_banner_speaks_english(example_app):
    example_app.query_params["lang"] = "en"
    assert "Synthetic example loaded" in said(example_app.run())


def test_an_empty_database_offers_the_example_and_loading_it_queues_its_run(new_app, home):
    assert BANNER not in said(new_app)
    at = press(new_app, "装入示例")
    assert not at.exception
    assert "合成示例已装入。" in said(at)
    assert "运行 #1" in said(at)
    assert example_loaded(Settings(home=home))
    assert queued_chains(home) == ["demo", "demo"]
    assert BANNER in said(at)


def test_removing_the_example_takes_a_second_click(new_app, home):
    at = press(new_app, "装入示例")
    at = press(at, "移除示例")
    assert example_loaded(Settings(home=home))
    at = press(at, "不移除")
    assert example_loaded(Settings(home=home))
    at = press(press(at, "移除示例"), "确定移除")
    assert not at.exception
    assert "合成示例已移除。" in said(at)
    assert not example_loaded(Settings(home=home))
    assert BANNER not in said(at)


def test_a_chain_of_ones_own_called_demo_is_kept_and_the_page_says_why(new_app, home, tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    files = {
        "items.csv": "item_id,name_en,kind,weight\nGLUE,Glue,material,\nPANEL,Panel,product,1\n",
        "links.csv": "input_item_id,output_item_id,relation\nGLUE,PANEL,input_of\n",
        "suppliers.csv": "supplier_id,name_en,kind,country\nACME,Acme,enterprise,DEU\n",
        "supplies.csv": "supplier_id,item_id,share\nACME,GLUE,0.6\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    command(home, "import-chain", folder)
    at = press(new_app.run(), "装入示例")
    assert not at.exception
    (error,) = at.error
    assert "已有一条自行导入的链也叫 demo" in error.value


@pytest.mark.usefixtures("example_app")
def test_exports_say_in_name_and_notes_that_invented_data_are_loaded():
    assert mark_file_name("nodes") == "nodes-含合成示例"
    frame, columns = pd.DataFrame({"name": ["a"]}), [Column("name", "节点")]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(frame, columns, stamp=export_notes())))
    assert BANNER in book.worksheets[1]["A1"].value


@pytest.mark.usefixtures("shown_app")
def test_exports_are_not_marked_where_no_invented_data_are_loaded():
    assert mark_file_name("nodes") == "nodes"
    assert export_notes() == []
