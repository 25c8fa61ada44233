"""Writing a list: the upload, its rows and its facts in one transaction, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from chains.db import lock_writers
from chains.errors import LianwenError, Sentence
from ingest.facts import store_facts
from ingest.pipeline import ListRow
from ingest.preview import ImportPlan
from ingest.remembering import remember
from ingest.repository import Upload, find_upload, read_upload
from ingest.tables import ListRowRow, RowState, UploadRow, UploadState

ROWS_AT_ONCE: Final = 5000
_HOME_ZONE: Final = ZoneInfo("Asia/Shanghai")


class UploadStateError(LianwenError):
    """An upload is not in the state that the operation needs."""

    code = "upload-state"


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file on its way in.

    Attributes
    ----------
    chain_id, name, digest, size_bytes, buyer, makes, reading, officer, unit
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


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What a commit wrote.

    Attributes
    ----------
    upload
        As it is now.
    inserted, superseded
        Facts, in rows of all tables.
    """

    upload: Upload
    inserted: int
    superseded: int


def refuse_repeated(session: Session, chain_id: str, digest: str) -> Upload | None:
    """Refuse a file whose rows count already.

    Parameters
    ----------
    session
        A read or write session.
    chain_id, digest
        Which file for which chain.

    Returns
    -------
    Upload or None
        The upload of this file when none of its rows counts yet, so that it may be committed now.

    Raises
    ------
    UploadStateError
        With when and by whom it was imported.
    """
    earlier = find_upload(session, chain_id, digest)
    if earlier is not None and earlier.state is UploadState.COMMITTED:
        told = describe_repeated(earlier)
        raise UploadStateError(told.en, zh=told.zh)
    return earlier


def describe_repeated(earlier: Upload) -> Sentence:
    """Say when and by whom a file was imported.

    Parameters
    ----------
    earlier
        A committed upload.

    Returns
    -------
    Sentence
        In both languages.
    """
    at = (earlier.committed_at or earlier.received_at).astimezone(_HOME_ZONE).strftime("%Y-%m-%d %H:%M")
    unit = f"({earlier.unit})" if earlier.unit else ""
    number, name, waiting = earlier.upload_id, earlier.name, earlier.waiting
    who = earlier.officer or "somebody unnamed"
    en = f"{who}{unit} imported this file on {at} (upload #{number} '{name}')"
    zh = f"这份文件已由{earlier.officer or '未署名者'}{unit}于 {at} 导入(上传 #{number}“{name}”),不再重复导入"
    if not waiting:
        return Sentence(en, zh)
    return Sentence(f"{en}; {waiting} rows still wait", f"{zh};其中 {waiting} 行还在等待核对名称")


def commit(
    session: Session,
    new: NewUpload,
    plan: ImportPlan,
    *,
    bad: Iterable[Mapping[str, Any]],
    decisions: Mapping[str, str],
    at: datetime,
) -> CommitResult:
    """Store an upload, its rows, what was decided, and the facts of the rows that count.

    Parameters
    ----------
    session
        A write session; all or nothing is committed with it.
    new
        The file.
    plan
        Worked out on the facts of this session.
    bad
        Bad rows, as `ingest.checking.CheckResult.bad` yields them.
    decisions
        What a person decided about names, remembered for later lists.
    at
        Now, aware.

    Returns
    -------
    CommitResult
        With the upload's number.

    Raises
    ------
    UploadStateError
        When the file was imported before.
    """
    lock_writers(session)
    earlier = refuse_repeated(session, new.chain_id, new.digest)
    if earlier is not None:
        # It only waited: the rows are stored anew with what is decided now.
        session.execute(delete(ListRowRow).where(ListRowRow.upload_id == earlier.upload_id))
    upload_id = _store_upload(session, new, earlier, at=at)
    _insert_rows(session, _good_cells(upload_id, plan))
    _insert_rows(session, _bad_cells(upload_id, bad))
    remember(session, upload_id, plan, decisions, officer=new.officer, at=at)
    inserted, superseded = store_facts(session, upload_id, new.chain_id, plan, at=at)
    _mark_committed(session, upload_id, at=at)
    return CommitResult(read_upload(session, upload_id), inserted, superseded)


def hold(
    session: Session,
    new: NewUpload,
    rows: Sequence[ListRow],
    *,
    bad: Iterable[Mapping[str, Any]],
    at: datetime,
) -> Upload:
    """Store an upload whose names are to be placed first; no row counts.

    Parameters
    ----------
    session
        A write session.
    new
        The file.
    rows
        All good rows.
    bad
        Bad rows.
    at
        Now, aware.

    Returns
    -------
    Upload
        Waiting. A file that waits already is stored once.

    Raises
    ------
    UploadStateError
        When the file was imported before.
    """
    lock_writers(session)
    earlier = refuse_repeated(session, new.chain_id, new.digest)
    if earlier is not None:
        return earlier
    upload_id = _store_upload(session, new, None, at=at)
    _insert_rows(session, (_cells(upload_id, row, RowState.WAITING) for row in rows))
    _insert_rows(session, _bad_cells(upload_id, bad))
    return read_upload(session, upload_id)


def commit_waiting(
    session: Session,
    upload_id: int,
    plan: ImportPlan,
    *,
    decisions: Mapping[str, str],
    officer: str,
    at: datetime,
) -> CommitResult:
    """Let rows of a stored upload count whose names are placed now.

    Parameters
    ----------
    session
        A write session.
    upload_id
        The upload.
    plan
        Of all its good rows.
    decisions
        What was decided.
    officer
        By whom.
    at
        Now, aware.

    Returns
    -------
    CommitResult
        Rows that still have no certain name go on waiting.
    """
    lock_writers(session)
    upload = read_upload(session, upload_id)
    remember(session, upload_id, plan, decisions, officer=officer, at=at)
    inserted, superseded = store_facts(session, upload_id, upload.chain_id, plan, at=at)
    settled = [
        {"of": upload_id, "line": row.row, "s": row.supplier_id, "i": row.item_id, "b": row.buyer_id}
        for row in plan.committed
    ]
    if settled:
        statement = (
            update(ListRowRow.__table__)  # type: ignore[arg-type]
            .where(ListRowRow.upload_id == bindparam("of"), ListRowRow.row == bindparam("line"))
            .values(
                state=RowState.COMMITTED,
                supplier_id=bindparam("s"),
                item_id=bindparam("i"),
                buyer_id=bindparam("b"),
            )
        )
        session.connection().execute(statement, settled)
        _mark_committed(session, upload_id, at=at)
    session.expire_all()
    return CommitResult(read_upload(session, upload_id), inserted, superseded)


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


def _store_upload(session: Session, new: NewUpload, earlier: Upload | None, *, at: datetime) -> int:
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
        "state": UploadState.WAITING,
        "received_at": at,
    }
    return session.scalars(insert(UploadRow).values(values).returning(UploadRow.id)).one()


def _mark_committed(session: Session, upload_id: int, *, at: datetime) -> None:
    session.execute(
        update(UploadRow)
        .where(UploadRow.id == upload_id, UploadRow.committed_at.is_(None))
        .values(state=UploadState.COMMITTED, committed_at=at)
    )


def _insert_rows(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS_AT_ONCE:
            session.execute(insert(ListRowRow), waiting)
            waiting = []
    if waiting:
        session.execute(insert(ListRowRow), waiting)


def _good_cells(upload_id: int, plan: ImportPlan) -> Iterator[dict[str, Any]]:
    for row in plan.rows:
        state = RowState.WAITING if row.row in plan.waiting else RowState.COMMITTED
        yield _cells(upload_id, row, state)


def _cells(upload_id: int, row: ListRow, state: RowState) -> dict[str, Any]:
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
    }


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
        }
