"""Every file that the product writes for spreadsheets defuses text that they would run."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("chains", "ingest", "risk", "desk", "views", "commands", "access")
WRITERS = {"writer", "DictWriter", "write_csv", "to_csv", "to_excel", "write_excel"}
# Files of our own folders, read back by the program and never opened by a spreadsheet on their own.
KEPT = {"desk/archives.py", "desk/backups.py"}
SAFE_OPTIONS = ("strings_to_formulas", "strings_to_urls")


def modules():
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def calls(path):
    return [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]


def called(node):
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_csv_writer(node):
    name = called(node)
    owner = getattr(getattr(node.func, "value", None), "id", "")
    return name in WRITERS and (name not in {"writer", "DictWriter"} or owner == "csv")


@pytest.mark.parametrize(
    "path", [path for path in modules() if any(map(is_csv_writer, calls(path)))], ids=str
)
def test_whoever_writes_csv_defuses(path):
    name = path.relative_to(ROOT).as_posix()
    assert name in KEPT or "defuse" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [path for path in modules() if any(called(node) == "Workbook" for node in calls(path))],
    ids=str,
)
def test_whoever_writes_workbooks_keeps_text_as_text(path):
    text = path.read_text(encoding="utf-8")
    assert all(f'"{option}": False' in text for option in SAFE_OPTIONS)


def test_tables_of_pages_are_downloaded_through_one_place():
    allowed = {
        "views/components/download.py",
        "views/upload_rows.py",
        "views/upload_history.py",
        "views/upload_change.py",
        "views/upload_lists.py",
    }
    found = {
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if path.is_relative_to(ROOT / "views")
        and any(called(node) == "download_button" for node in calls(path))
    }
    assert {name for name in found - allowed if "csv" in (ROOT / name).read_text(encoding="utf-8")} == set()
