"""The English catalogue says everything that the pages say."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from views.i18n import Language, load_catalog, translate

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([ROOT / "app.py", *(ROOT / "views").rglob("*.py")])
CHINESE = re.compile(r"[\u3400-\u9fff]")
FIELD = re.compile(r"\{(\w*)\}")


def texts_of(path):
    for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(found, ast.Call) and isinstance(found.func, ast.Name) and found.func.id == "_":
            yield found.lineno, found.args[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_on_screen_is_a_literal_with_an_english_translation(path):
    catalog = load_catalog(Language.EN)
    missing = [
        f"line {line}: {ast.unparse(text)}"
        for line, text in texts_of(path)
        if not isinstance(text, ast.Constant) or text.value not in catalog
    ]
    assert missing == []


def test_translations_keep_the_fields_of_the_chinese_text():
    catalog = load_catalog(Language.EN)
    assert {
        text for text, english in catalog.items() if set(FIELD.findall(text)) != set(FIELD.findall(english))
    } == set()


def test_translations_hold_no_chinese_but_the_names_of_languages():
    catalog = load_catalog(Language.EN)
    assert {
        english for english in catalog.values() if CHINESE.search(english) and "Language" not in english
    } == set()


def test_no_translation_is_left_over():
    used = {text.value for path in SOURCES for _, text in texts_of(path) if isinstance(text, ast.Constant)}
    assert set(load_catalog(Language.EN)) - used == set()


def test_the_catalogue_names_each_text_once():
    path = ROOT / "locales" / "en" / "LC_MESSAGES" / "lianwen.po"
    ids = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(ids) == len(set(ids))
    with path.open("rb") as file:
        assert read_po(file, abort_invalid=True) is not None


def test_a_text_without_translation_stays_chinese_rather_than_vanishing():
    assert translate("没有这句话", Language.EN) == "没有这句话"
