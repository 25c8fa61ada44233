"""The sentence that says whose loss a page shows, and what a node abroad or at home is assumed to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Perspective
from views import session
from views.i18n import _

if TYPE_CHECKING:
    from views.queries import ChainState


def draw_perspective(state: ChainState) -> None:
    """Say what is shown; where home has no run yet, say that too.

    Parameters
    ----------
    state
        A chain with a run.
    """
    if state.sees_home:
        st.caption(
            _(
                "**本土视角**：境外节点按**断供**计(工厂照开，只是不再供给境内)，境内节点按**停产**计；"
                "损失是境内的终端产出少了多少。左侧可切换到全球视角。"
            )
        )
        return
    st.caption(
        _(
            "**全球视角**：节点按**停产**计；损失是全球的终端产出少了多少。"
            "左侧可切换到本土视角，看别人能对我们断供什么。"
        )
    )
    if session.get_selection().perspective is Perspective.HOME:
        st.caption(
            _("“{chain}”还没有本土视角的运行，这里先列全球视角；重新计算一次即有。").format(chain=state.name)
        )
