"""Rules of direction that import-linter cannot see: it reads packages, not app.py, cli.py or settings.py."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("access", "chains", "commands", "desk", "ingest", "risk", "views")
TOP = ("app", "cli", "settings")


def product_files() -> list[Path]:
    """List the modules of the product, tests and migrations left out."""
    top = [ROOT / f"{name}.py" for name in TOP]
    inner = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return [file for file in top if file.exists()] + inner


def imported(file: Path) -> Iterator[str]:
    """Yield the top-level name of every import of a module, late ones included."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize(
    ("module", "refused"),
    [
        ("settings.py", {*PACKAGES, "app", "cli", "streamlit"}),
        ("cli.py", {"app", "views", "streamlit"}),
        ("commands/monitor.py", {"app", "cli", "views", "streamlit"}),
        ("app.py", {"cli", "risk", "ingest"}),
    ],
)
def test_a_top_module_imports_only_what_lies_below_it(module: str, refused: set[str]):
    assert refused & set(imported(ROOT / module)) == set()


def test_nothing_imports_the_command_line_or_the_app():
    assert [file for file in product_files() if {"app", "cli"} & set(imported(file))] == []


def test_settings_is_the_only_reader_of_the_environment():
    readers = {
        str(file.relative_to(ROOT))
        for file in product_files()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert readers <= {"settings.py"}


@pytest.mark.parametrize("file", product_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_has_at_most_400_lines(file: Path):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function after its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("file", product_files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_function_body_has_at_most_40_lines(file: Path):
    functions = [
        node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [node.name for node in functions if body_lines(node) > 40] == []
