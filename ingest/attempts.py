"""Imports that began: one that never ended was interrupted, left nothing behind, and may be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from chains.errors import Sentence
from ingest.tables import AttemptRow


@dataclass(frozen=True, slots=True)
class Attempt:
    """An import that began.

    Attributes
    ----------
    attempt_id
        Its number.
    chain_id, kind, name, digest, officer
        What was to be imported, and by whom.
    holder
        The process: ``machine:process:random``.
    started_at
        When; UTC.
    """

    attempt_id: int
    chain_id: str
    kind: str
    name: str
    digest: str
    officer: str
    holder: str
    started_at: datetime

    def sentence(self) -> Sentence:
        """Say that it was interrupted, and what to do.

        Returns
        -------
        Sentence
            In both languages.
        """
        return Sentence(
            f"the import of '{self.name}' was interrupted and nothing of it was stored; import it again",
            f"“{self.name}”的导入中断了,没有存入任何内容;可以重新导入",
        )


def begin_attempt(session: Session, attempt: Attempt) -> int:
    """Write down that an import begins.

    Parameters
    ----------
    session
        A write session of its own, committed before the import.
    attempt
        Its number is not looked at.

    Returns
    -------
    int
        Its number.
    """
    values = {
        "chain_id": attempt.chain_id,
        "kind": attempt.kind,
        "name": attempt.name,
        "digest": attempt.digest,
        "officer": attempt.officer,
        "holder": attempt.holder,
        "started_at": attempt.started_at,
    }
    return session.scalars(insert(AttemptRow).values(values).returning(AttemptRow.id)).one()


def end_attempt(session: Session, attempt_id: int, *, at: datetime) -> None:
    """Write down that an import ended, whatever came of it.

    Parameters
    ----------
    session
        The write session of the import, so that both are stored or neither.
    attempt_id
        Which.
    at
        Now, aware.
    """
    session.execute(update(AttemptRow).where(AttemptRow.id == attempt_id).values(ended_at=at))


def close_repeated(session: Session, chain_id: str, digest: str, *, at: datetime) -> None:
    """Close earlier attempts of a file that is imported now, so that they are told no more.

    Parameters
    ----------
    session
        The write session of the import.
    chain_id, digest
        Which file for which chain.
    at
        Now, aware.
    """
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.chain_id == chain_id, AttemptRow.digest == digest, AttemptRow.ended_at.is_(None))
        .values(ended_at=at)
    )


def open_attempts(session: Session, chain_id: str | None = None) -> tuple[Attempt, ...]:
    """List imports that began and did not end.

    Parameters
    ----------
    session
        A session of either kind.
    chain_id
        Only those for this chain.

    Returns
    -------
    tuple of Attempt
        The oldest first; some may still be at work.
    """
    statement = select(AttemptRow).where(AttemptRow.ended_at.is_(None)).order_by(AttemptRow.id)
    if chain_id is not None:
        statement = statement.where(AttemptRow.chain_id == chain_id)
    return tuple(
        Attempt(row.id, row.chain_id, row.kind, row.name, row.digest, row.officer, row.holder, row.started_at)
        for row in session.scalars(statement)
    )
