"""Undoing an upload: the facts, names and rows become what they would be without it; nothing is deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from chains.history import FACTS, FactKind, is_current, read_place
from ingest.placed_rows import ListRow
from ingest.replaying import KEYS, FactKey, NameKey, StoredList, StoredRow, World
from ingest.repository import Upload, list_uploads
from ingest.tables import (
    ListRowRow,
    NameDecisionRow,
    RowState,
    UploadKind,
    UploadRow,
    UploadState,
)

ROWS_AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A fact, and the upload that stated it."""

    fact: Any
    upload_id: int

    def same_as(self, other: HeldFact | None, kind: FactKind) -> bool:
        """Tell whether two say the same, at the same place, by the same upload."""
        return (
            other is not None
            and self.upload_id == other.upload_id
            and kind.values_of(self.fact) == kind.values_of(other.fact)
            and self.fact.place == other.fact.place
        )


@dataclass(frozen=True)
class UndoChange:
    """What an undo changes: from the facts with an upload to those without it.

    Attributes
    ----------
    upload_id
        Which upload goes.
    facts
        Kind and key to what is held with it and without it; None where nothing is.
    names
        Names and codes to what they stand for with it and without it.
    rows
        Rows of later uploads that can no longer count, or stand for something else, by upload.
    """

    upload_id: int
    facts: Mapping[FactKey, tuple[HeldFact | None, HeldFact | None]]
    names: Mapping[NameKey, tuple[str | None, str | None]]
    rows: Mapping[int, tuple[StoredRow, ...]]


def find_change(upload_id: int, with_it: World, without_it: World) -> UndoChange:
    """Compare the two worlds.

    Parameters
    ----------
    upload_id
        The upload that is missing in the second.
    with_it, without_it
        From `ingest.replaying.Replay.play`.

    Returns
    -------
    UndoChange
        Only what differs.
    """
    held, wanted = _held(with_it), _held(without_it)
    facts = {}
    for key in sorted(held.keys() | wanted.keys(), key=repr):
        before, after = held.get(key), wanted.get(key)
        if before is None or not before.same_as(after, FACTS[key[0]]):
            facts[key] = (before, after)
    names = {}
    for name in sorted(with_it.taught.keys() | without_it.taught.keys()):
        old, new = with_it.taught.get(name), without_it.taught.get(name)
        if old != new:
            names[name] = (old.target if old else None, new.target if new else None)
    rows = {
        other: changed
        for other, known in sorted(without_it.rows.items())
        if (changed := _changed_rows(with_it.rows.get(other, {}), known))
    }
    return UndoChange(upload_id, facts, names, rows)


def _held(world: World) -> dict[FactKey, HeldFact]:
    return {
        (name, key_of(row)): HeldFact(row, world.owners[name, key_of(row)])
        for name, key_of in KEYS.items()
        for row in getattr(world.uploaded, name)
    }


def _changed_rows(before: Mapping[int, StoredRow], after: Mapping[int, StoredRow]) -> tuple[StoredRow, ...]:
    return tuple(each for number, each in sorted(after.items()) if before.get(number) != each)


def read_lists(session: Session) -> tuple[StoredList, ...]:
    """Read all supplier lists that count, with their good rows.

    Parameters
    ----------
    session
        A session of either kind.

    Returns
    -------
    tuple of StoredList
        The oldest first.
    """
    uploads = [each for each in list_uploads(session, kinds=(UploadKind.SUPPLIERS,)) if each.counts]
    return tuple(StoredList(upload, _read_rows(session, upload)) for upload in reversed(uploads))


def _read_rows(session: Session, upload: Upload) -> tuple[StoredRow, ...]:
    table = ListRowRow.__table__.c
    statement = (
        select(
            table.row, table.cells, table.extra, table.supplier_id, table.item_id, table.buyer_id, table.step
        )
        .where(table.upload_id == upload.upload_id, table.state != RowState.BAD)
        .order_by(table.row)
    )
    return tuple(StoredRow(ListRow(*cells), step) for *cells, step in session.execute(statement))


def apply_change(
    session: Session, change: UndoChange, *, without_it: World, chains: Mapping[int, str], at: datetime
) -> tuple[FactKey, ...]:
    """Make what is held without an upload current.

    Parameters
    ----------
    session
        A write session that holds the lock of writers.
    change
        From `find_change`, worked out on the facts of this session.
    without_it
        The world after it.
    chains
        Upload to the chain it was made for.
    at
        Now, aware.

    Returns
    -------
    tuple
        Kinds and keys that somebody changed by other means since: these stay as they are.
    """
    edited: list[FactKey] = []
    for name in KEYS:
        changed = {key: pair for key, pair in change.facts.items() if key[0] == name}
        edited += _replace_facts(session, FACTS[name], changed, chains=chains, at=at)
    _replace_names(session, change, without_it, at=at)
    for upload_id, rows in change.rows.items():
        _replace_rows(session, upload_id, rows)
    _hold_emptied(session, change.rows)
    return tuple(edited)


def find_edited(session: Session, change: UndoChange) -> tuple[FactKey, ...]:
    """List the facts of a change that are held otherwise than the uploads alone would tell.

    Parameters
    ----------
    session
        A session of either kind.
    change
        From `find_change`.

    Returns
    -------
    tuple
        Kinds and keys; somebody changed them by other means, so an undo leaves them alone.
    """
    found: list[FactKey] = []
    for name in KEYS:
        actual = _read_actual(session, FACTS[name]) if any(key[0] == name for key in change.facts) else {}
        for key, (before, _) in change.facts.items():
            if key[0] == name and not _is_as_told(actual.get(key[1]), before, FACTS[name]):
                found.append(key)
    return tuple(found)


def _is_as_told(actual: tuple[int, HeldFact] | None, before: HeldFact | None, kind: FactKind) -> bool:
    if actual is None or before is None:
        return actual is None and before is None
    return actual[1].same_as(before, kind)


def _read_actual(session: Session, kind: FactKind) -> dict[Any, tuple[int, HeldFact]]:
    table, key_of = kind.table, KEYS[next(name for name, each in FACTS.items() if each is kind)]
    statement = select(
        table.c.id, table.c.upload_id, table.c.place_file, table.c.place_row, *kind.columns
    ).where(is_current(kind), table.c.upload_id.is_not(None))
    found = {}
    for row_id, upload_id, file, row, *values in session.execute(statement):
        fact = kind.build(*values, place=read_place(file, row))
        found[key_of(fact)] = (row_id, HeldFact(fact, upload_id))
    return found


def _replace_facts(
    session: Session,
    kind: FactKind,
    changed: Mapping[FactKey, tuple[HeldFact | None, HeldFact | None]],
    *,
    chains: Mapping[int, str],
    at: datetime,
) -> list[FactKey]:
    if not changed:
        return []
    actual = _read_actual(session, kind)
    edited, gone, new = [], [], []
    for key, (before, after) in changed.items():
        held = actual.get(key[1])
        if not _is_as_told(held, before, kind):
            edited.append(key)
            continue
        gone += [] if held is None else [{"row_id": held[0]}]
        new += [] if after is None else [_fact_cells(kind, after, chains, at=at)]
    if gone:
        table = kind.table
        statement = update(table).where(table.c.id == bindparam("row_id")).values(superseded_at=at)
        session.connection().execute(statement, gone)
    for start in range(0, len(new), ROWS_AT_ONCE):
        session.execute(insert(kind.table), new[start : start + ROWS_AT_ONCE])
    return edited


def _fact_cells(kind: FactKind, held: HeldFact, chains: Mapping[int, str], *, at: datetime) -> dict[str, Any]:
    place = held.fact.place
    return dict(zip(kind.names, kind.values_of(held.fact), strict=True)) | {
        "chain_id": chains[held.upload_id],
        "upload_id": held.upload_id,
        "recorded_at": at,
        "place_file": place.file if place else None,
        "place_row": place.row if place else None,
    }


def _replace_names(session: Session, change: UndoChange, without_it: World, *, at: datetime) -> None:
    """Take back what names were said to stand for, unless somebody said otherwise since."""
    current = {
        (row.kind, row.name_key): row
        for row in session.scalars(select(NameDecisionRow).where(NameDecisionRow.superseded_at.is_(None)))
    }
    new = []
    for (kind, key), (before, after) in change.names.items():
        row = current.get((kind, key))
        if (row.target_id if row else None) != before:
            continue
        if row is not None:
            row.superseded_at = at
        if after is not None:
            said = without_it.taught[kind, key]
            new.append(
                {
                    "kind": kind,
                    "name_key": key,
                    "name": said.name,
                    "target_id": said.target,
                    "upload_id": said.upload_id,
                    "officer": said.officer,
                    "decided_at": said.at,
                }
            )
    session.flush()
    if new:
        session.execute(insert(NameDecisionRow), new)


def _replace_rows(session: Session, upload_id: int, rows: Iterable[StoredRow]) -> None:
    cells = [
        {
            "of": upload_id,
            "line": each.row.row,
            "is": (RowState.WAITING if each.step is None else RowState.COMMITTED),
            "s": each.row.supplier_id,
            "i": each.row.item_id,
            "b": each.row.buyer_id,
            "at_step": each.step,
        }
        for each in rows
    ]
    statement = (
        update(ListRowRow.__table__)  # type: ignore[arg-type]
        .where(ListRowRow.upload_id == bindparam("of"), ListRowRow.row == bindparam("line"))
        .values(
            state=bindparam("is"),
            supplier_id=bindparam("s"),
            item_id=bindparam("i"),
            buyer_id=bindparam("b"),
            step=bindparam("at_step"),
        )
    )
    session.connection().execute(statement, cells)


def _hold_emptied(session: Session, upload_ids: Collection[int]) -> None:
    """Let uploads wait of which no row counts any more."""
    for upload_id in upload_ids:
        counting = select(func.count()).where(
            ListRowRow.upload_id == upload_id, ListRowRow.state == RowState.COMMITTED
        )
        if not session.scalar(counting):
            session.execute(
                update(UploadRow)
                .where(UploadRow.id == upload_id)
                .values(state=UploadState.WAITING, committed_at=None)
            )


def mark_undone(session: Session, upload_id: int, *, by: str, at: datetime) -> None:
    """Note that an upload counts for nothing from now on; its rows stay.

    Parameters
    ----------
    session
        A write session.
    upload_id
        Which upload.
    by
        Who undoes it.
    at
        Now, aware.
    """
    session.execute(update(UploadRow).where(UploadRow.id == upload_id).values(undone_at=at, undone_by=by))
    session.expire_all()
