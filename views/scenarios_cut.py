"""Building an export cut: whose deliveries no longer arrive at home or abroad, of what, how much and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Region, Scope
from risk.model import Cut
from views import formatting
from views.i18n import _
from views.scenarios_words import item_name, target_name

if TYPE_CHECKING:
    from desk.scenario_targets import ScenarioTargets

_LONGEST = 3650
_SCOPES = (Scope.COUNTRY, Scope.PARENT, Scope.SUPPLIER)
_PLACES = (Scope.PROVINCE, Scope.CITY)


def draw_cut(chain_id: str, targets: ScenarioTargets, *, horizon: int) -> Cut | None:
    """Draw the builder of a cut.

    Parameters
    ----------
    chain_id
        Which chain.
    targets
        Nodes and names of the chain.
    horizon
        Days of the sidebar.

    Returns
    -------
    Cut or None
        What was built, once the button that runs it is pressed.
    """
    st.caption(_("断供：工厂照开，只是不再供给这一侧。损失按本土视角计。"))
    left, middle, right = st.columns([1, 2, 2])
    region = left.selectbox(
        _("对谁断供"),
        [Region.HOME, Region.ABROAD],
        index=0,
        key="whatif_region",
        format_func=lambda value: {Region.HOME: _("境内"), Region.ABROAD: _("境外")}[value],
    )
    known = list(dict.fromkeys(key for scope in _SCOPES for at, key in targets.nodes if at is scope))
    # Places of home stop; only those beyond its border are cut.
    known += [key for (at, key), node in targets.nodes.items() if at in _PLACES and not node.home]
    sources = middle.multiselect(
        _("谁断供(可多选)"),
        known,
        key=f"whatif_sources_{chain_id}",
        placeholder=_("输入名称查找"),
        format_func=lambda key: _name_source(targets, key),
    )
    made = {item for at, key in targets.nodes if key in sources for item in targets.made.get((at, key), ())}
    items = right.multiselect(
        _("只断这些物料(不选为全部)"),
        sorted(made),
        key=f"whatif_cut_items_{'_'.join(sources)}",
        placeholder=_("全部物料"),
        disabled=not made,
        format_func=lambda value: item_name(targets, value),
    )
    days = draw_days(horizon)
    pressed = st.button(
        _("推演"), key="whatif_cut", type="primary", icon=":material/play_arrow:", disabled=not sources
    )
    return Cut(tuple(sources), region, tuple(sorted(items)), *days) if pressed and sources else None


def draw_days(horizon: int) -> tuple[float, int, int | None, int]:
    """Draw how much is lost, and when.

    Parameters
    ----------
    horizon
        Days of the sidebar.

    Returns
    -------
    tuple
        Severity (0 to 1], first day, days (``None``: through the horizon), recovery days.
    """
    places = st.columns(4)
    percent = places[0].number_input(_("停供比例(%)"), 1, 100, 100, key="whatif_severity")
    start = places[1].number_input(_("开始日(第几天)"), 0, max(0, horizon - 1), 0, key="whatif_start")
    days = places[2].number_input(
        _("持续天数"), 1, _LONGEST, None, key="whatif_days", placeholder=_("不填为直到期末")
    )
    recover = places[3].number_input(
        _("恢复天数"),
        0,
        _LONGEST,
        0,
        key="whatif_recover",
        disabled=days is None,
        help=_("停供结束后，供给在这些天里匀速回升；0 为立即恢复。"),
    )
    return percent / 100, int(start), None if days is None else int(days), 0 if days is None else int(recover)


def _name_source(targets: ScenarioTargets, key: str) -> str:
    scope = next(scope for scope in (*_SCOPES, *_PLACES) if (scope, key) in targets.nodes)
    return _("{name} · {scope}").format(
        name=target_name(targets, scope, key), scope=formatting.scope_name(scope.value)
    )
