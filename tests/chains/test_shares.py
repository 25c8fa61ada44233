"""Unknown shares: what a blank may be, and what it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.shares import fill_shares, fill_weights

known_or_blank = st.lists(st.none() | st.floats(0, 1).map(lambda share: round(share, 3)), max_size=6)


def test_the_only_blank_of_a_complete_list_is_settled_by_the_others():
    filled = fill_shares([0.7, None], complete=True, blank_cap=0.1)
    assert filled.shares == pytest.approx((0.7, 0.3))
    assert filled.unsure == (False, False)
    assert filled.others == 0


def test_a_blank_of_an_incomplete_list_gets_no_more_than_the_cap():
    filled = fill_shares([None], complete=False, blank_cap=0.1)
    assert filled.shares == (0.1,)
    assert filled.others == pytest.approx(0.9)
    assert filled.unsure == (True,)


def test_blanks_of_an_incomplete_list_share_the_rest_with_unnamed_others():
    filled = fill_shares([0.85, None, None], complete=False, blank_cap=0.1)
    assert filled.shares == pytest.approx((0.85, 0.05, 0.05))
    assert filled.others == pytest.approx(0.05)


def test_without_a_blank_the_whole_rest_is_others_even_in_a_complete_list():
    assert fill_shares([0.6, 0.3], complete=True, blank_cap=0.1).others == pytest.approx(0.1)


def test_shares_above_one_are_scaled_and_leave_nothing_for_blanks():
    filled = fill_shares([0.8, 0.8, None], complete=False, blank_cap=0.1)
    assert filled.shares == pytest.approx((0.5, 0.5, 0.0))
    assert filled.others == filled.rest == 0


def test_an_item_that_nobody_is_listed_for_comes_from_others():
    assert fill_shares([], complete=True, blank_cap=0.1).others == 1


def test_rounding_of_decimal_shares_is_no_unnamed_supplier():
    assert fill_shares([0.7, 0.1, 0.1, 0.1], complete=True, blank_cap=0.1).others == 0


@given(known=known_or_blank, complete=st.booleans())
def test_shares_and_others_make_up_the_whole_need(*, known: list[float | None], complete: bool):
    filled = fill_shares(known, complete=complete, blank_cap=0.1)
    settled_rest = complete and None in known
    assert sum(filled.shares) + filled.others == pytest.approx(1.0)
    assert min((*filled.shares, filled.others)) >= 0
    assert not settled_rest or filled.others == pytest.approx(0.0)


def test_variant_weights_fill_blanks_and_sum_to_one():
    assert fill_weights([0.5, None, None]) == pytest.approx((0.5, 0.25, 0.25))
    assert fill_weights([3.0, 1.0]) == pytest.approx((0.75, 0.25))
    assert fill_weights([0.2, 0.2]) == pytest.approx((0.5, 0.5))
    assert fill_weights([0.0, 0.0]) == (0.5, 0.5)
