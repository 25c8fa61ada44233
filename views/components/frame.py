"""The frame of every page: title, stamp, and one clear sentence when something fails."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from chains.errors import LianwenError
from views.components.example import draw_banner
from views.components.stamp import draw_stamp, replace_stamp
from views.i18n import _, current_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.navigation.page import Page

_STYLE = """<style>
.stMainBlockContainer {padding: 2.6rem 2.8rem 3rem}
[data-testid="stSidebarHeader"] {height: 2.4rem; margin-bottom: 0}
</style>"""
"""Streamlit has no setting for the empty margins; at 1280 x 720 they would cost a fifth of the page."""

_OWN_STAMP = frozenset({"firms"})
"""Pages that are not about the chosen chain and say themselves what they rest on."""

logger = logging.getLogger(__name__)


def draw_page(page: Page, *, sidebar: Callable[[], None]) -> None:
    """Draw the sidebar, the title, the stamp, the mark of a loaded example and the page.

    Parameters
    ----------
    page
        What ``st.navigation`` chose.
    sidebar
        Draws the sidebar.

    Notes
    -----
    This is one of the few broad catches of the project: whatever a page raises is written to the log with
    a number, and the person sees one sentence with that number.
    """
    st.html(_STYLE)
    try:
        sidebar()
        st.header(page.title, anchor=False)
        replace_stamp(None)
        if page.url_path not in _OWN_STAMP:
            draw_stamp()
        draw_banner()
        page.run()
    except LianwenError as error:
        logger.warning("page %s: [%s] %s", page.url_path, error.code, error.message)
        st.error(error.say(current_language()), icon=":material/error:")
    except Exception:
        number = uuid4().hex[:8]
        logger.exception("page %s failed, number %s", page.url_path, number)
        st.error(
            _(
                "这个页面没能显示出来。"
                "请重新打开一次；仍不行时，把编号 {number} 告诉管理员，日志里有详细原因。"
            ).format(number=number),
            icon=":material/error:",
        )
