"""Mergers: ownership changes, nothing stops."""

import pytest

from chains.errors import UnknownKeyError
from chains.model import Scope
from chains.union import join_folders
from risk.errors import ParameterError
from risk.mergers import compare_merger, merge_groups
from risk.model import Level, Shock
from risk.scenarios import simulate
from tests.factories import firm, one_product, supply


def records_of():
    rows = one_product(
        supply("A", "PART", 0.3, spare=0.0),
        supply("A2", "PART", 0.1, spare=0.0),
        supply("B", "PART", 0.2, spare=0.0),
        supply("C", "PART", 0.4, spare=0.0),
        suppliers=[firm("A", "JPN"), firm("A2", "JPN", parent="A"), firm("B", "DEU"), firm("C", "CHN")],
    )
    return join_folders([rows], "c1")


def test_two_groups_that_merge_are_scored_as_one(defaults, levels):
    found = compare_merger(records_of(), "B", "A", defaults=defaults, levels=levels)
    b, a = found.groups
    assert (b.low.exposure_run, a.low.exposure_run) == pytest.approx((0.2, 0.4))
    assert found.merged.low.exposure_run == pytest.approx(0.6)
    assert (b.firms, a.firms, found.merged.firms) == (1, 2, 3)
    assert found.merged.level is Level.RED


def test_the_market_in_which_both_stand_names_one_group_less(defaults, levels):
    (market,) = compare_merger(records_of(), "B", "A", defaults=defaults, levels=levels).lists
    assert (market.item_id, market.buyer_id) == ("PART", None)
    assert (market.groups_before, market.groups_after) == (3, 2)
    assert (market.share_group, market.share_into) == pytest.approx((0.2, 0.4))
    assert market.hhi_before == pytest.approx(0.16 + 0.04 + 0.16)
    assert market.hhi_after == pytest.approx(0.36 + 0.16)


def test_an_unknown_share_leaves_the_concentration_unknown(defaults, levels):
    records = join_folders(
        [one_product(supply("A", "PART", 0.6), supply("B", "PART"), suppliers=[firm("A"), firm("B")])], "c1"
    )
    (market,) = compare_merger(records, "B", "A", defaults=defaults, levels=levels).lists
    assert (market.share_group, market.hhi_before, market.hhi_after) == (None, None, None)


def test_a_merger_moves_no_loss_of_a_single_firm(defaults):
    records = records_of()
    together = merge_groups(records, "B", "A")
    shock = [Shock(Scope.SUPPLIER, "B")]
    assert simulate(records, shock, defaults=defaults) == simulate(together, shock, defaults=defaults)


def test_a_group_that_is_not_there_and_one_with_itself_are_named(defaults, levels):
    with pytest.raises(UnknownKeyError, match="no parent 'A3' in this chain; did you mean A"):
        compare_merger(records_of(), "A3", "B", defaults=defaults, levels=levels)
    with pytest.raises(ParameterError, match="A cannot merge with itself"):
        compare_merger(records_of(), "A", "A", defaults=defaults, levels=levels)
