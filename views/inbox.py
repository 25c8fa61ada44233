"""预警: what became critical between two runs, why, and who has taken note of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from chains.model import Mode, Perspective
from desk.alert_cells import node_waterfall
from risk.alerts.model import AlertState
from risk.alerts.rules import RULES
from risk.model import MODES, Level
from views import alert_words, charts, firm_alerts, formatting, inbox_queries, queries, registry, session
from views.components.chart import draw_chart
from views.components.columns import Column
from views.components.download import draw_downloads
from views.components.empty import require_chain
from views.components.table import MOST_ROWS_SHOWN, ROW_PIXELS, draw_table, style_cells
from views.i18n import _, current_language
from views.inbox_baselines import draw_baselines
from views.node_columns import node_name
from views.officer import draw_officer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from desk.alerts import AlertView
    from risk.alerts.model import NodeStanding

_ALL = "all"
_STATES = (AlertState.OPEN.value, AlertState.ACKNOWLEDGED.value, AlertState.CLOSED.value, _ALL)


def page() -> None:
    """Draw the page."""
    require_chain()
    firm_alerts.draw_pointer()
    states = queries.load_home().chains
    names = {state.chain_id: state.name for state in states}
    seen = Perspective.HOME if any(state.sees_home for state in states) else Perspective.WORLD
    everything = inbox_queries.load_alerts()
    views = tuple(view for view in everything if view.alert.perspective is seen)
    _say_perspective(seen, elsewhere=len(everything) - len(views))
    if not views:
        st.info(
            _(
                "还没有预警。每次运行会和同一条链的上一次运行比较；节点升为橙或红、或成为结构性单点时，这里会出现一条。"
            ),
            icon=":material/notifications_off:",
        )
        draw_baselines(names)
        return
    shown = _choose(views, names)
    if shown:
        chosen = _draw_list(shown, names)
        _draw_alert(chosen, names)
    else:
        st.info(_("这样筛选时没有预警。"))
    draw_baselines(names)


def _say_perspective(seen: Perspective, *, elsewhere: int) -> None:
    said = (
        _("**本土视角**的预警：境外节点按断供、境内节点按停产，看境内产出。")
        if seen is Perspective.HOME
        else _("**全球视角**的预警：节点按停产，看全球产出。")
    )
    if elsewhere:
        other = Perspective.WORLD if seen is Perspective.HOME else Perspective.HOME
        said = _("{said}另有 {n} 条{other}的预警，可在左侧切换。").format(
            said=said, n=formatting.count(elsewhere), other=formatting.perspective_name(other.value)
        )
    st.caption(said)


def _choose(views: Sequence[AlertView], names: dict[str, str]) -> list[AlertView]:
    places = st.columns([2.3, 1.1, 0.8, 1])
    with places[0]:
        state = session.choose_segment(
            _("处理状态"), "alertstate", options=_STATES, default=_STATES[0], show=_show_state(views)
        )
    with places[1]:
        rule = _choose_one(_("规则"), "alertrule", {view.alert.rule for view in views}, alert_words.rule_name)
    with places[2]:
        levels = {view.alert.level.value for view in views}
        level = _choose_one(_("等级"), "alertlevel", levels, formatting.level_name)
    with places[3]:
        chains = {view.alert.chain_id for view in views}
        chain = _choose_one(_("产业链"), "alertchain", chains, lambda value: names.get(value, value))
    wanted = {"state": state, "rule": rule, "level": level, "chain_id": chain}
    return sorted((view for view in views if _fits(view, wanted)), key=_urgency)


def _show_state(views: Sequence[AlertView]) -> Callable[[str], str]:
    def show(value: str) -> str:
        if value == _ALL:
            return _("全部")
        count = sum(view.alert.state.value == value for view in views)
        return f"{alert_words.state_name(value)} {formatting.count(count)}"

    return show


def _choose_one(label: str, name: str, values: Iterable[str], show: Callable[[str], str]) -> str:
    options = [_ALL, *sorted(values)]
    return session.choose(
        label,
        name,
        options=options,
        default=_ALL,
        show=lambda value: _("全部") if value == _ALL else show(value),
    )


def _fits(view: AlertView, wanted: dict[str, str]) -> bool:
    return all(value in (_ALL, str(getattr(view.alert, field))) for field, value in wanted.items())


def _urgency(view: AlertView) -> tuple[int, int, int]:
    alert = view.alert
    order = [rule.rule_id for rule in RULES]
    place = order.index(alert.rule) if alert.rule in order else len(order)
    return -alert.level.rank, place, -alert.alert_id


def _draw_list(views: Sequence[AlertView], names: dict[str, str]) -> AlertView:
    frame = pd.DataFrame([_line(view, names) for view in views]).astype(object)
    columns = [
        Column("level", _("等级"), "level", width=56),
        Column("rule", _("规则"), width=104),
        Column("node", _("节点"), width=212),
        Column("chain", _("产业链"), width=104),
        Column("change", _("变化"), width=280),
        Column("opened", _("发出(北京时间)"), width=126),
        Column("state", _("处理状态"), width="small"),
    ]
    if len({view.alert.state for view in views}) == 1:
        # The filter above says it already.
        columns = columns[:-1]
    key = "alerts_" + "_".join(str(view.alert.alert_id) for view in views)[:80]
    st.dataframe(
        style_cells(frame, columns),
        key=key,
        hide_index=True,
        height="content" if len(frame) <= MOST_ROWS_SHOWN else ROW_PIXELS * (MOST_ROWS_SHOWN + 1),
        column_config={
            column.field: st.column_config.TextColumn(column.label, width=column.width) for column in columns
        },
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        placeholder="",
    )
    draw_downloads(frame, columns, name="alerts", key="alerts_download")
    st.caption(_("点一行，在下面看它的依据。"))
    return views[_chosen_row(key, len(views))]


def _line(view: AlertView, names: dict[str, str]) -> dict[str, object]:
    alert = view.alert
    return {
        "level": alert.level.value,
        "rule": alert_words.rule_name(alert.rule),
        "node": f"{node_name(alert.scope, alert.key, alert.name_zh, alert.name_en)}"
        f" · {formatting.scope_name(alert.scope)}",
        "chain": names.get(alert.chain_id, alert.chain_id),
        "change": alert_words.summarise_change(alert),
        "opened": formatting.local_time(alert.opened_at),
        "state": alert_words.state_name(alert.state),
    }


def _chosen_row(key: str, count: int) -> int:
    selection = st.session_state[key]["selection"]
    lines = [*selection.get("rows", []), *(cell[0] for cell in selection.get("cells", []))]
    return lines[0] if lines and isinstance(lines[0], int) and lines[0] < count else 0


def _draw_alert(view: AlertView, names: dict[str, str]) -> None:
    alert = view.alert
    name = node_name(alert.scope, alert.key, alert.name_zh, alert.name_en)
    st.subheader(
        _("#{number} {rule}：{name}").format(
            number=alert.alert_id, rule=alert_words.rule_name(alert.rule), name=name
        ),
        anchor=False,
    )
    st.markdown(
        " · ".join(
            (
                _("等级 **{level}**").format(level=formatting.level_name(alert.level)),
                formatting.scope_name(alert.scope),
                names.get(alert.chain_id, alert.chain_id),
                alert_words.describe_change(alert),
            )
        )
    )
    st.page_link(
        registry.page_file("node"),
        label=_("打开节点页"),
        icon=":material/arrow_forward:",
        query_params={
            "chain": alert.chain_id,
            "scope": alert.scope.value,
            "key": alert.key,
            "view": alert.perspective.value,
        },
    )
    numbers, picture = st.columns([1, 1.15], gap="large")
    with numbers:
        _draw_numbers(view)
    with picture:
        _draw_waterfall(view)
    _draw_origin(view)
    _draw_handling(view)
    _draw_history(view)


def _draw_numbers(view: AlertView) -> None:
    before, after = view.alert.evidence.before, view.alert.evidence.after
    rows = [
        (_("等级"), _level(before), _level(after)),
        (_("定级口径"), _decided(before), _decided(after)),
        (_("结构性单点"), _structural(before), _structural(after)),
    ]
    for mode in MODES:
        title = formatting.mode_name(mode)
        for label, field, write in (
            (_("断供冲击"), "exposure", formatting.percent),
            (_("净损失"), "residual", formatting.percent),
            (_("断供起始日"), "tts_days", _days),
        ):
            was, now = (
                formatting.NOT_APPLICABLE if one is None else write(getattr(getattr(one, mode.value), field))
                for one in (before, after)
            )
            rows.append((f"{label}({title})", was, now))
    frame = pd.DataFrame(rows, columns=["what", "before", "after"], dtype=object)
    st.markdown(_("**前后数值**(低端，推演期 {days})").format(days=formatting.days(view.main_horizon)))
    draw_table(
        frame,
        [Column("what", _("指标")), Column("before", _("之前")), Column("after", _("之后"))],
        name=f"alert-{view.alert.alert_id}",
        key=f"alert_numbers_{view.alert.alert_id}",
    )


def _days(value: float | None) -> str:
    return formatting.days(value, missing=formatting.NOT_APPLICABLE)


def _level(standing: NodeStanding | None) -> str:
    return formatting.NOT_APPLICABLE if standing is None else formatting.level_name(standing.level)


def _decided(standing: NodeStanding | None) -> str:
    if standing is None or standing.level is Level.NONE:
        return formatting.NOT_APPLICABLE
    return formatting.mode_name(standing.decided_by)


def _structural(standing: NodeStanding | None) -> str:
    if standing is None:
        return formatting.NOT_APPLICABLE
    return _("是") if standing.structural else _("否")


def _draw_waterfall(view: AlertView) -> None:
    evidence = view.alert.evidence
    steps = [
        (mode, when, node_waterfall(standing, mode))
        for mode in (Mode.RUN, Mode.BUILD)
        for when, standing in ((_("之前"), evidence.before), (_("之后"), evidence.after))
    ]
    known = [(mode, when, fall) for mode, when, fall in steps if fall is not None]
    st.markdown(_("**瀑布分解，前后对照**"))
    if not known:
        st.info(_("前后两次运行都没有它的评分。"))
        return
    frame = pd.DataFrame(
        {
            "label": [f"{formatting.mode_name(mode)} · {when}" for mode, when, _fall in known],
            **{
                field: [getattr(fall, field) for _mode, _when, fall in known]
                for field in ("exposure", "by_substitution", "by_stock", "residual")
            },
        }
    )
    draw_chart(
        charts.waterfall_bars(frame),
        table=frame,
        columns=[
            Column("label", _("口径")),
            Column("exposure", _("断供冲击"), "percent"),
            Column("by_substitution", _("替代减少"), "percent"),
            Column("by_stock", _("库存减少"), "percent"),
            Column("residual", _("净损失"), "percent"),
        ],
        name=f"alert-{view.alert.alert_id}-waterfall",
        key=f"alert_waterfall_{view.alert.alert_id}",
        height=240,
        alt=_("预警前后的断供冲击、替代减少、库存减少和净损失"),
    )


def _draw_origin(view: AlertView) -> None:
    alert, evidence = view.alert, view.alert.evidence
    versions = (evidence.data_version_before, evidence.data_version_after)
    lines = (
        _("比较的运行：#{before} → #{after}").format(
            before=alert.previous_run_id, after=view.evidence_run_id
        ),
        _("数据版本：{before} → {after}").format(
            before=formatting.short_version(versions[0]), after=formatting.short_version(versions[1])
        ),
        _("两次运行之间的上传：{uploads}").format(uploads=alert_words.describe_uploads(evidence.uploads)),
        _("数据年份：{years}").format(years=alert_words.describe_age(evidence.data_age)),
    )
    st.caption(" · ".join(lines))


def _draw_handling(view: AlertView) -> None:
    alert = view.alert
    if alert.state is AlertState.CLOSED:
        st.caption(_("这条预警已关闭，不需要处理。"))
        return
    officer = draw_officer()
    if officer is None:
        return
    with st.form(f"acknowledge_{alert.alert_id}_{alert.version}", border=True):
        note = st.text_area(
            _("备注"), placeholder=_("例如：已联系企业核实，约定下周反馈"), height=70, max_chars=2000
        )
        label = _("知悉") if alert.state is AlertState.OPEN else _("再加一条备注")
        if not st.form_submit_button(label, type="primary", icon=":material/done:"):
            return
    try:
        inbox_queries.acknowledge(alert, officer=officer, note=note)
    except LianwenError as error:
        st.error(error.say(current_language()), icon=":material/sync_problem:")
        return
    st.toast(_("已记录"), icon=":material/done:")
    st.rerun()


def _draw_history(view: AlertView) -> None:
    st.markdown(_("**处理记录**"))
    frame = pd.DataFrame(
        [
            {
                "at": event.at,
                "kind": alert_words.event_name(event.kind),
                "level": event.level.value,
                "cause": alert_words.event_cause(event),
                "note": event.note,
            }
            for event in view.events
        ]
    ).astype(object)
    draw_table(
        frame,
        [
            Column("at", _("时间(北京时间)"), "time", width=150),
            Column("kind", _("事项"), width=80),
            Column("level", _("等级"), "level", width=60),
            Column("cause", _("谁"), width=120),
            Column("note", _("备注"), missing=formatting.NOT_APPLICABLE),
        ],
        name=f"alert-{view.alert.alert_id}-history",
        key=f"alert_history_{view.alert.alert_id}",
    )


if __name__ == "__main__":
    page()
