"""What a scenario assumes, in the words of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.model import Perspective, Region, Scope
from desk.cut_words import format_cut, format_stock
from desk.words import format_shock
from views import formatting
from views.i18n import Language, _, current_language
from views.node_columns import node_name

if TYPE_CHECKING:
    from desk.scenario_targets import ScenarioTargets
    from risk.model import Cut, Shock
    from risk.scenario_store.model import Plan, Preset


def preset_name(preset: Preset) -> str:
    """Name a preset in the session's language.

    Parameters
    ----------
    preset
        Any.

    Returns
    -------
    str
        A few words.
    """
    return preset.name_zh if current_language() is Language.ZH else preset.name_en


def preset_note(preset: Preset) -> str:
    """Say what a preset assumes and why.

    Parameters
    ----------
    preset
        Any.

    Returns
    -------
    str
        A sentence or two.
    """
    return preset.note_zh if current_language() is Language.ZH else preset.note_en


def target_name(targets: ScenarioTargets, scope: Scope, key: str) -> str:
    """Name a node in the session's language.

    Parameters
    ----------
    targets
        Nodes and names of the chain.
    scope, key
        Which.

    Returns
    -------
    str
        The key where the chain has no such node.
    """
    node = targets.nodes.get((scope, key))
    return node_name(scope.value, key, node.name_zh, node.name_en) if node else key


def item_name(targets: ScenarioTargets, item_id: str) -> str:
    """Name an item in the session's language.

    Parameters
    ----------
    targets
        Nodes and names of the chain.
    item_id
        Which.

    Returns
    -------
    str
        The id where the chain has no such item.
    """
    return formatting.name_of(*targets.items.get(item_id, (None, None)), item_id)


def supplier_name(targets: ScenarioTargets, supplier_id: str) -> str:
    """Name a supplier in the session's language.

    Parameters
    ----------
    targets
        Nodes and names of the chain.
    supplier_id
        Which; perhaps one that stands for all makers of a country.

    Returns
    -------
    str
        The id where the chain has no such supplier.
    """
    if supplier_id in targets.aggregates:
        return _("{country}(国家合计)").format(
            country=formatting.country_name(targets.aggregates[supplier_id])
        )
    return formatting.name_of(*targets.suppliers.get(supplier_id, (None, None)), supplier_id)


def describe_shock(targets: ScenarioTargets, shock: Shock) -> str:
    """Say what stops, how much, and when.

    Parameters
    ----------
    targets
        Nodes and names of the chain.
    shock
        Any.

    Returns
    -------
    str
        One line.
    """
    who = _("{name}({scope})").format(
        name=target_name(targets, shock.scope, shock.key), scope=formatting.scope_name(shock.scope.value)
    )
    if shock.items:
        who = _("{who}的{items}").format(
            who=who, items=_("、").join(item_name(targets, item_id) for item_id in shock.items)
        )
    how = (
        _("全部停供")
        if shock.severity >= 1
        else _("停供 {part}").format(part=formatting.percent(shock.severity))
    )
    return _("{who}：{how}，{when}").format(who=who, how=how, when=_when(shock))


def describe_cut(targets: ScenarioTargets, cut: Cut) -> str:
    """Say whose deliveries no longer arrive where, of what, how much, and when.

    Parameters
    ----------
    targets
        Nodes and names of the chain.
    cut
        Any.

    Returns
    -------
    str
        One line.
    """
    who = _("、").join(source_name(targets, source) for source in cut.sources)
    what = _("、").join(item_name(targets, item_id) for item_id in cut.items) or _("全部物料")
    where = {Region.HOME: _("境内"), Region.ABROAD: _("境外")}[cut.region]
    how = _("断供") if cut.severity >= 1 else _("断供 {part}").format(part=formatting.percent(cut.severity))
    return _("{who}对{where}{how}{what}，{when}(工厂照开)").format(
        who=who, where=where, how=how, what=what, when=_when(cut)
    )


def source_name(targets: ScenarioTargets, key: str) -> str:
    """Name a country, group, supplier or place whose deliveries are cut.

    Parameters
    ----------
    targets
        Nodes and names of the chain.
    key
        As in a cut.

    Returns
    -------
    str
        The key where the chain has none of them.
    """
    scopes = (Scope.COUNTRY, Scope.PARENT, Scope.SUPPLIER, Scope.PROVINCE, Scope.CITY)
    found = next((scope for scope in scopes if (scope, key) in targets.nodes), None)
    return formatting.country_name(key) if found is None else target_name(targets, found, key)


def _when(shock: Shock | Cut) -> str:
    if shock.days is None:
        return _("第 {day} 天起直到期末").format(day=shock.start_day)
    when = _("第 {day} 天起 {days} 天").format(day=shock.start_day, days=shock.days)
    if shock.recover_days:
        when = _("{when}，随后 {days} 天匀速恢复").format(when=when, days=shock.recover_days)
    return when


def describe_plan(targets: ScenarioTargets, plan: Plan) -> str:
    """Say what a plan assumes.

    Parameters
    ----------
    targets
        Nodes and names of the plan's chain.
    plan
        Shocks, cuts and stocks, or a merger.

    Returns
    -------
    str
        One line.
    """
    if plan.merger is not None:
        return _("{group} 并入 {into}").format(
            group=target_name(targets, Scope.PARENT, plan.merger.group),
            into=target_name(targets, Scope.PARENT, plan.merger.into),
        )
    parts = [
        *(describe_shock(targets, shock) for shock in plan.shocks),
        *(describe_cut(targets, cut) for cut in plan.cuts),
        *(
            _("假设{item}有 {days} 的库存").format(
                item=item_name(targets, item_id), days=formatting.days(days)
            )
            for item_id, days in plan.stock
        ),
    ]
    return _("；").join(parts)


def typed_plan(plan: Plan) -> str:
    """Write the shocks of a plan as the command line reads them.

    Parameters
    ----------
    plan
        Shocks.

    Returns
    -------
    str
        Options of ``lianwen simulate``.
    """
    parts = [f"--shock {format_shock(shock)}" for shock in plan.shocks]
    # Quoted: a shell reads the sign between source and region as a redirection.
    parts += [f"--cut '{format_cut(cut)}'" for cut in plan.cuts]
    parts += [f"--stock {format_stock(one)}" for one in plan.stock]
    if plan.perspective is Perspective.HOME and not plan.cuts:
        parts.append("--perspective home")
    return " ".join(parts)


def show_day(day: int | None, *, missing: str) -> str:
    """Write a day of the horizon.

    Parameters
    ----------
    day
        From 0; ``None`` for none.
    missing
        What stands for none.

    Returns
    -------
    str
        For example ``第 33 天``.
    """
    return missing if day is None else _("第 {day} 天").format(day=day)
