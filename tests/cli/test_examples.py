"""Every number of the worked examples, through the commands an officer types."""

import csv
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"
CHAINS = ("textbook", "fabs", "fakebackup", "capital", "blank")
FRACTIONS = ("exposure", "substitution", "residual")


def read_csv(text):
    return list(csv.DictReader(text.splitlines()))


def read_golden(chain, name):
    return read_csv((GOLDEN / chain / name).read_text(encoding="utf-8"))


def same_number(found, expected):
    if not found or not expected:
        return found == expected
    return abs(float(found) - float(expected)) <= 1e-6


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("expected_run_180.csv", ("--mode", "run")),
        ("expected_build_180.csv", ("--mode", "build")),
        ("expected_low_180.csv", ("--end", "low")),
    ],
)
def test_the_scores_command_gives_every_number_of_the_worked_example(scored, chain, table, words):
    answer = scored(chain)("scores", "--chain", chain, *words, "--format", "csv")
    found = {(row["scope"], row["key"]): row for row in read_csv(answer.stdout)}
    for row in read_golden(chain, table):
        node = found[row["scope"], row["key"]]
        for column in row.keys() - {"scope", "key"}:
            assert same_number(node[column], row[column]), (chain, table, row["scope"], row["key"], column)


@pytest.mark.parametrize("chain", CHAINS)
def test_the_first_columns_of_the_csv_are_the_fixed_ones(scored, chain):
    answer = scored(chain)("scores", "--chain", chain, "--format", "csv")
    fixed = "scope,key,exposure,substitution,residual,tts_days,recovery_day,level,verdict,defaults,"
    assert answer.stdout.startswith(fixed)


@pytest.mark.parametrize("chain", ["fabs", "fakebackup"])
def test_simulate_with_units_gives_the_loss_of_every_unit_of_the_worked_example(scored, chain):
    answer = scored(chain)(
        "simulate", "--chain", chain, "--shock", "country:JPN", "--units", "--format", "csv"
    )
    assert answer.exit_code == 0, answer.stderr
    found = {(row["supplier"], row["item"]): row for row in read_csv(answer.stdout)}
    for row in read_golden(chain, "expected_units_JPN_180.csv"):
        unit = found[row["supplier"], row["item"]]
        assert same_number(unit["mean_loss"], row["mean_loss"]), row
        assert unit["first_day"] == row["first_day"], row


@pytest.mark.parametrize("mode", ["run", "build"])
def test_simulating_the_stop_of_one_node_gives_that_nodes_scores(scored, mode):
    lianwen = scored("fabs")
    listed = lianwen("scores", "--chain", "fabs", "--mode", mode, "--scope", "country", "--format", "csv")
    for row in read_csv(listed.stdout):
        answer = lianwen(
            "simulate",
            "--chain",
            "fabs",
            "--shock",
            f"country:{row['key']}",
            "--mode",
            mode,
            "--format",
            "csv",
        )
        (found,) = read_csv(answer.stdout)
        assert same_number(found["exposure"], row["exposure"])
        assert same_number(found["mean_loss"], row["residual"])
        assert (found["first_day"], found["recovery_day"]) == (row["tts_days"], row["recovery_day"])
