"""What pages read: how old the data is, and runs, scores and their history as frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from chains.model import Perspective
from chains.repository import list_chains, load_folders, load_uploaded
from chains.union import join_folders
from chains.version import data_version
from desk.store import reading
from risk import repository
from risk.model import MODES

if TYPE_CHECKING:
    from datetime import datetime

    from chains.model import Chain, ChainRecords, Mode, Scope
    from chains.repository import StoredChain
    from risk.model import Run
    from settings import Settings

_RUN_COLUMNS = [
    "run_id",
    "chain_id",
    "status",
    "reason",
    "requested_by",
    "main_horizon",
    "perspective",
    "scopes",
    "queued_at",
    "started_at",
    "ended_at",
    "progress",
    "nodes",
    "data_version",
    "code_version",
    "defaults_digest",
    "engine_seconds",
    "total_seconds",
    "message",
    "message_zh",
]


@dataclass(frozen=True, slots=True)
class DataState:
    """What is loaded of a chain, and how old it is.

    Attributes
    ----------
    chain
        Its own facts.
    origin
        ``shipped`` or ``imported``.
    loaded_at
        When its folder was loaded last.
    data_version
        Of all that lies upstream of it now; a run whose data version differs is out of date.
    first_year, last_year
        Years of its shares; ``None`` when no share has one.
    items, suppliers, supplies
        How many rows lie upstream of its end products.
    """

    chain: Chain
    origin: str
    loaded_at: datetime
    data_version: str
    first_year: int | None
    last_year: int | None
    items: int
    suppliers: int
    supplies: int


def read_data_states(settings: Settings) -> tuple[DataState, ...]:
    """Read what is loaded of every chain.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    tuple of DataState
        In order of id; empty when nothing is loaded.

    Raises
    ------
    StoreError
        When the database is missing or does not fit the program.
    """
    with reading(settings) as session:
        stored = list_chains(session)
        folders, uploaded = load_folders(session), load_uploaded(session)
    return tuple(
        _data_state(one, join_folders(folders, one.chain.chain_id, uploaded=uploaded)) for one in stored
    )


def run_frame(settings: Settings, *, chain_id: str | None = None, limit: int = 100) -> pd.DataFrame:
    """List runs, the newest first.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Only of this chain.
    limit
        At most so many.

    Returns
    -------
    pandas.DataFrame
        run_id, chain_id, status, reason, requested_by, main_horizon (days), perspective, scopes (joined by
        ``,``), queued_at, started_at, ended_at (UTC), progress (0 to 1), nodes, data_version, code_version,
        defaults_digest, engine_seconds, total_seconds, message, message_zh; missing where not known yet.
    """
    with reading(settings) as session:
        runs = repository.list_runs(session, chain_id=chain_id, limit=limit)
    return pd.DataFrame([_run_cells(run) for run in runs], columns=_RUN_COLUMNS)


def read_run(settings: Settings, run_id: int) -> Run:
    """Read one run with its parameters.

    Parameters
    ----------
    settings
        Where the database is.
    run_id
        Which run.

    Returns
    -------
    Run
        As it stands now.

    Raises
    ------
    UnknownKeyError
        When there is no such run.
    """
    with reading(settings) as session:
        return repository.read_run(session, run_id)


def score_frame(settings: Settings, run_id: int, *, mode: Mode, horizon: int | None = None) -> pd.DataFrame:
    """Read the scores of a run in one mode at one horizon.

    Parameters
    ----------
    settings
        Where the database is.
    run_id
        A successful run; immutable, so the frame may be cached by it.
    mode
        Run or build.
    horizon
        Days; ``None`` for the run's main horizon.

    Returns
    -------
    pandas.DataFrame
        One row a node in canonical order: chain_id, then the columns of
        `risk.repository.read_scores` with all three ends (``residual_low`` ...), and
        ``exposure_run_low`` and ``exposure_build_low``, the pair that is always shown together.
        Missing means unknown, undefined or not scored.

    Raises
    ------
    UnknownKeyError
        When there is no such run.
    ParameterError
        When the run did not store the horizon.
    """
    with reading(settings) as session:
        run = repository.read_run(session, run_id)
        days = run.request.main_horizon if horizon is None else horizon
        both = {each: repository.read_scores(session, run_id, mode=each, horizon=days) for each in MODES}
    frame = both[mode].to_pandas()
    frame.insert(0, "chain_id", run.request.chain_id)
    pair = {f"exposure_{each}_low": both[each]["exposure_low"].to_numpy() for each in MODES}
    return frame.assign(**pair)


def node_scores(
    settings: Settings, run_id: int, *, scope: Scope, key: str, horizon: int | None = None
) -> pd.DataFrame:
    """Read the run/build pair of one node.

    Parameters
    ----------
    settings
        Where the database is.
    run_id
        A successful run.
    scope, key
        Which node.
    horizon
        Days; ``None`` for the run's main horizon.

    Returns
    -------
    pandas.DataFrame
        At most two rows with a column ``mode`` before those of `score_frame`; none where the run
        does not know the node.
    """
    frames = []
    for mode in MODES:
        frame = score_frame(settings, run_id, mode=mode, horizon=horizon)
        frame.insert(0, "mode", mode.value)
        frames.append(frame.loc[(frame["scope"] == scope.value) & (frame["key"] == key)])
    return pd.concat(frames, ignore_index=True)


def history_frame(
    settings: Settings,
    chain_id: str,
    *,
    scope: Scope,
    key: str,
    mode: Mode,
    horizon: int,
    perspective: Perspective = Perspective.WORLD,
) -> pd.DataFrame:
    """Read how one node was judged over the runs of a chain in one perspective, the oldest first.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.
    scope, key
        Which node.
    mode
        Run or build.
    horizon
        Days.
    perspective
        Whose loss the runs measure.

    Returns
    -------
    pandas.DataFrame
        run_id, ended_at (UTC), data_version, main_horizon, level, verdict, then each score with suffix
        ``_low``, ``_point``, ``_high``.
    """
    with reading(settings) as session:
        found = repository.read_node_history(
            session, chain_id, scope=scope, key=key, mode=mode, horizon=horizon, perspective=perspective
        )
    return found.to_pandas()


def _data_state(stored: StoredChain, records: ChainRecords) -> DataState:
    years = [supply.year for supply in records.supplies if supply.year is not None]
    return DataState(
        chain=stored.chain,
        origin=stored.origin,
        loaded_at=stored.loaded_at,
        data_version=data_version(records),
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        items=len(records.items),
        suppliers=len(records.suppliers),
        supplies=len(records.supplies),
    )


def _run_cells(run: Run) -> dict[str, object]:
    cells = {name: getattr(run, name) for name in _RUN_COLUMNS if hasattr(run, name)}
    request = run.request
    return cells | {
        "chain_id": request.chain_id,
        "status": run.status.value,
        "reason": request.reason,
        "requested_by": request.requested_by,
        "main_horizon": request.main_horizon,
        "perspective": request.perspective.value,
        "scopes": ",".join(request.scopes),
        "nodes": run.node_count,
    }
