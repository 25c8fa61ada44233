"""Writing a list: the upload, its rows and its facts in one transaction, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, update
from sqlalchemy.orm import Session

from chains.db import lock_writers
from chains.errors import LianwenError, Sentence
from ingest.facts import store_facts
from ingest.placed_rows import ListRow
from ingest.preview import ImportPlan
from ingest.remembering import remember
from ingest.repository import Upload, find_upload, read_upload
from ingest.steps import add_step
from ingest.storing import (
    NewUpload,
    good_cells,
    insert_bad_rows,
    insert_rows,
    mark_committed,
    row_cells,
    store_upload,
)
from ingest.tables import ListRowRow, RowState, StepKind, UploadKind, UploadState

_HOME_ZONE: Final = ZoneInfo("Asia/Shanghai")


class UploadStateError(LianwenError):
    """An upload is not in the state that the operation needs."""

    code = "upload-state"


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


def refuse_repeated(
    session: Session, chain_id: str, digest: str, *, kind: UploadKind = UploadKind.SUPPLIERS
) -> Upload | None:
    """Refuse a file whose rows count already.

    Parameters
    ----------
    session
        A read or write session.
    chain_id, digest
        Which file for which chain.
    kind
        As what it was uploaded.

    Returns
    -------
    Upload or None
        The upload of this file when none of its rows counts yet, so that it may be committed now.

    Raises
    ------
    UploadStateError
        With when and by whom it was imported.
    """
    earlier = find_upload(session, chain_id, digest, kind=kind)
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
    upload_id = store_upload(session, new, earlier, at=at)
    step = add_step(
        session,
        upload_id,
        StepKind.COMMIT,
        stated_on=plan.stated_on,
        officer=new.officer,
        decisions=decisions,
        at=at,
    )
    insert_rows(session, good_cells(upload_id, plan, step))
    insert_bad_rows(session, upload_id, bad)
    remember(session, upload_id, plan, decisions, officer=new.officer, at=at)
    inserted, superseded = store_facts(session, upload_id, new.chain_id, plan, at=at)
    mark_committed(session, upload_id, at=at)
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
    upload_id = store_upload(session, new, None, at=at)
    insert_rows(session, (row_cells(upload_id, row, RowState.WAITING, None) for row in rows))
    insert_bad_rows(session, upload_id, bad)
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

    Raises
    ------
    UploadStateError
        When the upload was undone.
    """
    lock_writers(session)
    upload = read_upload(session, upload_id)
    if upload.undone_at is not None:
        raise UploadStateError(
            f"upload #{upload_id} was undone; upload the file again",
            zh=f"上传 #{upload_id} 已撤销;请重新上传这份文件",
        )
    if not plan.committed:
        return CommitResult(upload, 0, 0)
    step = add_step(
        session,
        upload_id,
        StepKind.SETTLE,
        stated_on=plan.stated_on,
        officer=officer,
        decisions=decisions,
        at=at,
    )
    remember(session, upload_id, plan, decisions, officer=officer, at=at)
    inserted, superseded = store_facts(session, upload_id, upload.chain_id, plan, at=at)
    _settle(session, upload_id, plan, step)
    mark_committed(session, upload_id, at=at)
    session.expire_all()
    return CommitResult(read_upload(session, upload_id), inserted, superseded)


def _settle(session: Session, upload_id: int, plan: ImportPlan, step: int) -> None:
    settled = [
        {"of": upload_id, "line": row.row, "s": row.supplier_id, "i": row.item_id, "b": row.buyer_id}
        for row in plan.committed
    ]
    statement = (
        update(ListRowRow.__table__)  # type: ignore[arg-type]
        .where(ListRowRow.upload_id == bindparam("of"), ListRowRow.row == bindparam("line"))
        .values(
            state=RowState.COMMITTED,
            supplier_id=bindparam("s"),
            item_id=bindparam("i"),
            buyer_id=bindparam("b"),
            # A row of a buyer's list that counted before keeps the step it came with.
            step=func.coalesce(ListRowRow.step, step),
        )
    )
    session.connection().execute(statement, settled)
