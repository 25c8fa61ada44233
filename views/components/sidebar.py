"""The sidebar: what is looked at, search, language."""

from __future__ import annotations

import streamlit as st

from chains.model import Mode, Perspective
from risk.model import MAIN_HORIZON, STORED_HORIZONS
from views import formatting, queries, registry, session
from views.i18n import Language, _, set_language
from views.node_columns import node_name

MAX_HITS = 8


def settle_language() -> None:
    """Make the session speak the language of its link or switch; call before anything is drawn."""
    value = session.settle("lang", [language.value for language in Language], queries.first_language())
    set_language(Language(value))


def draw_sidebar() -> None:
    """Draw the choices that every page shares, the search box and the language switch."""
    with st.sidebar:
        chains = queries.load_home().chains
        if chains:
            _draw_choices(chains)
            _draw_search()
        session.choose_segment(
            _("语言 Language"),
            "lang",
            options=[language.value for language in Language],
            default=Language.ZH.value,
            show=lambda value: Language(value).label,
        )


def _draw_choices(chains: tuple[queries.ChainState, ...]) -> None:
    names = {state.chain_id: state.name for state in chains}
    chain_id = session.choose(
        _("产业链"), "chain", options=list(names), default=next(iter(names)), show=lambda value: names[value]
    )
    session.choose_segment(
        _("视角"),
        "view",
        options=[Perspective.HOME.value, Perspective.WORLD.value],
        default=Perspective.HOME.value,
        show=formatting.perspective_name,
        help_text=_(
            "本土视角：境外不再供给境内(断供)或境内停产，少多少境内产出。全球视角：停产，少多少全球产出。"
        ),
    )
    session.choose_segment(
        _("口径"),
        "mode",
        options=[mode.value for mode in Mode],
        default=Mode.RUN.value,
        show=formatting.mode_name,
        help_text=_("存量运行：设备、软件等靠已装存量维持。新建扩产：需要当天到货，管制会立刻挡住新产线。"),
    )
    # Read again: the choice above may have changed whose loss is looked at.
    state = next(state for state in queries.load_home().chains if state.chain_id == chain_id)
    horizons = [str(days) for days in (state.horizons or STORED_HORIZONS)]
    main = str(state.run.request.main_horizon if state.run else MAIN_HORIZON)
    session.choose(
        _("推演期"),
        "horizon",
        options=horizons,
        default=main if main in horizons else horizons[0],
        show=lambda value: formatting.days(float(value)) + (_("(主)") if value == main else ""),
        help_text=_("从断供第一天起算的天数。等级始终按主推演期判定。"),
    )


def _draw_search() -> None:
    words = st.text_input(
        _("搜索节点"),
        key="search_words",
        placeholder=_("中文、英文或拼音首字母"),
        help=_("例如 光刻胶、ASML、gkj；按回车查找。"),
        icon=":material/search:",
    )
    if not words.strip():
        return
    hits = queries.search_nodes(words)
    if not hits:
        st.caption(_("没有找到“{words}”。可以换一种写法，或只输入前几个字。").format(words=words.strip()))
    names = {state.chain_id: state.name for state in queries.load_home().chains}
    for hit in hits[:MAX_HITS]:
        name = node_name(hit.scope, hit.key, hit.name_zh, hit.name_en)
        st.page_link(
            registry.page_file("node"),
            label=f"{name} · {formatting.scope_name(hit.scope)} · {names[hit.chain_id]}",
            icon=":material/arrow_forward:",
            query_params={"chain": hit.chain_id, "scope": hit.scope, "key": hit.key},
        )
    if len(hits) > MAX_HITS:
        st.caption(_("还有 {n} 个，请把词写得更具体。").format(n=len(hits) - MAX_HITS))
