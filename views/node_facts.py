"""The facts of one node as frames for tables: what it makes, and every source of an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from chains.model import Scope, SupplierKind
from chains.sources import ResolvedBy
from views import formatting
from views.charts_node import SharePart
from views.components.columns import Column
from views.i18n import _
from views.node_words import place_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chains.model import Item
    from desk.node_view import ItemView, SlotView, SourceView
    from desk.page_reads import InputView, NodePage

PUBLIC_KNOWLEDGE = "public-knowledge"
"""Source of facts that nobody checked against a document."""

_BAR_NAMES = 8


def item_name(item: Item | SlotView) -> str:
    """Name an item in the session's language.

    Parameters
    ----------
    item
        An item, or a slot that it feeds.

    Returns
    -------
    str
        Never empty.
    """
    return formatting.name_of(item.name_zh, item.name_en, item.item_id)


def item_frame(page: NodePage, chain_id: str) -> pd.DataFrame:
    """List what the node makes, the largest part first.

    Parameters
    ----------
    page
        Facts of the node.
    chain_id
        The chain shown.

    Returns
    -------
    pandas.DataFrame
        One row an item.
    """
    paths = {path[0].item_id: path for path in page.paths}
    rows = [
        _item_row(one, paths.get(one.item.item_id, ())) | node_link(chain_id, Scope.ITEM, one.item.item_id)
        for one in page.view.items
    ]
    frame = pd.DataFrame(rows)
    return frame.sort_values(
        ["own_filled", "key"], ascending=[False, True], na_position="last", kind="stable"
    )


def item_columns() -> list[Column]:
    """List the columns of `item_frame`."""
    none = formatting.NOT_APPLICABLE
    return [
        Column("name", _("物料/环节"), width="medium"),
        Column("own_share", _("它的份额"), "percent", help_text=_("已公开的份额；多家企业时相加。")),
        Column("own_filled", _("模型采用"), "percent", missing=none, help_text=_("空白份额按规则补上之后。")),
        Column("others", _("未列明来源"), "percent", missing=none),
        Column("sources", _("来源数"), "count", width="small"),
        Column("resolved", _("份额口径"), width=115),
        Column("kind", _("种类"), width="small"),
        Column("stage", _("环节"), width="small"),
        Column("feeds", _("供给给")),
        Column("path", _("到终端产品"), missing=none, width="large"),
    ]


def _item_row(one: ItemView, path: Sequence[Item]) -> dict[str, Any]:
    own = [source for source in one.sources if source.stops]
    known = [source.share for source in own if source.share is not None]
    counted = one.resolved_by is not ResolvedBy.NONE
    return {
        "name": item_name(one.item),
        "own_share": sum(known) if known else None,
        "own_filled": sum(source.filled for source in own) if own else None,
        "others": one.others if counted else None,
        "sources": float(len(one.sources)),
        "resolved": resolved_name(one.resolved_by),
        "kind": formatting.kind_name(one.item.kind.value),
        "stage": formatting.stage_name(one.item.stage),
        "feeds": _("、").join(item_name(slot) for slot in one.feeds) or _("终端产品"),
        "path": path_text(path),
    }


def path_text(path: Sequence[Item]) -> str | None:
    """Write the way of goods to an end product.

    Parameters
    ----------
    path
        Items in the order of flow.

    Returns
    -------
    str or None
        ``None`` without a way.
    """
    return " → ".join(item_name(item) for item in path) if path else None


def resolved_name(resolved_by: ResolvedBy) -> str:
    """Name which view of the market counts.

    Parameters
    ----------
    resolved_by
        As the model resolved it.

    Returns
    -------
    str
        企业份额, 国家/地区份额 or 无来源.
    """
    return {
        ResolvedBy.FIRM: _("企业份额"),
        ResolvedBy.COUNTRY: _("国家/地区份额"),
        ResolvedBy.NONE: _("没有来源"),
    }[resolved_by]


def source_frame(one: ItemView | InputView, chain_id: str) -> pd.DataFrame:
    """List every source of an item, the unnamed part, and firms that are only known by name.

    Parameters
    ----------
    one
        The item with its sources.
    chain_id
        The chain shown.

    Returns
    -------
    pandas.DataFrame
        One row a source; ``scope`` and ``key`` are ``None`` where there is no node to open.
    """
    rows = [_source_row(source, chain_id, counts=True) for source in one.sources]
    if one.resolved_by is not ResolvedBy.NONE and one.others > 0:
        rows.append(_unnamed_row(one.others))
    rows += [_source_row(source, chain_id, counts=False) for source in getattr(one, "unused", ())]
    frame = pd.DataFrame(rows, columns=_SOURCE_FIELDS)
    return frame.assign(item=item_name(one.item), year=frame["year"].astype(object))


_SOURCE_FIELDS = [
    "name",
    "country",
    "share",
    "filled",
    "note",
    "year",
    "estimate",
    "title",
    "place",
    "chain_id",
    "scope",
    "key",
]


def source_columns(*, with_item: bool = False) -> list[Column]:
    """List the columns of `source_frame`.

    Parameters
    ----------
    with_item
        Whether the item is named in each row.

    Returns
    -------
    list of Column
        In order.
    """
    none = formatting.NOT_APPLICABLE
    columns = [
        Column("name", _("来源"), width=140),
        Column("country", _("国家/地区"), width=110),
        Column("share", _("公开份额"), "percent", width=105),
        Column("filled", _("模型采用"), "percent", missing=none, width=115),
        Column("note", _("说明"), missing=none, width=165),
        Column("year", _("年份"), missing=none, width=60),
        Column("estimate", _("估计值"), missing=none, width=70),
        Column("title", _("资料"), missing=none, width=150),
        Column("place", _("文件行"), missing=none, width=175),
    ]
    return [Column("item", _("物料/环节"), width="medium"), *columns] if with_item else columns


def _source_row(source: SourceView, chain_id: str, *, counts: bool) -> dict[str, Any]:
    is_firm = source.kind == SupplierKind.ENTERPRISE.value
    scope, key = (Scope.SUPPLIER, source.supplier_id) if is_firm else (Scope.COUNTRY, source.country)
    name = formatting.name_of(source.name_zh, source.name_en, source.supplier_id)
    return {
        "name": name if is_firm or not source.country else formatting.country_name(source.country),
        "country": formatting.country_name(source.country),
        "share": source.share,
        "filled": source.filled if counts else None,
        "note": _source_note(source, counts=counts),
        "year": str(source.year) if source.year else None,
        "estimate": None if source.is_estimate is None else _("是") if source.is_estimate else _("否"),
        "title": _source_title(source),
        "place": place_words(source.place),
    } | (node_link(chain_id, scope, key) if key else node_link(None, None, None))


def _source_title(source: SourceView) -> str | None:
    if source.source is None:
        return None
    is_common = source.source.source_id == PUBLIC_KNOWLEDGE
    return _("公开常识") if is_common else source.source.title


def _source_note(source: SourceView, *, counts: bool) -> str | None:
    if not counts:
        return _("只知其名，不计份额")
    notes = [_("本节点")] if source.stops else []
    if source.unsure:
        notes.append(_("份额未知，按规则补"))
    return _("；").join(notes) or None


def _unnamed_row(others: float) -> dict[str, Any]:
    return {
        "name": _("未列明来源"),
        "country": formatting.NOT_APPLICABLE,
        "share": None,
        "filled": others,
        "note": _("不会被单点停供"),
    } | node_link(None, None, None)


def node_link(chain_id: str | None, scope: Scope | None, key: str | None) -> dict[str, Any]:
    """Make the cells that let a line of a table open a node.

    Parameters
    ----------
    chain_id, scope, key
        Which node; all ``None`` for a line without one.

    Returns
    -------
    dict
        ``chain_id``, ``scope`` and ``key``.
    """
    return {"chain_id": chain_id, "scope": scope.value if scope else None, "key": key}


def share_parts(one: ItemView | InputView) -> list[SharePart]:
    """Split an item among its sources for one bar: own first, then the largest, the rest together.

    Parameters
    ----------
    one
        The item with its sources.

    Returns
    -------
    list of SharePart
        Without parts of nothing.
    """
    ordered = sorted(one.sources, key=lambda source: (not source.stops, -source.filled))
    named, rest = ordered[:_BAR_NAMES], ordered[_BAR_NAMES:]
    parts = [
        SharePart(source_name(source), source.filled, own=source.stops, unsure=source.unsure)
        for source in named
    ]
    if rest:
        name = _("其余 {n} 个来源").format(n=len(rest))
        parts.append(SharePart(name, sum(source.filled for source in rest)))
    parts.append(SharePart(_("未列明来源"), one.others, unnamed=True))
    return [part for part in parts if part.share > 0]


def source_name(source: SourceView) -> str:
    """Name a source in the session's language.

    Parameters
    ----------
    source
        A firm, or a country aggregate, which is named by its country.

    Returns
    -------
    str
        Never empty.
    """
    if source.kind == SupplierKind.COUNTRY_AGGREGATE.value and source.country:
        return formatting.country_name(source.country)
    return formatting.name_of(source.name_zh, source.name_en, source.supplier_id)
