"""The risk heatmap as values: which nodes belong to a cell, and which of them is the worst.

Frames in, frames out; nothing here draws or asks a store. A cell is never a sum: it shows one node.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from chains.model import Mode, Scope
from risk.model import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

NODE = ["chain_id", "scope", "key"]
"""What identifies a node across chains."""

UNKNOWN_CATEGORY = "?"
"""The category of nodes whose place or class the data do not give; shown as 未知."""

_RANK = {level.value: level.rank for level in Level}
_SCOPE_ORDER = {scope.value: order for order, scope in enumerate(Scope)}


class Dimension(StrEnum):
    """What rows and columns may be."""

    CHAIN = "chain"
    STAGE = "stage"
    FIVE_BASE = "five_base"
    COUNTRY = "country"
    RING = "ring"
    PROVINCE = "province"
    CITY = "city"
    SCOPE = "scope"


class Measure(StrEnum):
    """What the colour may say; all read at the low end."""

    RESIDUAL = "residual"
    EXPOSURE = "exposure"
    NO_SUBSTITUTE = "no_substitute"
    LEVEL = "level"


def rank_of_level(levels: pd.Series) -> pd.Series:
    """Turn levels into 0 (none) to 3 (red); NaN where a node has no level.

    Parameters
    ----------
    levels
        Values of `risk.model.Level`.

    Returns
    -------
    pandas.Series
        Floats, same index.
    """
    return levels.map(_RANK).astype("float64")


def measure_nodes(scores: pd.DataFrame, measure: Measure, mode: Mode) -> pd.Series:
    """Read one measure of every node at the low end.

    Parameters
    ----------
    scores
        One row a node: ``residual_low``, ``exposure_low``, ``substitution_low`` (0 to 1), ``level_run``,
        ``level_build``.
    measure
        Which measure.
    mode
        Whose level `Measure.LEVEL` reads.

    Returns
    -------
    pandas.Series
        0 to 1, or 0 to 3 for levels; higher is worse. NaN: not scored, or no substitution is defined.
    """
    if measure is Measure.LEVEL:
        return rank_of_level(scores[f"level_{mode.value}"])
    if measure is Measure.NO_SUBSTITUTE:
        return 1.0 - scores["substitution_low"].astype("float64")
    return scores[f"{measure.value}_low"].astype("float64")


def is_to_verify(scores: pd.DataFrame) -> pd.Series:
    """Tell which nodes are 待核实: their point value would reach a higher level than their low end.

    Parameters
    ----------
    scores
        With ``level`` and ``level_point``.

    Returns
    -------
    pandas.Series
        Booleans, same index.
    """
    return rank_of_level(scores["level_point"]) > rank_of_level(scores["level"])


def rank_nodes(scores: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Order nodes from the worst: given columns, then level, residual, exposure (low ends), scope, key.

    Parameters
    ----------
    scores
        One row a node.
    by
        Columns that come first, larger is worse; NaN counts as least.

    Returns
    -------
    pandas.DataFrame
        The same rows in the order of the command line's lists.
    """
    order = pd.DataFrame(
        {
            **{f"by_{name}": -scores[name].astype("float64").fillna(-np.inf) for name in by},
            "level": -rank_of_level(scores["level"]).fillna(-1.0),
            "residual": -scores["residual_low"].astype("float64").fillna(-1.0),
            "exposure": -scores["exposure_low"].astype("float64").fillna(-1.0),
            "scope": scores["scope"].map(_SCOPE_ORDER),
            "key": scores["key"],
        },
        index=scores.index,
    )
    return scores.loc[order.sort_values(list(order.columns), kind="stable").index]


def place_nodes(
    scores: pd.DataFrame, members: pd.DataFrame, *, rows: Dimension, columns: Dimension
) -> pd.DataFrame:
    """Put every node into the cells it belongs to.

    Parameters
    ----------
    scores
        One row a node, identified by `NODE`.
    members
        ``chain_id, scope, key, dimension, value``: one row for every category a node belongs to.
    rows, columns
        What stands on the two axes.

    Returns
    -------
    pandas.DataFrame
        The columns of `scores` with ``row`` and ``column`` before them; a node stands once in every
        cell it belongs to and nowhere when it belongs to no row or no column.
    """
    on_rows = _categories(members, rows).rename(columns={"value": "row"})
    on_columns = _categories(members, columns).rename(columns={"value": "column"})
    return on_rows.merge(on_columns, on=NODE).merge(scores, on=NODE)


def find_cells(placed: pd.DataFrame, *, measure: Measure, mode: Mode) -> pd.DataFrame:
    """Find the worst node of every cell.

    Parameters
    ----------
    placed
        What `place_nodes` returns.
    measure
        What decides which node is the worst.
    mode
        Whose level `Measure.LEVEL` reads.

    Returns
    -------
    pandas.DataFrame
        One row a cell that has nodes: ``row``, ``column``, ``value`` (of the worst node, NaN if none of
        its nodes has one), ``count`` (nodes in it), ``to_verify``, and the worst node's own columns.
    """
    valued = placed.assign(value=measure_nodes(placed, measure, mode))
    groups = valued.groupby(["row", "column"], sort=False)
    valued["count"] = groups["key"].transform("size")
    valued["to_verify"] = is_to_verify(valued) | (_highest(valued, "level_point") > _highest(valued, "level"))
    return rank_nodes(valued, by=["value"]).drop_duplicates(["row", "column"]).reset_index(drop=True)


def order_categories(cells: pd.DataFrame, axis: str, *, known: Sequence[str] = ()) -> list[str]:
    """Order the categories of an axis.

    Parameters
    ----------
    cells
        What `find_cells` returns.
    axis
        ``row`` or ``column``.
    known
        Categories with an order of their own, such as the stages of production.

    Returns
    -------
    list of str
        Known categories first and in their order, the others from the worst, 未知 last.
    """
    if cells.empty:
        return []
    worst = cells.groupby(axis)["value"].max().fillna(-1.0)
    place = {category: order for order, category in enumerate(known)}
    return sorted(
        (str(category) for category in worst.index),
        key=lambda category: (
            category == UNKNOWN_CATEGORY,
            place.get(category, len(place)),
            -worst[category],
            category,
        ),
    )


def _categories(members: pd.DataFrame, dimension: Dimension) -> pd.DataFrame:
    return members.loc[members["dimension"] == dimension.value, [*NODE, "value"]].drop_duplicates()


def _highest(valued: pd.DataFrame, column: str) -> pd.Series:
    ranks = rank_of_level(valued[column])
    return ranks.groupby([valued["row"], valued["column"]]).transform("max")
