"""The surroundings of a node as a layered graph: its firms, what they make, what that feeds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chains.model import ChainRecords
    from chains.sources import ItemSources

MOST_NODES = 150
INPUTS, FIRMS, MADE = 0, 1, 2
"""Layers, drawn from left to right; what the made items feed follows from layer 3 on."""

_FLOWS = (Relation.INPUT_OF, Relation.VARIANT_OF)


@dataclass(frozen=True, slots=True)
class GraphNode:
    """An item or a supplier in the picture.

    Attributes
    ----------
    node_id
        ``item:ID`` or ``supplier:ID``, unique in the picture.
    kind, key
        ``item`` or ``supplier``, and its id.
    layer
        0 inputs, 1 suppliers, 2 items made, then one a step downstream.
    stops
        Whether it stops with the node in the middle.
    is_end, is_bottleneck
        End product of the chain; named in 工作目录(公开资料).
    """

    node_id: str
    kind: str
    key: str
    name_zh: str
    name_en: str
    layer: int
    stops: bool = False
    is_end: bool = False
    is_bottleneck: bool = False
    country: str | None = None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A typed edge; `share` (0 to 1) as given, ``None`` when unknown or not applicable."""

    source_id: str
    target_id: str
    relation: str
    share: float | None = None
    essential: bool | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A picture of at most `MOST_NODES` nodes, and the nodes it has no room for."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    left_out: tuple[GraphNode, ...]


def draw_neighbours(
    records: ChainRecords,
    sources: dict[str, ItemSources],
    *,
    firms: frozenset[str],
    items: frozenset[str],
    bottlenecks: frozenset[str] = frozenset(),
    most: int = MOST_NODES,
) -> Neighbours:
    """Collect what surrounds a node, the nearest and most telling first.

    Parameters
    ----------
    records
        The chain.
    sources
        Resolved sources by item.
    firms
        Supplier ids that stop with the node; empty for an item.
    items
        Item ids the node makes, or the item itself.
    bottlenecks
        Item ids named in 工作目录(公开资料).
    most
        How many nodes fit.

    Returns
    -------
    Neighbours
        In order: items made, the node's firms, downstream items by distance, other sources of the
        items made, their inputs.
    """
    nodes = list(_Surroundings(records, sources, firms, items, bottlenecks).collect())
    shown = tuple(nodes[:most])
    ids = {node.node_id for node in shown}
    edges = tuple(
        edge for edge in _edges(records, sources, items) if edge.source_id in ids and edge.target_id in ids
    )
    return Neighbours(shown, edges, tuple(nodes[most:]))


class _Surroundings:
    """What `draw_neighbours` looks things up in; lives only inside it."""

    def __init__(
        self,
        records: ChainRecords,
        sources: dict[str, ItemSources],
        firms: frozenset[str],
        items: frozenset[str],
        bottlenecks: frozenset[str],
    ) -> None:
        self.items = {item.item_id: item for item in records.items}
        self.suppliers = {supplier.supplier_id: supplier for supplier in records.suppliers}
        self.ends = dict(records.end_weights)
        self.sources = sources
        self.firms = firms
        self.made = items
        self.bottlenecks = bottlenecks
        self.feeds: dict[str, list[str]] = defaultdict(list)
        self.inputs: dict[str, list[str]] = defaultdict(list)
        for link in records.links:
            if link.relation in _FLOWS:
                self.feeds[link.input_item_id].append(link.output_item_id)
                self.inputs[link.output_item_id].append(link.input_item_id)

    def collect(self) -> Iterator[GraphNode]:
        made = sorted(self.made & self.items.keys())
        layers = self._layers(made)
        yield from (self._item(item_id, MADE) for item_id in made)
        yield from (self._supplier(firm) for firm in sorted(self.firms & self.suppliers.keys()))
        yield from (self._item(item_id, layer) for item_id, layer in layers.items() if layer > MADE)
        yield from (self._supplier(firm) for firm in self._other_sources(made))
        inputs = {item_id for made_id in made for item_id in self.inputs[made_id]} - layers.keys()
        yield from (self._item(item_id, INPUTS) for item_id in sorted(inputs))

    def _layers(self, made: Iterable[str]) -> dict[str, int]:
        layers = dict.fromkeys(made, MADE)
        front = list(layers)
        while front:
            reached = {output for item_id in front for output in self.feeds[item_id]} - layers.keys()
            step = max(layers.values(), default=MADE) + 1
            front = sorted(reached)
            layers.update(dict.fromkeys(front, step))
        return layers

    def _other_sources(self, made: Iterable[str]) -> list[str]:
        shares: dict[str, float] = defaultdict(float)
        for item_id in made:
            source = self.sources[item_id]
            for row, share in zip(source.supplies, source.filled.shares, strict=True):
                shares[row.supplier_id] = max(shares[row.supplier_id], share)
        return sorted(shares.keys() - self.firms, key=lambda firm: (-shares[firm], firm))

    def _item(self, item_id: str, layer: int) -> GraphNode:
        item = self.items[item_id]
        return GraphNode(
            node_id=f"item:{item_id}",
            kind="item",
            key=item_id,
            name_zh=item.name_zh,
            name_en=item.name_en,
            layer=layer,
            stops=not self.firms and item_id in self.made,
            is_end=item_id in self.ends,
            is_bottleneck=item_id in self.bottlenecks,
        )

    def _supplier(self, supplier_id: str) -> GraphNode:
        supplier = self.suppliers[supplier_id]
        return GraphNode(
            node_id=f"supplier:{supplier_id}",
            kind="supplier",
            key=supplier_id,
            name_zh=supplier.name_zh or supplier.name_en,
            name_en=supplier.name_en,
            layer=FIRMS,
            stops=supplier_id in self.firms,
            country=supplier.country,
        )


def _edges(
    records: ChainRecords, sources: dict[str, ItemSources], items: frozenset[str]
) -> Iterator[GraphEdge]:
    for item_id in sorted(items & sources.keys()):
        for row in sources[item_id].supplies:
            yield GraphEdge(f"supplier:{row.supplier_id}", f"item:{item_id}", "supplies", row.share)
    for link in records.links:
        if link.relation in _FLOWS:
            ends = (f"item:{link.input_item_id}", f"item:{link.output_item_id}")
            yield GraphEdge(*ends, link.relation.value, essential=link.essential)
