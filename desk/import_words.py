"""What a list changes, in sentences and cells for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.tables import UploadState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desk.import_effect import NodeMove
    from desk.imports import CheckedList, ImportOutcome
    from desk.output import Cell
    from ingest.preview import ImportPlan

EFFECT_COLUMNS = (
    "scope", "key", "name_zh", "level_before", "level_after", "residual_before", "residual_after",
    "exposure_build_before", "exposure_build_after",
)  # fmt: skip
_NAMES_TOLD = 5


def describe_plan(plan: ImportPlan, checked: CheckedList) -> list[str]:
    """Say what a person should know about what a list changes.

    Parameters
    ----------
    plan
        What changes.
    checked
        The list.

    Returns
    -------
    list of str
        One sentence each: lists that stay, lists that move no score, shares that differ, names that wait.
    """
    told = [*_lists(plan, checked), *_conflicts(plan, checked)]
    for firm in plan.suppliers:
        near = next((each.suggestions for each in checked.questions if each.name == firm.name_en), ())
        told.append(f"“{firm.name_en}”按新企业登记,编号 {firm.supplier_id}")
        if near:
            told[-1] += f";与 {_names(near, checked)} 名称相近"
    waiting = {each.name for each in checked.questions} - {firm.name_en for firm in plan.suppliers}
    if plan.waiting:
        names = "、".join(sorted(waiting)[:_NAMES_TOLD]) + ("等" if len(waiting) > _NAMES_TOLD else "")
        told.append(f"{len(plan.waiting)} 行等待核对名称" + (f":{names}" if names else ""))
    return told


def _lists(plan: ImportPlan, checked: CheckedList) -> Iterable[str]:
    for change in plan.replaced:
        if change.before:
            buyer, item = (_name(key, plan, checked) for key in (change.buyer_id, change.item_id))
            yield f"{buyer}的“{item}”名录由 {change.before} 行换成 {change.after} 行,旧行留作历史"
    for change in plan.untouched:
        buyer, item = (_name(key, plan, checked) for key in (change.buyer_id, change.item_id))
        yield f"{buyer}的“{item}”名录({change.before} 行)这份文件没有提到,保持不变"
    for buyer_id in plan.idle_buyers:
        buyer = _name(buyer_id, plan, checked)
        yield f"不知道{buyer}生产什么,名录会保存但暂不影响任何评分;该企业生产什么?请用 --makes 物料 说明"


def _conflicts(plan: ImportPlan, checked: CheckedList) -> Iterable[str]:
    for each in plan.conflicts:
        supplier, item = (_name(key, plan, checked) for key in (each.supplier_id, each.item_id))
        counts = "按上传的计" if each.uploaded_counts else "已有的年份更新,按已有的计"
        yield (
            f"{supplier}的“{item}”份额:已有 {each.stated.share:.1%}({each.stated.year or '年份未知'}),"
            f"上传 {each.uploaded.share:.1%};{counts},两行都保留"
        )


def _name(key: str, plan: ImportPlan, checked: CheckedList) -> str:
    fresh = {firm.supplier_id: firm.name_en for firm in plan.suppliers}
    zh, en = checked.known.labels.get(key, (None, fresh.get(key, key)))
    return zh or en


def _names(keys: Iterable[str], checked: CheckedList) -> str:
    labels = (checked.known.labels.get(key, (None, key)) for key in keys)
    return "、".join(zh or en for zh, en in labels)


def describe_outcome(outcome: ImportOutcome, checked: CheckedList) -> str:
    """Say in one sentence what became of a list.

    Parameters
    ----------
    outcome
        What was stored.
    checked
        The list.

    Returns
    -------
    str
        One sentence.
    """
    upload = outcome.upload
    if upload.state is UploadState.WAITING:
        open_names = "、".join(f"“{each.name}”" for each in checked.questions[:_NAMES_TOLD])
        more = "等" if len(checked.questions) > _NAMES_TOLD else ""
        why = f"{open_names}{more}还没有对上" if open_names else "没有可以入库的行"
        return (
            f"上传 #{upload.upload_id} 已保存,{upload.waiting} 行等待核对,尚未影响任何数据:{why};"
            "请在“上传名录”页核对,或加 --partial 先导入已对上的行"
        )
    parts = [f"上传 #{upload.upload_id} 已导入 {upload.committed} 行"]
    if upload.waiting:
        parts.append(f"{upload.waiting} 行等待核对")
    if upload.bad:
        parts.append(f"{upload.bad} 行有问题未导入")
    runs = "、".join(f"#{run_id}" for run_id in outcome.run_ids)
    parts.append(f"运行 {runs} 已排队" if runs else "没有评分会变,不需要重新计算")
    return ";".join(parts)


def effect_cells(move: NodeMove) -> dict[str, Cell]:
    """Cells of a node that a list would move.

    Parameters
    ----------
    move
        Before and after.

    Returns
    -------
    dict
        By the names of `EFFECT_COLUMNS`.
    """
    return {
        "scope": move.node.scope.value,
        "key": move.node.key,
        "name_zh": move.node.name_zh,
        "level_before": move.level_before.value if move.level_before else None,
        "level_after": move.level_after.value if move.level_after else None,
        "residual_before": move.residual_before,
        "residual_after": move.residual_after,
        "exposure_build_before": move.exposure_before,
        "exposure_build_after": move.exposure_after,
    }
