"""Backup depth, fake backups and concentration in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.concentration.measure import GroupedBy
from risk.depth.families import ORDER_CAP
from risk.depth.model import DepthLevel, FakeKind, Why
from risk.model import Verdict
from views import formatting
from views.categories import place_name
from views.i18n import _

if TYPE_CHECKING:
    from desk.concentration import ConcentrationReport
    from desk.depth import DepthReport
    from risk.concentration.hhi import Range
    from risk.depth.model import CutSet, FakeBackup, Hidden, LevelDepth

# Less than this is written as 0 % and left out.
LEFT_TO_SPEAK_OF = 0.005
_ARROW = " ← "


def level_words(level: DepthLevel) -> str:
    """Name a level that depth is counted by.

    Parameters
    ----------
    level
        Which.

    Returns
    -------
    str
        企业, 集团, 市 or 国家/地区.
    """
    return {
        DepthLevel.FIRM: _("企业"),
        DepthLevel.PARENT: _("集团"),
        DepthLevel.CITY: _("市"),
        DepthLevel.COUNTRY: _("国家/地区"),
    }[level]


def group_words(by: GroupedBy) -> str:
    """Name what shares are added by.

    Parameters
    ----------
    by
        Which kind of group.

    Returns
    -------
    str
        企业, 集团, 市, 国家/地区 or 圈层.
    """
    return _("圈层") if by is GroupedBy.RING else level_words(DepthLevel(by.value))


def depth_text(depth: LevelDepth) -> str:
    """Write one depth.

    Parameters
    ----------
    depth
        By one level.

    Returns
    -------
    str
        ``2``, ``2(+未列明 30%)``, ``>3``, 待核实 or 待核实(1–3).
    """
    left = depth.cuts[0].left if depth.cuts else 0.0
    if depth.exact:
        number = f">{ORDER_CAP}" if depth.most is None else str(depth.most)
        return number + _left_text(left)
    if depth.most is not None:
        bounds = f"{depth.least}–{depth.most}"
    elif depth.least > 1:
        bounds = f"≥{min(depth.least, ORDER_CAP)}"
    else:
        return _("待核实")
    return _("待核实({bounds})").format(bounds=bounds) + _left_text(left)


def _left_text(left: float) -> str:
    if left <= LEFT_TO_SPEAK_OF:
        return ""
    return _("(+未列明 {part})").format(part=f"{100 * left:.0f}%")


def why_words(why: Why) -> str:
    """Say why a depth is not certain.

    Parameters
    ----------
    why
        One reason.

    Returns
    -------
    str
        Half a sentence.
    """
    return {
        Why.COUNTRY_ROWS: _("有来源只知道国家/地区、不知道企业"),
        Why.NO_SOURCES: _("上游有物料没有写明来源"),
        Why.NO_PLACE: _("有来源没有写明所在地"),
    }[why]


def fake_name(fake: FakeBackup) -> str:
    """Name a fake backup, marked where it is not certain.

    Parameters
    ----------
    fake
        Of one target.

    Returns
    -------
    str
        假备份 or 共用上游, with (待核实).
    """
    names = {FakeKind.OWN: _("假备份"), FakeKind.INPUT: _("共用上游")}
    unsure = {FakeKind.OWN: _("假备份(待核实)"), FakeKind.INPUT: _("共用上游(待核实)")}
    return (names if fake.sure else unsure)[fake.kind]


def node_text(report: DepthReport, level: DepthLevel, key: str) -> str:
    """Name a node of a cut set.

    Parameters
    ----------
    report
        With the names of suppliers.
    level
        What the key names.
    key
        As in `risk.nodes`.

    Returns
    -------
    str
        In the session's language.
    """
    if level is DepthLevel.COUNTRY:
        return formatting.country_name(key)
    if level is DepthLevel.CITY:
        return place_name(key.rpartition("/")[2])
    return supplier_text(report, key)


def supplier_text(report: DepthReport | ConcentrationReport, supplier_id: str) -> str:
    """Name a supplier; the makers of a country by their country.

    Parameters
    ----------
    report
        With the names of suppliers.
    supplier_id
        Which.

    Returns
    -------
    str
        In the session's language.
    """
    found = report.suppliers.get(supplier_id)
    return supplier_id if found is None else formatting.name_of(found.name_zh, found.name_en, supplier_id)


def item_text(report: DepthReport, item_id: str) -> str:
    """Name an item.

    Parameters
    ----------
    report
        With the names of items.
    item_id
        Which.

    Returns
    -------
    str
        In the session's language.
    """
    found = report.items.get(item_id)
    return item_id if found is None else formatting.name_of(found.name_zh, found.name_en, item_id)


def cut_text(report: DepthReport, level: DepthLevel, cut: CutSet) -> str:
    """Write a cut set.

    Parameters
    ----------
    report
        With names.
    level
        Of its nodes.
    cut
        Which.

    Returns
    -------
    str
        Names joined by a plus sign.
    """
    return " + ".join(node_text(report, level, key) for key in cut.keys)


def hides_text(report: DepthReport, fake: FakeBackup) -> str:
    """Say what a fake backup hides.

    Parameters
    ----------
    report
        With names.
    fake
        Of one target.

    Returns
    -------
    str
        One sentence.
    """
    node = _marked(fake.level, node_text(report, fake.level, fake.key))
    if fake.kind is FakeKind.INPUT and fake.shared_item is not None:
        way = _ARROW.join(item_text(report, item_id) for item_id in fake.hides[0].via)
        sentence = _("{node}停下，谁来做都缺料：{way}").format(
            node=node, way=f"{way}{_ARROW}{_ends(report, fake)}"
        )
    else:
        ways = _("；").join(_way_text(report, one) for one in fake.hides)
        sentence = _("{node}停下，名单上的 {n} 个来源同时断：{ways}").format(
            node=node, n=len(fake.hides), ways=ways
        )
    if fake.left > LEFT_TO_SPEAK_OF:
        sentence += _("(未列明来源还能供 {part})").format(part=formatting.percent(fake.left))
    return sentence


def _marked(level: DepthLevel, name: str) -> str:
    """Say of a name that it is a group or a city; firms and countries are known by their names."""
    if level is DepthLevel.PARENT:
        return _("{name}(集团)").format(name=name)
    return _("{name}(市)").format(name=name) if level is DepthLevel.CITY else name


def _ends(report: DepthReport, fake: FakeBackup) -> str:
    return _("、").join(supplier_text(report, one) for one in fake.hides[0].stopped)


def _way_text(report: DepthReport, hidden: Hidden) -> str:
    name = supplier_text(report, hidden.supplier_id)
    if not hidden.via:
        return name
    ends = _("、").join(supplier_text(report, one) for one in hidden.stopped)
    return _ARROW.join([name, *(item_text(report, item_id) for item_id in hidden.via), ends])


def range_text(found: Range | None, *, known: bool = True) -> str:
    """Write an index with its range.

    Parameters
    ----------
    found
        Both ends; ``None`` when only countries are known.
    known
        Whether any share is known at all.

    Returns
    -------
    str
        ``0.34–0.58`` or ``0.34``; 未知 when nothing is known.
    """
    if found is None or not known:
        return formatting.unknown()
    low, high = f"{found.low:.2f}", f"{found.high:.2f}"
    return low if low == high else f"{low}–{high}"


def share_text(found: Range | None) -> str:
    """Write a share with its range.

    Parameters
    ----------
    found
        Both ends, 0 to 1; ``None`` when there is none.

    Returns
    -------
    str
        ``30%–50%`` or ``30%``; 未知 when it may be anything.
    """
    if found is None or (found.low <= LEFT_TO_SPEAK_OF and found.high >= 1 - LEFT_TO_SPEAK_OF):
        return formatting.unknown()
    low, high = f"{100 * found.low:.0f}%", f"{100 * found.high:.0f}%"
    return low if low == high else f"{low}–{high}"


def effective_text(found: Range | None, *, known: bool = True) -> str:
    """Write a number of effective sources, 1/HHI, with its range.

    Parameters
    ----------
    found
        Both ends of the index.
    known
        Whether any share is known at all.

    Returns
    -------
    str
        ``1.7–2.9``; 未知 when nothing is known.
    """
    if found is None or not known or found.low <= 0:
        return formatting.unknown()
    low, high = f"{1 / found.high:.1f}", f"{1 / found.low:.1f}"
    return low if low == high else f"{low}–{high}"


def line_verdict(verdict: Verdict) -> str:
    """Name a verdict against one line.

    Parameters
    ----------
    verdict
        Of a range.

    Returns
    -------
    str
        高于线, 低于线 or 待核实.
    """
    return {
        Verdict.ABOVE: _("高于线"),
        Verdict.BELOW: _("低于线"),
        Verdict.CANNOT_TELL: _("待核实"),
        Verdict.COUNTRY_ONLY: _("待核实(只有国家份额)"),
    }[verdict]
