"""What a table shows where numbers are missing, and that it still sorts."""

import math
from typing import Any

import pandas as pd

from views.components.columns import Column
from views.components.table import colour_of_level, style_cells
from views.formatting import NOT_APPLICABLE

DAYS = Column("day", "断供起始日", "days", missing=NOT_APPLICABLE)
SHARE = Column("share", "份额", "percent")


def data_of(styler: Any) -> pd.DataFrame:
    shown: pd.DataFrame = styler.data  # pandas-stubs do not know it
    return shown


def test_a_missing_number_reads_unknown_or_not_applicable_never_blank():
    shown = data_of(
        style_cells(pd.DataFrame({"day": [59.0, math.nan], "share": [math.nan, 0.0]}), [DAYS, SHARE])
    )
    assert [text.strip() for text in shown["day"]] == ["59 天", "—"]
    assert [text.strip() for text in shown["share"]] == ["未知", "0.0%"]


def test_numbers_written_as_text_sort_like_numbers():
    days = [168.0, 9.0, math.nan, 59.0]
    shown = data_of(style_cells(pd.DataFrame({"day": days}), [DAYS]))
    assert [text.strip() for text in sorted(shown["day"])][-3:] == ["9 天", "59 天", "168 天"]


def test_a_column_without_gaps_stays_a_column_of_numbers():
    shown = data_of(style_cells(pd.DataFrame({"share": [0.25, 0.5]}), [SHARE]))
    assert list(shown["share"]) == [0.25, 0.5]


def test_missing_text_and_levels_are_said_in_words():
    columns = [Column("name", "名称"), Column("level", "等级", "level")]
    shown = data_of(
        style_cells(pd.DataFrame({"name": [None, ""], "level": ["red", None]}, dtype=object), columns)
    )
    assert list(shown["name"]) == ["未知", "未知"]
    assert list(shown["level"]) == ["红", "未知"]


def test_a_level_is_coloured_and_no_level_is_not():
    assert "background-color" in colour_of_level("red")
    assert colour_of_level("none") == colour_of_level(None) == ""
