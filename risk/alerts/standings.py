"""How nodes stand in stored runs, and which runs still wait for their review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from chains.model import End, Mode, Scope
from risk.alerts.model import Figures, NodeStanding
from risk.alerts.rows import judged_standing
from risk.alerts.tables import AlertReviewRow
from risk.model import Node, RunStatus
from risk.repository import read_run, read_scores
from risk.scores import SCORE_NAMES
from risk.tables import RunRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from risk.model import Run

_IDENTITY: Final = (
    "scope",
    "key",
    "name_zh",
    "name_en",
    "country",
    "province",
    "city",
    "home",
    "firms",
    "scored",
)


def read_standings(session: Session, run: Run) -> Mapping[Node, NodeStanding]:
    """Read how every node stands in a run: low end, main horizon, both modes.

    Parameters
    ----------
    session
        Any session.
    run
        A successful run.

    Returns
    -------
    Mapping
        Node to standing, in canonical order.
    """
    horizon = run.request.main_horizon
    frames = {
        mode: read_scores(session, run.run_id, mode=mode, horizon=horizon, end=End.LOW) for mode in Mode
    }
    rows = zip(*(frames[mode].iter_rows(named=True) for mode in (Mode.RUN, Mode.BUILD)), strict=True)
    return {_node(run_row): _standing(run_row, build_row) for run_row, build_row in rows}


def unreviewed_runs(session: Session) -> tuple[Run, ...]:
    """Find the successful runs that no review has looked at.

    Parameters
    ----------
    session
        Any session.

    Returns
    -------
    tuple of Run
        The oldest first.
    """
    query = (
        select(RunRow.id)
        .outerjoin(AlertReviewRow, AlertReviewRow.run_id == RunRow.id)
        .where(RunRow.status == RunStatus.SUCCEEDED, AlertReviewRow.run_id.is_(None))
        .order_by(RunRow.id)
    )
    return tuple(read_run(session, run_id) for run_id in session.scalars(query).all())


def _node(row: dict[str, Any]) -> Node:
    return Node(**{name: row[name] for name in _IDENTITY} | {"scope": Scope(row["scope"])})


def _standing(run_row: dict[str, Any], build_row: dict[str, Any]) -> NodeStanding:
    run, build = (Figures(*(row[name] for name in SCORE_NAMES)) for row in (run_row, build_row))
    return judged_standing(run_row, run=run, build=build)
