"""The line under every title: which program, data and run stand behind the page."""

from __future__ import annotations

import streamlit as st

from views import formatting, queries, session
from views.i18n import _

_OWN = "own_stamp"


def draw_stamp() -> None:
    """Draw the stamp of the chosen chain's latest run."""
    st.caption(" · ".join(stamp_parts()), width="stretch")


def replace_stamp(parts: list[str] | None) -> None:
    """Say something else than the chosen chain's run until the next page is drawn.

    Parameters
    ----------
    parts
        What stands behind a page that is not about a chain; None goes back to the chain's.
    """
    st.session_state[_OWN] = parts


def stamp_parts() -> list[str]:
    """Say what stands behind the page, also for downloads.

    Returns
    -------
    list of str
        Program version, data version, run and its time, horizon, mode, and what levels rest on; or what the
        page itself said with `replace_stamp`.
    """
    own: list[str] | None = st.session_state.get(_OWN)
    if own is not None:
        return own
    selection = session.get_selection()
    parts = [_("程序 {version}").format(version=queries.program_version())]
    state = queries.find_chain(selection.chain_id)
    if state is None:
        return [*parts, _("还没有数据")]
    if state.run is None:
        return [*parts, state.name, _("还没有运行")]
    run = state.run
    return [
        *parts,
        _("数据 {version}").format(version=formatting.short_version(run.data_version)),
        _("运行 #{run_id}，{at}(北京时间)").format(run_id=run.run_id, at=formatting.local_time(run.ended_at)),
        _("推演期 {days}").format(days=formatting.days(selection.horizon)),
        formatting.perspective_name(run.request.perspective.value),
        _("口径 {mode}").format(mode=formatting.mode_name(selection.mode)),
        _("等级按低端判定({days})").format(days=formatting.days(run.request.main_horizon)),
    ]
