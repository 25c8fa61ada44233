"""Charts of the pages of a node, the register and the runs: frames in, ECharts options out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from risk.model import Level
from views import formatting
from views.charts import (
    ACCENT,
    GRID,
    HATCH,
    INK,
    PAPER,
    QUIET_INK,
    RESIDUAL_COLOUR,
    STOCK_COLOUR,
    SUBSTITUTION_COLOUR,
    UNKNOWN_COLOUR,
)
from views.formatting import LEVEL_COLOURS
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from desk.waterfall import Waterfall

_SAME = 5e-5
_PALE = ("#C3D6E6", "#DCE7F1")
_COUNT_COLOURS = ("#F2F6FA", "#A5C1D9", "#4376A2", "#1F4A70")
_BAR_PIXELS = 830
_LABELLED_SHARE = 0.07


@dataclass(frozen=True, slots=True)
class SharePart:
    """One piece of a bar of shares.

    Attributes
    ----------
    name
        In the session's language.
    share
        0 to 1.
    own
        Whether it stops with the node shown.
    unsure
        Whether the share is a guess for a blank.
    unnamed
        Whether it is 未列明来源.
    """

    name: str
    share: float
    own: bool = False
    unsure: bool = False
    unnamed: bool = False


def draws_point(low: Waterfall, point: Waterfall) -> bool:
    """Tell whether the point value needs bars of its own.

    Parameters
    ----------
    low, point
        The two ends drawn.

    Returns
    -------
    bool
        False when no step differs by what the screen shows.
    """
    pairs = (
        (low.exposure, point.exposure),
        (low.by_substitution, point.by_substitution),
        (low.residual, point.residual),
    )
    return any(abs(left - right) > _SAME for left, right in pairs)


def waterfall_steps(low: Waterfall, point: Waterfall) -> dict[str, Any]:
    """Draw the four steps from exposure to residual, low end and point side by side.

    Parameters
    ----------
    low, point
        The steps at the two ends.

    Returns
    -------
    dict
        An ECharts option; one bar a step where both ends are the same.
    """
    shown: list[tuple[str, Waterfall, dict[str, Any]]] = [(_("低端"), low, {})]
    if draws_point(low, point):
        shown.append((_("点值"), point, {"decal": HATCH}))
    series = [one for name, steps, style in shown for one in _step_series(name, steps, style)]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 34, "bottom": 4, "containLabel": True},
        "legend": _legend([name for name, *_rest in shown]) if len(shown) > 1 else {"show": False},
        "tooltip": {"show": False},
        "xAxis": _names_axis([_("断供冲击"), _("替代减少"), _stock_step(low), _("净损失")], width=84),
        "yAxis": _percent_axis(),
        "series": series,
    }


def _stock_step(steps: Waterfall) -> str:
    return _("库存减少") if steps.by_stock >= -_SAME else _("存量磨损")


def _step_series(name: str, steps: Waterfall, style: dict[str, Any]) -> list[dict[str, Any]]:
    after = steps.exposure - steps.by_substitution
    spans = (
        (0.0, steps.exposure, ACCENT),
        (after, steps.exposure, SUBSTITUTION_COLOUR),
        (min(after, steps.residual), max(after, steps.residual), STOCK_COLOUR),
        (0.0, steps.residual, RESIDUAL_COLOUR),
    )
    changes = (steps.exposure, -steps.by_substitution, -steps.by_stock, steps.residual)
    bars = [
        {
            "value": round((top - bottom) * 100, 4),
            "itemStyle": {"color": colour} | style,
            "label": {"formatter": _signed(change, is_step=0 < place < len(spans) - 1)},
        }
        for place, ((bottom, top, colour), change) in enumerate(zip(spans, changes, strict=True))
    ]
    base = [round(bottom * 100, 4) for bottom, _top, _colour in spans]
    hidden = {"color": "transparent"}
    shape = {"type": "bar", "stack": name, "barMaxWidth": 54, "silent": True}
    label = {"show": True, "position": "top", "color": INK, "fontSize": 12, "backgroundColor": PAPER}
    return [
        shape | {"data": base, "itemStyle": hidden, "name": f"{name} "},
        shape | {"data": bars, "name": name, "label": label, "itemStyle": {"color": QUIET_INK} | style},
    ]


def _signed(change: float, *, is_step: bool) -> str:
    written = formatting.percent(change)
    return f"+{written}" if is_step and change > _SAME else written


def range_chart(rows: pd.DataFrame, lines: Mapping[int, Mapping[str, float]]) -> dict[str, Any]:
    """Draw low end, point and high end of several scores, with the lines between levels.

    Parameters
    ----------
    rows
        ``label``, ``low``, ``point``, ``high`` (0 to 1; missing where not scored); the first row on top.
    lines
        Row number to its lines, by level.

    Returns
    -------
    dict
        An ECharts option.
    """
    numbers = rows[["low", "point", "high"]].to_numpy(dtype=float) * 100
    known = [row[0] == row[0] for row in numbers]
    lows = [round(row[0], 4) if is_known else None for row, is_known in zip(numbers, known, strict=True)]
    spans = [round(row[2] - row[0], 4) if ok else None for row, ok in zip(numbers, known, strict=True)]
    points = [[round(row[1], 4), at] for at, (row, ok) in enumerate(zip(numbers, known, strict=True)) if ok]
    bar = {"type": "bar", "stack": "range", "barWidth": 12, "silent": True}
    return {
        "animation": False,
        "grid": {"left": 8, "right": 26, "top": 34, "bottom": 4, "containLabel": True},
        "legend": _legend(
            [_("低端到高端"), _("点值"), *(_line_name(level) for level in _line_levels(lines))]
        ),
        "tooltip": {"show": False},
        "xAxis": _percent_axis(),
        "yAxis": _names_axis(list(rows["label"]), width=118) | {"inverse": True},
        "series": [
            bar | {"data": lows, "itemStyle": {"color": "transparent"}, "name": " "},
            bar | {"data": spans, "itemStyle": {"color": STOCK_COLOUR}, "name": _("低端到高端")},
            *_line_series(lines),
            {
                "type": "scatter",
                "name": _("点值"),
                "data": points,
                "symbol": "diamond",
                "symbolSize": 13,
                "itemStyle": {"color": INK},
                "z": 5,
                "silent": True,
            },
        ],
    }


def _line_levels(lines: Mapping[int, Mapping[str, float]]) -> list[Level]:
    return [Level.YELLOW, Level.ORANGE, Level.RED] if lines else []


def _line_name(level: Level) -> str:
    return _("{level}线").format(level=formatting.level_name(level.value))


def _line_series(lines: Mapping[int, Mapping[str, float]]) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "name": _line_name(level),
            "data": [[round(row[level.value] * 100, 4), at] for at, row in lines.items()],
            "symbol": "rect",
            "symbolSize": [3, 26],
            "itemStyle": {"color": LEVEL_COLOURS[level], "borderColor": INK, "borderWidth": 0.4},
            "silent": True,
        }
        for level in _line_levels(lines)
    ]


def share_bar(parts: Sequence[SharePart]) -> dict[str, Any]:
    """Draw who holds an item as one bar.

    Parameters
    ----------
    parts
        From left to right; shares sum to 1.

    Returns
    -------
    dict
        An ECharts option; guesses are hatched, 未列明来源 is grey.
    """
    return {
        "animation": False,
        "grid": {"left": 0, "right": 0, "top": 0, "bottom": 0},
        "tooltip": {"confine": True, "formatter": "{a}: {c}%"},
        "xAxis": {"type": "value", "show": False, "min": 0, "max": 100},
        "yAxis": {"type": "category", "show": False, "data": [""]},
        "series": [_share_series(part, place) for place, part in enumerate(parts)],
    }


def _share_series(part: SharePart, place: int) -> dict[str, Any]:
    colour = ACCENT if part.own else UNKNOWN_COLOUR if part.unnamed else _PALE[place % 2]
    style: dict[str, Any] = {"color": colour, "borderColor": PAPER, "borderWidth": 1}
    if part.unsure:
        style["decal"] = HATCH
    text = f"{part.name} {formatting.percent(part.share)}"
    return {
        "type": "bar",
        "stack": "share",
        "name": part.name,
        "data": [round(part.share * 100, 1)],
        "barWidth": 34,
        "itemStyle": style,
        "label": {
            "show": part.share >= _LABELLED_SHARE,
            "formatter": text.replace("{", "").replace("}", ""),
            "color": PAPER if part.own else INK,
            "width": int(part.share * _BAR_PIXELS) - 8,
            "overflow": "truncate",
            "fontSize": 12,
        },
    }


def history_lines(history: pd.DataFrame) -> dict[str, Any]:
    """Draw exposure and residual at the low end over the runs.

    Parameters
    ----------
    history
        ``label`` (run and time), ``exposure_low``, ``residual_low``; oldest first.

    Returns
    -------
    dict
        An ECharts option.
    """
    lines = (
        ("exposure_low", _("断供冲击(低端)"), ACCENT, "solid"),
        ("residual_low", _("净损失(低端)"), RESIDUAL_COLOUR, "dashed"),
    )
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 34, "bottom": 4, "containLabel": True},
        "legend": _legend([name for _field, name, *_style in lines]),
        "tooltip": {"trigger": "axis", "valueFormatter": "%.1f%%"},
        "xAxis": _names_axis(list(history["label"])),
        "yAxis": _percent_axis(),
        "series": [
            {
                "type": "line",
                "name": name,
                "symbolSize": 8,
                "itemStyle": {"color": colour},
                "lineStyle": {"color": colour, "type": dash, "width": 2},
                "data": [
                    None if formatting.is_missing(value) else round(value * 100, 2)
                    for value in history[field]
                ],
            }
            for field, name, colour, dash in lines
        ],
    }


def count_matrix(counts: pd.DataFrame, *, rows: Sequence[str], columns: Sequence[str]) -> dict[str, Any]:
    """Draw how many rows fall in each cell of two classes.

    Parameters
    ----------
    counts
        ``row``, ``column``, ``count``; classes without a row are left empty.
    rows, columns
        Classes in order, as shown.

    Returns
    -------
    dict
        An ECharts option.
    """
    highest = max(1, int(counts["count"].max()) if len(counts) else 1)
    data = [
        {
            "value": [columns.index(column), rows.index(row), int(number)],
            "label": {"color": PAPER if number > highest * 0.55 else INK},
        }
        for row, column, number in counts[["row", "column", "count"]].itertuples(index=False)
    ]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 4, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": _names_axis(list(columns)) | {"position": "top"},
        "yAxis": _names_axis(list(rows), width=150) | {"inverse": True},
        "visualMap": {
            "show": False,
            "min": 0,
            "max": highest,
            "dimension": 2,
            "inRange": {"color": list(_COUNT_COLOURS)},
        },
        "series": [
            {
                "type": "heatmap",
                "data": data,
                "label": {"show": True, "fontSize": 12},
                "itemStyle": {"borderColor": PAPER, "borderWidth": 2},
            }
        ],
    }


def _legend(names: list[str]) -> dict[str, Any]:
    return {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12, "data": names, "selectedMode": False}


def _names_axis(labels: list[str], *, width: int | None = None) -> dict[str, Any]:
    text: dict[str, Any] = {"interval": 0, "color": INK, "fontSize": 12}
    if width:
        text |= {"width": width, "overflow": "break", "lineHeight": 14}
    line = {"axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": GRID}}}
    return {"type": "category", "data": labels, "axisLabel": text, "splitLine": {"show": False}} | line


def _percent_axis() -> dict[str, Any]:
    return {
        "type": "value",
        "min": 0,
        "axisLabel": {"formatter": "{value}%", "color": QUIET_INK},
        "splitLine": {"lineStyle": {"color": GRID}},
    }
