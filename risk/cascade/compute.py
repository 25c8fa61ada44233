"""The index of every firm or scenario (Diem and others 2022)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import numpy as np

from risk.cascade.keeping import KeptSpan, keep_span, name_computation, read_kept
from risk.cascade.model import DEFAULT_EPS, EsriResult, single_failures
from risk.cascade.planning import plan_network
from risk.cascade.running import Job, run_on_threads, run_span
from risk.distribute import check_workers, cut, run_shards
from risk.errors import ParameterError
from risk.kernels.cascade.layout import Limits, Tasks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from risk.cascade.model import BoolArray, FirmNetwork, FirmShocks, Progress
    from risk.cascade.running import Span

    Collect = Callable[[KeptSpan], None]

NO_LIMIT: Final = 2**31 - 1
DENSE_FROM: Final = 0.01
"""Part of all links from which on eight scenarios at a time are cheaper than one alone (measured)."""


def compute_esri(  # noqa: PLR0913 - what is asked, and where it runs
    network: FirmNetwork,
    *,
    eps: float = DEFAULT_EPS,
    replaceability: bool = True,
    shocks: FirmShocks | None = None,
    max_sweeps: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    resume: Path | None = None,
    progress: Progress | None = None,
) -> EsriResult:
    """Compute which share of the network's sales stops in each scenario.

    Parameters
    ----------
    network
        The firms.
    eps
        A cascade stops after the sweep in which no firm's output falls by more than this, 0 to 1.
    replaceability
        Whether a supplier with a small share of its sector's remaining sales is replaced by others.
    shocks
        The scenarios; every firm alone and fully when left out.
    max_sweeps
        Stop after this many sweeps at the latest; None for no limit.
    workers
        Processes on this machine; when left out, threads of this process, one a core.
    cluster
        Address of a dask.distributed scheduler to use instead.
    resume
        A file that keeps what is finished, so that the same call goes on after a stop. Left to the
        caller to delete.
    progress
        Called with the number of scenarios done and of all.

    Returns
    -------
    EsriResult
        In the order of the scenarios or firms; the same bits however it was computed.

    Raises
    ------
    ParameterError
        When `eps` is not a number from 0 to 1, or `max_sweeps` or `workers` is below 1.
    FirmDataError
        When `resume` cannot be written.
    WorkerLostError, ClusterError
        When workers are lost again and again.

    References
    ----------
    Diem, Borsos, Reisch, Kertész, Thurner, Quantifying firm-level economic systemic risk from
    nation-wide supply networks, Scientific Reports 12:7719 (2022).

    Examples
    --------
    >>> from risk.cascade.network import network_from_arrays
    >>> network, _ = network_from_arrays([0, 1], ([0], [1], [5.0]), essential=[[2, 2], [2, 2]])
    >>> compute_esri(network).esri.tolist()
    [1.0, 1.0]
    """
    check_parameters(eps, max_sweeps)
    check_workers(workers)
    scenarios = shocks or single_failures(network)
    job = _make_job(network, scenarios, eps, replaceability, max_sweeps)
    done = np.zeros(scenarios.scenarios, dtype=np.bool_)
    if resume is not None:
        name = name_computation(network, scenarios, job.limits)
        for span in read_kept(resume, name, scenarios=scenarios.scenarios):
            _write(job, span, done)
    spans = _missing_spans(done)

    def collect(span: KeptSpan) -> None:
        _write(job, span, done)
        if resume is not None:
            keep_span(resume, span)
        if progress:
            progress(int(done.sum()), len(done))

    _run(job, spans, workers=workers, cluster=cluster, collect=collect)
    both, down, up = (np.ascontiguousarray(column) for column in job.tasks.losses.T)
    return EsriResult(
        scenarios.scenario_ids,
        both,
        down,
        up,
        job.tasks.sweeps,
        eps=eps,
        replaceability=replaceability,
        max_sweeps=max_sweeps,
    )


def check_parameters(eps: float, max_sweeps: int | None) -> None:
    """Refuse parameters that mean nothing.

    Raises
    ------
    ParameterError
        When `eps` is not a number from 0 to 1 or `max_sweeps` is below 1.
    """
    if not 0.0 <= eps <= 1.0:
        raise ParameterError(f"eps {eps}: give a number from 0 to 1", zh=f"eps {eps}:请给 0 到 1 之间的数")
    if max_sweeps is not None and not 1 <= max_sweeps <= NO_LIMIT:
        raise ParameterError(
            f"at most {max_sweeps} sweeps: give a whole number from 1",
            zh=f"最多 {max_sweeps} 轮:请给 1 或更大的整数",
        )


def _make_job(
    network: FirmNetwork,
    scenarios: FirmShocks,
    eps: float,
    replaceability: bool,  # noqa: FBT001
    max_sweeps: int | None,
) -> Job:
    planned = plan_network(network)
    count = scenarios.scenarios
    links = len(planned.plan.push_slot) + len(planned.plan.back_supplier)
    return Job(
        planned.plan,
        Tasks(
            scenarios.shock_start.astype(np.int64),
            planned.number_of_firm[scenarios.firm_of_shock],
            scenarios.share_of_shock.astype(np.float64),
            np.zeros((count, 3)),
            np.zeros(count, dtype=np.int32),
        ),
        Limits(float(eps), max_sweeps or NO_LIMIT, bool(replaceability), int(DENSE_FROM * links)),
    )


def _run(job: Job, spans: list[Span], *, workers: int | None, cluster: str | None, collect: Collect) -> None:
    if workers is None and cluster is None:
        run_on_threads(job, spans, threads=os.cpu_count() or 1, collect=collect)
    else:
        run_shards(run_span, job, spans, workers=workers, cluster=cluster, keep=lambda _, span: collect(span))


def _missing_spans(done: BoolArray) -> list[Span]:
    """Cut what is missing into about 200 spans, each without gaps."""
    spans = []
    for first, last in cut(len(done)):
        edges = np.flatnonzero(np.diff(np.concatenate(([True], done[first:last], [True]))))
        spans += [(first + int(edges[at]), first + int(edges[at + 1])) for at in range(0, len(edges), 2)]
    return spans


def _write(job: Job, span: KeptSpan, done: BoolArray) -> None:
    job.tasks.losses[span.first : span.last] = span.losses
    job.tasks.sweeps[span.first : span.last] = span.sweeps
    done[span.first : span.last] = True
