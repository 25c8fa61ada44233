"""Chart of the exact range of scores with the band of drawn shares inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from views.charts import INK, QUIET_INK, STOCK_COLOUR
from views.i18n import _

if TYPE_CHECKING:
    import pandas as pd

_RANGE_COLOUR = "#CBD9E6"


def band_chart(rows: pd.DataFrame) -> dict[str, Any]:
    """Draw low to high end as a pale bar, the band in it, the median and the point.

    Parameters
    ----------
    rows
        ``label``, ``low``, ``q05``, ``q50``, ``q95``, ``high``, ``point`` (0 to 1); the first row on top.

    Returns
    -------
    dict
        An ECharts option.
    """
    cells = {name: [round(float(value) * 100, 4) for value in rows[name]] for name in _NUMBERS}
    range_bar = {"type": "bar", "barWidth": 16, "silent": True, "barGap": "-100%"}
    band_bar = {"type": "bar", "barWidth": 16, "silent": True, "barGap": "-100%", "z": 4}
    widths = [round(high - low, 4) for low, high in zip(cells["low"], cells["high"], strict=True)]
    band = [round(high - low, 4) for low, high in zip(cells["q05"], cells["q95"], strict=True)]
    clear = {"itemStyle": {"color": "transparent"}, "name": " "}
    names = [_("低端到高端(精确)"), _("5% 到 95%(抽样)"), _("中位"), _("点值")]
    return {
        "animation": False,
        "grid": {"left": 8, "right": 26, "top": 34, "bottom": 4, "containLabel": True},
        "legend": {
            "top": 0,
            "left": 0,
            "itemWidth": 12,
            "itemHeight": 12,
            "data": names,
            "selectedMode": False,
        },
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "{value}%", "color": QUIET_INK}},
        "yAxis": {
            "type": "category",
            "data": list(rows["label"]),
            "inverse": True,
            "axisTick": {"show": False},
            "axisLabel": {"width": 118, "overflow": "break", "color": INK, "fontSize": 12},
        },
        "series": [
            range_bar | clear | {"stack": "range", "data": cells["low"]},
            range_bar
            | {"stack": "range", "data": widths, "name": names[0], "itemStyle": {"color": _RANGE_COLOUR}},
            band_bar | clear | {"stack": "band", "data": cells["q05"]},
            band_bar
            | {"stack": "band", "data": band, "name": names[1], "itemStyle": {"color": STOCK_COLOUR}},
            _marks(names[2], cells["q50"], symbol="rect", size=[3, 20]),
            _marks(names[3], cells["point"], symbol="diamond", size=12),
        ],
    }


_NUMBERS = ("low", "q05", "q50", "q95", "high", "point")


def _marks(name: str, values: list[float], *, symbol: str, size: object) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": name,
        "data": [[value, at] for at, value in enumerate(values)],
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": {"color": INK},
        "z": 6,
        "silent": True,
    }
