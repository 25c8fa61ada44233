"""The numbers of one node: exposure pair, waterfall, range, days, and how they moved over the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.model import Mode
from desk.rows import EndScores
from desk.waterfall import build_waterfall
from risk.model import MODES
from views import charts_node, formatting, page_queries
from views.components.chart import draw_chart
from views.components.columns import Column
from views.i18n import _

if TYPE_CHECKING:
    from desk.waterfall import Waterfall
    from views.page_queries import ScorePair
    from views.queries import ChainState

_CHART_PIXELS = 270


def draw_numbers(state: ChainState, pair: ScorePair, mode: Mode) -> None:
    """Draw the numbers of a node that has scores.

    Parameters
    ----------
    state
        A chain with a run.
    pair
        The node's scores.
    mode
        Chosen in the sidebar.
    """
    _draw_metrics(pair, mode)
    left, right = st.columns(2, gap="large")
    with left:
        _draw_waterfall(pair, mode)
    with right:
        _draw_range(state, pair)


def _draw_metrics(pair: ScorePair, mode: Mode) -> None:
    row, horizon = pair.chosen[mode], pair.chosen_horizon
    run, build, loss, stop, recovery = st.columns([1, 1, 1, 1, 1.1])
    for place, each in ((run, Mode.RUN), (build, Mode.BUILD)):
        _metric(
            place,
            _("断供冲击 · {mode}").format(mode=formatting.mode_name(each)),
            formatting.percent(pair.chosen[each]["exposure_low"]),
            _range_note(pair.chosen[each], "exposure"),
        )
    _metric(
        loss,
        _("净损失 · {horizon}").format(horizon=formatting.days(horizon)),
        formatting.percent(row["residual_low"]),
        _("折合停产 {days}").format(days=formatting.days(row["residual_low"] * horizon)),
    )
    starts = row["tts_days_low"]
    _metric(
        stop,
        _("断供起始日"),
        formatting.days(starts, missing=formatting.NOT_APPLICABLE),
        _("推演期内不断供") if formatting.is_missing(starts) else _("损失首次超过 1%"),
    )
    _metric(
        recovery,
        _("恢复日"),
        formatting.days(row["recovery_day_low"], missing=formatting.NOT_APPLICABLE),
        _recovery_note(row),
    )


def _metric(place: Any, label: str, value: str, note: str) -> None:  # noqa: ANN401 - a Streamlit container
    with place:
        st.html(
            f'<div style="line-height:1.35"><div style="color:#5B6770;font-size:.85rem">{label}</div>'
            f'<div style="font-size:1.65rem">{value}</div>'
            f'<div style="color:#5B6770;font-size:.8rem">{note}</div></div>'
        )


def _range_note(row: pd.Series, score: str) -> str:
    low, point, high = (row[f"{score}_{end}"] for end in ("low", "point", "high"))
    written = formatting.spread(low, point, high)
    return written if " – " in written else _("低端、点值、高端相同")


def _recovery_note(row: pd.Series) -> str:
    if not formatting.is_missing(row["recovery_day_low"]):
        return _("损失回到 1% 以内")
    return _("不曾断供") if formatting.is_missing(row["tts_days_low"]) else _("推演期内不恢复")


def _draw_waterfall(pair: ScorePair, mode: Mode) -> None:
    st.markdown(
        _("**损失怎样一步步减下来**({mode}，{horizon})").format(
            mode=formatting.mode_name(mode), horizon=formatting.days(pair.chosen_horizon)
        )
    )
    low, point = (_steps(pair.chosen[mode], end) for end in ("low", "point"))
    if low is None or point is None:
        st.caption(_("没有分数，画不出。"))
        return
    table = pd.DataFrame(
        [_step_row(_("低端"), low), _step_row(_("点值"), point)],
        columns=["end", "exposure", "by_substitution", "by_stock", "residual"],
    )
    draw_chart(
        charts_node.waterfall_steps(low, point),
        table=table,
        columns=_step_columns(),
        name="node-waterfall",
        key=f"waterfall_{mode.value}",
        height=_CHART_PIXELS,
        alt=_("断供冲击减去替代和库存，得到净损失"),
    )
    if low.by_stock < 0:
        st.caption(_("存量磨损：设备等得不到更新，损失随时间加深，快过库存的缓冲。"))


def _steps(row: pd.Series, end: str) -> Waterfall | None:
    exposure, substitution, residual = (
        None if formatting.is_missing(row[f"{name}_{end}"]) else float(row[f"{name}_{end}"])
        for name in ("exposure", "substitution", "residual")
    )
    return build_waterfall(EndScores(exposure, substitution, residual, None, None))


def _step_row(name: str, steps: Waterfall) -> tuple[str, float, float, float, float]:
    return name, steps.exposure, steps.by_substitution, steps.by_stock, steps.residual


def _step_columns() -> list[Column]:
    return [
        Column("end", _("哪一端"), width="small"),
        Column("exposure", _("断供冲击"), "percent"),
        Column("by_substitution", _("替代减少"), "percent"),
        Column(
            "by_stock",
            _("库存减少"),
            "percent",
            help_text=_("负数表示损失随时间加深：设备更新不足，快过库存的缓冲。"),
        ),
        Column("residual", _("净损失"), "percent"),
    ]


def _draw_range(state: ChainState, pair: ScorePair) -> None:
    st.markdown(
        _("**这个判断有多可靠**(定级用，{horizon})").format(horizon=formatting.days(pair.main_horizon))
    )
    rows = pd.DataFrame([_range_row(pair, mode, score) for score in _RANGED for mode in MODES])
    lines = page_queries.load_lines(state)
    shown = {1: lines["build"], 2: lines["run"]} if lines else {}
    draw_chart(
        charts_node.range_chart(rows, shown),
        table=rows,
        columns=_range_columns(),
        name="node-range",
        key="range",
        height=_CHART_PIXELS,
        alt=_("两种口径下断供冲击和净损失的低端、点值和高端"),
    )


_RANGED = ("exposure", "residual")


def _range_row(pair: ScorePair, mode: Mode, score: str) -> dict[str, Any]:
    row = pair.main[mode]
    measure = _("断供冲击") if score == "exposure" else _("净损失")
    ends = {end: row[f"{score}_{end}"] for end in ("low", "point", "high")}
    days = {f"days_{end}": value * pair.main_horizon for end, value in ends.items()}
    has_days = score == "residual"
    return {
        "label": f"{measure} · {formatting.mode_name(mode)}",
        **ends,
        "days_low": days["days_low"] if has_days else None,
        "tts": row["tts_days_low"] if has_days else None,
        "recovery": row["recovery_day_low"] if has_days else None,
        "level": row[f"level_{mode.value}"] if _decides(score, mode) else None,
    }


def _decides(score: str, mode: Mode) -> bool:
    """Tell whether a score gives the level of a mode: the residual of run, the exposure of build."""
    return (score, mode) in {("residual", Mode.RUN), ("exposure", Mode.BUILD)}


def _range_columns() -> list[Column]:
    none = formatting.NOT_APPLICABLE
    return [
        Column("label", _("分数"), width="medium"),
        Column("low", _("低端"), "percent"),
        Column("point", _("点值"), "percent"),
        Column("high", _("高端"), "percent"),
        Column("level", _("等级"), "level", missing=none),
        Column("days_low", _("折合停产天数"), "days", missing=none),
        Column("tts", _("断供起始日"), "days", missing=none),
        Column("recovery", _("恢复日"), "days", missing=none),
    ]


def draw_history(state: ChainState, pair: ScorePair, mode: Mode) -> None:
    """Draw how the node was judged over the runs of its chain.

    Parameters
    ----------
    state
        A chain with a run.
    pair
        The node's scores.
    mode
        Chosen in the sidebar.
    """
    st.subheader(_("历次运行"), anchor=False)
    row = pair.main[mode]
    history = page_queries.load_history(
        state, scope=row["scope"], key=row["key"], mode=mode, horizon=pair.chosen_horizon
    )
    if len(history) <= 1:
        st.markdown(_("目前只有一次运行，还看不出变化；下次计算后这里会画出走势。"))
        return
    labels = [
        f"#{run_id}\n{formatting.local_time(at)[:10]}"
        for run_id, at in zip(history["run_id"], history["ended_at"], strict=True)
    ]
    table = history.assign(
        label=labels,
        run=[f"#{run_id}" for run_id in history["run_id"]],
        ended=[formatting.local_time(at) for at in history["ended_at"]],
        version=[formatting.short_version(version) for version in history["data_version"]],
    )
    draw_chart(
        charts_node.history_lines(table),
        table=table,
        columns=_history_columns(),
        name="node-history",
        key=f"history_{mode.value}",
        height=_CHART_PIXELS,
        alt=_("历次运行的断供冲击和净损失"),
    )


def _history_columns() -> list[Column]:
    return [
        Column("run", _("运行"), width="small"),
        Column("ended", _("完成时间(北京时间)")),
        Column("version", _("数据版本")),
        Column("level", _("等级"), "level"),
        Column("exposure_low", _("断供冲击(低端)"), "percent"),
        Column("residual_low", _("净损失(低端)"), "percent"),
        Column("residual_point", _("净损失(点值)"), "percent"),
    ]
