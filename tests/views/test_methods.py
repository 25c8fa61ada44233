"""The method page: formulas, live defaults, words, sources, licences, limits."""

import pytest

from views.method_texts import _worked_rows


def open_methods(at, **link):
    at.query_params.update(link)
    return at.switch_page("views/methods.py").run()


def words_of(at):
    return "\n".join(one.value for kind in ("markdown", "caption", "code") for one in at.get(kind))


def test_all_five_scores_have_a_formula(shown_app):
    at = open_methods(shown_app)
    assert not at.exception
    for name in ("断供冲击", "可替代分", "净损失", "断供起始日", "恢复日"):
        assert f"**{name}**" in words_of(at)
    assert len(at.latex) >= 10


def test_the_worked_example_of_unknown_shares_always_sums_to_one():
    rows = _worked_rows()
    for case in ("complete", "open", "low", "high"):
        assert sum(float(str(row[case])) for row in rows) == pytest.approx(1.0)
    assert [row["open"] for row in rows] == pytest.approx([0.5, 0.2, 0.1, 0.1, 0.1])
    assert [row["low"] for row in rows] == pytest.approx([0.5, 0.2, 0.0, 0.1, 0.2])


def test_defaults_are_read_from_the_files_and_shown_in_words(shown_app):
    at = open_methods(shown_app)
    rest = next(table.value for table in at.dataframe if {"what", "value"} <= set(table.value.columns))
    assert "10.0%" in set(rest["value"])
    assert not {"None", "nan", "spare_ratio"} & set(rest["what"]) | set(rest["value"]) & {"None", "nan"}


def test_the_licence_that_forbids_commercial_use_is_stated_with_its_attribution(shown_app):
    words = words_of(open_methods(shown_app))
    assert "CC BY-NC 4.0，不得用于商业用途" in words
    assert "Emerging Technology Observatory" in words


def test_scores_are_never_called_probabilities(shown_app):
    words = words_of(open_methods(shown_app))
    assert "不是断供概率" in words
    assert "不是官方清单" in words


def test_the_glossary_has_both_languages(shown_app):
    at = open_methods(shown_app)
    terms = next(table.value for table in at.dataframe if {"zh", "en"} <= set(table.value.columns))
    assert dict(zip(terms["zh"], terms["en"], strict=True))["净损失"] == "residual loss"


def test_the_page_speaks_english(shown_app):
    at = open_methods(shown_app, lang="en")
    # The worked example has tabs of its own, for its pictures.
    assert [tab.label for tab in at.tabs if tab.label not in {"Chart", "Table"}] == [
        "Formulas",
        "Defaults and lines",
        "Terms",
        "Sources",
        "Licences and limits",
    ]
