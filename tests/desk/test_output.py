"""Rows as text: the same bytes everywhere, unknown never 0, columns that line up in Chinese."""

import csv
import io
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.spreadsheets import defuse
from desk.output import (
    Format,
    display_width,
    render_csv,
    render_json,
    render_rows,
    render_table,
    show_percent,
)


def test_numbers_have_nine_decimals_and_unknown_is_blank():
    text = render_csv(
        [{"key": "A", "residual": 1 / 3, "tts_days": None, "year": 2025}],
        ("key", "residual", "tts_days", "year"),
    )
    assert text == "key,residual,tts_days,year\nA,0.333333333,,2025\n"


def test_nan_is_unknown_in_every_form():
    row = [{"residual": math.nan}]
    assert render_csv(row, ("residual",)) == "residual\n\n"
    assert json.loads(render_json(row, ("residual",))) == [{"residual": None}]
    assert "nan" not in render_rows(row, ("residual",), form=Format.TABLE)


def test_a_rounding_error_below_zero_is_written_as_zero():
    assert render_csv([{"loss": -1e-17}], ("loss",)) == "loss\n0.000000000\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)))
def test_any_text_survives_being_written_as_csv(names):
    text = render_csv([{"name": name, "key": "k"} for name in names], ("name", "key"))
    read = list(csv.reader(io.StringIO(text, newline="")))
    # What a spreadsheet would run has an apostrophe in front, and nothing else changes.
    assert [row[0] for row in read] == ["name", *map(defuse, names)]


def test_a_table_lines_up_where_chinese_characters_are_two_columns_wide():
    text = render_table([["东京电子", "1.5"], ["ASML", "10.25"]], headers=["名称", "净损失"])
    assert len({display_width(line) for line in text.splitlines()}) == 1


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [(0.1234, "12.3%"), (0.0, "0.0%"), (-0.00001, "0.0%"), (None, "—"), (math.nan, "—")],
)
def test_percent_has_one_decimal_and_unknown_is_no_zero(fraction, shown):
    assert show_percent(fraction) == shown
