"""Which of two views of a market counts, and what a source can add."""

from typing import Any

import pytest

from chains.defaults import Defaults, DefaultUsed
from chains.model import ChainFolder, Kind, ShareScope, Supply
from chains.sources import ItemSources, ResolvedBy, resolve_sources, spare_plan
from chains.union import join_folders
from tests.factories import aggregate, firm, folder, item, supply

PLACES = (aggregate("CC-JPN", "JPN"), firm("J1", "JPN"), firm("J2", "JPN"), firm("C1", "CHN"))


def rows_of(*supplies: Supply) -> ChainFolder:
    return folder(items=[item("A", weight=1.0)], suppliers=PLACES, supplies=supplies)


def source_of_a(rows: ChainFolder, defaults: Defaults) -> ItemSources:
    return resolve_sources(join_folders([rows], "c1"), defaults)["A"]


def test_firm_rows_count_when_their_known_shares_reach_one_half(defaults: Defaults):
    found = source_of_a(
        rows_of(supply("J1", "A", 0.3), supply("J2", "A", 0.2), supply("CC-JPN", "A", 0.9)), defaults
    )
    assert found.resolved_by is ResolvedBy.FIRM
    assert [row.supplier_id for row in found.supplies] == ["J1", "J2"]


def test_country_rows_count_when_firms_are_known_for_less_than_one_half_and_less_than_countries(
    defaults: Defaults,
):
    found = source_of_a(rows_of(supply("J1", "A", 0.49), supply("CC-JPN", "A", 0.5)), defaults)
    assert found.resolved_by is ResolvedBy.COUNTRY
    assert [row.supplier_id for row in found.unused] == ["J1"]


def test_firm_rows_count_when_countries_are_known_no_better(defaults: Defaults):
    found = source_of_a(rows_of(supply("J1", "A"), supply("CC-JPN", "A")), defaults)
    assert found.resolved_by is ResolvedBy.FIRM


def test_country_rows_stand_in_where_no_firm_is_named(defaults: Defaults):
    assert source_of_a(rows_of(supply("CC-JPN", "A")), defaults).resolved_by is ResolvedBy.COUNTRY


def test_domestic_shares_count_only_where_no_global_share_is_known(defaults: Defaults):
    domestic = supply("C1", "A", 0.8, share_scope=ShareScope.DOMESTIC)
    alone = source_of_a(rows_of(domestic), defaults)
    beside = source_of_a(rows_of(domestic, supply("J1", "A", 0.6)), defaults)
    assert [row.share for row in alone.supplies] == [0.8]
    assert [(row.supplier_id, row.share) for row in beside.supplies] == [("C1", None), ("J1", 0.6)]


def test_the_latest_year_counts(defaults: Defaults):
    rows = rows_of(supply("J1", "A", 0.9, year=2019), supply("J1", "A", 0.7, year=2024))
    assert [row.share for row in source_of_a(rows, defaults).supplies] == [0.7]


@pytest.mark.parametrize(
    ("given", "spare", "ready"),
    [
        ({}, 0.05, 30.0),
        ({"qualified": False}, 0.0, 300.0),
        ({"qualified": False, "spare": 0.4, "ramp_days": 10.0, "qualification_days": 60.0}, 0.4, 70.0),
        ({"spare": 0.0}, 0.0, 30.0),
    ],
)
def test_spare_follows_the_share_of_a_qualified_source_unless_the_row_says(
    given: dict[str, Any], spare: float, ready: float, defaults: Defaults
):
    facts: dict[str, Any] = {
        "spare": None,
        "ramp_days": None,
        "qualified": None,
        "qualification_days": None,
        **given,
    }
    plan = spare_plan(item("A", Kind.MATERIAL), 0.5, defaults, **facts)
    assert (plan.spare, plan.ready_days) == (spare, ready)


def test_a_plan_says_which_defaults_it_rests_on(defaults: Defaults):
    plan = spare_plan(
        item("A"), 0.5, defaults, spare=0.1, ramp_days=None, qualified=True, qualification_days=None
    )
    assert plan.used == DefaultUsed.RAMP_DAYS
