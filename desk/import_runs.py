"""Runs that follow when uploads change the facts of chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chains.version import data_version
from desk.import_facts import affected_chains
from risk.model import RunRequest
from risk.runs.queue import queue_once

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from desk.import_facts import Standing
    from ingest.preview import ImportPlan

IMPORT_REASON: Final = "import"


def queue_affected(
    session: Session, standing: Standing, plan: ImportPlan, *, by: str, at: datetime
) -> tuple[int, ...]:
    """Queue a run of every chain whose facts a plan changes.

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
        queue_once(session, RunRequest(chain_id, reason=IMPORT_REASON, requested_by=by), at=at)
        for chain_id in affected_chains(standing, plan)
    )


def queue_differing(
    session: Session, before: Standing, after: Standing, *, by: str, at: datetime
) -> tuple[int, ...]:
    """Queue a run of every chain whose facts differ.

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
        queue_once(session, RunRequest(chain_id, reason=IMPORT_REASON, requested_by=by), at=at)
        for chain_id in (folder.chain.chain_id for folder in after.folders)
        if chain_id not in known
        or data_version(before.records(chain_id)) != data_version(after.records(chain_id))
    )
