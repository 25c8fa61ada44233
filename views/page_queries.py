"""What the pages of node, register, runs and method ask the desk for; cached as in `views.queries`.

Facts are keyed by when they were loaded, scores by their run, so nothing shown is ever stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from chains.model import Mode, Perspective, Scope
from desk import method_view, page_reads, reading, register_list, register_view
from risk.model import MODES, RunStatus
from views import queries

if TYPE_CHECKING:
    import pandas as pd

    from chains.model import Source
    from desk.method_view import MethodFacts
    from desk.page_reads import NodePage
    from desk.reading import DataState
    from ingest.repository import Upload
    from risk.model import Run
    from risk.runs.diff import ScoreChanges
    from views.queries import ChainState

_KEPT_NODES = 40
_KEPT_FRAMES = 12
_RUNS_SHOWN = 200
_ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)

FactsKey = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ScorePair:
    """The scores of one node in both modes.

    Attributes
    ----------
    main
        By mode at the run's main horizon, what levels rest on.
    chosen
        By mode at the horizon of the sidebar.
    main_horizon, chosen_horizon
        Days.
    """

    main: dict[Mode, pd.Series]
    chosen: dict[Mode, pd.Series]
    main_horizon: int
    chosen_horizon: int


def load_pair(state: ChainState, scope: str, key: str, *, horizon: int) -> ScorePair | None:
    """Read the run/build pair of one node from the chain's latest run.

    Parameters
    ----------
    state
        A chain with a run.
    scope, key
        Which node.
    horizon
        Days chosen in the sidebar.

    Returns
    -------
    ScorePair or None
        ``None`` when the run does not know the node.
    """
    if state.run is None:
        return None
    main_horizon = state.run.request.main_horizon
    days = horizon if horizon in state.horizons else main_horizon
    main = {mode: _pick(_load(state, scope, mode, main_horizon), scope, key) for mode in MODES}
    chosen = {mode: _pick(_load(state, scope, mode, days), scope, key) for mode in MODES}
    known_main = {mode: row for mode, row in main.items() if row is not None}
    known_chosen = {mode: row for mode, row in chosen.items() if row is not None}
    if len(known_main) < len(MODES) or len(known_chosen) < len(MODES):
        return None
    return ScorePair(known_main, known_chosen, main_horizon, days)


def _load(state: ChainState, scope: str, mode: Mode, days: int) -> pd.DataFrame:
    if scope == Scope.SOURCE.value and state.run is not None:
        return queries.load_sources(state, mode, days, perspective=state.run.request.perspective)
    return queries.load_scores(state, mode, days)


def load_lines(state: ChainState) -> dict[str, Any]:
    """Read the lines between levels that the chain's latest run used.

    Parameters
    ----------
    state
        A chain with a run.

    Returns
    -------
    dict
        ``run`` and ``build`` with their lines (0 to 1), ``structural_need``; empty when the run stored none.
    """
    stored = state.run.parameters.get("levels") if state.run else None
    return dict(stored) if isinstance(stored, dict) else {}


def load_node_page(chain_id: str, *, scope: str, key: str) -> NodePage:
    """Read all facts on the page of one node.

    Parameters
    ----------
    chain_id
        Which chain.
    scope, key
        Which node; one that exists.

    Returns
    -------
    NodePage
        As the desk reads it.
    """
    return _read_node_page(chain_id, scope, key, facts_key())


def load_history(state: ChainState, *, scope: str, key: str, mode: Mode, horizon: int) -> pd.DataFrame:
    """Read how one node was judged over the runs of a chain.

    Parameters
    ----------
    state
        A chain with a run.
    scope, key
        Which node.
    mode
        Run or build.
    horizon
        Days.

    Returns
    -------
    pandas.DataFrame
        Oldest run first.
    """
    if state.run is None:
        return _read_history(state.chain_id, scope, key, mode, horizon, Perspective.WORLD, 0)
    run_id, perspective = state.run.run_id, state.run.request.perspective
    return _read_history(state.chain_id, scope, key, mode, horizon, perspective, run_id)


def load_register(mode: Mode, horizon: int) -> pd.DataFrame:
    """Read 工作目录(公开资料) with the scores of the item that each row names.

    Parameters
    ----------
    mode
        Run or build.
    horizon
        Days; each run's main horizon where a run did not store it.

    Returns
    -------
    pandas.DataFrame
        One row a bottleneck.
    """
    states = queries.load_home().chains
    runs = tuple(state.world_run.run_id for state in states if state.world_run is not None)
    stored = all(horizon in state.standing.horizons for state in states if state.world_run is not None)
    return _read_register(mode, horizon if stored else None, runs, facts_key())


def load_register_upload() -> Upload | None:
    """Tell with which upload the list of bottleneck items came.

    Returns
    -------
    Upload or None
        None for the shipped 工作目录(公开资料).
    """
    return register_list.active_register(queries.get_settings()).upload


@st.cache_resource(show_spinner=False)
def load_register_sources() -> dict[str, Source]:
    """Read the documents behind the register once a process.

    Returns
    -------
    dict
        By source id.
    """
    return page_reads.read_register_sources(queries.get_settings())


def load_runs(chain_id: str | None = None) -> pd.DataFrame:
    """List the runs; never cached, a run may end at any moment.

    Parameters
    ----------
    chain_id
        Only of this chain.

    Returns
    -------
    pandas.DataFrame
        The newest first.
    """
    return reading.run_frame(queries.get_settings(), chain_id=chain_id, limit=_RUNS_SHOWN)


def load_active_runs() -> pd.DataFrame:
    """List the runs that wait or are computed now; never cached.

    Returns
    -------
    pandas.DataFrame
        The newest first.
    """
    runs = load_runs()
    return runs[runs["status"].isin([status.value for status in _ACTIVE])]


def load_run(run_id: int) -> Run:
    """Read one run with its parameters; a run that has not ended still changes, so never cached.

    Parameters
    ----------
    run_id
        Which run.

    Returns
    -------
    Run
        As it stands now.
    """
    return reading.read_run(queries.get_settings(), run_id)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_FRAMES)
def load_changes(before: int, after: int) -> ScoreChanges:
    """Compare two successful runs of a chain; runs never change, so they are the key.

    Parameters
    ----------
    before, after
        Their numbers.

    Returns
    -------
    ScoreChanges
        What differs.
    """
    return page_reads.read_run_changes(queries.get_settings(), before, after)


def load_data_states() -> dict[str, DataState]:
    """Read which data version each chain has now.

    Returns
    -------
    dict
        By chain id.
    """
    return _read_data_states(facts_key())


def load_method() -> MethodFacts:
    """Read the defaults and lines as the files say now; never cached.

    Returns
    -------
    MethodFacts
        As the desk reads them.
    """
    return method_view.read_method(queries.get_settings())


def load_sources() -> pd.DataFrame:
    """List the documents behind the facts of all chains.

    Returns
    -------
    pandas.DataFrame
        One row a chain and document.
    """
    return _read_sources(facts_key())


def facts_key() -> FactsKey:
    """Name the state of all facts: when each chain was loaded, which register, which defaults.

    Returns
    -------
    tuple
        Equal exactly when nothing was loaded or edited in between.
    """
    settings = queries.get_settings()
    loaded = [(state.chain_id, state.standing.loaded_at.isoformat()) for state in queries.load_home().chains]
    register, rows = register_view.register_facts(settings)
    edited = (settings.data_dir / "defaults.toml").stat().st_mtime_ns
    return (*loaded, ("register", f"{register} {rows}"), ("defaults", str(edited)))


def _pick(scores: pd.DataFrame, scope: str, key: str) -> pd.Series | None:
    found = scores[(scores["scope"] == scope) & (scores["key"] == key)]
    return None if found.empty else found.iloc[0]


@st.cache_resource(show_spinner=False, max_entries=_KEPT_NODES)
def _read_node_page(chain_id: str, scope: str, key: str, facts: FactsKey) -> NodePage:  # noqa: ARG001 - cache key
    return page_reads.read_node_page(queries.get_settings(), chain_id, scope=Scope(scope), key=key)


@st.cache_data(show_spinner=False, max_entries=_KEPT_NODES)
def _read_history(
    chain_id: str,
    scope: str,
    key: str,
    mode: Mode,
    horizon: int,
    perspective: Perspective,
    run_id: int,  # noqa: ARG001 - cache key
) -> pd.DataFrame:
    return reading.history_frame(
        queries.get_settings(),
        chain_id,
        scope=Scope(scope),
        key=key,
        mode=mode,
        horizon=horizon,
        perspective=perspective,
    )


@st.cache_data(show_spinner=False, max_entries=_KEPT_FRAMES)
def _read_register(mode: Mode, horizon: int | None, runs: tuple[int, ...], facts: FactsKey) -> pd.DataFrame:  # noqa: ARG001 - cache keys
    return register_view.register_frame(queries.get_settings(), mode=mode, horizon=horizon)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_FRAMES)
def _read_data_states(facts: FactsKey) -> dict[str, DataState]:  # noqa: ARG001 - cache key
    return {state.chain.chain_id: state for state in reading.read_data_states(queries.get_settings())}


@st.cache_data(show_spinner=False, max_entries=_KEPT_FRAMES)
def _read_sources(facts: FactsKey) -> pd.DataFrame:  # noqa: ARG001 - cache key
    return method_view.source_frame(queries.get_settings())
