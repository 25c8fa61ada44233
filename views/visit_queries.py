"""What the page of visits and the panel of verdicts ask the desk for; cached by the state of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Scope
from desk import bands, visits
from views import page_queries, queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desk.visit_views import PlanView
    from risk.ranges.repository import StoredBand
    from views.page_queries import FactsKey
    from views.queries import ChainState

_KEPT_PLANS = 24


def has_values(state: ChainState) -> bool:
    """Tell whether the values of a chain's present data are computed.

    Parameters
    ----------
    state
        Which chain.

    Returns
    -------
    bool
        False after data, defaults, levels or program changed.
    """
    return _values_file(state.chain_id, _facts_key()).exists()


def compute_values(state: ChainState, progress: Callable[[float], object]) -> None:
    """Compute the values of a chain in a process of its own.

    Parameters
    ----------
    state
        Which chain.
    progress
        Called with the fraction done, 0 to 1.
    """
    visits.compute_values_apart(state.chain_id, progress=progress)


def load_plan(state: ChainState, *, top: int, abroad: bool, province: str | None) -> PlanView:
    """Read the plan of visits of a chain whose values are computed.

    Parameters
    ----------
    state
        Which chain.
    top
        At most so many firms.
    abroad
        Whether firms abroad count too.
    province
        Only firms of this province, by its Chinese name.

    Returns
    -------
    PlanView
        As the desk plans it.
    """
    return _read_plan(state.chain_id, top, abroad, province, _facts_key())


def load_bands(state: ChainState, *, scope: str, key: str) -> tuple[StoredBand, ...]:
    """Read the stored band of one node; a click may store it at any moment, so never cached.

    Parameters
    ----------
    state
        A chain with a run.
    scope, key
        Which node.

    Returns
    -------
    tuple of StoredBand
        Empty when none was computed.
    """
    # Shares are drawn for runs whose loss is the world's.
    if state.world_run is None:
        return ()
    return bands.read_node_bands(queries.get_settings(), state.world_run.run_id, scope=Scope(scope), key=key)


def compute_band(state: ChainState, *, scope: str, key: str, progress: Callable[[float], object]) -> None:
    """Compute and store the band of one node in a process of its own.

    Parameters
    ----------
    state
        A chain with a run.
    scope, key
        Which node.
    progress
        Called with the fraction done, 0 to 1.
    """
    bands.compute_bands_apart(state.chain_id, scope=Scope(scope), key=key, progress=progress)


def _facts_key() -> FactsKey:
    """Name the state of the facts, and of the lines between levels as the file says now."""
    edited = (queries.get_settings().data_dir / "levels.toml").stat().st_mtime_ns
    return (*page_queries.facts_key(), ("levels", str(edited)))


@st.cache_resource(show_spinner=False, max_entries=_KEPT_PLANS)
def _read_plan(chain_id: str, top: int, abroad: bool, province: str | None, facts: FactsKey) -> PlanView:  # noqa: ARG001, FBT001 - cache keys
    return visits.plan_visits(queries.get_settings(), chain_id, top=top, abroad=abroad, province=province)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_PLANS)
def _values_file(chain_id: str, facts: FactsKey) -> Path:  # noqa: ARG001 - cache key
    return visits.values_file(queries.get_settings(), chain_id)
