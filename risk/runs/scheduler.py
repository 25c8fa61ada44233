"""The clock's memory: when jobs are due, which slots have been taken, which process is the scheduler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update

from chains.db import lock_writers
from risk.errors import SchedulerRunningError
from risk.runs.tables import ProcessLeaseRow, ScheduleSlotRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

ZONE: Final = ZoneInfo("Asia/Shanghai")
ROLE: Final = "scheduler"
PROCESS_LEASE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class DailyJob:
    """A job that is due once a day.

    Attributes
    ----------
    name
        Stored with the slot; also the reason of the runs it queues.
    at
        Time of day in Asia/Shanghai.
    """

    name: str
    at: time


NIGHTLY: Final = DailyJob("nightly", time(2, 0))


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which a job was due, and what came of it.

    Attributes
    ----------
    slot_at, taken_at
        When it was due and when it was done, UTC.
    taken_by
        The process that did it.
    run_ids
        Runs it queued; empty when no data had changed.
    """

    job: str
    slot_at: datetime
    taken_at: datetime
    taken_by: str
    run_ids: tuple[int, ...]


def latest_slot(job: DailyJob, now: datetime) -> datetime:
    """Tell when a job was due last.

    Parameters
    ----------
    job
        A daily job.
    now
        Aware.

    Returns
    -------
    datetime
        UTC, not after `now`.

    Notes
    -----
    After days of downtime only this one slot is missing: one catch-up, not one a day.

    Examples
    --------
    >>> latest_slot(NIGHTLY, datetime(2026, 11, 22, 12, tzinfo=UTC)).isoformat()
    '2026-11-21T18:00:00+00:00'
    >>> latest_slot(NIGHTLY, datetime(2026, 11, 22, 18, tzinfo=UTC)).isoformat()
    '2026-11-22T18:00:00+00:00'
    """
    today = datetime.combine(now.astimezone(ZONE).date(), job.at, tzinfo=ZONE)
    due = today if today <= now else today - timedelta(days=1)
    return due.astimezone(UTC)


def is_taken(session: Session, job: DailyJob, slot_at: datetime) -> bool:
    """Tell whether a slot has been done.

    Parameters
    ----------
    session
        Any session.
    job, slot_at
        Which slot.

    Returns
    -------
    bool
        True when it has a row.
    """
    return session.get(ScheduleSlotRow, (job.name, slot_at)) is not None


def take_slot(
    session: Session, job: DailyJob, slot_at: datetime, *, holder: str, at: datetime, run_ids: Sequence[int]
) -> None:
    """Write down that a slot is done, in the transaction that queues its runs.

    Parameters
    ----------
    session
        A write session that found the slot free after `lock_writers`.
    job, slot_at
        Which slot.
    holder
        The process that does it.
    at
        Now, aware.
    run_ids
        What it queued.
    """
    row = {"job": job.name, "slot_at": slot_at, "taken_at": at, "taken_by": holder, "run_ids": list(run_ids)}
    session.execute(insert(ScheduleSlotRow).values(row))


def list_slots(session: Session, *, limit: int = 30) -> tuple[Slot, ...]:
    """List the slots that were done, the newest first.

    Parameters
    ----------
    session
        Any session.
    limit
        At most so many.

    Returns
    -------
    tuple of Slot
        By falling time.
    """
    columns = ScheduleSlotRow.__table__.c
    query = select(*columns).order_by(ScheduleSlotRow.slot_at.desc(), ScheduleSlotRow.job).limit(limit)
    return tuple(
        Slot(row.job, row.slot_at, row.taken_at, row.taken_by, tuple(row.run_ids))
        for row in session.execute(query)
    )


def take_process_lease(
    session: Session,
    *,
    holder: str,
    at: datetime,
    is_gone: Callable[[str], bool],
    seconds: float = PROCESS_LEASE_SECONDS,
) -> None:
    """Become the scheduler.

    Parameters
    ----------
    session
        A write session.
    holder
        Name of this process, unique.
    at
        Now, aware.
    is_gone
        Tells of a holder whether its process is known to have ended: a crash need not be waited out.
    seconds
        How long the lease lasts without renewal.

    Raises
    ------
    SchedulerRunningError
        When another process is the scheduler.
    """
    lock_writers(session)
    row = session.get(ProcessLeaseRow, ROLE)
    if row is not None and row.until >= at and not is_gone(row.holder):
        raise SchedulerRunningError(
            f"a scheduler runs already ({row.holder}); a database needs one, so this one does not start",
            zh=f"已有一个计划进程在运行({row.holder});同一数据库只需要一个,这一个不再启动",
        )
    session.execute(delete(ProcessLeaseRow).where(ProcessLeaseRow.role == ROLE))
    session.expire_all()
    until = at + timedelta(seconds=seconds)
    session.execute(insert(ProcessLeaseRow).values(role=ROLE, holder=holder, taken_at=at, until=until))


def renew_process_lease(
    session: Session, *, holder: str, at: datetime, seconds: float = PROCESS_LEASE_SECONDS
) -> bool:
    """Stay the scheduler.

    Parameters
    ----------
    session
        A write session of its own.
    holder
        Who took the lease.
    at
        Now, aware.
    seconds
        How long it lasts from now.

    Returns
    -------
    bool
        False when another process has taken it over; stop then.
    """
    statement = (
        update(ProcessLeaseRow)
        .where(ProcessLeaseRow.role == ROLE, ProcessLeaseRow.holder == holder)
        .values(until=at + timedelta(seconds=seconds))
        .returning(ProcessLeaseRow.role)
    )
    return session.scalar(statement) is not None


def give_process_lease_back(session: Session, *, holder: str) -> None:
    """Stop being the scheduler, so that another one may start at once.

    Parameters
    ----------
    session
        A write session.
    holder
        Who took the lease; a lease of somebody else is left alone.
    """
    session.execute(
        delete(ProcessLeaseRow).where(ProcessLeaseRow.role == ROLE, ProcessLeaseRow.holder == holder)
    )


def read_scheduler(session: Session, *, at: datetime) -> str | None:
    """Name the process that is the scheduler.

    Parameters
    ----------
    session
        Any session.
    at
        Now, aware.

    Returns
    -------
    str or None
        None when none is, or it has not renewed its lease.
    """
    row = session.get(ProcessLeaseRow, ROLE)
    return row.holder if row is not None and row.until >= at else None
