"""Charts of scenarios: losses of days, and the steps from the bare loss to what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from views import formatting
from views.charts import (
    ACCENT,
    GRID,
    INK,
    PAPER,
    QUIET_INK,
    RESIDUAL_COLOUR,
    STOCK_COLOUR,
    SUBSTITUTION_COLOUR,
)
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from risk.scenarios import Simulation

    Line = tuple[str, Sequence[float], str, str]
    """Name, losses, colour, dash."""

_FILL = 0.12
_BAR = {"type": "bar", "stack": "loss", "barMaxWidth": 46, "silent": True}
_STEP_NAMES = {
    "interval": 0,
    "color": INK,
    "fontSize": 11,
    "width": 68,
    "overflow": "break",
    "lineHeight": 13,
}
_BAR_LABEL = {"show": True, "position": "top", "color": INK, "backgroundColor": PAPER}


def loss_lines(found: Simulation) -> dict[str, Any]:
    """Draw the loss of every day: with stock and substitution, with substitution, with neither.

    Parameters
    ----------
    found
        A simulation.

    Returns
    -------
    dict
        An ECharts option; days from 0.
    """
    lines = (
        (_("都没有"), found.bare_path, ACCENT, "dotted"),
        (_("只有替代"), found.substituted_path, STOCK_COLOUR, "dashed"),
        (_("有替代和库存"), found.loss_path, RESIDUAL_COLOUR, "solid"),
    )
    return _lines(lines, filled=2)


def compared_lines(named: Sequence[tuple[str, Simulation]]) -> dict[str, Any]:
    """Draw the daily losses of scenarios side by side.

    Parameters
    ----------
    named
        Names and simulations, at most two.

    Returns
    -------
    dict
        An ECharts option.
    """
    styles = ((RESIDUAL_COLOUR, "solid"), (ACCENT, "dashed"))
    drawn = [
        (name, found.loss_path, colour, dash)
        for (name, found), (colour, dash) in zip(named, styles, strict=False)
    ]
    return _lines(drawn, filled=None)


def _lines(drawn: Sequence[Line], *, filled: int | None) -> dict[str, Any]:
    days = max(len(path) for _name, path, _colour, _dash in drawn)
    names = [name for name, _path, _colour, _dash in drawn]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 16, "top": 34, "bottom": 22, "containLabel": True},
        "legend": {
            "top": 0,
            "left": 0,
            "itemWidth": 22,
            "itemHeight": 12,
            "data": names,
            "selectedMode": False,
        },
        "tooltip": {"trigger": "axis", "valueFormatter": "%.1f%%"},
        "xAxis": {
            "type": "category",
            "data": list(range(days)),
            "name": _("天"),
            "nameLocation": "middle",
            "nameGap": 24,
            "boundaryGap": False,
            "axisLabel": {"color": QUIET_INK},
            "axisLine": {"lineStyle": {"color": GRID}},
        },
        "yAxis": _percent_axis(),
        "series": [_line(line, is_filled=place == filled) for place, line in enumerate(drawn)],
    }


def _line(line: Line, *, is_filled: bool) -> dict[str, Any]:
    name, path, colour, dash = line
    series: dict[str, Any] = {
        "type": "line",
        "name": name,
        "showSymbol": False,
        "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "type": dash, "width": 2},
        "data": [round(max(0.0, loss) * 100, 3) for loss in path],
    }
    return series | ({"areaStyle": {"color": colour, "opacity": _FILL}} if is_filled else {})


def _percent_axis() -> dict[str, Any]:
    return {
        "type": "value",
        "min": 0,
        "axisLabel": {"formatter": "{value}%", "color": QUIET_INK},
        "splitLine": {"lineStyle": {"color": GRID}},
    }


def loss_steps(found: Simulation) -> dict[str, Any]:
    """Draw the steps from the mean bare loss to the mean loss that is left.

    Parameters
    ----------
    found
        A simulation.

    Returns
    -------
    dict
        An ECharts option.
    """
    spans = (
        (0.0, found.bare_loss, ACCENT),
        (found.substituted_loss, found.bare_loss, SUBSTITUTION_COLOUR),
        (found.mean_loss, found.substituted_loss, STOCK_COLOUR),
        (0.0, found.mean_loss, RESIDUAL_COLOUR),
    )
    changes = (
        found.bare_loss,
        found.substituted_loss - found.bare_loss,
        found.mean_loss - found.substituted_loss,
        found.mean_loss,
    )
    bars = [
        {
            "value": round(max(0.0, top - bottom) * 100, 4),
            "itemStyle": {"color": colour},
            "label": {"formatter": formatting.percent(change)},
        }
        for (bottom, top, colour), change in zip(spans, changes, strict=True)
    ]
    base = [round(bottom * 100, 4) for bottom, _top, _colour in spans]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 8, "top": 24, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {
            "type": "category",
            "data": [_("平均冲击"), _("替代减少"), _("库存减少"), _("净损失")],
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": GRID}},
            "axisLabel": _STEP_NAMES,
        },
        "yAxis": _percent_axis(),
        "series": [
            _BAR | {"data": base, "itemStyle": {"color": "transparent"}},
            _BAR | {"data": bars, "label": _BAR_LABEL},
        ],
    }
