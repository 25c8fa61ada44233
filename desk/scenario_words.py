"""Sentences about answers of scenarios in both languages: what changed, what a cut could not cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.errors import Sentence
from desk.output import show_percent

if TYPE_CHECKING:
    from desk.scenario_kept import AnswerChange
    from risk.scenario_store.model import Answer


def describe_change(change: AnswerChange) -> Sentence:
    """Say what a rerun changed, and why it could.

    Parameters
    ----------
    change
        From `desk.scenario_kept.compare_answers`.

    Returns
    -------
    Sentence
        In both languages.
    """
    cause = _cause(change)
    if change.is_same:
        return Sentence(f"{cause.en}; the result is the same", f"{cause.zh};结果相同")
    parts = [part for part in (_loss(change), _units(change)) if part is not None]
    return Sentence(
        "; ".join([cause.en, *(part.en for part in parts)]),
        ";".join([cause.zh, *(part.zh for part in parts)]),
    )


def describe_idle(answer: Answer) -> Sentence:
    """Say whose deliveries a scenario cuts although the data name none.

    Parameters
    ----------
    answer
        With `idle` sources.

    Returns
    -------
    Sentence
        In both languages.
    """
    return Sentence(
        f"the data name nothing of what is cut from {', '.join(answer.idle)}; cutting it changes nothing "
        "(unnamed others are not cut)",
        f"数据里没有 {'、'.join(answer.idle)} 供给所断物料的记录,断供不改变结果(未列明来源不受影响)",
    )


def _cause(change: AnswerChange) -> Sentence:
    moved = [
        Sentence(en, zh)
        for is_moved, en, zh in (
            (change.data_changed, "data", "数据"),
            (change.defaults_changed, "defaults", "缺省值"),
            (change.code_changed, "program", "程序"),
        )
        if is_moved
    ]
    if not moved:
        return Sentence(
            "data, defaults and program are those of the last time", "数据、缺省值和程序与上次相同"
        )
    en, zh = ", ".join(one.en for one in moved), "、".join(one.zh for one in moved)
    return Sentence(f"changed since the last time: {en}", f"与上次相比有变化:{zh}")


def _loss(change: AnswerChange) -> Sentence | None:
    before, after = change.before.simulation, change.after.simulation
    if not change.loss_moved:
        return None
    if before is None or after is None:
        return Sentence("the scores of the groups moved", "集团的评分有变化")
    was, now = show_percent(before.mean_loss), show_percent(after.mean_loss)
    days = [_day(before.first_day), _day(after.first_day)]
    return Sentence(
        f"mean loss {was} → {now}, first day {days[0].en} → {days[1].en}",
        f"平均损失 {was} → {now},起始日 {days[0].zh} → {days[1].zh}",
    )


def _day(day: int | None) -> Sentence:
    return Sentence("none", "无") if day is None else Sentence(str(day), f"第 {day} 天")


def _units(change: AnswerChange) -> Sentence | None:
    hit, spared = len(change.units_hit), len(change.units_spared)
    if not hit and not spared:
        return None
    return Sentence(
        f"units newly hit: {hit}, no longer hit: {spared}",
        f"新受影响的产能单元 {hit} 个,不再受影响 {spared} 个",
    )
