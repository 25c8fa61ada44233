"""Scenarios: several shocks at once, with a beginning and an end."""

import pytest

from chains.defaults import Defaults
from chains.errors import UnknownKeyError
from chains.model import ChainRecords, Mode, Scope
from chains.union import join_folders
from risk.errors import ParameterError
from risk.model import Shock
from risk.scenarios import simulate
from tests.factories import firm, one_product, supply


@pytest.fixture
def records() -> ChainRecords:
    rows = one_product(
        supply("J", "PART", 0.6, spare=0.0),
        supply("U", "PART", 0.4, spare=0.3, ramp_days=10.0),
        suppliers=[firm("J", "JPN"), firm("U", "USA")],
    )
    return join_folders([rows], "c1")


def test_shocks_that_act_together_lose_together(records: ChainRecords, defaults: Defaults):
    both = [Shock(Scope.SUPPLIER, "J"), Shock(Scope.SUPPLIER, "U", severity=0.5)]
    assert simulate(records, both, defaults=defaults).exposure == pytest.approx(0.8)


def test_the_larger_of_two_severities_on_one_supplier_counts(records: ChainRecords, defaults: Defaults):
    shocks = [Shock(Scope.SUPPLIER, "J", severity=0.5), Shock(Scope.COUNTRY, "JPN", severity=0.25)]
    assert simulate(records, shocks, defaults=defaults).exposure == pytest.approx(0.3)


def test_a_shock_ends_and_ramps_from_its_own_first_day(records: ChainRecords, defaults: Defaults):
    shock = Shock(Scope.SUPPLIER, "J", start_day=5, days=20)
    path = simulate(records, [shock], defaults=defaults, horizon=40).loss_path
    assert path[:5] == pytest.approx([0.0] * 5)
    assert path[5:15] == pytest.approx([0.6] * 10)
    assert path[15:25] == pytest.approx([0.3] * 10)
    assert path[25:] == pytest.approx([0.0] * 15)


def test_an_unknown_key_and_an_impossible_severity_are_named(records: ChainRecords, defaults: Defaults):
    with pytest.raises(UnknownKeyError, match="no country 'JPX' in this chain; did you mean JPN"):
        simulate(records, [Shock(Scope.COUNTRY, "JPX")], defaults=defaults)
    with pytest.raises(ParameterError, match=r"severity 1\.5 must be above 0 and at most 1"):
        simulate(records, [Shock(Scope.COUNTRY, "JPN", severity=1.5)], defaults=defaults)


@pytest.mark.parametrize("horizon", [0, -1, 10_000])
def test_a_horizon_outside_ten_years_is_refused(horizon: int, records: ChainRecords, defaults: Defaults):
    with pytest.raises(ParameterError, match="give a number of days from 1 to 3650"):
        simulate(records, [Shock(Scope.SUPPLIER, "J")], defaults=defaults, mode=Mode.BUILD, horizon=horizon)
