"""Shocks and scopes as a person types them."""

import pytest

from chains.model import Scope
from desk.words import parse_scopes, parse_shock
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
    with pytest.raises(ParameterError):
        parse_shock(text)


def test_scopes_are_put_in_order_and_named_once():
    assert parse_scopes("item, supplier,item") == (Scope.SUPPLIER, Scope.ITEM)


@pytest.mark.parametrize("text", ["", " , ", "suppliers"])
def test_what_is_no_list_of_scopes_is_refused(text):
    with pytest.raises(ParameterError, match="supplier, parent, country"):
        parse_scopes(text)
