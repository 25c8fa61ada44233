"""The lease of a run: its holder is the only one who writes to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import update

from risk.errors import RunStateError
from risk.model import RunStatus
from risk.tables import RunRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

LEASE_SECONDS: Final = 300.0


def renew_lease(
    session: Session,
    run_id: int,
    *,
    holder: str,
    at: datetime,
    lease_seconds: float,
    progress: float | None = None,
) -> None:
    """Keep a run for longer and say how far it is.

    Parameters
    ----------
    session
        A write session of its own, so that readers see the progress at once.
    run_id
        The run.
    holder
        Who claimed it.
    at
        Now, aware.
    lease_seconds
        How long it stays taken from now.
    progress
        Fraction done, 0 to 1; None leaves it.

    Raises
    ------
    RunStateError
        When the lease was lost; stop computing.
    """
    values: dict[str, Any] = {"lease_until": at + timedelta(seconds=lease_seconds)}
    if progress is not None:
        values["progress"] = min(1.0, max(0.0, progress))
    write_held(session, run_id, holder=holder, **values)


def write_held(session: Session, run_id: int, *, holder: str, **values: Any) -> None:  # noqa: ANN401
    """Change columns of a running run as its holder.

    Parameters
    ----------
    session
        A write session.
    run_id
        The run.
    holder
        Who claimed it.
    **values
        Columns of `RunRow`.

    Raises
    ------
    RunStateError
        When the run is not running or somebody else holds it.
    """
    statement = (
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.status == RunStatus.RUNNING, RunRow.lease_holder == holder)
        .values(**values)
        .returning(RunRow.id)
    )
    if session.scalar(statement) is None:
        raise RunStateError(
            f"run {run_id} is not held by '{holder}' (any more); queue a new run",
            zh=f"运行 {run_id} 不在(或不再在)“{holder}”手里;请重新排队计算",
        )
