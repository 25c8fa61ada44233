"""Presets: each problem of a file is named, the shipped ones have none."""

from pathlib import Path

import pytest

from chains.catalog import read_folder
from chains.defaults import load_defaults
from chains.errors import UnknownKeyError
from chains.union import join_folders
from desk.loading import check_data
from desk.presets import check_presets, find_preset, list_presets
from desk.scenario_parts import lay_stock, simulate_plan
from risk.scenario_store.model import PresetKind

ROOT = Path(__file__).parents[2]
GOOD = """
name_zh = "停"
name_en = "Stop"
note_zh = "全停"
note_en = "All stops"
kind = "exercise"
chain = "fabs"
shocks = ["country:JPN:1:10:7"]
"""


@pytest.fixture
def written(tmp_path):
    """Write a preset into a data folder; gives its problems."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "defaults.toml").write_bytes((ROOT / "data" / "defaults.toml").read_bytes())
    folder, _ = read_folder(ROOT / "tests" / "golden" / "chains" / "fabs")

    def check(text):
        (tmp_path / "scenarios" / "one.toml").write_text(text, encoding="utf-8")
        return [problem.say("en") for problem in check_presets(tmp_path, [folder])]

    return check


def test_the_shipped_presets_have_no_problem():
    codes = {problem.code for problem in check_data(ROOT / "data")}
    assert "bad-scenario" not in codes
    assert len(list_presets(ROOT / "data")) == len(list((ROOT / "data" / "scenarios").glob("*.toml"))) > 3


def test_a_good_file_has_no_problem(written):
    assert written(GOOD) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("JPN", "JPX"), "no country 'JPX' in this chain; did you mean JPN"),
        (('"fabs"', '"fab"'), "did you mean fabs"),
        (("JPN:1:10:7", "JPN:2"), "severity 2"),
        (("JPN:1:10:7", "JPN:1:180"), "beyond the horizon"),
        (("JPN:1:10:7", "JPN@GLU"), "no item 'GLU'"),
        (('note_zh = "全停"', ""), "no note_zh"),
        (('kind = "exercise"', 'kind = "case"'), "a real case needs a source"),
        (('kind = "exercise"', 'kind = "story"'), "story"),
        (("shocks =", "shoks ="), "unknown entry shoks"),
        (("shocks", "=["), "cannot be read"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(written, change, sentence):
    (problem,) = written(GOOD.replace(*change))
    assert "scenarios/one.toml" in problem
    assert sentence in problem


CUT = GOOD.replace('shocks = ["country:JPN:1:10:7"]', 'cuts = ["JPN>home:RESIST:0.5"]\nstock = ["RESIST:60"]')


def test_a_preset_may_cut_deliveries_and_assume_stock(written):
    assert written(CUT) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("JPN>", "JPX>"), "no country, group, supplier or place 'JPX' in this chain; did you mean JPN"),
        ((">home:RESIST", ">home:RESIS"), "no item 'RESIS' in this chain; did you mean RESIST"),
        ((">home", ">moon"), "no region moon"),
        (('"RESIST:60"', '"RESIT:60"'), "did you mean RESIST"),
        (('"RESIST:60"', '"RESIST"'), "is no stock"),
        (("stock", 'perspective = "world"\nstock'), "seen from home"),
    ],
)
def test_a_bad_cut_or_stock_is_named_with_what_is_wrong(written, change, sentence):
    (problem,) = written(CUT.replace(*change))
    assert sentence in problem


def test_every_real_case_names_its_source():
    cases = [one for one in list_presets(ROOT / "data") if one.kind is PresetKind.CASE]
    assert cases
    assert all(source.url.startswith("https://") for one in cases for source in one.sources)


def test_an_unknown_preset_is_named_with_near_ones():
    with pytest.raises(UnknownKeyError, match="did you mean wuxi-seven-days"):
        find_preset(ROOT / "data", "wuxi-seven")


def test_no_plant_downstream_of_the_quartz_mines_stops_while_stock_lasts():
    """The hurricane of 2024: with 60 days of stock nobody but the two mines loses output."""
    preset = find_preset(ROOT / "data", "spruce-pine-hurricane")
    folders = [read_folder(path)[0] for path in sorted((ROOT / "data" / "chains").iterdir()) if path.is_dir()]
    records = lay_stock(join_folders(folders, preset.plan.chain_id), preset.plan)
    found = simulate_plan(records, preset.plan, defaults=load_defaults(ROOT / "data" / "defaults.toml"))
    assert found.mean_loss == pytest.approx(0.0, abs=1e-9)
    assert found.first_day is None
    hit = {(unit.supplier_id, unit.item_id) for unit in found.units if unit.worst_loss > 0.01}
    assert hit == {("quartz-corp-spruce-pine", "PV-HPQ"), ("sibelco-spruce-pine", "PV-HPQ")}
