"""Tables: written cells that still sort as numbers, levels in words and colour, a click opens the node."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from risk.model import Level
from views import formatting, session
from views.components.columns import Column, show_cell
from views.components.download import draw_downloads
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas.io.formats.style import Styler
    from streamlit.elements.lib.column_types import ColumnConfig

ROW_PIXELS = 35
MOST_ROWS_SHOWN = 14
NUMBER_KINDS = ("percent", "days", "count")
_DARK_LEVELS = (Level.RED.value,)


def draw_table(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    *,
    name: str,
    key: str,
    open_node: bool = False,
) -> None:
    """Draw a table with its downloads.

    Parameters
    ----------
    frame
        One row a line; with `open_node` also ``scope``, ``key`` and perhaps ``chain_id``.
    columns
        What is shown, in order.
    name
        File name of the downloads without its ending.
    key
        Unique on the page.
    open_node
        Whether a click on a line opens the page of its node.
    """
    shown = frame.reset_index(drop=True)
    draw = partial(
        st.dataframe,
        style_cells(shown, columns),
        key=key,
        hide_index=True,
        height="content" if len(shown) <= MOST_ROWS_SHOWN else ROW_PIXELS * (MOST_ROWS_SHOWN + 1),
        column_config={
            column.field: _configure(column, is_number=is_kept_number(shown, column)) for column in columns
        },
        placeholder="",
    )
    if open_node:
        draw(on_select="rerun", selection_mode=["single-row", "single-cell"])
        _open_chosen(shown, st.session_state[key]["selection"])
    else:
        draw()
    draw_downloads(shown, columns, name=name, key=key)


def style_cells(frame: pd.DataFrame, columns: Sequence[Column]) -> Styler:
    """Write every cell as text, in a way that still sorts by number.

    Parameters
    ----------
    frame
        Rows with a plain index.
    columns
        What is shown, in order.

    Returns
    -------
    pandas.io.formats.style.Styler
        For ``st.dataframe``.

    Notes
    -----
    The browser shows one and the same sign for every missing number, but 未知 and — differ. So a column
    of numbers stays one only where none is missing; else it becomes text, padded on the left to sort alike.
    """
    shown = pd.DataFrame({column.field: _shown_cells(frame, column) for column in columns}, index=frame.index)
    styler = shown.style
    for column in columns:
        if is_kept_number(frame, column):
            styler = styler.format(partial(show_cell, column=column), subset=[column.field])
        elif column.kind == "level":
            colours = [colour_of_level(level) for level in frame[column.field]]
            styler = styler.apply(lambda _, colours=colours: colours, subset=[column.field])
    return styler


def is_kept_number(frame: pd.DataFrame, column: Column) -> bool:
    """Tell whether a column goes to the browser as numbers.

    Parameters
    ----------
    frame
        What the table shows.
    column
        Which column.

    Returns
    -------
    bool
        True for columns of numbers of which none is missing.
    """
    return column.kind in NUMBER_KINDS and not frame[column.field].isna().any()


def _shown_cells(frame: pd.DataFrame, column: Column) -> pd.Series:
    cells = frame[column.field]
    if is_kept_number(frame, column):
        return cells.astype("float64")
    texts = [show_cell(value, column) for value in cells]
    if column.kind in NUMBER_KINDS:
        width = max(map(len, texts), default=0)
        texts = [text.rjust(width) for text in texts]
    return pd.Series(texts, index=cells.index, dtype=object)


def colour_of_level(level: object) -> str:
    """Choose the colours of a level's cell.

    Parameters
    ----------
    level
        A value of `risk.model.Level`, or missing.

    Returns
    -------
    str
        CSS; empty when there is no level.
    """
    if not isinstance(level, str) or level == Level.NONE.value:
        return ""
    return f"background-color: {formatting.LEVEL_COLOURS[Level(level)]}; color: {ink_on(level)}"


def ink_on(level: str) -> str:
    """Choose the text colour that can be read on a level's colour.

    Parameters
    ----------
    level
        A value of `risk.model.Level`.

    Returns
    -------
    str
        A hexadecimal colour.
    """
    return "#FFFFFF" if level in _DARK_LEVELS else "#1C2733"


def _configure(column: Column, *, is_number: bool) -> ColumnConfig:
    configure = st.column_config.NumberColumn if is_number else st.column_config.TextColumn
    return configure(
        column.label,
        help=column.help_text,
        width=column.width,
        alignment="right" if column.kind in NUMBER_KINDS else "left",
    )


def _open_chosen(frame: pd.DataFrame, selection: dict[str, list[object]]) -> None:
    lines = [*selection.get("rows", []), *(cell[0] for cell in selection.get("cells", []))]  # type: ignore[index]
    if not lines or not isinstance(lines[0], int) or lines[0] >= len(frame):
        st.caption(_("点一行，打开它的节点页。"))
        return
    line = frame.iloc[lines[0]]
    link = {"scope": str(line["scope"]), "key": str(line["key"])}
    if "chain_id" in frame.columns:
        link["chain"] = str(line["chain_id"])
    session.open_page("node", **link)
