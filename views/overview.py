"""总览: how the chains stand, the risk heatmap, and the ten worst nodes abroad and at home."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.model import Scope
from risk.model import NODE_SCOPES, Level
from views import (
    charts,
    depth_list,
    depth_queries,
    formatting,
    node_columns,
    queries,
    registry,
    session,
    source_lists,
)
from views.categories import category_name, dimension_name, known_order
from views.components.chart import draw_chart
from views.components.columns import Column
from views.components.empty import require_run
from views.components.levels import draw_level_counts
from views.components.perspective import draw_perspective
from views.components.table import draw_table
from views.frames import LISTED_SCOPES, list_worst
from views.heatmap import Dimension, Measure, find_cells, order_categories, place_nodes, rank_nodes
from views.i18n import _

if TYPE_CHECKING:
    from views.session import Selection

TOP = 10
FAKES = 3
_SIDES = ("all", "foreign", "home")


@dataclass(frozen=True, slots=True)
class HeatmapChoice:
    """What the heatmap shows: its axes, its colour, and which nodes take part."""

    rows: Dimension
    columns: Dimension
    measure: Measure
    side: str
    scopes: tuple[str, ...]


def page() -> None:
    """Draw the page."""
    state = require_run()
    selection = session.get_selection()
    draw_perspective(state)
    draw_level_counts()
    st.subheader(_("风险热力图"), anchor=False)
    _draw_heatmap(selection)
    st.subheader(_("最差的节点"), anchor=False)
    if state.sees_home:
        source_lists.draw_lists(state, selection)
    else:
        _draw_worst(selection)
    _draw_fakes(selection)


def _draw_heatmap(selection: Selection) -> None:
    choice = _choose_heatmap()
    placed = _place(selection, choice.rows, choice.columns)
    placed = placed[placed["scope"].isin(choice.scopes) & _on_side(placed, choice.side)]
    cells = find_cells(placed, measure=choice.measure, mode=selection.mode)
    if cells.empty:
        st.info(_("这样选择时没有节点。换一个行、列或节点类型。"))
        return
    # A selection counts cells, so every change of what is drawn needs a chart of its own.
    key = "_".join(map(str, (*astuple(selection), *astuple(choice))))
    _draw_cells(cells, placed, choice=choice, key=f"heatmap_{key}")


def _choose_heatmap() -> HeatmapChoice:
    places = st.columns([1, 1, 1.2, 1.3])
    with places[0]:
        rows = _choose_dimension(_("行"), "rows", Dimension.STAGE)
    with places[1]:
        columns = _choose_dimension(_("列"), "cols", Dimension.COUNTRY)
    with places[2]:
        measure = session.choose(
            _("颜色"),
            "colour",
            options=[measure.value for measure in Measure],
            default=Measure.RESIDUAL.value,
            show=lambda value: charts.measure_name(Measure(value)),
            help_text=_("都读低端值。等级取所选口径自己的等级。"),
        )
    with places[3]:
        side = session.choose_segment(_("哪一侧"), "side", options=_SIDES, default="all", show=_side_name)
    scopes = session.choose_many(
        _("节点类型"),
        "scopes",
        options=[scope.value for scope in NODE_SCOPES],
        default=[scope.value for scope in LISTED_SCOPES],
        show=formatting.scope_name,
        help_text=_("母公司只含两家以上企业的。物料/环节本来就是必需的，默认不看。"),
    )
    return HeatmapChoice(rows, columns, Measure(measure), side, scopes)


def _choose_dimension(label: str, name: str, default: Dimension) -> Dimension:
    options = [dimension.value for dimension in Dimension]
    return Dimension(session.choose(label, name, options=options, default=default.value, show=dimension_name))


def _place(selection: Selection, rows: Dimension, columns: Dimension) -> pd.DataFrame:
    """Put the nodes of the chosen chain, or of all chains when a chain is an axis, into cells."""
    if Dimension.CHAIN in (rows, columns):
        states = [state for state in queries.load_home().chains if state.run is not None]
    else:
        states = [require_run()]
    parts = [
        place_nodes(
            _without_single_groups(queries.load_scores(state, selection.mode, selection.horizon)),
            queries.load_members(state),
            rows=rows,
            columns=columns,
        )
        for state in states
    ]
    return pd.concat(parts, ignore_index=True)


def _without_single_groups(scores: pd.DataFrame) -> pd.DataFrame:
    return scores[(scores["scope"] != Scope.PARENT.value) | (scores["firms"] > 1)]


def _on_side(nodes: pd.DataFrame, side: str) -> pd.Series:
    if side == "all":
        return pd.Series(data=True, index=nodes.index)
    return nodes["home"].eq(side == "home").fillna(value=False).astype(bool)


def _draw_cells(cells: pd.DataFrame, placed: pd.DataFrame, *, choice: HeatmapChoice, key: str) -> None:
    rows, columns, measure = choice.rows, choice.columns, choice.measure
    row_order = order_categories(cells, "row", known=known_order(rows))
    column_order = order_categories(cells, "column", known=known_order(columns))
    cells = cells.assign(name=node_columns.node_names(cells))
    chosen = draw_chart(
        charts.heatmap_chart(
            cells,
            rows=row_order,
            columns=column_order,
            measure=measure,
            show_row=lambda value: category_name(rows, value),
            show_column=lambda value: category_name(columns, value),
        ),
        table=_cell_table(cells, rows, columns),
        columns=_cell_columns(rows, columns, measure),
        name="heatmap",
        key=key,
        height=charts.heatmap_height(len(row_order), len(column_order)),
        alt=_("风险热力图：每格是同属行与列的最差节点"),
        selectable=True,
    )
    st.caption(
        _(
            "每格是同时属于该行和该列的最差节点(低端值)，不相加；空白表示没有节点；斜线为待核实：点值会达到更高等级。"
            "点一格看它背后的节点。"
        )
    )
    if len(column_order) > charts.COLUMNS_AT_ONCE:
        st.caption(_("共 {n} 列，拖动图下的滑块看其余各列。").format(n=len(column_order)))
    if chosen and chosen[0] < len(cells):
        _draw_behind(cells.iloc[chosen[0]], placed, rows=rows, columns=columns)


def _draw_behind(cell: pd.Series, placed: pd.DataFrame, *, rows: Dimension, columns: Dimension) -> None:
    nodes = placed[(placed["row"] == cell["row"]) & (placed["column"] == cell["column"])]
    st.markdown(
        _("**{row} × {column}** 背后的 {n} 个节点").format(
            row=category_name(rows, cell["row"]), column=category_name(columns, cell["column"]), n=len(nodes)
        )
    )
    ranked = rank_nodes(nodes)
    draw_table(
        node_columns.prepare(ranked),
        node_columns.node_columns(),
        name="heatmap-cell",
        key="behind",
        open_node=True,
    )


def _draw_worst(selection: Selection) -> None:
    scores = queries.load_scores(require_run(), selection.mode, selection.horizon)
    foreign, home = st.tabs([_("境外对我"), _("境内集中")])
    for tab, is_home in ((foreign, False), (home, True)):
        with tab:
            _draw_worst_side(scores, home=is_home)


def _draw_worst_side(scores: pd.DataFrame, *, home: bool) -> None:
    worst = list_worst(scores, home=home, top=TOP)
    if worst.empty:
        st.info(_("这一侧没有可评分的节点。"))
        return
    side = "home" if home else "foreign"
    worst = node_columns.prepare(worst).reset_index(drop=True)
    names = worst["name"] + " · " + worst["scope_name"]
    labels = [f"{place}. {name}" for place, name in enumerate(names, start=1)]
    chosen = draw_chart(
        charts.waterfall_bars(worst.assign(label=labels)),
        table=worst,
        columns=node_columns.worst_columns(),
        name=f"worst-{side}",
        key=f"worst_{side}",
        height=60 + 26 * len(worst),
        alt=_("最差节点的断供冲击、替代减少、库存减少和净损失"),
        selectable=True,
    )
    if chosen and chosen[0] < len(worst):
        node = worst.iloc[chosen[0]]
        session.open_page("node", chain=node["chain_id"], scope=node["scope"], key=node["key"])


def _draw_fakes(selection: Selection) -> None:
    """Tell the first certain fake backups; where there is none, nothing."""
    depths = depth_queries.load_depths(require_run().chain_id, selection.mode)
    if not depth_list.sure_fakes(depths):
        return
    st.subheader(_("假备份"), anchor=False)
    depth_list.draw_fakes(depths, most=FAKES)
    st.page_link(
        registry.page_file("depth"),
        label=_("备份与集中"),
        icon=":material/account_tree:",
        query_params={"chain": depths.chain.chain_id},
    )


def _cell_table(cells: pd.DataFrame, rows: Dimension, columns: Dimension) -> pd.DataFrame:
    levels = [level.value for level in Level]
    return node_columns.prepare(cells).assign(
        level_value=pd.Series(
            [
                None if formatting.is_missing(value) else levels[min(3, int(value))]
                for value in cells["value"]
            ],
            index=cells.index,
            dtype=object,
        ),
        row=[category_name(rows, value) for value in cells["row"]],
        column=[category_name(columns, value) for value in cells["column"]],
    )


def _cell_columns(rows: Dimension, columns: Dimension, measure: Measure) -> list[Column]:
    is_level = measure is Measure.LEVEL
    value = Column(
        "level_value" if is_level else "value",
        charts.measure_name(measure),
        "level" if is_level else "percent",
    )
    return [
        Column("row", dimension_name(rows)),
        Column("column", dimension_name(columns)),
        Column("name", _("最差节点")),
        Column("scope_name", _("类型")),
        value,
        Column("count", _("节点数"), "count"),
        Column("to_verify", _("待核实"), "bool"),
    ]


def _side_name(side: str) -> str:
    return {"all": _("全部"), "foreign": _("境外对我"), "home": _("境内集中")}[side]


if __name__ == "__main__":
    page()
