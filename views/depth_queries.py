"""What pages ask the desk about backups: depth and concentration, cached by the state of all facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from chains.model import Mode
from desk import concentration, depth
from views import page_queries, queries

if TYPE_CHECKING:
    from desk.concentration import ConcentrationReport
    from desk.depth import DepthReport
    from risk.concentration.lines import ConcentrationLines
    from views.page_queries import FactsKey

_KEPT_CHAINS = 12
_FILES = ("levels.toml", "concentration.toml")


def load_depths(chain_id: str, mode: Mode) -> DepthReport:
    """Measure the backup depth of everything in a chain, once for each state of the facts.

    Parameters
    ----------
    chain_id
        Which chain.
    mode
        Run or build.

    Returns
    -------
    DepthReport
        As the desk measures it.
    """
    return _read_depths(chain_id, mode.value, _key())


def load_concentration(chain_id: str) -> ConcentrationReport:
    """Measure how concentrated supply is in a chain, once for each state of the facts.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    ConcentrationReport
        As the desk measures it.
    """
    return _read_concentration(chain_id, _key())


def load_lines() -> ConcentrationLines:
    """Read the lines of concentration as the file says now; never cached.

    Returns
    -------
    ConcentrationLines
        As the desk reads them.
    """
    return concentration.read_lines(queries.get_settings())


def _key() -> FactsKey:
    folder = queries.get_settings().data_dir
    edited = tuple((name, str((folder / name).stat().st_mtime_ns)) for name in _FILES)
    return (*page_queries.facts_key(), *edited)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_CHAINS)
def _read_depths(chain_id: str, mode: str, facts: FactsKey) -> DepthReport:  # noqa: ARG001 - cache key
    return depth.measure_backups(queries.get_settings(), chain_id, mode=Mode(mode))


@st.cache_resource(show_spinner=False, max_entries=_KEPT_CHAINS)
def _read_concentration(chain_id: str, facts: FactsKey) -> ConcentrationReport:  # noqa: ARG001 - cache key
    return concentration.measure_shares(queries.get_settings(), chain_id)
