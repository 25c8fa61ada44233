"""合成示例: its banner on every page, its mark on exports, and the block that loads it or takes it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from chains.errors import LianwenError
from views import example_queries
from views.i18n import _, current_language
from views.officer import current_officer

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.example import ExampleResult

_ASKED: Final = "example_removal_asked"
_DONE: Final = "example_done"


def draw_banner() -> None:
    """Say on every page that invented data are among what it shows, while they are."""
    if not example_queries.is_loaded():
        return
    st.markdown(f":violet-badge[:material/science: {_('合成示例已装入')}] {_explain()}")


def export_notes() -> list[str]:
    """Say in an export that invented data are loaded.

    Returns
    -------
    list of str
        Lines for the sheet of notes; none while no example is loaded.
    """
    return [f"{_('合成示例已装入')}：{_explain()}"] if example_queries.is_loaded() else []


def mark_file_name(name: str) -> str:
    """Mark the file name of an export, which goes where no banner is.

    Parameters
    ----------
    name
        Without its ending.

    Returns
    -------
    str
        The same while no example is loaded.
    """
    return _("{name}-含合成示例").format(name=name) if example_queries.is_loaded() else name


def draw_example() -> None:
    """Draw what the synthetic example is, with a button that loads it or takes it out."""
    st.subheader(_("合成示例"), anchor=False)
    st.markdown(
        _(
            "一个虚构的省份，供试用上传、推演和预警：自成一条链，另有几家企业挂在三条真实链上。"
            "示例企业的市场份额为 0，**真实节点的分数和等级不变**。"
        )
    )
    _draw_done()
    if not example_queries.is_loaded():
        if st.button(_("装入示例"), key="example_load", icon=":material/science:"):
            _carry_out(example_queries.load, _("正在装入……"))
    elif not st.session_state.get(_ASKED):
        if st.button(_("移除示例"), key="example_remove", icon=":material/delete:"):
            st.session_state[_ASKED] = True
            st.rerun()
    else:
        _confirm_removal()


def _explain() -> str:
    return _("名称带“合成示例”的企业和产业链是虚构的，不能用于判断；可在首页移除。")


def _confirm_removal() -> None:
    st.warning(
        _("移除后，示例企业、示例产业链和引用它们的上传数据不再计入；历史记录保留。确定移除吗？"),
        icon=":material/help:",
    )
    with st.container(horizontal=True):
        if st.button(_("确定移除"), key="example_remove_sure", type="primary"):
            st.session_state.pop(_ASKED, None)
            _carry_out(example_queries.remove, _("正在移除……"))
        if st.button(_("不移除"), key="example_keep"):
            st.session_state.pop(_ASKED, None)
            st.rerun()


def _carry_out(act: Callable[..., tuple[ExampleResult, tuple[int, ...]]], meanwhile: str) -> None:
    officer = current_officer()
    try:
        with st.spinner(meanwhile):
            _result, runs = act(by=officer.name if officer else "")
    except LianwenError as error:
        st.error(error.say(current_language()), icon=":material/error:")
        return
    st.session_state[_DONE] = (act is example_queries.load, runs)
    st.rerun()


def _draw_done() -> None:
    done = st.session_state.pop(_DONE, None)
    if done is None:
        return
    loaded, runs = done
    said = _("合成示例已装入。") if loaded else _("合成示例已移除。")
    if runs:
        numbers = _("、").join(f"#{run_id}" for run_id in runs)
        said += _("数据变了的链已排队计算：运行 {numbers}。算完后刷新本页即可看到结果。").format(
            numbers=numbers
        )
    st.success(said, icon=":material/check_circle:")
