"""Alerts as rows and as json, for the command line."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from chains.model import Perspective, Scope
from chains.regions import country_name
from desk.rows import EndScores
from desk.waterfall import Waterfall, build_waterfall
from risk.model import MODES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chains.model import Mode
    from desk.alerts import AlertView
    from desk.output import Cell
    from risk.alerts.model import Alert, AlertEvent, Figures, NodeStanding

ALERT_COLUMNS = (
    "alert_id",
    "opened_at",
    "chain",
    "rule",
    "level_before",
    "level",
    "scope",
    "key",
    "name_zh",
    "residual_before",
    "residual_after",
    "state",
)
"""Columns of ``lianwen alerts`` as a table: residual of mode run, low end, main horizon."""


def alert_columns(views: Sequence[AlertView]) -> tuple[str, ...]:
    """Choose the columns of a table of alerts.

    Parameters
    ----------
    views
        The alerts to show.

    Returns
    -------
    tuple of str
        `ALERT_COLUMNS`, and the perspective where one of them is seen from home.
    """
    seen_from_home = any(view.alert.perspective is Perspective.HOME for view in views)
    return (*ALERT_COLUMNS, "perspective") if seen_from_home else ALERT_COLUMNS


def node_waterfall(standing: NodeStanding | None, mode: Mode) -> Waterfall | None:
    """Split a node's exposure of one mode, low end, main horizon.

    Parameters
    ----------
    standing
        From the evidence of an alert.
    mode
        Run or build.

    Returns
    -------
    Waterfall or None
        ``None`` without scores.
    """
    if standing is None:
        return None
    figures: Figures = getattr(standing, mode.value)
    scores = EndScores(
        figures.exposure, figures.substitution, figures.residual, tts_days=None, recovery_day=None
    )
    return build_waterfall(scores)


def table_cells(views: Sequence[AlertView]) -> list[dict[str, Cell]]:
    """Lay alerts out as rows of `ALERT_COLUMNS`.

    Parameters
    ----------
    views
        Alerts.

    Returns
    -------
    list of dict
        Cells by column.
    """
    return [_table_row(view.alert) for view in views]


def render_alerts(views: Sequence[AlertView]) -> str:
    """Write alerts as one json array with everything they rest on.

    Parameters
    ----------
    views
        Alerts.

    Returns
    -------
    str
        UTF-8 text; unknown is ``null``, times are UTC.
    """
    return json.dumps([_json_alert(view) for view in views], ensure_ascii=False, indent=2) + "\n"


def _table_row(alert: Alert) -> dict[str, Cell]:
    before, after = alert.evidence.before, alert.evidence.after
    return {
        "alert_id": alert.alert_id,
        "opened_at": _instant(alert.opened_at),
        "chain": alert.chain_id,
        "rule": alert.rule,
        "level_before": before.level.value if before else None,
        "level": alert.level.value,
        "scope": alert.scope.value,
        "key": alert.key,
        "name_zh": _name(alert),
        "residual_before": before.run.residual if before else None,
        "residual_after": after.run.residual if after else None,
        "state": alert.state.value,
        "perspective": alert.perspective.value,
    }


def _name(alert: Alert) -> str:
    return country_name(alert.key, "zh") if alert.scope is Scope.COUNTRY else alert.name_zh


def _json_alert(view: AlertView) -> dict[str, object]:
    alert, evidence = view.alert, view.alert.evidence
    names = ("alert_id", "rule", "scope", "key", "name_zh", "name_en", "state", "level", "version")
    runs = ("opened_run_id", "previous_run_id", "last_run_id")
    return {
        **{name: getattr(alert, name) for name in names},
        "chain": alert.chain_id,
        "perspective": alert.perspective.value,
        "horizon": view.main_horizon,
        "opened_at": _instant(alert.opened_at),
        "closed_at": _instant(alert.closed_at),
        **{name: getattr(alert, name) for name in runs},
        "evidence_run_id": view.evidence_run_id,
        "data_version_before": evidence.data_version_before,
        "data_version_after": evidence.data_version_after,
        "before": _json_standing(evidence.before),
        "after": _json_standing(evidence.after),
        "uploads": [asdict(upload) for upload in evidence.uploads],
        "data_age": asdict(evidence.data_age) if evidence.data_age else None,
        "events": [_json_event(event) for event in view.events],
    }


def _json_standing(standing: NodeStanding | None) -> dict[str, object] | None:
    if standing is None:
        return None
    waterfalls = {mode: node_waterfall(standing, mode) for mode in MODES}
    steps = {mode.value: asdict(fall) if fall else None for mode, fall in waterfalls.items()}
    return asdict(standing) | {"waterfall": steps}


def _json_event(event: AlertEvent) -> dict[str, object]:
    cells = asdict(event) | {"at": _instant(event.at)}
    del cells["alert_id"]
    return cells


def _instant(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
