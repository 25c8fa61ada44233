"""Scenarios that are kept: the list, running one again, removing one; keeping an answer; two side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from views import charts_scenarios, formatting, queries, scenarios_queries
from views.components.chart import draw_chart
from views.components.columns import Column
from views.i18n import _, current_language
from views.linked_table import draw_linked_table
from views.officer import draw_officer
from views.scenarios_words import describe_plan, preset_name, show_day

if TYPE_CHECKING:
    from risk.scenario_store.model import Answer, Plan, SavedScenario
    from risk.scenarios import Simulation

_CHART_PIXELS = 260


def draw_kept() -> SavedScenario | None:
    """Draw the list of kept scenarios.

    Returns
    -------
    SavedScenario or None
        The one whose button to run it again was pressed.
    """
    kept = scenarios_queries.load_kept()
    if not kept:
        st.info(_("还没有保存的情景。推演一个预设或自建的情景，再在结果下面起名保存。"))
        return None
    names = {state.chain_id: state.name for state in queries.load_home().chains}
    frame = pd.DataFrame([_kept_line(one, names) for one in kept]).astype(object)
    columns = [
        Column("name", _("名称"), width=150),
        Column("assumes", _("假设"), width=255),
        Column("loss", _("上次净损失"), "percent", missing=formatting.NOT_APPLICABLE, width=88),
        Column("first", _("起始日"), width=70),
        Column("chain", _("产业链"), width=80),
        Column("at", _("保存于(北京时间)"), "time", width=132),
        Column("by", _("由谁保存"), width=72),
        Column("runs", _("结果数"), "count", width=58),
    ]
    draw_linked_table(frame, columns, name="scenarios", key="whatif_kept")
    return _draw_buttons(kept)


def _kept_line(one: SavedScenario, chain_names: dict[str, str]) -> dict[str, Any]:
    last = one.answers[0].answer.simulation if one.answers else None
    chain_id = one.plan.chain_id
    if chain_id in chain_names:
        said = describe_plan(scenarios_queries.load_targets(chain_id), one.plan)
    else:
        said = _("产业链 {chain} 未装入").format(chain=chain_id)
    return {
        "name": one.name,
        "chain": chain_names.get(chain_id, chain_id),
        "assumes": said,
        "loss": last.mean_loss if last else None,
        "first": show_day(last.first_day, missing=_("未出现")) if last else formatting.NOT_APPLICABLE,
        "runs": len(one.answers),
        "by": one.by_name or _("命令行"),
        "at": one.saved_at,
    }


def _draw_buttons(kept: tuple[SavedScenario, ...]) -> SavedScenario | None:
    by_name = {one.name: one for one in kept}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(_("选一个已存的情景"), list(by_name), key="whatif_kept_name")
        again = st.button(
            _("重新推演"), key="whatif_again", type="primary", icon=":material/replay:", width="content"
        )
        sure = st.checkbox(_("确认删除"), key="whatif_sure")
        drop = st.button(_("删除"), key="whatif_delete", icon=":material/delete:", disabled=not sure)
    if drop:
        scenarios_queries.drop(name)
        st.toast(_("已删除“{name}”").format(name=name), icon=":material/delete:")
        st.rerun()
    return by_name[name] if again else None


def draw_keep(answer: Answer, *, suggested: str, origin: str) -> None:
    """Offer to keep an answer under a name, signed by the officer.

    Parameters
    ----------
    answer
        What was found.
    suggested
        A name to start from.
    origin
        ``page`` or ``preset:ID``.
    """
    with st.expander(_("保存这个情景"), icon=":material/bookmark_add:"):
        officer = draw_officer()
        if officer is None:
            return
        with st.form("whatif_keep", border=False):
            name = st.text_input(_("名称"), value=suggested, max_chars=80)
            if not st.form_submit_button(_("保存"), type="primary", icon=":material/bookmark:"):
                return
        try:
            scenarios_queries.keep(name, answer, origin=origin, officer=officer)
        except LianwenError as error:
            st.error(error.say(current_language()), icon=":material/error:")
            return
        st.toast(_("已保存“{name}”").format(name=name.strip()), icon=":material/bookmark:")


def draw_comparison(found: Simulation, *, title: str, plan: Plan) -> None:
    """Offer to set another scenario beside an answer.

    Parameters
    ----------
    found
        What the scenario shown gives.
    title
        Its name.
    plan
        What it assumes; it is not offered to itself.
    """
    others = {
        name: other
        for name, other in _other_plans().items()
        if other != plan and other.merger is None and queries.find_chain(other.chain_id) is not None
    }
    with st.expander(_("与另一个情景并排比较"), icon=":material/compare:"):
        if not others:
            st.markdown(_("还没有别的情景可比。"))
            return
        name = st.selectbox(
            _("另一个情景"), list(others), index=None, key="whatif_other", placeholder=_("预设或已存的情景")
        )
        if name is None:
            return
        try:
            other = scenarios_queries.answer(others[name]).simulation
        except LianwenError as error:
            st.error(error.say(current_language()), icon=":material/error:")
            return
        if other is not None:
            _draw_pair((title, found), (name, other))


def _other_plans() -> dict[str, Plan]:
    plans = {preset_name(preset): preset.plan for preset in scenarios_queries.load_presets()}
    return plans | {kept.name: kept.plan for kept in scenarios_queries.load_kept()}


def _draw_pair(first: tuple[str, Simulation], second: tuple[str, Simulation]) -> None:
    frame = pd.DataFrame(
        [
            {"what": label, "first": left, "second": right}
            for (label, left), (_label, right) in zip(_figures(first[1]), _figures(second[1]), strict=True)
        ]
    )
    days = max(first[1].horizon, second[1].horizon)
    table = pd.DataFrame({"day": range(days)}).astype(object)
    for field, (_name, found) in (("first", first), ("second", second)):
        table[field] = [*found.loss_path, *[None] * (days - found.horizon)]
    draw_chart(
        charts_scenarios.compared_lines([first, second]),
        table=table,
        columns=[
            Column("day", _("天"), "count"),
            Column("first", first[0], "percent", missing=formatting.NOT_APPLICABLE),
            Column("second", second[0], "percent", missing=formatting.NOT_APPLICABLE),
        ],
        name="scenarios-side-by-side",
        key="whatif_pair",
        height=_CHART_PIXELS,
        alt=_("两个情景每天的终端产出损失"),
    )
    columns = [Column("what", _("指标")), Column("first", first[0]), Column("second", second[0])]
    draw_linked_table(frame, columns, name="scenarios-compared", key="whatif_pair_figures")


def _figures(found: Simulation) -> list[tuple[str, str]]:
    never, last = _("未出现"), _("期末仍未恢复")
    hit = sum(unit.first_day is not None for unit in found.units)
    none = last if found.first_day is not None else formatting.NOT_APPLICABLE
    return [
        (_("口径"), formatting.mode_name(found.mode)),
        (_("推演期"), formatting.days(found.horizon)),
        (_("净损失(平均)"), formatting.percent(found.mean_loss)),
        (_("折合停产天数"), formatting.days(round(found.mean_loss * found.horizon, 1))),
        (_("最大日损失"), formatting.percent(found.worst_loss)),
        (_("断供起始日"), show_day(found.first_day, missing=never)),
        (_("恢复日"), show_day(found.recovery_day, missing=none)),
        (_("受影响的产能单元"), formatting.count(hit)),
    ]
