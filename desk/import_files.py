"""Uploads as stored: the list of them, how a file was read, the kept file and its deletion."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from desk.store import reading, writing
from ingest import repository
from ingest.storing import remove_file

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.checking import CheckResult
    from ingest.repository import Upload
    from settings import Settings


def list_uploads(settings: Settings, chain_id: str | None = None) -> tuple[Upload, ...]:
    """List uploads, the newest first.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Only those for this chain.

    Returns
    -------
    tuple of Upload
        With their counts.
    """
    with reading(settings) as session:
        return repository.list_uploads(session, chain_id=chain_id)


def find_earlier(settings: Settings, chain_id: str, digest: str) -> Upload | None:
    """Find the upload of a file.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id, digest
        Which file for which chain.

    Returns
    -------
    Upload or None
        None when it was never uploaded.
    """
    with reading(settings) as session:
        return repository.find_upload(session, chain_id, digest)


def remove_kept_file(settings: Settings, upload_id: int, *, by: str) -> Upload:
    """Delete the kept file of an upload; its rows and a trace stay.

    Parameters
    ----------
    settings
        Where the database and the kept files are.
    upload_id
        Which upload.
    by
        Who deletes it.

    Returns
    -------
    Upload
        With when and by whom.

    Raises
    ------
    UnknownKeyError
        When there is no such upload.
    """
    # The trace first: a crash in between leaves a file that can be deleted again, never a silent loss.
    with writing(settings) as session:
        upload, alone = remove_file(session, upload_id, by=by or "未署名", at=datetime.now(UTC))
    if alone:
        kept_path(settings, upload.digest).unlink(missing_ok=True)
    return upload


def kept_path(settings: Settings, digest: str) -> Path:
    """Where the file of a digest is kept.

    Parameters
    ----------
    settings
        Where ``var/`` is.
    digest
        SHA-256, hexadecimal.

    Returns
    -------
    Path
        Never made of the file's own name.
    """
    return settings.var_dir / "uploads" / digest


def keep_file(settings: Settings, digest: str, content: bytes) -> None:
    """Keep a file under its digest, readable by its owner only.

    Parameters
    ----------
    settings
        Where ``var/`` is.
    digest
        SHA-256, hexadecimal.
    content
        The file.
    """
    path = kept_path(settings, digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size == len(content):
        return
    half = path.with_name(f"{digest}.{os.getpid()}")
    with open(half, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)


def describe_reading(result: CheckResult) -> dict[str, Any]:
    """Say how a file was read, as it is stored with the upload.

    Parameters
    ----------
    result
        A checked file.

    Returns
    -------
    dict
        Recognised columns by field, unknown and personal columns, encoding, counts, warnings.
    """
    if result.table is None:
        return {}
    staged = result.table.staged
    raw = staged.raw
    return {
        "kind": raw.kind,
        "sheet": raw.sheet,
        "encoding": raw.encoding,
        "header_row": raw.header_row,
        "columns": {name: raw.header[index].strip() for name, (index, _) in staged.field_columns.items()},
        "extra": [name for _, name in staged.extras],
        "personal": list(staged.personal),
        "good": result.good_count,
        "bad": result.bad_count,
        "warnings": [warning.sentence() for warning in result.warnings],
    }
