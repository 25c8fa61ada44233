"""Alerts for pages and commands: review runs, list, acknowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.regions import HOME_COUNTRY
from chains.repository import load_records
from chains.version import data_version
from desk.chain_names import pick_chains
from desk.store import reading, writing
from ingest.repository import list_uploads
from ingest.tables import UploadKind
from risk.alerts import repository
from risk.alerts.ages import data_ages
from risk.alerts.criteria import load_criteria
from risk.alerts.model import AlertState, EventKind, ReviewKind, UploadRef
from risk.alerts.review import Surroundings, review_run
from risk.alerts.standings import unreviewed_runs
from risk.repository import read_run

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from chains.model import Perspective, Scope
    from desk.officer import Officer
    from risk.alerts.model import (
        Alert,
        AlertEvent,
        AlertReview,
        DataAge,
        UploadsBetween,
    )
    from risk.alerts.review import AgesOf
    from risk.model import Run
    from settings import Settings


# Lists of demand, events and bottleneck items move no score.
_MOVING = (UploadKind.SUPPLIERS, UploadKind.CHAIN)
_WITH_EVIDENCE = (EventKind.OPENED, EventKind.WORSENED)


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert with its history.

    Attributes
    ----------
    events
        The oldest first.
    main_horizon
        Days that the scores of its evidence are means over.
    """

    alert: Alert
    events: tuple[AlertEvent, ...]
    main_horizon: int

    @property
    def evidence_run_id(self) -> int:
        """The later of the two runs that the evidence is about."""
        runs = [event.run_id for event in self.events if event.kind in _WITH_EVIDENCE]
        return next((run_id for run_id in reversed(runs) if run_id is not None), self.alert.opened_run_id)

    @property
    def acknowledged(self) -> AlertEvent | None:
        """The latest acknowledgement; ``None`` while there is none."""
        kinds = [event for event in self.events if event.kind is EventKind.ACKNOWLEDGED]
        return kinds[-1] if kinds else None


def review_runs(settings: Settings) -> tuple[AlertReview, ...]:
    """Compare every successful run that was not reviewed yet, and open, keep and close alerts.

    Parameters
    ----------
    settings
        Where database, defaults and rules are.

    Returns
    -------
    tuple of AlertReview
        One a run, the oldest first; empty when all were reviewed.

    Raises
    ------
    ParameterError
        When data/alert_rules.toml cannot be used.

    Notes
    -----
    Each run has a transaction of its own, and a review is written once, so calling it again or in two
    processes at once changes nothing.
    """
    criteria = load_criteria(settings.data_dir / "alert_rules.toml")
    with reading(settings) as session:
        waiting = unreviewed_runs(session)
    reviews = []
    for run in waiting:
        with writing(settings) as session:
            surroundings = Surroundings(_uploads_of(session), _ages_of(session, settings))
            now = datetime.now(UTC)
            review = review_run(session, run, criteria=criteria, surroundings=surroundings, at=now)
        if review is not None:
            reviews.append(review)
    return tuple(reviews)


def list_alerts(
    settings: Settings,
    *,
    chain_id: str | None = None,
    state: AlertState | None = None,
    perspective: Perspective | None = None,
) -> tuple[AlertView, ...]:
    """List alerts with their history.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Only of this chain.
    state
        Only in this state.
    perspective
        Only seen so.

    Returns
    -------
    tuple of AlertView
        The newest first.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    """
    states = tuple(AlertState) if state is None else (state,)
    with reading(settings) as session:
        if chain_id is not None:
            pick_chains(session, (chain_id,))
        alerts = repository.list_alerts(session, chain_id=chain_id, perspective=perspective, states=states)
        return _with_history(session, alerts)


def acknowledge(
    settings: Settings, alert_id: int, *, version: int, officer: Officer, note: str = ""
) -> Alert:
    """Write down that an officer has taken note of an alert.

    Parameters
    ----------
    settings
        Where the database is.
    alert_id
        Which alert.
    version
        Of the alert as the officer saw it.
    officer
        Who.
    note
        What the officer wrote; may be empty.

    Returns
    -------
    Alert
        As it stands then.

    Raises
    ------
    UnknownKeyError
        When there is no such alert.
    StaleAlertError
        When it has changed since the officer saw it; the note is not stored then.
    """
    with writing(settings) as session:
        return repository.acknowledge_alert(
            session,
            alert_id,
            version=version,
            by=officer.signature,
            note=note.strip(),
            at=datetime.now(UTC),
        )


def count_open(settings: Settings) -> int:
    """Count the alerts that nobody has acknowledged.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    int
        Over all chains.
    """
    with reading(settings) as session:
        return repository.count_open(session)


def list_baselines(settings: Settings, *, chain_id: str | None = None) -> tuple[AlertReview, ...]:
    """List the runs that later runs are compared with and that opened nothing themselves.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Only of this chain.

    Returns
    -------
    tuple of AlertReview
        首次体检 of each chain and first runs after defaults or lines changed, the newest first.
    """
    with reading(settings) as session:
        reviews = repository.list_reviews(session, chain_id=chain_id)
    return tuple(review for review in reviews if review.kind in {ReviewKind.BASELINE, ReviewKind.NEW_BASIS})


def _with_history(session: Session, alerts: Sequence[Alert]) -> tuple[AlertView, ...]:
    events: dict[int, list[AlertEvent]] = {alert.alert_id: [] for alert in alerts}
    for event in repository.list_events(session):
        if event.alert_id in events:
            events[event.alert_id].append(event)
    horizons = {
        run_id: read_run(session, run_id).request.main_horizon
        for run_id in sorted({alert.opened_run_id for alert in alerts})
    }
    return tuple(
        AlertView(alert, tuple(events[alert.alert_id]), horizons[alert.opened_run_id]) for alert in alerts
    )


def _uploads_of(session: Session) -> UploadsBetween:
    """Read uploads to any chain by time: a run's data version covers all that lies upstream of its chain."""

    def read(since: datetime, until: datetime) -> tuple[UploadRef, ...]:
        found = list_uploads(session, kinds=_MOVING, since=since, until=until)
        return tuple(
            UploadRef(each.upload_id, each.name, each.officer, each.committed_at.isoformat())
            for each in reversed(found)
            if each.committed_at is not None
        )

    return read


def _ages_of(session: Session, settings: Settings) -> AgesOf:
    def read(run: Run, wanted: Collection[tuple[Scope, str]]) -> Mapping[tuple[Scope, str], DataAge]:
        records = load_records(session, run.request.chain_id)
        # Facts loaded since the run say nothing about what it rests on.
        if data_version(records) != run.data_version:
            return {}
        defaults = load_defaults(settings.data_dir / "defaults.toml")
        return data_ages(records, wanted, defaults=defaults, home=(HOME_COUNTRY,))

    return read
