"""Rows of the upload tables: the upload itself, its good and bad rows, the trace of a deleted file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from ingest.placed_rows import ListRow
from ingest.preview import ImportPlan
from ingest.repository import Upload, read_upload
from ingest.tables import ListRowRow, RowState, UploadKind, UploadRow, UploadState

ROWS_AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file on its way in.

    Attributes
    ----------
    chain_id, name, digest, size_bytes, buyer, makes, reading, officer, unit, kind
        As in `ingest.repository.Upload`.
    """

    chain_id: str
    name: str
    digest: str
    size_bytes: int
    buyer: str | None
    makes: tuple[str, ...]
    reading: Mapping[str, Any]
    officer: str
    unit: str
    kind: UploadKind = UploadKind.SUPPLIERS


def store_upload(session: Session, new: NewUpload, earlier: Upload | None, *, at: datetime) -> int:
    """Store an upload without its rows, or take up the one of the same file that only waited.

    Parameters
    ----------
    session
        A write session that holds the lock of writers.
    new
        The file.
    earlier
        The upload that waited.
    at
        Now, aware.

    Returns
    -------
    int
        The upload's number.
    """
    values = {
        "name": new.name,
        "size_bytes": new.size_bytes,
        "buyer": new.buyer,
        "makes": list(new.makes),
        "reading": dict(new.reading),
        "officer": new.officer,
        "unit": new.unit,
        # The file is kept again even if it was deleted while it waited.
        "file_removed_at": None,
        "file_removed_by": None,
    }
    if earlier is not None:
        session.execute(update(UploadRow).where(UploadRow.id == earlier.upload_id).values(values))
        return earlier.upload_id
    values |= {
        "chain_id": new.chain_id,
        "digest": new.digest,
        "kind": new.kind,
        "state": UploadState.WAITING,
        "received_at": at,
    }
    return session.scalars(insert(UploadRow).values(values).returning(UploadRow.id)).one()


def mark_committed(session: Session, upload_id: int, *, at: datetime) -> None:
    """Note that rows of an upload count, from now on if none did before.

    Parameters
    ----------
    session
        A write session.
    upload_id
        Which upload.
    at
        Now, aware.
    """
    session.execute(
        update(UploadRow)
        .where(UploadRow.id == upload_id, UploadRow.committed_at.is_(None))
        .values(state=UploadState.COMMITTED, committed_at=at)
    )


def insert_rows(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Store rows in portions.

    Parameters
    ----------
    session
        A write session.
    rows
        Columns of `ListRowRow`.
    """
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS_AT_ONCE:
            session.execute(insert(ListRowRow), waiting)
            waiting = []
    if waiting:
        session.execute(insert(ListRowRow), waiting)


def good_cells(upload_id: int, plan: ImportPlan, step: int) -> Iterator[dict[str, Any]]:
    """Make the stored form of the good rows of a plan.

    Parameters
    ----------
    upload_id
        Of which upload.
    plan
        Its rows, and which of them wait.
    step
        With which step the others come to count.

    Yields
    ------
    dict
        Columns of `ListRowRow`.
    """
    for row in plan.rows:
        if row.row in plan.waiting:
            yield row_cells(upload_id, row, RowState.WAITING, None)
        else:
            yield row_cells(upload_id, row, RowState.COMMITTED, step)


def row_cells(upload_id: int, row: ListRow, state: RowState, step: int | None) -> dict[str, Any]:
    """Make the stored form of a good row.

    Parameters
    ----------
    upload_id
        Of which upload.
    row
        With its ids.
    state
        Whether it counts.
    step
        With which step, if it counts.

    Returns
    -------
    dict
        Columns of `ListRowRow`.
    """
    return {
        "upload_id": upload_id,
        "row": row.row,
        "state": state,
        "supplier_id": row.supplier_id,
        "item_id": row.item_id,
        "buyer_id": row.buyer_id,
        "cells": dict(row.cells),
        "extra": dict(row.extra),
        "issues": None,
        "step": step,
    }


def insert_bad_rows(session: Session, upload_id: int, bad: Iterable[Mapping[str, Any]]) -> None:
    """Store the bad rows of an upload with their reasons.

    Parameters
    ----------
    session
        A write session.
    upload_id
        Which upload.
    bad
        As `ingest.checking.CheckResult.bad` yields them.
    """
    insert_rows(session, _bad_cells(upload_id, bad))


def _bad_cells(upload_id: int, bad: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in bad:
        problems = [{name: each[name] for name in ("field", "value", "code")} for each in (row, *row["more"])]
        yield {
            "upload_id": upload_id,
            "row": row["row"],
            "state": RowState.BAD,
            "supplier_id": None,
            "item_id": None,
            "buyer_id": None,
            "cells": {},
            "extra": {},
            "issues": problems,
            "step": None,
        }


def remove_file(session: Session, upload_id: int, *, by: str, at: datetime) -> tuple[Upload, bool]:
    """Note that the kept file of an upload is deleted; its rows stay.

    Parameters
    ----------
    session
        A write session.
    upload_id
        Which upload.
    by
        Who deletes it.
    at
        Now, aware.

    Returns
    -------
    tuple
        The upload, and whether no other upload needs the same file.
    """
    row = session.get(UploadRow, upload_id)
    if row is not None and row.file_removed_at is None:
        row.file_removed_at, row.file_removed_by = at, by
        session.flush()
    upload = read_upload(session, upload_id)
    others = select(UploadRow.id).where(
        UploadRow.digest == upload.digest, UploadRow.file_removed_at.is_(None), UploadRow.id != upload_id
    )
    return upload, session.scalar(others.limit(1)) is None
