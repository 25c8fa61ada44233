"""Computing scores: a command computes at once, a page queues, a worker executes what is queued."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING, Any

from chains.errors import LianwenError
from chains.model import Perspective
from chains.regions import HOME_COUNTRY
from desk.chain_names import pick_chains
from desk.home_region import find_shipped, fit_home_use, read_home
from desk.kept_states import KeptStates, basis_of
from desk.store import open_engine, reading, writing
from risk.errors import RunStateError
from risk.model import MAIN_HORIZON, PERSPECTIVES, SCOPES, RunRequest, RunStatus
from risk.repository import read_run
from risk.runs.lease import LEASE_SECONDS
from risk.runs.queue import claim_next_run, queue_once
from settings import CHECKOUT, code_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chains.model import ChainRecords, Scope
    from desk.output import Cell
    from risk.compute import ScoreRun, Simulate
    from risk.model import Run
    from risk.runs.execute import Compute
    from settings import Settings

    Progress = Callable[[str, float], None]

_LOG = logging.getLogger("lianwen")
# What this process scored last: a run after an import starts from it.
_KEPT = KeptStates()
RUN_COLUMNS = ("run_id", "chain", "horizon", "nodes", "data_version", "engine_seconds", "total_seconds")
SEEN_COLUMNS = ("run_id", "chain", "perspective", *RUN_COLUMNS[2:])


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one chain's run was and took.

    Attributes
    ----------
    run_id, chain, horizon
        Which run, whose, judged at how many days.
    nodes
        How many nodes were scored.
    data_version
        Of all that lies upstream of the chain.
    engine_seconds
        The computation alone.
    total_seconds
        From reading the facts to storing the scores.
    perspective
        Whose loss was measured.
    """

    run_id: int
    chain: str
    horizon: int
    nodes: int
    data_version: str
    engine_seconds: float
    total_seconds: float
    perspective: Perspective = Perspective.WORLD

    def as_cells(self) -> dict[str, Cell]:
        """Cells by the names of `RUN_COLUMNS`."""
        return {name: getattr(self, name) for name in RUN_COLUMNS}

    def as_seen_cells(self) -> dict[str, Cell]:
        """Cells by the names of `SEEN_COLUMNS`."""
        return self.as_cells() | {"perspective": self.perspective.value}


def recompute_chains(  # noqa: PLR0913 - what is asked, and where it runs
    settings: Settings,
    chain_ids: Sequence[str] = (),
    *,
    horizon: int = MAIN_HORIZON,
    scopes: Sequence[Scope] = SCOPES,
    perspectives: Sequence[Perspective] = PERSPECTIVES,
    reason: str = "command",
    by: str = "",
    workers: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> tuple[RunSummary, ...]:
    """Compute and store the scores of chains, one run each and perspective.

    Parameters
    ----------
    settings
        Where database, defaults and levels are.
    chain_ids
        Which chains; none for all.
    horizon
        Days; the main horizon, stored beside the standard ones.
    scopes
        Which scopes of nodes.
    perspectives
        Whose loss is measured.
    reason, by
        Stored with the run.
    workers, cluster
        Processes on this machine, or the address of a cluster (`risk.distribute`); the cores of this
        process when left out. Scores are the same bytes.
    progress
        Called with the chain id and the fraction done, 0 to 1.

    Returns
    -------
    tuple of RunSummary
        In order of chain id, then as `perspectives`.

    Raises
    ------
    UnknownKeyError
        When a chain is not loaded, or home is no country or province.
    ParameterError
        When the horizon is outside 1 to 3650 days, or workers and cluster mean nothing.
    RunStateError
        When a run failed; the runs of the other chains are stored all the same.
    """
    from risk.compute import checked_horizons

    checked_horizons((horizon,))
    if Perspective.HOME in perspectives:
        read_home(settings)
    simulate = _place(workers, cluster)
    with reading(settings) as session:
        chains = pick_chains(session, chain_ids)
    runs = []
    for chain, perspective in product(chains, perspectives):
        request = RunRequest(chain.chain_id, horizon, tuple(scopes), reason, by, perspective)
        runs.append(_run_now(settings, request, progress, simulate))
    failed = [run for run in runs if run.status is not RunStatus.SUCCEEDED]
    if failed:
        raise RunStateError(
            "not computed: " + "; ".join(f"chain {run.request.chain_id}: {run.message}" for run in failed),
            zh="计算失败;" + ";".join(f"链 {run.request.chain_id}:{run.message_zh}" for run in failed),
        )
    return tuple(_summarise(run) for run in runs)


def queue_recompute(
    settings: Settings,
    chain_ids: Sequence[str] = (),
    *,
    by: str,
    horizon: int = MAIN_HORIZON,
    perspectives: Sequence[Perspective] = PERSPECTIVES,
    reason: str = "page",
) -> tuple[int, ...]:
    """Queue a run of each chain for whoever executes the queue, as a page does.

    Parameters
    ----------
    settings
        Where the database is.
    chain_ids
        Which chains; none for all.
    by
        Name of the person.
    horizon
        Days; the main horizon.
    perspectives
        Whose loss is measured.
    reason
        Stored with the run.

    Returns
    -------
    tuple of int
        Ids of the runs, one a chain and perspective; the same work that waits already gives its run.

    Raises
    ------
    UnknownKeyError
        When a chain is not loaded.
    """
    with writing(settings) as session:
        now = datetime.now(UTC)
        run_ids = [
            queue_once(session, RunRequest(chain.chain_id, horizon, SCOPES, reason, by, perspective), at=now)
            for chain, perspective in product(pick_chains(session, chain_ids), perspectives)
        ]
    return tuple(run_ids)


def start_worker() -> None:
    """Start a process that executes what is queued and then ends.

    Notes
    -----
    Pages call it after `queue_recompute`. Beside a scheduler it does no harm: a run has one holder.
    """
    command = [sys.executable, str(CHECKOUT / "cli.py"), "worker", "--until-empty"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603
    # Waited for in the background, or ended workers would stay in the process table.
    threading.Thread(target=process.wait, daemon=True).start()


def execute_next(settings: Settings) -> Run | None:
    """Claim the oldest queued run and execute it.

    Parameters
    ----------
    settings
        Where database, defaults and levels are.

    Returns
    -------
    Run or None
        The run as it ended; None when nothing is queued.
    """
    holder = name_holder()
    with writing(settings) as session:
        run = claim_next_run(session, holder=holder, at=datetime.now(UTC), lease_seconds=LEASE_SECONDS)
    return None if run is None else _execute(settings, run, holder=holder)


def name_holder() -> str:
    """Name a holder of leases.

    Returns
    -------
    str
        Machine and process for a reader, and a random part that makes it unique.
    """
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _run_now(
    settings: Settings, request: RunRequest, progress: Progress | None, simulate: Simulate | None
) -> Run:
    holder = name_holder()
    now = datetime.now(UTC)
    # Queued and claimed in one transaction, so that no worker takes it in between. The same work that waits
    # already is taken over: it would otherwise wait for ever where no scheduler runs.
    with writing(settings) as session:
        run_id = queue_once(session, request, at=now)
        run = claim_next_run(session, holder=holder, at=now, lease_seconds=LEASE_SECONDS, run_id=run_id)
    if run is None:
        raise RunStateError(
            f"run {run_id} was taken by another process; try again later",
            zh=f"运行 {run_id} 被别的进程取走;请稍后重试",
        )
    return _execute(settings, run, holder=holder, progress=progress, simulate=simulate)


def _execute(
    settings: Settings,
    run: Run,
    *,
    holder: str,
    progress: Progress | None = None,
    simulate: Simulate | None = None,
) -> Run:
    from risk.runs.execute import execute_run

    compute, parameters = _bind_compute(settings, run.request, progress, simulate)
    execute_run(
        open_engine(settings.database_url),
        run.run_id,
        holder=holder,
        compute=compute,
        clock=lambda: datetime.now(UTC),
        code_version=code_version(),
        parameters=parameters,
    )
    _review(settings)
    with reading(settings) as session:
        return read_run(session, run.run_id)


def _place(workers: int | None, cluster: str | None) -> Simulate | None:
    """Tell where lanes run: None for here."""
    if workers is None and cluster is None:
        return None
    from risk.distribute import check_place
    from risk.sharded import ShardedLanes

    check_place(workers, cluster)
    return ShardedLanes(workers, cluster)


def _review(settings: Settings) -> None:
    from desk.alerts import review_runs

    try:
        review_runs(settings)
    except LianwenError as error:
        # The run stands; its review is caught up with after the next one.
        _LOG.warning("运行已完成,但没有检查预警:%s", error.message_zh)


def _bind_compute(
    settings: Settings, asked: RunRequest, tell: Progress | None, simulate: Simulate | None
) -> tuple[Compute, dict[str, Any]]:
    """Bind the parameters of a computation, and give them as plain values to be stored with the run."""
    from chains.defaults import load_defaults
    from risk.incremental import compute_changes
    from risk.levels import load_levels

    defaults = load_defaults(settings.data_dir / "defaults.toml")
    levels = load_levels(settings.data_dir / "levels.toml", perspective=asked.perspective)
    home = read_home(settings) if asked.perspective is Perspective.HOME else (HOME_COUNTRY,)
    parameters = {"home": list(home), "defaults": defaults.as_dict(), "levels": levels.as_dict()}
    basis = basis_of(asked, parameters, code_version())
    with reading(settings) as session:
        shipped = find_shipped(session)

    def compute(records: ChainRecords, request: RunRequest, progress: Callable[[float], None]) -> ScoreRun:
        def report(done: float) -> None:
            progress(done)
            if tell is not None:
                tell(request.chain_id, done)

        run = compute_changes(
            _KEPT.take(basis),
            fit_home_use(records, shipped, home=home),
            defaults=defaults,
            levels=levels,
            home=home,
            perspective=request.perspective,
            main_horizon=request.main_horizon,
            scopes=request.scopes,
            simulate=simulate,
            progress=report,
        )
        _KEPT.put(basis, run.state)
        return run

    return compute, parameters


def _summarise(run: Run) -> RunSummary:
    return RunSummary(
        run_id=run.run_id,
        chain=run.request.chain_id,
        horizon=run.request.main_horizon,
        nodes=run.node_count or 0,
        data_version=run.data_version or "",
        engine_seconds=run.engine_seconds or 0.0,
        total_seconds=run.total_seconds or 0.0,
        perspective=run.request.perspective,
    )
