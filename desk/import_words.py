"""What a list changes, in sentences of both languages for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.errors import Sentence
from ingest.tables import UploadState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desk.imports import CheckedList, ImportOutcome
    from ingest.preview import ImportPlan

_NAMES_TOLD = 5


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
        One each: lists that stay, lists that move no score, shares that differ, names that wait.
    """
    names = _Names(plan, checked)
    return (*_lists(plan, names), *_conflicts(plan, names), *_firms(plan, checked), *_waiting(plan))


class _Names:
    """Names of firms and items in both languages, those that the list makes known too."""

    def __init__(self, plan: ImportPlan, checked: CheckedList) -> None:
        self.labels = checked.known.labels
        self.fresh = {firm.supplier_id: firm.name_en for firm in plan.suppliers}

    def __call__(self, key: str) -> tuple[str, str]:
        """Give the English and the Chinese name."""
        zh, en = self.labels.get(key, (None, self.fresh.get(key, key)))
        return en, zh or en


def _lists(plan: ImportPlan, names: _Names) -> Iterator[Sentence]:
    for change in plan.replaced:
        if change.before:
            (buyer, buyer_zh), (item, item_zh) = names(change.buyer_id), names(change.item_id)
            yield Sentence(
                f"the list of {buyer} for '{item}' had {change.before} rows and will have {change.after}; "
                "the earlier rows stay as history",
                f"{buyer_zh}的“{item_zh}”名录由 {change.before} 行换成 {change.after} 行,旧行留作历史",
            )
    for change in plan.untouched:
        (buyer, buyer_zh), (item, item_zh) = names(change.buyer_id), names(change.item_id)
        yield Sentence(
            f"the list of {buyer} for '{item}' ({change.before} rows) is not in this file and stays as it is",
            f"{buyer_zh}的“{item_zh}”名录({change.before} 行)这份文件没有提到,保持不变",
        )
    for buyer_id in plan.idle_buyers:
        buyer, buyer_zh = names(buyer_id)
        yield Sentence(
            f"nobody knows what {buyer} makes, so the list is stored but moves no score yet; say it with "
            "--makes ITEM",
            f"不知道{buyer_zh}生产什么,名录会保存但暂不影响任何评分;该企业生产什么?请用 --makes 物料 说明",
        )


def _conflicts(plan: ImportPlan, names: _Names) -> Iterator[Sentence]:
    for each in plan.conflicts:
        (supplier, supplier_zh), (item, item_zh) = names(each.supplier_id), names(each.item_id)
        year = each.stated.year
        counts, counts_zh = (
            ("the uploaded one counts", "按上传的计")
            if each.uploaded_counts
            else ("the one that stands is of a later year and counts", "已有的年份更新,按已有的计")
        )
        yield Sentence(
            f"share of {supplier} in '{item}': {each.stated.share:.1%} stands ({year or 'year unknown'}), "
            f"{each.uploaded.share:.1%} uploaded; {counts}, both rows are kept",
            f"{supplier_zh}的“{item_zh}”份额:已有 {each.stated.share:.1%}({year or '年份未知'}),"
            f"上传 {each.uploaded.share:.1%};{counts_zh},两行都保留",
        )


def _firms(plan: ImportPlan, checked: CheckedList) -> Iterator[Sentence]:
    for firm in plan.suppliers:
        near = next((each.suggestions for each in checked.questions if each.name == firm.name_en), ())
        en = f"'{firm.name_en}' becomes a new firm, {firm.supplier_id}"
        zh = f"“{firm.name_en}”按新企业登记,编号 {firm.supplier_id}"
        if near:
            labels = [checked.known.labels.get(key, (None, key)) for key in near]
            en += f"; near to {', '.join(name for _, name in labels)}"
            zh += f";与 {'、'.join(name_zh or name for name_zh, name in labels)} 名称相近"
        yield Sentence(en, zh)


def _waiting(plan: ImportPlan) -> Iterator[Sentence]:
    if not plan.waiting:
        return
    waiting = {
        str(row.text(field))
        for row in plan.rows
        if row.row in plan.waiting
        for field, settled in (("supplier", row.supplier_id), ("item", row.item_id), ("buyer", row.buyer_id))
        if settled is None and row.text(field)
    }
    en, zh = _some(sorted(waiting), len(waiting))
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
