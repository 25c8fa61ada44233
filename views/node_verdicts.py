"""The verdict of one node at each line, and the band of drawn shares beside its exact range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.model import Mode, Scope
from desk.apart import ApartError
from desk.verdicts import judge_lines, stored_lines
from risk.model import Verdict
from risk.ranges.verdicts import LINE_LEVELS
from views import charts_band, formatting, registry, visit_queries
from views.components.chart import draw_chart
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _, current_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from risk.levels import Lines
    from risk.ranges.repository import StoredBand
    from views.page_queries import ScorePair
    from views.queries import ChainState

_CHART_PIXELS = 250
_NEEDED = ("residual_low", "residual_high", "exposure_low", "exposure_high", "tts_days_low", "tts_days_high")


def draw_verdicts(state: ChainState, pair: ScorePair) -> None:
    """Draw the verdicts at each line and the band of a node that has scores.

    Parameters
    ----------
    state
        A chain with a run.
    pair
        The node's scores.
    """
    if state.run is None:
        return
    lines = stored_lines(state.run)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_("**对每条线的判断**(定级用，低端和高端)"))
        _draw_lines(pair, lines)
    with right:
        _draw_band(state, pair)


def _draw_lines(pair: ScorePair, lines: dict[Mode, Lines]) -> None:
    ends = {mode: {name: [pair.main[mode][name]] for name in _NEEDED} for mode in Mode}
    found = judge_lines(lines, ends)
    rows = [
        {
            "mode": formatting.mode_name(mode.value),
            **{
                level.value: _line_words(rows, level.value, found[f"{mode}_{level}"][0])
                for level in LINE_LEVELS
            },
        }
        for mode, rows in lines.items()
    ]
    columns = [
        Column("mode", _("口径"), width=105),
        *(Column(level.value, formatting.level_name(level.value)) for level in LINE_LEVELS),
    ]
    draw_table(pd.DataFrame(rows), columns, name="node-verdicts", key="node_verdicts")
    if any(verdicts[0] is Verdict.CANNOT_TELL for verdicts in found.values()):
        st.page_link(registry.page_file("visits"), label=_("该问谁：巡诊清单"), icon=":material/home_health:")


def _line_words(lines: Lines, level: str, verdict: Verdict) -> str:
    """Say a verdict with the line it is about."""
    words = {
        Verdict.ABOVE: _("超过 {line}"),
        Verdict.BELOW: _("不超过 {line}"),
        Verdict.CANNOT_TELL: _("{line}：待核实"),
        Verdict.COUNTRY_ONLY: _("{line}：没有分数"),
    }
    return words[verdict].format(line=formatting.percent(getattr(lines, level)))


def _draw_band(state: ChainState, pair: ScorePair) -> None:
    row = pair.main[Mode.RUN]
    scope, key = str(row["scope"]), str(row["key"])
    st.markdown(_("**未知份额随机填会怎样**(波动带)"))
    if scope == Scope.ITEM.value or not _has_range(pair):
        st.markdown(_("没有未知份额随它停供，低端、点值、高端相同，没有波动带。"))
        return
    if state.sees_home:
        st.markdown(_("波动带按全球视角计算；在左侧切换到全球视角查看。"))
        return
    stored = visit_queries.load_bands(state, scope=scope, key=key)
    if not stored:
        _draw_compute(state, scope, key)
        return
    table = pd.DataFrame([_band_row(pair, one) for one in stored])
    draw_chart(
        charts_band.band_chart(table),
        table=table,
        columns=_band_columns(),
        name="node-band",
        key="node_band",
        height=_CHART_PIXELS,
        alt=_("精确的低端到高端，和里面 5% 到 95% 的波动带"),
    )
    st.caption(
        _(
            "按约定的规则随机填 {draws} 次(种子 {seed})：每份名单剩下的份额随机分给空白来源和未列明来源，"
            "未必完整的名单里一个空白最多取缺省上限(点值就取到上限，所以可能高于波动带)。"
            "它不是断供概率，不用于定级；定级只看低端。"
        ).format(draws=formatting.count(stored[0].draws), seed=stored[0].seed)
    )


def _draw_compute(state: ChainState, scope: str, key: str) -> None:
    st.markdown(_("精确的低端和高端是最好和最坏；波动带告诉中间的份额落在哪里，随机填 200 次。"))
    place = st.empty()
    if place.button(_("计算波动带"), icon=":material/casino:", key="compute_band"):
        bar = place.progress(0.0, _("正在计算…"))
        try:
            visit_queries.compute_band(
                state, scope=scope, key=key, progress=lambda done: bar.progress(done, _("正在计算…"))
            )
        except ApartError as error:
            st.error(error.say(current_language().value), icon=":material/error:")
            return
        st.rerun()


def _has_range(pair: ScorePair) -> bool:
    pairs: Sequence[tuple[Any, Any]] = [
        (pair.main[mode][f"{score}_low"], pair.main[mode][f"{score}_high"])
        for mode in Mode
        for score in ("exposure", "residual")
    ]
    return any(low != high for low, high in pairs)


def _band_row(pair: ScorePair, one: StoredBand) -> dict[str, Any]:
    row = pair.main[one.mode]
    measure = _("断供冲击") if one.score == "exposure" else _("净损失")
    return {
        "label": f"{measure} · {formatting.mode_name(one.mode.value)}",
        "low": row[f"{one.score}_low"],
        "q05": one.q05,
        "q50": one.q50,
        "q95": one.q95,
        "high": row[f"{one.score}_high"],
        "point": row[f"{one.score}_point"],
    }


def _band_columns() -> list[Column]:
    return [
        Column("label", _("分数"), width="medium"),
        Column("low", _("低端"), "percent"),
        Column("q05", _("5% 分位"), "percent"),
        Column("q50", _("中位"), "percent"),
        Column("point", _("点值"), "percent"),
        Column("q95", _("95% 分位"), "percent"),
        Column("high", _("高端"), "percent"),
    ]
