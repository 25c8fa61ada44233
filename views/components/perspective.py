"""The sentence that says whose loss a page shows, and what a node abroad or at home is assumed to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from chains.errors import LianwenError
from chains.model import Perspective
from chains.regions import HOME_COUNTRY
from desk.home_region import read_home
from views import formatting, queries, session
from views.categories import place_name
from views.i18n import _, current_language

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
        _say_home(state)
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


def _say_home(state: ChainState) -> None:
    """Say what home is where it is not the whole country, and whether the run still means that."""
    settings = queries.get_settings()
    regions = settings.home_regions
    if regions != (HOME_COUNTRY,):
        st.caption(
            _(
                "这里的“境内”是{home}，其余都按境外计。随附数据的境内用量占比说的是全国，在这里按未知计；"
                "自己的链文件夹里填写的照用。"
            ).format(home=_("、").join(_name_region(word) for word in regions))
        )
    stored: Any = state.run.parameters.get("home") if state.run else None
    try:
        is_stale = stored is not None and list(stored) != list(read_home(settings))
    except LianwenError as error:
        st.warning(error.say(current_language().value))
        return
    if is_stale:
        st.warning(_("最近一次运行时“境内”的范围与现在的设置不同，请重新计算。"))


def _name_region(word: str) -> str:
    country, _slash, province = word.partition("/")
    return place_name(province) if province else formatting.country_name(country)
