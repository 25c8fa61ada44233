"""预警 of firm networks: which firms became systemic between two runs, and who has taken note of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from risk.alerts.model import AlertState, ReviewKind
from views import alert_words, firm_queries, formatting, registry
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _, current_language
from views.officer import draw_officer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.firm_pages import FirmAlertView, NetworkStanding


def draw_alerts(standing: NetworkStanding) -> None:
    """Draw the alerts of a network.

    Parameters
    ----------
    standing
        A network with a run.
    """
    st.markdown(_explain())
    run = standing.run
    if run is not None and run.review is not ReviewKind.COMPARED:
        st.info(
            _("运行 #{run_id} 是首次体检或新基线，只作对照，不发预警。").format(run_id=run.run_id),
            icon=":material/flag:",
        )
    views = firm_queries.load_alerts(standing.network.key)
    if not views:
        st.info(_("还没有企业成为新增系统性企业。"), icon=":material/notifications_off:")
        return
    _draw_list(views)
    waiting = [view for view in views if view.alert.state is not AlertState.CLOSED]
    if waiting:
        _draw_handling(waiting)


def _explain() -> str:
    criteria = firm_queries.load_criteria()
    return _(
        "指数升到 {on} 及以上，发出“新增系统性企业”；连续 {runs} 次运行低于 {off} 才关闭。"
        "数据没变时要连续两次才发出。"
    ).format(
        on=formatting.percent(criteria.systemic_from),
        off=formatting.percent(criteria.holds_from),
        runs=criteria.closes_after,
    )


def _draw_list(views: Sequence[FirmAlertView]) -> None:
    frame = pd.DataFrame(
        [
            {
                "firm": view.alert.name or view.alert.firm_id,
                "state": alert_words.state_name(view.alert.state),
                "before": view.alert.before,
                "after": view.alert.after,
                "last": view.alert.last,
                "opened": view.alert.opened_at,
                "events": "；".join(_event(event) for event in view.events),
            }
            for view in views
        ]
    )
    none = formatting.NOT_APPLICABLE
    draw_table(
        frame.astype({"opened": object}),
        [
            Column("firm", _("企业"), width=220),
            Column("state", _("处理状态"), width=80),
            Column("before", _("之前"), "percent", missing=none, width=70),
            Column("after", _("发出时"), "percent", width=104),
            Column("last", _("最近"), "percent", missing=none, width=70),
            Column("opened", _("发出(北京时间)"), "time", width=140),
            Column("events", _("处理记录"), missing=none),
        ],
        name="firm-alerts",
        key="firm_alerts",
    )


def _event(event: object) -> str:
    kind, by, note, run = (getattr(event, name) for name in ("kind", "by_name", "note", "run_id"))
    who = by or _("运行 #{run_id}").format(run_id=run)
    return f"{alert_words.event_name(kind)} {who}" + (f"({note})" if note else "")


def _draw_handling(waiting: Sequence[FirmAlertView]) -> None:
    officer = draw_officer()
    if officer is None:
        return
    found = {view.alert.alert_id: view.alert for view in waiting}
    with st.form("firm_acknowledge", border=True):
        chosen = st.selectbox(
            _("哪条预警"), list(found), format_func=lambda one: found[one].name or found[one].firm_id
        )
        note = st.text_area(_("备注"), height=70, max_chars=2000)
        if not st.form_submit_button(_("知悉"), type="primary", icon=":material/done:"):
            return
    try:
        firm_queries.acknowledge(found[chosen], officer=officer, note=note)
    except LianwenError as error:
        st.error(error.say(current_language()), icon=":material/sync_problem:")
        return
    st.toast(_("已记录"), icon=":material/done:")
    st.rerun()


def draw_pointer() -> None:
    """Say on the page of alerts how many alerts on firms wait, with a link; nothing when there are none."""
    in_use = {one.network.key for one in firm_queries.load_networks()}
    waiting = [
        view.alert
        for view in firm_queries.load_alerts()
        if view.alert.state is AlertState.OPEN and view.alert.network_key in in_use
    ]
    if waiting:
        st.page_link(
            registry.page_file("firms"),
            label=_("企业网络另有 {n} 条待处理的预警").format(n=formatting.count(len(waiting))),
            icon=":material/lan:",
            query_params={"firmnet": waiting[0].network_key, "firmview": "alerts"},
        )
