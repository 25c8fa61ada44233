"""What the charts are told to draw."""

import json

import pandas as pd
import pytest

from views.charts import HATCH, heatmap_chart, show_measure, waterfall_bars
from views.heatmap import Measure


def chart_of(*cells, measure=Measure.RESIDUAL):
    frame = pd.DataFrame(cells, columns=["row", "column", "value", "count", "to_verify", "name"])
    return heatmap_chart(
        frame,
        rows=list(dict.fromkeys(frame["row"])),
        columns=list(dict.fromkeys(frame["column"])),
        measure=measure,
        show_row=str,
        show_column=str,
    )


def test_a_cell_says_place_colour_name_score_and_count():
    (cell,) = chart_of(("r", "c", 0.1, 3, False, "ASML"))["series"][0]["data"]
    assert cell["value"] == [0, 0, 5, "ASML", "净损失 10.0%", "3 个节点", "", "10.0%", "(3)", "ASML"]
    assert "decal" not in cell["itemStyle"]


def test_only_cells_to_verify_are_hatched_and_unknown_has_its_own_colour():
    sure, unsure, unknown = chart_of(
        ("r", "a", 0.0, 1, False, "A"), ("r", "b", 0.0, 1, True, "B"), ("r", "c", None, 1, False, "C")
    )["series"][0]["data"]
    assert "decal" not in sure["itemStyle"]
    assert unsure["itemStyle"]["decal"] == HATCH
    assert (unknown["value"][2], unknown["value"][7]) == (-1, "未知")


@pytest.mark.parametrize("measure", list(Measure))
def test_every_colour_of_a_cell_is_explained_by_the_legend(measure):
    values = [0.0, 1.0, 2.0, 3.0] if measure is Measure.LEVEL else [0.0, 0.001, 0.03, 0.07, 0.3, 0.8, 1.0]
    chart = chart_of(*(("r", str(value), value, 1, False, "A") for value in values), measure=measure)
    explained = {piece["value"] for piece in chart["visualMap"]["pieces"]}
    assert {cell["value"][2] for cell in chart["series"][0]["data"]} <= explained


def test_levels_are_said_in_words():
    assert [show_measure(float(rank), Measure.LEVEL) for rank in range(4)] == ["无", "黄", "橙", "红"]


def test_bars_stack_to_the_exposure_where_stock_helps():
    rows = pd.DataFrame(
        [("A", 0.5, 0.25, 0.125, 0.125)],
        columns=["label", "exposure", "by_substitution", "by_stock", "residual"],
    )
    chart = waterfall_bars(rows)
    assert sum(series["data"][0] for series in chart["series"]) == 50.0
    assert json.dumps(chart, allow_nan=False)
