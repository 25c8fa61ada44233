"""All that pages ask the desk for, and the only caching: keyed by run or data version, so never stale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from chains.catalog import read_regions
from chains.db_errors import StoreError
from chains.model import Mode, Perspective, Scope
from desk import computing, home, home_region, reading
from settings import Settings, code_version, load_settings, prepare_environment
from views import formatting, frames, session
from views.membership import list_members
from views.search import build_index, find_entries

if TYPE_CHECKING:
    import pandas as pd

    from chains.model import Chain, ChainRecords
    from chains.regions import Regions
    from risk.model import Run
    from views.search import SearchEntry

_KEPT_FRAMES = 60
_KEPT_CHAINS = 12


@dataclass(frozen=True, slots=True)
class ChainState:
    """A loaded chain, its latest successful run and a run that waits or runs.

    Attributes
    ----------
    standing
        As the desk read it.
    perspective
        Whose loss the session looks at.
    """

    standing: home.ChainStanding
    perspective: Perspective = Perspective.WORLD

    @property
    def chain(self) -> Chain:
        """Its own facts."""
        return self.standing.chain

    @property
    def chain_id(self) -> str:
        """The id, also in links."""
        return self.standing.chain.chain_id

    @property
    def name(self) -> str:
        """The name in the session's language."""
        return formatting.name_of(self.chain.name_zh, self.chain.name_en, self.chain_id)

    @property
    def run(self) -> Run | None:
        """The latest successful run in the session's perspective; the world's where home has none."""
        return self.standing.home_run if self.sees_home else self.standing.run

    @property
    def world_run(self) -> Run | None:
        """The latest successful run whose loss is the world's."""
        return self.standing.run

    @property
    def sees_home(self) -> bool:
        """Whether `run` measures home's loss."""
        return self.perspective is Perspective.HOME and self.standing.home_run is not None

    @property
    def active(self) -> Run | None:
        """A run that waits or runs."""
        return self.standing.active

    @property
    def horizons(self) -> tuple[int, ...]:
        """Days that the latest run stored, rising."""
        return self.standing.home_horizons if self.sees_home else self.standing.horizons


@dataclass(frozen=True, slots=True)
class Home:
    """What there is to show.

    Attributes
    ----------
    chains
        In order of id.
    problem
        Why the database cannot be read, if so.
    """

    chains: tuple[ChainState, ...]
    problem: StoreError | None = None


@st.cache_resource(show_spinner=False)
def get_settings() -> Settings:
    """Read the environment once a process and make ``var/``.

    Returns
    -------
    Settings
        Frozen.
    """
    settings = load_settings()
    prepare_environment(settings)
    return settings


@st.cache_resource(show_spinner=False)
def program_version() -> str:
    """Name the running program, with its commit in a checkout.

    Returns
    -------
    str
        For example ``0.1.0+g1a2b3c4``.
    """
    return code_version()


@st.cache_resource(show_spinner=False)
def load_regions() -> Regions:
    """Read provinces and cities once a process.

    Returns
    -------
    Regions
        Spellings in both languages and the rings.
    """
    return read_regions(get_settings().data_dir)


def first_language() -> str:
    """Tell which language a session starts with.

    Returns
    -------
    str
        ``zh`` unless the environment says otherwise.
    """
    return get_settings().language


def load_home() -> Home:
    """Read how every chain stands now; never cached, a run may end at any moment.

    Returns
    -------
    Home
        With a problem instead of chains when the database cannot be read.
    """
    try:
        standings = home.read_standings(get_settings())
    except StoreError as error:
        return Home((), error)
    perspective = session.get_selection().perspective
    return Home(tuple(ChainState(standing, perspective) for standing in standings))


def find_chain(chain_id: str | None) -> ChainState | None:
    """Find one loaded chain.

    Parameters
    ----------
    chain_id
        Which; ``None`` finds nothing.

    Returns
    -------
    ChainState or None
        ``None`` when it is not loaded.
    """
    return next((state for state in load_home().chains if state.chain_id == chain_id), None)


def load_scores(state: ChainState, mode: Mode, horizon: int) -> pd.DataFrame:
    """Read the scores of a chain's latest run, source nodes left out.

    Parameters
    ----------
    state
        A chain with a run.
    mode
        Run or build.
    horizon
        Days; the run's main horizon stands in for one it did not store.

    Returns
    -------
    pandas.DataFrame
        As `views.frames.settle_types` describes it; without rows when there is no run.
    """
    if state.run is None:
        return frames.no_scores()
    days = horizon if horizon in state.horizons else state.run.request.main_horizon
    return _read_scores(state.run.run_id, mode, days, sources=False)


def load_sources(state: ChainState, mode: Mode, horizon: int, *, perspective: Perspective) -> pd.DataFrame:
    """Read the scores of source nodes, 国别-物料, from the latest run in one perspective.

    Parameters
    ----------
    state
        A chain.
    mode
        Run or build.
    horizon
        Days; the run's main horizon stands in for one it did not store.
    perspective
        From home they are cuts, from the world stops.

    Returns
    -------
    pandas.DataFrame
        As `load_scores`; without rows where there is no such run.
    """
    standing, is_home = state.standing, perspective is Perspective.HOME
    run = standing.home_run if is_home else standing.run
    stored = standing.home_horizons if is_home else standing.horizons
    if run is None:
        return frames.no_scores()
    days = horizon if horizon in stored else run.request.main_horizon
    return _read_scores(run.run_id, mode, days, sources=True)


def load_members(state: ChainState) -> pd.DataFrame:
    """Read which stages, classes and places every node of a chain belongs to.

    Parameters
    ----------
    state
        A chain with a run.

    Returns
    -------
    pandas.DataFrame
        As `views.membership.list_members` describes it.
    """
    run_id, version = (state.run.run_id, state.run.data_version) if state.run else (0, None)
    return _read_members(state, run_id, version)


def load_home_uses(state: ChainState) -> dict[str, float]:
    """Read how much of the world's use of each item happens at home, where the data say so.

    Parameters
    ----------
    state
        A chain with a run.

    Returns
    -------
    dict
        Share, 0 to 1, by item id; items whose share is unknown are absent.
    """
    return _read_home_uses(state.chain_id, state.run.data_version if state.run else None)


def count_levels(state: ChainState) -> dict[str, int]:
    """Count the listed nodes of a chain by side and level.

    Parameters
    ----------
    state
        A chain with a run.

    Returns
    -------
    dict
        As `views.frames.count_levels` describes it.
    """
    return frames.count_levels(_read_any_scores(state))


def count_scopes(state: ChainState) -> dict[str, int]:
    """Count the nodes of a chain by scope.

    Parameters
    ----------
    state
        A chain with a run.

    Returns
    -------
    dict
        Nodes by value of `chains.model.Scope`; scopes that were not scored are absent.
    """
    return {str(scope): int(n) for scope, n in _read_any_scores(state)["scope"].value_counts().items()}


def search_nodes(words: str) -> list[SearchEntry]:
    """Find nodes of all chains by name, key or pinyin initials.

    Parameters
    ----------
    words
        What was typed.

    Returns
    -------
    list of SearchEntry
        Best first.
    """
    states = [state for state in load_home().chains if state.run is not None]
    runs = tuple(state.run.run_id for state in states if state.run is not None)
    return find_entries(_read_index(states, runs), words)


def load_data_state(state: ChainState) -> reading.DataState | None:
    """Read what is loaded of a chain: data version, years, rows.

    Parameters
    ----------
    state
        Which chain.

    Returns
    -------
    DataState or None
        ``None`` when the chain is gone. Its data version differs from that of the run when data changed
        after the run.
    """
    # The data version covers all that lies upstream, so any chain's load may change it.
    loads = tuple(each.standing.loaded_at.isoformat() for each in load_home().chains)
    states = _read_data_states(loads)
    return next((each for each in states if each.chain.chain_id == state.chain_id), None)


def queue_chain(chain_id: str) -> int:
    """Queue a run of a chain and start a process that executes what is queued.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    int
        The number of the first run; those of other perspectives follow.
    """
    run_ids = computing.queue_recompute(get_settings(), (chain_id,), by="")
    computing.start_worker()
    return run_ids[0]


def resume_queue() -> None:
    """Start a process that takes up runs whose process is gone, and executes what is queued."""
    computing.start_worker()


@st.cache_data(show_spinner=False, max_entries=_KEPT_FRAMES)
def _read_scores(run_id: int, mode: Mode, horizon: int, *, sources: bool) -> pd.DataFrame:
    read = reading.score_frame(get_settings(), run_id, mode=mode, horizon=horizon)
    return frames.settle_types(read[(read["scope"] == Scope.SOURCE.value) == sources])


@st.cache_resource(show_spinner=False, max_entries=_KEPT_CHAINS)
def _read_data_states(loads: tuple[str, ...]) -> tuple[reading.DataState, ...]:  # noqa: ARG001 - cache key
    return reading.read_data_states(get_settings())


@st.cache_data(show_spinner=False, max_entries=_KEPT_CHAINS)
def _read_members(_state: ChainState, run_id: int, data_version: str | None) -> pd.DataFrame:  # noqa: ARG001 - cache keys
    records: ChainRecords = home.read_records(get_settings(), _state.chain_id)
    return list_members(_read_any_scores(_state), records, load_regions(), chain_id=_state.chain_id)


@st.cache_data(show_spinner=False, max_entries=_KEPT_CHAINS)
def _read_home_uses(chain_id: str, data_version: str | None) -> dict[str, float]:  # noqa: ARG001 - cache key
    return home_region.read_home_uses(get_settings(), chain_id)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_CHAINS)
def _read_index(_states: list[ChainState], runs: tuple[int, ...]) -> tuple[SearchEntry, ...]:  # noqa: ARG001 - cache key
    return build_index(_read_any_scores(state) for state in _states)


def _read_any_scores(state: ChainState) -> pd.DataFrame:
    """Read the scores in whatever mode: names, places and levels are the same in all."""
    return load_scores(state, Mode.RUN, state.run.request.main_horizon if state.run else 0)
