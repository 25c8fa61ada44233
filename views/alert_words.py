"""What alerts say: rules, states, events, and one sentence on what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.model import Mode
from risk.alerts.model import AlertState, EventKind
from risk.model import Level
from views import formatting
from views.i18n import _

if TYPE_CHECKING:
    from risk.alerts.model import Alert, AlertEvent, AlertReview, DataAge, Evidence, NodeStanding, UploadRef


def rule_name(rule: str) -> str:
    """Name a rule.

    Parameters
    ----------
    rule
        Its id.

    Returns
    -------
    str
        The id itself when it is not one of ours.
    """
    return {
        "newly_critical": _("新增关键节点"),
        "left_critical": _("退出关键"),
        "structural_spof": _("新增结构性单点"),
    }.get(rule, rule)


def state_name(state: str) -> str:
    """Name where an alert stands.

    Parameters
    ----------
    state
        A value of `risk.alerts.model.AlertState`.

    Returns
    -------
    str
        For example 待处理.
    """
    return {
        AlertState.OPEN: _("待处理"),
        AlertState.ACKNOWLEDGED: _("已知悉"),
        AlertState.CLOSED: _("已关闭"),
    }[AlertState(state)]


def event_name(kind: str) -> str:
    """Name what happened to an alert.

    Parameters
    ----------
    kind
        A value of `risk.alerts.model.EventKind`.

    Returns
    -------
    str
        For example 发出.
    """
    return {
        EventKind.OPENED: _("发出"),
        EventKind.WORSENED: _("加重"),
        EventKind.ACKNOWLEDGED: _("知悉"),
        EventKind.CLOSED: _("关闭"),
    }[EventKind(kind)]


def event_cause(event: AlertEvent) -> str:
    """Say who or what did it.

    Parameters
    ----------
    event
        Of an alert's history.

    Returns
    -------
    str
        The officer with unit, or the run.
    """
    if event.by_name is not None:
        return _("{name}({unit})").format(name=event.by_name, unit=event.by_unit)
    return _("运行 #{run_id}").format(run_id=event.run_id)


def describe_change(alert: Alert) -> str:
    """Say in one sentence what changed.

    Parameters
    ----------
    alert
        With its evidence.

    Returns
    -------
    str
        Levels before and after, with the number that decides.
    """
    before, after = alert.evidence.before, alert.evidence.after
    if after is None:
        was = formatting.level_name(before.level if before else None)
        return _("已不在这条链的数据里，之前为{level}。").format(level=was)
    if alert.rule == "structural_spof":
        modes = [
            formatting.mode_name(mode)
            for mode, is_one in ((Mode.RUN, after.structural_run), (Mode.BUILD, after.structural_build))
            if is_one
        ]
        return _("一停就会让某个输入位剩不到所需的 20%({modes})，之前不会。").format(
            modes=_("、").join(modes)
        )
    return _level_change(alert.evidence, after)


def summarise_change(alert: Alert) -> str:
    """Say what changed in the few words of a list.

    Parameters
    ----------
    alert
        With its evidence.

    Returns
    -------
    str
        Levels before and after, with the number that decides.
    """
    before, after = alert.evidence.before, alert.evidence.after
    if after is None:
        return _("已不在数据里")
    if alert.rule == "structural_spof":
        return _("有输入位剩不到所需的 20%")
    was = formatting.level_name(before.level) if before else formatting.NOT_APPLICABLE
    levels = f"{was} → {formatting.level_name(after.level)}"
    return _("{levels}；{number}").format(levels=levels, number=_deciding_number(before, after))


def _level_change(evidence: Evidence, after: NodeStanding) -> str:
    before = evidence.before
    now = formatting.level_name(after.level)
    number = _deciding_number(before, after)
    if before is None:
        return _("数据里新出现的节点，等级为{after}；{number}。").format(after=now, number=number)
    was = formatting.level_name(before.level)
    if after.level.rank > before.level.rank:
        return _("等级由{before}升为{after}；{number}。").format(before=was, after=now, number=number)
    said = _("等级由{before}降为{after}；{number}。").format(before=was, after=now, number=number)
    if after.level_point.rank >= Level.ORANGE.rank:
        said += _("点值仍达{level}，待核实。").format(level=formatting.level_name(after.level_point))
    return said


def _deciding_number(before: NodeStanding | None, after: NodeStanding) -> str:
    worse = after if before is None or after.level.rank >= before.level.rank else before
    if worse.decided_by is Mode.RUN:
        was, now = before.run.residual if before else None, after.run.residual
        return _("净损失(存量运行) {before} → {after}").format(
            before=_percent(was, before), after=_percent(now, after)
        )
    was, now = before.build.exposure if before else None, after.build.exposure
    return _("断供冲击(新建扩产) {before} → {after}").format(
        before=_percent(was, before), after=_percent(now, after)
    )


def _percent(value: float | None, standing: NodeStanding | None) -> str:
    return formatting.percent(value, missing=formatting.NOT_APPLICABLE if standing is None else None)


def describe_age(age: DataAge | None) -> str:
    """Say how old the facts behind a node are.

    Parameters
    ----------
    age
        Of the supplies that stop with it.

    Returns
    -------
    str
        A range of years; 未知 when no row names its year.
    """
    if age is None or age.oldest is None:
        return formatting.unknown()
    years = f"{age.oldest}" if age.oldest == age.newest else f"{age.oldest}–{age.newest}"
    if not age.undated:
        return _("{years} 年").format(years=years)
    return _("{years} 年，另有 {n} 行未注明年份").format(years=years, n=age.undated)


def describe_uploads(uploads: tuple[UploadRef, ...]) -> str:
    """Name the uploads between two runs.

    Parameters
    ----------
    uploads
        The oldest first.

    Returns
    -------
    str
        无 when there are none.
    """
    return _("、").join(_("{name}({by})").format(name=one.name, by=one.by) for one in uploads) or _("无")


def describe_baseline(review: AlertReview) -> str:
    """Sum up the first run of a chain.

    Parameters
    ----------
    review
        A baseline or a new basis.

    Returns
    -------
    str
        Counts of critical nodes on both sides.
    """
    counts = {name: formatting.count(number) for name, number in review.counts.items()}
    return _(
        "境外对我 红 {foreign_red}、橙 {foreign_orange}；境内集中 红 {home_red}、橙 {home_orange}；"
        "结构性单点 {structural}"
    ).format(**counts)
