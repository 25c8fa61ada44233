"""What single pages read: inputs and paths of a node, documents of the register, changes between runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from chains.catalog import read_sources
from chains.defaults import load_defaults
from chains.model import Relation, Scope
from chains.repository import load_records
from chains.sources import resolve_sources
from chains.version import data_version
from desk.node_view import NodeView, SourceView, read_node
from desk.register_list import load_register
from desk.store import reading
from risk.repository import read_score_table
from risk.runs.diff import ScoreChanges, diff_runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from chains.model import Bottleneck, ChainRecords, Item, Link, Source, Supply
    from chains.sources import ItemSources, ResolvedBy
    from ingest.repository import Upload
    from settings import Settings

_FLOWS = (Relation.INPUT_OF, Relation.VARIANT_OF)


@dataclass(frozen=True, slots=True)
class InputView:
    """What fills one slot of an item, or one variant of it, with every source of it.

    Attributes
    ----------
    item
        The input item, or the variant.
    relation
        ``input_of``, ``variant_of`` or ``substitute_of``.
    essential
        As given; ``None`` when the data do not say (the default is essential).
    group
        Name of the alternatives it belongs to, if any.
    weight
        Fraction of output lost without it, or market weight of a variant; ``None`` when not given.
    resolved_by
        Whether firm rows or country rows count.
    complete
        Whether the list names every source.
    sources
        Largest share first.
    others
        未列明来源, 0 to 1.
    """

    item: Item
    relation: str
    essential: bool | None
    group: str | None
    weight: float | None
    resolved_by: ResolvedBy
    complete: bool
    sources: tuple[SourceView, ...]
    others: float


@dataclass(frozen=True, slots=True)
class NodePage:
    """All facts on the page of one node.

    Attributes
    ----------
    view
        What stands behind it.
    inputs
        What the item takes, its variants and substitutes; empty for nodes of other scopes.
    paths
        Shortest way of goods from each item of `view` to the nearest end product, both included; an item
        from which none leads on is left out.
    register
        Rows of the list of bottleneck items that name one of its items.
    register_upload
        The upload that this list came with; None for the shipped 工作目录(公开资料).
    data_version
        Of the facts shown; scores of a run with another one are older or newer than these facts.
    """

    view: NodeView
    inputs: tuple[InputView, ...]
    paths: tuple[tuple[Item, ...], ...]
    register: tuple[Bottleneck, ...]
    register_upload: Upload | None
    data_version: str


def read_node_page(settings: Settings, chain_id: str, *, scope: Scope, key: str) -> NodePage:
    """Read all facts on the page of one node, as they are now.

    Parameters
    ----------
    settings
        Where database and defaults are.
    chain_id
        Which chain.
    scope, key
        Which node.

    Returns
    -------
    NodePage
        Frozen values.

    Raises
    ------
    UnknownKeyError
        When chain or node do not exist.
    """
    view = read_node(settings, chain_id, scope=scope, key=key)
    with reading(settings) as session:
        records = load_records(session, chain_id)
        active = load_register(session)
    made = {one.item.item_id for one in view.items}
    inputs: tuple[InputView, ...] = ()
    if scope is Scope.ITEM:
        sources = resolve_sources(records, load_defaults(settings.data_dir / "defaults.toml"))
        inputs = tuple(_inputs(records, sources, view.items[0].item.item_id))
    return NodePage(
        view=view,
        inputs=inputs,
        paths=tuple(_paths(records, made)),
        register=tuple(row for row in active.rows if row.item_id in made),
        register_upload=active.upload,
        data_version=data_version(records),
    )


def read_register_sources(settings: Settings) -> dict[str, Source]:
    """Read the documents behind the rows of the register.

    Parameters
    ----------
    settings
        Where ``data/`` is.

    Returns
    -------
    dict
        By source id, from ``data/bottleneck_sources.csv``.
    """
    sources, _ = read_sources(settings.data_dir / "bottleneck_sources.csv")
    return {source.source_id: source for source in sources}


def read_run_changes(settings: Settings, before: int, after: int) -> ScoreChanges:
    """Compare two successful runs.

    Parameters
    ----------
    settings
        Where the database is.
    before, after
        Runs of one chain.

    Returns
    -------
    ScoreChanges
        Empty for two runs on the same data.

    Raises
    ------
    UnknownKeyError
        When one of them does not exist.
    """
    with reading(settings) as session:
        earlier = read_score_table(session, before)
        later = read_score_table(session, after)
    return diff_runs(earlier, later)


def _inputs(records: ChainRecords, sources: dict[str, ItemSources], item_id: str) -> Iterator[InputView]:
    items = {item.item_id: item for item in records.items}
    reader = _SourceReader(records)
    order = list(Relation)
    links = [link for link in records.links if link.output_item_id == item_id]
    for link in sorted(links, key=lambda link: (order.index(link.relation), link.group or "")):
        yield _input(items[link.input_item_id], link, sources[link.input_item_id], reader)


def _input(item: Item, link: Link, source: ItemSources, reader: _SourceReader) -> InputView:
    filled = zip(source.supplies, source.filled.shares, source.filled.unsure, strict=True)
    views = [reader.view(row, share, unsure=unsure) for row, share, unsure in filled]
    return InputView(
        item=item,
        relation=link.relation.value,
        essential=link.essential,
        group=link.group,
        weight=link.weight,
        resolved_by=source.resolved_by,
        complete=source.complete,
        sources=tuple(sorted(views, key=lambda view: (-view.filled, view.supplier_id))),
        others=source.filled.others,
    )


class _SourceReader:
    """What the sources of inputs look names and documents up in; lives only inside `_inputs`."""

    def __init__(self, records: ChainRecords) -> None:
        self.suppliers = {supplier.supplier_id: supplier for supplier in records.suppliers}
        self.documents = {source.source_id: source for source in records.sources}

    def view(self, row: Supply, filled: float, *, unsure: bool) -> SourceView:
        supplier = self.suppliers[row.supplier_id]
        return SourceView(
            supplier_id=row.supplier_id,
            name_zh=supplier.name_zh or supplier.name_en,
            name_en=supplier.name_en,
            country=supplier.country,
            kind=supplier.kind.value,
            share=row.share,
            filled=filled,
            unsure=unsure,
            year=row.year,
            is_estimate=row.is_estimate,
            source=self.documents.get(row.source_id or ""),
            place=str(row.place) if row.place else None,
            stops=False,
        )


def _paths(records: ChainRecords, made: Collection[str]) -> Iterator[tuple[Item, ...]]:
    items = {item.item_id: item for item in records.items}
    flow: nx.DiGraph[str] = nx.DiGraph()
    flow.add_nodes_from(sorted(items))
    links = [link for link in records.links if link.relation in _FLOWS]
    flow.add_edges_from(sorted((link.output_item_id, link.input_item_id) for link in links))
    # Walked against the flow from all end products at once, so each item finds its nearest one.
    ends = {item_id for item_id, _ in records.end_weights}
    ways = nx.multi_source_dijkstra_path(flow, ends) if ends else {}
    for item_id in sorted(made & ways.keys()):
        yield tuple(items[step] for step in reversed(ways[item_id]))
