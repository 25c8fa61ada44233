"""`lianwen uploads` and `lianwen undo`: what came in, what was interrupted, what is taken back."""

import json
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"
FIRST = "供应商名称,产品或物料,采购占比\nTokyo Resist,KrF光刻胶,70%\n苏州胶业,KrF光刻胶,30%\n"
SECOND = "供应商名称,产品或物料,采购占比\nOsaka Resist,KrF光刻胶,100%\n"


@pytest.fixture
def textbook(lianwen, tmp_path):
    """The command line over the worked example, with two lists of one buyer."""
    assert lianwen("init", "--empty").exit_code == 0
    assert lianwen("import-chain", GOLDEN / "textbook").exit_code == 0
    for number, text in enumerate((FIRST, SECOND)):
        path = tmp_path / f"list{number}.csv"
        path.write_text(text, encoding="utf-8")
        assert lianwen("import", path, "--chain", "textbook", "--buyer", "Wuxi Fab").exit_code == 0
    return lianwen


def test_an_undo_lists_the_later_uploads_first_and_then_what_it_changed(textbook):
    done = textbook("undo", 1, "--by", "李工", "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0, done.stderr
    assert (answer["undone"], answer["removed"], answer["restored"]) == (True, {}, {})
    assert [each["upload_id"] for each in answer["later_uploads"]] == [2]
    told = done.stderr.splitlines()
    assert told[0].startswith("之后的上传 #2“list1.csv”")
    assert told[-1].startswith("上传 #1“list0.csv”已撤销")


def test_a_rehearsal_of_an_undo_changes_nothing(textbook):
    done = textbook("undo", 2, "--dry-run", "--json")
    assert json.loads(done.stdout)["restored"] == {"purchases": 2}
    assert textbook("undo", 2).exit_code == 0


def test_undoing_twice_and_undoing_nothing_are_sentences(textbook):
    assert textbook("undo", 2).exit_code == 0
    again = textbook("undo", 2)
    assert (again.exit_code, "不能重复撤销" in again.stderr) == (1, True)
    assert textbook("undo", 99).exit_code == 2


def test_uploads_are_listed_with_their_state(textbook):
    textbook("undo", 2)
    rows = json.loads(textbook("uploads", "--format", "json").stdout)
    assert [(row["upload_id"], row["state"]) for row in rows] == [(2, "undone"), (1, "committed")]
