"""What pages and commands read of firm networks: runs, the index of each firm, one failure, alerts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from chains.repository import load_folders
from desk.store import reading, writing
from ingest.repository import read_codes
from risk.firms.criteria import load_firm_criteria
from risk.firms.repository import find_network, list_networks, load_network, match_firms
from risk.firms.run_repository import latest_run, list_runs, rank_of, read_index, read_scores
from risk.firms.watch import acknowledge_firm_alert, list_firm_alerts, list_firm_events

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from sqlalchemy.orm import Session

    from desk.officer import Officer
    from risk.firms.losses import FirmLosses, PreparedNetwork
    from risk.firms.model import FirmAlert, FirmAlertEvent, FirmCriteria, FirmRun, StoredNetwork
    from settings import Settings

PLATEAU_SHARE: Final = 0.8
"""Firms whose index reaches this share of the largest one are called its plateau on the page."""


@dataclass(frozen=True, slots=True)
class NetworkStanding:
    """A network in use and its latest run, if it was computed."""

    network: StoredNetwork
    run: FirmRun | None


@dataclass(frozen=True, slots=True)
class FirmIndex:
    """The index of a firm that is also a supplier of a chain.

    Attributes
    ----------
    supplier_id, firm_id
        The same firm in a chain and in a network.
    matched_by
        ``id``, ``code`` (统一社会信用代码) or ``name``.
    esri
        0 to 1.
    rank
        Its place, 1 for the largest index.
    network, run
        Where the index comes from.
    is_systemic
        Whether it reaches the line of the alert rule.
    """

    supplier_id: str
    firm_id: str
    matched_by: str
    esri: float
    rank: int
    network: StoredNetwork
    run: FirmRun
    is_systemic: bool


@dataclass(frozen=True, slots=True)
class ChainFirm:
    """A supplier of a loaded chain, by what it can be recognised."""

    chain_id: str
    supplier_id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirmAlertView:
    """An alert on a firm with its history."""

    alert: FirmAlert
    events: tuple[FirmAlertEvent, ...]


def read_networks(settings: Settings) -> tuple[NetworkStanding, ...]:
    """Read the networks in use, in order of key.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    tuple of NetworkStanding
        Each with the latest run of its current load.

    Raises
    ------
    StoreError
        When the database cannot be read.
    """
    with reading(settings) as session:
        return tuple(
            NetworkStanding(network, latest_run(session, network)) for network in list_networks(session)
        )


def read_standing(settings: Settings, key: str | None) -> NetworkStanding:
    """Read one network in use; the only one when `key` is None."""
    with reading(settings) as session:
        network = find_network(session, key)
        return NetworkStanding(network, latest_run(session, network))


def read_firm_runs(settings: Settings, key: str) -> tuple[FirmRun, ...]:
    """Read the runs of a network, the newest first."""
    with reading(settings) as session:
        return list_runs(session, key)


def read_firm_scores(settings: Settings, run: FirmRun, *, top: int | None = None) -> pl.DataFrame:
    """Read the index of every firm of a run, the largest first.

    Parameters
    ----------
    settings
        Where the database is.
    run
        Which run.
    top
        Only the first so many.

    Returns
    -------
    polars.DataFrame
        As `risk.firms.run_repository.read_scores` describes it.
    """
    with reading(settings) as session:
        return read_scores(session, run, top=top)


def read_firm_criteria(settings: Settings) -> FirmCriteria:
    """Read when a firm is systemic."""
    return load_firm_criteria(settings.data_dir / "alert_rules.toml")


def prepare_stored(settings: Settings, network_id: int) -> PreparedNetwork:
    """Load a network and make its matrices, to be kept while failures are asked for.

    Parameters
    ----------
    settings
        Where the database is.
    network_id
        Which load.

    Returns
    -------
    PreparedNetwork
        For `stop_firm`.
    """
    from risk.firms.losses import prepare_network

    with reading(settings) as session:
        network = load_network(session, network_id)
    return prepare_network(network)


def stop_firm(prepared: PreparedNetwork, firm: int, *, run: FirmRun) -> FirmLosses:
    """Stop one firm fully, with the parameters of a run.

    Parameters
    ----------
    prepared
        From `prepare_stored`.
    firm
        Index of the firm.
    run
        Whose eps, replaceability and limit of sweeps hold.

    Returns
    -------
    FirmLosses
        Its index equals that of the run.
    """
    import numpy as np

    from risk.firms.losses import find_losses

    return find_losses(
        prepared,
        np.array([firm], dtype=np.int32),
        eps=run.eps,
        replaceability=run.replaceability,
        max_sweeps=run.max_sweeps,
    )


def read_chain_firms(settings: Settings) -> tuple[ChainFirm, ...]:
    """List the suppliers of all loaded chains, to find firms of a network among them.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    tuple of ChainFirm
        A supplier once for each chain that states it.
    """
    with reading(settings) as session:
        folders = load_folders(session)
    return tuple(
        ChainFirm(
            folder.chain.chain_id,
            supplier.supplier_id,
            tuple(name for name in (supplier.name_zh, supplier.name_en) if name),
        )
        for folder in folders
        for supplier in folder.suppliers
    )


def find_firm_indices(
    settings: Settings, suppliers: Sequence[tuple[str, Sequence[str]]]
) -> tuple[FirmIndex, ...]:
    """Find suppliers of chains in the firm networks: by id, by credit code, by exact name.

    Parameters
    ----------
    settings
        Where the database is.
    suppliers
        Id and names of each.

    Returns
    -------
    tuple of FirmIndex
        One a supplier and network, the largest index first; names count only where one firm alone has them.
    """
    criteria = read_firm_criteria(settings)
    found: list[FirmIndex] = []
    with reading(settings) as session:
        codes = read_codes(session)
        for network in list_networks(session):
            run = latest_run(session, network)
            if run is None:
                continue
            matched = _match(session, network, suppliers, codes)
            index = read_index(session, run.run_id, [firm_id for _supplier, firm_id, _by in matched])
            for supplier_id, firm_id, matched_by in matched:
                esri = index[firm_id]
                rank = rank_of(session, run.run_id, esri)
                is_systemic = esri >= criteria.systemic_from
                found.append(
                    FirmIndex(supplier_id, firm_id, matched_by, esri, rank, network, run, is_systemic)
                )
    return tuple(sorted(found, key=lambda one: (-one.esri, one.supplier_id, one.network.key)))


def _match(
    session: Session,
    network: StoredNetwork,
    suppliers: Sequence[tuple[str, Sequence[str]]],
    codes: dict[str, str],
) -> list[tuple[str, str, str]]:
    """Pair suppliers with firms: supplier id, firm id, and by what they were matched."""
    own_codes = {supplier_id: code for code, supplier_id in codes.items()}
    firms = match_firms(
        session,
        network.network_id,
        ids={supplier_id for supplier_id, _names in suppliers},
        codes={own_codes[supplier_id] for supplier_id, _names in suppliers if supplier_id in own_codes},
        names={name for _supplier_id, names in suppliers for name in names},
    )
    rows = list(firms.iter_rows(named=True))
    by_id = {row["firm_id"]: row["firm_id"] for row in rows}
    by_code = {row["uscc"]: row["firm_id"] for row in rows if row["uscc"]}
    counts = Counter(row["name"] for row in rows)
    by_name = {row["name"]: row["firm_id"] for row in rows if row["name"] and counts[row["name"]] == 1}
    pairs = []
    for supplier_id, names in suppliers:
        code = own_codes.get(supplier_id, "")
        named = next((by_name[name] for name in names if name in by_name), None)
        tried = (("id", by_id.get(supplier_id)), ("code", by_code.get(code)), ("name", named))
        hit = next(((by, firm_id) for by, firm_id in tried if firm_id is not None), None)
        if hit is not None:
            pairs.append((supplier_id, hit[1], hit[0]))
    return pairs


def link_to_chains(firms: pl.DataFrame, chain_firms: Sequence[ChainFirm]) -> dict[str, tuple[str, str]]:
    """Tell which firms of a network are suppliers of a chain, by id or exact name.

    Parameters
    ----------
    firms
        With ``firm_id`` and ``name``.
    chain_firms
        From `read_chain_firms`.

    Returns
    -------
    dict
        Firm id to chain and supplier; the first chain in order of id.
    """
    by_id = {one.supplier_id: one for one in reversed(chain_firms)}
    by_name = {name: one for one in reversed(chain_firms) for name in one.names}
    linked = {}
    for firm_id, name in firms.select("firm_id", "name").iter_rows():
        one = by_id.get(firm_id) or by_name.get(name or "")
        if one is not None:
            linked[firm_id] = (one.chain_id, one.supplier_id)
    return linked


def read_firm_alerts(settings: Settings, key: str | None = None) -> tuple[FirmAlertView, ...]:
    """Read alerts on firms with their history, the newest first."""
    with reading(settings) as session:
        return tuple(
            FirmAlertView(alert, list_firm_events(session, alert.alert_id))
            for alert in list_firm_alerts(session, key)
        )


def acknowledge_firm(settings: Settings, alert: FirmAlert, *, officer: Officer, note: str) -> None:
    """Write down that an officer has taken note of an alert on a firm.

    Parameters
    ----------
    settings
        Where the database is.
    alert
        As the officer saw it.
    officer
        Who.
    note
        What the officer wrote; may be empty.

    Raises
    ------
    StaleAlertError
        When it has changed since; nothing is written then.
    """
    with writing(settings) as session:
        acknowledge_firm_alert(
            session,
            alert.alert_id,
            version=alert.version,
            by=(officer.name, officer.unit),
            note=note,
            at=datetime.now(UTC),
        )
