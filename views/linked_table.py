"""Tables of the pages: cells that say 未知 or —, lines that open a node where they have one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from views import formatting, session
from views.components.columns import Column, show_cell
from views.components.download import draw_downloads
from views.components.table import MOST_ROWS_SHOWN, ROW_PIXELS, colour_of_level, style_cells
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pandas.io.formats.style import Styler

_LINK = ("chain_id", "scope", "key")


def draw_linked_table(
    frame: pd.DataFrame, columns: Sequence[Column], *, name: str, key: str, absent: str | None = None
) -> None:
    """Draw a table with its downloads; its lines open a node where they have one.

    Parameters
    ----------
    frame
        With ``chain_id``, ``scope`` and ``key`` where lines can be opened; missing in a line without a node.
    columns
        What is shown, in order.
    name
        File name of the downloads without its ending.
    key
        Unique on the page.
    absent
        What to say after a click on a line without a node.
    """
    shown = frame.reset_index(drop=True)
    can_open = {"scope", "key"}.issubset(shown.columns) and bool(shown["key"].notna().any())
    draw = partial(
        st.dataframe,
        spell_missing(shown, columns),
        key=key,
        hide_index=True,
        height="content" if len(shown) <= MOST_ROWS_SHOWN else ROW_PIXELS * (MOST_ROWS_SHOWN + 1),
        column_config={column.field: _configure(column) for column in columns},
        placeholder="",
    )
    if can_open:
        draw(on_select="rerun", selection_mode=["single-row", "single-cell"])
        _open_chosen(shown, st.session_state[key]["selection"], absent=absent)
    else:
        draw()
    draw_downloads(shown, columns, name=name, key=key)


def text_cells(words: Iterable[str | None]) -> list[Any]:
    """Collect the cells of a column of text.

    Parameters
    ----------
    words
        ``None`` where there is none.

    Returns
    -------
    list
        For ``DataFrame.assign``, whose types know no text that may be missing.
    """
    return list(words)


def spell_missing(frame: pd.DataFrame, columns: Sequence[Column]) -> Styler:
    """Write cells for the screen; a column with missing cells becomes text, so that it can say 未知 or —.

    Parameters
    ----------
    frame
        Rows with a plain index.
    columns
        What is shown, in order.

    Returns
    -------
    pandas.io.formats.style.Styler
        For ``st.dataframe``, which leaves a missing cell blank whatever its style says.
    """
    spelled = [column for column in columns if frame[column.field].isna().any()]
    words = {
        column.field: pd.Series(
            [show_cell(value, column) for value in frame[column.field]], index=frame.index, dtype=object
        )
        for column in spelled
    }
    written = [
        Column(column.field, column.label, "text", column.missing, column.help_text, column.width)
        if column.field in words
        else column
        for column in columns
    ]
    styler = style_cells(frame.assign(**words), written)
    for column in spelled:
        if column.kind == "level":
            colours = [colour_of_level(value) for value in frame[column.field]]
            styler = styler.apply(lambda _cells, colours=colours: colours, subset=[column.field])
    return styler


def _configure(column: Column) -> object:
    return st.column_config.Column(
        column.label,
        help=column.help_text,
        width=column.width,
        alignment="right" if column.kind in ("percent", "days", "count") else "left",
    )


def _open_chosen(frame: pd.DataFrame, selection: dict[str, list[object]], *, absent: str | None) -> None:
    cells = [cell[0] for cell in selection.get("cells", []) if isinstance(cell, (list, tuple))]
    lines = [line for line in (*selection.get("rows", []), *cells) if isinstance(line, int)]
    if not lines or lines[0] >= len(frame):
        st.caption(_("点一行，打开它的节点页。"))
        return
    line = frame.iloc[lines[0]]
    if formatting.is_missing(line["key"]) or formatting.is_missing(line["scope"]):
        st.caption(absent or _("这一行没有可以打开的节点。"))
        return
    link = {name: str(line[name]) for name in _LINK if name in frame.columns}
    session.open_page("node", **{name.removesuffix("_id"): value for name, value in link.items()})
