"""Words that choose whose loss is measured."""

import json

import pytest

from chains.model import Perspective
from desk.computing import RUN_COLUMNS, RunSummary
from desk.output import Format
from desk.run_cells import lay_out_runs

BOTH = tuple(Perspective)


def summary(run_id, chain, perspective):
    return RunSummary(run_id, chain, 180, 3, "ab12", 0.5, 1.0, perspective)


RUNS = [summary(2 * at + 1 + each, chain, BOTH[each]) for at, chain in enumerate("ab") for each in (0, 1)]


def test_two_perspectives_are_a_row_a_chain_in_json_with_home_beside_the_world():
    rows = json.loads(lay_out_runs(RUNS, BOTH, form=Format.JSON))
    assert [(row["chain"], row["run_id"], row["home"]["run_id"]) for row in rows] == [
        ("a", 1, 2),
        ("b", 3, 4),
    ]
    assert list(rows[0]) == [*RUN_COLUMNS, "home"]


def test_two_perspectives_are_a_line_a_run_in_a_table():
    lines = lay_out_runs(RUNS, BOTH, form=Format.TABLE).splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [
        ["1", "a", "world"],
        ["2", "a", "home"],
        ["3", "b", "world"],
        ["4", "b", "home"],
    ]


def test_one_perspective_is_written_as_ever():
    text = lay_out_runs(RUNS[:1], BOTH[:1], form=Format.CSV)
    assert text.splitlines()[0] == ",".join(RUN_COLUMNS)


@pytest.mark.parametrize("command", ["recompute", "scores", "worst", "alerts"])
def test_a_word_that_is_no_perspective_is_refused(lianwen, small_chain, command):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    words = ["--chain", small_chain.name] if command == "scores" else []
    result = lianwen(command, *words, "--perspective", "moon")
    assert result.exit_code == 2


def test_scores_from_home_say_what_to_do_where_there_are_none(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    lianwen("recompute", "--perspective", "world")
    result = lianwen("scores", "--chain", small_chain.name, "--perspective", "home")
    assert result.exit_code == 1
    assert f"lianwen recompute --perspective home --chain {small_chain.name}" in result.stderr


def test_both_perspectives_are_computed_unless_one_is_asked_for(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    result = lianwen("recompute", "--json")
    assert result.exit_code == 0, result.stderr
    (row,) = json.loads(result.stdout)
    assert (row["chain"], row["run_id"], row["home"]["run_id"]) == ("mini", 1, 2)
    assert row["home"]["nodes"] == row["nodes"]
    listed = lianwen("scores", "--chain", "mini", "--perspective", "home", "--format", "json")
    assert "source" not in {one["scope"] for one in json.loads(listed.stdout)}
    sources = lianwen(
        "scores", "--chain", "mini", "--perspective", "home", "--scope", "source", "--format", "json"
    )
    found = {one["key"]: one for one in json.loads(sources.stdout)}
    # Whether PANEL is made from it at home is not known: anything from nothing to all may be lost.
    assert set(found) == {"ACME/GLUE", "DEU/GLUE"}
    assert (found["DEU/GLUE"]["exposure_low"], found["DEU/GLUE"]["exposure_high"]) == (0.0, 1.0)
    assert "home_use" in found["DEU/GLUE"]["defaults"]


def test_a_cut_is_answered_with_provinces_and_parts(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    cut = ("simulate", "--chain", "mini", "--cut", "DEU+ACME>home:GLUE")
    result = lianwen(*cut, "--parts", "--format", "json")
    assert result.exit_code == 0, result.stderr
    rows = {row["what"]: row for row in json.loads(result.stdout)}
    assert set(rows) == {"ACME", "DEU", "joint", "interaction"}
    largest = max(rows["DEU"]["exposure"], rows["ACME"]["exposure"])
    assert rows["interaction"]["exposure"] == pytest.approx(rows["joint"]["exposure"] - largest)
    unknown = lianwen("simulate", "--chain", "mini", "--cut", "DEV>home")
    assert unknown.exit_code == 2
    assert "DEU" in unknown.stderr


def test_home_may_be_a_province(lianwen, small_chain, monkeypatch):
    monkeypatch.setenv("LIANWEN_HOME_REGION", "CHN/江苏")
    suppliers = "supplier_id,name_en,kind,country,province\nACME,Acme,enterprise,CHN,浙江\n"
    (small_chain / "suppliers.csv").write_text(suppliers, encoding="utf-8")
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    assert lianwen("recompute").exit_code == 0
    words = ("scores", "--chain", "mini", "--scope", "supplier", "--format", "json")
    for perspective, home in (("world", True), ("home", False)):
        (row,) = json.loads(lianwen(*words, "--perspective", perspective).stdout)
        assert row["home"] is home


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("scores", "--chain", "mini", "--perspective", "hom"), "home"),
        (("scores", "--chain", "mini", "--scope", "sources"), "source"),
        (("scores", "--chain", "mini", "--side", "abrod"), "abroad"),
        (("simulate", "--chain", "mini", "--cut", "DEU>home", "--perspective", "hme"), "home"),
    ],
)
def test_a_word_that_is_none_of_a_short_list_is_told_the_nearest(lianwen, words, near):
    result = lianwen(*words)
    assert result.exit_code == 2
    assert f"相近的有:{near}" in result.stderr


@pytest.mark.parametrize(
    ("region", "near"), [("CHM", "CHN"), ("CHN/江办", "CHN/江苏"), ("CHN/Jiangsy", "CHN/江苏")]
)
def test_a_home_that_is_no_place_is_refused_with_near_ones(lianwen, small_chain, monkeypatch, region, near):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    monkeypatch.setenv("LIANWEN_HOME_REGION", region)
    for words in (("recompute",), ("simulate", "--chain", "mini", "--cut", "DEU>home")):
        result = lianwen(*words)
        assert result.exit_code == 2
        assert near in result.stderr


@pytest.mark.parametrize("region", ["CHN/江苏", "CHN/江苏省", "CHN/Jiangsu"])
def test_home_may_be_written_in_any_spelling_of_its_province(lianwen, small_chain, monkeypatch, region):
    suppliers = "supplier_id,name_en,kind,country,province\nACME,Acme,enterprise,CHN,江苏\n"
    (small_chain / "suppliers.csv").write_text(suppliers, encoding="utf-8")
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    monkeypatch.setenv("LIANWEN_HOME_REGION", region)
    lianwen("recompute", "--perspective", "home")
    words = ("scores", "--chain", "mini", "--scope", "supplier", "--format", "json")
    (row,) = json.loads(lianwen(*words, "--perspective", "home").stdout)
    assert row["home"] is True


def test_cutting_a_country_that_supplies_nothing_loses_nothing_and_says_so(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    cut = ("simulate", "--chain", "mini", "--cut")
    result = lianwen(*cut, "FRA>home", "--parts", "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert [row["mean_loss"] for row in json.loads(result.stdout)] == [0.0]
    assert "FRA" in result.stderr
    both = lianwen(*cut, "FRA+DEU>home:GLUE", "--parts", "--format", "json")
    rows = {row["what"]: row["exposure"] for row in json.loads(both.stdout)}
    assert rows["FRA"] == 0.0
    assert rows["joint"] == rows["DEU"] > 0.0


def test_one_side_of_the_border_is_listed_by_what_decides_in_the_mode(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    lianwen("recompute", "--perspective", "home")
    words = ("scores", "--chain", "mini", "--perspective", "home", "--scope", "source", "--format", "json")
    abroad = json.loads(lianwen(*words, "--side", "abroad", "--top", "1").stdout)
    assert [row["key"] for row in abroad] == ["ACME/GLUE"]
    assert json.loads(lianwen(*words, "--side", "home").stdout) == []


def test_the_worst_seen_from_home_begin_with_countries_as_sources_of_items(lianwen, small_chain):
    lianwen("init", "--empty")
    lianwen("import-chain", small_chain)
    lianwen("recompute")
    result = lianwen("worst", "--perspective", "home")
    assert result.exit_code == 0, result.stderr
    titles = [
        line.strip() for line in result.stdout.splitlines() if line.startswith("  境") or "我对境外" in line
    ]
    assert [title.partition(":")[0] for title in titles] == ["境外对我", "境外对我", "境内集中", "我对境外"]
    assert "DEU/GLUE" in result.stdout
