"""Pages over a database of two worked examples, scored once a session, or over none."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from cli import app as commands

ROOT = Path(__file__).resolve().parents[2]
CHAINS = ("blank", "textbook")


def command(folder, *words):
    result = CliRunner().invoke(commands, [str(word) for word in words], env={"LIANWEN_HOME": str(folder)})
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="session")
def scored_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    command(folder, "init", "--empty")
    for chain in CHAINS:
        command(folder, "import-chain", ROOT / "tests" / "golden" / "chains" / chain)
    command(folder, "recompute", "--perspective", "world")
    return folder


def open_app():
    # What pages keep is keyed by run, and every database numbers its runs from 1.
    st.cache_data.clear()
    st.cache_resource.clear()
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


@pytest.fixture
def empty_app(home):  # noqa: ARG001 - a home without a database
    """The pages over no database."""
    yield open_app()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def shown_app(scored_home, monkeypatch):
    """The pages over the scored examples, the start page open."""
    monkeypatch.setenv("LIANWEN_HOME", str(scored_home))
    yield open_app().run()
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def unscored_app(home):
    """The pages over a chain that was never computed."""
    command(home, "init", "--empty")
    command(home, "import-chain", ROOT / "tests" / "golden" / "chains" / "textbook")
    yield open_app()
    st.cache_data.clear()
    st.cache_resource.clear()
