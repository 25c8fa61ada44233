"""Building a scenario: shocks one after the other, or one group under another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Perspective, Scope
from risk.model import NODE_SCOPES, Shock
from risk.scenario_store.model import Merger, Plan
from views import formatting, session
from views.i18n import _
from views.scenarios_cut import draw_cut, draw_days
from views.scenarios_queries import load_targets
from views.scenarios_words import describe_shock, item_name, target_name

if TYPE_CHECKING:
    from desk.scenario_targets import ScenarioTargets
    from views.queries import ChainState


def draw_builder(state: ChainState) -> Plan | None:
    """Draw the builder.

    Parameters
    ----------
    state
        The chain of the sidebar; mode and horizon are those of the sidebar.

    Returns
    -------
    Plan or None
        What was built, once the button that runs it is pressed.
    """
    selection = session.get_selection()
    targets = load_targets(state.chain_id)
    kind = session.choose_segment(
        _("假设什么"),
        "whatif",
        options=["stop", "cut", "merge"],
        default="stop",
        show=lambda value: {"stop": _("停产"), "cut": _("断供(出口管制)"), "merge": _("两个集团合并")}[value],
    )
    plan = Plan(state.chain_id, mode=selection.mode, horizon=selection.horizon)
    if kind == "merge":
        merger = _draw_merger(targets)
        return replace(plan, merger=merger) if merger else None
    if kind == "cut":
        cut = draw_cut(state.chain_id, targets, horizon=selection.horizon)
        return replace(plan, cuts=(cut,), perspective=Perspective.HOME) if cut else None
    shocks = _draw_shocks(state.chain_id, targets, horizon=selection.horizon)
    seen = Perspective.HOME if state.sees_home else Perspective.WORLD
    return replace(plan, shocks=shocks, perspective=seen) if shocks else None


def _draw_shocks(chain_id: str, targets: ScenarioTargets, *, horizon: int) -> tuple[Shock, ...] | None:
    added: list[Shock] = st.session_state.setdefault(f"whatif_shocks_{chain_id}", [])
    shock = _draw_shock(targets, horizon=horizon)
    with st.container(horizontal=True, vertical_alignment="center"):
        add = st.button(_("再加一个冲击"), icon=":material/add:", disabled=shock is None)
        run = st.button(
            _("推演"),
            key="whatif_run",
            type="primary",
            icon=":material/play_arrow:",
            disabled=shock is None and not added,
        )
    if add and shock is not None and shock not in added:
        added.append(shock)
    for number, one in enumerate(list(added)):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{number + 1}. {describe_shock(targets, one)}", width="content")
            if st.button(_("去掉"), key=f"whatif_drop_{number}", type="tertiary", icon=":material/close:"):
                added.remove(one)
                st.rerun()
    if not run:
        return None
    return (*added, *([shock] if shock is not None and shock not in added else []))


def _draw_shock(targets: ScenarioTargets, *, horizon: int) -> Shock | None:
    left, middle, right = st.columns([1, 2, 2])
    named = {scope for scope, _key in targets.nodes}
    scopes = [scope for scope in NODE_SCOPES if scope in named]
    scope = left.selectbox(
        _("类型"),
        scopes,
        index=scopes.index(Scope.COUNTRY) if Scope.COUNTRY in scopes else 0,
        key="whatif_scope",
        format_func=lambda value: formatting.scope_name(value.value),
    )
    keys = [key for node_scope, key in targets.nodes if node_scope is scope]
    key = middle.selectbox(
        _("谁停供"),
        keys,
        index=None,
        key=f"whatif_key_{scope}",
        placeholder=_("输入名称查找"),
        format_func=lambda value: _searchable(target_name(targets, scope, value), value),
    )
    made = targets.made.get((scope, key), ()) if key is not None and scope is not Scope.ITEM else ()
    items = right.multiselect(
        _("只停这些物料(不选为全部)"),
        made,
        key=f"whatif_items_{scope}_{key}",
        placeholder=_("全部物料"),
        disabled=not made,
        format_func=lambda value: item_name(targets, value),
    )
    days = draw_days(horizon)
    return None if key is None else Shock(scope, key, *days, items=tuple(sorted(items)))


def _draw_merger(targets: ScenarioTargets) -> Merger | None:
    groups = [key for scope, key in targets.nodes if scope is Scope.PARENT]

    def show(key: str) -> str:
        return _searchable(target_name(targets, Scope.PARENT, key), key)

    hint = _("输入名称查找")
    left, right = st.columns(2)
    group = left.selectbox(
        _("哪个集团被并入"), groups, index=None, key="whatif_group", placeholder=hint, format_func=show
    )
    into = right.selectbox(
        _("并入哪个集团"), groups, index=None, key="whatif_into", placeholder=hint, format_func=show
    )
    ready = group is not None and into is not None and group != into
    if group is not None and group == into:
        st.warning(_("请选两个不同的集团。"))
    pressed = st.button(
        _("推演"), key="whatif_merge", type="primary", icon=":material/play_arrow:", disabled=not ready
    )
    return Merger(group, into) if pressed and group is not None and into is not None else None


def _searchable(name: str, key: str) -> str:
    """Write a name so that typing its key finds it too."""
    return name if name == key else _("{name} · {key}").format(name=name, key=key)
