"""Alerts in the database: read and written by the review of runs, by pages and commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, update

from chains.errors import UnknownKeyError
from risk.alerts.model import (
    Alert,
    AlertEvent,
    AlertReview,
    AlertState,
    EventKind,
    acknowledged,
)
from risk.alerts.rows import evidence_json, read_evidence
from risk.alerts.rules import RULES
from risk.alerts.tables import AlertEventRow, AlertReviewRow, AlertRow
from risk.errors import StaleAlertError
from risk.tables import RunRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from chains.model import Perspective
    from risk.alerts.model import AlertDraft, Evidence
    from risk.model import Level, Run

_ALERT: Final = tuple(column for column in AlertRow.__table__.c if column.name not in {"id", "evidence"})
_EVENT: Final = tuple(column for column in AlertEventRow.__table__.c if column.name != "id")


def insert_alert(
    session: Session, run: Run, previous: Run, *, draft: AlertDraft, evidence: Evidence, at: datetime
) -> int:
    """Open an alert.

    Parameters
    ----------
    session
        A write session.
    run, previous
        The runs compared.
    draft
        What a rule found.
    evidence
        What it rests on.
    at
        Now, aware.

    Returns
    -------
    int
        The alert's number.
    """
    node = draft.change.node
    row = {
        "rule": draft.rule,
        "chain_id": run.request.chain_id,
        "perspective": run.request.perspective,
        "scope": node.scope,
        "key": node.key,
        "name_zh": node.name_zh,
        "name_en": node.name_en,
        "state": AlertState.OPEN,
        "level": draft.level,
        "version": 1,
        "opened_at": at,
        "opened_run_id": run.run_id,
        "previous_run_id": previous.run_id,
        "last_run_id": run.run_id,
        "missed_runs": 0,
        "evidence": evidence_json(evidence),
    }
    alert_id = session.scalars(insert(AlertRow).values(row).returning(AlertRow.id)).one()
    add_event(session, alert_id, EventKind.OPENED, level=draft.level, run_id=run.run_id, at=at)
    return alert_id


def change_alert(session: Session, alert: Alert, **values: Any) -> None:  # noqa: ANN401
    """Change columns of an alert that is as it was read.

    Parameters
    ----------
    session
        A write session.
    alert
        As it was read.
    **values
        Columns of `AlertRow`.

    Raises
    ------
    StaleAlertError
        When somebody else has changed it meanwhile; nothing was written.
    """
    statement = (
        update(AlertRow)
        .where(AlertRow.id == alert.alert_id, AlertRow.version == alert.version)
        .values(**values)
        .returning(AlertRow.id)
    )
    if session.scalar(statement) is None:
        raise StaleAlertError(
            f"alert #{alert.alert_id} was changed by somebody else or by a new run; reload, look at it again "
            "and repeat: your note was not stored",
            zh=f"预警 #{alert.alert_id} 已被别人或新的运行更新;请刷新后看过最新情况再处理,您的备注没有保存",
        )


def add_event(
    session: Session,
    alert_id: int,
    kind: EventKind,
    *,
    level: Level,
    at: datetime,
    run_id: int | None = None,
    by: tuple[str, str] | None = None,
    note: str | None = None,
) -> None:
    """Add to the history of an alert.

    Parameters
    ----------
    session
        A write session.
    alert_id
        Whose history.
    kind
        What happened.
    level
        The level at that moment.
    at
        Now, aware.
    run_id
        The run that did it.
    by
        Name and unit of the officer who did it.
    note
        What the officer wrote.
    """
    name, unit = by or (None, None)
    row = {"alert_id": alert_id, "kind": kind, "at": at, "run_id": run_id}
    row |= {"by_name": name, "by_unit": unit, "note": note, "level": level}
    session.execute(insert(AlertEventRow).values(row))


def acknowledge_alert(
    session: Session, alert_id: int, *, version: int, by: tuple[str, str], note: str, at: datetime
) -> Alert:
    """Write down that an officer has taken note of an alert.

    Parameters
    ----------
    session
        A write session.
    alert_id
        Which alert.
    version
        As the officer saw it.
    by
        Name and unit of the officer.
    note
        What the officer wrote; may be empty.
    at
        Now, aware.

    Returns
    -------
    Alert
        As it stands then; news that asks for nothing more is closed.

    Raises
    ------
    UnknownKeyError
        When there is no such alert.
    StaleAlertError
        When it has changed since, or is closed.
    """
    alert = read_alert(session, alert_id)
    if alert.state is AlertState.CLOSED:
        raise StaleAlertError(
            f"alert #{alert_id} is closed already; reload the page: your note was not stored",
            zh=f"预警 #{alert_id} 已经关闭;请刷新页面,您的备注没有保存",
        )
    seen = replace(alert, version=version)
    ends = any(rule.rule_id == alert.rule and rule.ends_when_read for rule in RULES)
    after = acknowledged(alert, closed_at=at if ends else None)
    change_alert(session, seen, state=after.state, closed_at=after.closed_at, version=version + 1)
    kinds = (EventKind.ACKNOWLEDGED, EventKind.CLOSED) if ends else (EventKind.ACKNOWLEDGED,)
    for kind in kinds:
        written = note or None if kind is EventKind.ACKNOWLEDGED else None
        add_event(session, alert_id, kind, level=alert.level, at=at, by=by, note=written)
    return after


def read_alert(session: Session, alert_id: int) -> Alert:
    """Read one alert.

    Parameters
    ----------
    session
        Any session.
    alert_id
        Which alert.

    Returns
    -------
    Alert
        As it stands.

    Raises
    ------
    UnknownKeyError
        When there is no such alert.
    """
    query = select(AlertRow.id, *_ALERT, AlertRow.evidence).where(AlertRow.id == alert_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise UnknownKeyError(
            f"there is no alert {alert_id}; 'lianwen alerts' lists all",
            zh=f"没有编号为 {alert_id} 的预警;用 lianwen alerts 查看全部",
        )
    return _alert(row)


def list_alerts(
    session: Session,
    *,
    chain_id: str | None = None,
    perspective: Perspective | None = None,
    states: Sequence[AlertState] = tuple(AlertState),
    limit: int | None = None,
) -> tuple[Alert, ...]:
    """List alerts, the newest first.

    Parameters
    ----------
    session
        Any session.
    chain_id
        Only of this chain.
    perspective
        Only seen so.
    states
        Only in these states.
    limit
        At most so many.

    Returns
    -------
    tuple of Alert
        By falling number.
    """
    query = (
        select(AlertRow.id, *_ALERT, AlertRow.evidence)
        .where(AlertRow.state.in_([AlertState(state) for state in states]))
        .order_by(AlertRow.id.desc())
        .limit(limit)
    )
    if chain_id is not None:
        query = query.where(AlertRow.chain_id == chain_id)
    if perspective is not None:
        query = query.where(AlertRow.perspective == perspective)
    return tuple(_alert(row) for row in session.execute(query))


def list_events(session: Session, alert_id: int | None = None) -> tuple[AlertEvent, ...]:
    """Read the history of an alert, or of all.

    Parameters
    ----------
    session
        Any session.
    alert_id
        Only of this alert.

    Returns
    -------
    tuple of AlertEvent
        The oldest first.
    """
    query = select(*_EVENT).order_by(AlertEventRow.id)
    if alert_id is not None:
        query = query.where(AlertEventRow.alert_id == alert_id)
    return tuple(AlertEvent(**row._mapping) for row in session.execute(query))  # noqa: SLF001


def count_open(session: Session) -> int:
    """Count the alerts that nobody has acknowledged.

    Parameters
    ----------
    session
        Any session.

    Returns
    -------
    int
        Over all chains.
    """
    query = select(func.count()).select_from(AlertRow).where(AlertRow.state == AlertState.OPEN)
    return session.scalar(query) or 0


def insert_review(session: Session, review: AlertReview) -> None:
    """Write down that a run was reviewed.

    Parameters
    ----------
    session
        A write session.
    review
        The first and only review of its run.
    """
    names = ("run_id", "kind", "previous_run_id", "reviewed_at", "opened", "kept", "closed", "counts")
    session.execute(insert(AlertReviewRow).values({name: getattr(review, name) for name in names}))


def list_reviews(
    session: Session, *, chain_id: str | None = None, limit: int = 100
) -> tuple[AlertReview, ...]:
    """List reviews, the newest first.

    Parameters
    ----------
    session
        Any session.
    chain_id
        Only of this chain.
    limit
        At most so many.

    Returns
    -------
    tuple of AlertReview
        By falling run.
    """
    columns = AlertReviewRow.__table__.c
    query = (
        select(RunRow.chain_id, RunRow.perspective, *columns)
        .join(RunRow, RunRow.id == AlertReviewRow.run_id)
        .order_by(AlertReviewRow.run_id.desc())
        .limit(limit)
    )
    if chain_id is not None:
        query = query.where(RunRow.chain_id == chain_id)
    return tuple(AlertReview(**row._mapping) for row in session.execute(query))  # noqa: SLF001


def _alert(row: Row[Any]) -> Alert:
    named = {column.name: row._mapping[column.name] for column in _ALERT}  # noqa: SLF001
    return Alert(alert_id=row.id, **named, evidence=read_evidence(row.evidence))
