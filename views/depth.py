"""备份与集中: how many must stop to empty an item or a buyer's input, and how concentrated supply is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Mode
from risk.depth.families import ORDER_CAP
from risk.depth.model import LISTED, DepthLevel, TargetKind
from risk.model import Verdict
from views import depth_frames, depth_list, depth_queries, depth_words, formatting, session
from views.components.empty import require_chain
from views.components.table import draw_table
from views.i18n import _
from views.linked_table import draw_linked_table

if TYPE_CHECKING:
    import pandas as pd

    from desk.concentration import ConcentrationReport
    from desk.depth import DepthReport

_ALL = "all"
_FAKES_TOLD = 8


def page() -> None:
    """Draw the page."""
    state = require_chain()
    mode = session.get_selection().mode
    depths = depth_queries.load_depths(state.chain_id, mode)
    shares = depth_queries.load_concentration(state.chain_id)
    _draw_intro(depths, mode)
    if not depth_list.draw_fakes(depths, most=_FAKES_TOLD):
        st.info(_("按现有数据，没有可以确定的假备份；待核实的见下表。"), icon=":material/verified_user:")
    _draw_targets(depths, shares, state.chain_id)
    _draw_cut_sets(depths)
    _draw_method(shares)


def _draw_intro(depths: DepthReport, mode: Mode) -> None:
    counted = (
        _("按新建扩产口径，设备、软件等存量也算必需。")
        if mode is Mode.BUILD
        else _("按存量运行口径，已装的设备、软件当天不断，不算在内。")
    )
    st.markdown(
        _(
            "**备份深度**：至少要同时停下几个，才断得了一个物料或一个输入位所有已列名的来源，上游也算在内。"
            "按集团、市、国家/地区计时降到 1，名单上再多几家也是**假备份**。{mode}"
        ).format(mode=counted)
    )
    own, unsure, common = (_count(depths, kinds) for kinds in (("own",), ("own?",), ("input", "input?")))
    for place, (label, number, note) in zip(
        st.columns(3),
        (
            (_("假备份"), own, _("停下一个，名单上的来源全断，未列明来源补不上")),
            (_("假备份(待核实)"), unsure, _("已列名的来源会全断，但未列明来源可能补上")),
            (_("共用上游"), common, _("谁来做都要同一个上游，换供应商没有用")),
        ),
        strict=True,
    ):
        place.metric(label, formatting.count(number), help=note, border=True)


def _count(depths: DepthReport, kinds: tuple[str, ...]) -> int:
    counted = [one for one in depths.depths if one.target.kind is not TargetKind.END]
    return sum(depth_frames.fake_kind(one.fakes[0] if one.fakes else None) in kinds for one in counted)


def _draw_targets(depths: DepthReport, shares: ConcentrationReport, chain_id: str) -> None:
    has_slots = any(one.target.kind is TargetKind.SLOT for one in depths.depths)
    kinds = [TargetKind.ITEM.value, *([TargetKind.SLOT.value] if has_slots else [])]
    first, second, third = st.columns([1.2, 1.2, 1.2], vertical_alignment="bottom")
    with first:
        kind = TargetKind(
            session.choose_segment(_("看什么"), "dkind", options=kinds, default=kinds[0], show=_kind_name)
        )
    rows = depth_frames.target_frame(depths, shares, chain_id, kind=kind)
    with second:
        fake = session.choose(
            _("假备份"), "dfake", options=[_ALL, *_FAKES], default=_ALL, show=_fake_filter_name
        )
    with third:
        verdict = session.choose(
            _("集中度结论"), "dhhi", options=[_ALL, *_VERDICTS], default=_ALL, show=_verdict_filter_name
        )
    kept = _keep(rows, fake, verdict)
    if kept.empty:
        st.info(_("这样筛选时没有条目。放宽一个条件。"))
        return
    st.caption(_("共 {n} 个").format(n=formatting.count(len(kept))))
    draw_linked_table(
        kept, depth_frames.target_columns(kind), name=f"backups-{kind.value}", key=f"backups_{kind.value}"
    )
    st.caption(
        _(
            "括号里是停下它们以后未列明来源还能供的部分。待核实：有来源不知道企业、所在地，或上游没有写明来源；"
            "括号里是已能确定的范围。超过 {cap} 个一起停的不再查找，写作 >{cap}。"
        ).format(cap=ORDER_CAP)
    )


_FAKES = ("own", "own?", "input", "none")
_VERDICTS = (Verdict.ABOVE.value, Verdict.CANNOT_TELL.value, Verdict.BELOW.value)


def _keep(rows: pd.DataFrame, fake: str, verdict: str) -> pd.DataFrame:
    if rows.empty:
        return rows
    if fake != _ALL:
        kinds = ("input", "input?") if fake == "input" else (fake,)
        rows = rows[rows["fake_kind"].isin(kinds)]
    return rows if verdict == _ALL else rows[rows["verdict"] == verdict]


def _kind_name(kind: str) -> str:
    return {TargetKind.ITEM.value: _("物料的市场"), TargetKind.SLOT.value: _("企业的输入位")}[kind]


def _fake_filter_name(kind: str) -> str:
    return {
        _ALL: _("全部"),
        "own": _("假备份"),
        "own?": _("假备份(待核实)"),
        "input": _("共用上游"),
        "none": _("不是假备份"),
    }[kind]


def _verdict_filter_name(verdict: str) -> str:
    return _("全部") if verdict == _ALL else depth_words.line_verdict(Verdict(verdict))


def _draw_cut_sets(depths: DepthReport) -> None:
    st.subheader(_("终端产品的割集"), anchor=False)
    st.caption(
        _(
            "割集是一起停下就断了终端产品所有已列名来源、又一个都不多余的一组节点，查到 {cap} 个为止；"
            "每一级最多列 {listed} 个，最小的在前。"
        ).format(cap=ORDER_CAP, listed=LISTED)
    )
    cuts = depth_frames.cut_frame(depths)
    levels = [level.value for level in DepthLevel if (cuts["level_key"] == level.value).any()]
    if not levels:
        st.info(_("没有找到不超过 {cap} 个节点的割集。").format(cap=ORDER_CAP))
        return
    left, right = st.columns([2, 1])
    with left:
        chosen = session.choose_segment(
            _("按什么计"),
            "dlevel",
            options=levels,
            default=levels[0],
            show=lambda value: depth_words.level_words(DepthLevel(value)),
        )
    with right:
        certain = session.choose_segment(
            _("列哪些"), "dcut", options=["sure", "all"], default="sure", show=_cut_filter_name
        )
    kept = cuts[(cuts["level_key"] == chosen) & (cuts["sure"] | (certain == "all"))].reset_index(drop=True)
    if kept.empty:
        st.info(_("没有可以确定的割集；未列明来源可能补上的，选“全部”查看。"))
        return
    draw_table(kept, depth_frames.cut_columns(), name=f"cut-sets-{chosen}", key=f"cut_sets_{chosen}")


def _cut_filter_name(value: str) -> str:
    return {"sure": _("已确认"), "all": _("全部")}[value]


def _draw_method(shares: ConcentrationReport) -> None:
    with st.expander(_("这些数怎样读"), icon=":material/info:"):
        st.markdown(
            _(
                "- **HHI** 是份额平方之和，1 是独家；份额不全时给出范围，低端是未知部分极分散，"
                "高端是全归最大的一家。"
                "低端超过 {hhi} 为高于线，高端不超过为低于线，否则待核实(参考：欧盟对进口集中的线是 0.4)。\n"
                "- **链内分位** 是本链中低端不高于它的物料所占的比例，只用来排队。\n"
                "- **境外份额** 是已知在境外的来源的份额，高端把未知的也算上；线为 {foreign}。\n"
                "- 企业份额和国家/地区份额是同一市场的两个口径，从不相加；取知道得更多的一个。\n"
                "- 备份深度和集中度都不是概率，也不是对企业的评价。"
            ).format(hhi=shares.lines.hhi, foreign=formatting.percent(shares.lines.foreign))
        )


if __name__ == "__main__":
    page()
