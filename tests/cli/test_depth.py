"""What depth and concentration answer on the worked examples, and how they refuse."""

from __future__ import annotations

import csv
import json

import pytest

from tests.cli.conftest import GOLDEN


def read_csv(text):
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def example(lianwen):
    def load(name):
        assert lianwen("init", "--empty").exit_code == 0
        assert lianwen("import-chain", GOLDEN / name).exit_code == 0
        return lianwen

    return load


@pytest.fixture
def fabs(example):
    return example("fabs")


def test_nanjing_fabs_resist_has_depth_three_two_and_one(fabs):
    result = fabs("depth", "--chain", "fabs", "--buyer", "南京晶圆", "--format", "csv")
    assert result.exit_code == 0, result.stderr
    row = next(row for row in read_csv(result.stdout) if row["item"] == "RESIST")
    assert [row[f"most_{level}"] for level in ("firm", "parent", "city", "country")] == ["3", "2", "", "1"]
    assert (row["fake"], row["fake_level"], row["fake_key"]) == ("own", "country", "JPN")
    assert row["cut_sets_parent"] == "J4+JGROUP"


def test_the_table_says_what_a_fake_backup_hides(example):
    result = example("fakebackup")("depth", "--chain", "fakebackup", "--buyer", "B1")
    assert result.exit_code == 0, result.stderr
    assert "假备份" in result.stdout
    assert "国家/地区 JPN: JPA; LOC ← RESIN ← RES1" in result.stdout
    assert "待核实" in result.stdout  # nobody wrote down the cities


def test_one_level_leaves_the_columns_of_the_others_out(fabs):
    result = fabs("depth", "--chain", "fabs", "--level", "country", "--format", "json", "--items")
    (end, *_) = json.loads(result.stdout)
    assert (end["kind"], end["most_country"]) == ("end", 2)
    assert "CHN+JPN" in end["cut_sets_country"]
    assert "most_firm" not in end


def test_a_buyer_that_does_not_exist_is_named_with_near_matches(fabs):
    result = fabs("depth", "--chain", "fabs", "--buyer", "Nanjing Fabs")
    assert result.exit_code == 2
    assert "Nanjing Fab" in result.stderr


def test_concentration_shows_ends_and_verdict_of_market_and_list(fabs):
    result = fabs("concentration", "--chain", "fabs", "--by", "country", "--format", "csv")
    assert result.exit_code == 0, result.stderr
    rows = {(row["item"], row["buyer"]): row for row in read_csv(result.stdout)}
    assert rows["RESIST", ""]["low"] == rows["RESIST", ""]["high"] == "0.820000000"
    assert rows["RESIST", ""]["verdict"] == "above"
    assert rows["RESIST", "B1"]["low"] == "1.000000000"
    assert rows["RESIST", "B1"]["foreign_low"] == "1.000000000"
    # J4's blank is the only one of a complete list: 0.2, so the list is known.
    assert float(rows["RESIST", "B2"]["low"]) == pytest.approx(0.7**2 + 0.3**2)
    assert rows["RESIST", "B2"]["defaults"] == "share"


def test_the_same_data_give_the_same_bytes(fabs):
    for words in (("depth", "--items"), ("concentration",)):
        first, second = (fabs(*words, "--chain", "fabs", "--format", "csv").stdout for _ in range(2))
        assert first == second
