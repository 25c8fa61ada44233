"""Charts of a firm network as ECharts options: rank curve, places, size against index, one failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from views import formatting
from views.charts import ACCENT, GRID, INK, QUIET_INK, RESIDUAL_COLOUR, shorten
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_TOOLTIP = "<b>{@[2]}</b><br/>{@[3]}<br/>{@[4]}"
_LEAST = 1e-4
"""Percent; smaller ones stand at the edge of a logarithmic axis."""
_NAME_PIXELS = 190


def rank_curve(firms: pd.DataFrame, *, systemic_from: float) -> dict[str, Any]:
    """Draw the index against the rank, both logarithmic, so that a plateau at the top shows.

    Parameters
    ----------
    firms
        ``rank``, ``esri``, ``label``, ``sector``, ``is_systemic``; indices above 0.
    systemic_from
        Where the line of the alert rule stands, 0 to 1.

    Returns
    -------
    dict
        An ECharts option.
    """
    points = [
        (
            bool(row["is_systemic"]),
            _point(float(row["rank"]), row["esri"], row, _("第 {rank} 位").format(rank=row["rank"])),
        )
        for row in firms.to_dict("records")
    ]
    option = _plane(_("排名(对数)"), x_unit="")
    option["series"] = [
        _dots(_("系统性企业"), (point for is_on, point in points if is_on), RESIDUAL_COLOUR)
        | {"markLine": _line(systemic_from)},
        _dots(_("其他企业"), (point for is_on, point in points if not is_on), ACCENT),
    ]
    return option


def size_scatter(firms: pd.DataFrame, *, systemic_from: float) -> dict[str, Any]:
    """Draw the index against the size; on the diagonal a firm takes nothing with it but itself.

    Parameters
    ----------
    firms
        ``share``, ``esri``, ``label``, ``sector``, ``is_systemic``.
    systemic_from
        Where the line of the alert rule stands, 0 to 1.

    Returns
    -------
    dict
        An ECharts option; data indices of the first series are those of systemic firms in their order.
    """
    points = [
        (
            bool(row["is_systemic"]),
            _point(
                max(row["share"] * 100, _LEAST),
                row["esri"],
                row,
                _("占全网销售 {share}").format(share=formatting.percent(row["share"])),
            ),
        )
        for row in firms.to_dict("records")
    ]
    option = _plane(_("占全网销售的份额(对数)"), x_unit="%")
    largest = max((point["value"][0] for _is_on, point in points), default=1.0)
    # Both ends inside the axes: a line with one outside is not drawn.
    least = min((point["value"][1] for _is_on, point in points), default=_LEAST)
    diagonal = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": QUIET_INK, "type": "dashed"},
        "label": {"show": True, "formatter": _("只停自己"), "color": QUIET_INK, "position": "middle"},
        "data": [[{"coord": [least, least]}, {"coord": [largest, largest]}]] if least < largest else [],
    }
    option["series"] = [
        _dots(_("系统性企业"), (point for is_on, point in points if is_on), RESIDUAL_COLOUR)
        | {"markLine": _line(systemic_from)},
        _dots(_("其他企业"), (point for is_on, point in points if not is_on), ACCENT)
        | {"markLine": diagonal},
    ]
    return option


def place_bars(places: pd.DataFrame) -> dict[str, Any]:
    """Draw the largest index of each sector or city, with how many of its firms are systemic.

    Parameters
    ----------
    places
        ``name``, ``largest``, ``systemic``; the first on top.

    Returns
    -------
    dict
        An ECharts option.
    """
    data = [
        {
            "value": round(row["largest"] * 100, 2),
            "itemStyle": {"color": RESIDUAL_COLOUR if row["systemic"] else ACCENT},
            "label": {
                "formatter": _("{index}，系统性 {n} 家").format(
                    index=formatting.percent(row["largest"]), n=row["systemic"]
                )
                if row["systemic"]
                else formatting.percent(row["largest"])
            },
        }
        for row in places.to_dict("records")
    ]
    return _bars(list(places["name"]), data, name=_("其中最大的指数"), right=110)


def affected_bars(affected: pd.DataFrame) -> dict[str, Any]:
    """Draw what each firm or sector loses in one failure, as a part of the network's sales.

    Parameters
    ----------
    affected
        ``name``, ``part`` and ``is_self``; the first on top.

    Returns
    -------
    dict
        An ECharts option; the firm that stops has its own colour.
    """
    data = [
        {
            "value": round(row["part"] * 100, 3),
            "itemStyle": {"color": QUIET_INK if row["is_self"] else RESIDUAL_COLOUR},
            "label": {"formatter": formatting.percent(row["part"])},
        }
        for row in affected.to_dict("records")
    ]
    return _bars(list(affected["name"]), data, name=_("占全网销售"), right=60)


def _bars(names: list[str], data: list[dict[str, Any]], *, name: str, right: int) -> dict[str, Any]:
    return {
        "animation": False,
        "grid": {"left": 8, "right": right, "top": 8, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}, "valueFormatter": "%.2f%%"},
        "xAxis": {
            "type": "value",
            "min": 0,
            "axisLabel": {"formatter": "{value}%"},
            "splitLine": {"lineStyle": {"color": GRID}},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [shorten(one, _NAME_PIXELS) for one in names],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"color": INK, "interval": 0},
        },
        "series": [
            {
                "type": "bar",
                "name": name,
                "data": data,
                "barMaxWidth": 16,
                "label": {"show": True, "position": "right", "color": INK, "fontSize": 11},
            }
        ],
    }


def _plane(x_name: str, *, x_unit: str) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "type": "log",
        "nameLocation": "middle",
        "nameTextStyle": {"color": QUIET_INK},
        "splitLine": {"lineStyle": {"color": GRID}},
        "axisLine": {"lineStyle": {"color": GRID}},
    }
    return {
        "animation": False,
        "grid": {"left": 64, "right": 24, "top": 30, "bottom": 44},
        "legend": {"top": 0, "left": "center", "itemWidth": 10, "itemHeight": 10},
        "tooltip": {"confine": True, "formatter": _TOOLTIP},
        "xAxis": axis
        | {"name": x_name, "nameGap": 28, "axisLabel": {"color": INK, "formatter": "{value}" + x_unit}},
        "yAxis": axis
        | {"name": _("指数(对数)"), "nameGap": 46, "axisLabel": {"color": INK, "formatter": "{value}%"}},
    }


def _point(x: float, esri: float, row: dict[Any, Any], where: str) -> dict[str, Any]:
    index = _("指数 {index}").format(index=formatting.percent(esri))
    texts = [row["label"], f"{row['sector']} · {where}", index]
    return {"name": row["label"], "value": [x, max(round(esri * 100, 4), _LEAST), *texts]}


def _dots(name: str, points: Iterable[dict[str, Any]], colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": name,
        "data": list(points),
        "symbolSize": 7,
        "itemStyle": {"color": colour, "opacity": 0.8},
    }


def _line(systemic_from: float) -> dict[str, Any]:
    text = _("系统性线 {index}").format(index=formatting.percent(systemic_from))
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": RESIDUAL_COLOUR, "type": "dashed"},
        "label": {"formatter": text, "color": RESIDUAL_COLOUR, "position": "insideEndTop"},
        "data": [{"yAxis": systemic_from * 100}],
    }
