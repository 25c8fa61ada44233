"""The slow twin gives every number of the worked examples (model.md), to 1e-6."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from chains.model import End, Mode, Scope
from risk.model import NODE_SCOPES, Shock
from tests.reference.facts import Facts, node_keys, read_facts
from tests.reference.reading import read_plain
from tests.reference.scores import score_node, simulate

EXAMPLES = Path(__file__).parent / "golden" / "chains"
NAMES = ("blank", "capital", "fabs", "fakebackup", "textbook")
TABLES = (
    ("expected_run_180.csv", Mode.RUN, End.POINT),
    ("expected_build_180.csv", Mode.BUILD, End.POINT),
    ("expected_low_180.csv", Mode.RUN, End.LOW),
)
SCORES = ("exposure", "substitution", "residual", "tts_days", "recovery_day")


def facts_of(name: str) -> Facts:
    return read_facts([read_plain(EXAMPLES / name)], name)


def expected_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def number(cell: str) -> object:
    return pytest.approx(float(cell), abs=1e-6) if cell else None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("table", "mode", "end"), TABLES)
def test_the_twin_gives_every_expected_score(name: str, table: str, mode: Mode, end: End) -> None:
    facts = facts_of(name)
    rows = expected_rows(EXAMPLES / name / table)
    assert rows
    for row in rows:
        scores = score_node(facts, Scope(row["scope"]), row["key"], mode=mode, end=end)
        for score in SCORES:
            assert getattr(scores, score) == number(row[score]), (row["scope"], row["key"], score)


@pytest.mark.parametrize("name", NAMES)
def test_the_twin_finds_exactly_the_expected_nodes(name: str) -> None:
    facts = facts_of(name)
    expected = {(row["scope"], row["key"]) for row in expected_rows(EXAMPLES / name / "expected_run_180.csv")}
    shown = {scope for scope, _ in expected}  # provinces are left out of the expected files
    found = {(scope, key) for scope in NODE_SCOPES if scope in shown for key in node_keys(facts, scope)}
    assert found == expected


@pytest.mark.parametrize("name", ["fabs", "fakebackup"])
def test_the_twin_gives_every_unit_loss_when_japan_stops(name: str) -> None:
    outcome = simulate(facts_of(name), [Shock(Scope.COUNTRY, "JPN")], mode=Mode.RUN, horizon=180)
    rows = expected_rows(EXAMPLES / name / "expected_units_JPN_180.csv")
    assert {(row["supplier"], row["item"]) for row in rows} == set(outcome.unit_loss)
    for row in rows:
        mean_loss, first = outcome.unit_loss[row["supplier"], row["item"]]
        assert mean_loss == number(row["mean_loss"]), row
        assert first == number(row["first_day"]), row
