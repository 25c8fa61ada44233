"""The process that executes queued runs, one after the other."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, NoReturn

from desk.computing import execute_next

if TYPE_CHECKING:
    from types import FrameType

    from settings import Settings

POLL_SECONDS = 1.0


def work(settings: Settings, *, until_empty: bool = False) -> None:
    """Execute queued runs until a signal says stop.

    Parameters
    ----------
    settings
        Where the database is.
    until_empty
        Return when nothing is queued any more.

    Notes
    -----
    A signal breaks off the run in hand, which is then recorded as interrupted. Several workers may run at
    once: a run has one holder, by lease.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    while True:
        if execute_next(settings) is not None:
            continue
        if until_empty:
            return
        time.sleep(POLL_SECONDS)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
