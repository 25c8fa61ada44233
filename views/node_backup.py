"""Section of the page of a node: backup depth, fake backups and concentration of an item or of a buyer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Scope
from risk.depth.model import TargetKind
from views import depth_frames, depth_queries, depth_words, session
from views.i18n import _
from views.linked_table import draw_linked_table

if TYPE_CHECKING:
    from desk.depth import DepthReport
    from desk.page_reads import NodePage
    from risk.depth.model import TargetDepth
    from views.queries import ChainState


def draw_backup(state: ChainState, facts: NodePage) -> None:
    """Draw the section for items and for firms with lists; nothing for other nodes.

    Parameters
    ----------
    state
        A chain with a run.
    facts
        As the desk read them.
    """
    node = facts.view.node
    if node.scope is Scope.ITEM:
        depths = _load(state)
        found = [one for one in depths.depths if _is_item(one, node.key)]
        if found:
            _draw_item(depths, found[0], state.chain_id)
    elif node.scope is Scope.SUPPLIER and any(one.buys for one in facts.view.purchases):
        depths = _load(state)
        slots = [one for one in depths.depths if one.target.buyer_id == node.key]
        if slots:
            _draw_buyer(depths, slots, state.chain_id)


def _load(state: ChainState) -> DepthReport:
    return depth_queries.load_depths(state.chain_id, session.get_selection().mode)


def _is_item(one: TargetDepth, item_id: str) -> bool:
    return one.target.kind is TargetKind.ITEM and one.target.item_id == item_id


def _draw_item(depths: DepthReport, depth: TargetDepth, chain_id: str) -> None:
    st.subheader(_("备份与集中"), anchor=False)
    st.markdown(_("**备份深度**：至少要同时停下几个，才断得了所有已列名的来源；上游也算在内。"))
    for place, one in zip(st.columns(len(depth.levels)), depth.levels, strict=True):
        place.metric(depth_words.level_words(one.level), depth_words.depth_text(one), border=True)
    _draw_fakes(depths, [depth])
    _draw_reasons(depth)
    shares = depth_queries.load_concentration(chain_id)
    frame = depth_frames.concentration_frame(shares, [(depth.target.item_id, None)])
    if not frame.empty:
        draw_linked_table(
            frame, depth_frames.concentration_columns(), name="node-concentration", key="concentration"
        )
        abroad = next(
            one
            for one in shares.foreign
            if one.shown and (one.item_id, one.buyer_id) == (depth.target.item_id, None)
        )
        st.caption(
            _("境外份额 {share}；HHI 的线是 {line}，低端超过才算高于线。份额不全时给出范围。").format(
                share=depth_words.share_text(abroad.share), line=shares.lines.hhi
            )
        )


def _draw_reasons(depth: TargetDepth) -> None:
    reasons = dict.fromkeys(why for one in depth.levels for why in one.unknown)
    if reasons:
        words = _("；").join(depth_words.why_words(why) for why in reasons)
        st.caption(_("待核实的原因：{reasons}。").format(reasons=words))


def _draw_buyer(depths: DepthReport, slots: list[TargetDepth], chain_id: str) -> None:
    st.subheader(_("它的输入位：备份与集中"), anchor=False)
    shares = depth_queries.load_concentration(chain_id)
    rows = depth_frames.target_frame(
        replace(depths, depths=tuple(slots)), shares, chain_id, kind=TargetKind.SLOT
    )
    # A click opens the item: the buyer's own page is the one shown.
    kept = rows.assign(scope=Scope.ITEM.value, key=rows["item_id"])
    columns = [one for one in depth_frames.target_columns(TargetKind.SLOT) if one.field != "buyer"]
    draw_linked_table(kept, columns, name="node-slots", key="slots")
    _draw_fakes(depths, slots)


def _draw_fakes(depths: DepthReport, targets: list[TargetDepth]) -> None:
    lines = [
        f"- **{depth_words.item_text(depths, depth.target.item_id)} · {depth_words.fake_name(fake)}**"
        f"{_('：')}{depth_words.hides_text(depths, fake)}"
        for depth in targets
        for fake in depth.fakes
    ]
    if lines:
        st.markdown("\n".join(lines))
