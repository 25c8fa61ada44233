"""The other lists in the database: stored once per file, read back while they count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chains.db import lock_writers
from ingest.commit import refuse_repeated
from ingest.lists.model import Entry
from ingest.repository import Upload, list_uploads, read_upload
from ingest.storing import NewUpload, insert_bad_rows, mark_committed, store_upload
from ingest.tables import EntryRow, UploadKind

ROWS_AT_ONCE = 5000


def store_list(
    session: Session,
    new: NewUpload,
    entries: Iterable[Entry],
    *,
    bad: Iterable[Mapping[str, Any]],
    at: datetime,
) -> Upload:
    """Store a list; it counts from now on.

    Parameters
    ----------
    session
        A write session; all or nothing is committed with it.
    new
        The file.
    entries
        Its good rows.
    bad
        Its bad rows.
    at
        Now, aware.

    Returns
    -------
    Upload
        With its number.

    Raises
    ------
    UploadStateError
        When the file was imported before.
    """
    lock_writers(session)
    refuse_repeated(session, new.chain_id, new.digest, kind=new.kind)
    upload_id = store_upload(session, new, None, at=at)
    rows = [
        {
            "upload_id": upload_id,
            "row": entry.row,
            "target": entry.target,
            "cells": dict(entry.cells),
            "extra": dict(entry.extra),
        }
        for entry in entries
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(EntryRow), rows[start : start + ROWS_AT_ONCE])
    insert_bad_rows(session, upload_id, bad)
    mark_committed(session, upload_id, at=at)
    session.expire_all()
    return read_upload(session, upload_id)


def active_lists(session: Session, kind: UploadKind, *, chain_id: str | None = None) -> tuple[Upload, ...]:
    """List the uploads of a kind that count.

    Parameters
    ----------
    session
        A session of either kind.
    kind
        Which kind.
    chain_id
        Only those for this chain.

    Returns
    -------
    tuple of Upload
        The newest first.
    """
    found = list_uploads(session, chain_id=chain_id, kinds=(kind,))
    return tuple(upload for upload in found if upload.counts)


def read_entries(session: Session, upload_id: int) -> tuple[Entry, ...]:
    """Read the good rows of a list.

    Parameters
    ----------
    session
        A session of either kind.
    upload_id
        Which upload.

    Returns
    -------
    tuple of Entry
        In the order of the file.
    """
    statement = select(EntryRow).where(EntryRow.upload_id == upload_id).order_by(EntryRow.row)
    return tuple(Entry(row.row, row.cells, row.extra, row.target) for row in session.scalars(statement))
