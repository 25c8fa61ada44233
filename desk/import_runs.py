"""Runs that follow when uploads change the facts of chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chains.version import data_version
from desk.import_facts import affected_chains
from risk.model import PERSPECTIVES, RunRequest
from risk.runs.queue import queue_once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from desk.import_facts import Standing
    from ingest.preview import ImportPlan

IMPORT_REASON: Final = "import"


def queue_affected(
    session: Session, standing: Standing, plan: ImportPlan, *, by: str, at: datetime
) -> tuple[int, ...]:
    """Queue the runs, one a perspective, of every chain whose facts a plan changes.

    Parameters
    ----------
    session
        The write session of the commit.
    standing
        Facts before.
    plan
        What changes.
    by
        Who signs.
    at
        Now, aware.

    Returns
    -------
    tuple of int
        Ids of the runs: chains share items, so a list for one may move another.
    """
    return tuple(
        run_id
        for chain_id in affected_chains(standing, plan)
        for run_id in _queue_chain(session, chain_id, by=by, at=at)
    )


def queue_differing(
    session: Session, before: Standing, after: Standing, *, by: str, at: datetime
) -> tuple[int, ...]:
    """Queue the runs, one a perspective, of every chain whose facts differ.

    Parameters
    ----------
    session
        A write session.
    before, after
        All facts, earlier and now.
    by
        Who signs.
    at
        Now, aware.

    Returns
    -------
    tuple of int
        Ids of the runs.
    """
    known = {folder.chain.chain_id for folder in before.folders}
    return tuple(
        run_id
        for chain_id in (folder.chain.chain_id for folder in after.folders)
        if chain_id not in known
        or data_version(before.records(chain_id)) != data_version(after.records(chain_id))
        for run_id in _queue_chain(session, chain_id, by=by, at=at)
    )


def _queue_chain(session: Session, chain_id: str, *, by: str, at: datetime) -> Iterator[int]:
    for perspective in PERSPECTIVES:
        request = RunRequest(chain_id, reason=IMPORT_REASON, requested_by=by, perspective=perspective)
        yield queue_once(session, request, at=at)
