"""What surrounds a node as frames for tables: inputs, users, purchases, neighbours, register rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from chains.model import Scope
from chains.sources import ResolvedBy
from desk.neighbours import FIRMS, INPUTS, MADE
from views import formatting
from views.components.columns import Column
from views.i18n import _
from views.node_facts import item_name, node_link, resolved_name, source_name
from views.node_words import place_words
from views.register_words import grade_name, link_kind_name, status_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from chains.model import Bottleneck
    from desk.neighbours import GraphNode
    from desk.node_view import ItemView, PurchaseView, SourceView
    from desk.page_reads import InputView


def input_frame(inputs: Iterable[InputView], chain_id: str) -> pd.DataFrame:
    """List the slots, variants and substitutes of an item.

    Parameters
    ----------
    inputs
        As the desk reads them.
    chain_id
        The chain shown.

    Returns
    -------
    pandas.DataFrame
        One row an input.
    """
    rows = [
        {
            "name": item_name(one.item),
            "relation": relation_name(one.relation),
            "need": need_name(one.relation, essential=one.essential, group=one.group),
            "weight": one.weight,
            "sources": float(len(one.sources)),
            "largest": _largest(one.sources),
            "others": None if one.resolved_by is ResolvedBy.NONE else one.others,
            "resolved": resolved_name(one.resolved_by),
        }
        | node_link(chain_id, Scope.ITEM, one.item.item_id)
        for one in inputs
    ]
    return pd.DataFrame(rows)


def input_columns() -> list[Column]:
    """List the columns of `input_frame`."""
    none = formatting.NOT_APPLICABLE
    return [
        Column("name", _("物料/环节"), width="medium"),
        Column("relation", _("关系"), width="small"),
        Column("need", _("是否必需"), width="small"),
        Column(
            "weight", _("权重"), "percent", missing=none, help_text=_("变体的市场权重，或缺了它损失的产出。")
        ),
        Column("sources", _("来源数"), "count", width="small"),
        Column("largest", _("最大来源"), missing=none),
        Column("others", _("未列明来源"), "percent", missing=none),
        Column("resolved", _("份额口径"), width=115),
    ]


def relation_name(relation: str) -> str:
    """Name how one item relates to another.

    Parameters
    ----------
    relation
        A value of `chains.model.Relation`, or ``supplies``.

    Returns
    -------
    str
        输入, 变体, 可替代 or 供给.
    """
    return {
        "input_of": _("输入"),
        "variant_of": _("变体"),
        "substitute_of": _("替代关系"),
        "supplies": _("供给"),
    }[relation]


def need_name(relation: str, *, essential: bool | None, group: str | None) -> str:
    """Say whether an output needs a slot.

    Parameters
    ----------
    relation
        As above; only inputs can be essential.
    essential
        As given; ``None`` takes the default.
    group
        Alternatives it belongs to.

    Returns
    -------
    str
        For example 必需(缺省).
    """
    if relation != "input_of":
        return formatting.NOT_APPLICABLE
    if essential is None:
        return _("必需(缺省)")
    if not essential:
        return _("非必需")
    return _("替代路线之一") if group else _("必需")


def _largest(sources: Sequence[SourceView]) -> str | None:
    if not sources:
        return None
    return f"{source_name(sources[0])} {formatting.percent(sources[0].filled)}"


def feeds_frame(one: ItemView, chain_id: str) -> pd.DataFrame:
    """List who needs an item.

    Parameters
    ----------
    one
        The item.
    chain_id
        The chain shown.

    Returns
    -------
    pandas.DataFrame
        One row a slot.
    """
    rows = [
        {
            "name": item_name(slot),
            "relation": relation_name(slot.relation),
            "need": need_name(slot.relation, essential=slot.essential, group=slot.group),
            "weight": slot.weight,
        }
        | node_link(chain_id, Scope.ITEM, slot.item_id)
        for slot in one.feeds
    ]
    return pd.DataFrame(rows)


def purchase_frame(purchases: Iterable[PurchaseView]) -> pd.DataFrame:
    """List the lines of buyers' lists that touch the node.

    Parameters
    ----------
    purchases
        As the desk reads them.

    Returns
    -------
    pandas.DataFrame
        One row a line.
    """
    return pd.DataFrame(
        [
            {
                "buyer": one.buyer_zh,
                "item": one.item_zh,
                "supplier": one.supplier_zh,
                "share": one.purchase.share,
                "stock": one.purchase.stock_days,
                "place": place_words(str(one.purchase.place) if one.purchase.place else None),
            }
            for one in purchases
        ]
    )


def neighbour_frame(
    nodes: Iterable[GraphNode], chain_id: str, *, drawn: Collection[str], firms: Collection[str]
) -> pd.DataFrame:
    """List the surroundings of a node, also those that the picture has no room for.

    Parameters
    ----------
    nodes
        As the desk collects them.
    chain_id
        The chain shown.
    drawn
        Ids of the nodes in the picture.
    firms
        Keys of the nodes of scope supplier; other suppliers are country aggregates.

    Returns
    -------
    pandas.DataFrame
        One row a node.
    """
    return pd.DataFrame(
        [
            {
                "name": graph_name(node, firms),
                "layer": layer_name(node.layer),
                "kind": _("物料/环节") if node.kind == "item" else _("供应商"),
                "country": formatting.country_name(node.country) if node.kind == "supplier" else None,
                "register": node.is_bottleneck,
                "drawn": node.node_id in drawn,
            }
            | graph_link(node, chain_id, firms)
            for node in nodes
        ]
    )


def graph_name(node: GraphNode, firms: Collection[str]) -> str:
    """Name a node of the picture.

    Parameters
    ----------
    node
        Item or supplier.
    firms
        Keys of the nodes of scope supplier.

    Returns
    -------
    str
        In the session's language; a country aggregate is named by its country.
    """
    if _is_aggregate(node, firms):
        return formatting.country_name(node.country)
    return formatting.name_of(node.name_zh, node.name_en, node.key)


def graph_link(node: GraphNode, chain_id: str, firms: Collection[str]) -> dict[str, Any]:
    """Tell which node a click on the picture opens.

    Parameters
    ----------
    node
        Item or supplier.
    chain_id
        The chain shown.
    firms
        Keys of the nodes of scope supplier.

    Returns
    -------
    dict
        As `views.node_facts.node_link`.
    """
    if _is_aggregate(node, firms):
        return node_link(chain_id, Scope.COUNTRY, node.country)
    return node_link(chain_id, Scope.ITEM if node.kind == "item" else Scope.SUPPLIER, node.key)


def _is_aggregate(node: GraphNode, firms: Collection[str]) -> bool:
    return node.kind == "supplier" and node.key not in firms and bool(node.country)


def layer_name(layer: int) -> str:
    """Name a layer of the picture.

    Parameters
    ----------
    layer
        0 inputs, 1 suppliers, 2 items made, then one a step downstream.

    Returns
    -------
    str
        For example 下游第 1 步.
    """
    if layer > MADE:
        return _("下游第 {n} 步").format(n=layer - MADE)
    return {INPUTS: _("上游输入"), FIRMS: _("供应商"), MADE: _("本节点的物料")}[layer]


def register_frame(rows: Iterable[Bottleneck], items: dict[str, str], chain_id: str) -> pd.DataFrame:
    """List the rows of 工作目录(公开资料) that name an item of the node.

    Parameters
    ----------
    rows
        Of the register.
    items
        Names by item id.
    chain_id
        The chain shown.

    Returns
    -------
    pandas.DataFrame
        One row a bottleneck.
    """
    return pd.DataFrame(
        [
            {
                "number": row.bottleneck_id,
                "name": formatting.name_of(row.name_zh, row.name_en, row.bottleneck_id),
                "item": items.get(row.item_id or ""),
                "link": link_kind_name(row.link_kind),
                "grade": grade_name(row.evidence_grade),
                "status": status_name(row.status),
            }
            | node_link(chain_id, Scope.ITEM, row.item_id)
            for row in rows
        ]
    )
