"""Sections of the page of a node that show facts: items and sources, inputs, users, neighbours, register."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.model import Mode, Scope
from views import charts_graph, charts_node, formatting, node_facts, node_links, session
from views.components.chart import draw_chart
from views.components.columns import Column
from views.i18n import _
from views.linked_table import draw_linked_table
from views.queries import load_scores
from views.register_words import register_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chains.model import Item
    from desk.node_view import ItemView
    from desk.page_reads import InputView, NodePage
    from views.queries import ChainState

_BAR_PIXELS = 46
_ALL = "all"


def draw_surroundings(state: ChainState, facts: NodePage) -> None:
    """Draw all facts behind a node.

    Parameters
    ----------
    state
        A chain with a run.
    facts
        As the desk read them.
    """
    if facts.view.node.scope is Scope.ITEM:
        _draw_item(facts, state.chain_id)
    else:
        _draw_made(facts, state.chain_id)
    _draw_neighbours(state, facts)
    _draw_register(facts, state.chain_id)
    _draw_purchases(facts)


def _draw_made(facts: NodePage, chain_id: str) -> None:
    st.subheader(_("供给什么，还有谁供给"), anchor=False)
    if not facts.view.items:
        st.info(_("它不供给这条链上的任何物料；是因为买方名单或上下级关系才列在这里。"))
        return
    items = node_facts.item_frame(facts, chain_id)
    draw_linked_table(items, node_facts.item_columns(), name="node-items", key="node_items")
    order = {key: place for place, key in enumerate(items["key"])}
    views = sorted(facts.view.items, key=lambda one: order[one.item.item_id])
    _draw_sources(views, chain_id, paths={path[0].item_id: path for path in facts.paths})


def _draw_item(facts: NodePage, chain_id: str) -> None:
    own = facts.view.items[0]
    st.subheader(_("谁供给它"), anchor=False)
    if facts.paths:
        path = node_facts.path_text(facts.paths[0])
        if len(facts.paths[0]) > 1:
            st.markdown(_("到终端产品：{path}").format(path=path))
        else:
            st.markdown(_("它就是这条链的终端产品。"))
    if own.sources:
        _draw_one(own, chain_id, key="own_sources")
    else:
        st.markdown(_("数据里没有写明谁供给它；它由输入和变体决定，按“未列明来源”计。"))
    if facts.inputs:
        st.subheader(_("它需要什么"), anchor=False)
        frame = node_links.input_frame(facts.inputs, chain_id)
        draw_linked_table(frame, node_links.input_columns(), name="node-inputs", key="inputs")
        _draw_sources(facts.inputs, chain_id)
    if own.feeds:
        st.subheader(_("谁需要它"), anchor=False)
        columns = [column for column in node_links.input_columns() if column.field in _FED]
        draw_linked_table(node_links.feeds_frame(own, chain_id), columns, name="node-users", key="feeds")


_FED = ("name", "relation", "need", "weight")


def _draw_sources(
    views: Sequence[ItemView] | Sequence[InputView],
    chain_id: str,
    *,
    paths: Mapping[str, Sequence[Item]] = MappingProxyType({}),
) -> None:
    """Let a person choose one item and show every source of it; or all of them in one table."""
    names = {one.item.item_id: node_facts.item_name(one.item) for one in views}
    names[_ALL] = _("全部 {n} 项").format(n=len(views))
    options = [*(one.item.item_id for one in views), *([_ALL] if len(views) > 1 else [])]
    chosen = session.choose(
        _("看哪一项的全部来源"),
        "src",
        options=options,
        default=options[0],
        show=lambda value: names.get(value, value),
    )
    if chosen != _ALL:
        path = node_facts.path_text(paths.get(chosen, ()))
        if path:
            st.markdown(_("到终端产品：{path}").format(path=path))
        _draw_one(next(one for one in views if one.item.item_id == chosen), chain_id, key=f"source_{chosen}")
        return
    frame = pd.concat([node_facts.source_frame(one, chain_id) for one in views], ignore_index=True)
    draw_linked_table(frame, node_facts.source_columns(with_item=True), name="node-sources", key="source_all")


def _draw_one(one: ItemView | InputView, chain_id: str, *, key: str) -> None:
    name = node_facts.item_name(one.item)
    resolved = node_facts.resolved_name(one.resolved_by)
    if not one.sources:
        st.markdown(_("**{item}** 没有写明来源，整项按未列明来源计。").format(item=name))
        return
    st.markdown(
        _("**{item}**：{n} 个来源，按{resolved}计；{complete}，未列明来源 {others}。").format(
            item=name,
            n=len(one.sources),
            resolved=resolved,
            complete=_("名单完整") if one.complete else _("名单未必完整"),
            others=formatting.percent(one.others),
        )
    )
    parts = node_facts.share_parts(one)
    st.echarts_chart(
        charts_node.share_bar(parts),
        key=f"{key}_bar",
        height=_BAR_PIXELS,
        alt=_("{item}的来源份额").format(item=name),
        renderer="svg",
    )
    st.caption(_("深色是本节点；斜线是份额未知、按规则补上的；灰色是未列明来源。悬停看名称，数字见下表。"))
    draw_linked_table(
        node_facts.source_frame(one, chain_id), node_facts.source_columns(), name="node-sources", key=key
    )


def _draw_neighbours(state: ChainState, facts: NodePage) -> None:
    around = facts.view.neighbours
    if not around.nodes:
        return
    st.subheader(_("上下游"), anchor=False)
    firms = _firm_keys(state)
    placed, unplaced = charts_graph.place_neighbours(around.nodes, first=_largest_items(facts))
    names = {one.node.node_id: node_links.graph_name(one.node, firms) for one in placed}
    beyond = [*unplaced, *around.left_out]
    drawn = [one.node for one in placed]
    table = node_links.neighbour_frame([*drawn, *beyond], state.chain_id, drawn=names, firms=firms)
    chosen = draw_chart(
        charts_graph.neighbour_graph(placed, around.edges, names),
        table=table,
        columns=_neighbour_columns(),
        name="node-neighbours",
        key=f"graph_{facts.view.node.scope.value}_{facts.view.node.key}",
        height=charts_graph.graph_height(placed),
        alt=_("节点的上下游：货物从左流向右"),
        selectable=True,
    )
    st.caption(_neighbour_note(len(placed), len(beyond)))
    if chosen and chosen[0] < len(placed):
        link = node_links.graph_link(placed[chosen[0]].node, state.chain_id, firms)
        if link["key"] != facts.view.node.key:
            session.open_page("node", chain=state.chain_id, scope=link["scope"], key=link["key"])


def _largest_items(facts: NodePage) -> list[str]:
    """Order what the node makes by the part it holds."""
    held = {
        one.item.item_id: sum(source.filled for source in one.sources if source.stops)
        for one in facts.view.items
    }
    return sorted(held, key=lambda item_id: (-held[item_id], item_id))


def _neighbour_note(drawn: int, beyond: int) -> str:
    notes = [
        _(
            "货物从左流向右：上游输入、供应商、物料、下游。深色是本节点，粗红框在卡脖子清单里，"
            "虚线表示份额未知或变体。点一个框打开它。"
        )
    ]
    if beyond:
        notes.append(
            _("图中画了 {drawn} 个，另有 {beyond} 个只列在“表”里。").format(drawn=drawn, beyond=beyond)
        )
    return " ".join(notes)


def _neighbour_columns() -> list[Column]:
    return [
        Column("name", _("名称"), width="medium"),
        Column("layer", _("位置")),
        Column("kind", _("类型")),
        Column("country", _("国家/地区"), missing=formatting.NOT_APPLICABLE),
        Column("register", _("在卡脖子清单"), "bool"),
        Column("drawn", _("画在图中"), "bool"),
    ]


def _firm_keys(state: ChainState) -> frozenset[str]:
    scores = load_scores(state, Mode.RUN, state.run.request.main_horizon if state.run else 0)
    return frozenset(scores.loc[scores["scope"] == Scope.SUPPLIER.value, "key"])


def _draw_register(facts: NodePage, chain_id: str) -> None:
    if not facts.register:
        return
    name = register_name(facts.register_upload)
    st.subheader(_("相关的卡脖子条目 · {register}").format(register=name), anchor=False)
    items = {one.item.item_id: node_facts.item_name(one.item) for one in facts.view.items}
    draw_linked_table(
        node_links.register_frame(facts.register, items, chain_id),
        [
            Column("number", _("编号"), width="small"),
            Column("name", _("条目"), width="medium"),
            Column("item", _("物料/环节"), width="small"),
            Column("link", _("关联方式")),
            Column("grade", _("证据等级")),
            Column("status", _("状态")),
        ],
        name="node-register",
        key="node_register",
    )


def _draw_purchases(facts: NodePage) -> None:
    if not facts.view.purchases:
        return
    st.subheader(_("采购名单里的它"), anchor=False)
    none = formatting.NOT_APPLICABLE
    draw_linked_table(
        node_links.purchase_frame(facts.view.purchases),
        [
            Column("buyer", _("买方")),
            Column("item", _("物料/环节")),
            Column("supplier", _("供应商")),
            Column("share", _("占需求的份额"), "percent"),
            Column("stock", _("库存天数"), "days"),
            Column("place", _("文件行"), missing=none),
        ],
        name="node-purchases",
        key="node_purchases",
    )
