"""All that pages ask the desk about firm networks, and the caching of it: keyed by run, so never stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from desk import firm_networks, firm_pages
from views import queries
from views.firm_frames import make_firms

if TYPE_CHECKING:
    import pandas as pd

    from desk.firm_networks import ComputedNetwork
    from desk.firm_pages import FirmAlertView, FirmIndex, NetworkStanding
    from desk.officer import Officer
    from risk.firms.losses import FirmLosses, PreparedNetwork
    from risk.firms.model import FirmAlert, FirmCriteria, FirmRun

_KEPT_NETWORKS = 2
_KEPT_FRAMES = 6
_KEPT_FAILURES = 50


def load_networks() -> tuple[NetworkStanding, ...]:
    """Read the networks in use; never cached, a run may end at any moment."""
    return firm_pages.read_networks(queries.get_settings())


def load_criteria() -> FirmCriteria:
    """Read when a firm is systemic."""
    return firm_pages.read_firm_criteria(queries.get_settings())


def load_firms(standing: NetworkStanding) -> pd.DataFrame:
    """Read every firm of a network with its index.

    Parameters
    ----------
    standing
        A network with a run.

    Returns
    -------
    pandas.DataFrame
        As `views.firm_frames.make_firms` describes it; without rows when there is no run.
    """
    run_id = 0 if standing.run is None else standing.run.run_id
    loads = tuple(each.standing.loaded_at.isoformat() for each in queries.load_home().chains)
    return _read_firms(standing, run_id, loads, load_criteria().systemic_from)


def load_losses(standing: NetworkStanding, firm: int) -> FirmLosses:
    """Follow the failure of one firm.

    Parameters
    ----------
    standing
        A network with a run.
    firm
        Index of the firm.

    Returns
    -------
    FirmLosses
        With the parameters of the run.

    Raises
    ------
    LookupError
        When there is no run.
    """
    if standing.run is None:
        raise LookupError(f"network {standing.network.key} has no run")
    return _follow(standing.run, standing.network.network_id, firm, standing.run.run_id)


def find_indices(suppliers: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[FirmIndex, ...]:
    """Find suppliers of chains in the firm networks."""
    runs = tuple(one.run.run_id if one.run else 0 for one in load_networks())
    return _find_indices(suppliers, runs) if any(runs) else ()


def load_alerts(key: str | None = None) -> tuple[FirmAlertView, ...]:
    """Read the alerts on firms, the newest first; never cached."""
    return firm_pages.read_firm_alerts(queries.get_settings(), key)


def acknowledge(alert: FirmAlert, *, officer: Officer, note: str) -> None:
    """Write down that an officer has taken note of an alert as it is shown."""
    firm_pages.acknowledge_firm(queries.get_settings(), alert, officer=officer, note=note)


def load_example() -> ComputedNetwork:
    """Store the synthetic network and compute it."""
    return firm_networks.load_example_network(queries.get_settings())


def compute(key: str) -> ComputedNetwork:
    """Compute a network with the parameters as shipped."""
    return firm_networks.compute_network(queries.get_settings(), key)


@st.cache_data(show_spinner=False, max_entries=_KEPT_FRAMES)
def _read_firms(
    _standing: NetworkStanding,
    run_id: int,  # noqa: ARG001 - cache key
    loads: tuple[str, ...],  # noqa: ARG001 - cache key
    systemic_from: float,
) -> pd.DataFrame:
    settings = queries.get_settings()
    if _standing.run is None:
        return make_firms(None, sales=1.0, linked={}, systemic_from=systemic_from)
    scores = firm_pages.read_firm_scores(settings, _standing.run)
    linked = firm_pages.link_to_chains(scores, firm_pages.read_chain_firms(settings))
    return make_firms(scores, sales=_standing.network.sales, linked=linked, systemic_from=systemic_from)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_NETWORKS)
def _prepare(network_id: int) -> PreparedNetwork:
    return firm_pages.prepare_stored(queries.get_settings(), network_id)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_FAILURES)
def _follow(_run: FirmRun, network_id: int, firm: int, run_id: int) -> FirmLosses:  # noqa: ARG001 - cache key
    return firm_pages.stop_firm(_prepare(network_id), firm, run=_run)


@st.cache_data(show_spinner=False, max_entries=_KEPT_FAILURES)
def _find_indices(
    suppliers: tuple[tuple[str, tuple[str, ...]], ...],
    runs: tuple[int, ...],  # noqa: ARG001 - cache key
) -> tuple[FirmIndex, ...]:
    return firm_pages.find_firm_indices(queries.get_settings(), suppliers)
