"""Execute a claimed run: load, compute, record in one transaction; end it whatever happens."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any, Final, Protocol

from chains.db import read_session, write_session
from chains.db_errors import DatabaseBusyError
from chains.errors import LianwenError, Sentence
from chains.repository import load_records
from chains.version import data_version
from risk.errors import RunStateError
from risk.repository import read_run
from risk.runs.lease import LEASE_SECONDS, renew_lease, write_held
from risk.runs.record import mark_failed, mark_succeeded, record_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Engine

    from chains.model import ChainRecords
    from risk.model import Run, RunRequest, ScoreTable

_LOG: Final = logging.getLogger(__name__)
# Readers look once a second; writing more often only costs.
_PROGRESS_SECONDS: Final = 0.5


class Computed(Protocol):
    """What a computation gives back."""

    @property
    def table(self) -> ScoreTable:
        """All scores."""

    @property
    def engine_seconds(self) -> float:
        """Seconds of the computation alone."""

    @property
    def notes(self) -> Mapping[str, object]:
        """How it was computed, as plain values; stored among the run's parameters."""


class Compute(Protocol):
    """Scores the records of a chain; calls `progress` with the fraction done, 0 to 1."""

    def __call__(
        self, records: ChainRecords, request: RunRequest, progress: Callable[[float], None]
    ) -> Computed:
        """Compute."""


def execute_run(
    engine: Engine,
    run_id: int,
    *,
    holder: str,
    compute: Compute,
    clock: Callable[[], datetime],
    code_version: str,
    parameters: Mapping[str, object],
    lease_seconds: float = LEASE_SECONDS,
) -> Run:
    """Compute a claimed run and record it, or record why not.

    Parameters
    ----------
    engine
        The database; sessions are opened and closed as needed, none stays open while computing.
    run_id
        A run that `holder` has claimed with `claim_next_run`.
    holder
        Who claimed it.
    compute
        The computation, with its parameters bound.
    clock
        Gives now, aware.
    code_version
        Stored with the run.
    parameters
        What else the scores rest on, as JSON: home, defaults, levels, seed ... Stored with the run so
        that it can be replayed; the horizons computed are added.
    lease_seconds
        How long the run stays taken after each sign of progress.

    Returns
    -------
    Run
        Succeeded or failed, never running.

    Raises
    ------
    RunStateError
        When the lease was lost meanwhile; nothing was recorded then.
    """
    try:
        _execute(
            engine,
            run_id,
            holder=holder,
            compute=compute,
            clock=clock,
            facts={
                "code_version": code_version,
                "parameters": dict(parameters),
                "defaults_digest": _digest(parameters.get("defaults")),
            },
            lease_seconds=lease_seconds,
        )
    except RunStateError:
        raise
    except LianwenError as error:
        reason = Sentence(error.message, error.message_zh)
        _fail(engine, run_id, holder=holder, at=clock(), reason=reason)
    except Exception as error:  # noqa: BLE001
        # A job of the scheduler or of a command: recorded here, so that no run stays running.
        _LOG.exception("run %s failed", run_id)
        kind = type(error).__name__
        reason = Sentence(
            f"{kind}: the computation broke off; see the log for the place",
            f"{kind}:计算中断;出错的位置见日志",
        )
        _fail(engine, run_id, holder=holder, at=clock(), reason=reason)
    except BaseException:
        reason = Sentence("interrupted before the end; queue it again", "没有算完就被中断;请重新排队计算")
        _fail(engine, run_id, holder=holder, at=clock(), reason=reason)
        raise
    with read_session(engine) as session:
        return read_run(session, run_id)


def _execute(
    engine: Engine,
    run_id: int,
    *,
    holder: str,
    compute: Compute,
    clock: Callable[[], datetime],
    facts: dict[str, Any],
    lease_seconds: float,
) -> None:
    began_at = clock()
    with read_session(engine) as session:
        request = read_run(session, run_id).request
        records = load_records(session, request.chain_id)
    with write_session(engine) as session:
        write_held(session, run_id, holder=holder, data_version=data_version(records), **facts)
    progress = _Progress(engine, run_id, holder=holder, clock=clock, lease_seconds=lease_seconds)
    computed = compute(records, request, progress)
    table = computed.table
    with write_session(engine) as session:
        # First of all: after a lost lease nothing may be written.
        renew_lease(session, run_id, holder=holder, at=clock(), lease_seconds=lease_seconds)
        record_run(session, run_id, table)
        ended_at = clock()
        mark_succeeded(
            session,
            run_id,
            holder=holder,
            at=ended_at,
            scores=table,
            parameters=facts["parameters"] | dict(computed.notes),
            engine_seconds=computed.engine_seconds,
            total_seconds=(ended_at - began_at).total_seconds(),
        )


class _Progress:
    """Writes the fraction done in transactions of their own, and renews the lease with it."""

    def __init__(
        self, engine: Engine, run_id: int, *, holder: str, clock: Callable[[], datetime], lease_seconds: float
    ) -> None:
        self._engine = engine
        self._run_id = run_id
        self._holder = holder
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._written_at: datetime | None = None

    def __call__(self, fraction: float) -> None:
        """Report the fraction done, 0 to 1."""
        now = self._clock()
        if self._written_at is not None and (now - self._written_at).total_seconds() < _PROGRESS_SECONDS:
            return
        self._written_at = now
        try:
            self._write(fraction, now)
        except DatabaseBusyError:
            # Progress is worth less than the run: the lease lasts, the next report will do.
            _LOG.warning("run %s: progress not written, the database is busy", self._run_id)

    def _write(self, fraction: float, now: datetime) -> None:
        with write_session(self._engine) as session:
            renew_lease(
                session,
                self._run_id,
                holder=self._holder,
                at=now,
                lease_seconds=self._lease_seconds,
                progress=fraction,
            )


def _fail(engine: Engine, run_id: int, *, holder: str, at: datetime, reason: Sentence) -> None:
    with write_session(engine) as session:
        mark_failed(session, run_id, holder=holder, at=at, reason=reason)


def _digest(defaults: object) -> str:
    canonical = json.dumps(defaults, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
