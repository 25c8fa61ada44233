"""What is remembered about names: who decided it with which list, and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from chains.errors import UnknownKeyError
from ingest.tables import NameDecisionRow, NameHoldRow, NameKind


@dataclass(frozen=True, slots=True)
class RememberedName:
    """A name or credit code and what it was decided to stand for.

    Attributes
    ----------
    decision_id
        Its number.
    kind, name, key
        What it is a name of, as written, and reduced.
    target_id
        The supplier or item.
    upload_id, officer, decided_at
        With which list, by whom and when.
    superseded_at
        When a later decision replaced it.
    held_by, held_at
        Who took it back, and when; such a name is asked about again.
    """

    decision_id: int
    kind: NameKind
    name: str
    key: str
    target_id: str
    upload_id: int
    officer: str
    decided_at: datetime
    superseded_at: datetime | None = None
    held_by: str | None = None
    held_at: datetime | None = None


def list_names(session: Session, *, ended: bool = False) -> tuple[RememberedName, ...]:
    """List what is remembered about names, the newest first.

    Parameters
    ----------
    session
        A read session.
    ended
        Whether decisions that were replaced or taken back are listed too.

    Returns
    -------
    tuple of RememberedName
        With who decided it, and who took it back.
    """
    holds = {(row.kind, row.name_key): row for row in _holds(session)}
    decisions = session.scalars(select(NameDecisionRow).order_by(NameDecisionRow.id.desc()))
    found = []
    for row in decisions:
        hold = holds.get((row.kind, row.name_key)) if row.superseded_at is None else None
        if ended or (row.superseded_at is None and hold is None):
            found.append(_name(row, hold))
    return tuple(found)


def _holds(session: Session) -> list[NameHoldRow]:
    return list(session.scalars(select(NameHoldRow).where(NameHoldRow.lifted_at.is_(None))))


def _name(row: NameDecisionRow, hold: NameHoldRow | None) -> RememberedName:
    return RememberedName(
        row.id,
        row.kind,
        row.name,
        row.name_key,
        row.target_id,
        row.upload_id,
        row.officer,
        row.decided_at,
        row.superseded_at,
        hold.officer if hold else None,
        hold.held_at if hold else None,
    )


def read_held(session: Session) -> frozenset[tuple[NameKind, str]]:
    """Read which names were taken back and not placed since.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    frozenset
        Kind and key of each name; a person is asked about it, however near a known one it is.
    """
    return frozenset((row.kind, row.name_key) for row in _holds(session))


def forget_name(session: Session, decision_id: int, *, by: str, at: datetime) -> RememberedName:
    """Take back what was decided about a name; rows that count already stay as they are.

    Parameters
    ----------
    session
        A write session.
    decision_id
        Which decision.
    by, at
        Who takes it back, and when.

    Returns
    -------
    RememberedName
        As it is now.

    Raises
    ------
    UnknownKeyError
        When there is none of this number that still counts.
    """
    row = session.get(NameDecisionRow, decision_id)
    if row is None or row.superseded_at is not None or (row.kind, row.name_key) in read_held(session):
        raise UnknownKeyError(
            f"no remembered name {decision_id} that still counts",
            zh=f"没有编号为 {decision_id} 且仍有效的记住的名称",
        )
    hold = {"kind": row.kind, "name_key": row.name_key, "name": row.name, "target_id": row.target_id}
    session.execute(insert(NameHoldRow), [hold | {"officer": by, "held_at": at}])
    return next(name for name in list_names(session, ended=True) if name.decision_id == decision_id)


def lift_holds(session: Session, names: Collection[tuple[NameKind, str]], *, at: datetime) -> None:
    """Let names count again that a person has placed anew.

    Parameters
    ----------
    session
        A write session.
    names
        Kind and key of each.
    at
        Now, aware.
    """
    for kind, key in sorted(each for each in read_held(session) if each in names):
        session.execute(
            update(NameHoldRow)
            .where(NameHoldRow.kind == kind, NameHoldRow.name_key == key, NameHoldRow.lifted_at.is_(None))
            .values(lifted_at=at)
        )
