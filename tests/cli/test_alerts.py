"""`lianwen alerts`: what a list made critical, with the numbers of both runs."""

import json

import pytest

from tests.cli.conftest import succeed


@pytest.fixture
def watched(home, small_chain):
    """A chain scored twice: Acme had 0.02 of the only material, then all of it."""
    supplies = small_chain / "supplies.csv"
    succeed(home, "init", "--empty")
    for share in ("0.02", "1.0"):
        supplies.write_text(f"supplier_id,item_id,share,year\nACME,GLUE,{share},2021\n", encoding="utf-8")
        succeed(home, "import-chain", small_chain)
        succeed(home, "recompute", "--perspective", "world")
    return home


def alerts(home, *words):
    return json.loads(succeed(home, "alerts", "--json", *words).stdout)


def test_the_first_run_alerts_nobody(lianwen, small_chain, home):
    succeed(home, "init", "--empty")
    succeed(home, "import-chain", small_chain)
    succeed(home, "recompute", "--perspective", "world")
    assert alerts(home) == []
    assert lianwen("alerts").exit_code == 0


def test_a_firm_that_becomes_the_only_source_is_newly_critical_and_a_structural_single_point(watched):
    found = alerts(watched)
    assert {(alert["rule"], alert["scope"], alert["key"]) for alert in found} == {
        (rule, scope, key)
        for rule in ("newly_critical", "structural_spof")
        for scope, key in (("supplier", "ACME"), ("country", "DEU"))
    }
    alert = next(each for each in found if (each["rule"], each["scope"]) == ("newly_critical", "supplier"))
    assert (alert["chain"], alert["state"], alert["level"], alert["version"]) == ("mini", "open", "red", 1)
    assert (alert["previous_run_id"], alert["opened_run_id"]) == (1, 2)
    assert (alert["before"]["level"], alert["after"]["level"]) == ("none", "red")
    assert alert["before"]["run"]["exposure"] == pytest.approx(0.02)
    assert alert["after"]["run"]["exposure"] == pytest.approx(1.0)
    steps = alert["after"]["waterfall"]["run"]
    assert steps["exposure"] - steps["by_substitution"] - steps["by_stock"] == pytest.approx(
        steps["residual"]
    )
    assert alert["data_version_before"] != alert["data_version_after"]
    assert (alert["uploads"], alert["data_age"]) == ([], {"oldest": 2021, "newest": 2021, "undated": 0})
    assert [event["kind"] for event in alert["events"]] == ["opened"]


def test_computing_again_on_the_same_data_changes_nothing(watched):
    before = alerts(watched)
    succeed(watched, "recompute", "--perspective", "world")
    after = alerts(watched)
    assert [alert | {"last_run_id": 3} for alert in before] == after


def test_alerts_can_be_chosen_by_chain_and_state(watched, lianwen):
    assert len(alerts(watched, "--chain", "mini", "--state", "open")) == 4
    assert alerts(watched, "--state", "closed") == []
    unknown = lianwen("alerts", "--chain", "minni")
    assert unknown.exit_code == 2
    assert "mini" in unknown.stderr


def test_the_table_names_node_level_and_numbers(watched):
    text = succeed(watched, "alerts").stdout
    assert "newly_critical" in text
    assert "ACME" in text
    assert "residual_before" in text.splitlines()[0]


def test_a_rule_file_that_cannot_be_read_leaves_the_run_standing_and_says_so(watched, tmp_path, monkeypatch):
    import shutil

    from settings import CHECKOUT

    data = tmp_path / "data"
    shutil.copytree(CHECKOUT / "data", data)
    (data / "alert_rules.toml").write_text("rules = [", encoding="utf-8")
    monkeypatch.setenv("LIANWEN_DATA_DIR", str(data))
    result = succeed(watched, "recompute", "--perspective", "world", "--json")
    assert json.loads(result.stdout)[0]["run_id"] == 3


def test_an_alert_names_the_list_that_came_in_between(home, small_chain, tmp_path):
    firms = "supplier_id,name_en,kind,country\nACME,Acme,enterprise,DEU\nPLANT,Plant,enterprise,CHN\n"
    (small_chain / "suppliers.csv").write_text(firms, encoding="utf-8")
    supplies = "supplier_id,item_id,share\nACME,GLUE,0.02\nPLANT,PANEL,0.8\n"
    (small_chain / "supplies.csv").write_text(supplies, encoding="utf-8")
    listed = tmp_path / "list.csv"
    listed.write_text("Supplier name,Item,Country\nAcme,Glue,Germany\n", encoding="utf-8")
    succeed(home, "init", "--empty")
    succeed(home, "import-chain", small_chain)
    succeed(home, "recompute", "--perspective", "world")
    words = ("--chain", "mini", "--buyer", "Plant", "--makes", "PANEL", "--name", "八月名单")
    succeed(home, "import", listed, *words, "--by", "王工", "--unit", "工信局")
    succeed(home, "recompute", "--perspective", "world")
    found = alerts(home)
    assert {alert["key"] for alert in found} == {"ACME", "DEU"}
    for alert in found:
        (upload,) = alert["uploads"]
        assert upload["name"].startswith("八月名单")
        assert upload["by"] == "王工"
        assert upload["at"].endswith("+00:00")
