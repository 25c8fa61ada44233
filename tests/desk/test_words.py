"""Shocks and scopes as a person types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.errors import LianwenError, UnknownKeyError
from chains.model import Scope
from desk.words import format_shock, parse_scopes, parse_shock, read_plan
from risk.errors import ParameterError
from risk.model import Shock


@pytest.mark.parametrize(
    ("text", "shock"),
    [
        ("country:JPN", Shock(Scope.COUNTRY, "JPN")),
        ("country:JPN:0.5", Shock(Scope.COUNTRY, "JPN", 0.5)),
        ("city:CHN/苏州", Shock(Scope.CITY, "CHN/苏州")),
        ("supplier:lei:ABC", Shock(Scope.SUPPLIER, "lei:ABC")),
        ("supplier:lei:5493:1", Shock(Scope.SUPPLIER, "lei:5493", 1.0)),
    ],
)
def test_a_shock_is_scope_key_and_perhaps_a_severity(text, shock):
    assert parse_shock(text) == shock


@pytest.mark.parametrize(
    "text",
    [
        "",
        "country",
        "country:",
        "planet:MARS",
        "country:JPN:0",
        "country:JPN:1.1",
        "country:JPN:-1",
        "country:JPN:nan",
    ],
)
def test_what_is_no_shock_is_refused(text):
    with pytest.raises(LianwenError):
        parse_shock(text)


def test_scopes_are_put_in_order_and_named_once():
    assert parse_scopes("item, supplier,item") == (Scope.SUPPLIER, Scope.ITEM)


@pytest.mark.parametrize("text", ["", " , ", "suppliers"])
def test_what_is_no_list_of_scopes_is_refused(text):
    with pytest.raises(LianwenError, match="supplier, parent, country"):
        parse_scopes(text)


def test_a_scope_with_a_slip_names_the_scope_that_was_meant():
    with pytest.raises(UnknownKeyError, match="did you mean country") as caught:
        parse_shock("contry:JPN")
    assert caught.value.near[0] == "country"


def test_an_at_sign_without_an_item_does_not_stop_everything():
    with pytest.raises(ParameterError, match="no item stands behind @") as caught:
        parse_shock("country:JPN@:0.5")
    assert "@ 后面没有物料" in caught.value.say("zh")


def test_numbers_too_many_are_counted_and_not_read_as_a_severity():
    with pytest.raises(ParameterError, match="at most severity, start, days and recovery days"):
        parse_shock("country:JPN:1:10:30:40:50")


def test_a_recovery_below_0_days_is_named():
    with pytest.raises(ParameterError, match="--recover-days -3 is below 0"):
        read_plan("ic", ["country:JPN"], recover_days=-3)


@pytest.mark.parametrize(
    ("text", "shock"),
    [
        ("country:JPN:1:10:30", Shock(Scope.COUNTRY, "JPN", start_day=10, days=30)),
        ("country:JPN::10", Shock(Scope.COUNTRY, "JPN", start_day=10)),
        ("country:JPN:0.5:0:7:3", Shock(Scope.COUNTRY, "JPN", 0.5, days=7, recover_days=3)),
        ("country:JPN@B,A:1:2", Shock(Scope.COUNTRY, "JPN", start_day=2, items=("A", "B"))),
    ],
)
def test_a_shock_may_have_a_first_day_a_duration_a_recovery_and_items(text, shock):
    assert parse_shock(text) == shock


@given(
    key=st.sampled_from(("JPN", "CHN/苏州", "lei:5493", "lei:1:1", "苏州")),
    severity=st.sampled_from((1.0, 0.5, 1 / 3)),
    start=st.integers(0, 3649),
    days=st.none() | st.integers(1, 400),
    recover=st.integers(0, 400),
    items=st.sets(st.sampled_from(("IC-N31", "PV-CELL", "A"))),
)
def test_a_shock_that_is_written_reads_as_itself(key, severity, start, days, recover, items):
    shock = Shock(Scope.SUPPLIER, key, severity, start, days, recover, tuple(sorted(items)))
    assert parse_shock(format_shock(shock)) == shock


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("country:JPN:1:2.5", "2.5 is no whole number of days"),
        ("country:JPN:1:soon", "'soon' is no number of days"),
        ("country:JPN:1:2026-02-30", "there is no date 2026-02-30"),
        ("country:JPN:1:2026-02-20", "needs --from"),
    ],
)
def test_a_day_that_is_none_is_named(text, sentence):
    with pytest.raises(ParameterError, match=sentence):
        parse_shock(text)


def test_a_recovery_without_an_end_is_refused():
    with pytest.raises(ParameterError, match="needs a shock that ends"):
        read_plan("ic", ["country:JPN"], recover_days=3)


def test_a_scenario_without_a_shock_is_refused():
    with pytest.raises(ParameterError, match="no shock is given"):
        read_plan("ic", [])
