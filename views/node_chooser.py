"""Choosing a node when the link names none: by type and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Scope
from risk.model import NODE_SCOPES
from views import formatting, session
from views.heatmap import rank_nodes
from views.i18n import _
from views.linked_table import draw_linked_table
from views.node_columns import node_columns, prepare
from views.queries import load_scores
from views.search import pinyin_initials

if TYPE_CHECKING:
    import pandas as pd

    from views.queries import ChainState


def draw_chooser(state: ChainState) -> None:
    """Draw a list of all nodes of one type, narrowed by a few letters.

    Parameters
    ----------
    state
        A chain with a run.
    """
    selection = session.get_selection()
    st.markdown(_("选一个节点：先选类型，再输入名称的一部分；点表中一行打开。最差的排在前面。"))
    left, right = st.columns([1, 2])
    with left:
        scope = session.choose(
            _("节点类型"),
            "nscope",
            options=[scope.value for scope in NODE_SCOPES],
            default=Scope.SUPPLIER.value,
            show=formatting.scope_name,
        )
    words = right.text_input(
        _("名称"), key="node_words", placeholder=_("中文、英文或拼音首字母"), icon=":material/search:"
    )
    scores = load_scores(state, selection.mode, selection.horizon)
    listed = scores[scores["scope"] == scope]
    if scope == Scope.PARENT.value:
        listed = listed[listed["firms"] > 1]
    found = listed[_matches(listed, words)]
    if found.empty:
        st.info(_("没有符合的节点。换一个类型，或少输入几个字。"))
        return
    st.caption(_("共 {n} 个").format(n=formatting.count(len(found))))
    draw_linked_table(prepare(rank_nodes(found)), node_columns(), name=f"nodes-{scope}", key="node_list")


def _matches(nodes: pd.DataFrame, words: str) -> list[bool]:
    wanted = words.strip().lower()
    named = prepare(nodes)["name"] if len(nodes) else nodes["key"]
    return [
        not wanted or any(wanted in text for text in _searched(name, key, zh, en))
        for name, key, zh, en in zip(named, nodes["key"], nodes["name_zh"], nodes["name_en"], strict=True)
    ]


def _searched(*texts: object) -> list[str]:
    words = [text.lower() for text in texts if isinstance(text, str)]
    return [*words, *(pinyin_initials(word) for word in words if not word.isascii())]
