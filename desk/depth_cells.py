"""Backup depths as rows of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.errors import Sentence
from risk.depth.families import ORDER_CAP
from risk.depth.model import DepthLevel, FakeKind

if TYPE_CHECKING:
    from desk.depth import DepthReport
    from desk.output import Cell
    from risk.depth.model import CutSet, FakeBackup, Hidden, LevelDepth, TargetDepth

DEPTH_COLUMNS = (
    "kind", "buyer", "item", "name_zh", "sources", "others",
    *(f"{part}_{level}" for level in DepthLevel for part in ("least", "most", "left", "cut_sets")),
    "fake", "fake_level", "fake_key", "fake_sure", "fake_left", "fake_hides",
)  # fmt: skip
"""Columns of ``depth --format csv``; later ones are only ever added."""
_LEVEL_WORDS = {
    "zh": {"firm": "企业", "parent": "集团", "city": "市", "country": "国家/地区"},
    "en": {"firm": "firm", "parent": "parent", "city": "city", "country": "country"},
}
_FAKE_WORDS = {
    "zh": {"own": "假备份", "input": "共用上游"},
    "en": {"own": "fake backup", "input": "shared input"},
}
# Cut sets written in a table: of all four levels the finest, of one level asked for.
_BRIEF_SETS, _LEVEL_SETS = 3, 12
# Less than this would be written as 0 %.
LEFT_TO_SPEAK_OF = 0.005


def brief_columns(level: DepthLevel | None) -> tuple[str, ...]:
    """Columns of the plain table.

    Parameters
    ----------
    level
        Only this level; ``None`` for all four.

    Returns
    -------
    tuple of str
        Names of columns of `brief_cells`.
    """
    levels = tuple(DepthLevel) if level is None else (level,)
    return ("kind", "buyer", "item", "name_zh", "sources", *levels, "cut_sets", "fake", "hides")


def full_columns(level: DepthLevel | None) -> tuple[str, ...]:
    """Columns of csv and json.

    Parameters
    ----------
    level
        Only this level; ``None`` for all four.

    Returns
    -------
    tuple of str
        Names of columns of `full_cells`.
    """
    others = tuple(f"_{one}" for one in DepthLevel if level is not None and one is not level)
    return tuple(name for name in DEPTH_COLUMNS if not name.endswith(others) or name == "fake_level")


def cap_sentence() -> Sentence:
    """Say up to how many nodes cut sets are searched."""
    return Sentence(
        f"cut sets are searched up to {ORDER_CAP} nodes; >{ORDER_CAP}: more than that must stop together",
        f"割集最多查到 {ORDER_CAP} 个节点;>{ORDER_CAP} 表示要同时停下更多才断得了",
    )


def full_cells(report: DepthReport) -> list[dict[str, Cell]]:
    """Write depths as rows for programs.

    Parameters
    ----------
    report
        From `desk.depth.measure_backups`.

    Returns
    -------
    list of dict
        Cells by `DEPTH_COLUMNS`: ``most`` blank where no cut set of known nodes was found, ``least`` 4 for
        more than three, nodes of a cut set joined by ``+``.
    """
    return [_full_row(report, depth) for depth in report.depths]


def brief_cells(report: DepthReport, *, level: DepthLevel | None, language: str) -> list[dict[str, Cell]]:
    """Write depths as rows for people.

    Parameters
    ----------
    report
        From `desk.depth.measure_backups`.
    level
        Only this level; ``None`` for all four.
    language
        ``zh`` or ``en``.

    Returns
    -------
    list of dict
        Cells by `brief_columns`.
    """
    return [_brief_row(report, depth, level, language) for depth in report.depths]


def depth_text(depth: LevelDepth, language: str) -> str:
    """Write one depth for a person.

    Parameters
    ----------
    depth
        By one level.
    language
        ``zh`` or ``en``.

    Returns
    -------
    str
        ``2``, ``2(+未列明 30 %)``, ``>3``; where it is not certain 待核实 with the bounds that are.
    """
    text = _bounds(depth) + (_others(depth.cuts[0], language) if depth.cuts else "")
    if depth.exact:
        return text
    unsure = "待核实" if language == "zh" else "to verify"
    return f"{unsure} {text}" if text else unsure


def _others(cut: CutSet, language: str) -> str:
    """Write what unnamed others still serve; nothing when it is next to nothing."""
    if cut.left <= LEFT_TO_SPEAK_OF:
        return ""
    part = f"{100 * cut.left:.0f} %"
    return f"(+未列明 {part})" if language == "zh" else f"(+unnamed {part})"


def _bounds(depth: LevelDepth) -> str:
    """Write what is certain of a depth; nothing when nothing is."""
    if depth.exact:
        return f">{ORDER_CAP}" if depth.most is None else str(depth.most)
    if depth.most is None:
        return "" if depth.least <= 1 else f"≥{min(depth.least, ORDER_CAP)}"
    return f"{depth.least}–{depth.most}"


def _full_row(report: DepthReport, depth: TargetDepth) -> dict[str, Cell]:
    row: dict[str, Cell] = _head(report, depth) | {"others": depth.others}
    for one in depth.levels:
        row |= {
            f"least_{one.level}": one.least,
            f"most_{one.level}": one.most,
            f"left_{one.level}": one.cuts[0].left if one.cuts else None,
            f"cut_sets_{one.level}": tuple("+".join(cut.keys) for cut in one.cuts),
        }
    if depth.fakes:
        fake = depth.fakes[0]
        row |= {
            "fake": fake.kind.value,
            "fake_level": fake.level.value,
            "fake_key": fake.key,
            "fake_sure": fake.sure,
            "fake_left": fake.left,
            "fake_hides": tuple(_way(one) for one in fake.hides),
        }
    return row


def _head(report: DepthReport, depth: TargetDepth) -> dict[str, Cell]:
    target = depth.target
    return {
        "kind": target.kind.value,
        "buyer": target.buyer_id,
        "item": target.item_id,
        "name_zh": report.items[target.item_id].name_zh,
        "sources": len(depth.sources),
    }


def _brief_row(
    report: DepthReport, depth: TargetDepth, level: DepthLevel | None, language: str
) -> dict[str, Cell]:
    row = _head(report, depth)
    chosen = [one for one in depth.levels if level is None or one.level is level]
    row |= {one.level.value: depth_text(one, language) for one in chosen}
    shown = next((one for one in chosen if one.cuts), None)
    most = _BRIEF_SETS if level is None else _LEVEL_SETS
    row["cut_sets"] = None if shown is None else _sets(shown, language, most)
    row["fake"], row["hides"] = _fake_words(report, depth.fakes[0], language) if depth.fakes else (None, None)
    return row


def _sets(depth: LevelDepth, language: str, most: int) -> str:
    texts = [f"{{{', '.join(cut.keys)}}}{_others(cut, language)}" for cut in depth.cuts[:most]]
    more = f" +{depth.cut_count - len(texts)}" if depth.cut_count > len(texts) else ""
    return f"{_LEVEL_WORDS[language][depth.level]}: {' '.join(texts)}{more}"


def _fake_words(report: DepthReport, fake: FakeBackup, language: str) -> tuple[str, str]:
    word = _FAKE_WORDS[language][fake.kind]
    if not fake.sure:
        word += "(待核实)" if language == "zh" else " (to verify)"
    node = f"{_LEVEL_WORDS[language][fake.level]} {fake.key}"
    if fake.shared_item is not None and fake.kind is FakeKind.INPUT:
        items = fake.hides[0].via
        return word, f"{node} ← {' ← '.join(_item_name(report, item_id) for item_id in reversed(items))}"
    return word, f"{node}: {'; '.join(_way(one) for one in fake.hides)}"


def _item_name(report: DepthReport, item_id: str) -> str:
    return report.items[item_id].name_zh if item_id in report.items else item_id


def _way(hidden: Hidden) -> str:
    """Write the way of a stop to a source: ``LOC ← RESIN ← RES1``."""
    if not hidden.via:
        return hidden.supplier_id
    return " ← ".join([hidden.supplier_id, *hidden.via, "/".join(hidden.stopped)])
