"""Backup depth and concentration as frames for tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from chains.model import Scope
from risk.concentration.measure import GroupedBy
from risk.depth.model import DepthLevel, FakeKind, TargetKind
from views import depth_words, formatting
from views.categories import place_name
from views.components.columns import Column
from views.i18n import _
from views.node_facts import node_link, resolved_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk.concentration import ConcentrationReport
    from desk.depth import DepthReport
    from risk.concentration.measure import Concentration
    from risk.depth.model import FakeBackup, TargetDepth

NO_FAKE = "none"


def target_frame(
    depths: DepthReport, shares: ConcentrationReport, chain_id: str, *, kind: TargetKind
) -> pd.DataFrame:
    """List items, or inputs of buyers, with depth and concentration; fake backups first.

    Parameters
    ----------
    depths, shares
        Of the chain.
    chain_id
        The chain shown.
    kind
        Items or slots.

    Returns
    -------
    pandas.DataFrame
        One row a target: ``buyer``, ``name``, ``sources``, one column a level, ``fake`` and ``fake_kind``
        (``own``, ``input`` or ``none``, with ``?`` where not certain), ``hhi``, ``verdict`` and its name,
        ``percentile``, ``effective``, ``foreign``, and the node to open.
    """
    by_country = {(one.item_id, one.buyer_id): one for one in _shown(shares, GroupedBy.COUNTRY)}
    abroad = {(one.item_id, one.buyer_id): one for one in shares.foreign if one.shown}
    rows = []
    for depth in depths.depths:
        if depth.target.kind is not kind:
            continue
        key = (depth.target.item_id, depth.target.buyer_id if depth.target.own_list else None)
        found = abroad.get(key)
        rows.append(
            _target_row(depths, depth, chain_id)
            | _share_row(by_country.get(key))
            | {"foreign": depth_words.share_text(found.share if found else None)}
        )
    frame = pd.DataFrame(rows)
    return frame if frame.empty else frame.sort_values("order", kind="stable", ignore_index=True)


def _target_row(report: DepthReport, depth: TargetDepth, chain_id: str) -> dict[str, Any]:
    target = depth.target
    fake = depth.fakes[0] if depth.fakes else None
    row: dict[str, Any] = {
        "buyer": depth_words.supplier_text(report, target.buyer_id) if target.buyer_id else None,
        "name": depth_words.item_text(report, target.item_id),
        "item_id": target.item_id,
        "list": _("自己的名录") if target.own_list else _("市场"),
        "sources": float(len(depth.sources)),
        "fake": depth_words.fake_name(fake) if fake else None,
        "fake_kind": fake_kind(fake),
        "hides": depth_words.hides_text(report, fake) if fake else None,
        "order": _order(fake),
    }
    row |= {one.level.value: depth_words.depth_text(one) for one in depth.levels}
    if target.buyer_id is not None:
        return row | node_link(chain_id, Scope.SUPPLIER, target.buyer_id)
    return row | node_link(chain_id, Scope.ITEM, target.item_id)


def fake_kind(fake: FakeBackup | None) -> str:
    """Name the class of a target that filters know: ``own``, ``own?``, ``input``, ``input?`` or ``none``."""
    if fake is None:
        return NO_FAKE
    return fake.kind.value if fake.sure else f"{fake.kind.value}?"


def _order(fake: FakeBackup | None) -> int:
    return [FakeKind.OWN, "own?", FakeKind.INPUT, "input?", NO_FAKE].index(fake_kind(fake))


def _share_row(one: Concentration | None) -> dict[str, Any]:
    if one is None:
        return {"hhi": formatting.NOT_APPLICABLE, "verdict": None, "verdict_name": formatting.NOT_APPLICABLE}
    known = bool(one.groups)
    return {
        "hhi": depth_words.range_text(one.hhi, known=known),
        "verdict": one.verdict.value,
        "verdict_name": depth_words.line_verdict(one.verdict),
        "percentile": one.percentile,
        "effective": depth_words.effective_text(one.hhi, known=known),
    }


def depth_columns() -> list[Column]:
    """List the columns of the four levels."""
    help_text = _("至少同时停下几个，才断得了所有已列名的来源；上游也算在内。")
    return [
        Column(level.value, depth_words.level_words(level), help_text=help_text, width=100)
        for level in DepthLevel
    ]


def target_columns(kind: TargetKind) -> list[Column]:
    """List the columns of `target_frame`.

    Parameters
    ----------
    kind
        Items or slots.

    Returns
    -------
    list of Column
        Buyers first where there are any.
    """
    none = formatting.NOT_APPLICABLE
    buyer = [Column("buyer", _("企业"), width=215), Column("list", _("货源"), width=84)]
    slot = kind is TargetKind.SLOT
    return [
        *(buyer[:1] if slot else []),
        Column("name", _("物料/环节"), width=200 if slot else 150),
        Column("fake", _("假备份"), missing=none, width=132),
        Column("sources", _("来源数"), "count", width=60),
        *depth_columns(),
        *(buyer[1:] if slot else []),
        Column("hhi", _("HHI(国家/地区)"), width=104),
        Column("verdict_name", _("结论"), width=72),
        Column("percentile", _("链内分位"), "percent", missing=none, width=74),
        Column("effective", _("有效来源"), missing=none, width=74),
        Column("foreign", _("境外份额"), width=80),
        Column("hides", _("藏着什么"), missing=none, width="large"),
    ]


def cut_frame(report: DepthReport) -> pd.DataFrame:
    """List the cut sets of the end products, the smallest first.

    Parameters
    ----------
    report
        Of the chain.

    Returns
    -------
    pandas.DataFrame
        One row a cut set: ``end``, ``level_key``, ``size``, ``nodes``, ``left``, ``sure``, ``verdict``.
    """
    rows = [
        {
            "end": depth_words.item_text(report, depth.target.item_id),
            "level_key": one.level.value,
            "size": float(len(cut.keys)),
            "nodes": depth_words.cut_text(report, one.level, cut),
            "left": cut.left,
            "sure": cut.left_low < report.structural_need,
            "verdict": _("已确认") if cut.left_low < report.structural_need else _("待核实"),
        }
        for depth in report.depths
        if depth.target.kind is TargetKind.END
        for one in depth.levels
        for cut in one.cuts
    ]
    return pd.DataFrame(rows, columns=["end", "level_key", "size", "nodes", "left", "sure", "verdict"])


def cut_columns() -> list[Column]:
    """List the columns of `cut_frame`."""
    return [
        Column("nodes", _("割集"), width=430),
        Column("size", _("几个一起停"), "count", width=112),
        Column("verdict", _("结论"), width=80),
        Column(
            "left",
            _("未列明来源还能供"),
            "percent",
            help_text=_("当天、不计库存和替代；不为零时这一割集要先核实。"),
            width=150,
        ),
        Column("end", _("哪个终端产品"), width="medium"),
    ]


def concentration_frame(shares: ConcentrationReport, keys: Iterable[tuple[str, str | None]]) -> pd.DataFrame:
    """List the concentration of some source lists by every kind of group.

    Parameters
    ----------
    shares
        Of the chain.
    keys
        Item and buyer, ``None`` for the market.

    Returns
    -------
    pandas.DataFrame
        One row a list and group: ``by``, ``hhi``, ``verdict_name``, ``effective``, ``percentile``,
        ``largest``, ``view``.
    """
    wanted = set(keys)
    rows = [
        {
            "by": depth_words.group_words(one.by),
            "largest": _largest(shares, one),
            "view": _("名录") if one.buyer_id else resolved_name(one.view),
        }
        | _share_row(one)
        for one in shares.rows
        if one.shown and (one.item_id, one.buyer_id) in wanted
    ]
    return pd.DataFrame(rows)


def concentration_columns() -> list[Column]:
    """List the columns of `concentration_frame`."""
    none = formatting.NOT_APPLICABLE
    return [
        Column("by", _("按什么计"), width=100),
        Column("hhi", _("HHI"), width=100),
        Column("verdict_name", _("结论"), width=130),
        Column("effective", _("有效来源"), width=100, help_text=_("1/HHI：相当于几个一样大的来源。")),
        Column("percentile", _("链内分位"), "percent", missing=none, width=90),
        Column("largest", _("已知的最大一份"), missing=none, width="medium"),
        Column("view", _("份额口径"), width=130),
    ]


def _shown(shares: ConcentrationReport, by: GroupedBy) -> Iterable[Concentration]:
    return (one for one in shares.rows if one.shown and one.by is by)


def _largest(shares: ConcentrationReport, one: Concentration) -> str | None:
    if not one.groups:
        return None
    key, share = one.groups[0]
    return f"{_group_name(shares, one.by, key)} {formatting.percent(share)}"


def _group_name(shares: ConcentrationReport, by: GroupedBy, key: str) -> str:
    if by is GroupedBy.COUNTRY:
        return formatting.country_name(key)
    if by is GroupedBy.RING:
        return formatting.ring_name(key)
    if by is GroupedBy.CITY:
        return place_name(key.rpartition("/")[2])
    return depth_words.supplier_text(shares, key)
