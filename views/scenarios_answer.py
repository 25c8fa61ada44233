"""The answer of a scenario: figures, losses of days, steps, plants, who takes over, stored scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.model import End, Scope
from views import charts_scenarios, formatting, scenarios_queries
from views.components.chart import draw_chart
from views.components.columns import Column
from views.i18n import _
from views.linked_table import draw_linked_table
from views.scenarios_parts import draw_parts, draw_provinces
from views.scenarios_words import item_name, show_day, source_name, supplier_name

if TYPE_CHECKING:
    from desk.scenario import Baseline
    from desk.scenario_targets import ScenarioTargets
    from risk.scenario_store.model import Answer
    from risk.scenarios import Simulation, Takeover, UnitLoss

_CHART_PIXELS = 250
_SHOWN = 5e-4


def draw_answer(answer: Answer, targets: ScenarioTargets, *, name: str) -> None:
    """Draw what a scenario of shocks does.

    Parameters
    ----------
    answer
        To shocks.
    targets
        Nodes and names of its chain.
    name
        Of the scenario, for the names of files.
    """
    found = answer.simulation
    if found is None:
        return
    if answer.idle:
        st.info(
            _("数据里没有{names}供给所断物料的记录，断供不改变结果(未列明来源不受影响)。").format(
                names=_("、").join(source_name(targets, key) for key in answer.idle)
            )
        )
    _draw_figures(found)
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        _draw_losses(found, name)
    with right:
        _draw_steps(found, name)
    draw_parts(answer, targets, name=name)
    provinces, plants, takeovers, stored = st.tabs(
        [_("各省产出"), _("受影响的产能单元"), _("谁来接替"), _("与已存评分对照")], key="whatif_tabs"
    )
    with provinces:
        draw_provinces(answer, name=name)
    with plants:
        _draw_units(found, targets, chain_id=answer.plan.chain_id, name=name)
    with takeovers:
        _draw_takeovers(found, targets, name=name)
    with stored:
        _draw_baseline(found, scenarios_queries.load_baseline(answer.plan), name=name)


def _draw_figures(found: Simulation) -> None:
    never = _("未出现")
    last = _("期末仍未恢复") if found.first_day is not None else formatting.NOT_APPLICABLE
    hit = [unit for unit in found.units if unit.first_day is not None]
    figures = (
        (_("净损失(平均)"), formatting.percent(found.mean_loss), _lost_days(found)),
        (_("最大日损失"), formatting.percent(found.worst_loss), _worst_day(found)),
        (_("断供起始日"), show_day(found.first_day, missing=never), _("终端损失首次超过 1%")),
        (_("恢复日"), show_day(found.recovery_day, missing=last), ""),
        (_("受影响的产能单元"), formatting.count(len(hit)), _("产出损失超过 1%")),
    )
    for place, (label, value, note) in zip(st.columns(len(figures)), figures, strict=True):
        with place, st.container(border=True, height="stretch"):
            st.caption(label)
            st.markdown(f"**{value}**")
            if note:
                st.caption(note)


def _worst_day(found: Simulation) -> str:
    # A loss that is written as 0.0% has no day worth naming.
    return show_day(found.worst_day if found.worst_loss >= _SHOWN else None, missing="")


def _lost_days(found: Simulation) -> str:
    days = formatting.days(round(found.mean_loss * found.horizon, 1))
    return _("折合停产 {days}").format(days=days)


def _draw_losses(found: Simulation, name: str) -> None:
    st.markdown(_("**终端产出的逐日损失**"))
    frame = pd.DataFrame(
        {
            "day": range(found.horizon),
            "loss": found.loss_path,
            "substituted": found.substituted_path,
            "bare": found.bare_path,
        }
    )
    draw_chart(
        charts_scenarios.loss_lines(found),
        table=frame,
        columns=[
            Column("day", _("天"), "count"),
            Column("loss", _("有替代和库存"), "percent"),
            Column("substituted", _("只有替代"), "percent"),
            Column("bare", _("都没有"), "percent"),
        ],
        name=f"{name}-daily",
        key="whatif_daily",
        height=_CHART_PIXELS,
        alt=_("终端产出每天损失多少：有替代和库存、只有替代、都没有"),
    )


def _draw_steps(found: Simulation, name: str) -> None:
    st.markdown(_("**瀑布分解(推演期平均)**"))
    steps = (
        (_("平均冲击"), found.bare_loss),
        (_("替代减少"), found.bare_loss - found.substituted_loss),
        (_("库存减少"), found.substituted_loss - found.mean_loss),
        (_("净损失"), found.mean_loss),
    )
    draw_chart(
        charts_scenarios.loss_steps(found),
        table=pd.DataFrame(steps, columns=["step", "share"]),
        columns=[Column("step", _("步骤")), Column("share", _("占终端产出"), "percent")],
        name=f"{name}-steps",
        key="whatif_steps",
        height=_CHART_PIXELS,
        alt=_("从没有替代和库存的平均损失，减去替代和库存，到净损失"),
    )


def _draw_units(found: Simulation, targets: ScenarioTargets, *, chain_id: str, name: str) -> None:
    hit = sorted(
        (unit for unit in found.units if unit.first_day is not None),
        key=lambda unit: (unit.first_day, -unit.mean_loss, unit.supplier_id, unit.item_id),
    )
    if not hit:
        st.info(_("没有产能单元的产出损失超过 1%：库存和替代顶得住。"))
        return
    frame = pd.DataFrame([_unit_line(unit, targets, chain_id) for unit in hit])
    frame["mean"] = frame["mean"].astype(float)
    columns = [
        Column("supplier", _("企业"), width=200),
        Column("item", _("物料"), width=230),
        Column("first", _("起始日"), width=90),
        Column("mean", _("平均损失"), "percent", width=90),
        Column("worst", _("最大损失"), "percent", width=90),
        Column("back", _("恢复日"), width=120),
    ]
    draw_linked_table(
        frame,
        columns,
        name=f"{name}-units",
        key="whatif_units",
        absent=_("这一行是国家合计，没有节点页。"),
    )


def _unit_line(unit: UnitLoss, targets: ScenarioTargets, chain_id: str) -> dict[str, Any]:
    has_page = (Scope.SUPPLIER, unit.supplier_id) in targets.nodes
    return {
        "supplier": supplier_name(targets, unit.supplier_id),
        "item": item_name(targets, unit.item_id),
        "first": show_day(unit.first_day, missing=""),
        "mean": unit.mean_loss,
        "worst": unit.worst_loss,
        "back": show_day(unit.recovery_day, missing=_("期末仍未恢复")),
        "chain_id": chain_id,
        "scope": Scope.SUPPLIER.value if has_page else None,
        "key": unit.supplier_id if has_page else None,
    }


def _draw_takeovers(found: Simulation, targets: ScenarioTargets, *, name: str) -> None:
    if not found.takeovers:
        st.info(_("没有备用产能接替：要么用不着，要么没有谁的备用产能在推演期内就绪。"))
        return
    st.caption(_("接替量是占该物料全部需求(名录行：占该买方需求)的比例；备用产能在爬坡期满后才流动。"))
    frame = pd.DataFrame([_takeover_line(one, targets) for one in found.takeovers])
    columns = [
        Column("item", _("物料"), width=210),
        Column("supplier", _("接替方"), width=190),
        Column("buyer", _("供给谁"), width=130),
        Column("first", _("开始日"), width=90),
        Column("most", _("最多接替"), "percent", width=90),
        Column("most_day", _("达到最多"), width=90),
        Column("mean", _("平均接替"), "percent", width=90),
    ]
    draw_linked_table(frame, columns, name=f"{name}-takeover", key="whatif_takeover")


def _takeover_line(one: Takeover, targets: ScenarioTargets) -> dict[str, Any]:
    return {
        "item": item_name(targets, one.item_id),
        "supplier": supplier_name(targets, one.supplier_id),
        "buyer": _("整个市场") if one.buyer_id is None else supplier_name(targets, one.buyer_id),
        "first": show_day(one.first_day, missing=""),
        "most": one.most,
        "most_day": show_day(one.most_day, missing=""),
        "mean": one.mean,
    }


def _draw_baseline(found: Simulation, baseline: Baseline | None, *, name: str) -> None:
    if baseline is None:
        st.info(
            _(
                "已存评分只对应“一个节点从第 0 天起全停到期末”。"
                "本情景不是这样，或该推演期还没有运行结果，所以没有可比的。"
            )
        )
        return
    st.caption(
        _("运行 #{run_id}，推演期 {days}；推演用点值。").format(
            run_id=baseline.run_id, days=formatting.days(baseline.horizon)
        )
    )
    rows: list[tuple[object, ...]] = [
        (_("本次推演"), found.exposure, found.mean_loss, found.first_day, found.recovery_day)
    ]
    for end, label in (
        (End.LOW, _("已存 · 低端")),
        (End.POINT, _("已存 · 点值")),
        (End.HIGH, _("已存 · 高端")),
    ):
        scores = baseline.scores[end]
        rows.append((label, scores.exposure, scores.residual, scores.tts_days, scores.recovery_day))
    frame = pd.DataFrame(rows, columns=["what", "exposure", "residual", "first", "back"]).astype(object)
    columns = [
        Column("what", _("来自")),
        Column("exposure", _("断供冲击"), "percent", missing=formatting.NOT_APPLICABLE),
        Column("residual", _("净损失"), "percent", missing=formatting.NOT_APPLICABLE),
        Column("first", _("断供起始日"), "days", missing=formatting.NOT_APPLICABLE),
        Column("back", _("恢复日"), "days", missing=formatting.NOT_APPLICABLE),
    ]
    draw_linked_table(frame, columns, name=f"{name}-stored", key="whatif_stored")
