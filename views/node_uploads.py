"""What uploaded lists say about a node beyond what scores use: shares that differ, capacities, delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.model import Scope
from desk.uploaded_details import read_uploaded_details, uploads_stamp
from views import formatting, page_queries, queries
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _

if TYPE_CHECKING:
    from desk.page_reads import NodePage
    from desk.uploaded_details import UploadedFactsOfNode
    from views.page_queries import FactsKey
    from views.queries import ChainState

_KEPT_NODES = 100


def draw_uploads(state: ChainState, facts: NodePage) -> None:
    """Draw both tables, each only when it has rows.

    Parameters
    ----------
    state
        The chain shown.
    facts
        The node.
    """
    node = facts.view.node
    facts_now = (*page_queries.facts_key(), ("uploads", uploads_stamp(queries.get_settings())))
    found = _read(state.chain_id, node.scope.value, node.key, facts_now)
    if found.conflicts:
        _draw_conflicts(found, is_item=node.scope is Scope.ITEM)
    if found.details:
        _draw_details(found)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_NODES)
def _read(chain_id: str, scope: str, key: str, facts: FactsKey) -> UploadedFactsOfNode:  # noqa: ARG001 - cache key
    return read_uploaded_details(queries.get_settings(), chain_id, scope=Scope(scope), key=key)


def _name(found: UploadedFactsOfNode, key: str | None) -> str | None:
    if key is None:
        return None
    zh, en = found.labels.get(key, (None, key))
    return formatting.name_of(zh, en, key)


def _draw_conflicts(found: UploadedFactsOfNode, *, is_item: bool) -> None:
    st.subheader(_("与已有份额不一致"), anchor=False)
    st.caption(_("已有的行不会被改写；两行都保留，按年份较新的计，同年按上传的计。"))
    rows = [
        {
            "other": _name(found, each.supplier_id if is_item else each.item_id),
            "stated": each.stated.share,
            "year": str(each.stated.year) if each.stated.year else None,
            "place": each.stated.source_id,
            "uploaded": each.uploaded.share,
            "file": each.uploaded.place.file if each.uploaded.place else None,
            "counts": _("上传的") if each.uploaded_counts else _("已有的"),
        }
        for each in found.conflicts
    ]
    columns = [
        Column("other", _("供应商") if is_item else _("物料")),
        Column("stated", _("已有份额"), "percent", width=90),
        Column("year", _("年份"), width=70),
        Column("place", _("已有的来源")),
        Column("uploaded", _("上传份额"), "percent", width=90),
        Column("file", _("上传的文件")),
        Column("counts", _("按哪个计"), width=90),
    ]
    draw_table(pd.DataFrame(rows), columns, name="node-share-conflicts", key="node_conflicts")


def _draw_details(found: UploadedFactsOfNode) -> None:
    st.subheader(_("上传名录里的产能和交期"), anchor=False)
    st.caption(_("随行保存，只作展示：交期不是恢复天数，产能不参与评分。"))
    none = formatting.NOT_APPLICABLE
    rows = [
        {
            "supplier": each.supplier,
            "buyer": each.buyer or _name(found, each.buyer_id),
            "item": _name(found, each.item_id),
            "capacity": None if each.capacity is None else f"{each.capacity:,.10g} {each.unit or ''}".strip(),
            "lead": each.lead_time_days,
            "file": f"#{each.upload_id} {each.upload_name}",
            "row": str(each.row),
            "at": formatting.local_time(each.at),
        }
        for each in found.details
    ]
    columns = [
        Column("supplier", _("供应商")),
        Column("buyer", _("采购企业"), missing=none),
        Column("item", _("物料")),
        Column("capacity", _("产能"), missing=none),
        Column("lead", _("交期"), "days", missing=none, width=80),
        Column("file", _("上传的文件")),
        Column("row", _("行号"), width=60),
        Column("at", _("时间(北京时间)"), width=130),
    ]
    draw_table(pd.DataFrame(rows), columns, name="node-uploaded", key="node_uploaded")
