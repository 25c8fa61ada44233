"""The daily loop on 合成示例 through the commands: a list comes in, alerts open, the next list heals."""

import json

import pytest

from settings import CHECKOUT
from tests.cli.conftest import succeed

LISTS = CHECKOUT / "data" / "examples" / "uploads-demo"
EXPECTED = json.loads((LISTS / "expected.json").read_text(encoding="utf-8"))
MAKER = "demo-resist-japan-a"


def bring_in(home, name):
    words = ("--chain", "demo", "--by", "王工", "--unit", "省工信厅", "--json")
    answer = json.loads(succeed(home, "import", LISTS / name, *words).stdout)
    succeed(home, "recompute", "--chain", "demo", "--perspective", "world")
    return answer


def alerts_of(home, key):
    found = json.loads(succeed(home, "alerts", "--chain", "demo", "--json").stdout)
    return {alert["rule"]: alert for alert in found if (alert["scope"], alert["key"]) == ("supplier", key)}


@pytest.fixture
def example(home):
    """The synthetic example with its first run."""
    succeed(home, "init", "--empty")
    succeed(home, "example", "load")
    succeed(home, "recompute", "--chain", "demo", "--perspective", "world")
    return home


def test_a_list_makes_a_maker_critical_and_the_next_list_heals_it(example):
    assert alerts_of(example, MAKER) == {}

    answer = bring_in(example, "one-supplier.csv")
    assert (answer["status"], answer["upload"]["committed"]) == ("accept", 1)
    opened = alerts_of(example, MAKER)
    assert set(opened) == {"newly_critical", "structural_spof"}
    alert = opened["newly_critical"]
    before, after = EXPECTED["as loaded"], EXPECTED["one-supplier.csv"]
    assert (alert["state"], alert["level"]) == ("open", "red")
    assert (alert["before"]["level"], alert["after"]["level"]) == (before["level"], after["level"])
    assert alert["after"]["run"]["residual"] == pytest.approx(after["residual_run"], abs=1e-6)
    assert [(upload["name"], upload["by"]) for upload in alert["uploads"]] == [("one-supplier.csv", "王工")]

    answer = bring_in(example, "three-suppliers.xlsx")
    assert answer["upload"]["committed"] == 3
    healed = alerts_of(example, MAKER)
    assert {alert["state"] for rule, alert in healed.items() if rule in opened} == {"closed"}


def test_a_preview_alone_stores_nothing_and_alerts_nobody(example):
    succeed(example, "import", LISTS / "one-supplier.csv", "--chain", "demo", "--dry-run")
    succeed(example, "recompute", "--chain", "demo", "--perspective", "world")
    assert alerts_of(example, MAKER) == {}
