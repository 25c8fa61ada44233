"""The columns of every list of nodes, and the cells that need words."""

from __future__ import annotations

import pandas as pd

from chains.model import Scope
from views import formatting
from views.categories import place_name
from views.components.columns import Column
from views.heatmap import is_to_verify
from views.i18n import _


def node_names(nodes: pd.DataFrame) -> list[str]:
    """Name every node of a frame in the session's language.

    Parameters
    ----------
    nodes
        With ``scope``, ``key``, ``name_zh``, ``name_en``.

    Returns
    -------
    list of str
        In the order of the frame.
    """
    fields = nodes[["scope", "key", "name_zh", "name_en"]].to_numpy(dtype=object)
    return [node_name(scope, key, name_zh, name_en) for scope, key, name_zh, name_en in fields]


def prepare(nodes: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of `node_columns` and `worst_columns` that are words.

    Parameters
    ----------
    nodes
        Scores of nodes, one row each.

    Returns
    -------
    pandas.DataFrame
        With ``name``, ``scope_name``, ``place``, ``side_name``, ``verdict_name``, ``decided_name``,
        ``level_shown`` (``None`` for nodes without scores).
    """
    scored = nodes["scored"].astype(bool)
    return nodes.assign(
        name=node_names(nodes),
        scope_name=[formatting.scope_name(scope) for scope in nodes["scope"]],
        place=[
            _place(*row) for row in nodes[["scope", "country", "province", "city"]].itertuples(index=False)
        ],
        side_name=[formatting.side_name(home) for home in nodes["home"]],
        verdict_name=_verdicts(nodes),
        decided_name=[
            formatting.mode_name(mode) if level != "none" else formatting.NOT_APPLICABLE
            for mode, level in nodes[["decided_by", "level"]].itertuples(index=False)
        ],
        level_shown=nodes["level"].astype(object).where(scored, None),
    )


def node_columns() -> list[Column]:
    """List the columns of a list of nodes: who, where, level, low-end scores."""
    return [*_who(), *_scores()]


def worst_columns() -> list[Column]:
    """List the columns of the worst nodes: who, where, level, the steps of the waterfall."""
    return [
        *_who(),
        Column("exposure", _("断供冲击"), "percent"),
        Column("by_substitution", _("替代减少"), "percent"),
        Column(
            "by_stock",
            _("库存减少"),
            "percent",
            help_text=_("负数表示损失随时间加深：设备更新不足，快过库存的缓冲。"),
        ),
        Column("residual", _("净损失"), "percent"),
        Column("tts_days_low", _("断供起始日"), "days", missing=formatting.NOT_APPLICABLE, width=92),
        _decided(),
    ]


def _who() -> list[Column]:
    return [
        Column("name", _("节点"), width=150),
        Column("scope_name", _("类型"), width=82),
        Column("place", _("所在地"), width=82),
        Column("level_shown", _("等级"), "level", width=56),
        Column("verdict_name", _("判断"), width=76),
    ]


def _scores() -> list[Column]:
    none = formatting.NOT_APPLICABLE
    return [
        Column("residual_low", _("净损失"), "percent", help_text=_("低端值，等级按它判定。"), width=76),
        Column("residual_point", _("净损失点值"), "percent", width=92),
        *exposure_pair(),
        Column("substitution_low", _("可替代分"), "percent", missing=none, width=82),
        Column(
            "tts_days_low",
            _("断供起始日"),
            "days",
            missing=none,
            help_text=_("— 表示推演期内不断供。"),
            width=92,
        ),
        Column(
            "recovery_day_low",
            _("恢复日"),
            "days",
            missing=none,
            help_text=_("— 表示推演期内不恢复，或不曾断供。"),
            width=76,
        ),
        _decided(),
    ]


def exposure_pair() -> list[Column]:
    """List the two columns of exposure, which are always shown together."""
    none, note = formatting.NOT_APPLICABLE, _("低端值，等级按它判定。")
    return [
        Column("exposure_run_low", _("冲击·存量"), "percent", missing=none, help_text=note, width=82),
        Column("exposure_build_low", _("冲击·新建"), "percent", missing=none, help_text=note, width=82),
    ]


def _decided() -> Column:
    return Column("decided_name", _("定级口径"), width=82)


def node_name(scope: str, key: str, name_zh: str | None, name_en: str | None) -> str:
    """Name one node in the session's language.

    Parameters
    ----------
    scope, key
        Which node.
    name_zh, name_en
        Its names in the data.

    Returns
    -------
    str
        Countries by our own list, so that 中国台湾 is written so.
    """
    if scope == Scope.COUNTRY.value:
        return formatting.country_name(key)
    name = formatting.name_of(name_zh, name_en, key)
    return place_name(name) if scope in (Scope.PROVINCE.value, Scope.CITY.value) else name


def _place(scope: str, country: str | None, province: str | None, city: str | None) -> str:
    if scope in (Scope.ITEM.value, Scope.COUNTRY.value):
        return formatting.NOT_APPLICABLE
    if formatting.is_missing(country):
        return formatting.unknown()
    finest = next((place for place in (city, province) if isinstance(place, str) and place), None)
    name = formatting.country_name(country)
    if finest is None or scope == Scope.PROVINCE.value:
        return name
    return f"{name} {place_name(finest)}"


def _verdicts(nodes: pd.DataFrame) -> list[str]:
    to_verify = is_to_verify(nodes)
    return [
        _("待核实") if verify and verdict == "above" else formatting.verdict_name(verdict)
        for verdict, verify in zip(nodes["verdict"], to_verify, strict=True)
    ]
