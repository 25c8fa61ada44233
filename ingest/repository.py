"""Reading what was uploaded: uploads, their rows, decided names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chains.errors import UnknownKeyError
from ingest.memory import read_held
from ingest.placed_rows import ListRow
from ingest.resolution import ASK
from ingest.tables import (
    ListRowRow,
    NameDecisionRow,
    NameKind,
    RowState,
    UploadKind,
    UploadRow,
    UploadState,
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A list as uploaded.

    Attributes
    ----------
    upload_id, chain_id
        Which, and for which chain.
    name
        As the officer named it, or the file's own name.
    digest, size_bytes
        SHA-256 and size of the file.
    buyer, makes
        As given for the whole file.
    reading
        How the file was read: columns, encoding, personal columns, counts.
    state
        waiting: no row counts yet.
    officer, unit
        Who brought it in.
    received_at, committed_at
        When; UTC.
    file_removed_at, file_removed_by
        When and by whom the kept file was deleted, if it was.
    committed, waiting, bad
        Numbers of rows.
    kind
        What it is a list of.
    undone_at, undone_by
        When and by whom it was undone, if it was; its rows stay and count for nothing.
    """

    upload_id: int
    chain_id: str
    name: str
    digest: str
    size_bytes: int
    buyer: str | None
    makes: tuple[str, ...]
    reading: Mapping[str, Any]
    state: UploadState
    officer: str
    unit: str
    received_at: datetime
    committed_at: datetime | None
    file_removed_at: datetime | None
    file_removed_by: str | None
    committed: int = 0
    waiting: int = 0
    bad: int = 0
    kind: UploadKind = UploadKind.SUPPLIERS
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def counts(self) -> bool:
        """Whether any of its rows counts."""
        return self.committed_at is not None and self.undone_at is None


def find_upload(
    session: Session, chain_id: str, digest: str, *, kind: UploadKind = UploadKind.SUPPLIERS
) -> Upload | None:
    """Find the upload of a file.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Which chain.
    digest
        SHA-256 of the file.
    kind
        As what it was uploaded.

    Returns
    -------
    Upload or None
        None when the file was never uploaded like this, or the upload was undone.
    """
    same = (UploadRow.chain_id == chain_id, UploadRow.digest == digest, UploadRow.kind == kind)
    row = session.scalar(select(UploadRow).where(*same, UploadRow.undone_at.is_(None)))
    return None if row is None else _upload(row, _count_rows(session, row.id).get(row.id, {}))


def read_upload(session: Session, upload_id: int) -> Upload:
    """Read one upload.

    Parameters
    ----------
    session
        A read session.
    upload_id
        Which.

    Returns
    -------
    Upload
        With its counts.

    Raises
    ------
    UnknownKeyError
        When there is none.
    """
    row = session.get(UploadRow, upload_id)
    if row is None:
        raise UnknownKeyError(f"no upload {upload_id}", zh=f"没有编号为 {upload_id} 的上传")
    return _upload(row, _count_rows(session, upload_id).get(upload_id, {}))


def list_uploads(
    session: Session,
    *,
    chain_id: str | None = None,
    kinds: Collection[UploadKind] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> tuple[Upload, ...]:
    """List uploads, the newest first.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Only those for this chain.
    kinds
        Only lists of these kinds.
    since, until
        Only those committed after `since` and not after `until`.

    Returns
    -------
    tuple of Upload
        With their counts.
    """
    statement = select(UploadRow).order_by(UploadRow.id.desc())
    if chain_id is not None:
        statement = statement.where(UploadRow.chain_id == chain_id)
    if kinds is not None:
        statement = statement.where(UploadRow.kind.in_(kinds))
    if since is not None:
        statement = statement.where(UploadRow.committed_at > since)
    if until is not None:
        statement = statement.where(UploadRow.committed_at <= until)
    rows = session.scalars(statement).all()
    counts = _count_rows(session)
    return tuple(_upload(row, counts.get(row.id, {})) for row in rows)


def read_rows(session: Session, upload_id: int, *, state: RowState | None = None) -> tuple[ListRow, ...]:
    """Read the good rows of an upload.

    Parameters
    ----------
    session
        A read session.
    upload_id
        Which upload.
    state
        Only rows in this state.

    Returns
    -------
    tuple of ListRow
        In the order of the file.
    """
    statement = (
        select(ListRowRow)
        .where(ListRowRow.upload_id == upload_id, ListRowRow.state != RowState.BAD)
        .order_by(ListRowRow.row)
    )
    if state is not None:
        statement = statement.where(ListRowRow.state == state)
    return tuple(
        ListRow(row.row, row.cells, row.extra, row.supplier_id, row.item_id, row.buyer_id)
        for row in session.scalars(statement)
    )


def read_decisions(session: Session) -> dict[str, str]:
    """Read what names were decided to stand for.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    dict
        ``supplier:<name_key>`` or ``item:<name_key>`` to the id, for `ingest.checking.check`; to
        `ingest.resolution.ASK` where a person took the decision back.
    """
    held = read_held(session)
    decided = {
        f"{kind.value}:{key}": target
        for kind, key, target in _current_decisions(session)
        if kind is not NameKind.CODE
    }
    return decided | {f"{kind.value}:{key}": ASK for kind, key in held if kind is not NameKind.CODE}


def read_codes(session: Session) -> dict[str, str]:
    """Read the credit codes that committed rows tied to firms.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    dict
        Code to supplier id.
    """
    held = read_held(session)
    codes = (row for row in _current_decisions(session) if row[0] is NameKind.CODE)
    return {key: target for kind, key, target in codes if (kind, key) not in held}


def _current_decisions(session: Session) -> list[tuple[NameKind, str, str]]:
    columns = (NameDecisionRow.kind, NameDecisionRow.name_key, NameDecisionRow.target_id)
    statement = select(*columns).where(NameDecisionRow.superseded_at.is_(None))
    return [(kind, key, target) for kind, key, target in session.execute(statement)]


def _count_rows(session: Session, upload_id: int | None = None) -> dict[int, dict[RowState, int]]:
    statement = select(ListRowRow.upload_id, ListRowRow.state, func.count()).group_by(
        ListRowRow.upload_id, ListRowRow.state
    )
    if upload_id is not None:
        statement = statement.where(ListRowRow.upload_id == upload_id)
    counts: dict[int, dict[RowState, int]] = {}
    for found, state, number in session.execute(statement):
        counts.setdefault(found, {})[state] = number
    return counts


def _upload(row: UploadRow, counts: Mapping[RowState, int]) -> Upload:
    return Upload(
        upload_id=row.id,
        chain_id=row.chain_id,
        name=row.name,
        digest=row.digest,
        size_bytes=row.size_bytes,
        buyer=row.buyer,
        makes=tuple(row.makes),
        reading=row.reading,
        state=row.state,
        officer=row.officer,
        unit=row.unit,
        received_at=row.received_at,
        committed_at=row.committed_at,
        file_removed_at=row.file_removed_at,
        file_removed_by=row.file_removed_by,
        committed=_counting(row, counts),
        waiting=counts.get(RowState.WAITING, 0),
        bad=counts.get(RowState.BAD, 0),
        kind=row.kind,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )


def _counting(row: UploadRow, counts: Mapping[RowState, int]) -> int:
    """Good rows of other lists lie elsewhere; all of them count, and their number was noted."""
    if row.kind is UploadKind.SUPPLIERS:
        return counts.get(RowState.COMMITTED, 0)
    return int(row.reading.get("good", 0))
