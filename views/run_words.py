"""Words and tables of what a run used, shared by the pages of the runs and of the method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.model import Kind
from views import formatting
from views.categories import place_name
from views.components.columns import Column
from views.i18n import _
from views.linked_table import draw_linked_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from risk.model import Run


def reason_name(reason: str) -> str:
    """Name why a run was queued.

    Parameters
    ----------
    reason
        As stored.

    Returns
    -------
    str
        The text itself when it is not one of ours.
    """
    return {
        "command": _("命令行"),
        "page": _("页面"),
        "import": _("导入后"),
        "nightly": _("每日定时"),
        "schedule": _("定时"),
        "init": _("初次载入"),
    }.get(reason, reason)


def requester_name(name: object) -> str | None:
    """Name who asked for a run.

    Parameters
    ----------
    name
        As stored; blank where nobody signed in.

    Returns
    -------
    str or None
        ``None`` when blank.
    """
    return name if isinstance(name, str) and name else None


def seconds(value: float | None) -> str | None:
    """Write how long something took.

    Parameters
    ----------
    value
        Seconds.

    Returns
    -------
    str or None
        ``None`` when not known.
    """
    if value is None or formatting.is_missing(value):
        return None
    return _("{n} 秒").format(n=f"{value:.1f}")


def _place(code: str) -> str:
    """Name a country, or a province such as ``CHN/江苏``."""
    country, _slash, province = code.partition("/")
    return place_name(province) if province else formatting.country_name(country)


def _way(computation: object) -> str | None:
    """Say whether a run computed every node; None for runs that did not note it."""
    if not isinstance(computation, dict):
        return None
    if computation.get("start") == "nothing":
        return _("全部节点")
    return _("只重算改动能影响的 {n} 个节点,其余沿用上一次运行(结果与全部重算相同)").format(
        n=computation.get("nodes_computed")
    )


def describe_run(run: Run) -> list[tuple[str, str | None]]:
    """List what stands behind a run.

    Parameters
    ----------
    run
        With its parameters.

    Returns
    -------
    list of tuple
        What, and its value in words.
    """
    horizons = run.parameters.get("horizons")
    days = _("、").join(formatting.days(each) for each in horizons) if isinstance(horizons, list) else None
    home = run.parameters.get("home")
    countries = _("、").join(_place(code) for code in home) if isinstance(home, list) else None
    return [
        (_("数据版本"), run.data_version),
        (_("程序版本"), run.code_version),
        (_("缺省值指纹"), formatting.short_version(run.defaults_digest)),
        (_("主推演期"), formatting.days(run.request.main_horizon)),
        (_("推演期(已存)"), days),
        (_("节点类型"), _("、").join(formatting.scope_name(scope.value) for scope in run.request.scopes)),
        (_("境内指"), countries),
        (_("计算方式"), _way(run.parameters.get("computation"))),
        (_("起因"), reason_name(run.request.reason)),
        (_("开始(北京时间)"), formatting.local_time(run.started_at)),
        (_("完成(北京时间)"), formatting.local_time(run.ended_at)),
        (_("引擎用时"), seconds(run.engine_seconds)),
        (_("总用时"), seconds(run.total_seconds)),
    ]


def draw_defaults(defaults: Mapping[str, Any], *, key: str) -> None:
    """Draw what blanks mean: by kind of item, then the rest.

    Parameters
    ----------
    defaults
        As `chains.defaults.Defaults.as_dict` writes it.
    key
        Unique on the page.
    """
    none = formatting.NOT_APPLICABLE
    kinds = defaults.get("kinds", {})
    rows = [
        {"kind": formatting.kind_name(kind.value), **_kind_cells(kinds[kind.value])}
        for kind in Kind
        if kind.value in kinds
    ]
    draw_linked_table(
        pd.DataFrame(rows),
        [
            Column("kind", _("种类")),
            Column("use", _("用途")),
            Column("cover_days", _("库存可用天数"), "days", missing=none),
            Column("attrition", _("更新率(每年)"), "percent", missing=none),
            Column("ramp_days", _("爬坡天数"), "days"),
            Column("qualification_days", _("认证天数"), "days"),
        ],
        name="defaults-by-kind",
        key=f"{key}_kinds",
    )
    draw_linked_table(
        pd.DataFrame(_other_defaults(defaults), columns=["what", "value"]),
        [Column("what", _("空白的含义"), width="large"), Column("value", _("缺省值"), width="small")],
        name="defaults",
        key=f"{key}_rest",
    )


def _kind_cells(kind: Mapping[str, Any]) -> dict[str, Any]:
    use = {"consumable": _("消耗"), "capital": _("存量")}[kind["use"]]
    numbers = ("cover_days", "attrition", "ramp_days", "qualification_days")
    return {"use": use} | {name: _number(kind.get(name)) for name in numbers}


def _number(value: Any) -> float | None:  # noqa: ANN401 - a value of a stored table
    return None if value is None else float(value)


def _other_defaults(defaults: Mapping[str, Any]) -> list[tuple[str, str]]:
    named = (
        ("spare_ratio", _("备用产能占自身份额(已认证的来源)")),
        ("nonessential_weight", _("非必需输入完全缺失时损失的产出")),
        ("attrition_other", _("其他种类存量物料的更新率(每年)")),
        ("blank_cap", _("名单不完整时，一个空白份额最多按多少算")),
        ("essential", _("输入位是否必需")),
        ("qualified", _("来源是否已认证")),
        ("suppliers_complete", _("来源名单是否完整")),
        ("list_complete", _("企业采购名单是否完整")),
        ("home_use", _("境内用量占全球(链没有说明时)")),
    )
    return [(words, _default_value(defaults[name])) for name, words in named if name in defaults]


def _default_value(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return formatting.percent(float(str(value)))


def draw_lines(levels: Mapping[str, Any], *, key: str) -> None:
    """Draw the lines between levels.

    Parameters
    ----------
    levels
        ``run`` and ``build`` with their lines, ``structural_need``; fractions.
    key
        Unique on the page.
    """
    rows = [
        {"mode": formatting.mode_name(mode), "score": score, **{name: levels[mode][name] for name in _LINES}}
        for mode, score in (("run", _("净损失(主推演期)")), ("build", _("断供冲击")))
    ]
    draw_linked_table(
        pd.DataFrame(rows),
        [
            Column("mode", _("口径")),
            Column("score", _("看哪个分数(低端)"), width="medium"),
            Column("yellow", _("黄线"), "percent"),
            Column("orange", _("橙线"), "percent"),
            Column("red", _("红线"), "percent"),
        ],
        name="levels",
        key=key,
    )
    first_day = levels["run"].get("red_first_day")
    notes = (
        []
        if first_day is None
        else [_("存量运行的红还要求断供不晚于第 {n} 天，否则为橙。").format(n=first_day)]
    )
    notes.append(
        _("某个输入位只剩不到所需的 {need}，就是结构性单点。").format(
            need=formatting.percent(levels["structural_need"])
        )
    )
    st.caption(" ".join(notes))


_LINES = ("yellow", "orange", "red")
