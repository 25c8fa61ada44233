"""Reading stored scores: a chain's list, and its worst nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from chains.model import End, Mode, Perspective, Region, Scope
from desk.chain_names import pick_chains, require_chain
from desk.rows import EndScores, rank_in_mode, rank_scores, read_end, spread_scores
from desk.store import reading
from risk.errors import ParameterError, RunStateError
from risk.model import NODE_SCOPES, Level, Verdict
from risk.repository import latest_run, read_scores, stored_horizons

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from chains.model import Chain
    from risk.model import Run
    from settings import Settings

WORST_SCOPES = (Scope.SUPPLIER, Scope.PARENT, Scope.COUNTRY)
HOME_SCOPES = (Scope.PROVINCE, Scope.CITY, Scope.PARENT, Scope.SUPPLIER)
ABROAD = "境外对我"
AT_HOME = "境内集中"
NOWHERE = "所在国家/地区未知"
SOURCES_ABROAD = "境外对我:国家/地区-物料(断供)"
WHOLE_ABROAD = "境外对我:整个国家、集团或企业(断供)"
OUTWARD = "我对境外:国家/地区-物料(停产,全球视角)"


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
    perspective
        Whose loss is measured.

    Returns
    -------
    polars.DataFrame
        `desk.rows.SCORE_COLUMNS`, in canonical order (scope, key).

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
    return spread_scores(frame, mode=mode, end=end)


def choose_scores(
    scores: pl.DataFrame,
    *,
    mode: Mode,
    perspective: Perspective = Perspective.WORLD,
    side: Region | None = None,
    top: int | None = None,
) -> pl.DataFrame:
    """Keep one side of the border, or the worst rows.

    Parameters
    ----------
    scores
        From `list_scores`.
    mode, perspective
        Of the list.
    side
        Only nodes abroad or only those at home; ``None`` for all.
    top
        Only the worst so many; ``None`` for all.

    Returns
    -------
    polars.DataFrame
        In the order they came in; with `top` from the worst: seen from home, and where there are only source
        nodes, by the score that decides in this mode; else as in the worst lists.
    """
    shown = scores if side is None else scores.filter(pl.col("home") == (side is Region.HOME))
    if top is None:
        return shown
    in_mode = perspective is Perspective.HOME or set(shown["scope"]) <= {Scope.SOURCE.value}
    return (rank_in_mode(shown, mode) if in_mode else rank_scores(shown)).head(top)


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
    if run.request.perspective is Perspective.HOME:
        return _groups_from_home(session, run, top)
    ranked = rank_scores(_deciding_rows(session, run))
    nodes: dict[str, list[WorstNode]] = {ABROAD: [], AT_HOME: [], NOWHERE: []}
    for row in ranked.iter_rows(named=True):
        side = nodes[_side(row)]
        if len(side) < top:
            side.append(_worst_node(row))
    return tuple(
        WorstGroup(title, tuple(found)) for title, found in nodes.items() if found or title != NOWHERE
    )


def _groups_from_home(session: Session, run: Run, top: int) -> tuple[WorstGroup, ...]:
    """Group sources and whole nodes abroad as cuts, what is narrow at home, and home's hold on the world."""
    seen = _deciding_rows(session, run, {*WORST_SCOPES, *HOME_SCOPES, Scope.SOURCE})
    at_home = pl.col("home").fill_null(value=False)
    groups = {
        SOURCES_ABROAD: seen.filter(~at_home & _of_countries()),
        WHOLE_ABROAD: seen.filter(~at_home & pl.col("scope").is_in(WORST_SCOPES)),
        AT_HOME: seen.filter(at_home & pl.col("scope").is_in(HOME_SCOPES)),
    }
    world = latest_run(session, run.request.chain_id)
    if world is not None:
        groups[OUTWARD] = _deciding_rows(session, world, {Scope.SOURCE}).filter(at_home & _of_countries())
    ranked = {
        title: rank_scores(found, perspective=Perspective.HOME).head(top) for title, found in groups.items()
    }
    return tuple(
        WorstGroup(title, tuple(_worst_node(row) for row in found.iter_rows(named=True)))
        for title, found in ranked.items()
    )


def _of_countries() -> pl.Expr:
    """Source nodes of countries; those of groups say the same again, firm by firm."""
    owner = pl.col("key").str.split("/").list.first().str.strip_prefix("country:")
    is_open = pl.col("exposure_high").fill_null(0.0) > 0.0
    return (
        (pl.col("scope") == Scope.SOURCE.value)
        & (owner == pl.col("country")).fill_null(value=False)
        & is_open
    )


def _deciding_rows(session: Session, run: Run, scopes: Collection[Scope] = WORST_SCOPES) -> pl.DataFrame:
    """Every listed node once, in the mode that decides its level."""
    days = run.request.main_horizon
    by_mode = {
        mode: spread_scores(
            read_scores(session, run.run_id, mode=mode, horizon=days, scopes=tuple(scopes)),
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
