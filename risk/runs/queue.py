"""The queue of runs: whoever wins the conditional update executes a run, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select, update

from chains.errors import Sentence
from chains.model import Scope
from risk.errors import ParameterError
from risk.model import SCOPE_NAMES_ZH, SCOPES, Run, RunRequest, RunStatus
from risk.repository import read_run
from risk.rows import message_text
from risk.tables import RunRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

# Work that took its holder down this often is not tried again by itself.
MAX_ATTEMPTS: Final = 3


def queue_run(session: Session, request: RunRequest, *, at: datetime) -> int:
    """Add a run to the queue.

    Parameters
    ----------
    session
        A write session.
    request
        What to compute; scopes are stored in canonical order.
    at
        Now, aware.

    Returns
    -------
    int
        The run's id; later runs have larger ids.

    Raises
    ------
    ParameterError
        When the main horizon is below 1 day or no scope is asked for.
    """
    if request.main_horizon < 1:
        raise ParameterError(
            f"horizon {request.main_horizon}: a run needs at least 1 day",
            zh=f"推演期 {request.main_horizon}:一次运行至少要 1 天",
        )
    if not request.scopes:
        raise ParameterError(
            "a run needs at least one scope: " + ", ".join(SCOPES),
            zh="一次运行至少要一种节点范围:"
            + "、".join(f"{SCOPE_NAMES_ZH[scope]} {scope}" for scope in SCOPES),
        )
    return _insert(session, request, attempt=1, at=at)


def queue_once(session: Session, request: RunRequest, *, at: datetime) -> int:
    """Add a run to the queue unless the same work waits there already.

    Parameters
    ----------
    session
        A write session.
    request
        What to compute.
    at
        Now, aware.

    Returns
    -------
    int
        Id of the run that waits: nobody starts it before this session ends, so it will read what this
        session writes.

    Raises
    ------
    ParameterError
        As `queue_run`.
    """
    waiting = find_queued(session, request)
    return queue_run(session, request, at=at) if waiting is None else waiting


def find_queued(session: Session, request: RunRequest) -> int | None:
    """Find a run of the same work that nobody has started, and keep others from starting it.

    Parameters
    ----------
    session
        A write session.
    request
        Chain, perspective, main horizon and scopes count; reason and person do not.

    Returns
    -------
    int or None
        The oldest one's id.
    """
    same = (
        select(RunRow)
        .where(RunRow.chain_id == request.chain_id, RunRow.main_horizon == request.main_horizon)
        .where(RunRow.status == RunStatus.QUEUED, RunRow.perspective == request.perspective)
        .order_by(RunRow.id)
        .with_for_update()
    )
    wanted = {Scope(scope) for scope in request.scopes}
    return next(
        (row.id for row in session.scalars(same) if {Scope(each) for each in row.scopes} == wanted), None
    )


def claim_next_run(
    session: Session, *, holder: str, at: datetime, lease_seconds: float, run_id: int | None = None
) -> Run | None:
    """Take the oldest queued run, or a certain one, and become its only writer.

    Parameters
    ----------
    session
        A write session; commit it before computing.
    holder
        Name of the process, unique among all that run at the same time.
    at
        Now, aware.
    lease_seconds
        How long the run stays taken without a renewal.
    run_id
        Claim this run only.

    Returns
    -------
    Run or None
        None when nothing is queued, or the run asked for is not queued (any more).

    Notes
    -----
    Runs whose lease has expired are given up first, see `give_up_expired_runs`.
    """
    give_up_expired_runs(session, at=at)
    queued = select(RunRow.id).where(RunRow.status == RunStatus.QUEUED).order_by(RunRow.id)
    if run_id is not None:
        queued = queued.where(RunRow.id == run_id)
    for candidate in session.scalars(queued.limit(10)).all():
        taken = session.scalar(
            update(RunRow)
            .where(RunRow.id == candidate, RunRow.status == RunStatus.QUEUED)
            .values(
                status=RunStatus.RUNNING,
                started_at=at,
                lease_holder=holder,
                lease_until=at + timedelta(seconds=lease_seconds),
            )
            .returning(RunRow.id)
        )
        if taken is not None:
            return read_run(session, taken)
    return None


def give_up_expired_runs(session: Session, *, at: datetime) -> tuple[int, ...]:
    """Mark runs whose holder stopped answering as failed, and queue the same work as new runs.

    Parameters
    ----------
    session
        A write session.
    at
        Now, aware.

    Returns
    -------
    tuple of int
        Ids of the runs given up, rising.

    Notes
    -----
    A run that was taken over would have two writers in its history; a new run keeps both histories
    whole. Work that failed like this `MAX_ATTEMPTS` times is not queued again.
    """
    expired = session.execute(
        select(RunRow.id, RunRow.lease_holder, RunRow.attempt)
        .where(RunRow.status == RunStatus.RUNNING, RunRow.lease_until < at)
        .order_by(RunRow.id)
    ).all()
    return tuple(
        run_id for run_id, holder, attempt in expired if _give_up(session, run_id, holder, attempt, at)
    )


def _give_up(session: Session, run_id: int, holder: str | None, attempt: int, at: datetime) -> bool:
    given_up = session.scalar(
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.status == RunStatus.RUNNING, RunRow.lease_until < at)
        .values(status=RunStatus.FAILED, ended_at=at, lease_holder=None, lease_until=None)
        .returning(RunRow.id)
    )
    if given_up is None:
        return False
    again = Sentence("it was tried too often and is not queued again", "试过的次数太多,不再排队")
    if attempt < MAX_ATTEMPTS:
        request = read_run(session, run_id).request
        new = _insert(session, request, attempt=attempt + 1, at=at)
        again = Sentence(f"queued again as run {new}", f"已重新排队,编号 {new}")
    reason = Sentence(
        f"run {run_id}: '{holder}' stopped before the end; {again.en}",
        f"运行 {run_id}:“{holder}”没有算完就停了;{again.zh}",
    )
    session.execute(update(RunRow).where(RunRow.id == run_id).values(message=message_text(reason)))
    return True


def _insert(session: Session, request: RunRequest, *, attempt: int, at: datetime) -> int:
    row = {
        "chain_id": request.chain_id,
        "main_horizon": request.main_horizon,
        "scopes": [str(scope) for scope in SCOPES if scope in {Scope(asked) for asked in request.scopes}],
        "perspective": request.perspective,
        "reason": request.reason,
        "requested_by": request.requested_by,
        "status": RunStatus.QUEUED,
        "attempt": attempt,
        "queued_at": at,
        "progress": 0.0,
        "parameters": {},
    }
    return session.scalars(insert(RunRow).values(row).returning(RunRow.id)).one()
