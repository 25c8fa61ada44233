"""Lists of the worst, counts of levels, and what the search box finds."""

import pandas as pd
import pytest

from views.frames import count_levels, list_worst, no_scores, settle_types
from views.search import build_index, find_entries, pinyin_initials


def score(key, *, scope="supplier", home=False, level="none", point=None, firms=1.0, scored=True, **low):
    row = dict.fromkeys(no_scores().columns)
    row |= {
        "chain_id": "ic",
        "scope": scope,
        "key": key,
        "name_zh": low.pop("zh", None),
        "name_en": low.pop("en", None),
        "home": home,
        "firms": firms,
        "scored": scored,
        "level": level,
        "level_point": point or level,
        "verdict": "above" if scored else "country_only",
    }
    return row | {f"{name}_low": value for name, value in low.items()}


def frame(*rows):
    return settle_types(pd.DataFrame(list(rows)))


def test_the_worst_are_listed_apart_for_abroad_and_home_with_their_waterfall():
    scores = frame(
        score("A", level="red", exposure=0.5, substitution=0.5, residual=0.125),
        score("B", home=True, level="red", exposure=0.25, substitution=0.0, residual=0.25),
    )
    (worst,) = list_worst(scores, home=False, top=10).to_dict("records")
    steps = (worst["exposure"], worst["by_substitution"], worst["by_stock"], worst["residual"])
    assert (worst["key"], steps) == ("A", (0.5, 0.25, 0.125, 0.125))
    assert list(list_worst(scores, home=True, top=10)["key"]) == ["B"]


def test_items_places_groups_of_one_firm_and_firms_without_scores_are_in_no_list():
    scores = frame(
        score("item", scope="item", home=None, level="red"),
        score("city", scope="city", level="red"),
        score("alone", scope="parent", level="red", firms=1.0),
        score("blank", level="red", scored=False),
        score("group", scope="parent", level="red", firms=2.0, residual=0.2, exposure=0.3),
    )
    assert list(list_worst(scores, home=False, top=10)["key"]) == ["group"]
    assert count_levels(scores)["foreign_red"] == 1


def test_nodes_whose_point_value_would_reach_a_higher_level_are_counted_as_to_verify():
    counts = count_levels(frame(score("A", level="yellow", point="red"), score("B", level="red"), score("C")))
    assert (counts["foreign_yellow"], counts["foreign_red"], counts["to_verify"]) == (1, 1, 1)


def test_pinyin_initials_skip_blanks_and_keep_latin_letters():
    assert pinyin_initials("东京 应化 TOK") == "djyhtok"


@pytest.mark.parametrize("words", ["东京电子", "tokyo", "djdz", "TEL", "electron tokyo"])
def test_a_node_is_found_by_chinese_english_key_and_pinyin_initials(words):
    index = build_index(
        [frame(score("tel", zh="东京电子", en="Tokyo Electron"), score("x", zh="其他", en="Other"))]
    )
    assert [entry.key for entry in find_entries(index, words)] == ["tel"]


def test_exact_matches_come_first_and_groups_of_one_firm_do_not_show_twice():
    index = build_index(
        [
            frame(
                score("a", zh="光刻胶稀释剂"),
                score("b", scope="item", zh="光刻胶", home=None, firms=0.0),
                score("c", scope="parent", zh="光刻胶", firms=1.0),
            )
        ]
    )
    assert [entry.key for entry in find_entries(index, "光刻胶")] == ["b", "a"]
    assert find_entries(index, "   ") == []
