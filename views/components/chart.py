"""A chart and its twin: the same numbers as a table, with downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from views.components.table import draw_table
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from views.components.columns import Column


def draw_chart(
    option: dict[str, Any],
    *,
    table: pd.DataFrame,
    columns: Sequence[Column],
    name: str,
    key: str,
    height: int,
    alt: str,
    selectable: bool = False,
) -> list[int]:
    """Draw a chart with its table behind a second tab.

    Parameters
    ----------
    option
        What ECharts draws, from `views.charts`.
    table
        The numbers of the chart; where they have ``scope`` and ``key``, a click on a line opens the node.
    columns
        The columns of the table, in order.
    name
        File name of the downloads without its ending.
    key
        Unique on the page.
    height
        Pixels.
    alt
        What a screen reader says.
    selectable
        Whether a click selects; the series must have ``selectedMode``.

    Returns
    -------
    list of int
        Data indices of the first series that are selected, empty without a selection.
    """
    picture, numbers = st.tabs([_("图"), _("表")])
    with picture:
        if selectable:
            state = st.echarts_chart(
                option, key=key, height=height, alt=alt, on_select="rerun", renderer="svg"
            )
            indices = [
                int(index) for group in state["selection"]["selected"] for index in group["data_indices"]
            ]
        else:
            st.echarts_chart(option, key=key, height=height, alt=alt, renderer="svg")
            indices = []
    with numbers:
        has_nodes = {"scope", "key"}.issubset(table.columns)
        draw_table(table, columns, name=name, key=f"{key}_table", open_node=has_nodes)
    return indices
