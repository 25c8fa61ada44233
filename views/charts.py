"""Charts as ECharts options: frames in, dictionaries out; colours come from `views.formatting`."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any

from risk.model import Level
from views import formatting
from views.formatting import LEVEL_COLOURS
from views.heatmap import Measure
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    import pandas as pd

INK = "#1C2733"
QUIET_INK = "#5B6770"
GRID = "#D5DDE5"
ACCENT = "#1F4E79"
PAPER = "#FFFFFF"
UNKNOWN_COLOUR = "#C3CAD3"

SUBSTITUTION_COLOUR = "#A5C1D9"
STOCK_COLOUR = "#5F8DB5"
RESIDUAL_COLOUR = "#8C2D04"
"""The steps of a waterfall: two blues take off, one brown-red is left; lightness tells them apart."""

HATCH = {
    "symbol": "rect",
    "rotation": -math.pi / 4,
    "dashArrayX": [1, 0],
    "dashArrayY": [1, 6],
    "color": "rgba(28,39,51,0.42)",
}
"""Diagonal lines: 待核实 wherever it is drawn."""

_SEQUENCE = ("#EEF2F6", "#FFEDA0", "#FED976", "#FEB24C", "#FD8D3C", "#F03B20", "#B10026")
_LINES = {
    Measure.RESIDUAL: (0.0, 0.005, 0.02, 0.05, 0.10, 0.20, 1.0),
    Measure.EXPOSURE: (0.0, 0.01, 0.10, 0.25, 0.50, 0.75, 1.0),
    Measure.NO_SUBSTITUTE: (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0),
}
_SMALLEST = 1e-9
_DARK_FROM = 5
_HEADER_PIXELS = 84
_CELL_PIXELS = 56
_WIDE_CELL_PIXELS = 30
_SLIDER_PIXELS = 34
_PLOT_PIXELS = 850
COLUMNS_AT_ONCE = 13
_WIDE_COLUMNS = 5


def heatmap_chart(
    cells: pd.DataFrame,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    measure: Measure,
    show_row: Callable[[str], str],
    show_column: Callable[[str], str],
) -> dict[str, Any]:
    """Draw the heatmap of worst nodes.

    Parameters
    ----------
    cells
        From `views.heatmap.find_cells`, with ``name`` of the worst node added; data indices of clicks
        are positions in this frame.
    rows, columns
        Categories in order, the first row on top.
    measure
        What ``value`` is.
    show_row, show_column
        Write a category for the screen.

    Returns
    -------
    dict
        An ECharts option; cells without nodes stay empty, 待核实 is hatched.
    """
    row_place = {category: place for place, category in enumerate(rows)}
    column_place = {category: place for place, category in enumerate(columns)}
    at_once = min(len(columns), COLUMNS_AT_ONCE)
    cell_width = _PLOT_PIXELS // max(1, at_once)
    wide = len(columns) <= _WIDE_COLUMNS
    name_width = cell_width - (90 if wide else 6)
    data = [
        _cell(cell, (column_place[cell["column"]], row_place[cell["row"]]), measure, name_width=name_width)
        for cell in cells.to_dict("records")
    ]
    option: dict[str, Any] = {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 40, "containLabel": True},
        "tooltip": {"confine": True, "formatter": "<b>{@[3]}</b><br/>{@[4]}<br/>{@[5]}<br/>{@[6]}"},
        "xAxis": _category_axis([show_column(category) for category in columns], top=True, width=cell_width),
        "yAxis": _category_axis([show_row(category) for category in rows], width=160) | {"inverse": True},
        "visualMap": _legend(measure, has_unknown=bool(cells["value"].isna().any())),
        "series": [_heatmap_series(data, wide=wide)],
    }
    if len(columns) > at_once:
        option["grid"]["bottom"] += _SLIDER_PIXELS
        option["visualMap"]["bottom"] = 0
        option["dataZoom"] = [_column_slider(at_once)]
    return option


def heatmap_height(row_count: int, column_count: int) -> int:
    """Choose the height of a heatmap.

    Parameters
    ----------
    row_count, column_count
        Rows and columns it has.

    Returns
    -------
    int
        Pixels.
    """
    cell = _WIDE_CELL_PIXELS if column_count <= _WIDE_COLUMNS else _CELL_PIXELS
    slider = _SLIDER_PIXELS if column_count > COLUMNS_AT_ONCE else 0
    return _HEADER_PIXELS + slider + cell * max(1, row_count)


def waterfall_bars(rows: pd.DataFrame) -> dict[str, Any]:
    """Draw one bar a node: exposure, split into what substitution and stock take off and the residual.

    Parameters
    ----------
    rows
        ``label``, ``exposure``, ``by_substitution``, ``by_stock`` (negative where the loss grows with
        time) and ``residual``, fractions; the first row on top.

    Returns
    -------
    dict
        An ECharts option.
    """
    taken = rows["by_stock"].clip(lower=0.0)
    # Where an installed base wears out, the residual passes what day 0 showed;
    # the bar then ends at the residual.
    steps = (
        (_("净损失"), rows["residual"], RESIDUAL_COLOUR),
        (_("库存减少"), taken, STOCK_COLOUR),
        (_("替代减少"), rows["by_substitution"], SUBSTITUTION_COLOUR),
    )
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 30, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "%.1f%%"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "axisLabel": {"formatter": "{value}%"},
            "splitLine": {"lineStyle": {"color": GRID}},
        },
        "yAxis": _category_axis(list(rows["label"]), width=230) | {"inverse": True},
        "series": [
            {
                "type": "bar",
                "stack": "loss",
                "selectedMode": "single",
                "name": name,
                "data": [_percent_number(value) for value in values],
                "itemStyle": {"color": colour},
                "barMaxWidth": 16,
            }
            for name, values, colour in steps
        ],
    }


def _heatmap_series(data: list[dict[str, Any]], *, wide: bool) -> dict[str, Any]:
    gap = "  " if wide else "\n"
    ink = {"color": "inherit", "lineHeight": 14}
    return {
        "type": "heatmap",
        "selectedMode": "single",
        "data": data,
        "label": {
            "show": True,
            "formatter": gap.join(("{score|{@[7]}}", "{name|{@[9]}}", "{count|{@[8]}}")),
            "rich": {
                "score": ink | {"fontSize": 12, "fontWeight": "bold"},
                "name": ink | {"fontSize": 11},
                "count": ink | {"fontSize": 10},
            },
        },
        "itemStyle": {"borderColor": PAPER, "borderWidth": 2},
        "emphasis": {"itemStyle": {"borderColor": ACCENT, "borderWidth": 2}},
        "select": {"itemStyle": {"borderColor": ACCENT, "borderWidth": 3}},
    }


def _column_slider(at_once: int) -> dict[str, Any]:
    return {
        "type": "slider",
        "xAxisIndex": 0,
        "startValue": 0,
        "endValue": at_once - 1,
        "minValueSpan": at_once - 1,
        "maxValueSpan": at_once - 1,
        "zoomLock": True,
        "brushSelect": False,
        "showDetail": False,
        "showDataShadow": False,
        "height": 12,
        "bottom": 30,
        "handleSize": 0,
        "fillerColor": "#A5C1D9",
        "borderColor": GRID,
        "moveHandleSize": 0,
    }


def _cell(
    cell: dict[Hashable, Any], place: tuple[int, int], measure: Measure, *, name_width: int
) -> dict[str, Any]:
    known = not formatting.is_missing(cell["value"])
    grade = _grade(cell["value"], measure) if known else -1
    is_dark = grade >= _DARK_FROM
    shown = show_measure(cell["value"], measure)
    label: dict[str, Any] = {"color": PAPER if is_dark else INK}
    style: dict[str, Any] = {}
    hint = ""
    if cell["to_verify"]:
        hint = _("待核实：点值会达到更高等级")
        style["decal"] = HATCH
        # A rim around the letters keeps them readable on the hatching.
        label |= {"textBorderColor": "#7A0019" if is_dark else PAPER, "textBorderWidth": 2}
    texts = [
        cell["name"],
        f"{measure_name(measure)} {shown}",
        _("{n} 个节点").format(n=cell["count"]),
        hint,
        shown,
        f"({cell['count']})",
        _fit_name(str(cell["name"]), name_width),
    ]
    # ECharts selects by name: without one of its own, a click would select the whole column.
    name = f"{cell['row']} × {cell['column']}"
    return {"name": name, "value": [*place, grade, *texts], "itemStyle": style, "label": label}


def _fit_name(name: str, pixels: int) -> str:
    # "Taiwan, China" may be broken, but never cut to its first half.
    fitted = shorten(name, pixels)
    return name.replace(", ", ",\n") if fitted != name and name.endswith(", China") else fitted


def shorten(text: str, pixels: int) -> str:
    """Cut a name to the width of its place, at a font size of 11.

    Parameters
    ----------
    text
        A name.
    pixels
        Room for it.

    Returns
    -------
    str
        The name, or its beginning and an ellipsis.

    Examples
    --------
    >>> shorten("东京电子", 60), shorten("Tokyo Electron", 50)
    ('东京电子', 'Tokyo E…')
    """
    room = float(pixels)
    for at, sign in enumerate(text):
        room -= 11.0 if unicodedata.east_asian_width(sign) in "WF" else 6.2
        if room < 0:
            return text[: max(1, at - 1)].rstrip() + "…"
    return text


def _grade(value: float, measure: Measure) -> int:
    """Place a value among the colours: 0 for the palest; levels keep their own four."""
    if measure is Measure.LEVEL:
        return (0, 2, 4, 6)[int(value)]
    return sum(value >= max(line, _SMALLEST) for line in _LINES[measure][:-1])


def _legend(measure: Measure, *, has_unknown: bool) -> dict[str, Any]:
    if measure is Measure.LEVEL:
        pieces = [
            {"value": grade, "label": formatting.level_name(level.value), "color": LEVEL_COLOURS[level]}
            for grade, level in ((6, Level.RED), (4, Level.ORANGE), (2, Level.YELLOW), (0, Level.NONE))
        ]
    else:
        lines = _LINES[measure]
        pieces = [
            {"value": grade, "label": _piece_label(lines, grade), "color": _SEQUENCE[grade]}
            for grade in range(len(_SEQUENCE) - 1, -1, -1)
        ]
    if has_unknown:
        pieces.append({"value": -1, "label": formatting.unknown(), "color": UNKNOWN_COLOUR})
    return {
        "type": "piecewise",
        "dimension": 2,
        "orient": "horizontal",
        "left": "center",
        "bottom": 0,
        "itemWidth": 16,
        "itemHeight": 12,
        "textGap": 5,
        "itemGap": 12,
        "selectedMode": False,
        "pieces": pieces,
    }


def _piece_label(lines: tuple[float, ...], grade: int) -> str:
    if grade == 0:
        return "0"
    if grade == len(_SEQUENCE) - 1:
        return f"≥{lines[-2] * 100:g}%"
    return f"{lines[grade - 1] * 100:g}–{lines[grade] * 100:g}%"


def measure_name(measure: Measure) -> str:
    """Name a measure of the heatmap.

    Parameters
    ----------
    measure
        Which.

    Returns
    -------
    str
        In the session's language.
    """
    return {
        Measure.RESIDUAL: _("净损失"),
        Measure.EXPOSURE: _("断供冲击"),
        Measure.NO_SUBSTITUTE: _("不可替代(1 − 可替代分)"),
        Measure.LEVEL: _("等级"),
    }[measure]


def show_measure(value: float, measure: Measure) -> str:
    """Write a measure for the screen.

    Parameters
    ----------
    value
        As `views.heatmap.measure_nodes` gives it.
    measure
        Which.

    Returns
    -------
    str
        A percentage, a level in words, or 未知.
    """
    if formatting.is_missing(value):
        return formatting.unknown()
    if measure is Measure.LEVEL:
        return formatting.level_name(tuple(Level)[int(value)].value)
    return formatting.percent(value)


def _category_axis(labels: list[str], *, top: bool = False, width: int | None = None) -> dict[str, Any]:
    text: dict[str, Any] = {"interval": 0, "hideOverlap": False, "color": INK, "fontSize": 11 if top else 12}
    if width:
        text |= {"width": width, "overflow": "break" if top else "truncate", "lineHeight": 14}
    return {
        "type": "category",
        "data": labels,
        "position": "top" if top else "left",
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "splitLine": {"show": False},
        "axisLabel": text,
    }


def _percent_number(fraction: float) -> float | None:
    return None if formatting.is_missing(fraction) else round(fraction * 100, 2)
