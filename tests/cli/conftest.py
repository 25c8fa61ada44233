"""The command line on a home of its own, and the worked examples scored once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app
from tests.store_fixtures import bare_url  # noqa: F401

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"

Cli = Callable[..., Result]


def call(home: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"LIANWEN_HOME": str(home)})


def succeed(home: Path, *words: str | Path) -> Result:
    result = call(home, *words)
    assert result.exit_code == 0, result.stderr
    return result


@pytest.fixture
def lianwen(home: Path) -> Cli:
    """Run a command in this test's own home."""
    return lambda *words: call(home, *words)


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Cli]:
    """Import and score an example once a session; gives its command line, to be read from only."""
    homes: dict[str, Path] = {}

    def prepare(chain: str) -> Cli:
        if chain not in homes:
            home = tmp_path_factory.mktemp(chain)
            succeed(home, "init", "--empty")
            succeed(home, "import-chain", GOLDEN / chain)
            succeed(home, "recompute", "--chain", chain, "--perspective", "world")
            homes[chain] = home
        return lambda *words: call(homes[chain], *words)

    return prepare


@pytest.fixture
def small_chain(tmp_path: Path) -> Path:
    """Write a chain of one material and one product with one supplier."""
    folder = tmp_path / "mini"
    folder.mkdir()
    files = {
        "items.csv": "item_id,name_en,kind,weight\nGLUE,Glue,material,\nPANEL,Panel,product,1\n",
        "links.csv": "input_item_id,output_item_id,relation\nGLUE,PANEL,input_of\n",
        "suppliers.csv": "supplier_id,name_en,kind,country\nACME,Acme,enterprise,DEU\n",
        "supplies.csv": "supplier_id,item_id,share\nACME,GLUE,0.6\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
