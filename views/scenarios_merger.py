"""The answer of a merger: two groups apart and as one, and the lists in which both stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.model import Scope
from views import formatting
from views.components.columns import Column
from views.i18n import _
from views.linked_table import draw_linked_table
from views.scenarios_words import item_name, supplier_name, target_name

if TYPE_CHECKING:
    from desk.scenario_targets import ScenarioTargets
    from risk.mergers import GroupScores, MergedList, MergerOutcome


def draw_merger(found: MergerOutcome, targets: ScenarioTargets, *, name: str) -> None:
    """Draw what a merger changes.

    Parameters
    ----------
    found
        The outcome.
    targets
        Nodes and names of its chain.
    name
        Of the scenario, for the names of files.
    """
    st.markdown(_("**两个集团各自停下，和合并后一起停下**"))
    st.caption(_("合并改变的是归属：没有产能停下，只是以后会一起失效。等级按低端；点值含未知份额，待核实。"))
    named = [(target_name(targets, Scope.PARENT, one.key), one) for one in found.groups]
    named.append((_("合并后"), found.merged))
    frame = pd.DataFrame([_group_line(label, one) for label, one in named]).astype(object)
    columns = [
        Column("group", _("集团"), width=170),
        Column("firms", _("企业数"), "count", width=70),
        Column("run_low", _("净损失(存量，低端)"), "percent", missing=formatting.NOT_APPLICABLE),
        Column("run_point", _("净损失(存量，点值)"), "percent", missing=formatting.NOT_APPLICABLE),
        Column("build_low", _("断供冲击(新建，低端)"), "percent", missing=formatting.NOT_APPLICABLE),
        Column("build_point", _("断供冲击(新建，点值)"), "percent", missing=formatting.NOT_APPLICABLE),
        Column("level", _("等级"), "level", width=60),
        Column("verdict", _("判断"), width=150),
    ]
    draw_linked_table(frame, columns, name=f"{name}-groups", key="whatif_groups")
    st.markdown(_("**两家同在的市场和名录**"))
    if not found.lists:
        st.info(_("没有哪个市场或名录里同时有这两个集团：合并不减少任何一处的集团数。"))
        return
    lists = pd.DataFrame([_list_line(one, targets) for one in found.lists]).astype(object)
    columns = [
        Column("item", _("物料"), width=230),
        Column("buyer", _("谁的名录"), width=150),
        Column("before", _("具名集团数(合并前)"), "count"),
        Column("after", _("具名集团数(合并后)"), "count"),
        Column("share", _("两家份额合计"), "percent"),
        Column("hhi_before", _("HHI(合并前)")),
        Column("hhi_after", _("HHI(合并后)")),
    ]
    draw_linked_table(lists, columns, name=f"{name}-lists", key="whatif_lists")


def _group_line(label: str, group: GroupScores) -> dict[str, Any]:
    return {
        "group": label,
        "firms": group.firms,
        "run_low": group.low.residual_run,
        "run_point": group.point.residual_run,
        "build_low": group.low.exposure_build,
        "build_point": group.point.exposure_build,
        "level": group.level.value,
        "verdict": formatting.verdict_name(group.verdict.value),
    }


def _list_line(one: MergedList, targets: ScenarioTargets) -> dict[str, Any]:
    both = one.share_group is not None and one.share_into is not None
    return {
        "item": item_name(targets, one.item_id),
        "buyer": _("整个市场") if one.buyer_id is None else supplier_name(targets, one.buyer_id),
        "before": one.groups_before,
        "after": one.groups_after,
        "share": (one.share_group or 0.0) + (one.share_into or 0.0) if both else None,
        "hhi_before": None if one.hhi_before is None else f"{one.hhi_before:.3f}",
        "hhi_after": None if one.hhi_after is None else f"{one.hhi_after:.3f}",
    }
