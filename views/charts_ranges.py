"""Chart of scores that the data leave open: low to high end as a bar, the point value as a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from views.charts import GRID, HATCH, INK, RESIDUAL_COLOUR
from views.i18n import _

if TYPE_CHECKING:
    import pandas as pd

_OPEN_COLOUR = "#E3C7B5"
_BAR_PIXELS = 16
_PERCENT_AXIS: dict[str, Any] = {
    "type": "value",
    "min": 0,
    "max": 100,
    "axisLabel": {"formatter": "{value}%"},
    "splitLine": {"lineStyle": {"color": GRID}},
}
_CATEGORIES: dict[str, Any] = {
    "type": "category",
    "inverse": True,
    "axisTick": {"show": False},
    "axisLabel": {"width": 250, "overflow": "truncate", "color": INK, "fontSize": 12},
}


def range_bars(rows: pd.DataFrame) -> dict[str, Any]:
    """Draw what is certain as a full bar, what is open behind it hatched, and the point value.

    Parameters
    ----------
    rows
        ``label``, ``low``, ``point``, ``high`` (0 to 1); the first row on top.

    Returns
    -------
    dict
        An ECharts option.
    """
    low, point, high = (
        [round(float(value) * 100, 4) for value in rows[name]] for name in ("low", "point", "high")
    )
    names = [_("低端值(至少)"), _("低端到高端(待核实)"), _("点值")]
    bar = {"type": "bar", "stack": "range", "barMaxWidth": _BAR_PIXELS, "selectedMode": "single"}
    open_part = [round(end - begin, 4) for begin, end in zip(low, high, strict=True)]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 28, "top": 32, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12, "data": names},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "%.1f%%"},
        "xAxis": _PERCENT_AXIS,
        "yAxis": _CATEGORIES | {"data": list(rows["label"])},
        "series": [
            bar | {"name": names[0], "data": low, "itemStyle": {"color": RESIDUAL_COLOUR}},
            bar
            | {
                "name": names[1],
                "data": open_part,
                "itemStyle": {"color": _OPEN_COLOUR, "decal": HATCH},
            },
            {
                "type": "scatter",
                "name": names[2],
                "data": [[value, at] for at, value in enumerate(point)],
                "symbol": "diamond",
                "symbolSize": 12,
                "itemStyle": {"color": INK},
                "z": 6,
            },
        ],
    }
