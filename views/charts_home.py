"""Chart of who covers which part of the use of an item: in the world, at home, abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from views import formatting
from views.charts import ACCENT, GRID, RESIDUAL_COLOUR, STOCK_COLOUR, SUBSTITUTION_COLOUR
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.worked_example import MixRow

_COLOURS = {"CHN": RESIDUAL_COLOUR, "NLD": ACCENT, "JPN": STOCK_COLOUR, "USA": SUBSTITUTION_COLOUR}
_LIGHT = {"USA"}


def mix_bars(rows: Sequence[MixRow]) -> dict[str, Any]:
    """Draw three bars of one item: the world's use, home's and that of others.

    Parameters
    ----------
    rows
        Of one item.

    Returns
    -------
    dict
        An ECharts option.
    """
    return {
        "animation": False,
        "grid": {"left": 8, "right": 24, "top": 30, "bottom": 4, "containLabel": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12, "selectedMode": False},
        "tooltip": {"show": False},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": 100,
            "axisLabel": {"formatter": "{value}%"},
            "splitLine": {"lineStyle": {"color": GRID}},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [_("全球"), _("境内用量"), _("境外用量")],
            "axisTick": {"show": False},
        },
        "series": [_series(row) for row in rows],
    }


def _series(row: MixRow) -> dict[str, Any]:
    values = [round(part * 100, 1) for part in (row.world, row.home, row.abroad)]
    ink = "#1C2733" if row.country in _LIGHT else "#FFFFFF"
    return {
        "type": "bar",
        "stack": "mix",
        "barMaxWidth": 26,
        "name": formatting.country_name(row.country),
        "itemStyle": {"color": _COLOURS[row.country]},
        "data": [{"value": value, "label": {"show": value > 0}} for value in values],
        "label": {"color": ink, "formatter": "{c}%"},
    }
