"""Scenarios on the threads of this process, or as shards on processes and clusters."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from risk.cascade.keeping import KeptSpan
from risk.kernels.cascade.lanes import run_scenarios
from risk.kernels.cascade.layout import Limits, Plan, Tasks, make_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What every shard reads.

    Attributes
    ----------
    plan
        The network.
    tasks
        All scenarios.
    limits
        When one stops.
    """

    plan: Plan
    tasks: Tasks
    limits: Limits


def run_span(job: Job, span: Span) -> KeptSpan:
    """Run some scenarios on this thread.

    Parameters
    ----------
    job
        The network and all scenarios.
    span
        Which ones: first and one past the last.

    Returns
    -------
    KeptSpan
        Their results.
    """
    first, last = span
    tasks = job.tasks._replace(
        shock_start=job.tasks.shock_start[first : last + 1],
        losses=np.zeros((last - first, 3)),
        sweeps=np.zeros(last - first, dtype=np.int32),
    )
    run_scenarios(job.plan, make_memory(job.plan), tasks, job.limits, 0, last - first, True)
    return KeptSpan(first, last, tasks.losses, tasks.sweeps)


def run_on_threads(
    job: Job, spans: Sequence[Span], *, threads: int, collect: Callable[[KeptSpan], None]
) -> None:
    """Run scenarios on threads of this process; compiled code lets them run at the same time.

    Parameters
    ----------
    job
        The network and all scenarios.
    spans
        Which scenarios.
    threads
        How many threads.
    collect
        Called from this thread with every span as it is finished.

    Notes
    -----
    A thread keeps its lanes full from one span to the next, so a span is finished a little after the
    next one has begun. An interruption ends after the spans at work.
    """
    waiting: SimpleQueue[Span] = SimpleQueue()
    for span in spans:
        waiting.put(span)
    finished: SimpleQueue[KeptSpan | None] = SimpleQueue()
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=threads) as pool:
        working = [pool.submit(_work, job, waiting, finished, stop) for _ in range(threads)]
        try:
            ended = 0
            while ended < threads:
                span_done = finished.get()
                if span_done is None:
                    ended += 1
                else:
                    collect(span_done)
        finally:
            stop.set()
    for one in working:
        one.result()


def _work(
    job: Job, waiting: SimpleQueue[Span], finished: SimpleQueue[KeptSpan | None], stop: threading.Event
) -> None:
    memory, begun, more = make_memory(job.plan), list[Span](), True
    try:
        while more and not stop.is_set():
            try:
                first, last = waiting.get_nowait()
                begun.append((first, last))
            except Empty:
                first, last, more = 0, 0, False
            run_scenarios(job.plan, memory, job.tasks, job.limits, first, last, not more)
            for span in [one for one in begun if job.tasks.sweeps[slice(*one)].all()]:
                begun.remove(span)
                finished.put(_results(job, span))
    finally:
        finished.put(None)


def _results(job: Job, span: Span) -> KeptSpan:
    first, last = span
    return KeptSpan(
        first, last, job.tasks.losses[first:last].copy(), job.tasks.sweeps[first:last].astype(np.int32)
    )
