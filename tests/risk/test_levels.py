"""Levels, verdicts and structural weaknesses: when a node is called one."""

from pathlib import Path

import numpy as np
import pytest

from chains.defaults import Defaults
from chains.model import ChainFolder, Mode, Scope, Use
from chains.union import join_folders
from risk.compute import compute_scores
from risk.errors import ParameterError
from risk.levels import Levels, Lines, level_ranks, load_levels
from risk.model import Judgement, Level, Verdict
from tests.factories import aggregate, firm, folder, item, link, one_product, supply

RUN = Lines(red=0.10, orange=0.05, yellow=0.02, red_first_day=90)


def ranks(score: float, first_day: float) -> int:
    return int(level_ranks(RUN, np.array([score]), np.array([first_day]))[0])


def test_a_line_is_passed_only_by_more_than_a_billionth():
    assert ranks(0.02, 0) == Level.NONE.rank
    assert ranks(0.02 + 1e-8, 0) == Level.YELLOW.rank


def test_red_needs_a_first_day_within_ninety_days():
    assert ranks(0.5, 90) == Level.RED.rank
    assert ranks(0.5, 91) == Level.ORANGE.rank
    assert ranks(0.5, np.nan) == Level.ORANGE.rank


def test_nothing_known_is_no_level():
    assert ranks(np.nan, np.nan) == Level.NONE.rank


def test_lines_out_of_order_are_refused(tmp_path: Path):
    file = tmp_path / "levels.toml"
    file.write_text(
        "structural_need = 0.2\n[world.run]\nred = 0.1\norange = 0.2\nyellow = 0.02\n"
        "[world.build]\nred = 0.5\norange = 0.25\nyellow = 0.1\n"
    )
    with pytest.raises(ParameterError, match=r"levels.toml: \[world.run\]"):
        load_levels(file)


def judgements(rows: ChainFolder, defaults: Defaults, levels: Levels) -> dict[tuple[Scope, str], Judgement]:
    table = compute_scores(join_folders([rows], "c1"), defaults=defaults, levels=levels).table
    return {(node.scope, node.key): one for node, one in zip(table.nodes, table.judgements, strict=True)}


def test_nobody_is_called_a_weakness_because_a_share_is_missing(defaults: Defaults, levels: Levels):
    rows = one_product(supply("S", "PART"), complete=False, suppliers=[firm("S", "JPN")])
    one = judgements(rows, defaults, levels)[Scope.SUPPLIER, "S"]
    assert one.level is Level.NONE
    assert one.level_high is Level.RED
    assert one.verdict is Verdict.CANNOT_TELL
    assert "share" in one.defaults


def test_a_firm_known_only_through_its_country_has_no_score_and_says_why(defaults: Defaults, levels: Levels):
    suppliers = [firm("S", "JPN"), aggregate("CC-JPN", "JPN")]
    rows = one_product(supply("S", "PART"), supply("CC-JPN", "PART", 0.9), suppliers=suppliers)
    table = compute_scores(join_folders([rows], "c1"), defaults=defaults, levels=levels).table
    at = [(node.scope, node.key) for node in table.nodes].index((Scope.SUPPLIER, "S"))
    assert np.isnan(table.values["exposure"][..., at]).all()
    assert table.judgements[at].verdict is Verdict.COUNTRY_ONLY


def test_a_sole_toolmaker_is_structural_for_new_lines_and_not_for_running_ones(
    defaults: Defaults, levels: Levels
):
    tool = item("TOOL", use=Use.CAPITAL, suppliers_complete=True)
    rows = folder(
        items=[tool, item("END", weight=1.0)],
        links=[link("TOOL", "END")],
        suppliers=[firm("NL", "NLD"), firm("CT", "CHN")],
        supplies=[supply("NL", "TOOL", 0.85), supply("CT", "TOOL", 0.15)],
    )
    found = judgements(rows, defaults, levels)
    assert found[Scope.SUPPLIER, "NL"].structural_build
    assert not found[Scope.SUPPLIER, "NL"].structural_run
    worst = found[Scope.SUPPLIER, "NL"].worst_slot
    assert worst is not None
    assert worst[0] == "TOOL"
    assert worst[1] == pytest.approx(0.15)
    assert not found[Scope.SUPPLIER, "CT"].structural_build
    assert not found[Scope.ITEM, "TOOL"].structural_build
    assert found[Scope.SUPPLIER, "NL"].decided_by is Mode.BUILD
