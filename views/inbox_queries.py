"""What the page of alerts asks the desk for; never cached: another officer may act at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk import alerts
from views import queries

if TYPE_CHECKING:
    from chains.model import Perspective
    from desk.alerts import AlertView
    from desk.officer import Officer
    from risk.alerts.model import Alert, AlertReview


def load_alerts(perspective: Perspective | None = None) -> tuple[AlertView, ...]:
    """Read all alerts with their history.

    Parameters
    ----------
    perspective
        Only seen so.

    Returns
    -------
    tuple of AlertView
        The newest first.
    """
    return alerts.list_alerts(queries.get_settings(), perspective=perspective)


def load_baselines() -> tuple[AlertReview, ...]:
    """Read the first runs that later ones are compared with.

    Returns
    -------
    tuple of AlertReview
        The newest first.
    """
    return alerts.list_baselines(queries.get_settings())


def acknowledge(alert: Alert, *, officer: Officer, note: str) -> None:
    """Write down that an officer has taken note of an alert as it is shown.

    Parameters
    ----------
    alert
        As the officer sees it.
    officer
        Who.
    note
        May be empty.

    Raises
    ------
    StaleAlertError
        When it has changed since.
    """
    alerts.acknowledge(
        queries.get_settings(), alert.alert_id, version=alert.version, officer=officer, note=note
    )
