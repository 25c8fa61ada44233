"""停一家会怎样: which firms and sectors lose how much when one firm stops, computed on the stored network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views import charts_firms, firm_queries, formatting, session
from views.components.chart import draw_chart
from views.components.columns import Column
from views.components.table import draw_table
from views.firm_figures import name_cities, node_link
from views.firm_frames import find_firms, list_affected
from views.i18n import _

if TYPE_CHECKING:
    import pandas as pd

    from desk.firm_pages import NetworkStanding
    from risk.firms.losses import FirmLosses

_OFFERED = 100
_BARS = 10
_LISTED = 200
_HALF = 0.5
_FELT = 0.01


def draw_stop(standing: NetworkStanding, firms: pd.DataFrame) -> None:
    """Draw what stops when a chosen firm stops.

    Parameters
    ----------
    standing
        A network with a run.
    firms
        From `views.firm_frames.make_firms`.
    """
    row = _choose(firms)
    losses = firm_queries.load_losses(standing, int(row["firm"]))
    affected = list_affected(firms, losses, int(row["firm"]))
    st.markdown(_tell(row, losses, affected))
    if not formatting.is_missing(row["key"]):
        node_link(str(row["chain_id"]), str(row["key"]))
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        st.markdown(_("**损失最多的企业**(占全网销售)"))
        _draw_bars(affected.assign(name=affected["label"]), key="firm_stop_firms")
    with right:
        st.markdown(_("**损失最多的行业**(占全网销售)"))
        sectors = affected.groupby("sector", sort=True)["part"].sum().reset_index()
        sectors = sectors.sort_values(["part", "sector"], ascending=[False, True], ignore_index=True)
        _draw_bars(sectors.assign(name=sectors["sector"], is_self=False), key="firm_stop_sectors")
    _draw_affected(affected)


def _choose(firms: pd.DataFrame) -> pd.Series:
    words_place, firm_place = st.columns([1, 2])
    with words_place:
        words = st.text_input(
            _("缩小范围"),
            key="firm_stop_words",
            placeholder=_("名称、编号、行业或城市"),
            icon=":material/search:",
        )
    found = find_firms(firms, words)
    offered = found if not found.empty else firms
    ids = [str(firm_id) for firm_id in offered["firm_id"].head(_OFFERED)]
    linked = session.read_link("firm")
    if not words.strip() and linked in set(firms["firm_id"]) and linked not in ids:
        ids = [str(linked), *ids]
    places = {str(firm_id): place for place, firm_id in enumerate(firms["firm_id"])}
    with firm_place:
        chosen = session.choose(
            _("哪家企业停下"),
            "firm",
            options=ids,
            default=ids[0],
            show=lambda firm_id: _option(firms.iloc[places[firm_id]]),
        )
    if found.empty:
        st.caption(_("没有符合“{words}”的企业。").format(words=words.strip()))
    return firms.iloc[places[chosen]]


def _option(row: pd.Series) -> str:
    return f"{row['label']} · {row['sector']} · {formatting.percent(row['esri'])}"


def _tell(row: pd.Series, losses: FirmLosses, affected: pd.DataFrame) -> str:
    others = affected[~affected["is_self"]]
    half = int((others["lost"] >= _HALF).sum())
    return _(
        "**{name}** 停下：全网销售停掉 **{index}**(第 {rank} 位)，其中它自己占 {own}；"
        "因缺投入 {down}，因失客户 {up}；传导 {sweeps} 轮后停止。"
        "另有 {n} 家停掉自身产出的 1% 以上，其中 {half} 家停掉一半以上。"
    ).format(
        name=row["label"],
        index=formatting.percent(losses.esri),
        rank=formatting.count(row["rank"]),
        own=formatting.percent(row["share"]),
        down=formatting.percent(row["esri_down"]),
        up=formatting.percent(row["esri_up"]),
        sweeps=losses.sweeps,
        n=formatting.count(int((others["lost"] >= _FELT).sum())),
        half=formatting.count(half),
    )


def _draw_bars(parts: pd.DataFrame, *, key: str) -> None:
    draw_chart(
        charts_firms.affected_bars(parts.head(_BARS)),
        table=parts.head(_LISTED),
        columns=[Column("name", _("名称")), Column("part", _("占全网销售"), "percent")],
        name=key.replace("_", "-"),
        key=key,
        height=40 + 26 * min(_BARS, len(parts)),
        alt=_("一家企业停下后各家损失占全网销售的份额"),
    )


def _draw_affected(affected: pd.DataFrame) -> None:
    st.markdown(_("**波及的企业**(停掉自身产出的 1% 以上)"))
    felt = affected[affected["lost"] >= _FELT]
    shown = name_cities(felt.head(_LISTED)).reset_index(drop=True)
    draw_table(
        shown,
        [
            Column("label", _("企业"), width=220),
            Column("sector", _("行业"), width=110),
            Column("city_name", _("城市"), width=90),
            Column("lost", _("停掉自身产出"), "percent", width=110),
            Column("lost_down", _("缺投入"), "percent", width=90),
            Column("lost_up", _("失客户"), "percent", width=90),
            Column("part", _("占全网销售"), "percent", width=110),
        ],
        name="firm-affected",
        key="firm_affected",
    )
    if len(felt) > _LISTED:
        st.caption(
            _("共 {n} 家停掉自身产出的 1% 以上，这里是损失最多的 {shown} 家。").format(
                n=formatting.count(len(felt)), shown=_LISTED
            )
        )
