"""Look at a run that succeeded, once: compare it, open, keep and close alerts, record that it was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from chains.db import lock_writers
from risk.alerts.engine import (
    compare_runs,
    count_standings,
    evaluate_rules,
    is_comparable,
    plan_changes,
    subject_scopes,
)
from risk.alerts.model import AlertReview, AlertState, EventKind, Evidence, ReviewKind
from risk.alerts.repository import add_event, change_alert, insert_alert, insert_review, list_alerts
from risk.alerts.rows import evidence_json
from risk.alerts.standings import read_standings
from risk.alerts.tables import AlertReviewRow
from risk.model import RunStatus, without_sources
from risk.repository import read_run
from risk.tables import RunRow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from chains.model import Scope
    from risk.alerts.model import Alert, AlertCriteria, AlertDraft, AlertPlan, DataAge, UploadsBetween
    from risk.model import Run

    AgesOf = Callable[[Run, Collection[tuple[Scope, str]]], Mapping[tuple[Scope, str], DataAge]]

_LIVE = (AlertState.OPEN, AlertState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an alert says beyond the scores; read only when there is something to say.

    Attributes
    ----------
    uploads_between
        Reads the uploads committed between two moments.
    ages_of
        Tells how old the facts behind nodes of a run are; nodes it cannot tell are left out.
    """

    uploads_between: UploadsBetween
    ages_of: AgesOf


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A run under review and the run it is compared with."""

    run: Run
    previous: Run
    surroundings: Surroundings
    at: datetime


def review_run(
    session: Session, run: Run, *, criteria: AlertCriteria, surroundings: Surroundings, at: datetime
) -> AlertReview | None:
    """Compare a run with the previous one and change the alerts of its chain.

    Parameters
    ----------
    session
        A write session; all changes are committed together, or none.
    run
        A successful run.
    criteria
        What the rules go by.
    surroundings
        What alerts say beyond the scores.
    at
        Now, aware.

    Returns
    -------
    AlertReview or None
        None when the run was reviewed before: nothing changes then.
    """
    lock_writers(session)
    if session.get(AlertReviewRow, run.run_id) is not None:
        return None
    review = _review(session, run, criteria=criteria, surroundings=surroundings, at=at)
    insert_review(session, review)
    return review


def find_previous(session: Session, run: Run) -> Run | None:
    """Find the run that a run is compared with.

    Parameters
    ----------
    session
        Any session.
    run
        A successful run.

    Returns
    -------
    Run or None
        The last successful one before it of the same chain, perspective, main horizon, scopes, defaults
        and levels.
    """
    return next(
        (each for each in _successful(session, run, newest_first=True) if is_comparable(each, run)), None
    )


def _review(
    session: Session, run: Run, *, criteria: AlertCriteria, surroundings: Surroundings, at: datetime
) -> AlertReview:
    if _was_overtaken(session, run):
        return _record(run, ReviewKind.OVERTAKEN, at=at)
    previous = find_previous(session, run)
    if previous is not None:
        comparison = _Comparison(run, previous, surroundings, at)
        return _compare(session, comparison, criteria)
    is_first = next(_successful(session, run, newest_first=False), None) is None
    kind = ReviewKind.BASELINE if is_first else ReviewKind.NEW_BASIS
    return _record(run, kind, at=at, counts=count_standings(read_standings(session, run), criteria))


def _compare(session: Session, comparison: _Comparison, criteria: AlertCriteria) -> AlertReview:
    run, previous = comparison.run, comparison.previous
    context = compare_runs(
        run.request.chain_id,
        before=read_standings(session, previous),
        after=read_standings(session, run),
        criteria=criteria,
        data_changed=run.data_version != previous.data_version,
    )
    drafts = evaluate_rules(context)
    plan = plan_changes(drafts, own_alerts(session, run), closes_after=criteria.closes_after)
    plan = without_foreign(session, plan, run)
    _apply(session, plan, comparison)
    return AlertReview(
        run_id=run.run_id,
        chain_id=run.request.chain_id,
        kind=ReviewKind.COMPARED,
        previous_run_id=previous.run_id,
        reviewed_at=comparison.at,
        opened=len(plan.opens),
        kept=len(plan.worsens) + len(plan.keeps) + len(plan.misses),
        closed=len(plan.closes),
        counts={},
        perspective=run.request.perspective,
    )


def _apply(session: Session, plan: AlertPlan, comparison: _Comparison) -> None:
    run, at = comparison.run, comparison.at
    drafts = (*plan.opens, *(draft for _, draft in plan.worsens))
    evidence = dict(zip(drafts, _evidence(drafts, comparison), strict=True))
    for draft in plan.opens:
        insert_alert(session, run, comparison.previous, draft=draft, evidence=evidence[draft], at=at)
    for alert, draft in plan.worsens:
        _worsen(session, alert, draft, evidence=evidence[draft], comparison=comparison)
    for alert in plan.keeps:
        change_alert(session, alert, last_run_id=run.run_id, missed_runs=0)
    for alert in plan.misses:
        change_alert(session, alert, missed_runs=alert.missed_runs + 1)
    for alert in plan.closes:
        change_alert(session, alert, state=AlertState.CLOSED, closed_at=at, version=alert.version + 1)
        add_event(session, alert.alert_id, EventKind.CLOSED, level=alert.level, run_id=run.run_id, at=at)


def _worsen(
    session: Session, alert: Alert, draft: AlertDraft, *, evidence: Evidence, comparison: _Comparison
) -> None:
    # Whoever acknowledged orange has not seen red: the alert is open again.
    change_alert(
        session,
        alert,
        state=AlertState.OPEN,
        level=draft.level,
        version=alert.version + 1,
        previous_run_id=comparison.previous.run_id,
        last_run_id=comparison.run.run_id,
        missed_runs=0,
        evidence=evidence_json(evidence),
    )
    add_event(
        session,
        alert.alert_id,
        EventKind.WORSENED,
        level=draft.level,
        run_id=comparison.run.run_id,
        at=comparison.at,
    )


def _evidence(drafts: Collection[AlertDraft], comparison: _Comparison) -> Iterator[Evidence]:
    if not drafts:
        return
    run, previous = comparison.run, comparison.previous
    # A run reads its facts when it starts: uploads after that are for the next one.
    since, until = previous.started_at or previous.queued_at, run.started_at or run.queued_at
    uploads = comparison.surroundings.uploads_between(since, until)
    ages = comparison.surroundings.ages_of(run, subject_scopes(drafts))
    for draft in drafts:
        yield Evidence(
            before=draft.change.before,
            after=draft.change.after,
            data_version_before=previous.data_version or "",
            data_version_after=run.data_version or "",
            uploads=uploads,
            data_age=ages.get((draft.change.node.scope, draft.change.node.key)),
        )


def _was_overtaken(session: Session, run: Run) -> bool:
    later = (
        select(RunRow.id)
        .join(AlertReviewRow, AlertReviewRow.run_id == RunRow.id)
        .where(RunRow.chain_id == run.request.chain_id, RunRow.id > run.run_id)
    )
    return any(is_comparable(read_run(session, run_id), run) for run_id in session.scalars(later).all())


def _successful(session: Session, run: Run, *, newest_first: bool) -> Iterator[Run]:
    order = RunRow.id.desc() if newest_first else RunRow.id
    query = (
        select(RunRow.id)
        .where(RunRow.chain_id == run.request.chain_id, RunRow.status == RunStatus.SUCCEEDED)
        .where(RunRow.id < run.run_id, RunRow.perspective == run.request.perspective)
        .order_by(order)
    )
    return (read_run(session, run_id) for run_id in session.scalars(query).all())


def own_alerts(session: Session, run: Run) -> tuple[Alert, ...]:
    """List the live alerts of a run's chain and perspective, whatever horizon or scopes opened them.

    Parameters
    ----------
    session
        Any session.
    run
        Of which chain.

    Returns
    -------
    tuple of Alert
        Open or acknowledged.
    """
    asked = run.request
    return list_alerts(session, chain_id=asked.chain_id, perspective=asked.perspective, states=_LIVE)


def without_foreign(session: Session, plan: AlertPlan, run: Run) -> AlertPlan:
    """Leave alone what runs with another horizon or other scopes opened: this run cannot judge it.

    Parameters
    ----------
    session
        Any session.
    plan
        What would change.
    run
        Whose question counts.

    Returns
    -------
    AlertPlan
        Without the alerts of other questions.
    """

    def is_own(alert: Alert) -> bool:
        opened = read_run(session, alert.opened_run_id).request
        same_scopes = without_sources(opened.scopes) == without_sources(run.request.scopes)
        return same_scopes and opened.main_horizon == run.request.main_horizon

    return replace(
        plan,
        worsens=tuple(pair for pair in plan.worsens if is_own(pair[0])),
        keeps=tuple(alert for alert in plan.keeps if is_own(alert)),
        misses=tuple(alert for alert in plan.misses if is_own(alert)),
        closes=tuple(alert for alert in plan.closes if is_own(alert)),
    )


def _record(run: Run, kind: ReviewKind, *, at: datetime, counts: dict[str, int] | None = None) -> AlertReview:
    asked = run.request
    return AlertReview(
        run.run_id, asked.chain_id, kind, None, at, 0, 0, 0, counts or {}, perspective=asked.perspective
    )
