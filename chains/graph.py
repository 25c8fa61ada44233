"""The chain as a networkx graph: for questions, paths, drawing and notebooks.

Numbers are computed on `chains.arrays`; the graph holds the same facts by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from chains.model import Relation
from chains.sources import resolve_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from chains.sources import ItemSources

    ChainGraph = nx.DiGraph[tuple[str, str]]

ITEM = "item"
SUPPLIER = "supplier"


def item_node(item_id: str) -> tuple[str, str]:
    """Graph node of an item."""
    return (ITEM, item_id)


def supplier_node(supplier_id: str) -> tuple[str, str]:
    """Graph node of a supplier."""
    return (SUPPLIER, supplier_id)


def build_graph(
    records: ChainRecords, defaults: Defaults, *, bottleneck_items: Collection[str] = ()
) -> ChainGraph:
    """Build the graph of a chain, edges pointing the way goods flow.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean; decides the shares on supply edges.
    bottleneck_items
        Item ids with a row in the register, 工作目录(公开资料).

    Returns
    -------
    networkx.DiGraph
        Nodes ``("item", id)`` and ``("supplier", id)``. Item nodes carry ``type``, ``name_zh``,
        ``name_en``, ``kind``, ``stage``, ``five_base``, ``bottleneck`` (bool), ``end_weight`` and
        ``others`` (unnamed part, 0 to 1); supplier nodes ``type``, names, ``kind``, ``country``,
        ``province``, ``city``, ``parent``. Edges carry ``relation``: ``input_of``, ``variant_of``,
        ``substitute_of`` between items; ``supplies`` with ``share`` (0 to 1), ``unsure`` and
        ``year``; ``buys`` from a supplier to a buyer with ``items`` (ids) and ``shares``.

    Notes
    -----
    Only the resolved sources of an item have a ``supplies`` edge, so shares and others sum to 1.
    """
    graph: ChainGraph = nx.DiGraph(chain_id=records.chain.chain_id)
    sources = resolve_sources(records, defaults)
    _add_items(graph, records, sources, frozenset(bottleneck_items))
    _add_suppliers(graph, records)
    _add_links(graph, records)
    _add_supplies(graph, sources)
    _add_purchases(graph, records)
    return graph


def _add_items(
    graph: ChainGraph,
    records: ChainRecords,
    sources: Mapping[str, ItemSources],
    flagged: Collection[str],
) -> None:
    weights = dict(records.end_weights)
    for item in records.items:
        graph.add_node(
            item_node(item.item_id),
            type=ITEM,
            name_zh=item.name_zh,
            name_en=item.name_en,
            kind=item.kind.value,
            stage=item.stage,
            five_base=item.five_base.value if item.five_base else None,
            bottleneck=item.item_id in flagged,
            end_weight=weights.get(item.item_id, 0.0),
            others=sources[item.item_id].filled.others,
        )


def _add_suppliers(graph: ChainGraph, records: ChainRecords) -> None:
    for supplier in records.suppliers:
        graph.add_node(
            supplier_node(supplier.supplier_id),
            type=SUPPLIER,
            name_zh=supplier.name_zh,
            name_en=supplier.name_en,
            kind=supplier.kind.value,
            country=supplier.country,
            province=supplier.province,
            city=supplier.city,
            parent=supplier.parent,
        )


def _add_supplies(graph: ChainGraph, sources: Mapping[str, ItemSources]) -> None:
    for source in sources.values():
        filled = source.filled
        for row, share, unsure in zip(source.supplies, filled.shares, filled.unsure, strict=True):
            graph.add_edge(
                supplier_node(row.supplier_id),
                item_node(source.item_id),
                relation="supplies",
                share=share,
                unsure=unsure,
                year=row.year,
            )


def _add_links(graph: ChainGraph, records: ChainRecords) -> None:
    for link in records.links:
        graph.add_edge(
            item_node(link.input_item_id),
            item_node(link.output_item_id),
            relation=link.relation.value,
            essential=link.essential,
            weight=link.weight,
            group=link.group,
        )


def _add_purchases(graph: ChainGraph, records: ChainRecords) -> None:
    for purchase in records.purchases:
        seller, buyer = supplier_node(purchase.supplier_id), supplier_node(purchase.buyer_id)
        if not graph.has_edge(seller, buyer):
            graph.add_edge(seller, buyer, relation="buys", items=(), shares=())
        edge = graph.edges[seller, buyer]
        edge["items"] = (*edge["items"], purchase.item_id)
        edge["shares"] = (*edge["shares"], purchase.share)


def upstream_items(graph: ChainGraph, item_id: str) -> Iterator[str]:
    """Ids of the items an item depends on through inputs and variants, in order of id."""
    flows = {Relation.INPUT_OF.value, Relation.VARIANT_OF.value}
    kept = nx.subgraph_view(graph, filter_edge=lambda a, b: graph.edges[a, b].get("relation") in flows)
    yield from sorted(key for kind, key in nx.ancestors(kept, item_node(item_id)) if kind == ITEM)
