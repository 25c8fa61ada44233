"""The picture of a node's surroundings: layers from left to right by flow, as an ECharts option."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.neighbours import MADE
from views import formatting
from views.charts import ACCENT, INK, PAPER, RESIDUAL_COLOUR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.neighbours import GraphEdge, GraphNode

_COLUMN_ROWS = 13
_ROW_PIXELS = 34
_MOST_COLUMNS = 7
_MOST_LAYERS = 9
_GRAPH_PIXELS = 900


@dataclass(frozen=True, slots=True)
class Placed:
    """A node of the picture and where it stands: column from the left, row from the top."""

    node: GraphNode
    column: int
    row: float


def place_neighbours(
    nodes: Sequence[GraphNode], *, first: Sequence[str] = ()
) -> tuple[list[Placed], list[GraphNode]]:
    """Give every node of the picture a column and a row; long layers take several columns.

    Parameters
    ----------
    nodes
        In order of importance within a layer.
    first
        Keys that come before the others of their layer, in this order.

    Returns
    -------
    tuple of list of Placed, and list of GraphNode
        What is drawn, and what a picture of this width has no room for.
    """
    layers: dict[int, list[GraphNode]] = defaultdict(list)
    rank = {key: place for place, key in enumerate(first)}
    for node in sorted(nodes, key=lambda node: rank.get(node.key, len(rank))):
        layers[node.layer].append(node)
    widths = _share_columns({layer: -(-len(found) // _COLUMN_ROWS) for layer, found in layers.items()})
    placed: list[Placed] = []
    left_out: list[GraphNode] = []
    column = 0
    for layer in sorted(layers):
        room = widths.get(layer, 0) * _COLUMN_ROWS
        shown = layers[layer][:room]
        left_out += layers[layer][room:]
        for place, node in enumerate(shown):
            height = min(_COLUMN_ROWS, len(shown) - place // _COLUMN_ROWS * _COLUMN_ROWS)
            row = place % _COLUMN_ROWS - (height - 1) / 2
            placed.append(Placed(node, column + place // _COLUMN_ROWS, row))
        column += widths.get(layer, 0)
    return placed, left_out


def _share_columns(wanted: Mapping[int, int]) -> dict[int, int]:
    """Give each layer one column, the nearest first; then more to the long ones while there is room."""
    order = sorted(wanted, key=lambda layer: (abs(layer - MADE), layer))
    granted = dict.fromkeys(order[:_MOST_LAYERS], 1)
    for _turn in range(_MOST_COLUMNS):
        for layer in granted:
            has_room = sum(granted.values()) < _MOST_COLUMNS
            if has_room and granted[layer] < wanted[layer]:
                granted[layer] += 1
    return granted


def neighbour_graph(
    placed: Sequence[Placed], edges: Sequence[GraphEdge], names: Mapping[str, str]
) -> dict[str, Any]:
    """Draw the surroundings of a node in layers, goods flowing from left to right.

    Parameters
    ----------
    placed
        From `place_neighbours`; data indices of clicks are positions in it.
    edges
        Between them; edges of nodes that are not drawn are left out.
    names
        By node id, in the session's language.

    Returns
    -------
    dict
        An ECharts option.
    """
    columns = max((one.column for one in placed), default=0) + 1
    width = min(150, int(_GRAPH_PIXELS / columns) - 22)
    ids = {one.node.node_id for one in placed}
    margin = width // 2 + 4
    return {
        "animation": False,
        "tooltip": {"confine": True, "formatter": "{b}"},
        "series": [
            {
                "type": "graph",
                "layout": "none",
                "left": margin,
                "right": margin,
                "top": 20,
                "bottom": 20,
                "width": "auto",
                "height": "auto",
                "roam": False,
                "selectedMode": "single",
                "symbol": "rect",
                "edgeSymbol": ["none", "arrow"],
                "edgeSymbolSize": 6,
                "data": [_graph_node(one, names[one.node.node_id], width) for one in placed],
                "links": [
                    _graph_edge(edge, names)
                    for edge in edges
                    if edge.source_id in ids and edge.target_id in ids
                ],
                "lineStyle": {"color": "#9FB0BF", "width": 1, "curveness": 0.06, "opacity": 0.75},
                "emphasis": {"focus": "adjacency", "lineStyle": {"width": 2, "color": ACCENT}},
                "select": {"itemStyle": {"borderColor": RESIDUAL_COLOUR, "borderWidth": 2}},
            }
        ],
    }


def graph_height(placed: Sequence[Placed]) -> int:
    """Choose the height of the picture.

    Parameters
    ----------
    placed
        What is drawn.

    Returns
    -------
    int
        Pixels.
    """
    rows = [one.row for one in placed]
    return 50 + _ROW_PIXELS * int(max(rows, default=0) - min(rows, default=0) + 1)


def _graph_node(one: Placed, name: str, width: int) -> dict[str, Any]:
    node = one.node
    fill, ink, border = "#EAF0F5", INK, "#9FB0BF"
    if node.kind == "supplier":
        fill = PAPER
    if node.stops:
        fill, ink, border = ACCENT, PAPER, ACCENT
    elif node.is_end:
        fill, ink, border = "#2D5F8B", PAPER, "#2D5F8B"
    style: dict[str, Any] = {"color": fill, "borderColor": border, "borderWidth": 1}
    if node.is_bottleneck:
        style |= {"borderColor": RESIDUAL_COLOUR, "borderWidth": 2}
    return {
        "id": node.node_id,
        "name": name,
        "x": one.column * 100,
        "y": one.row * 30,
        "symbolSize": [width, 24],
        "itemStyle": style,
        "label": {
            "show": True,
            "color": ink,
            "fontSize": 11,
            "width": width - 8,
            "overflow": "truncate",
            "formatter": "{b}",
        },
    }


def _graph_edge(edge: GraphEdge, names: Mapping[str, str]) -> dict[str, Any]:
    ends: dict[str, Any] = {"source": edge.source_id, "target": edge.target_id}
    label = f"{names[edge.source_id]} → {names[edge.target_id]}"
    known = edge.share is not None
    if edge.relation == "supplies":
        label = f"{label} {formatting.percent(edge.share)}"
    ends["name"] = label
    dashed = edge.relation == "variant_of" or (edge.relation == "supplies" and not known)
    return ends | {"lineStyle": {"type": "dashed" if dashed else "solid"}, "select": {"disabled": True}}
