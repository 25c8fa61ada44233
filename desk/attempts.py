"""Which imports were interrupted: a trace is written before an import and ended in its own transaction."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from desk.computing import name_holder
from desk.store import reading, writing
from ingest.attempts import Attempt, begin_attempt, close_repeated, end_attempt, open_attempts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from settings import Settings

# A process of another machine, or one whose number was given to another, is believed dead after this.
_LONGEST = timedelta(hours=1)


@contextmanager
def attempted(settings: Settings, attempt: Attempt) -> Iterator[Session]:
    """Open the write session of an import that leaves a trace when its process dies.

    Parameters
    ----------
    settings
        Where the database is.
    attempt
        What is imported, from `new_attempt`.

    Yields
    ------
    Session
        Committed at the end of the block together with the end of the attempt, or not at all.

    Raises
    ------
    StoreError
        When the database cannot be written.
    """
    now = datetime.now(UTC)
    with writing(settings) as session:
        number = begin_attempt(session, replace(attempt, started_at=now))
    try:
        with writing(settings) as session:
            yield session
            close_repeated(session, attempt.chain_id, attempt.digest, at=datetime.now(UTC))
            end_attempt(session, number, at=datetime.now(UTC))
    except Exception:
        # It was refused, not interrupted: whoever asked for it is told why.
        with writing(settings) as session:
            end_attempt(session, number, at=datetime.now(UTC))
        raise


def interrupted_imports(settings: Settings, chain_id: str | None = None) -> tuple[Attempt, ...]:
    """List imports whose process ended before they did.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Only those for this chain.

    Returns
    -------
    tuple of Attempt
        The oldest first; of each file the latest only.
    """
    with reading(settings) as session:
        begun = open_attempts(session, chain_id)
    now = datetime.now(UTC)
    dead = [each for each in begun if not _is_at_work(each, now)]
    latest = {(each.chain_id, each.kind, each.digest): each for each in dead}
    return tuple(sorted(latest.values(), key=lambda each: each.attempt_id))


def new_attempt(chain_id: str, kind: str, *, name: str, digest: str, officer: str) -> Attempt:
    """Describe an import that is about to begin.

    Parameters
    ----------
    chain_id, kind, name, digest, officer
        As in `ingest.attempts.Attempt`.

    Returns
    -------
    Attempt
        Without number; `attempted` begins it.
    """
    return Attempt(0, chain_id, kind, name, digest, officer, name_holder(), datetime.now(UTC))


def _is_at_work(attempt: Attempt, now: datetime) -> bool:
    machine, process, _ = attempt.holder.split(":")
    if now - attempt.started_at > _LONGEST:
        return False
    return machine != socket.gethostname() or _is_alive(int(process))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
