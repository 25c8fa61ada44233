"""A chain folder as a zip: the same checks as `import-chain`, stored as an upload that can be undone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chains.checks import check_folders
from chains.db import lock_writers
from chains.errors import ChainDataError, Problem, Severity
from chains.history import restore_load
from chains.repository import load_folders, store_folder
from chains.version import folder_digest
from desk.attempts import attempted, new_attempt
from desk.import_facts import read_standing
from desk.import_files import keep_file
from desk.import_runs import queue_differing
from desk.loading import IMPORTED, has_errors, own_problems, sort_problems
from desk.store import reading
from ingest.commit import refuse_repeated
from ingest.errors import UploadRefusedError
from ingest.lists.chain_zip import CHAIN_LIMITS, read_zipped_folder
from ingest.messages import Language, say
from ingest.repository import list_uploads, read_upload
from ingest.sandbox import Reader
from ingest.storing import NewUpload, mark_committed, store_upload
from ingest.tables import UploadKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from chains.model import ChainFolder
    from ingest.messages import Value
    from ingest.model import Status
    from ingest.repository import Upload
    from settings import Settings


@dataclass(frozen=True)
class CheckedZip:
    """A zip that was looked at; nothing is stored.

    Attributes
    ----------
    name, digest, content
        The file.
    code, params
        What became of it: a refusal, ``chain-problems``, or ``rows-accepted``.
    folder
        What it states; None when it was refused.
    problems
        Errors first; any error means that it is not imported.
    """

    name: str
    digest: str
    content: bytes = field(repr=False)
    code: str
    params: dict[str, Value]
    folder: ChainFolder | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def kind(self) -> UploadKind:
        """As of every other list."""
        return UploadKind.CHAIN

    @property
    def chain_id(self) -> str | None:
        """The chain that it would load; None when it was refused."""
        return self.folder.chain.chain_id if self.folder else None

    @property
    def refused(self) -> bool:
        """Whether nothing can be imported."""
        return self.folder is None or has_errors(self.problems)

    @property
    def status(self) -> Status:
        """As for every other list."""
        return "reject" if self.refused else "accept"

    @property
    def rows(self) -> int:
        """How many facts the folder states."""
        folder = self.folder
        if folder is None:
            return 0
        parts = (folder.items, folder.links, folder.suppliers, folder.supplies, folder.purchases)
        return sum(map(len, parts))

    def message(self, language: Language) -> str:
        """Say in one sentence what becomes of the file."""
        return say(self.code, language, **self.params)

    def to_json(self, language: Language) -> dict[str, Any]:
        """Return the answer as plain values."""
        bad = [
            {
                "file": problem.places[0].file if problem.places else "",
                "row": problem.places[0].row if problem.places else 0,
                "code": problem.code,
                "reason": problem.say(language),
            }
            for problem in self.problems
            if problem.severity is Severity.ERROR
        ]
        warnings = [each.say(language) for each in self.problems if each.severity is not Severity.ERROR]
        return {
            "status": self.status,
            "code": self.code,
            "message": self.message(language),
            "digest": self.digest,
            "kind": UploadKind.CHAIN.value,
            "chain": self.folder.chain.chain_id if self.folder else None,
            "warnings": warnings,
            "counts": {"rows": self.rows, "good": 0 if self.refused else self.rows, "bad": len(bad)},
            "bad": bad,
        }


def check_zip(settings: Settings, *, content: bytes, name: str) -> CheckedZip:
    """Check a chain folder that comes as a zip.

    Parameters
    ----------
    settings
        Where the database is; the folder is checked beside the other loaded chains.
    content, name
        The file.

    Returns
    -------
    CheckedZip
        A refusal is a value with one sentence.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        with Reader(CHAIN_LIMITS) as reader:
            chain_id, files = reader.unzip(content, name)
    except UploadRefusedError as refusal:
        return CheckedZip(name, digest, content, refusal.code, refusal.params)
    folder, found = read_zipped_folder(chain_id, files)
    with reading(settings) as session:
        others = tuple(each for each in load_folders(session) if each.chain.chain_id != chain_id)
    problems = sort_problems([*found, *own_problems(chain_id, check_folders((*others, folder)))])
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    checked = CheckedZip(name, digest, content, "chain-problems", {"errors": errors}, folder, problems)
    if errors:
        return checked
    return CheckedZip(name, digest, content, "rows-accepted", {"good": checked.rows}, folder, problems)


def import_zip(
    settings: Settings, checked: CheckedZip, *, officer: str, unit: str
) -> tuple[Upload, tuple[int, ...]]:
    """Store a chain folder that came as a zip, and queue the runs that follow.

    Parameters
    ----------
    settings
        Where the database and the kept files are.
    checked
        The zip.
    officer, unit
        Who brings it in.

    Returns
    -------
    tuple
        The upload and the ids of the runs.

    Raises
    ------
    ChainDataError
        When the zip was refused.
    UploadStateError
        When the file was imported before.
    """
    if checked.refused or checked.folder is None:
        raise ChainDataError(checked.message("en"), zh=checked.message("zh"))
    keep_file(settings, checked.digest, checked.content)
    folder = checked.folder
    chain_id, kind = folder.chain.chain_id, UploadKind.CHAIN
    attempt = new_attempt(chain_id, kind.value, name=checked.name, digest=checked.digest, officer=officer)
    with attempted(settings, attempt) as session:
        lock_writers(session)
        now = datetime.now(UTC)
        refuse_repeated(session, chain_id, checked.digest, kind=kind)
        before = read_standing(session)
        store_folder(session, folder, digest=folder_digest(folder), origin=IMPORTED, at=now)
        reading_of = {"kind": "zip", "good": checked.rows, "bad": 0, "loaded_at": now.isoformat()}
        new = NewUpload(
            chain_id,
            checked.name,
            checked.digest,
            len(checked.content),
            None,
            (),
            reading_of,
            officer,
            unit,
            kind,
        )
        upload_id = store_upload(session, new, None, at=now)
        mark_committed(session, upload_id, at=now)
        session.expire_all()
        runs = queue_differing(session, before, read_standing(session), by=officer, at=now)
        return read_upload(session, upload_id), runs


def undo_zip(session: Session, upload: Upload, *, at: datetime) -> None:
    """Make the folder that was loaded before a zip the chain's folder again.

    Parameters
    ----------
    session
        A write session that holds the lock of writers.
    upload
        The zip.
    at
        Now, aware.

    Notes
    -----
    A later folder of the same chain stays. Without an earlier one the chain is taken out; what was uploaded
    for it stays stored and counts where other chains have its items.
    """
    zips = list_uploads(session, chain_id=upload.chain_id, kinds=(UploadKind.CHAIN,))
    gone = [each for each in zips if each.undone_at is not None or each.upload_id == upload.upload_id]
    # An undo loads what was there before once more: that copy is no folder of its own either.
    left_out = {datetime.fromisoformat(each.reading["loaded_at"]) for each in gone}
    left_out |= {each.undone_at for each in gone if each.undone_at is not None}
    restore_load(session, upload.chain_id, without=left_out, at=at)
