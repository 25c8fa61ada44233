"""首次体检: the first run of each chain and perspective, which later runs are compared with."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from risk.alerts.model import ReviewKind
from views import alert_words, formatting, inbox_queries
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _


def draw_baselines(names: dict[str, str]) -> None:
    """Draw the runs that opened nothing because later ones are compared with them.

    Parameters
    ----------
    names
        Chains by id.
    """
    reviews = inbox_queries.load_baselines()
    if not reviews:
        return
    st.subheader(_("首次体检"), anchor=False)
    st.caption(
        _(
            "每条链在每种视角的第一次运行是基线，只记总数，不逐个预警；缺省值或等级线改变后的第一次运行另起基线。"
        )
    )
    frame = pd.DataFrame(
        [
            {
                "chain": names.get(review.chain_id, review.chain_id),
                "run": f"#{review.run_id}",
                "seen": formatting.perspective_name(review.perspective.value),
                "at": review.reviewed_at,
                "kind": _("首次体检") if review.kind is ReviewKind.BASELINE else _("新基线"),
                "counts": alert_words.describe_baseline(review),
            }
            for review in reviews
        ]
    ).astype(object)
    draw_table(
        frame,
        [
            Column("chain", _("产业链"), width="small"),
            Column("run", _("运行"), width="small"),
            Column("seen", _("视角"), width="small"),
            Column("at", _("时间(北京时间)"), "time", width=150),
            Column("kind", _("类别"), width="small"),
            Column("counts", _("关键节点数")),
        ],
        name="baselines",
        key="baselines",
    )
