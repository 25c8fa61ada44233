"""Writing down what a run found: nodes, judgements, scores, and how it ended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from sqlalchemy import Table, insert, text

from risk.model import MODES, RunStatus
from risk.rows import message_text, node_row
from risk.runs.lease import write_held
from risk.tables import RunNodeRow, RunRow, ScoreRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from chains.errors import Sentence
    from chains.model import Mode
    from risk.model import ScoreTable

# Where a score stands whose values are the same at every horizon.
ANY_HORIZON: Final = 0
_FROM_ARRAYS: Final = text(
    "INSERT INTO score (run_id, mode, horizon, score, node, low, point, high)"
    " SELECT :run_id, :mode, :horizon, :score, cell.*"
    " FROM unnest(CAST(:node AS integer[]), CAST(:low AS float8[]),"
    " CAST(:point AS float8[]), CAST(:high AS float8[])) AS cell"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """One score at one horizon in one mode: the nodes that have it, and its ends."""

    mode: Mode
    horizon: int
    score: str
    node: list[int]
    low: list[float | None]
    point: list[float | None]
    high: list[float | None]


def record_run(session: Session, run_id: int, scores: ScoreTable) -> int:
    """Store all nodes, judgements and scores of a run.

    Parameters
    ----------
    session
        The write session in which the run is also marked succeeded, so that a reader sees all or nothing.
    run_id
        A running run without scores.
    scores
        What was computed.

    Returns
    -------
    int
        Number of score rows.

    Notes
    -----
    A score that is the same at every horizon (exposure is that of day 0) is stored once, at horizon 0.
    A score whose three ends are all NaN has no row. Nothing else is lost: `read_score_table` gives back
    an equal table.
    """
    nodes = [
        node_row(run_id, position, node, judgement)
        for position, (node, judgement) in enumerate(zip(scores.nodes, scores.judgements, strict=True))
    ]
    if nodes:
        session.execute(insert(_table(RunNodeRow)), nodes)
    return sum(_insert_block(session, run_id, block) for block in _blocks(scores))


def mark_succeeded(
    session: Session,
    run_id: int,
    *,
    holder: str,
    at: datetime,
    scores: ScoreTable,
    parameters: Mapping[str, object],
    engine_seconds: float,
    total_seconds: float,
) -> None:
    """End a run well; it is immutable from then on.

    Parameters
    ----------
    session
        The write session that recorded the scores.
    run_id
        The run.
    holder
        Who claimed it.
    at
        Now, aware.
    scores
        What was recorded.
    parameters
        What the scores rest on, as JSON; the horizons of `scores` are added.
    engine_seconds, total_seconds
        The computation alone, and with loading and recording.

    Raises
    ------
    RunStateError
        When the lease was lost.
    """
    write_held(
        session,
        run_id,
        holder=holder,
        status=RunStatus.SUCCEEDED,
        ended_at=at,
        progress=1.0,
        node_count=len(scores.nodes),
        lease_holder=None,
        lease_until=None,
        parameters={**parameters, "horizons": list(scores.horizons)},
        engine_seconds=engine_seconds,
        total_seconds=total_seconds,
    )


def mark_failed(session: Session, run_id: int, *, holder: str, at: datetime, reason: Sentence) -> None:
    """End a run that could not be computed or recorded; it is immutable from then on.

    Parameters
    ----------
    session
        A write session.
    run_id
        The run.
    holder
        Who claimed it.
    at
        Now, aware.
    reason
        For the page of runs.

    Raises
    ------
    RunStateError
        When the lease was lost.
    """
    write_held(
        session,
        run_id,
        holder=holder,
        status=RunStatus.FAILED,
        ended_at=at,
        message=message_text(reason),
        lease_holder=None,
        lease_until=None,
    )


def _table(row: type[RunRow | RunNodeRow | ScoreRow]) -> Table:
    table = row.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{row.__name__} is no table")
    return table


def _blocks(scores: ScoreTable) -> Iterator[_Block]:
    # In the order of the primary key, so that the database only appends.
    for mode in sorted(MODES):
        of_mode = {name: values[MODES.index(mode)] for name, values in sorted(scores.values.items())}
        constant = {name for name, values in of_mode.items() if _same_at_every_horizon(values)}
        for name in sorted(constant):
            yield _block(mode, ANY_HORIZON, name, of_mode[name][:, 0])
        for at, horizon in enumerate(scores.horizons):
            for name in sorted(of_mode.keys() - constant):
                yield _block(mode, horizon, name, of_mode[name][:, at])


def _same_at_every_horizon(values: NDArray[np.float64]) -> bool:
    return np.array_equal(values, np.broadcast_to(values[:, :1], values.shape), equal_nan=True)


def _block(mode: Mode, horizon: int, score: str, values: NDArray[np.float64]) -> _Block:
    blank = np.isnan(values)
    kept = np.flatnonzero(~blank.all(axis=0))
    cells = values.astype(object)
    cells[blank] = None
    low, point, high = cells[:, kept].tolist()
    return _Block(mode, horizon, score, node=kept.tolist(), low=low, point=point, high=high)


def _insert_block(session: Session, run_id: int, block: _Block) -> int:
    if not block.node:
        return 0
    if session.get_bind().dialect.name == "postgresql":
        # One statement of arrays: five times as fast as a statement a row through psycopg.
        session.execute(_FROM_ARRAYS, {"run_id": run_id, **asdict(block), "mode": str(block.mode)})
        return len(block.node)
    key = {"run_id": run_id, "mode": block.mode, "horizon": block.horizon, "score": block.score}
    cells = zip(block.node, block.low, block.point, block.high, strict=True)
    rows = [
        {**key, "node": node, "low": low, "point": point, "high": high} for node, low, point, high in cells
    ]
    session.execute(insert(_table(ScoreRow)), rows)
    return len(rows)
