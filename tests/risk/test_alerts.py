"""Alerts: what rules find between two runs."""

from dataclasses import replace

import pytest

from chains.model import Mode, Scope
from chains.union import join_folders
from risk.alerts.ages import data_ages
from risk.alerts.criteria import load_criteria
from risk.alerts.engine import compare_runs, evaluate_rules
from risk.alerts.model import (
    AlertCriteria,
    DataAge,
    Figures,
    NodeStanding,
)
from risk.alerts.rules import RULES
from risk.errors import ParameterError
from risk.model import Level, Node, Verdict
from tests.conftest import ROOT
from tests.factories import CHAIN, firm, one_product, supply
from tests.reference.engine import DEFAULTS

CRITERIA = AlertCriteria(
    rules=tuple(rule.rule_id for rule in RULES),
    critical_from=Level.ORANGE,
    scopes=(Scope.SUPPLIER, Scope.PARENT, Scope.COUNTRY, Scope.PROVINCE, Scope.CITY),
    group_firms=2,
    closes_after=1,
)
FIRM = Node(Scope.SUPPLIER, "A", "甲", "A", "JPN", home=False, firms=1)


def standing(level=Level.NONE, *, structural=False, scored=True):
    return NodeStanding(
        level=level,
        level_run=level,
        level_build=Level.NONE,
        level_point=level,
        level_high=level,
        decided_by=Mode.RUN,
        verdict=Verdict.ABOVE,
        structural_run=structural,
        structural_build=False,
        scored=scored,
        run=Figures(0.5, 0.5, 0.2, 3.0, None),
        build=Figures(0.4, None, 0.1, None, None),
    )


def find(before, after, *, node=FIRM, criteria=CRITERIA):
    """Rule and whether it opens, for one node that stands so in the first and so in the second run."""
    context = compare_runs(
        CHAIN,
        before={node: before} if before else {},
        after={node: after} if after else {},
        criteria=criteria,
        data_changed=True,
    )
    return {(draft.rule, draft.opens) for draft in evaluate_rules(context)}


@pytest.mark.parametrize("before", [Level.NONE, Level.YELLOW])
@pytest.mark.parametrize("after", [Level.ORANGE, Level.RED])
def test_a_node_whose_level_rises_to_orange_or_red_is_newly_critical(before, after):
    assert find(standing(before), standing(after)) == {("newly_critical", True)}


def test_orange_that_becomes_red_is_newly_critical_again():
    assert find(standing(Level.ORANGE), standing(Level.RED)) == {("newly_critical", True)}


def test_a_node_that_stays_critical_or_falls_from_red_to_orange_opens_nothing():
    assert find(standing(Level.RED), standing(Level.RED)) == {("newly_critical", False)}
    assert find(standing(Level.RED), standing(Level.ORANGE)) == {("newly_critical", False)}


def test_a_rise_to_yellow_alerts_nobody():
    assert find(standing(), standing(Level.YELLOW)) == {("left_critical", False)}


def test_a_node_that_is_new_in_the_data_and_critical_is_newly_critical():
    assert find(None, standing(Level.RED)) == {("newly_critical", True)}


def test_a_node_that_falls_below_orange_or_vanishes_has_left():
    assert find(standing(Level.RED), standing(Level.YELLOW)) == {("left_critical", True)}
    assert find(standing(Level.ORANGE), None) == {("left_critical", True)}


def test_a_node_of_which_nothing_is_known_any_more_has_not_left():
    assert find(standing(Level.RED), standing(scored=False)) == {
        ("newly_critical", False),
        ("structural_spof", False),
    }


def test_a_structural_single_point_is_new_when_either_mode_becomes_one():
    assert ("structural_spof", True) in find(standing(), standing(structural=True))
    both = replace(standing(structural=True), structural_build=True)
    assert ("structural_spof", True) in find(standing(structural=True), both)
    assert ("structural_spof", False) in find(both, standing(structural=True))


@pytest.mark.parametrize(
    "node",
    [
        Node(Scope.ITEM, "PART", "件", "Part"),
        Node(Scope.COUNTRY, "CHN", "中国", "China", "CHN", home=True, firms=3),
        Node(Scope.PROVINCE, "江苏", "江苏", "Jiangsu", "CHN", home=True, firms=3),
        Node(Scope.PARENT, "A", "甲", "A", "JPN", home=False, firms=1),
    ],
    ids=lambda node: node.scope.value,
)
def test_items_the_home_country_its_provinces_and_groups_of_one_firm_never_alert(node):
    assert find(standing(), standing(Level.RED, structural=True), node=node) == set()


@pytest.mark.parametrize(
    "node",
    [
        Node(Scope.COUNTRY, "JPN", "日本", "Japan", "JPN", home=False, firms=3),
        Node(Scope.CITY, "南京", "南京", "Nanjing", "CHN", home=True, firms=3),
        Node(Scope.SUPPLIER, "B", "乙", "B", "CHN", home=True, firms=1),
        Node(Scope.PARENT, "G", "集团", "Group", "JPN", home=False, firms=2),
    ],
    ids=lambda node: node.scope.value,
)
def test_other_countries_cities_firms_and_groups_alert(node):
    assert find(standing(), standing(Level.RED), node=node) == {("newly_critical", True)}


def test_a_rule_that_is_switched_off_finds_nothing():
    only = replace(CRITERIA, rules=("structural_spof",))
    assert find(standing(), standing(Level.RED), criteria=only) == set()


def test_the_shipped_criteria_use_every_rule():
    assert load_criteria(ROOT / "data" / "alert_rules.toml") == CRITERIA


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('rules = ["typo"]', "typo"),
        ('critical_from = "purple"', "purple"),
        ('scopes = ["planet"]', "planet"),
        ("closes_after = 0", "at least 1"),
    ],
)
def test_criteria_that_mean_nothing_are_refused_with_the_word(tmp_path, line, named):
    name = line.partition(" =")[0]
    shipped = (ROOT / "data" / "alert_rules.toml").read_text(encoding="utf-8").splitlines()
    lines = [line if each.startswith(name) else each for each in shipped]
    (tmp_path / "alert_rules.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ParameterError, match=named):
        load_criteria(tmp_path / "alert_rules.toml")


def test_the_age_of_a_node_is_that_of_the_supplies_that_stop_with_it():
    records = join_folders(
        (
            one_product(
                supply("A", "PART", 0.6, year=2019),
                supply("A", "PRODUCT", 0.2),
                supply("B", "PART", 0.4, year=2023),
                suppliers=(firm("A", "JPN"), firm("B", "JPN")),
            ),
        ),
        CHAIN,
    )
    ages = data_ages(
        records,
        [(Scope.SUPPLIER, "B"), (Scope.COUNTRY, "JPN"), (Scope.CITY, "no such")],
        defaults=DEFAULTS,
        home=(),
    )
    assert ages[Scope.SUPPLIER, "B"] == DataAge(2023, 2023, 0)
    assert (ages[Scope.COUNTRY, "JPN"].oldest, ages[Scope.COUNTRY, "JPN"].newest) == (2019, 2023)
    assert len(ages) == 2
