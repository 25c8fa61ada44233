"""Runs and scores as pages, commands and alerts read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from sqlalchemy import Text, select, type_coerce

from chains.errors import UnknownKeyError
from chains.model import End, Mode, Perspective, Scope
from risk.errors import ParameterError
from risk.model import ENDS, MODES, Node, Run, RunStatus, ScoreTable
from risk.rows import to_judgement, to_run
from risk.scores import SCORE_NAMES
from risk.tables import RunNodeRow, RunRow, ScoreRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

_CELLS: Final = (ScoreRow.node, ScoreRow.low, ScoreRow.point, ScoreRow.high)
_RUN: Final = tuple(column for column in RunRow.__table__.c if not column.name.startswith("lease"))
_IDENTITY: Final = tuple(field.name for field in fields(Node))
_JUDGEMENT: Final = (
    "level",
    "level_run",
    "level_build",
    "level_point",
    "level_high",
    "decided_by",
    "verdict",
    "structural_run",
    "structural_build",
)
_WORST: Final = ("worst_slot_item", "worst_slot_level", "defaults")
_NODE: Final = tuple(RunNodeRow.__table__.c[name] for name in (*_IDENTITY, *_JUDGEMENT, *_WORST))
_NODE_SCHEMA: Final[dict[str, Any]] = {
    **dict.fromkeys((*_IDENTITY, *_JUDGEMENT, *_WORST), pl.String),
    **dict.fromkeys(("home", "scored", "structural_run", "structural_build"), pl.Boolean),
    "firms": pl.Int64,
    "worst_slot_level": pl.Float64,
}


def read_run(session: Session, run_id: int) -> Run:
    """Read one run.

    Parameters
    ----------
    session
        A read or write session.
    run_id
        Which run.

    Returns
    -------
    Run
        As it stands now; immutable once ended.

    Raises
    ------
    UnknownKeyError
        When there is no such run.
    """
    row = session.execute(select(*_RUN).where(RunRow.id == run_id)).one_or_none()
    if row is None:
        raise UnknownKeyError(
            f"run {run_id} does not exist; see the page of runs",
            zh=f"没有编号为 {run_id} 的运行;请到“运行”页查看",
        )
    return to_run(row)


def list_runs(
    session: Session,
    *,
    chain_id: str | None = None,
    status: RunStatus | None = None,
    perspective: Perspective | None = None,
    limit: int = 100,
) -> tuple[Run, ...]:
    """List runs, the newest first.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Only of this chain.
    status
        Only in this state.
    perspective
        Only seen so.
    limit
        At most so many.

    Returns
    -------
    tuple of Run
        By falling id.
    """
    query = select(*_RUN).order_by(RunRow.id.desc()).limit(limit)
    if chain_id is not None:
        query = query.where(RunRow.chain_id == chain_id)
    if status is not None:
        query = query.where(RunRow.status == status)
    if perspective is not None:
        query = query.where(RunRow.perspective == perspective)
    return tuple(to_run(row) for row in session.execute(query))


def latest_run(
    session: Session,
    chain_id: str,
    *,
    perspective: Perspective = Perspective.WORLD,
    main_horizon: int | None = None,
    horizon: int | None = None,
) -> Run | None:
    """Find the newest successful run of a chain in one perspective.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Which chain.
    perspective
        Whose loss the run measures.
    main_horizon
        Only runs judged at this horizon, days.
    horizon
        Only runs that stored this horizon, days.

    Returns
    -------
    Run or None
        None when there is none.
    """
    query = (
        select(*_RUN)
        .where(RunRow.chain_id == chain_id, RunRow.status == RunStatus.SUCCEEDED)
        .where(RunRow.perspective == perspective)
        .order_by(RunRow.id.desc())
    )
    if main_horizon is not None:
        query = query.where(RunRow.main_horizon == main_horizon)
    if horizon is None:
        query = query.limit(1)
    runs = (to_run(row) for row in session.execute(query))
    return next((run for run in runs if horizon is None or horizon in stored_horizons(run)), None)


def stored_horizons(run: Run) -> tuple[int, ...]:
    """Tell which horizons a run stored.

    Parameters
    ----------
    run
        A successful run.

    Returns
    -------
    tuple of int
        Days, rising; empty before the run has ended.
    """
    found = run.parameters.get("horizons", ())
    return tuple(found) if isinstance(found, list | tuple) else ()


def read_scores(
    session: Session,
    run_id: int,
    *,
    mode: Mode,
    horizon: int,
    end: End | None = None,
    scopes: Sequence[Scope] | None = None,
) -> pl.DataFrame:
    """Read scores and judgements of a run as one wide frame.

    Parameters
    ----------
    session
        A read session.
    run_id
        A successful run.
    mode
        run or build.
    horizon
        Days; one of the horizons that the run stored.
    end
        Which end of the range; None gives all three, with suffix ``_low``, ``_point``, ``_high``.
    scopes
        Only nodes of these scopes.

    Returns
    -------
    polars.DataFrame
        One row a node in canonical order; null means unknown or none. Columns: scope, key, name_zh,
        name_en, country, province, city, home, firms, scored; the scores exposure, substitution,
        residual (0 to 1), tts_days, recovery_day (days); level, level_run, level_build, level_point,
        level_high, decided_by, verdict, structural_run, structural_build, worst_slot_item,
        worst_slot_level (0 to 1), defaults (names joined by ``;``).

    Raises
    ------
    UnknownKeyError
        When there is no such run.
    ParameterError
        When the run did not store the horizon.

    Notes
    -----
    Levels, verdict and worst slot are those at the run's main horizon, whatever `horizon` is.
    """
    horizons = stored_horizons(read_run(session, run_id))
    if horizon not in horizons:
        stored = ", ".join(map(str, horizons)) or "none"
        stored_zh = "、".join(map(str, horizons)) or "无"
        raise ParameterError(
            f"run {run_id} has no horizon of {horizon} days (stored: {stored}); "
            f"recompute with --horizon {horizon}",
            zh=f"运行 {run_id} 没有保存 {horizon} 天的推演期(已存:{stored_zh});"
            f"请用 --horizon {horizon} 重新计算",
        )
    positions, nodes = _read_nodes(session, run_id, scopes)
    values = _read_wide(session, run_id, mode=mode, horizon=horizon, size=max(positions, default=-1) + 1)
    frame = nodes.select(_IDENTITY)
    for name in SCORE_NAMES:
        for at, each in enumerate(ENDS):
            if end in {None, each}:
                label = name if end is not None else f"{name}_{each}"
                cells = values[name][at][positions]
                frame = frame.with_columns(pl.Series(label, cells, dtype=pl.Float64, nan_to_null=True))
    return frame.hstack(nodes.select((*_JUDGEMENT, *_WORST)))


def read_score_table(session: Session, run_id: int) -> ScoreTable:
    """Rebuild the table of scores that a run recorded.

    Parameters
    ----------
    session
        A read session.
    run_id
        A successful run.

    Returns
    -------
    ScoreTable
        Equal to what was recorded: a replay and a comparison start from it.

    Raises
    ------
    UnknownKeyError
        When there is no such run.
    """
    run = read_run(session, run_id)
    horizons = stored_horizons(run)
    rows = session.execute(select(*_NODE).where(RunNodeRow.run_id == run_id).order_by(RunNodeRow.node)).all()
    shape = (len(MODES), len(ENDS), len(horizons), len(rows))
    values = {name: np.full(shape, np.nan) for name in SCORE_NAMES}
    for (mode, horizon, name), cells in _read_blocks(session, run_id).items():
        block = values.setdefault(name, np.full(shape, np.nan))
        # Whatever stands at horizon 0 holds at every horizon.
        at = slice(None) if horizon == 0 else slice(place := horizons.index(horizon), place + 1)
        block[MODES.index(mode), :, at, cells[0].astype(np.int64)] = cells[1:].T[:, :, None]
    return ScoreTable(
        chain_id=run.request.chain_id,
        nodes=tuple(Node(*row[: len(_IDENTITY)]) for row in rows),
        horizons=horizons,
        values=values,
        judgements=tuple(to_judgement(row[len(_IDENTITY) :]) for row in rows),
        main_horizon=run.request.main_horizon,
    )


def read_node_history(
    session: Session,
    chain_id: str,
    *,
    scope: Scope,
    key: str,
    mode: Mode,
    horizon: int,
    perspective: Perspective = Perspective.WORLD,
    limit: int = 100,
) -> pl.DataFrame:
    """Read how a node was judged over the successful runs of its chain in one perspective.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Which chain.
    scope, key
        Which node.
    mode
        run or build.
    horizon
        Days.
    perspective
        Whose loss the runs measure.
    limit
        At most so many runs, the newest.

    Returns
    -------
    polars.DataFrame
        One row a run, the oldest first: run_id, ended_at (UTC), data_version, main_horizon, level,
        verdict, then each score with suffix ``_low``, ``_point``, ``_high`` (null: none, or the run did
        not store the horizon). Empty for a node that no run knows.
    """
    query = (
        select(
            RunRow.id.label("run_id"),
            RunRow.ended_at,
            RunRow.data_version,
            RunRow.main_horizon,
            type_coerce(RunNodeRow.level, Text).label("level"),
            type_coerce(RunNodeRow.verdict, Text).label("verdict"),
            RunNodeRow.node,
        )
        .join(RunNodeRow, RunNodeRow.run_id == RunRow.id)
        .where(RunRow.chain_id == chain_id, RunRow.status == RunStatus.SUCCEEDED)
        .where(RunRow.perspective == perspective)
        .where(RunNodeRow.scope == scope, RunNodeRow.key == key)
        .order_by(RunRow.id.desc())
        .limit(limit)
    )
    found = [dict(row._mapping) for row in reversed(session.execute(query).all())]  # noqa: SLF001
    for row in found:
        values = _read_wide(
            session, row["run_id"], mode=mode, horizon=horizon, size=row["node"] + 1, node=row.pop("node")
        )
        row |= {f"{name}_{end}": values[name][at][-1] for name in SCORE_NAMES for at, end in enumerate(ENDS)}
    return pl.DataFrame(found, schema=_HISTORY_SCHEMA, orient="row").fill_nan(None)


_HISTORY_SCHEMA: Final[dict[str, Any]] = {
    "run_id": pl.Int64,
    "ended_at": pl.Datetime("us", "UTC"),
    "data_version": pl.String,
    "main_horizon": pl.Int64,
    "level": pl.String,
    "verdict": pl.String,
    **{f"{name}_{end}": pl.Float64 for name in SCORE_NAMES for end in ENDS},
}


def _read_nodes(
    session: Session, run_id: int, scopes: Sequence[Scope] | None
) -> tuple[list[int], pl.DataFrame]:
    texts = [
        type_coerce(column, Text).label(column.name) if _is_text(column.name) else column for column in _NODE
    ]
    query = select(RunNodeRow.node, *texts).where(RunNodeRow.run_id == run_id).order_by(RunNodeRow.node)
    if scopes is not None:
        query = query.where(RunNodeRow.scope.in_([Scope(scope) for scope in scopes]))
    rows = session.execute(query).all()
    frame = pl.DataFrame([(*row[1:-1], ";".join(row[-1])) for row in rows], schema=_NODE_SCHEMA, orient="row")
    return [row.node for row in rows], frame


def _is_text(name: str) -> bool:
    return _NODE_SCHEMA[name] == pl.String and name != "defaults"


def _read_blocks(session: Session, run_id: int) -> dict[tuple[Mode, int, str], NDArray[np.float64]]:
    # Plain columns and one array a block: a hundred thousand rows in well under a second.
    mode = type_coerce(ScoreRow.mode, Text)
    query = select(mode, ScoreRow.horizon, ScoreRow.score, *_CELLS).where(ScoreRow.run_id == run_id)
    found: dict[tuple[str, int, str], list[tuple[Any, ...]]] = defaultdict(list)
    for mode_name, horizon, name, *cells in session.execute(query):
        found[mode_name, horizon, name].append(tuple(cells))
    return {(Mode(key[0]), key[1], key[2]): np.array(rows, dtype=np.float64).T for key, rows in found.items()}


def _read_wide(
    session: Session, run_id: int, *, mode: Mode, horizon: int, size: int, node: int | None = None
) -> dict[str, NDArray[np.float64]]:
    query = select(ScoreRow.score, *_CELLS).where(
        ScoreRow.run_id == run_id, ScoreRow.mode == mode, ScoreRow.horizon.in_((0, horizon))
    )
    if node is not None:
        query = query.where(ScoreRow.node == node)
    values = {name: np.full((len(ENDS), size), np.nan) for name in SCORE_NAMES}
    for name, at, *ends in session.execute(query):
        if name in values and at < size:
            values[name][:, at] = np.array(ends, dtype=np.float64)
    return values
