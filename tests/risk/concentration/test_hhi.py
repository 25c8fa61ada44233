"""The concentration index: golden numbers, ends and verdicts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.concentration.hhi import Range, bound_hhi, count_effective, judge_line, rank_within
from risk.model import Verdict


def test_a_market_that_is_wholly_known_has_one_index():
    found = bound_hhi([0.35, 0.30, 0.20, 0.15], 0.0)
    assert (found.low, found.high) == pytest.approx((0.275, 0.275))
    assert count_effective(found.low) == pytest.approx(3.636, abs=1e-3)


def test_two_firms_of_one_parent_are_one_group():
    assert bound_hhi([0.65, 0.20, 0.15], 0.0).low == pytest.approx(0.485)


def test_an_unknown_fifth_leaves_the_index_between_034_and_058():
    found = bound_hhi([0.5, 0.3], 0.2)
    assert (found.low, found.high) == pytest.approx((0.34, 0.58))
    assert judge_line(found, 0.4) is Verdict.CANNOT_TELL


def test_nothing_known_says_nothing():
    assert bound_hhi([], 1.0) == Range(0.0, 1.0)
    assert isinstance(bound_hhi([], 1.0).low, float)  # written 0.000000000 like every other end
    assert count_effective(0.0) is None


def test_a_line_is_passed_only_by_more_than_a_billionth():
    assert judge_line(Range(0.4, 0.4), 0.4) is Verdict.BELOW
    assert judge_line(Range(0.41, 0.5), 0.4) is Verdict.ABOVE
    assert judge_line(None, 0.4) is Verdict.COUNTRY_ONLY


@given(cuts=st.lists(st.integers(0, 100), min_size=1, max_size=6), data=st.data())
def test_however_the_rest_is_given_out_the_index_lies_between_the_ends(cuts, data):
    known = [cut / 1000 for cut in cuts]
    rest = 1.0 - math.fsum(known)
    owners = data.draw(st.lists(st.integers(0, len(known)), min_size=1, max_size=5))
    true = [*known, 0.0]
    for owner in owners:
        true[owner] += rest / len(owners)
    found = bound_hhi(known, rest)
    index = math.fsum(share * share for share in true)
    assert found.low - 1e-12 <= index <= found.high + 1e-12


def test_the_percentile_counts_values_that_are_no_larger():
    assert rank_within([0.2, None, 0.4, 0.4, 0.9]) == [0.25, None, 0.75, 0.75, 1.0]
    assert rank_within([None]) == [None]
