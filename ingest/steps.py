"""Steps: the moments at which rows of uploads came to count, so that they can be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from ingest.tables import StepKind, StepRow, UploadRow


@dataclass(frozen=True, slots=True)
class Step:
    """A moment at which rows of an upload came to count.

    Attributes
    ----------
    upload_id, number
        Which upload, and its how many-eth step, from 1.
    kind
        commit: the list came in; settle: waiting names were placed later.
    stated_on
        The day that its facts carry.
    officer
        Who decided.
    decisions
        What was decided then, by the key of a question.
    at
        When; UTC.
    """

    upload_id: int
    number: int
    kind: StepKind
    stated_on: date
    officer: str
    decisions: Mapping[str, str]
    at: datetime


def add_step(
    session: Session,
    upload_id: int,
    kind: StepKind,
    *,
    stated_on: date,
    officer: str,
    decisions: Mapping[str, str],
    at: datetime,
) -> int:
    """Write down that rows of an upload come to count now.

    Parameters
    ----------
    session
        A write session that holds the lock of writers.
    upload_id, kind, stated_on, officer, decisions
        As in `Step`.
    at
        Now, aware.

    Returns
    -------
    int
        The number of the step.
    """
    last = session.scalar(select(func.max(StepRow.number)).where(StepRow.upload_id == upload_id)) or 0
    values = {
        "upload_id": upload_id,
        "number": last + 1,
        "kind": kind,
        "stated_on": stated_on,
        "officer": officer,
        "decisions": dict(decisions),
        "at": at,
    }
    session.execute(insert(StepRow).values(values))
    return last + 1


def read_steps(session: Session) -> tuple[Step, ...]:
    """Read the steps of all uploads that count.

    Parameters
    ----------
    session
        A session of either kind.

    Returns
    -------
    tuple of Step
        The oldest first; those of undone uploads are left out.
    """
    statement = (
        select(StepRow)
        .join(UploadRow, UploadRow.id == StepRow.upload_id)
        .where(UploadRow.undone_at.is_(None))
        .order_by(StepRow.at, StepRow.upload_id, StepRow.number)
    )
    return tuple(
        Step(row.upload_id, row.number, row.kind, row.stated_on, row.officer, row.decisions, row.at)
        for row in session.scalars(statement)
    )
