"""节点: why a node has its level, its numbers and sources, what surrounds it, how it was judged before."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Mode, Scope
from desk.cut_words import format_cut
from desk.words import format_shock
from risk.model import Cut, Shock
from views import (
    formatting,
    node_backup,
    node_chooser,
    node_firm_index,
    node_numbers,
    node_surroundings,
    node_uploads,
    node_verdicts,
    page_queries,
    registry,
    session,
)
from views.components.empty import require_run
from views.components.perspective import draw_perspective
from views.components.table import ink_on
from views.formatting import LEVEL_COLOURS
from views.heatmap import rank_nodes
from views.i18n import _
from views.linked_table import draw_linked_table
from views.node_columns import node_columns, node_name, prepare
from views.node_words import (
    explain_defaults,
    explain_level,
    explain_structure,
    explain_unscored,
    explain_verdict,
    is_hatched,
)
from views.queries import load_home_uses, load_scores

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from desk.page_reads import NodePage
    from views.page_queries import ScorePair
    from views.queries import ChainState

_PLACES = (Scope.PARENT, Scope.COUNTRY, Scope.PROVINCE, Scope.CITY)


def page() -> None:
    """Draw the page of the node in the link, or a chooser when there is none."""
    state = require_run()
    scope, key = session.read_link("scope"), session.read_link("key")
    if not scope or not key:
        node_chooser.draw_chooser(state)
        return
    selection = session.get_selection()
    pair = page_queries.load_pair(state, scope, key, horizon=selection.horizon)
    if pair is None:
        st.warning(
            _(
                "“{chain}”的最近一次运行里没有这个节点。它可能属于别的链，或数据已经变了；请在下面另选。"
            ).format(chain=state.name),
            icon=":material/search_off:",
        )
        node_chooser.draw_chooser(state)
        return
    facts = page_queries.load_node_page(state.chain_id, scope=scope, key=key)
    draw_perspective(state)
    _draw_header(state, pair, facts)
    if _is_scored(pair):
        node_numbers.draw_numbers(state, pair, selection.mode)
        node_verdicts.draw_verdicts(state, pair)
    node_firm_index.draw_firm_index(facts)
    node_backup.draw_backup(state, facts)
    node_surroundings.draw_surroundings(state, facts)
    _draw_firms(state, facts)
    node_uploads.draw_uploads(state, facts)
    if _is_scored(pair):
        node_numbers.draw_history(state, pair, selection.mode)
    _draw_basis(state, pair, facts)


def _is_scored(pair: ScorePair) -> bool:
    row = pair.main[Mode.RUN]
    return bool(row["scored"]) and not formatting.is_missing(row["exposure_low"])


def _draw_header(state: ChainState, pair: ScorePair, facts: NodePage) -> None:
    row = prepare(pair.main[Mode.RUN].to_frame().T).iloc[0]
    name, simulate, back = st.columns([3.4, 1, 1], vertical_alignment="bottom")
    name.subheader(row["name"], anchor=False)
    if _is_scored(pair):
        _draw_what_if(simulate, state, row)
    back.page_link(
        registry.page_file("node"),
        label=_("换一个节点"),
        icon=":material/swap_horiz:",
        query_params={"chain": state.chain_id},
    )
    st.html(_header_html(row, pair, facts))
    if not _is_scored(pair):
        st.info(explain_unscored(facts), icon=":material/help:")
        return
    lines = page_queries.load_lines(state)
    use = _home_use_of(state, row)
    sentences = [explain_level(pair, lines), explain_verdict(pair, facts, home_use=use)]
    structure = explain_structure(pair, _slot_name(state, row["worst_slot_item"]))
    for sentence in [*sentences, structure]:
        if sentence:
            st.markdown(sentence)


def _home_use_of(state: ChainState, row: pd.Series) -> float | None:
    """Share of world use at home of the item whose cut into home is looked at; None: no such, or unknown."""
    if not state.sees_home or row["home"] or row["scope"] != Scope.SOURCE.value:
        return None
    return load_home_uses(state).get(str(row["key"]).partition("/")[2])


def _draw_what_if(place: DeltaGenerator, state: ChainState, row: pd.Series) -> None:
    """Offer what the page shows as a scenario: abroad a cut where home's loss is looked at, else a stop."""
    scope, key = Scope(row["scope"]), str(row["key"])
    is_cut = state.sees_home and scope is not Scope.ITEM and not row["home"]
    owner, slash, item = key.removeprefix("country:").removeprefix("parent:").partition("/")
    if is_cut and scope is Scope.SOURCE and slash:
        link = {"cut": format_cut(Cut((owner,), items=(item,)))}
    elif is_cut:
        link = {"cut": format_cut(Cut((key,)))}
    else:
        link = {"shock": format_shock(Shock(scope, key))}
    place.page_link(
        registry.page_file("scenarios"),
        label=_("推演它断供") if is_cut else _("推演它停下"),
        icon=":material/science:",
        query_params={"chain": state.chain_id, **link},
    )


def _header_html(row: pd.Series, pair: ScorePair, facts: NodePage) -> str:
    parts = [row["scope_name"]]
    item = facts.view.items[0].item if facts.view.node.scope is Scope.ITEM else None
    if item is not None:
        parts += [
            formatting.kind_name(item.kind.value),
            formatting.stage_name(item.stage),
            formatting.five_base_name(item.five_base.value if item.five_base else None),
        ]
    else:
        parts += [cell for cell in (row["place"], row["side_name"]) if cell != formatting.NOT_APPLICABLE]
    if row["firms"] > 1:
        parts.append(_("{n} 家企业").format(n=formatting.count(row["firms"])))
    words = " · ".join(escape(part) for part in parts)
    return (
        f'<div style="display:flex;align-items:center;gap:.8em">{_chip(row, pair)}<span>{words}</span></div>'
    )


def _chip(row: pd.Series, pair: ScorePair) -> str:
    if not _is_scored(pair):
        style, text = "background:#C3CAD3;color:#1C2733", _("没有分数")
    else:
        level = row["level"]
        style = f"background:{LEVEL_COLOURS[level]};color:{ink_on(level)}"
        text = _("等级：{level}").format(level=formatting.level_name(level))
        if is_hatched(pair):
            text = _("{level}(待核实，点值为{point})").format(
                level=text, point=formatting.level_name(row["level_point"])
            )
    return f'<span style="padding:.15em .7em;border-radius:4px;font-weight:600;{style}">{escape(text)}</span>'


def _slot_name(state: ChainState, item_id: str | None) -> str | None:
    if formatting.is_missing(item_id) or not item_id:
        return None
    scores = load_scores(state, Mode.RUN, state.run.request.main_horizon if state.run else 0)
    found = scores[(scores["scope"] == Scope.ITEM.value) & (scores["key"] == item_id)]
    if found.empty:
        return item_id
    row = found.iloc[0]
    return node_name(Scope.ITEM.value, item_id, row["name_zh"], row["name_en"])


def _draw_firms(state: ChainState, facts: NodePage) -> None:
    """List the firms behind a group or place with their own levels."""
    if facts.view.node.scope not in _PLACES or len(facts.view.firms) == 1:
        return
    selection = session.get_selection()
    scores = load_scores(state, selection.mode, selection.horizon)
    ids = {firm.supplier_id for firm in facts.view.firms}
    firms = scores[(scores["scope"] == Scope.SUPPLIER.value) & scores["key"].isin(ids)]
    if firms.empty:
        return
    st.subheader(_("它的企业"), anchor=False)
    draw_linked_table(prepare(rank_nodes(firms)), node_columns(), name="node-firms", key="node_firms")


def _draw_basis(state: ChainState, pair: ScorePair, facts: NodePage) -> None:
    st.subheader(_("依据"), anchor=False)
    if _is_scored(pair):
        st.markdown(explain_defaults(pair.main[Mode.RUN]["defaults"]))
    if state.run is not None and facts.data_version != state.run.data_version:
        st.warning(
            _(
                "分数来自运行 #{run_id}(数据 {old})，上面的来源是现在的数据({new})，两者已不同；"
                "请到运行页重新计算。"
            ).format(
                run_id=state.run.run_id,
                old=formatting.short_version(state.run.data_version),
                new=formatting.short_version(facts.data_version),
            ),
            icon=":material/update:",
        )
    st.caption(
        _("分数是研判辅助，不是断供概率。每个来源都列出资料、年份和文件行；资料的出版者和许可见方法页。")
    )


if __name__ == "__main__":
    page()
