"""Parts of an answer: losses of provinces, and what each source would do alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from views import formatting
from views.categories import place_name
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _
from views.scenarios_words import describe_shock, show_day, source_name

if TYPE_CHECKING:
    from desk.scenario_targets import ScenarioTargets
    from risk.scenario_store.model import Answer, PartLoss


def draw_parts(answer: Answer, targets: ScenarioTargets, *, name: str) -> None:
    """Draw what each source would do alone, all together, and what acting together adds.

    Parameters
    ----------
    answer
        To cuts of several sources; nothing is drawn otherwise.
    targets
        Names of its chain.
    name
        Of the scenario, for the names of files.
    """
    found, added = answer.simulation, answer.interaction
    if found is None or added is None:
        return
    exposure, mean_loss = added
    st.markdown(
        _("**联合管制**：共同作用比其中最大的一家单独断供，断供冲击多 {exposure}，净损失多 {loss}。").format(
            exposure=formatting.percent(exposure), loss=formatting.percent(mean_loss)
        )
    )
    rows = [
        (_part_name(one, targets), one.exposure, one.mean_loss, show_day(one.first_day, missing=""))
        for one in answer.parts
    ]
    rows.append((_("共同"), found.exposure, found.mean_loss, show_day(found.first_day, missing="")))
    rows.append((_("共同 − 最大一家"), exposure, mean_loss, ""))
    draw_table(
        pd.DataFrame(rows, columns=["what", "exposure", "loss", "first"]).astype(object),
        [
            Column("what", _("断供方")),
            Column("exposure", _("断供冲击"), "percent"),
            Column("loss", _("净损失(平均)"), "percent"),
            Column("first", _("断供起始日"), missing=formatting.NOT_APPLICABLE),
        ],
        name=f"{name}-parts",
        key="whatif_parts",
    )


def draw_provinces(answer: Answer, *, name: str) -> None:
    """Draw the losses of the units of each province, 江苏 first.

    Parameters
    ----------
    answer
        To shocks or cuts.
    name
        Of the scenario, for the names of files.
    """
    if not answer.provinces:
        st.info(_("这条链在境内没有已知省份的产能单元。"))
        return
    weighed = any(one.weighed for one in answer.provinces)
    said = (
        _("各省产能单元的平均损失，按产值加权；没有产值的单元按该省已知产值的平均计。")
        if weighed
        else _("各省产能单元的平均损失；产值未知，各单元等权。")
    )
    st.caption(_("{said}省份未知的单元不计入任何省。").format(said=said))
    any_left_out = any(one.left_out for one in answer.provinces)
    if any_left_out:
        st.caption(
            _(
                "“只有国家份额”是该省企业做、但份额只有国家一级数据的物料："
                "停没停不知道，没有计入损失，不是 0。"
            )
        )
    frame = pd.DataFrame(
        [
            {
                "province": place_name(one.province),
                "loss": one.mean_loss,
                "hit": float(one.hit),
                "units": float(one.units),
                "first": show_day(one.first_day, missing=""),
                "weighed": float(one.weighed),
                "left_out": float(one.left_out),
            }
            for one in answer.provinces
        ]
    ).astype(object)
    draw_table(
        frame,
        _province_columns(any_left_out=any_left_out),
        name=f"{name}-provinces",
        key="whatif_provinces",
    )


def _province_columns(*, any_left_out: bool) -> list[Column]:
    columns = [
        Column("province", _("省份"), width=110),
        Column("loss", _("产出损失(平均)"), "percent", width=120),
        Column("hit", _("损失超过 1% 的单元"), "count", width=140),
        Column("units", _("产能单元"), "count", width=90),
        Column("first", _("最早一天"), missing=formatting.NOT_APPLICABLE, width=100),
        Column("weighed", _("产值已知"), "count", width=90),
    ]
    left_out = Column("left_out", _("只有国家份额"), "count", width=110)
    return [*columns, left_out] if any_left_out else columns


def _part_name(part: PartLoss, targets: ScenarioTargets) -> str:
    if part.shock is not None:
        return describe_shock(targets, part.shock)
    return source_name(targets, part.source or "")
