"""Runs of the index in the database, with the index of every firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
from sqlalchemy import func, insert, select

from risk.firms.model import FirmRun
from risk.firms.repository import portions
from risk.firms.tables import FirmNetworkRow, FirmRow, FirmRunRow, FirmScoreRow

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from risk.cascade.model import EsriResult
    from risk.firms.model import StoredNetwork

_ASKED_AT_ONCE: Final = 500
_SCORES: Final = ("esri", "esri_down", "esri_up", "sweeps")
_RUN: Final = (
    *("network_id", "eps", "replaceability", "max_sweeps", "code_version", "started_at", "seconds"),
    *("largest_sweeps", "review", "previous_run_id", "opened", "kept", "closed"),
)


def insert_run(session: Session, run: FirmRun, result: EsriResult) -> int:
    """Store a run with the index of every firm.

    Parameters
    ----------
    session
        A write session.
    run
        What is to be stored; its number is ignored.
    result
        Firms in the order of the network.

    Returns
    -------
    int
        Its number.
    """
    row = {name: getattr(run, name) for name in _RUN}
    run_id = session.scalars(insert(FirmRunRow).values(row).returning(FirmRunRow.id)).one()
    columns = zip(*(getattr(result, name).tolist() for name in _SCORES), strict=True)
    rows = [
        {"run_id": run_id, "firm": place} | dict(zip(_SCORES, cells, strict=True))
        for place, cells in enumerate(columns)
    ]
    for portion in portions(rows):
        session.execute(insert(FirmScoreRow), portion)
    return run_id


def list_runs(session: Session, key: str, *, limit: int | None = None) -> tuple[FirmRun, ...]:
    """List the runs of a network, over all its loads.

    Parameters
    ----------
    session
        Any session.
    key
        Which network.
    limit
        At most so many.

    Returns
    -------
    tuple of FirmRun
        The newest first.
    """
    query = _select_runs().where(FirmNetworkRow.key == key).order_by(FirmRunRow.id.desc()).limit(limit)
    return tuple(FirmRun(**row._mapping) for row in session.execute(query))  # noqa: SLF001


def latest_run(session: Session, network: StoredNetwork) -> FirmRun | None:
    """Read the latest run of a network's current load.

    Parameters
    ----------
    session
        Any session.
    network
        Its current load.

    Returns
    -------
    FirmRun or None
        None when it was never computed.
    """
    query = _select_runs().where(FirmRunRow.network_id == network.network_id)
    row = session.execute(query.order_by(FirmRunRow.id.desc()).limit(1)).one_or_none()
    return None if row is None else FirmRun(**row._mapping)  # noqa: SLF001


def read_scores(session: Session, run: FirmRun, *, top: int | None = None) -> pl.DataFrame:
    """Read the index of every firm with what is known of it.

    Parameters
    ----------
    session
        Any session.
    run
        Which run.
    top
        Only the first so many.

    Returns
    -------
    polars.DataFrame
        ``firm`` (index in the network), ``firm_id``, ``name``, ``sector``, ``city``, ``uscc``, ``sales``,
        ``purchases``, ``esri``, ``esri_down``, ``esri_up``, ``sweeps``; the largest index first, then by id.
    """
    columns = (
        *(FirmRow.firm, FirmRow.firm_id, FirmRow.name, FirmRow.sector, FirmRow.city, FirmRow.uscc),
        *(FirmRow.sales, FirmRow.purchases),
        *(getattr(FirmScoreRow, name) for name in _SCORES),
    )
    query = (
        select(*columns)
        .join(FirmRow, (FirmRow.firm == FirmScoreRow.firm) & (FirmRow.network_id == run.network_id))
        .where(FirmScoreRow.run_id == run.run_id)
        .order_by(FirmScoreRow.esri.desc(), FirmRow.firm)
        .limit(top)
    )
    texts = ("firm_id", "name", "sector", "city", "uscc")
    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(texts, pl.String)
    kinds |= {"firm": pl.Int64, "sweeps": pl.Int64}
    schema = {column.key: kinds.get(column.key, pl.Float64) for column in columns}
    return pl.DataFrame(session.execute(query).all(), schema=schema, orient="row")


def read_indices(session: Session, run_id: int, *, least: float) -> dict[str, tuple[str | None, float]]:
    """Read name and index of the firms of a run that reach a line, by id."""
    query = (
        select(FirmRow.firm_id, FirmRow.name, FirmScoreRow.esri)
        .join(FirmRunRow, FirmRunRow.id == FirmScoreRow.run_id)
        .join(FirmRow, (FirmRow.firm == FirmScoreRow.firm) & (FirmRow.network_id == FirmRunRow.network_id))
        .where(FirmScoreRow.run_id == run_id, FirmScoreRow.esri >= least)
        .order_by(FirmRow.firm)
    )
    return {row.firm_id: (row.name, row.esri) for row in session.execute(query)}


def read_index(session: Session, run_id: int, firm_ids: Collection[str]) -> dict[str, float]:
    """Read the index of some firms of a run, by id; a firm that the run does not have is left out."""
    found: dict[str, float] = {}
    wanted = sorted(firm_ids)
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        query = (
            select(FirmRow.firm_id, FirmScoreRow.esri)
            .join(FirmRunRow, FirmRunRow.id == FirmScoreRow.run_id)
            .join(
                FirmRow, (FirmRow.firm == FirmScoreRow.firm) & (FirmRow.network_id == FirmRunRow.network_id)
            )
            .where(FirmScoreRow.run_id == run_id)
            .where(FirmRow.firm_id.in_(wanted[start : start + _ASKED_AT_ONCE]))
        )
        found |= {row.firm_id: row.esri for row in session.execute(query)}
    return found


def rank_of(session: Session, run_id: int, esri: float) -> int:
    """Tell the place of an index in its run, 1 for the largest; equal ones share a place."""
    query = select(func.count()).select_from(FirmScoreRow)
    return (session.scalar(query.where(FirmScoreRow.run_id == run_id, FirmScoreRow.esri > esri)) or 0) + 1


def _select_runs() -> Any:  # noqa: ANN401 - a select of these columns
    return select(
        FirmRunRow.id.label("run_id"),
        FirmNetworkRow.key.label("network_key"),
        FirmNetworkRow.digest,
        *(getattr(FirmRunRow, name) for name in _RUN),
    ).join(FirmNetworkRow, FirmNetworkRow.id == FirmRunRow.network_id)
