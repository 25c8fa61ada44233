"""Undoing an import: what would go, come back and wait again is listed first; then all of it at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chains.db import lock_writers
from desk.chain_zips import undo_zip
from desk.import_facts import load_regions, read_standing
from desk.import_runs import queue_differing
from desk.imports import StalePreviewError
from desk.store import reading, writing
from ingest import repository
from ingest.commit import UploadStateError
from ingest.replaying import Replay, World
from ingest.steps import read_steps
from ingest.tables import StepKind, UploadKind
from ingest.undo import (
    UndoChange,
    apply_change,
    find_change,
    find_edited,
    mark_undone,
    read_lists,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from desk.import_facts import Standing
    from ingest.replaying import FactKey
    from ingest.repository import Upload
    from ingest.steps import Step
    from settings import Settings


@dataclass(frozen=True, slots=True)
class LaterUpload:
    """A later upload that has to do with the one to be undone.

    Attributes
    ----------
    upload
        Which; it stays.
    shared
        How many lists, shares and firms both state.
    waits_again
        Rows of it that only the undone upload had given a name to; they wait for a person again.
    """

    upload: Upload
    shared: int
    waits_again: int


@dataclass(frozen=True, slots=True)
class LaterDecision:
    """Names of the upload that a person placed by hand after it came in."""

    officer: str
    at: datetime
    names: int


@dataclass(frozen=True)
class UndoPreview:
    """What undoing an upload would do.

    Attributes
    ----------
    upload
        Which upload.
    removed, restored
        Facts that go, and facts that stand again, by kind: suppliers, supplies, purchases.
    names
        Names and credit codes that are forgotten, or stand for what they stood for before.
    later
        Later uploads that touched the same, the oldest first.
    decisions
        What was placed by hand since.
    edited
        Facts of it that changed by other means since; they stay as they are.
    fingerprint
        Equal for equal changes, so that a person undoes what was shown.
    """

    upload: Upload
    removed: Mapping[str, int] = field(default_factory=dict)
    restored: Mapping[str, int] = field(default_factory=dict)
    names: int = 0
    later: tuple[LaterUpload, ...] = ()
    decisions: tuple[LaterDecision, ...] = ()
    edited: int = 0
    fingerprint: str = ""


@dataclass(frozen=True)
class UndoOutcome:
    """What an undo did.

    Attributes
    ----------
    upload
        With when and by whom it was undone.
    preview
        What it changed.
    run_ids
        Runs queued, one for each chain whose facts changed.
    """

    upload: Upload
    preview: UndoPreview
    run_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Worlds:
    """What the uploads state with and without one of them."""

    change: UndoChange
    with_it: World
    without_it: World
    steps: tuple[Step, ...]
    uploads: Mapping[int, Upload]


def preview_undo(settings: Settings, upload_id: int) -> UndoPreview:
    """Work out what undoing an upload would do; nothing is stored.

    Parameters
    ----------
    settings
        Where the database is.
    upload_id
        Which upload.

    Returns
    -------
    UndoPreview
        With the later uploads and decisions that touched the same rows.

    Raises
    ------
    UnknownKeyError
        When there is no such upload.
    UploadStateError
        When it was undone before.
    """
    with reading(settings) as session:
        upload = _require(session, upload_id)
        if upload.kind is not UploadKind.SUPPLIERS:
            return UndoPreview(upload)
        standing = read_standing(session)
        worlds = _play(session, settings, upload, standing)
        return _describe(upload, worlds, find_edited(session, worlds.change))


def undo_import(
    settings: Settings, upload_id: int, *, by: str, expected: UndoPreview | None = None
) -> UndoOutcome:
    """Undo an upload: all in one transaction, with the runs that follow.

    Parameters
    ----------
    settings
        Where the database is.
    upload_id
        Which upload.
    by
        Who undoes it.
    expected
        What the person saw.

    Returns
    -------
    UndoOutcome
        The facts, names and rows are those that would be there without it; its own rows stay with a mark.

    Raises
    ------
    UnknownKeyError
        When there is no such upload.
    UploadStateError
        When it was undone before.
    StalePreviewError
        When something changed since the preview; nothing was stored.
    """
    with writing(settings) as session:
        lock_writers(session)
        now = datetime.now(UTC)
        upload = _require(session, upload_id)
        before = read_standing(session)
        preview = _undo(session, settings, upload, before, at=now)
        if expected is not None and expected.fingerprint != preview.fingerprint:
            raise StalePreviewError(
                "the data changed after the preview and nothing was undone; look at the changes again",
                zh="预览之后数据有变化,没有撤销任何内容;请重新查看会改变什么再确认",
            )
        mark_undone(session, upload_id, by=by, at=now)
        runs = queue_differing(session, before, read_standing(session), by=by, at=now)
        done = repository.read_upload(session, upload_id)
    return UndoOutcome(done, preview, runs)


def _require(session: Session, upload_id: int) -> Upload:
    upload = repository.read_upload(session, upload_id)
    if upload.undone_at is not None:
        who = upload.undone_by or "somebody unnamed"
        raise UploadStateError(
            f"upload #{upload_id} was undone already, by {who}",
            zh=f"上传 #{upload_id} 已由{upload.undone_by or '未署名者'}撤销,不能重复撤销",
        )
    return upload


def _undo(
    session: Session, settings: Settings, upload: Upload, standing: Standing, *, at: datetime
) -> UndoPreview:
    if upload.kind is UploadKind.CHAIN:
        undo_zip(session, upload, at=at)
    if upload.kind is not UploadKind.SUPPLIERS:
        return UndoPreview(upload)
    worlds = _play(session, settings, upload, standing)
    chains = {number: each.chain_id for number, each in worlds.uploads.items()}
    preview = _describe(upload, worlds, find_edited(session, worlds.change))
    apply_change(session, worlds.change, without_it=worlds.without_it, chains=chains, at=at)
    return preview


def _play(session: Session, settings: Settings, upload: Upload, standing: Standing) -> _Worlds:
    """Take all steps again, once with the upload and once without it."""
    lists = read_lists(session)
    uploads = {each.upload.upload_id: each.upload for each in lists}
    steps = tuple(step for step in read_steps(session) if step.upload_id in uploads)
    replay = Replay(standing.folders, lists, regions=load_regions(settings))
    own = [number for number, step in enumerate(steps) if step.upload_id == upload.upload_id]
    first = own[0] if own else len(steps)
    shared, _ = replay.play(steps[:first], World())
    with_it, told = replay.play(steps[first:], shared)
    rest = [step for step in steps[first:] if step.upload_id != upload.upload_id]
    without_it = replay.play_without(rest, shared, told=told)
    change = find_change(upload.upload_id, with_it, without_it)
    return _Worlds(change, with_it, without_it, steps, uploads)


def _describe(upload: Upload, worlds: _Worlds, edited: Sequence[FactKey]) -> UndoPreview:
    removed: Counter[str] = Counter()
    restored: Counter[str] = Counter()
    left = {key: pair for key, pair in worlds.change.facts.items() if key not in set(edited)}
    for (kind, _), (before, after) in left.items():
        removed[kind] += before is not None
        restored[kind] += after is not None
    for counter in (removed, restored):
        counter.pop("sources", None)
    told = repr((sorted(left, key=repr), list(left.values()), worlds.change.names, worlds.change.rows))
    return UndoPreview(
        upload,
        {kind: number for kind, number in sorted(removed.items()) if number},
        {kind: number for kind, number in sorted(restored.items()) if number},
        len(worlds.change.names),
        _later_uploads(upload, worlds),
        tuple(
            LaterDecision(step.officer, step.at, len(step.decisions))
            for step in worlds.steps
            if step.upload_id == upload.upload_id and step.kind is StepKind.SETTLE
        ),
        sum(kind != "sources" for kind, _ in edited),
        hashlib.sha256(told.encode()).hexdigest(),
    )


def _later_uploads(upload: Upload, worlds: _Worlds) -> tuple[LaterUpload, ...]:
    own = worlds.with_it.touched.get(upload.upload_id, frozenset())
    began = next((step.at for step in worlds.steps if step.upload_id == upload.upload_id), None)
    found = []
    for number, other in sorted(worlds.uploads.items()):
        is_later = any(
            step.upload_id == number and began is not None and step.at >= began for step in worlds.steps
        )
        if number == upload.upload_id or not is_later:
            continue
        shared = len(own & worlds.with_it.touched.get(number, frozenset()))
        waits = sum(each.step is None for each in worlds.change.rows.get(number, ()))
        if shared or waits:
            found.append(LaterUpload(other, shared, waits))
    return tuple(found)
