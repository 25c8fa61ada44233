"""The scheduler process: executes what is queued, queues what changed overnight, exists once."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NoReturn

from apscheduler.schedulers.background import BackgroundScheduler

from chains.db import lock_writers
from chains.db_errors import StoreError
from chains.errors import LianwenError
from chains.repository import list_chains, load_folders
from chains.union import join_folders
from chains.version import data_version
from desk.alerts import review_runs
from desk.computing import execute_next, name_holder
from desk.store import reading, writing
from risk.errors import SchedulerRunningError
from risk.model import MAIN_HORIZON, PERSPECTIVES, SCOPES, RunRequest, RunStatus
from risk.repository import list_runs
from risk.runs.queue import queue_run
from risk.runs.scheduler import (
    NIGHTLY,
    give_process_lease_back,
    is_taken,
    latest_slot,
    renew_process_lease,
    take_process_lease,
    take_slot,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from sqlalchemy.orm import Session

    from chains.model import Perspective
    from risk.model import Run
    from risk.runs.scheduler import DailyJob
    from settings import Settings

    Clock = Callable[[], datetime]

POLL_SECONDS: Final = 1
RENEW_SECONDS: Final = 10
JOBS: Final = (NIGHTLY,)
_LOG: Final = logging.getLogger("lianwen")
_GRACE_SECONDS: Final = 3.5
_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_scheduler(settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Be the scheduler until a signal says stop.

    Parameters
    ----------
    settings
        Where the database is.
    announce
        Called once with a sentence when the process is the scheduler.

    Raises
    ------
    SchedulerRunningError
        When another process is the scheduler, at the start or later.

    Notes
    -----
    Runs are executed in the main thread, so that a signal breaks off the run in hand, which is then recorded
    as interrupted. The clock ticks in a thread of its own and only wakes the main thread.
    """
    holder = name_holder()
    stop = _leave_on_signals()
    with writing(settings) as session:
        take_process_lease(session, holder=holder, at=_now(), is_gone=is_gone)
    wake, lost = threading.Event(), threading.Event()
    duty = _Duty(settings, holder=holder, ends=lambda: stop.is_set() or lost.is_set())
    clock = start_clock(wake.set, lambda: _renew(settings, holder=holder, lost=lost))
    try:
        announce(f"计划进程已启动({holder});每晚 2 点(北京时间)检查数据变化,随时执行排队的运行")
        while not duty.ends():
            wake.wait()
            wake.clear()
            duty.work()
        if lost.is_set():
            raise SchedulerRunningError(
                "another process has become the scheduler; this one ends",
                zh="计划进程的租约已被另一个进程接管;这一个结束",
            )
    finally:
        clock.shutdown(wait=False)
        with writing(settings) as session:
            give_process_lease_back(session, holder=holder)


def start_clock(poll: Callable[[], None], renew: Callable[[], None]) -> BackgroundScheduler:
    """Start the clock: it says when, nothing else, and remembers nothing.

    Parameters
    ----------
    poll
        Called every second.
    renew
        Called every ten seconds.

    Returns
    -------
    BackgroundScheduler
        Running, in a thread that ends with the process.
    """
    # A late tick is still a tick, and ten late ones are one.
    clock = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    clock.add_job(poll, "interval", seconds=POLL_SECONDS, id="poll")
    clock.add_job(renew, "interval", seconds=RENEW_SECONDS, id="renew")
    clock.start()
    return clock


def take_due_slot(settings: Settings, job: DailyJob, *, holder: str, clock: Clock) -> tuple[int, ...] | None:
    """Do the latest slot of a job unless somebody has.

    Parameters
    ----------
    settings
        Where the database is.
    job
        Which job.
    holder
        The process that does it.
    clock
        Gives now, aware.

    Returns
    -------
    tuple of int or None
        Runs queued, one a chain and perspective whose data changed since its last full run; ``None`` when the
        slot was done.
    """
    now = clock()
    slot_at = latest_slot(job, now)
    with reading(settings) as session:
        if is_taken(session, job, slot_at):
            return None
        changed = find_changed(session)
    with writing(settings) as session:
        lock_writers(session)
        if is_taken(session, job, slot_at):
            return None
        requests = [
            RunRequest(chain, reason=job.name, requested_by="scheduler", perspective=perspective)
            for chain, perspective in changed
        ]
        run_ids = tuple(queue_run(session, request, at=now) for request in requests)
        take_slot(session, job, slot_at, holder=holder, at=now, run_ids=run_ids)
    return run_ids


def find_changed(session: Session) -> tuple[tuple[str, Perspective], ...]:
    """Find the chains whose data differ from those of their last full run in a perspective.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    tuple
        Chain id and perspective, in order of id; one whose full run waits or runs already is left out.
    """
    folders = load_folders(session)
    chain_ids = [stored.chain.chain_id for stored in list_chains(session)]
    versions = {chain_id: data_version(join_folders(folders, chain_id)) for chain_id in chain_ids}
    return tuple(
        (chain_id, perspective)
        for chain_id in chain_ids
        for perspective in PERSPECTIVES
        if _is_outdated(session, chain_id, perspective, versions[chain_id])
    )


def is_gone(holder: str) -> bool:
    """Tell of a holder of a lease whether its process is known to have ended.

    Parameters
    ----------
    holder
        From `desk.computing.name_holder`.

    Returns
    -------
    bool
        False for a process of another machine: nobody can tell from here.

    Examples
    --------
    >>> is_gone("another-machine:1:0a1b2c3d")
    False
    """
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdecimal():
        return False
    if int(rest) == os.getpid():
        # Our own number, so the other one had it before us: containers number from 1.
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


class _Duty:
    """What the scheduler does each second; remembers the slots it has seen done, to ask no more."""

    def __init__(self, settings: Settings, *, holder: str, ends: Callable[[], bool]) -> None:
        self.ends = ends
        self._settings = settings
        self._holder = holder
        self._seen: dict[str, datetime] = {}
        self._failure = ""

    def work(self) -> None:
        """Do what is due and execute what is queued; a failure is recorded, the next second tries again."""
        try:
            self._take_slots()
            while not self.ends() and execute_next(self._settings) is not None:
                continue
            self._failure = ""
        except LianwenError as error:
            self._record(f"计划进程:{error.message_zh}")
        except Exception as error:  # noqa: BLE001 - the frame of the scheduler's job
            _LOG.debug("详情", exc_info=error)
            if self.ends():
                return  # an interpreter that ends breaks imports off; the run waits for the next scheduler
            self._record(f"计划进程遇到意外错误 {type(error).__name__}: {error}")

    def _take_slots(self) -> None:
        for job in JOBS:
            due = latest_slot(job, _now())
            if self._seen.get(job.name) != due:
                take_due_slot(self._settings, job, holder=self._holder, clock=_now)
                # A run whose process ended before its review is reviewed now.
                review_runs(self._settings)
                self._seen[job.name] = due

    def _record(self, sentence: str) -> None:
        # Once, not once a second.
        if sentence != self._failure:
            _LOG.warning(sentence)
        self._failure = sentence


def _renew(settings: Settings, *, holder: str, lost: threading.Event) -> None:
    try:
        with writing(settings) as session:
            if not renew_process_lease(session, holder=holder, at=_now()):
                lost.set()
    except StoreError as error:
        _LOG.warning("计划进程的租约没有续上:%s", error.message_zh)


def _is_outdated(session: Session, chain_id: str, perspective: Perspective, version: str) -> bool:
    def full(status: RunStatus) -> Iterator[Run]:
        found = list_runs(session, chain_id=chain_id, perspective=perspective, status=status)
        return (run for run in found if _is_full(run))

    if any(True for status in (RunStatus.QUEUED, RunStatus.RUNNING) for _ in full(status)):
        return False
    latest = next(full(RunStatus.SUCCEEDED), None)
    return latest is None or latest.data_version != version


def _is_full(run: Run) -> bool:
    return run.request.main_horizon == MAIN_HORIZON and set(run.request.scopes) == set(SCOPES)


def _now() -> datetime:
    return datetime.now(UTC)


def _leave_on_signals() -> threading.Event:
    """Leave the main thread at the first signal, and the process four seconds later whatever happens.

    Returns
    -------
    threading.Event
        Set from the first signal on: compilers swallow an exception that is raised in their callbacks.
    """
    stop = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> NoReturn:
        # Once is enough: a second signal must not break off the giving back of the lease.
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        stop.set()
        raise SystemExit(0)

    heard, told = socket.socketpair()
    told.setblocking(False)
    # The byte arrives even while the main thread is deep in compiled code and runs no handler.
    signal.set_wakeup_fd(told.detach(), warn_on_full_buffer=False)
    threading.Thread(target=_leave_at_last, args=(heard,), daemon=True).start()
    for number in _STOP_SIGNALS:
        signal.signal(number, leave)
    return stop


def _leave_at_last(heard: socket.socket) -> None:
    heard.recv(1)
    # A run that is still in hand then keeps its lease until it expires, and is queued again.
    threading.Event().wait(_GRACE_SECONDS)
    os._exit(0)
