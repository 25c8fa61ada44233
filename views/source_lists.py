"""境外对我, 境内集中, 我对境外: who can stop delivering to us, where we are narrow, who leans on us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.model import Mode, Perspective, Scope
from desk.rows import deciding_columns
from risk.model import Verdict
from views import charts, formatting, frames, node_columns, queries, session
from views.charts_ranges import range_bars
from views.components.chart import draw_chart
from views.components.columns import Column
from views.i18n import _

if TYPE_CHECKING:
    from views.queries import ChainState
    from views.session import Selection

TOP = 10
_HOME_SCOPES = (Scope.PROVINCE, Scope.CITY, Scope.PARENT, Scope.SUPPLIER)
_BY = ("country", "group", "whole")
_LABEL_GAP = " · "
_ENDS = ("low", "point", "high")
_SCOPE_ORDER = {scope.value: place for place, scope in enumerate(Scope)}


def draw_lists(state: ChainState, selection: Selection) -> None:
    """Draw the three lists of one chain seen from home.

    Parameters
    ----------
    state
        A chain with a run from home.
    selection
        Mode and horizon.
    """
    foreign, home, outward = st.tabs([_("境外对我"), _("境内集中"), _("我对境外")])
    with foreign:
        _draw_foreign(state, selection)
    with home:
        st.caption(_("境内的省、市、集团和企业停产时，境内终端产出少多少(低端值)。"))
        scores = queries.load_scores(state, selection.mode, selection.horizon)
        listed = frames.select_listed(scores, _HOME_SCOPES)
        listed = listed[listed["home"].eq(True).fillna(value=False).astype(bool)]
        _draw_steps(frames.add_waterfall(rank_by_ends(listed, selection.mode).head(TOP)), name="home")
    with outward:
        _draw_outward(state, selection)


def list_sources(scores: pd.DataFrame, *, home: bool, by: str, mode: Mode) -> pd.DataFrame:
    """List source nodes of one side: by the low end, then the point, then the high end.

    Parameters
    ----------
    scores
        Of source nodes.
    home
        True for sources at home.
    by
        ``country`` for a country as source of an item, ``group`` for a group or firm.
    mode
        Decides the score: residual of run, exposure of build.

    Returns
    -------
    pandas.DataFrame
        With ``low``, ``point`` and ``high`` of that score, the largest first.
    """
    owner = scores["key"].str.partition("/")[0].str.removeprefix("country:")
    is_country = owner.eq(scores["country"]).fillna(value=False).astype(bool)
    on_side = scores["home"].eq(home).fillna(value=False).astype(bool)
    listed = scores[on_side & (is_country if by == "country" else ~is_country)]
    ranked = rank_by_ends(listed, mode).dropna(subset=["high"])
    return ranked[ranked["high"] > 0]


def rank_by_ends(scores: pd.DataFrame, mode: Mode) -> pd.DataFrame:
    """Order nodes as `lianwen scores --perspective home --top` does: by the score that decides in a mode.

    Parameters
    ----------
    scores
        With the columns of `desk.rows.deciding_columns`, ``scope`` and ``key``.
    mode
        Residual of run, exposure of build.

    Returns
    -------
    pandas.DataFrame
        With ``low``, ``point`` and ``high`` of that score, the largest low end first; without scores last.
    """
    names = deciding_columns(mode)
    found = scores.assign(**dict(zip(_ENDS, (scores[name] for name in names), strict=True)))
    # Rounded as they are written, so that noise in the last bits does not order what looks equal.
    order = found[[*_ENDS]].astype("float64").round(9)
    order = order.assign(key=found["key"], scope=found["scope"].map(_SCOPE_ORDER))
    falling = [False] * len(_ENDS) + [True, True]
    return found.loc[order.sort_values([*_ENDS, "key", "scope"], ascending=falling, kind="stable").index]


def _choose_by(name: str, options: tuple[str, ...]) -> str:
    return session.choose_segment(_("按什么列"), name, options=options, default=options[0], show=_by_name)


def _by_name(value: str) -> str:
    names = {
        "country": _("国家/地区-物料"),
        "group": _("集团或企业-物料"),
        "whole": _("整个国家、集团或企业"),
    }
    return names[value]


def _draw_foreign(state: ChainState, selection: Selection) -> None:
    by = _choose_by("cutsby", _BY)
    if by == "whole":
        scores = queries.load_scores(state, selection.mode, selection.horizon)
        listed = frames.select_listed(scores)
        listed = listed[listed["home"].eq(False).fillna(value=False).astype(bool)]
        found = rank_by_ends(listed, selection.mode)
        found = found[found["high"] > 0]
    else:
        scores = queries.load_sources(state, selection.mode, selection.horizon, perspective=Perspective.HOME)
        found = list_sources(scores, home=False, by=by, mode=selection.mode)
    if found.empty:
        st.info(_("没有境外来源的断供会减少境内产出。"))
        return
    uses = queries.load_home_uses(state)
    # A whole country or group delivers many items; only of one item there is one share.
    known = [None if by == "whole" else uses.get(key.partition("/")[2]) for key in found["key"]]
    found = found.assign(home_use=pd.Series(known, index=found.index, dtype="float64"))
    _say_open(found, state, is_whole=by == "whole")
    _draw_ranges(found.head(TOP), selection.mode, name=f"foreign-{by}")


def _say_open(found: pd.DataFrame, state: ChainState, *, is_whole: bool) -> None:
    """Say how many of the list rest on an unknown share of home in world use, and what that means."""
    certain = int((found["low"] > 0).sum())
    st.caption(
        _(
            "按断供计：它不再向境内供给该物料，工厂照开。排序先看低端值，再看点值；"
            "共 {n} 个，低端值大于 0 的 {certain} 个；{open} 个**待核实**，不是 0。"
        ).format(
            n=formatting.count(len(found)),
            certain=formatting.count(certain),
            open=formatting.count(int(found["verdict"].eq(Verdict.CANNOT_TELL.value).sum())),
        )
    )
    blank = 0 if is_whole else int(found["home_use"].isna().sum())
    if blank:
        st.caption(
            _(
                "其中 {n} 个的**境内用量占比未知**(点值按它所进入环节的境内份额推算，没有时按 {part})："
                "境内用不用它、用多少没有数据，"
                "所以范围从几乎不受影响到全部受影响。填上占比(items.csv 的 home_use)，范围就会收窄。"
            ).format(n=formatting.count(blank), part=_default_home_use(state))
        )


def _default_home_use(state: ChainState) -> str:
    if state.chain.home_use is not None:
        return formatting.percent(state.chain.home_use)
    stored = state.run.parameters.get("defaults") if state.run else None
    part = stored.get("home_use") if isinstance(stored, dict) else None
    return formatting.percent(part)


def _draw_ranges(found: pd.DataFrame, mode: Mode, *, name: str) -> None:
    shown = node_columns.prepare(found).reset_index(drop=True)
    unknown = _("未知，点值为推算")
    shown["home_use"] = [
        unknown if formatting.is_missing(use) else formatting.percent(use) for use in shown["home_use"]
    ]
    shown["label"] = [f"{place}. {text}" for place, text in enumerate(shown["name"], start=1)]
    score = _("断供冲击") if mode is Mode.BUILD else _("净损失")
    chosen = draw_chart(
        range_bars(shown),
        table=shown,
        columns=[
            Column("name", _("节点"), width=220),
            Column("low", _("{score}低端").format(score=score), "percent", width=100),
            Column("point", _("{score}点值").format(score=score), "percent", width=100),
            Column("high", _("{score}高端").format(score=score), "percent", width=100),
            Column("verdict_name", _("判断"), width=76),
            *([] if name == "foreign-whole" else [Column("home_use", _("境内用量占比"), width=150)]),
            Column("tts_days_point", _("起始日(点值)"), "days", missing=formatting.NOT_APPLICABLE, width=100),
        ],
        name=f"worst-{name}",
        key=f"worst_{name}",
        height=70 + 28 * len(shown),
        alt=_("断供来源的低端值、点值和高端值"),
        selectable=True,
    )
    _open(shown, chosen)


def _draw_outward(state: ChainState, selection: Selection) -> None:
    st.caption(_("全球视角：我方某一来源停供时，全球终端产出少多少(低端值)。这是别人对我们的依赖。"))
    by = _choose_by("holdby", _BY[:2])
    scores = queries.load_sources(state, selection.mode, selection.horizon, perspective=Perspective.WORLD)
    found = list_sources(scores, home=True, by=by, mode=selection.mode)
    _draw_steps(frames.add_waterfall(found[found["low"] > 0].head(TOP)), name="outward")


def _draw_steps(worst: pd.DataFrame, *, name: str) -> None:
    if worst.empty:
        st.info(_("这一侧没有可评分的节点。"))
        return
    worst = node_columns.prepare(worst).reset_index(drop=True)
    names = worst["name"]
    if len(set(worst["scope"])) > 1:
        names = names + _LABEL_GAP + worst["scope_name"]
    labels = [f"{place}. {text}" for place, text in enumerate(names, start=1)]
    chosen = draw_chart(
        charts.waterfall_bars(worst.assign(label=labels)),
        table=worst,
        columns=node_columns.worst_columns(),
        name=f"worst-{name}",
        key=f"worst_{name}",
        height=60 + 26 * len(worst),
        alt=_("最差节点的断供冲击、替代减少、库存减少和净损失"),
        selectable=True,
    )
    _open(worst, chosen)


def _open(shown: pd.DataFrame, chosen: list[int]) -> None:
    if chosen and chosen[0] < len(shown):
        node = shown.iloc[chosen[0]]
        session.open_page("node", chain=node["chain_id"], scope=node["scope"], key=node["key"])
