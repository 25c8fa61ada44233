"""Figures of the page of firm networks: rank curve, sectors and cities, size, the table of firms."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from desk.firm_pages import PLATEAU_SHARE
from views import charts_firms, formatting, queries, registry, session
from views.categories import place_name
from views.components.chart import draw_chart
from views.components.columns import Column
from views.components.download import draw_downloads
from views.components.table import MOST_ROWS_SHOWN, ROW_PIXELS, style_cells
from views.firm_frames import UNKNOWN_PLACE, find_firms, sum_by, thin_ranks
from views.i18n import _

__all__ = ["PLATEAU_SHARE", "draw_curve", "draw_firm_table", "draw_places", "draw_sizes", "firm_columns"]

_PLACES_SHOWN = 14
_ROWS_SHOWN = 500
_CHART_PIXELS = 330


def draw_curve(firms: pd.DataFrame, *, systemic_from: float) -> None:
    """Draw the rank curve.

    Parameters
    ----------
    firms
        From `views.firm_frames.make_firms`.
    systemic_from
        Where the line of the alert rule stands, 0 to 1.
    """
    shown = thin_ranks(firms)
    draw_chart(
        charts_firms.rank_curve(shown, systemic_from=systemic_from),
        table=name_cities(shown).drop(columns=["key"]),
        columns=firm_columns(),
        name="firm-ranks",
        key="firm_curve",
        height=_CHART_PIXELS,
        alt=_("企业按指数从大到小的排名曲线"),
    )
    without = int((firms["esri"] <= 0).sum())
    if without:
        st.caption(_("另有 {n} 家企业没有任何往来，指数为 0，不在图上。").format(n=formatting.count(without)))


def draw_places(firms: pd.DataFrame) -> None:
    """Draw the firms by sector and by city.

    Parameters
    ----------
    firms
        From `views.firm_frames.make_firms`.
    """
    left, right = st.columns(2, gap="large")
    for place, column, title in ((left, "sector", _("按行业")), (right, "city", _("按城市"))):
        with place:
            st.markdown(f"**{title}**")
            _draw_sums(firms, column, title)


def _draw_sums(firms: pd.DataFrame, column: str, title: str) -> None:
    sums = sum_by(firms, column)
    sums["name"] = [_place(cell) if column == "city" else cell for cell in sums["place"]]
    shown = sums.head(_PLACES_SHOWN)
    draw_chart(
        charts_firms.place_bars(shown),
        table=sums,
        columns=[
            Column("name", title),
            Column("firms", _("企业"), "count"),
            Column("share", _("占全网销售"), "percent"),
            Column("systemic", _("系统性企业"), "count"),
            Column("largest", _("最大的指数"), "percent"),
            Column("label", _("是哪家")),
        ],
        name=f"firms-by-{column}",
        key=f"firm_{column}",
        height=60 + 24 * len(shown),
        alt=_("各行业或城市中最大的指数"),
    )
    if len(sums) > len(shown):
        st.caption(_("图上是前 {n} 个，其余在表里。").format(n=len(shown)))


def _place(cell: str) -> str:
    return formatting.unknown() if cell == UNKNOWN_PLACE else place_name(cell)


def draw_sizes(firms: pd.DataFrame, *, systemic_from: float) -> None:
    """Draw the index against the size.

    Parameters
    ----------
    firms
        From `views.firm_frames.make_firms`.
    systemic_from
        Where the line of the alert rule stands, 0 to 1.
    """
    sellers = firms[firms["share"] > 0]
    shown = thin_ranks(sellers, points=2000)
    draw_chart(
        charts_firms.size_scatter(shown, systemic_from=systemic_from),
        table=name_cities(shown).drop(columns=["key"]),
        columns=firm_columns(),
        name="firm-sizes",
        key="firm_sizes",
        height=_CHART_PIXELS,
        alt=_("企业占全网销售的份额与指数"),
    )
    said = _("虚线上的企业停下只停自己；离虚线越高，它停下牵连的别家越多。小企业也可能很高。")
    buyers = len(firms) - len(sellers)
    if buyers:
        said += _("另有 {n} 家只买不卖，没有销售份额，不在图上。").format(n=formatting.count(buyers))
    st.caption(said)


def draw_firm_table(firms: pd.DataFrame) -> None:
    """Draw the table of firms with its search; a click opens what stops with a firm.

    Parameters
    ----------
    firms
        From `views.firm_frames.make_firms`.
    """
    words = st.text_input(
        _("找企业"), key="firm_words", placeholder=_("名称、编号、行业或城市"), icon=":material/search:"
    )
    found = find_firms(firms, words)
    if found.empty:
        st.info(_("没有符合“{words}”的企业。").format(words=words.strip()))
        return
    shown = name_cities(found).head(_ROWS_SHOWN).reset_index(drop=True)
    columns = [
        *firm_columns(),
        Column("in_chain", _("所在产业链"), missing=formatting.NOT_APPLICABLE, width=96),
    ]
    shown["in_chain"] = _name_chains(shown)
    _draw_clickable(shown, columns, key="firm_table")
    draw_downloads(
        name_cities(found).assign(in_chain=_name_chains(found)), columns, name="firms", key="firm_table"
    )
    said = _("共 {n} 家。").format(n=formatting.count(len(found)))
    if len(found) > len(shown):
        said = _("共 {n} 家，屏幕上是前 {shown} 家，下载含全部。").format(
            n=formatting.count(len(found)), shown=formatting.count(len(shown))
        )
    st.caption(said + _("点一行，看它停下会怎样。"))


def _name_chains(firms: pd.DataFrame) -> pd.Series:
    names = {state.chain_id: state.name for state in queries.load_home().chains}
    cells = [None if formatting.is_missing(one) else names.get(str(one), one) for one in firms["chain_id"]]
    return pd.Series(cells, index=firms.index, dtype=object)


def _draw_clickable(frame: pd.DataFrame, columns: list[Column], *, key: str) -> None:
    st.dataframe(
        style_cells(frame, columns),
        key=key,
        hide_index=True,
        height="content" if len(frame) <= MOST_ROWS_SHOWN else ROW_PIXELS * MOST_ROWS_SHOWN,
        column_config={
            column.field: (
                st.column_config.TextColumn if column.kind == "text" else st.column_config.NumberColumn
            )(column.label, width=column.width, help=column.help_text)
            for column in columns
        },
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        placeholder="",
    )
    selection = st.session_state[key]["selection"]
    lines = [*selection.get("rows", []), *(cell[0] for cell in selection.get("cells", []))]
    if lines and isinstance(lines[0], int) and lines[0] < len(frame):
        session.open_page("firms", firmview="stop", firm=str(frame.iloc[lines[0]]["firm_id"]))


def name_cities(firms: pd.DataFrame) -> pd.DataFrame:
    """Write the cities in the session's language.

    Parameters
    ----------
    firms
        With ``city``.

    Returns
    -------
    pandas.DataFrame
        With ``city_name``, None where the list says nothing.
    """
    named = {city: place_name(city) for city in firms["city"].dropna().unique()}
    names = [named.get(city) for city in firms["city"]]
    return firms.assign(city_name=pd.Series(names, index=firms.index, dtype=object))


def firm_columns() -> list[Column]:
    """List the columns of a table of firms."""
    return [
        Column("rank", _("排名"), "count", width=52),
        Column("label", _("企业"), width=192),
        Column("sector", _("行业"), width=92),
        Column("city_name", _("城市"), width=68),
        Column("share", _("占全网销售"), "percent", width=88),
        Column("esri", _("指数"), "percent", width=66),
        Column("esri_down", _("缺投入"), "percent", width=68, help_text=_("只算因缺少投入而停掉的份额。")),
        Column("esri_up", _("失客户"), "percent", width=68, help_text=_("只算因失去客户而停掉的份额。")),
        Column("sweeps", _("轮数"), "count", width=52, help_text=_("这次停摆经过几轮传导后停止。")),
    ]


def node_link(chain_id: str, key: str) -> None:
    """Draw a link to the node page of a firm that is also a supplier of a chain.

    Parameters
    ----------
    chain_id, key
        Chain and supplier.
    """
    st.page_link(
        registry.page_file("node"),
        label=_("它也在产业链里：打开节点页"),
        icon=":material/hub:",
        query_params={"chain": chain_id, "scope": "supplier", "key": key},
    )
