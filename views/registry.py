"""The pages, in the order of the sidebar. To add one: ``views/<name>.py`` with ``page()`` and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.navigation.page import Page


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page.

    Attributes
    ----------
    page_id
        The name in links; the file is ``views/<page_id>.py``.
    title
        Says the title in the session's language.
    icon
        A Material symbol that ships with Streamlit.
    """

    page_id: str
    title: Callable[[], str]
    icon: str

    @property
    def file(self) -> str:
        """The page's file, relative to ``app.py``."""
        return f"views/{self.page_id}.py"


PAGES = (
    PageEntry("start", lambda: _("首页"), ":material/home:"),
    PageEntry("overview", lambda: _("总览"), ":material/grid_on:"),
    PageEntry("inbox", lambda: _("预警"), ":material/notifications:"),
    PageEntry("node", lambda: _("节点"), ":material/hub:"),
    PageEntry("depth", lambda: _("备份与集中"), ":material/account_tree:"),
    PageEntry("firms", lambda: _("企业网络"), ":material/lan:"),
    PageEntry("scenarios", lambda: _("情景推演"), ":material/science:"),
    PageEntry("bottlenecks", lambda: _("卡脖子清单"), ":material/checklist:"),
    PageEntry("visits", lambda: _("巡诊清单"), ":material/home_health:"),
    PageEntry("upload", lambda: _("上传名录"), ":material/upload_file:"),
    PageEntry("runs", lambda: _("运行"), ":material/history:"),
    PageEntry("methods", lambda: _("方法"), ":material/menu_book:"),
)


def make_pages() -> list[Page]:
    """Make Streamlit's page objects; the first page is the start page.

    Returns
    -------
    list
        One a page, titled in the session's language.
    """
    return [
        st.Page(
            entry.file,
            title=entry.title(),
            icon=entry.icon,
            url_path=entry.page_id,
            default=entry is PAGES[0],
        )
        for entry in PAGES
    ]


def page_file(page_id: str) -> str:
    """Name the file of a page, for ``st.switch_page`` and ``st.page_link``.

    Parameters
    ----------
    page_id
        As in `PAGES`.

    Returns
    -------
    str
        Relative to ``app.py``.

    Raises
    ------
    KeyError
        When there is no such page.
    """
    return {entry.page_id: entry.file for entry in PAGES}[page_id]


def page_title(page_id: str) -> str:
    """Name a page in the session's language.

    Parameters
    ----------
    page_id
        As in `PAGES`.

    Returns
    -------
    str
        Its title.

    Raises
    ------
    KeyError
        When there is no such page.
    """
    return {entry.page_id: entry.title for entry in PAGES}[page_id]()
