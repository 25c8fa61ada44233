"""What simulate and scenarios answer: days, recovery, plants, who takes over, presets, kept scenarios."""

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import succeed

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"
PRESETS = Path(__file__).parents[2] / "data" / "scenarios"


def rows_of(result):
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(result.stdout.splitlines()))


def simulated(lianwen, *words):
    return rows_of(lianwen("simulate", "--chain", "fabs", *words, "--format", "csv"))


@pytest.fixture
def kept_home(home):
    """A home of its own with a worked example, to be written to."""
    succeed(home, "init", "--empty")
    succeed(home, "import-chain", GOLDEN / "fabs")
    return home


def test_a_shock_that_begins_later_and_ends_costs_less_and_recovers(scored):
    (whole,) = simulated(scored("fabs"), "--shock", "country:DEU")
    (part,) = simulated(scored("fabs"), "--shock", "country:DEU:1:10:110")
    assert 0 < float(part["mean_loss"]) < float(whole["mean_loss"])
    assert int(part["first_day"]) >= 10
    assert int(part["recovery_day"]) > int(part["first_day"])


def test_a_recovery_ramp_is_read_from_the_shock_or_from_its_option(scored):
    lianwen = scored("fabs")
    written = simulated(lianwen, "--shock", "country:DEU:1:10:110:20", "--daily")
    option = simulated(lianwen, "--shock", "country:DEU:1:10:110", "--recover-days", "20", "--daily")
    none = simulated(lianwen, "--shock", "country:DEU:1:10:110", "--daily")
    assert written == option
    assert len(written) == 180
    assert float(written[125]["loss"]) > float(none[125]["loss"])


def test_a_start_may_be_a_date(scored):
    lianwen = scored("fabs")
    dated = simulated(lianwen, "--shock", "country:DEU:1:2026-12-11:110", "--from", "2026-12-01")
    assert dated == simulated(lianwen, "--shock", "country:DEU:1:10:110")


def test_units_give_first_day_mean_loss_and_day_of_recovery(scored):
    units = simulated(scored("fabs"), "--shock", "country:JPN:1:10:20", "--units")
    assert list(units[0])[:5] == ["supplier", "item", "mean_loss", "first_day", "recovery_day"]
    stopped = next(row for row in units if (row["supplier"], row["item"]) == ("J1", "RESIST"))
    assert (stopped["first_day"], stopped["recovery_day"]) == ("10", "30")
    assert float(stopped["mean_loss"]) == pytest.approx(20 / 180)


def test_takeover_names_who_delivers_how_much_from_when(scored):
    taken = simulated(scored("fabs"), "--shock", "country:JPN", "--takeover")
    assert taken
    for row in taken:
        assert 0 < float(row["mean"]) <= float(row["most"]) <= 1
        assert int(row["first_day"]) <= int(row["most_day"])


def test_a_single_full_stop_stands_beside_the_stored_scores(scored):
    rows = simulated(scored("fabs"), "--shock", "country:JPN", "--baseline")
    assert [row["what"] for row in rows] == ["scenario", "stored_low", "stored_point", "stored_high"]
    for name in ("exposure", "residual"):
        assert float(rows[0][name]) == pytest.approx(float(rows[2][name]), abs=1e-9)
    (alone,) = simulated(scored("fabs"), "--shock", "country:JPN:0.5", "--baseline")
    assert alone["what"] == "scenario"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--shock", "country:JPN:1:-3"), "-3"),
        (("--shock", "country:JPN:1:180"), "180"),
        (("--shock", "country:JPN:1:0:0"), "持续 0 天"),
        (("--shock", "country:JPN:1:2026-02-30", "--from", "2026-01-01"), "2026-02-30"),
        (("--shock", "country:JPN:1:2026-02-01"), "--from"),
        (("--shock", "country:JPN:1:soon"), "soon"),
        (("--shock", "country:JPN@RESISTS"), "RESIST"),
        (("--shock", "country:JPN", "--horizon", "10000"), "10000"),
        (("--shock", "country:JPN", "--horizon", "0"), "推演期 0"),
        (("--shock", "country:JPN", "--horizon", "ten"), "'ten' 不是整数"),
        (("--shock", "country:日本"), "你是不是要找 JPN"),
        (("--shock", "contry:JPN"), "你是不是要找 country"),
        (("--shock", "country:JPN@"), "@ 后面没有物料"),
        (("--preset", "japn"), "japan-photoresist"),
        (("--shock", "country:JPN", "--from", "2026-02-30"), "2026-02-30"),
        (("--shock", "country:JPN", "--recover-days", "5"), "--recover-days"),
        (("--shock", "country:JPN", "--preset", "japan-photoresist"), "--preset"),
        (("--preset", "japan-fotoresist"), "japan-photoresist"),
        (("--saved", "nothing"), "nothing"),
        ((), "--shock"),
    ],
)
def test_what_cannot_be_simulated_is_named_and_exits_with_2(scored, words, named):
    result = scored("fabs")("simulate", "--chain", "fabs", *words)
    assert result.exit_code == 2, result.stderr
    assert named in result.stderr
    assert result.stdout == ""


def test_scenarios_of_a_chain_that_is_not_loaded_are_not_an_empty_list(scored):
    result = scored("fabs")("scenarios", "--chain", "fab")
    assert result.exit_code == 2
    assert "你是不是要找 fabs" in result.stderr


@pytest.mark.usefixtures("kept_home")
def test_a_scenario_is_kept_run_again_compared_and_removed(lianwen):
    first = simulated(lianwen, "--shock", "country:JPN:1:0:60", "--save", "日本停供 60 天")
    again = lianwen("simulate", "--saved", "日本停供 60 天", "--format", "csv")
    assert rows_of(again) == first
    assert "结果相同" in again.stderr
    listed = rows_of(lianwen("scenarios", "--chain", "fabs", "--format", "csv"))
    assert [(row["name"], row["kind"], row["assumes"]) for row in listed] == [
        ("日本停供 60 天", "saved", "country:JPN:1:0:60")
    ]
    simulated(lianwen, "--shock", "supplier:M1", "--save", "M1")
    pair = rows_of(lianwen("scenarios", "--compare", "M1", "--compare", "日本停供 60 天", "--format", "csv"))
    assert {row["what"]: row["second"] for row in pair}["mean_loss"] == first[0]["mean_loss"]
    assert pair[0] == {"what": "scenario", "first": "M1", "second": "日本停供 60 天"}
    assert lianwen("scenarios", "--delete", "日本停供 60 天").exit_code == 0
    assert lianwen("simulate", "--saved", "日本停供 60 天").exit_code == 2


def test_a_rerun_on_new_data_says_what_changed(lianwen, kept_home, tmp_path):
    simulated(lianwen, "--shock", "country:JPN", "--save", "S")
    folder = tmp_path / "fabs"
    folder.mkdir()
    for file in (GOLDEN / "fabs").glob("*.csv"):
        if not file.name.startswith("expected"):
            (folder / file.name).write_bytes(file.read_bytes())
    items = (folder / "items.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(items.splitlines()))
    for row in rows:
        row["cover_days"] = "0" if row["cover_days"] else ""
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    succeed(kept_home, "import-chain", folder)
    again = lianwen("simulate", "--saved", "S")
    assert again.exit_code == 0
    assert "与上次相比有变化:数据" in again.stderr
    assert "平均损失" in again.stderr


@pytest.mark.usefixtures("kept_home")
def test_a_name_is_taken_once(lianwen):
    simulated(lianwen, "--shock", "country:JPN", "--save", "S")
    result = lianwen("simulate", "--chain", "fabs", "--shock", "country:JPN", "--save", "S")
    assert result.exit_code == 1
    assert "已经有名为 'S' 的情景" in result.stderr


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    """The shipped chains, not scored."""
    from tests.cli.conftest import call

    home = tmp_path_factory.mktemp("shipped")
    succeed(home, "init")
    return lambda *words: call(home, *words)


@pytest.mark.parametrize("preset", sorted(path.stem for path in PRESETS.glob("*.toml")))
def test_every_preset_gives_an_answer(shipped, preset):
    result = shipped("simulate", "--preset", preset, "--format", "json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)


def test_the_photoresist_of_japan_lasts_as_long_as_the_stock_of_its_users(shipped):
    (found,) = rows_of(shipped("simulate", "--preset", "japan-photoresist", "--format", "csv"))
    # 30 days of stock by default, 0.9 missing a day: gone on day 33.
    assert found["first_day"] == "33"
    assert float(found["exposure"]) == pytest.approx(0.9)


def test_a_merger_lists_its_groups_and_the_markets_of_both(shipped):
    groups = rows_of(shipped("simulate", "--preset", "tongwei-lihao", "--format", "csv"))
    assert {row["group"] for row in groups} == {"lihao", "tongwei", "lihao+tongwei"}
    lists = rows_of(shipped("simulate", "--preset", "tongwei-lihao", "--lists", "--format", "csv"))
    assert [(row["item"], row["groups_before"], row["groups_after"]) for row in lists] == [
        ("PV-POLYROD", "10", "9")
    ]
    refused = shipped("simulate", "--preset", "tongwei-lihao", "--units")
    assert refused.exit_code == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--cut", "DEU"), "看不懂断供"),
        (("--cut", "DEU>moon"), "没有区域 moon"),
        (("--cut", "DEU>home:RESIST:7"), "强度 7"),
        (("--cut", "DEU>home", "--perspective", "world"), "断供要从本土看"),
        (("--shock", "country:DEU", "--stock", "RESIST"), "看不懂库存"),
        (("--shock", "country:DEU", "--stock", "RESIT:60"), "没有物料 'RESIT'"),
        (("--preset", "wuxi-seven-days", "--stock", "RESIST:60"), "--stock 与 --shock"),
    ],
)
def test_a_cut_or_stock_that_means_nothing_is_refused_in_one_sentence(scored, words, sentence):
    result = scored("fabs")("simulate", "--chain", "fabs", *words)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_more_stock_of_what_stops_delays_the_first_day(scored):
    lianwen = scored("fabs")
    shock = ("--shock", "country:JPN@RESIST")
    (short,) = simulated(lianwen, *shock, "--stock", "RESIST:0")
    (long,) = simulated(lianwen, *shock, "--stock", "RESIST:60")
    assert int(short["first_day"]) < int(long["first_day"] or 180)
    assert float(long["mean_loss"]) < float(short["mean_loss"])


def test_provinces_are_listed_with_units_hit_and_first_day(scored):
    rows = simulated(scored("fabs"), "--shock", "country:CHN", "--provinces")
    assert list(rows[0])[:6] == ["province", "units", "units_hit", "mean_loss", "first_day", "weighed"]
    assert (rows[0]["province"], int(rows[0]["units"]), rows[0]["first_day"]) == ("Jiangsu", 6, "0")
