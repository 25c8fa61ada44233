"""What recompute, scores, simulate and worst answer, and how they refuse."""

import csv
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCOPES = ["supplier", "parent", "country", "province", "city", "item"]
LEVELS = ["red", "orange", "yellow", "none"]


def read_csv(text):
    return list(csv.DictReader(text.splitlines()))


def test_recompute_prints_one_object_a_chain_with_the_promised_fields(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    result = lianwen("recompute", "--perspective", "world", "--json")
    assert result.exit_code == 0, result.stderr
    (run,) = json.loads(result.stdout)
    assert set(run) == {
        "run_id",
        "chain",
        "horizon",
        "nodes",
        "data_version",
        "engine_seconds",
        "total_seconds",
    }
    assert (run["chain"], run["horizon"], run["nodes"]) == ("mini", 180, 7)
    assert 0 < run["engine_seconds"] <= run["total_seconds"]


def test_only_the_scopes_asked_for_are_scored(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    assert lianwen("recompute", "--perspective", "world", "--scopes", "country,supplier").exit_code == 0
    rows = read_csv(lianwen("scores", "--chain", "mini", "--format", "csv").stdout)
    assert [(row["scope"], row["key"]) for row in rows] == [("supplier", "ACME"), ("country", "DEU")]


def test_a_main_horizon_of_its_own_is_stored_beside_the_standard_ones(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    assert lianwen("recompute", "--perspective", "world", "--horizon", "60").exit_code == 0
    # 30 days of glue in stock, 60 % of it gone from then on for half the horizon.
    plain = read_csv(lianwen("scores", "--chain", "mini", "--scope", "supplier", "--format", "csv").stdout)
    named = lianwen("scores", "--chain", "mini", "--scope", "supplier", "--horizon", "60", "--format", "csv")
    assert plain == read_csv(named.stdout)
    for horizon in ("30", "90", "180", "365", "730"):
        assert lianwen("scores", "--chain", "mini", "--horizon", horizon).exit_code == 0


def test_a_horizon_that_was_not_stored_is_refused_with_the_list_of_those_that_were(scored):
    result = scored("textbook")("scores", "--chain", "textbook", "--horizon", "77")
    assert result.exit_code == 2
    for horizon in ("30", "90", "180", "365", "730"):
        assert horizon in result.stderr


def test_scores_come_in_canonical_order(scored):
    rows = read_csv(scored("fabs")("scores", "--chain", "fabs", "--format", "csv").stdout)
    order = [(SCOPES.index(row["scope"]), row["key"]) for row in rows]
    assert order == sorted(order)


@pytest.mark.parametrize("mode", ["run", "build"])
def test_the_worst_come_first_by_low_end_level_then_residual_then_exposure_then_key(scored, mode):
    answer = scored("fabs")("scores", "--chain", "fabs", "--mode", mode, "--top", "40", "--format", "csv")
    rows = read_csv(answer.stdout)
    order = [
        (
            LEVELS.index(row["level"]),
            -float(row["residual_low"] or -1),
            -float(row["exposure_low"] or -1),
            row["key"],
            SCOPES.index(row["scope"]),
        )
        for row in rows
    ]
    assert order == sorted(order)


def test_two_runs_on_the_same_data_give_the_same_bytes(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    answers = []
    for _ in range(2):
        lianwen("recompute", "--perspective", "world")
        answers.append(lianwen("scores", "--chain", "mini", "--format", "csv").stdout_bytes)
    assert answers[0] == answers[1]
    assert b"\r" not in answers[0]


def test_json_and_csv_tell_the_same(scored):
    lianwen = scored("blank")
    rows = read_csv(lianwen("scores", "--chain", "blank", "--format", "csv").stdout)
    objects = json.loads(lianwen("scores", "--chain", "blank", "--format", "json").stdout)
    assert [row["key"] for row in rows] == [each["key"] for each in objects]
    for row, each in zip(rows, objects, strict=True):
        assert float(row["residual"]) == pytest.approx(each["residual"], abs=1e-9)
    assert list(objects[0]) == list(rows[0])


def test_an_unknown_chain_exits_with_2_and_names_the_near_one(scored):
    result = scored("textbook")("scores", "--chain", "textbok")
    assert result.exit_code == 2
    assert "textbook" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("shock", "near"),
    [("supplier:J11", "J1"), ("country:JP", "JPN"), ("item:RESISTS", "RESIST"), ("city:Suzho", "Suzhou")],
)
def test_an_unknown_key_exits_with_2_and_names_near_ones(scored, shock, near):
    result = scored("fabs")("simulate", "--chain", "fabs", "--shock", shock)
    assert result.exit_code == 2
    assert near in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("--shock", "country"),
        ("--shock", "planet:MARS"),
        ("--shock", "country:JPN:2"),
        ("--shock", "country:JPN:0"),
        ("--shock", "country:JPN", "--horizon", "0"),
        ("--shock", "country:JPN", "--mode", "sideways"),
        (),
    ],
)
def test_words_that_mean_nothing_exit_with_2(scored, words):
    result = scored("fabs")("simulate", "--chain", "fabs", *words)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_half_a_shock_costs_no_more_than_the_whole(scored):
    lianwen = scored("fabs")
    losses = []
    for shock in ("country:JPN:0.5", "country:JPN"):
        answer = lianwen("simulate", "--chain", "fabs", "--shock", shock, "--format", "csv")
        losses.append(float(read_csv(answer.stdout)[0]["mean_loss"]))
    assert 0 <= losses[0] < losses[1]


def test_several_shocks_at_once_cost_at_least_as_much_as_each(scored):
    lianwen = scored("fabs")

    def loss(*shocks):
        words = [word for shock in shocks for word in ("--shock", shock)]
        answer = lianwen("simulate", "--chain", "fabs", *words, "--format", "csv")
        return float(read_csv(answer.stdout)[0]["mean_loss"])

    both = loss("country:JPN", "supplier:M1")
    assert both >= max(loss("country:JPN"), loss("supplier:M1"))


def test_a_chain_without_a_run_says_to_recompute(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    result = lianwen("scores", "--chain", "mini")
    assert result.exit_code == 1
    assert "lianwen recompute" in result.stderr


def test_recompute_with_an_unknown_scope_exits_with_2(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    result = lianwen("recompute", "--scopes", "supplier,planet")
    assert result.exit_code == 2
    assert "planet" in result.stderr


def test_worst_lists_foreign_and_home_nodes_apart(scored):
    answer = scored("fabs")("worst", "--top", "3")
    assert answer.exit_code == 0, answer.stderr
    abroad, home = answer.stdout.split("境内集中")
    assert "境外对我" in abroad
    assert "[DEU]" in abroad
    assert "[DEU]" not in home
    assert "[CHN]" in home


def test_help_answers_in_half_a_second_and_loads_no_heavy_library():
    code = (
        "import sys, cli\n"
        "try:\n    cli.app(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'streamlit', 'pandas', 'numba', 'polars', 'sqlalchemy', 'pydantic'}\n"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)"
    )
    # Time of the processor, not of the clock on the wall: the machine may be busy with other tests.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stderr.strip() == "[]"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_the_version_is_one_line(lianwen):
    result = lianwen("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("lianwen ")
