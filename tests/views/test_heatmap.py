"""What a cell of the heatmap shows."""

import math

import pandas as pd
import pytest

from chains.model import Mode
from views.heatmap import (
    UNKNOWN_CATEGORY,
    Dimension,
    Measure,
    find_cells,
    order_categories,
    place_nodes,
    rank_nodes,
)


def node(
    key,
    *,
    residual=0.0,
    exposure=0.0,
    substitution=0.0,
    level="none",
    point=None,
    scope="supplier",
    chain="ic",
):
    return {
        "chain_id": chain,
        "scope": scope,
        "key": key,
        "residual_low": residual,
        "exposure_low": exposure,
        "substitution_low": substitution,
        "level": level,
        "level_run": level,
        "level_build": "none",
        "level_point": point or level,
    }


def membership(key, *, stage=(), country=(), scope="supplier", chain="ic"):
    pairs = [("stage", value) for value in stage] + [("country", value) for value in country]
    return [
        {"chain_id": chain, "scope": scope, "key": key, "dimension": dimension, "value": value}
        for dimension, value in pairs
    ]


def cells_of(nodes, members, measure=Measure.RESIDUAL, mode=Mode.RUN):
    placed = place_nodes(
        pd.DataFrame(nodes), pd.DataFrame(members), rows=Dimension.STAGE, columns=Dimension.COUNTRY
    )
    found = find_cells(placed, measure=measure, mode=mode)
    return {(cell["row"], cell["column"]): cell for cell in found.to_dict("records")}


def test_a_cell_shows_its_worst_node_and_the_number_of_nodes_never_their_sum():
    cells = cells_of(
        [node("A", residual=0.25), node("B", residual=0.5)],
        membership("A", stage=["design"], country=["JPN"])
        + membership("B", stage=["design"], country=["JPN"]),
    )
    cell = cells["design", "JPN"]
    assert (cell["key"], cell["value"], cell["count"]) == ("B", 0.5, 2)


def test_a_cell_to_which_no_node_belongs_does_not_exist_and_is_not_zero():
    cells = cells_of(
        [node("A", residual=0.25), node("B", residual=0.5)],
        membership("A", stage=["design"], country=["JPN"]) + membership("B", stage=["cell"], country=["DEU"]),
    )
    assert set(cells) == {("design", "JPN"), ("cell", "DEU")}


def test_a_node_that_serves_two_stages_stands_in_both_but_counts_once_in_each():
    cells = cells_of(
        [node("A", residual=0.25)], membership("A", stage=["design", "cell", "cell"], country=["JPN"])
    )
    assert {place: cell["count"] for place, cell in cells.items()} == {
        ("design", "JPN"): 1,
        ("cell", "JPN"): 1,
    }


def test_a_node_without_a_place_on_one_axis_stands_in_no_cell():
    assert (
        cells_of(
            [node("A", residual=0.25), node("B", residual=0.1)],
            membership("A", stage=["design"]) + membership("B", stage=["design"], country=["JPN"]),
        )["design", "JPN"]["key"]
        == "B"
    )


def test_a_cell_of_nodes_without_scores_is_unknown_and_a_scored_node_beats_an_unknown_one():
    members = membership("A", stage=["design"], country=["JPN"]) + membership(
        "B", stage=["design"], country=["JPN"]
    )
    unknown = cells_of([node("A", residual=math.nan), node("B", residual=math.nan)], members)
    assert math.isnan(unknown["design", "JPN"]["value"])
    mixed = cells_of([node("A", residual=math.nan), node("B", residual=0.0)], members)
    assert mixed["design", "JPN"]["key"] == "B"


def test_a_cell_is_hatched_when_the_point_value_would_reach_a_higher_level():
    sure = cells_of([node("A", level="red")], membership("A", stage=["cell"], country=["JPN"]))
    unsure = cells_of(
        [node("A", level="yellow", point="red")], membership("A", stage=["cell"], country=["JPN"])
    )
    assert not sure["cell", "JPN"]["to_verify"]
    assert unsure["cell", "JPN"]["to_verify"]


def test_a_cell_is_hatched_when_another_of_its_nodes_might_be_worse_than_the_worst():
    cells = cells_of(
        [node("A", residual=0.06, level="orange"), node("B", residual=0.0, level="none", point="red")],
        membership("A", stage=["cell"], country=["JPN"]) + membership("B", stage=["cell"], country=["JPN"]),
    )
    assert (cells["cell", "JPN"]["key"], cells["cell", "JPN"]["to_verify"]) == ("A", True)


@pytest.mark.parametrize(
    ("measure", "worst", "value"),
    [
        (Measure.RESIDUAL, "A", 0.5),
        (Measure.EXPOSURE, "B", 0.75),
        (Measure.NO_SUBSTITUTE, "B", 1.0),
        (Measure.LEVEL, "A", 3.0),
    ],
)
def test_the_colour_decides_which_node_is_the_worst(measure, worst, value):
    cells = cells_of(
        [
            node("A", residual=0.5, exposure=0.5, substitution=0.25, level="red"),
            node("B", residual=0.25, exposure=0.75, substitution=0.0, level="orange"),
        ],
        membership("A", stage=["cell"], country=["JPN"]) + membership("B", stage=["cell"], country=["JPN"]),
        measure,
    )
    assert (cells["cell", "JPN"]["key"], cells["cell", "JPN"]["value"]) == (worst, value)


def test_the_colour_level_reads_the_level_of_the_chosen_mode():
    members = membership("A", stage=["cell"], country=["JPN"])
    assert (
        cells_of([node("A", level="red")], members, Measure.LEVEL, Mode.BUILD)["cell", "JPN"]["value"] == 0.0
    )


def test_nodes_rank_by_level_then_residual_then_exposure_then_key():
    ranked = rank_nodes(
        pd.DataFrame(
            [
                node("D", level="yellow", residual=0.9),
                node("C", level="red", residual=0.2, exposure=0.3),
                node("B", level="red", residual=0.2, exposure=0.3),
                node("A", level="red", residual=0.2, exposure=0.2),
            ]
        )
    )
    assert list(ranked["key"]) == ["B", "C", "A", "D"]


def test_categories_stand_in_their_own_order_or_from_the_worst_with_unknown_last():
    cells = pd.DataFrame(
        {
            "row": ["x", "y", UNKNOWN_CATEGORY, "known"],
            "column": ["c"] * 4,
            "value": [0.1, 0.4, 0.9, 0.0],
        }
    )
    assert order_categories(cells, "row", known=["absent", "known"]) == ["known", "y", "x", UNKNOWN_CATEGORY]


def test_a_heatmap_of_no_nodes_has_no_cells():
    empty = pd.DataFrame([node("A")]).iloc[:0]
    placed = place_nodes(
        empty,
        pd.DataFrame(membership("A", stage=["cell"], country=["JPN"])),
        rows=Dimension.STAGE,
        columns=Dimension.COUNTRY,
    )
    cells = find_cells(placed, measure=Measure.RESIDUAL, mode=Mode.RUN)
    assert cells.empty
    assert order_categories(cells, "row") == []
