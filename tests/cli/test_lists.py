"""`lianwen import --kind …`, `template`, `events`, `demand`: lists that are no supplier lists."""

import json
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"
EVENTS = "事件,地点,开始日期,持续时间\n地震,日本,2030-01-01,2周\n坏行,日本,不知道,\n"


@pytest.fixture
def textbook(lianwen):
    assert lianwen("init", "--empty").exit_code == 0
    assert lianwen("import-chain", GOLDEN / "textbook").exit_code == 0
    return lianwen


def test_events_are_imported_listed_and_undone(textbook, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    done = textbook("import", path, "--kind", "events", "--chain", "textbook", "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["status"], answer["counts"]) == (
        0,
        "accept_with_row_errors",
        {"rows": 2, "good": 1, "bad": 1},
    )
    (event,) = json.loads(textbook("events", "--chain", "textbook", "--format", "json").stdout)
    assert (event["target"], event["days"]) == ("country:JPN", 14)
    assert event["shock"].startswith("country:JPN:1:")
    again = textbook("import", path, "--kind", "events", "--chain", "textbook")
    assert (again.exit_code, "不再重复导入" in again.stderr) == (1, True)
    assert textbook("undo", answer["upload"]["upload_id"]).exit_code == 0
    assert json.loads(textbook("events", "--chain", "textbook", "--format", "json").stdout) == []


def test_a_wrong_kind_and_a_missing_chain_are_wrong_usage(textbook, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    assert textbook("import", path, "--kind", "wishes", "--chain", "textbook").exit_code == 2
    assert textbook("import", path, "--kind", "events").exit_code == 2
    assert textbook("import", path).exit_code == 2


@pytest.mark.parametrize("kind", ["suppliers", "bottlenecks", "demand", "chain", "events"])
def test_every_kind_has_a_template(textbook, tmp_path, kind):
    for language in ("zh", "en"):
        path = tmp_path / f"{kind}-{language}"
        assert textbook("template", kind, "--language", language, "-o", path).exit_code == 0
        assert path.read_bytes().startswith(b"PK")


def test_sentences_follow_the_language_setting(textbook, tmp_path, monkeypatch):
    monkeypatch.setenv("LIANWEN_LANGUAGE", "en")
    path = tmp_path / "list.csv"
    path.write_text("供应商,产品,占比,采购方\nTokyo Resist,KrF光刻胶,70%,Wuxi Fab\n", encoding="utf-8")
    done = textbook("import", path, "--chain", "textbook")
    assert done.stderr.splitlines()[-1] == "upload #1: 1 rows imported; queued run #1, #2"
