"""Commands about what is not known, on the example with one blank: SEALANT by S1 alone, share unknown."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Cli

SCOPED = ("--scope", "supplier", "--key", "S1")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_verdict_at_each_line_stands_behind_the_columns_that_were_there(scored: Callable[[str], Cli]):
    lianwen = scored("blank")
    plain = lianwen("scores", "--chain", "blank", "--format", "csv").stdout
    wide = lianwen("scores", "--chain", "blank", "--format", "csv", "--verdicts").stdout
    assert [line.rsplit(",", 6)[0] for line in wide.splitlines()] == plain.splitlines()
    found = {(row["scope"], row["key"]): row for row in rows(wide)}
    # Nothing at the low end, everything at the high end: no line is decided.
    lines = [f"{mode}_{level}" for mode in ("run", "build") for level in ("red", "orange", "yellow")]
    assert {found["supplier", "S1"][line] for line in lines} == {"cannot_tell"}
    assert {found["item", "SEALANT"][line] for line in lines} == {"above"}


def test_verdicts_in_json_have_the_same_names(scored: Callable[[str], Cli]):
    text = scored("blank")(
        "scores", "--chain", "blank", "--format", "json", "--verdicts", "--top", "1"
    ).stdout
    assert json.loads(text)[0]["run_red"] == "above"


def test_a_band_lies_between_the_ends_and_repeats_to_the_byte(scored: Callable[[str], Cli]):
    lianwen = scored("blank")
    words = ("band", "--chain", "blank", *SCOPED, "--draws", "50", "--seed", "9", "--format", "csv")
    first, again = lianwen(*words), lianwen(*words)
    assert first.exit_code == 0, first.stderr
    assert first.stdout == again.stdout
    exposure = rows(first.stdout)[0]
    assert (exposure["mode"], exposure["score"], exposure["seed"]) == ("run", "exposure", "9")
    # S1 gets an even part of the whole list, but no more than the cap of 0.1.
    assert [float(exposure[name]) for name in ("low", "point", "high")] == [0.0, 0.1, 1.0]
    assert 0.0 <= float(exposure["q05"]) <= float(exposure["q50"]) <= float(exposure["q95"]) <= 0.1


def test_without_a_node_the_widest_are_taken(scored: Callable[[str], Cli]):
    found = scored("blank")("band", "--chain", "blank", "--top", "2", "--draws", "20", "--format", "csv")
    assert len({(row["scope"], row["key"]) for row in rows(found.stdout)}) == 2


def test_half_a_node_and_an_unknown_one_are_refused(scored: Callable[[str], Cli]):
    lianwen = scored("blank")
    half = lianwen("band", "--chain", "blank", "--scope", "supplier")
    assert (half.exit_code, half.stderr) == (2, "--scope 和 --key 要一起给\n")
    unknown = lianwen("band", "--chain", "blank", "--scope", "supplier", "--key", "S2")
    assert unknown.exit_code == 2
    assert "S1" in unknown.stderr


def test_a_visit_to_the_one_firm_settles_what_it_alone_leaves_open(scored: Callable[[str], Cli]):
    found = scored("blank")("visits", "--chain", "blank", "--format", "csv")
    assert found.stderr == "问这 1 家企业 1 个问题,待核实的 1 条判断中有 1 条可以定下\n"
    (row,) = rows(found.stdout)
    assert (row["supplier"], row["asked"], row["item"], row["settles"], row["alone"]) == (
        "S1",
        "market_share",
        "SEALANT",
        "1",
        "1",
    )
    assert row["nodes"] == "supplier:S1"
    assert float(row["value"]) == 1.0


def test_visits_are_kept_for_the_data_and_the_same_the_second_time(scored: Callable[[str], Cli], home: Path):
    lianwen = scored("blank")
    words = ("visits", "--chain", "blank", "--format", "csv")
    assert lianwen(*words).stdout == lianwen(*words).stdout
    assert home.exists()


def test_a_province_without_a_firm_is_refused_with_those_that_have_one(scored: Callable[[str], Cli]):
    found = scored("blank")("visits", "--chain", "blank", "--province", "江苏")
    assert found.exit_code == 2
    assert "湖北" in found.stderr
