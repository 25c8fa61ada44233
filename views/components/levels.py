"""How many nodes of each level every chain has: words and counts on the colours of the levels."""

from __future__ import annotations

from html import escape

import streamlit as st

from risk.model import Level
from views import formatting, queries, session
from views.components.table import ink_on
from views.formatting import LEVEL_COLOURS
from views.i18n import _

_LINE = "display:flex;flex-wrap:wrap;align-items:center;row-gap:.2em;margin:.15em 0"
_TITLE = "flex:0 0 4.6em;color:#5B6770"
_NO_COUNT = ("#EEF2F6", "#5B6770")
_SHOWN = (Level.RED, Level.ORANGE, Level.YELLOW)


def draw_level_counts() -> None:
    """Draw one card a chain: red, orange and yellow nodes abroad and at home, and those to verify."""
    chosen = session.get_selection().chain_id
    states = queries.load_home().chains
    for column, state in zip(st.columns(max(3, len(states)))[: len(states)], states, strict=True):
        with column, st.container(border=True, gap="xsmall"):
            marker = f" :blue-badge[{_('当前')}]" if state.chain_id == chosen else ""
            if state.run is None:
                st.markdown(f"**{escape(state.name)}**{marker}")
                st.caption(_("还没有运行"))
                continue
            counts = queries.count_levels(state)
            note = _("待核实 {n}").format(n=formatting.count(counts["to_verify"]))
            st.markdown(f"**{escape(state.name)}**{marker} :gray[:small[{note}]]")
            st.html(_counts_html(counts))


def level_chip(level: Level, count: int) -> str:
    """Write a level and a count as a small coloured label.

    Parameters
    ----------
    level
        Which level.
    count
        Nodes.

    Returns
    -------
    str
        HTML.
    """
    colour, ink = (LEVEL_COLOURS[level], ink_on(level.value)) if count else _NO_COUNT
    style = (
        f"display:inline-block;white-space:nowrap;padding:0 .5em;margin-right:.35em;border-radius:3px;"
        f"background:{colour};color:{ink};text-align:center"
    )
    return f'<span style="{style}">{formatting.level_name(level.value)} {formatting.count(count)}</span>'


def _counts_html(counts: dict[str, int]) -> str:
    lines = [
        (title, "".join(level_chip(level, counts[f"{side}_{level.value}"]) for level in _SHOWN))
        for side, title in (("foreign", _("境外对我")), ("home", _("境内集中")))
    ]
    rows = "".join(
        f'<div style="{_LINE}"><span style="{_TITLE}">{title}</span>{chips}</div>' for title, chips in lines
    )
    return f'<div style="font-size:.87rem">{rows}</div>'
