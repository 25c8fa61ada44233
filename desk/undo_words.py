"""What an undo changes, in sentences of both languages and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chains.errors import Sentence
from ingest.tables import UploadKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from desk.import_undo import UndoOutcome, UndoPreview

_HOME_ZONE = ZoneInfo("Asia/Shanghai")
_KINDS_ZH = {"suppliers": "新企业", "supplies": "市场份额", "purchases": "采购名录"}
_KINDS_EN = {"suppliers": "new firms", "supplies": "market shares", "purchases": "list rows"}


def describe_undo(preview: UndoPreview) -> tuple[Sentence, ...]:
    """Say what an undo would do: first who built on the upload since, then what goes and comes back.

    Parameters
    ----------
    preview
        From `desk.import_undo.preview_undo`.

    Returns
    -------
    tuple of Sentence
        One each.
    """
    return (*_since(preview), *_facts(preview))


def _since(preview: UndoPreview) -> Iterator[Sentence]:
    for later in preview.later:
        number, name = later.upload.upload_id, later.upload.name
        at, who = _moment(later.upload.committed_at or later.upload.received_at), later.upload.officer
        by, by_zh = (f", by {who}" if who else "", f",{who}" if who else "")
        en = f"later upload #{number} '{name}' ({at}{by}) stays"
        zh = f"之后的上传 #{number}“{name}”({at}{by_zh})保留"
        if later.shared:
            en += f"; it states {later.shared} of the same lists, shares or firms"
            zh += f";其中有 {later.shared} 项与这份相同的名录、份额或企业"
        if later.waits_again:
            en += f"; {later.waits_again} of its rows have a name that only this upload placed and wait again"
            zh += f";有 {later.waits_again} 行的名称只由这份上传确定过,将重新等待核对"
        yield Sentence(en, zh)
    for each in preview.decisions:
        who, who_zh = each.officer or "somebody unnamed", each.officer or "未署名者"
        at = _moment(each.at)
        yield Sentence(
            f"{who} placed {each.names} waiting names of it by hand on {at}; that goes with it",
            f"{who_zh}于 {at} 手工核对过其中 {each.names} 个名称,将一并撤销",
        )
    if preview.edited:
        yield Sentence(
            f"{preview.edited} of its facts were changed by other means since and stay as they are now",
            f"其中 {preview.edited} 条之后另有改动,保持现状",
        )


def _facts(preview: UndoPreview) -> Iterator[Sentence]:
    if preview.removed:
        en, zh = _count(preview.removed)
        yield Sentence(f"goes: {en}; the rows stay as history", f"撤下:{zh};记录留作历史")
    if preview.restored:
        en, zh = _count(preview.restored)
        yield Sentence(f"counts again as before: {en}", f"恢复为之前的:{zh}")
    if preview.names:
        yield Sentence(
            f"{preview.names} names or credit codes stand for what they stood for before",
            f"{preview.names} 个名称或信用代码恢复为之前的对应",
        )
    if preview.upload.kind is UploadKind.BOTTLENECKS:
        yield Sentence("the list of before is the active one again", "之前的清单重新生效")


def _count(numbers: Mapping[str, int]) -> tuple[str, str]:
    return (
        ", ".join(f"{number} {_KINDS_EN.get(kind, kind)}" for kind, number in numbers.items()),
        "、".join(f"{_KINDS_ZH.get(kind, kind)} {number} 条" for kind, number in numbers.items()),
    )


def describe_undone(outcome: UndoOutcome) -> Sentence:
    """Say in one sentence what was undone.

    Parameters
    ----------
    outcome
        From `desk.import_undo.undo_import`.

    Returns
    -------
    Sentence
        With the runs that follow.
    """
    upload = outcome.upload
    runs = ", ".join(f"#{run_id}" for run_id in outcome.run_ids)
    en = f"queued run {runs}" if runs else "no score changes, nothing has to be computed"
    zh = f"运行 {runs.replace(', ', '、')} 已排队" if runs else "没有评分会变,不需要重新计算"
    return Sentence(
        f"upload #{upload.upload_id} '{upload.name}' is undone; its rows stay with a mark; {en}",
        f"上传 #{upload.upload_id}“{upload.name}”已撤销,原有行保留并注明;{zh}",
    )


def undo_cells(preview: UndoPreview) -> dict[str, Any]:
    """Write what an undo changes as plain values.

    Parameters
    ----------
    preview
        From `desk.import_undo.preview_undo`.

    Returns
    -------
    dict
        For JSON.
    """
    return {
        "upload_id": preview.upload.upload_id,
        "name": preview.upload.name,
        "kind": preview.upload.kind.value,
        "chain": preview.upload.chain_id or None,
        "later_uploads": [
            {
                "upload_id": later.upload.upload_id,
                "name": later.upload.name,
                "shared": later.shared,
                "waits_again": later.waits_again,
            }
            for later in preview.later
        ],
        "later_decisions": [
            {"officer": each.officer, "at": each.at.isoformat(), "names": each.names}
            for each in preview.decisions
        ],
        "edited_since": preview.edited,
        "removed": dict(preview.removed),
        "restored": dict(preview.restored),
        "names": preview.names,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(_HOME_ZONE).strftime("%Y-%m-%d %H:%M")
