"""`lianwen events --as-scenario`: disruption events of a list become scenarios that are kept."""

import json
from datetime import date

import pytest

from desk.event_scenarios import EventScenarioError, event_plan, find_event, suggest_name
from settings import Settings
from tests.cli.conftest import GOLDEN

EVENTS = (
    "事件,地点,开始日期,持续时间,影响程度\n地震,日本,2026-01-01,,50%\n停电,火星,2026-01-01,,\n"
    "旧事,日本,2020-01-01,2周,\n远事,日本,2099-01-01,2周,\n"
)


@pytest.fixture
def quake(lianwen, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    assert lianwen("init", "--empty").exit_code == 0
    assert lianwen("import-chain", GOLDEN / "textbook").exit_code == 0
    assert lianwen("import", path, "--kind", "events", "--chain", "textbook").exit_code == 0
    return lianwen


def events(lianwen, *words):
    return lianwen("events", "--chain", "textbook", *words)


def listed(lianwen):
    found = json.loads(events(lianwen, "--format", "json").stdout)
    return {row["what"]: (row["event_id"], row["scenario"]) for row in found}


def test_an_event_becomes_a_scenario_that_can_be_run(quake):
    key, scenario = listed(quake)["地震"]
    assert scenario is None
    done = events(quake, "--as-scenario", key, "--name", "日本地震")
    assert (done.exit_code, "日本地震" in done.stderr) == (0, True)
    assert listed(quake)["地震"] == (key, "日本地震")
    (row,) = [
        row
        for row in json.loads(quake("scenarios", "--chain", "textbook", "--format", "json").stdout)
        if row["name"] == "日本地震"
    ]
    assert "country:JPN" in json.dumps(row, ensure_ascii=False)
    assert quake("simulate", "--saved", "日本地震").exit_code == 0


def test_one_event_is_kept_once_until_its_scenario_is_deleted(quake):
    key, _ = listed(quake)["地震"]
    assert events(quake, "--as-scenario", key).exit_code == 0
    _, name = listed(quake)["地震"]
    again = events(quake, "--as-scenario", key, "--name", "别名")
    assert again.exit_code != 0
    assert name in again.stderr
    assert quake("scenarios", "--delete", name).exit_code == 0
    assert events(quake, "--as-scenario", key).exit_code == 0


@pytest.mark.parametrize(
    ("what", "said"), [("停电", "不在产业链"), ("旧事", "已经结束"), ("远事", "最多推演 730 天")]
)
def test_an_event_that_is_no_scenario_says_why(quake, what, said):
    key, _ = listed(quake)[what]
    done = events(quake, "--as-scenario", key)
    assert done.exit_code != 0
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert listed(quake)[what] == (key, None)


def test_an_event_that_does_not_exist_and_one_name_for_two_are_refused(quake):
    key, _ = listed(quake)["地震"]
    assert "没有断供事件" in events(quake, "--as-scenario", "9-9").stderr
    both = events(quake, "--as-scenario", key, "--as-scenario", key, "--name", "x")
    assert (both.exit_code, "只能给一个情景命名" in both.stderr) == (2, True)


def test_the_days_of_an_event_are_those_seen_from_the_day(quake, home):
    settings = Settings(home=home)
    key, _ = listed(quake)["旧事"]
    event = find_event(settings, "textbook", key, today=date(2019, 12, 30))
    (shock,) = event_plan(settings, "textbook", event).shocks
    assert (shock.key, shock.severity, shock.start_day, shock.days) == ("JPN", 1.0, 2, 14)
    early = find_event(settings, "textbook", key, today=date(2019, 2, 1))
    assert event_plan(settings, "textbook", early).horizon == 365
    assert suggest_name(event).endswith(f"2020-01-01 #{key}")


def test_an_event_without_a_node_of_the_chain_has_no_plan(quake, home):
    settings = Settings(home=home)
    key, _ = listed(quake)["停电"]
    with pytest.raises(EventScenarioError, match="not on chain textbook"):
        event_plan(settings, "textbook", find_event(settings, "textbook", key))
