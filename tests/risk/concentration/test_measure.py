"""Concentration of markets and lists: two views, groups, rings, abroad."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chains.model import ShareScope
from chains.regions import Regions, read_cities, read_provinces
from chains.sources import ResolvedBy
from chains.union import join_folders
from risk.concentration.lines import ConcentrationLines, load_concentration_lines
from risk.concentration.markets import Basis
from risk.concentration.measure import GroupedBy, measure_concentration, measure_foreign
from risk.errors import ParameterError
from risk.model import Verdict
from settings import CHECKOUT
from tests.factories import CHAIN, aggregate, firm, one_product, purchase, supply

LINES = ConcentrationLines(hhi=0.4, foreign=0.5)
DATA = CHECKOUT / "data"


@pytest.fixture(scope="module")
def regions():
    folder = DATA / "regions"
    return Regions(read_provinces(folder / "provinces.csv"), read_cities(folder / "jiangsu_cities.csv"))


def measure(folder, defaults, regions, *, item="PART", buyer=None):
    found = measure_concentration(
        join_folders([folder], CHAIN), defaults=defaults, regions=regions, lines=LINES
    )
    return {one.by: one for one in found if one.shown and (one.item_id, one.buyer_id) == (item, buyer)}


def abroad(folder, defaults, *, item="PART"):
    found = measure_foreign(join_folders([folder], CHAIN), defaults=defaults, home=("CHN",), lines=LINES)
    return next(one for one in found if one.shown and one.item_id == item and one.buyer_id is None)


def four_makers(**given):
    shares = {"A": 0.35, "B": 0.30, "C": 0.20, "D": 0.15}
    return one_product(*(supply(name, "PART", share) for name, share in shares.items()), **given)


def test_shares_are_merged_by_parent_before_they_are_squared(defaults, regions):
    group = (firm("A", "CHN", parent="AB"), firm("B", "CHN", parent="AB"), firm("AB", "CHN"))
    found = measure(four_makers(suppliers=group), defaults, regions)
    assert found[GroupedBy.FIRM].hhi.low == pytest.approx(0.275)
    assert found[GroupedBy.PARENT].hhi.low == pytest.approx(0.485)
    assert found[GroupedBy.PARENT].verdict is Verdict.ABOVE


def test_a_city_that_is_not_written_down_counts_to_the_rest(defaults, regions):
    places = (firm("A", "CHN", province="江苏", city="苏州"), *(firm(name, "CHN") for name in "BCD"))
    by_city = measure(four_makers(suppliers=places), defaults, regions)[GroupedBy.CITY]
    assert by_city.rest == pytest.approx(0.65)
    assert (by_city.hhi.low, by_city.hhi.high) == (pytest.approx(0.35**2), pytest.approx(1.0))
    assert by_city.verdict is Verdict.CANNOT_TELL


def test_rings_tell_the_province_the_delta_the_country_and_abroad_apart(defaults, regions):
    places = (
        firm("A", "CHN", province="江苏"),
        firm("B", "CHN", province="上海"),
        firm("C", "CHN", province="四川"),
        firm("D", "TWN"),
    )
    by_ring = measure(four_makers(suppliers=places), defaults, regions)[GroupedBy.RING]
    assert [key for key, _ in by_ring.groups] == ["in_province", "delta", "domestic", "abroad"]
    assert by_ring.hhi.low == pytest.approx(0.275)


def test_firm_rows_and_country_rows_are_never_added(defaults, regions):
    chain = one_product(
        supply("A", "PART", 0.6),
        supply("CC-JPN", "PART", 0.7),
        supply("CC-DEU", "PART", 0.3),
        suppliers=(firm("A", "JPN"), aggregate("CC-JPN", "JPN"), aggregate("CC-DEU", "DEU")),
        complete=False,
    )
    found = measure(chain, defaults, regions)
    assert found[GroupedBy.FIRM].view is ResolvedBy.FIRM
    assert found[GroupedBy.FIRM].groups == (("A", 0.6),)
    # The country rows know all of the market, so they are shown although the model reckons with the firms.
    by_country = found[GroupedBy.COUNTRY]
    assert (by_country.view, by_country.used) == (ResolvedBy.COUNTRY, False)
    assert by_country.hhi.low == pytest.approx(0.58)


def test_firms_behind_country_rows_have_no_index(defaults, regions):
    chain = one_product(supply("CC-JPN", "PART", 1.0), suppliers=(aggregate("CC-JPN", "JPN"),))
    by_firm = measure(chain, defaults, regions)[GroupedBy.FIRM]
    assert (by_firm.hhi, by_firm.point, by_firm.verdict) == (None, None, Verdict.COUNTRY_ONLY)


def test_the_only_blank_of_a_complete_list_is_known(defaults, regions):
    chain = one_product(supply("A", "PART", 0.6), supply("B", "PART"))
    by_firm = measure(chain, defaults, regions)[GroupedBy.FIRM]
    assert (by_firm.hhi.low, by_firm.hhi.high) == (pytest.approx(0.52), pytest.approx(0.52))
    assert by_firm.defaults.names() == ("share",)


def test_each_row_says_which_defaults_its_point_rests_on(defaults, regions):
    whole = one_product(supply("A", "PART", 0.6), supply("B", "PART"))
    chain = replace(whole, items=tuple(replace(row, suppliers_complete=None) for row in whole.items))
    by_firm = measure(chain, defaults, regions)[GroupedBy.FIRM]
    assert by_firm.defaults.names() == ("share", "suppliers_complete")
    assert by_firm.hhi.low <= by_firm.point <= by_firm.hhi.high


def test_a_buyers_list_has_an_index_of_its_own_and_no_percentile(defaults, regions):
    chain = one_product(supply("A", "PART", 1.0), supply("BUYER", "END", 1.0))
    lists = (purchase("BUYER", "PART", "A", 0.5), purchase("BUYER", "PART", "B", 0.5))
    chain = replace(chain, purchases=lists, suppliers=(*chain.suppliers, firm("B", "CHN")))
    by_firm = measure(chain, defaults, regions, buyer="BUYER")[GroupedBy.FIRM]
    assert (by_firm.basis, by_firm.hhi.low, by_firm.percentile) == (Basis.LIST, pytest.approx(0.5), None)


def test_what_is_not_known_to_be_at_home_may_be_abroad(defaults):
    chain = four_makers(suppliers=(firm("A", "CHN"), firm("B", "JPN"), firm("C"), firm("D", "CHN")))
    found = abroad(chain, defaults)
    assert (found.share.low, found.share.high) == (pytest.approx(0.3), pytest.approx(0.5))
    assert found.verdict is Verdict.BELOW


def test_shares_of_home_use_stand_for_dependence_where_half_of_it_is_known(defaults):
    chain = one_product(
        supply("A", "PART", 0.9),
        supply("B", "PART", 0.1),
        supply("B", "PART", 0.8, share_scope=ShareScope.DOMESTIC),
        suppliers=(firm("A", "JPN"), firm("B", "CHN")),
    )
    found = abroad(chain, defaults)
    assert found.basis is Basis.HOME
    assert (found.share.low, found.share.high) == pytest.approx((0.0, 0.2))


def test_lines_out_of_range_are_refused(tmp_path):
    assert load_concentration_lines(DATA / "concentration.toml") == LINES
    wrong = tmp_path / "concentration.toml"
    wrong.write_text("hhi = 4\nforeign = 0.5\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="hhi"):
        load_concentration_lines(wrong)
