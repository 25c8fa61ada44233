"""Numbers that stand for names and rows say the same as the names and rows themselves."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.names import name_key, name_keys
from ingest.numbering import different, number_keys, repeated

SIGNS = st.sampled_from("臺積电 　\u00a0\n\tＡbß㍿㈱()瞭乾坤ﬁ\u0301e\u200b𠮷昇\u2028\x85\x1c각")
NAMES = st.lists(st.one_of(st.text(SIGNS, max_size=6), st.text(max_size=4)), max_size=8)
NUMBERS = st.lists(st.integers(0, 4), max_size=12)


@given(NAMES)
def test_many_names_have_the_keys_that_each_has_alone(names):
    assert name_keys(names) == [name_key(name) for name in names]


@given(st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "", "甲"]))))
def test_equal_keys_have_one_number_and_no_key_has_none(keys):
    numbers = number_keys(keys).tolist()
    assert numbers == [0 if key is None else keys.index(key) + 1 for key in keys]


@given(NUMBERS)
def test_different_numbers_stand_in_the_order_of_their_first_row(numbers):
    first, which = different(np.array(numbers, np.int64))
    assert [numbers[at] for at in first] == list(dict.fromkeys(numbers))
    assert [numbers[first[at]] for at in which] == numbers


@given(NUMBERS)
def test_every_row_of_a_repeated_number_is_told(numbers):
    assert repeated(np.array(numbers, np.int64)).tolist() == [numbers.count(each) > 1 for each in numbers]
