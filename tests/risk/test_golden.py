"""The worked examples of the model: every number of every folder, to 1e-6."""

import csv
from pathlib import Path

import numpy as np
import pytest

from chains.catalog import read_folder
from chains.defaults import Defaults
from chains.model import ChainRecords, End, Mode, Scope
from chains.union import join_folders
from risk.compute import compute_scores
from risk.levels import Levels
from risk.model import ENDS, MODES, Shock
from risk.scenarios import simulate

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "chains"
EXAMPLES = ("blank", "capital", "fabs", "fakebackup", "textbook")
SCORES = ("exposure", "substitution", "residual", "tts_days", "recovery_day")
VIEWS = {"run": (Mode.RUN, End.POINT), "build": (Mode.BUILD, End.POINT), "low": (Mode.RUN, End.LOW)}


def records_of(name: str) -> ChainRecords:
    folder, problems = read_folder(GOLDEN / name)
    assert problems == []
    return join_folders([folder], name)


def expected_rows(name: str, file: str) -> list[dict[str, str]]:
    with (GOLDEN / name / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("view", VIEWS)
def test_every_score_of_the_worked_examples_is_as_expected(
    name: str, view: str, defaults: Defaults, levels: Levels
):
    table = compute_scores(records_of(name), defaults=defaults, levels=levels).table
    mode, end = VIEWS[view]
    column = {(node.scope.value, node.key): number for number, node in enumerate(table.nodes)}
    rows = expected_rows(name, f"expected_{view}_180.csv")
    assert rows
    at = (MODES.index(mode), ENDS.index(end), table.horizons.index(180))
    for row in rows:
        got = [table.values[score][at][column[row["scope"], row["key"]]] for score in SCORES]
        want = [float(row[score]) if row[score] else np.nan for score in SCORES]
        assert got == pytest.approx(want, abs=1e-6, nan_ok=True), (row["scope"], row["key"])


@pytest.mark.parametrize("name", ["fabs", "fakebackup"])
def test_every_unit_loses_what_is_expected_when_japan_stops(name: str, defaults: Defaults):
    units = simulate(records_of(name), [Shock(Scope.COUNTRY, "JPN")], defaults=defaults).units
    got = [(unit.supplier_id, unit.item_id, unit.first_day) for unit in units]
    rows = expected_rows(name, "expected_units_JPN_180.csv")
    assert got == [
        (row["supplier"], row["item"], int(row["first_day"]) if row["first_day"] else None) for row in rows
    ]
    assert [unit.mean_loss for unit in units] == pytest.approx(
        [float(row["mean_loss"]) for row in rows], abs=1e-6
    )
