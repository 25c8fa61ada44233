"""What a list changes, in sentences of both languages for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from chains.errors import Sentence
from ingest.tables import UploadState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from chains.model import Supplier
    from desk.imports import CheckedList, ImportOutcome
    from ingest.list_changes import ListChange
    from ingest.market import ShareConflict
    from ingest.preview import ImportPlan

Thing = TypeVar("Thing")

_NAMES_TOLD = 5
_SENTENCES_TOLD = 100
"""So many sentences of one kind are told one by one; how many there are besides is said in one more."""


def describe_plan(plan: ImportPlan, checked: CheckedList) -> tuple[Sentence, ...]:
    """Say what a person should know about what a list changes.

    Parameters
    ----------
    plan
        What changes.
    checked
        The list.

    Returns
    -------
    tuple of Sentence
        One each: lists that stay, lists that move no score, shares that differ, names that wait. Of more
        than a hundred of a kind the first hundred and the number of the others.
    """
    names = _Names(plan, checked)
    replaced = (change for change in plan.replaced if change.before)
    return (
        *_few(replaced, names.replaced, ("lists that are replaced", "份名录被替换")),
        *_few(plan.untouched, names.untouched, ("lists that stay as they are", "份名录保持不变")),
        *_few(
            plan.idle_buyers,
            names.idle,
            ("buyers of whom nobody knows what they make", "家不知道生产什么的企业"),
        ),
        *_few(
            plan.conflicts, names.conflict, ("shares that differ from what stands", "处份额与已有的不一致")
        ),
        *_few(plan.suppliers, names.firm, ("new firms", "家按新企业登记")),
        *_waiting(plan),
    )


def _few(
    things: Iterable[Thing], say: Callable[[Thing], Sentence], what: tuple[str, str]
) -> Iterator[Sentence]:
    """Say the first of many things one by one, and how many are left."""
    left = iter(things)
    yield from map(say, islice(left, _SENTENCES_TOLD))
    more = len(things) - _SENTENCES_TOLD if isinstance(things, Sequence) else sum(1 for _ in left)
    if more > 0:
        yield Sentence(f"and {more} more {what[0]}", f"另有 {more} {what[1]}")


class _Names:
    """Says things with the names of firms and items, those that the list makes known too."""

    def __init__(self, plan: ImportPlan, checked: CheckedList) -> None:
        self.plan, self.labels = plan, checked.known.labels

    def __call__(self, key: str) -> tuple[str, str]:
        """Give the English and the Chinese name."""
        zh, en = self.labels.get(key) or (None, self._fresh(key))
        return en, zh or en

    def _fresh(self, key: str) -> str:
        """Name a firm that the list makes known; one of a million is looked for, not all are made."""
        is_there = key in self.plan.supplier_ids
        return self.plan.suppliers[self.plan.supplier_ids.index(key)].name_en if is_there else key

    def replaced(self, change: ListChange) -> Sentence:
        (buyer, buyer_zh), (item, item_zh) = self(change.buyer_id), self(change.item_id)
        return Sentence(
            f"the list of {buyer} for '{item}' had {change.before} rows and will have {change.after}; "
            "the earlier rows stay as history",
            f"{buyer_zh}的“{item_zh}”名录由 {change.before} 行换成 {change.after} 行,旧行留作历史",
        )

    def untouched(self, change: ListChange) -> Sentence:
        (buyer, buyer_zh), (item, item_zh) = self(change.buyer_id), self(change.item_id)
        return Sentence(
            f"the list of {buyer} for '{item}' ({change.before} rows) is not in this file and stays as it is",
            f"{buyer_zh}的“{item_zh}”名录({change.before} 行)这份文件没有提到,保持不变",
        )

    def idle(self, buyer_id: str) -> Sentence:
        buyer, buyer_zh = self(buyer_id)
        return Sentence(
            f"nobody knows what {buyer} makes, so the list is stored but moves no score yet; say it with "
            "--makes ITEM",
            f"不知道{buyer_zh}生产什么,名录会保存但暂不影响任何评分;该企业生产什么?请用 --makes 物料 说明",
        )

    def conflict(self, each: ShareConflict) -> Sentence:
        (supplier, supplier_zh), (item, item_zh) = self(each.supplier_id), self(each.item_id)
        year = each.stated.year
        counts, counts_zh = (
            ("the uploaded one counts", "按上传的计")
            if each.uploaded_counts
            else ("the one that stands is of a later year and counts", "已有的年份更新,按已有的计")
        )
        return Sentence(
            f"share of {supplier} in '{item}': {each.stated.share:.1%} stands ({year or 'year unknown'}), "
            f"{each.uploaded.share:.1%} uploaded; {counts}, both rows are kept",
            f"{supplier_zh}的“{item_zh}”份额:已有 {each.stated.share:.1%}({year or '年份未知'}),"
            f"上传 {each.uploaded.share:.1%};{counts_zh},两行都保留",
        )

    def firm(self, firm: Supplier) -> Sentence:
        return Sentence(
            f"'{firm.name_en}' becomes a new firm, {firm.supplier_id}",
            f"“{firm.name_en}”按新企业登记,编号 {firm.supplier_id}",
        )


def _waiting(plan: ImportPlan) -> Iterator[Sentence]:
    if not plan.waiting:
        return
    waiting = plan.open_names(_NAMES_TOLD + 1)
    en, zh = _some(waiting, len(waiting))
    yield Sentence(
        f"{len(plan.waiting)} rows wait for their names to be placed" + (f": {en}" if en else ""),
        f"{len(plan.waiting)} 行等待核对名称" + (f":{zh}" if zh else ""),
    )


def _some(names: Iterable[str], number: int) -> tuple[str, str]:
    told = list(names)[:_NAMES_TOLD]
    more, more_zh = (" and others", "等") if number > _NAMES_TOLD else ("", "")
    return ", ".join(told) + more, "、".join(told) + more_zh


def describe_outcome(outcome: ImportOutcome, checked: CheckedList) -> Sentence:
    """Say in one sentence what became of a list.

    Parameters
    ----------
    outcome
        What was stored.
    checked
        The list.

    Returns
    -------
    Sentence
        With the runs that follow.
    """
    upload = outcome.upload
    if upload.state is UploadState.WAITING:
        return _held(outcome, checked)
    en = [f"upload #{upload.upload_id}: {upload.committed} rows imported"]
    zh = [f"上传 #{upload.upload_id} 已导入 {upload.committed} 行"]
    if upload.waiting:
        en.append(f"{upload.waiting} rows wait for their names")
        zh.append(f"{upload.waiting} 行等待核对")
    if upload.bad:
        en.append(f"{upload.bad} bad rows were not imported")
        zh.append(f"{upload.bad} 行有问题未导入")
    runs = [f"#{run_id}" for run_id in outcome.run_ids]
    en.append(f"queued run {', '.join(runs)}" if runs else "no score changes, nothing has to be computed")
    zh.append(f"运行 {'、'.join(runs)} 已排队" if runs else "没有评分会变,不需要重新计算")
    return Sentence("; ".join(en), ";".join(zh))


def _held(outcome: ImportOutcome, checked: CheckedList) -> Sentence:
    upload, asked = outcome.upload, checked.questions
    en, _ = _some((f"'{each.name}'" for each in asked), len(asked))
    _, zh = _some((f"“{each.name}”" for each in asked), len(asked))
    why, why_zh = (
        (f"{en} could not be placed", f"{zh}还没有对上")
        if asked
        else ("no row can be imported", "没有可以入库的行")
    )
    return Sentence(
        f"upload #{upload.upload_id} is stored, {upload.waiting} rows wait and no data changed: {why}; place "
        "the names on the upload page, or add --partial to import the rows that are placed",
        f"上传 #{upload.upload_id} 已保存,{upload.waiting} 行等待核对,尚未影响任何数据:{why_zh};"
        "请在“上传名录”页核对,或加 --partial 先导入已对上的行",
    )
