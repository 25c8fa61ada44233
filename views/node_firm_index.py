"""What the firm networks say about the firms of a node: their index, with its run and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views import firm_queries, formatting, registry
from views.firm_words import network_title
from views.i18n import _

if TYPE_CHECKING:
    from desk.firm_pages import FirmIndex
    from desk.page_reads import NodePage

_SHOWN = 5


def draw_firm_index(facts: NodePage) -> None:
    """Draw the index of the firms of a node that are also in a firm network; nothing when none is.

    Parameters
    ----------
    facts
        The node with its firms.
    """
    suppliers = tuple(
        (firm.supplier_id, tuple(name for name in (firm.name_zh, firm.name_en) if name))
        for firm in facts.view.firms
    )
    found = firm_queries.find_indices(suppliers)
    if not found:
        return
    st.subheader(_("企业网络指数"), anchor=False)
    names = {
        firm.supplier_id: formatting.name_of(firm.name_zh, firm.name_en, firm.supplier_id)
        for firm in facts.view.firms
    }
    for one in found[:_SHOWN]:
        st.markdown(_tell(one, names[one.supplier_id], alone=len(suppliers) == 1))
        st.page_link(
            registry.page_file("firms"),
            label=_("看它停下会怎样"),
            icon=":material/lan:",
            query_params={"firmnet": one.network.key, "firmview": "stop", "firm": one.firm_id},
        )
    if len(found) > _SHOWN:
        st.caption(_("另有 {n} 家企业也在企业网络里。").format(n=len(found) - _SHOWN))
    st.caption(_("指数是模型里它停下时全网销售额停掉的份额，不是概率；与上面的评分用的是不同的数据和方法。"))


def _tell(one: FirmIndex, name: str, *, alone: bool) -> str:
    by = {
        "id": _("按编号对上"),
        "code": _("按统一社会信用代码对上"),
        "name": _("按名称完全一致对上"),
    }[one.matched_by]
    systemic = _("，**系统性企业**") if one.is_systemic else ""
    said = _("指数 **{index}**，{firms} 家中第 {rank} 位{systemic}。").format(
        index=formatting.percent(one.esri),
        firms=formatting.count(one.network.firms),
        rank=formatting.count(one.rank),
        systemic=systemic,
    )
    basis = _("{title}，运行 #{run_id}({at})，eps {eps}；{by}").format(
        title=network_title(one.network),
        run_id=one.run.run_id,
        at=formatting.local_time(one.run.started_at),
        eps=f"{one.run.eps:g}",
        by=by,
    )
    return f"{'' if alone else name + '：'}{said}  \n:gray[{basis}]"
