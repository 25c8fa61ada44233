"""Alerts on firms: each run is compared once with the previous one of the same network and question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from chains.db import lock_writers
from chains.errors import UnknownKeyError
from risk.alerts.model import AlertState, EventKind, ReviewKind
from risk.alerts.rules.newly_systemic import NewlySystemic
from risk.errors import StaleAlertError
from risk.firms.model import FirmAlert, FirmAlertEvent, FirmChange, FirmContext, FirmDraft
from risk.firms.run_repository import insert_run, list_runs, read_index, read_indices
from risk.firms.tables import FirmAlertEventRow, FirmAlertRow, FirmRunRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from risk.cascade.model import EsriResult
    from risk.firms.model import FirmCriteria, FirmRun

RULE: Final = NewlySystemic()
_ALERT: Final = tuple(column for column in FirmAlertRow.__table__.c if column.name != "id")
_EVENT: Final = tuple(column for column in FirmAlertEventRow.__table__.c if column.name != "id")


def record_firm_run(
    session: Session, run: FirmRun, result: EsriResult, *, criteria: FirmCriteria, at: datetime
) -> FirmRun:
    """Store a run, compare it with the previous ones, open, keep and close alerts.

    Parameters
    ----------
    session
        A write session; all is committed together, or nothing.
    run
        What was computed; its number and what it is compared with are found here.
    result
        The index of every firm.
    criteria
        When a firm is systemic.
    at
        Now, aware.

    Returns
    -------
    FirmRun
        As stored. The first run of a network and question is a baseline and opens nothing.
    """
    lock_writers(session)
    former = list_runs(session, run.network_key)
    comparable = [one for one in former if one.answers_as(run)]
    if not comparable:
        kind = ReviewKind.NEW_BASIS if former else ReviewKind.BASELINE
        stored = replace(run, review=kind, previous_run_id=None)
        return replace(stored, run_id=insert_run(session, stored, result))
    previous = comparable[0]
    stored = replace(run, review=ReviewKind.COMPARED, previous_run_id=previous.run_id)
    stored = replace(stored, run_id=insert_run(session, stored, result))
    opened, kept, closed = _review(session, stored, comparable[:2], criteria=criteria, at=at)
    counted = replace(stored, opened=opened, kept=kept, closed=closed)
    values = {"opened": opened, "kept": kept, "closed": closed}
    session.execute(update(FirmRunRow).where(FirmRunRow.id == stored.run_id).values(values))
    return counted


def _review(
    session: Session, run: FirmRun, former: Sequence[FirmRun], *, criteria: FirmCriteria, at: datetime
) -> tuple[int, int, int]:
    alerts = {alert.firm_id: alert for alert in _own_alerts(session, run)}
    context = _context(session, run, former, criteria=criteria)
    drafts = {draft.change.firm_id: draft for draft in RULE.evaluate(context)}
    opened = [draft for firm_id, draft in drafts.items() if draft.opens and firm_id not in alerts]
    for draft in opened:
        _open(session, draft, run, at=at)
    now = read_index(session, run.run_id, alerts)
    closed = 0
    for firm_id, alert in alerts.items():
        missed = 0 if firm_id in drafts else alert.missed_runs + 1
        ends = missed >= criteria.closes_after
        values: dict[str, Any] = {"last_run_id": run.run_id, "last": now.get(firm_id), "missed_runs": missed}
        if ends:
            values |= {"state": AlertState.CLOSED, "closed_at": at, "version": alert.version + 1}
            _add_event(
                session, alert.alert_id, EventKind.CLOSED, at=at, run_id=run.run_id, esri=now.get(firm_id)
            )
        session.execute(update(FirmAlertRow).where(FirmAlertRow.id == alert.alert_id).values(values))
        closed += ends
    return len(opened), len(alerts) - closed, closed


def _context(
    session: Session, run: FirmRun, former: Sequence[FirmRun], *, criteria: FirmCriteria
) -> FirmContext:
    standings = [read_indices(session, one.run_id, least=criteria.holds_from) for one in (run, *former)]
    firm_ids = sorted(set().union(*standings))
    # Below the lower line the exact index is told as well: an alert shows where a firm came from.
    exact = [read_index(session, one.run_id, firm_ids) for one in (run, *former)]
    while len(exact) < 3:  # noqa: PLR2004 - this run, the previous one, the one before
        exact.append({})
    names = {firm_id: name for found in reversed(standings) for firm_id, (name, _esri) in found.items()}
    changes = tuple(
        FirmChange(firm_id, names.get(firm_id), *(found.get(firm_id) for found in exact))
        for firm_id in firm_ids
    )
    return FirmContext(
        criteria, changes, data_changed=run.digest != former[0].digest, has_earlier=len(former) > 1
    )


def _own_alerts(session: Session, run: FirmRun) -> tuple[FirmAlert, ...]:
    """Open alerts that runs of the same question opened: others cannot be judged by this run."""
    runs = {one.run_id: one for one in list_runs(session, run.network_key)}
    alerts = list_firm_alerts(session, run.network_key, open_only=True)
    return tuple(alert for alert in alerts if runs[alert.opened_run_id].answers_as(run))


def _open(session: Session, draft: FirmDraft, run: FirmRun, *, at: datetime) -> None:
    change = draft.change
    row = {
        "rule": draft.rule,
        "network_key": run.network_key,
        "firm_id": change.firm_id,
        "name": change.name,
        "state": AlertState.OPEN,
        "version": 1,
        "opened_at": at,
        "opened_run_id": run.run_id,
        "last_run_id": run.run_id,
        "before": change.before,
        "after": change.after,
        "last": change.after,
        "missed_runs": 0,
    }
    alert_id = session.scalars(insert(FirmAlertRow).values(row).returning(FirmAlertRow.id)).one()
    _add_event(session, alert_id, EventKind.OPENED, at=at, run_id=run.run_id, esri=change.after)


def _add_event(session: Session, alert_id: int, kind: EventKind, *, at: datetime, **cells: Any) -> None:  # noqa: ANN401
    row = {"alert_id": alert_id, "kind": kind, "at": at} | cells
    session.execute(insert(FirmAlertEventRow).values(row))


def list_firm_alerts(
    session: Session, network_key: str | None = None, *, open_only: bool = False
) -> tuple[FirmAlert, ...]:
    """List alerts on firms, the newest first.

    Parameters
    ----------
    session
        Any session.
    network_key
        Only of this network.
    open_only
        Leave out closed ones.

    Returns
    -------
    tuple of FirmAlert
        By falling number.
    """
    query = select(FirmAlertRow.id.label("alert_id"), *_ALERT).order_by(FirmAlertRow.id.desc())
    if network_key is not None:
        query = query.where(FirmAlertRow.network_key == network_key)
    if open_only:
        query = query.where(FirmAlertRow.closed_at.is_(None))
    return tuple(FirmAlert(**row._mapping) for row in session.execute(query))  # noqa: SLF001


def list_firm_events(session: Session, alert_id: int) -> tuple[FirmAlertEvent, ...]:
    """Read the history of an alert, the oldest first."""
    query = select(*_EVENT).where(FirmAlertEventRow.alert_id == alert_id).order_by(FirmAlertEventRow.id)
    return tuple(FirmAlertEvent(**row._mapping) for row in session.execute(query))  # noqa: SLF001


def acknowledge_firm_alert(
    session: Session, alert_id: int, *, version: int, by: tuple[str, str], note: str, at: datetime
) -> None:
    """Write down that an officer has taken note of an alert on a firm.

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

    Raises
    ------
    UnknownKeyError
        When there is no such alert.
    StaleAlertError
        When it has changed since, or is closed; nothing is written then.
    """
    alert = next((one for one in list_firm_alerts(session) if one.alert_id == alert_id), None)
    if alert is None:
        raise UnknownKeyError(
            f"there is no alert {alert_id} on a firm", zh=f"没有编号为 {alert_id} 的企业网络预警"
        )
    if alert.state is AlertState.CLOSED or alert.version != version:
        raise StaleAlertError(
            f"alert #{alert_id} was changed by somebody else or by a new run; reload, look at it again "
            "and repeat: your note was not stored",
            zh=f"预警 #{alert_id} 已被别人或新的运行更新;请刷新后看过最新情况再处理,您的备注没有保存",
        )
    values = {"state": AlertState.ACKNOWLEDGED, "version": version + 1}
    session.execute(
        update(FirmAlertRow)
        .where(FirmAlertRow.id == alert_id, FirmAlertRow.version == version)
        .values(values)
    )
    name, unit = by
    _add_event(
        session,
        alert_id,
        EventKind.ACKNOWLEDGED,
        at=at,
        by_name=name,
        by_unit=unit,
        note=note or None,
        esri=alert.last,
    )
