"""What goes wrong is said in Chinese and in English, wherever it is raised."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from chains import db_errors
from chains.errors import LianwenError, Place, Problem, Severity, UnknownKeyError
from chains.union import join_folders
from ingest.errors import UploadRefusedError

ROOT = Path(__file__).resolve().parents[1]
MACHINERY = ROOT / "chains" / "errors.py"
# Sentences of the watch are Chinese alone so far.
CHINESE_ALONE = (ROOT / "risk" / "alerts", ROOT / "risk" / "runs" / "scheduler.py")
TREES = {
    file: ast.parse(file.read_text(encoding="utf-8"))
    for package in ("chains", "risk")
    for file in sorted((ROOT / package).rglob("*.py"))
    if file != MACHINERY and not any(file.is_relative_to(path) for path in CHINESE_ALONE)
}
KEYWORDS = {"zh", "message_zh"}


@functools.cache
def error_names() -> frozenset[str]:
    """Name every class of error, by walking down from the root."""
    names = {"LianwenError", "CellError"}
    every = [ast.parse(MACHINERY.read_text(encoding="utf-8")), *TREES.values()]
    classes = [node for tree in every for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for _ in range(4):
        names |= {one.name for one in classes if any(name_of(base) in names for base in one.bases)}
    return frozenset(names)


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def is_chinese(text: object) -> bool:
    return isinstance(text, str) and any("\u4e00" <= letter <= "\u9fff" for letter in text)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def speaks_chinese(value: ast.expr, function: ast.AST) -> bool:
    """Whether an expression holds Chinese words, or hands on a sentence that was asked for in Chinese."""
    return any(
        (isinstance(node, ast.Constant) and is_chinese(node.value))
        or (isinstance(node, ast.Attribute) and node.attr in KEYWORDS)
        or (isinstance(node, ast.Call) and ast.unparse(node).endswith(".say('zh')"))
        or (isinstance(node, ast.Name) and is_chinese_name(node.id, function))
        for node in ast.walk(value)
    )


def is_chinese_name(name: str, function: ast.AST) -> bool:
    nodes = list(ast.walk(function))
    if name in KEYWORDS & {node.arg for node in nodes if isinstance(node, ast.arg)}:
        return True
    assigned = [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and name in {name_of(target) for target in node.targets}
    ]
    return name.endswith("zh") and bool(assigned) and all(speaks_chinese(one, function) for one in assigned)


def functions(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("file", TREES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_error_and_every_problem_carries_a_chinese_sentence(file):
    wanted = error_names() | {"Problem"}
    silent = [
        call.lineno
        for call in calls(TREES[file])
        if name_of(call.func) in wanted and not KEYWORDS & {keyword.arg for keyword in call.keywords}
    ]
    assert silent == []


@pytest.mark.parametrize("file", TREES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_sentence_that_is_called_chinese_is_chinese(file):
    foreign = [
        keyword.value.lineno
        for function in functions(TREES[file])
        for call in calls(function)
        for keyword in call.keywords
        if keyword.arg in KEYWORDS and name_of(call.func) != "Run"  # a stored run holds what was said then
        if not speaks_chinese(keyword.value, function)
    ]
    assert foreign == []


def test_the_walk_finds_the_errors_and_their_raises():
    assert {"ChainDataError", "DatabaseNewerError", "DefaultsError", "ParameterError"} <= error_names()
    found = [call for tree in TREES.values() for call in calls(tree) if name_of(call.func) in error_names()]
    assert len(found) > 30


def test_a_sentence_without_chinese_words_is_noticed():
    (function,) = functions(ast.parse("def f():\n    zh = 'plain'\n    raise E('x', zh=zh)"))
    (call,) = calls(function)
    assert not speaks_chinese(call.keywords[0].value, function)


def test_everything_a_database_refuses_is_said_in_both_languages():
    refusals = [value for value in vars(db_errors).values() if isinstance(value, db_errors.Refusal)]
    assert len(refusals) >= 10
    for refusal in refusals:
        error = refusal.about(make_url("postgresql://ada:secret@db.local/lianwen"))
        assert is_chinese(error.say("zh"))
        assert not is_chinese(error.say("en"))
        for language in ("zh", "en"):
            assert "postgresql://ada@db.local/lianwen" in error.say(language)


def test_an_unknown_chain_offers_the_near_ones_in_the_language_of_the_person():
    error = UnknownKeyError("chain 'icc' is not loaded", near=("ic", "pv"), zh="没有装入产业链 'icc'")
    assert error.say("zh") == "没有装入产业链 'icc';你是不是要找 ic、pv?"
    assert error.say("en") == str(error) == "chain 'icc' is not loaded; did you mean ic, pv?"


def test_joining_nothing_says_so_in_both_languages():
    with pytest.raises(UnknownKeyError) as caught:
        join_folders((), "ic")
    assert caught.value.say("zh") == "没有装入产业链 'ic'"
    assert caught.value.say("en") == "chain 'ic' is not loaded"


def test_a_problem_names_gravity_and_row_in_the_language_of_the_person():
    places = (Place("pv/items.csv", 7), Place("pv/chain.toml", 0))
    problem = Problem(Severity.WARNING, "unknown-source", "add it", places, message_zh="请补上")
    assert problem.say("zh") == "警告: pv/items.csv 第 7 行、pv/chain.toml: 请补上 [unknown-source]"
    assert (
        problem.say("en")
        == str(problem)
        == ("warning: pv/items.csv row 7, pv/chain.toml: add it [unknown-source]")
    )
    nowhere = Problem(Severity.ERROR, "no-chain", "add one", message_zh="请放入一个")
    assert nowhere.say("zh") == "错误: 请放入一个 [no-chain]"


def test_a_refused_upload_speaks_both_languages():
    error = UploadRefusedError("empty-file")
    assert is_chinese(error.say("zh"))
    assert not is_chinese(error.say("en"))


def test_a_sentence_of_one_language_is_said_as_it_is():
    assert LianwenError("端口被占用").say("en") == "端口被占用"
