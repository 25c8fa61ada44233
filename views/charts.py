"""Charts as ECharts options: frames in, dictionaries out; colours come from `views.formatting`."""

from __future__ import annotations

import math
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
UNKNOWN_COLOUR = "#F3F6F9"

SUBSTITUTION_COLOUR = "#A5C1D9"
STOCK_COLOUR = "#5F8DB5"
RESIDUAL_COLOUR = "#8C2D04"
"""The steps of a waterfall: two blues take off, one brown-red is left; lightness tells them apart."""

HATCH = {
    "symbol": "rect",
    "rotation": -math.pi / 4,
    "dashArrayX": [1, 0],
    "dashArrayY": [1, 5],
    "color": "rgba(28,39,51,0.55)",
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
_CELL_PIXELS = 34
_HEADER_PIXELS = 104
_FEWEST_ROWS = 3
_WIDEST_NAME = 9


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
    data = [
        _cell(cell, column_place[cell["column"]], row_place[cell["row"]], measure)
        for cell in cells.to_dict("records")
    ]
    wide = len(columns) <= _WIDEST_NAME
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 44, "containLabel": True},
        "tooltip": {
            "confine": True,
            "formatter": "<b>{@[3]}</b><br/>{@[4]}<br/>{@[5]}<br/>{@[6]}",
        },
        "xAxis": _category_axis([show_column(category) for category in columns], top=True),
        "yAxis": _category_axis([show_row(category) for category in rows]) | {"inverse": True},
        "visualMap": _legend(measure),
        "series": [
            {
                "type": "heatmap",
                "selectedMode": "single",
                "data": data,
                "label": {
                    "show": True,
                    "formatter": "{@[7]}\n{@[3]}" if wide else "{@[7]}",
                    "width": max(30, 900 // max(1, len(columns)) - 10),
                    "overflow": "truncate",
                    "lineHeight": 14,
                    "fontSize": 11,
                },
                "itemStyle": {"borderColor": PAPER, "borderWidth": 2},
                "emphasis": {"itemStyle": {"borderColor": ACCENT, "borderWidth": 2}},
                "select": {"itemStyle": {"borderColor": ACCENT, "borderWidth": 3}},
            }
        ],
    }


def heatmap_height(row_count: int) -> int:
    """Choose the height of a heatmap.

    Parameters
    ----------
    row_count
        Rows it has.

    Returns
    -------
    int
        Pixels.
    """
    return _HEADER_PIXELS + _CELL_PIXELS * max(_FEWEST_ROWS, row_count)


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
        "yAxis": _category_axis(list(rows["label"]), width=190) | {"inverse": True},
        "series": [
            {
                "type": "bar",
                "stack": "loss",
                "name": name,
                "data": [_percent_number(value) for value in values],
                "itemStyle": {"color": colour},
                "barMaxWidth": 16,
            }
            for name, values, colour in steps
        ],
    }


def _cell(cell: dict[Hashable, Any], column: int, row: int, measure: Measure) -> dict[str, Any]:
    known = not formatting.is_missing(cell["value"])
    grade = _grade(cell["value"], measure) if known else -1
    style: dict[str, Any] = {} if known else {"color": UNKNOWN_COLOUR}
    if cell["to_verify"]:
        style["decal"] = HATCH
    ink = PAPER if grade >= _DARK_FROM else INK
    shown = show_measure(cell["value"], measure)
    hint = _("待核实：点值会达到更高等级") if cell["to_verify"] else ""
    texts = [
        cell["name"],
        f"{measure_name(measure)} {shown}",
        _("共 {n} 个节点").format(n=cell["count"]),
        hint,
        shown,
    ]
    return {"value": [column, row, grade, *texts], "itemStyle": style, "label": {"color": ink}}


def _grade(value: float, measure: Measure) -> int:
    """Place a value among the colours: 0 for the palest; levels keep their own four."""
    if measure is Measure.LEVEL:
        return (0, 2, 4, 6)[int(value)]
    return sum(value >= max(line, _SMALLEST) for line in _LINES[measure][:-1])


def _legend(measure: Measure) -> dict[str, Any]:
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
    unknown = {"value": -1, "label": formatting.unknown(), "color": UNKNOWN_COLOUR}
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
        "pieces": [*pieces, unknown],
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
    text: dict[str, Any] = {"interval": 0, "color": INK, "fontSize": 12}
    if top:
        text |= {"hideOverlap": False, "overflow": "break", "width": max(44, 900 // max(1, len(labels)) - 6)}
    elif width:
        text |= {"overflow": "truncate", "width": width}
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
