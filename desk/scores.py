"""Reading stored scores: a chain's list, and its worst nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from chains.model import End, Mode, Perspective, Scope
from desk.chain_names import pick_chains, require_chain
from desk.rows import EndScores, rank_scores, read_end, spread_scores
from desk.store import reading
from risk.errors import ParameterError, RunStateError
from risk.model import NODE_SCOPES, Level, Verdict
from risk.repository import latest_run, read_scores, stored_horizons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from chains.model import Chain
    from risk.model import Run
    from settings import Settings

WORST_SCOPES = (Scope.SUPPLIER, Scope.PARENT, Scope.COUNTRY)
ABROAD = "境外对我"
AT_HOME = "境内集中"
NOWHERE = "所在国家/地区未知"


@dataclass(frozen=True, slots=True)
class WorstNode:
    """A node at the low end, in the mode that decides its level.

    Attributes
    ----------
    scope, key, name_zh, name_en
        Who it is.
    level, level_high, verdict
        What the low end and the high end reach.
    decided_by
        The mode of `scores`; run where no level is reached.
    scores
        Low end in that mode at the main horizon.
    exposure_run, exposure_build
        Low end, 0 to 1; ``None`` when not scored.
    structural
        Structural SPOF in that mode.
    """

    scope: Scope
    key: str
    name_zh: str
    name_en: str
    level: Level
    level_high: Level
    verdict: Verdict
    decided_by: Mode
    scores: EndScores
    exposure_run: float | None
    exposure_build: float | None
    structural: bool


@dataclass(frozen=True, slots=True)
class WorstGroup:
    """The worst nodes abroad, at home, or of unknown place, worst first."""

    title: str
    nodes: tuple[WorstNode, ...]


@dataclass(frozen=True, slots=True)
class WorstNodes:
    """The worst nodes of one chain after its latest run; the horizon is the run's main one."""

    chain: Chain
    run: Run
    groups: tuple[WorstGroup, ...]


def list_scores(
    settings: Settings,
    chain_id: str,
    *,
    scope: Scope | None = None,
    mode: Mode = Mode.RUN,
    end: End = End.POINT,
    horizon: int | None = None,
    top: int | None = None,
    perspective: Perspective = Perspective.WORLD,
) -> pl.DataFrame:
    """List the nodes of a chain's latest successful run in one perspective.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.
    scope
        Only nodes of this scope; ``None`` for all but source nodes.
    mode
        Run or build.
    end
        Which end stands in the columns without a suffix.
    horizon
        Days; ``None`` for the run's main horizon.
    top
        Only the worst so many; ``None`` for all in canonical order.
    perspective
        Whose loss is measured.

    Returns
    -------
    polars.DataFrame
        `desk.rows.SCORE_COLUMNS`, in canonical order (scope, key), or from the worst with `top`.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    RunStateError
        When it has no successful run.
    ParameterError
        When the run does not hold the horizon.
    """
    with reading(settings) as session:
        require_chain(session, chain_id)
        run = require_run(session, chain_id, perspective)
        days = require_horizon(run, horizon)
        scopes = NODE_SCOPES if scope is None else (scope,)
        frame = read_scores(session, run.run_id, mode=mode, horizon=days, scopes=scopes)
    shown = spread_scores(frame, mode=mode, end=end)
    return shown if top is None else rank_scores(shown, perspective=perspective).head(top)


def worst_nodes(
    settings: Settings,
    chain_ids: Sequence[str] = (),
    *,
    top: int = 10,
    perspective: Perspective = Perspective.WORLD,
) -> tuple[WorstNodes, ...]:
    """Find the worst suppliers, groups of more than one firm, and countries of each chain.

    Parameters
    ----------
    settings
        Where the database is.
    chain_ids
        Which chains; none for all.
    top
        How many a group.
    perspective
        Whose loss is measured.

    Returns
    -------
    tuple of WorstNodes
        One a chain, in order of id.

    Raises
    ------
    UnknownKeyError
        When a chain is not loaded.
    RunStateError
        When a chain has no successful run.
    """
    found = []
    with reading(settings) as session:
        for chain in pick_chains(session, chain_ids):
            run = require_run(session, chain.chain_id, perspective)
            found.append(WorstNodes(chain, run, _group_worst(session, run, top)))
    return tuple(found)


def require_run(session: Session, chain_id: str, perspective: Perspective = Perspective.WORLD) -> Run:
    """Find the latest successful run of a chain in one perspective.

    Parameters
    ----------
    session
        A read session.
    chain_id
        A loaded chain.
    perspective
        Whose loss it measures.

    Returns
    -------
    Run
        The newest one that succeeded.

    Raises
    ------
    RunStateError
        When there is none.
    """
    run = latest_run(session, chain_id, perspective=perspective)
    if run is None and perspective is Perspective.HOME:
        raise RunStateError(
            f"chain {chain_id} has no successful run seen from home yet; "
            f"run lianwen recompute --perspective home --chain {chain_id}",
            zh=f"链 {chain_id} 还没有本土视角的成功运行;"
            f"请先执行 lianwen recompute --perspective home --chain {chain_id}",
        )
    if run is None:
        raise RunStateError(
            f"chain {chain_id} has no successful run yet; run lianwen recompute --chain {chain_id}",
            zh=f"链 {chain_id} 还没有成功的运行;请先执行 lianwen recompute --chain {chain_id}",
        )
    return run


def require_horizon(run: Run, horizon: int | None) -> int:
    """Choose the horizon to show.

    Parameters
    ----------
    run
        A successful run.
    horizon
        Days; ``None`` for the run's main horizon.

    Returns
    -------
    int
        Days that the run stored.

    Raises
    ------
    ParameterError
        When the run did not store it.
    """
    days = run.request.main_horizon if horizon is None else horizon
    stored = stored_horizons(run)
    if days not in stored:
        raise ParameterError(
            f"the latest run has no horizon of {days} days (stored: {', '.join(map(str, stored))}); "
            f"run lianwen recompute --horizon {days}",
            zh=f"最近一次运行没有保存 {days} 天的推演期;可选 {'、'.join(map(str, stored))} 天,"
            f"或用 lianwen recompute --horizon {days} 重新计算",
        )
    return days


def _group_worst(session: Session, run: Run, top: int) -> tuple[WorstGroup, ...]:
    ranked = rank_scores(_deciding_rows(session, run), perspective=run.request.perspective)
    nodes: dict[str, list[WorstNode]] = {ABROAD: [], AT_HOME: [], NOWHERE: []}
    for row in ranked.iter_rows(named=True):
        side = nodes[_side(row)]
        if len(side) < top:
            side.append(_worst_node(row))
    return tuple(
        WorstGroup(title, tuple(found)) for title, found in nodes.items() if found or title != NOWHERE
    )


def _deciding_rows(session: Session, run: Run) -> pl.DataFrame:
    """Every listed node once, in the mode that decides its level."""
    days = run.request.main_horizon
    by_mode = {
        mode: spread_scores(
            read_scores(session, run.run_id, mode=mode, horizon=days, scopes=WORST_SCOPES),
            mode=mode,
            end=End.LOW,
        )
        for mode in Mode
    }
    pair = [frame["exposure_low"].alias(f"exposure_of_{mode}") for mode, frame in by_mode.items()]
    of_build = (pl.col("decided_by") == Mode.BUILD.value) & (pl.col("level") != Level.NONE.value)
    run_rows = by_mode[Mode.RUN].with_columns(pair).filter(~of_build)
    build_rows = by_mode[Mode.BUILD].with_columns(pair).filter(of_build)
    is_group = (pl.col("scope") != Scope.PARENT.value) | (pl.col("firms") > 1)
    is_judged = pl.col("scored") & (pl.col("verdict") != Verdict.COUNTRY_ONLY.value)
    decided = [run_rows.with_columns(mode=pl.lit("run")), build_rows.with_columns(mode=pl.lit("build"))]
    return pl.concat(decided).filter(is_group & is_judged)


def _side(row: dict[str, Any]) -> str:
    if row["home"]:
        return AT_HOME
    # A group may span countries; a single firm without one is simply not known to be abroad.
    unplaced = row["home"] is None or (row["scope"] == Scope.SUPPLIER and row["country"] is None)
    return NOWHERE if unplaced else ABROAD


def _worst_node(row: dict[str, Any]) -> WorstNode:
    return WorstNode(
        scope=Scope(row["scope"]),
        key=row["key"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        level=Level(row["level"]),
        level_high=Level(row["level_high"]),
        verdict=Verdict(row["verdict"]),
        decided_by=Mode(row["mode"]),
        scores=read_end(row, End.LOW),
        exposure_run=row["exposure_of_run"],
        exposure_build=row["exposure_of_build"],
        structural=row["structural"],
    )
