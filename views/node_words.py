"""Sentences about one node: why it has its level, what is not known, what its numbers rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chains.defaults import DefaultUsed
from chains.model import Mode, Scope
from risk.model import Level, Verdict
from views import formatting
from views.heatmap import is_to_verify
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from desk.page_reads import NodePage
    from views.page_queries import ScorePair

_NAMED_ITEMS = 4


def explain_level(pair: ScorePair, lines: Mapping[str, Any]) -> str:
    """Say in one sentence why the node has its level: which mode, which number, which line.

    Parameters
    ----------
    pair
        Its scores.
    lines
        Of the run, from `views.page_queries.load_lines`.

    Returns
    -------
    str
        Empty when the run stored no lines.
    """
    if not lines:
        return ""
    row = pair.main[Mode.RUN]
    level = Level(row["level"])
    if level is Level.NONE:
        return _no_level(pair, lines)
    mode = Mode(row["decided_by"])
    if mode is Mode.BUILD:
        return _(
            "新建扩产口径定级：一断供，新产线当天损失 {low}(低端；点值 {point})，超过{level}线 {line}。"
        ).format(
            low=formatting.percent(pair.main[mode]["exposure_low"]),
            point=formatting.percent(pair.main[mode]["exposure_point"]),
            level=formatting.level_name(level.value),
            line=formatting.percent(lines["build"][level.value]),
        )
    return _run_level(pair.main[mode], level, lines["run"], pair.main_horizon)


def _no_level(pair: ScorePair, lines: Mapping[str, Any]) -> str:
    return _(
        "两种口径的低端都没有超过黄线：存量运行净损失 {residual}(黄线 {run_line})，"
        "新建扩产断供冲击 {exposure}(黄线 {build_line})。"
    ).format(
        residual=formatting.percent(pair.main[Mode.RUN]["residual_low"]),
        run_line=formatting.percent(lines["run"]["yellow"]),
        exposure=formatting.percent(pair.main[Mode.BUILD]["exposure_low"]),
        build_line=formatting.percent(lines["build"]["yellow"]),
    )


def _run_level(row: pd.Series, level: Level, lines: Mapping[str, Any], horizon: int) -> str:
    text = _(
        "存量运行口径定级：{horizon}平均净损失 {low}(低端；点值 {point})，"
        "超过{level}线 {line}，第 {day} 天起断供。"
    ).format(
        horizon=formatting.days(horizon),
        low=formatting.percent(row["residual_low"]),
        point=formatting.percent(row["residual_point"]),
        level=formatting.level_name(level.value),
        line=formatting.percent(lines[level.value]),
        day=formatting.count(row["tts_days_low"]),
    )
    late = level is Level.ORANGE and row["residual_low"] > lines["red"]
    if late:
        text += _("净损失也超过红线，但断供晚于第 {day} 天，所以只到橙。").format(
            day=formatting.count(lines["red_first_day"])
        )
    return text


def explain_verdict(pair: ScorePair, page: NodePage, *, home_use: float | None = None) -> str:
    """Say what the data allow us to say, and what is not known when they do not decide.

    Parameters
    ----------
    pair
        Its scores.
    page
        Its facts.
    home_use
        Of the item of a source node whose cut is looked at, where it is known: share, 0 to 1.

    Returns
    -------
    str
        One or two sentences.
    """
    row = pair.main[Mode.RUN]
    verdict = Verdict(row["verdict"])
    if verdict is Verdict.BELOW:
        return _("**低于各线**：份额缺口全部按最坏算，也到不了黄线。")
    if verdict is Verdict.ABOVE:
        return _("**已确认**：份额缺口怎样填，都不会改变这个等级。")
    low, point, high = (formatting.level_name(row[name]) for name in ("level", "level_point", "level_high"))
    text = _("**待核实**：低端为{low}，点值为{point}，高端为{high}，公开数据还定不下来。").format(
        low=low, point=point, high=high
    )
    if home_use is not None:
        known = _("境内用量占全球的 {part}；它在境内用量里占多少只能算出范围，所以等级还定不下来。")
        return f"{text}{known.format(part=formatting.percent(home_use))}"
    if row["home"] is not True and "home_use" in str(row["defaults"]).split(";"):
        return f"{text}{_('境内用量占比未知：境内用不用它、用多少没有数据，所以断供的范围很宽。')}"
    return f"{text}{_what_is_unknown(page)}"


def is_hatched(pair: ScorePair) -> bool:
    """Tell whether the point value would reach a higher level than the low end.

    Parameters
    ----------
    pair
        Scores of a node.

    Returns
    -------
    bool
        What the heatmap hatches.
    """
    return bool(is_to_verify(pair.main[Mode.RUN].to_frame().T).iloc[0])


def _what_is_unknown(page: NodePage) -> str:
    blank = [one for one in page.view.items if any(source.stops and source.unsure for source in one.sources)]
    if page.view.node.scope is Scope.ITEM or not blank:
        return _("不确定来自上游的空白份额和未列明来源。")
    names = [formatting.name_of(one.item.name_zh, one.item.name_en, one.item.item_id) for one in blank]
    shown = _("、").join(names[:_NAMED_ITEMS])
    if len(names) > _NAMED_ITEMS:
        shown = _("{names}等 {n} 项").format(names=shown, n=len(names))
    return _("未公开的是它在这些物料的份额：{names}。").format(names=shown)


def explain_structure(pair: ScorePair, slot_name: str | None) -> str | None:
    """Say whether the node is a structural single point of failure, and what its worst slot keeps.

    Parameters
    ----------
    pair
        Its scores.
    slot_name
        Name of the worst slot's input item; ``None`` when there is none.

    Returns
    -------
    str or None
        ``None`` when no slot loses anything, and for an item, which is its own worst slot.
    """
    row = pair.main[Mode.BUILD]
    if row["scope"] == Scope.ITEM.value:
        return None
    if slot_name is None or formatting.is_missing(row["worst_slot_level"]):
        return None
    left = formatting.percent(row["worst_slot_level"])
    flags = [
        formatting.mode_name(mode) for mode in Mode if pair.main[mode][f"structural_{mode.value}"] is True
    ]
    if flags:
        return _(
            "**结构性单点**({modes})：一断供，输入位“{slot}”只剩所需的 {left}(不计库存和替代，低端)。"
        ).format(modes=_("、").join(flags), slot=slot_name, left=left)
    return _("最紧的输入位是“{slot}”，断供后还有所需的 {left}(不计库存和替代，低端)。").format(
        slot=slot_name, left=left
    )


def explain_defaults(names: str | None) -> str:
    """Say in words which defaults the scores rest on.

    Parameters
    ----------
    names
        Names of `chains.defaults.DefaultUsed` as the run stored them, joined by ``;``.

    Returns
    -------
    str
        One sentence.
    """
    known = _default_names()
    words = [known[name] for name in (names or "").split(";") if name in known]
    if not words:
        return _("没有用到缺省值。")
    return _("这些空白用了缺省值：{words}。缺省值见方法页。").format(words=_("、").join(words))


def _default_names() -> dict[str, str]:
    names = {
        DefaultUsed.SHARE: _("份额"),
        DefaultUsed.SUPPLIERS_COMPLETE: _("来源名单是否完整"),
        DefaultUsed.SPARE: _("备用产能"),
        DefaultUsed.RAMP_DAYS: _("爬坡天数"),
        DefaultUsed.QUALIFIED: _("是否已认证"),
        DefaultUsed.QUALIFICATION_DAYS: _("认证天数"),
        DefaultUsed.COVER_DAYS: _("库存可用天数"),
        DefaultUsed.STOCK_DAYS: _("企业库存天数"),
        DefaultUsed.USE: _("用途(消耗或存量)"),
        DefaultUsed.ATTRITION: _("更新率"),
        DefaultUsed.ESSENTIAL: _("是否必需"),
        DefaultUsed.LINK_WEIGHT: _("非必需输入的影响"),
        DefaultUsed.VARIANT_WEIGHT: _("变体权重"),
        DefaultUsed.LIST_COMPLETE: _("企业名单是否完整"),
        DefaultUsed.HOME_USE: _("境内用量占比"),
    }
    return {str(flag.name).lower(): words for flag, words in names.items()}


def explain_unscored(page: NodePage) -> str:
    """Say why a firm has no scores.

    Parameters
    ----------
    page
        Its facts.

    Returns
    -------
    str
        One sentence.
    """
    return _(
        "**没有分数，不等于安全**：它的 {n} 项物料只有国家/地区份额，查不到企业份额，所以不给分；"
        "所在国家/地区的断供已计入国家/地区节点。"
    ).format(n=formatting.count(len(page.view.items)))


def place_words(place: str | None) -> str:
    """Write the file and row of a fact.

    Parameters
    ----------
    place
        As the desk gives it.

    Returns
    -------
    str
        For example ``ic/supplies.csv 第 50 行``; — when the fact has no row.
    """
    if not place:
        return formatting.NOT_APPLICABLE
    file, found, row = place.partition(" row ")
    return _("{file} 第 {row} 行").format(file=file, row=row) if found else place
