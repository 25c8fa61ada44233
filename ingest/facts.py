"""Uploaded facts with history: what a plan states becomes current, what it replaces is superseded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from chains.history import FACTS, FactKind, is_current
from chains.repository import load_uploaded
from ingest.preview import ImportPlan, apply_plan

_ROWS_AT_ONCE: Final = 5000
_KINDS: Final = ("suppliers", "supplies", "purchases", "sources")


def store_facts(
    session: Session, upload_id: int, chain_id: str, plan: ImportPlan, *, at: datetime
) -> tuple[int, int]:
    """Make what a plan states current; what it replaces stays as history.

    Parameters
    ----------
    session
        A write session.
    upload_id, chain_id
        Stored with every fact.
    plan
        Worked out on the facts of this session.
    at
        Now, aware.

    Returns
    -------
    tuple of int
        Rows inserted and superseded.
    """
    before = load_uploaded(session)
    after = apply_plan(before, plan)
    stamp = {"chain_id": chain_id, "upload_id": upload_id, "recorded_at": at}
    inserted = superseded = 0
    for name in _KINDS:
        kept = {id(row) for row in getattr(before, name)}
        new = [row for row in getattr(after, name) if id(row) not in kept]
        staying = {id(row) for row in getattr(after, name)}
        gone = [row for row in getattr(before, name) if id(row) not in staying]
        superseded += _supersede(session, FACTS[name], gone, at=at)
        inserted += _insert_facts(session, FACTS[name], new, stamp)
    return inserted, superseded


def _supersede(session: Session, kind: FactKind, gone: Sequence[Any], *, at: datetime) -> int:
    if not gone:
        return 0
    table = kind.table
    columns = [table.c[name] for name in kind.key]
    statement = select(table.c.id, *columns).where(is_current(kind), table.c.upload_id.is_not(None))
    id_of = {tuple(key): row_id for row_id, *key in session.execute(statement)}
    ids = [{"row_id": id_of[kind.key_of(kind.values_of(row))]} for row in gone]
    update_one = update(table).where(table.c.id == bindparam("row_id")).values(superseded_at=at)
    session.connection().execute(update_one, ids)
    return len(ids)


def _insert_facts(session: Session, kind: FactKind, rows: Sequence[Any], stamp: dict[str, Any]) -> int:
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        cells = [
            dict(zip(kind.names, kind.values_of(row), strict=True))
            | stamp
            | {
                "place_file": row.place.file if row.place else None,
                "place_row": row.place.row if row.place else None,
            }
            for row in rows[start : start + _ROWS_AT_ONCE]
        ]
        session.execute(insert(kind.table), cells)
    return len(rows)
