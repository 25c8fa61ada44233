"""Disruption events that were uploaded, and their way into scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from desk.event_scenarios import event_id
from views import formatting, session, upload_list_queries
from views.components.columns import Column
from views.i18n import _, current_language
from views.linked_table import draw_linked_table
from views.node_columns import node_name
from views.officer import draw_officer
from views.upload_rows import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.lists import Event


def draw_events(chain_id: str) -> bool:
    """Draw the events of a chain that count, with a button that makes a chosen one a scenario.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    bool
        Whether there are any; then the officer is asked here, and nowhere else on the page.
    """
    events = upload_list_queries.list_events(chain_id)
    if not events:
        return False
    kept = upload_list_queries.events_kept(chain_id)
    st.subheader(_("断供事件与情景"), anchor=False)
    _draw_list(events, kept)
    _draw_choice(chain_id, {event_id(event): event for event in events}, kept)
    return True


def _draw_list(events: Sequence[Event], kept: Mapping[str, str]) -> None:
    frame = pd.DataFrame([_line(event, kept) for event in events]).astype(object)
    none = formatting.NOT_APPLICABLE
    columns = [
        Column("event", _("编号"), width=62),
        Column("what", _("事件"), width=190),
        Column("where", _("地点或对象"), width=100),
        Column("target", _("对上的对象"), missing=none, width=120),
        Column("starts", _("开始日期"), width=90),
        Column("days", _("天数"), width=50),
        Column("severity", _("影响程度"), "percent", width=72),
        Column("today", _("今天看"), width=118),
        Column("scenario", _("已存情景"), missing=none),
    ]
    draw_linked_table(frame, columns, name="events", key="events_list")


def _line(event: Event, kept: Mapping[str, str]) -> dict[str, Any]:
    key = event_id(event)
    return {
        "event": key,
        "what": event.what,
        "where": event.where,
        "target": _target(event.target),
        "starts": event.starts_on.isoformat(),
        "days": _("未知") if event.days is None else str(event.days),
        "severity": event.severity,
        "today": _state(event),
        "scenario": kept.get(key),
    }


def _state(event: Event) -> str:
    if event.target is None:
        return _("不在这条链上")
    return _("已结束或无影响") if event.shock is None else _("可推演")


def _target(target: str | None) -> str | None:
    if target is None:
        return None
    scope, _colon, key = target.partition(":")
    return f"{formatting.scope_name(scope)} {node_name(scope, key, None, key)}"


def _draw_choice(chain_id: str, events: Mapping[str, Event], kept: Mapping[str, str]) -> None:
    wanted = st.selectbox(
        _("选一个事件"),
        list(events),
        key=f"event_chosen_{chain_id}",
        format_func=lambda key: f"{key}  {events[key].what} · {events[key].where}",
        width=420,
    )
    officer = draw_officer()
    if wanted in kept:
        if st.button(_("打开情景"), type="primary", icon=":material/science:", key="event_open"):
            _open(chain_id, kept[wanted])
        return
    pressed = st.button(
        _("存为情景并打开"),
        type="primary",
        icon=":material/science:",
        disabled=officer is None,
        key="event_keep",
    )
    if not pressed or officer is None:
        return
    try:
        done = upload_list_queries.keep_event(chain_id, wanted, officer=officer)
    except LianwenError as error:
        st.error(plain(error.say(current_language())), icon=":material/error:")
        return
    _open(chain_id, done.name)


def _open(chain_id: str, name: str) -> None:
    session.open_page("scenarios", chain=chain_id, whatiffrom="kept", kept=name)
