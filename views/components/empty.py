"""What a page says when there is nothing to show, and what can be done about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from chains.db_errors import DatabaseBusyError, DatabaseNewerError, DatabaseOutdatedError
from views import formatting, queries, session
from views.i18n import _, current_language

if TYPE_CHECKING:
    from chains.db_errors import StoreError
    from risk.model import Run

_LONGEST_RUN = timedelta(minutes=10)
"""Runs take seconds; one that lasts longer has most likely lost its process."""


def require_run() -> queries.ChainState:
    """Return the chosen chain when it has a finished run; else say what to do and end the page.

    Returns
    -------
    ChainState
        Whose `run` is not ``None``.
    """
    state = require_chain()
    if state.run is not None:
        return state
    if state.active is not None:
        draw_progress(state)
    else:
        st.info(_("“{chain}”还没有运行结果。先算一次，各页就有内容了。").format(chain=state.name))
        draw_queue_button(state)
    return st.stop()


def require_chain() -> queries.ChainState:
    """Return the chosen chain when one is loaded; else say what to do and end the page.

    Returns
    -------
    ChainState
        The chain of the sidebar.
    """
    home = queries.load_home()
    state = queries.find_chain(session.get_selection().chain_id)
    if state is not None:
        return state
    if home.problem is not None:
        st.warning(_say_problem(home.problem), icon=":material/database_off:")
        st.caption(home.problem.say(current_language()))
    else:
        st.info(
            _(
                "数据库里还没有产业链。运行 `lianwen init` 载入自带数据，"
                "或用 `lianwen import-chain 目录` 载入自己的数据。"
            )
        )
    return st.stop()


def _say_problem(problem: StoreError) -> str:
    if isinstance(problem, DatabaseOutdatedError):
        return _(
            "数据库还没有建立，或比程序旧。在命令行运行 `lianwen init` 建库并载入数据，"
            "再运行 `lianwen recompute` 计算，然后刷新本页。"
        )
    if isinstance(problem, DatabaseNewerError):
        return _("数据库比程序新。请升级程序，或换回与程序同一版本的数据库。")
    if isinstance(problem, DatabaseBusyError):
        return _("数据库正忙。请稍后刷新本页。")
    return _("数据库打不开。请把下面这句话告诉管理员。")


def draw_queue_button(state: queries.ChainState) -> None:
    """Offer to queue a run of a chain.

    Parameters
    ----------
    state
        The chain; nothing is offered while one of its runs waits or runs.
    """
    if state.active is not None:
        draw_progress(state)
        return
    if st.button(
        _("计算“{chain}”").format(chain=state.name),
        key=f"queue_{state.chain_id}",
        icon=":material/play_arrow:",
    ):
        queries.queue_chain(state.chain_id)
        st.rerun()


def draw_progress(state: queries.ChainState) -> None:
    """Say how far the chain's waiting or running run is.

    Parameters
    ----------
    state
        A chain with an `active` run.
    """
    if state.active is None:
        return
    text = _("“{chain}”运行 #{run_id}：{status}").format(
        chain=state.name, run_id=state.active.run_id, status=formatting.status_name(state.active.status)
    )
    st.progress(min(1.0, max(0.0, state.active.progress)), text=text)
    if _is_stuck(state.active):
        st.caption(_("它很久没有进展，可能被中断了。"))
        if st.button(_("继续计算"), key=f"resume_{state.chain_id}", icon=":material/play_arrow:"):
            queries.resume_queue()
            st.rerun()
    else:
        st.caption(_("算完后刷新本页即可看到结果。"))


def _is_stuck(run: Run) -> bool:
    since = run.started_at or run.queued_at
    return datetime.now(UTC) - since > _LONGEST_RUN
