"""Bands as stored with a run: the last one computed of each node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from risk.model import MODES
from risk.ranges.draws import LAW
from risk.ranges.tables import BandRow
from risk.tables import RunNodeRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from chains.model import Mode, Scope
    from risk.ranges.bands import Band


@dataclass(frozen=True, slots=True)
class StoredBand:
    """Quantiles of one score of a node.

    Attributes
    ----------
    mode, score
        Which score.
    draws, seed, law
        What gives the same band again.
    q05, q50, q95
        0 to 1.
    """

    mode: Mode
    score: str
    draws: int
    seed: int
    law: str
    q05: float
    q50: float
    q95: float


def store_bands(session: Session, run_id: int, bands: Sequence[Band], *, draws: int, seed: int) -> None:
    """Store bands beside the scores of a run; a band of the same node and score gives way.

    Parameters
    ----------
    session
        A write session.
    run_id
        A successful run that scored the nodes.
    bands
        From `risk.ranges.bands.compute_bands` on the run's own data and defaults.
    draws, seed
        As computed with.
    """
    places = _places(session, run_id)
    nodes = {places[band.scope, band.key] for band in bands}
    session.execute(delete(BandRow).where(BandRow.run_id == run_id, BandRow.node.in_(sorted(nodes))))
    session.add_all(
        BandRow(
            run_id=run_id,
            node=places[band.scope, band.key],
            mode=band.mode,
            score=band.score,
            draws=draws,
            seed=seed,
            law=LAW,
            q05=band.q05,
            q50=band.q50,
            q95=band.q95,
        )
        for band in bands
    )


def read_bands(session: Session, run_id: int, *, scope: Scope, key: str) -> tuple[StoredBand, ...]:
    """Read the band of one node.

    Parameters
    ----------
    session
        A read session.
    run_id
        Which run.
    scope, key
        Which node.

    Returns
    -------
    tuple of StoredBand
        By mode (run, build), then score (exposure, residual); empty when none was computed.
    """
    columns = (
        BandRow.mode,
        BandRow.score,
        BandRow.draws,
        BandRow.seed,
        BandRow.law,
        BandRow.q05,
        BandRow.q50,
        BandRow.q95,
    )
    query = (
        select(*columns)
        .join(RunNodeRow, (RunNodeRow.run_id == BandRow.run_id) & (RunNodeRow.node == BandRow.node))
        .where(BandRow.run_id == run_id, RunNodeRow.scope == scope, RunNodeRow.key == key)
    )
    rows = [StoredBand(*row) for row in session.execute(query)]
    return tuple(sorted(rows, key=lambda one: (MODES.index(one.mode), one.score)))


def _places(session: Session, run_id: int) -> dict[tuple[Scope, str], int]:
    query = select(RunNodeRow.scope, RunNodeRow.key, RunNodeRow.node).where(RunNodeRow.run_id == run_id)
    return {(row.scope, row.key): row.node for row in session.execute(query)}
