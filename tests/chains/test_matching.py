"""Near matches of what a person typed."""

from chains.matching import near_matches

PRESETS = ("japan-photoresist", "japan-photoresist-cut", "netherlands-lithography")


def test_a_slip_in_one_word_of_a_long_name_still_finds_it():
    assert near_matches("japn", PRESETS) == ("japan-photoresist", "japan-photoresist-cut")


def test_a_word_is_only_tried_where_no_whole_name_is_near():
    assert near_matches("JPX", ("JPN", "Tokyo JPX-like works")) == ("JPN", "Tokyo JPX-like works")
    assert near_matches("JPX", ("JPN", "Tokyo JPN works")) == ("JPN",)


def test_what_looks_like_nothing_known_finds_nothing():
    assert near_matches("zz", PRESETS) == ()
    assert near_matches("", PRESETS) == ()
