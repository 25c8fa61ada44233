"""After a list has changed: only the nodes it can affect are scored again, to the same bytes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from chains.arrays import to_arrays
from chains.collector import collector_paused
from chains.differences import changed_cells, reaching
from chains.kept_lists import KeptLists
from chains.model import Perspective
from chains.sources import resolve_sources
from risk.compute import ScoreRun, checked_horizons, require_items, score_members
from risk.errors import ParameterError
from risk.lanes import compile_kernels
from risk.model import MAIN_HORIZON, SCOPES, STORED_HORIZONS, ScoreTable
from risk.nodes import find_nodes
from risk.scores import SCORES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from chains.arrays import BoolArray, ChainArrays, IntArray
    from chains.defaults import Defaults
    from chains.model import ChainRecords, Scope
    from risk.compute import Simulate
    from risk.levels import Levels
    from risk.nodes import NodeMembers
    from risk.paths import Score


@dataclass(frozen=True)
class ScoredChain:
    """A chain as it stood when it was last scored.

    Attributes
    ----------
    arrays
        Of its facts, from `chains.arrays.to_arrays`.
    members
        Its nodes, from `risk.nodes.find_nodes` with the scopes of the table.
    table
        Its scores.
    kept
        Lists of its buyers, to be decided again only where they change; one state after another uses them.
    """

    arrays: ChainArrays
    members: tuple[NodeMembers, ...]
    table: ScoreTable
    kept: KeptLists = field(default_factory=KeptLists, repr=False, compare=False)


@dataclass(frozen=True)
class StateRun(ScoreRun):
    """A score table, what it took, and what the next change can start from.

    Attributes
    ----------
    state
        The chain as it stands now.
    computed
        How many nodes were scored; the others were copied.
    """

    state: ScoredChain
    computed: int


def compute_changes(  # noqa: PLR0913 - the parameters of `compute_scores`
    before: ScoredChain | None,
    records: ChainRecords,
    *,
    defaults: Defaults,
    levels: Levels,
    perspective: Perspective = Perspective.WORLD,
    home: Collection[str] = ("CHN",),
    horizons: Sequence[int] = STORED_HORIZONS,
    main_horizon: int = MAIN_HORIZON,
    scopes: Collection[Scope] = SCOPES,
    scores: Sequence[Score] = SCORES,
    simulate: Simulate | None = None,
    progress: Callable[[float], None] | None = None,
) -> StateRun:
    """Score a chain again, copying what its new facts cannot have changed.

    Parameters
    ----------
    before
        The same chain, scored with the same defaults, levels, perspective and home by the same code; None:
        everything is computed.
    records
        Its facts now.
    defaults, levels, perspective, home, horizons, main_horizon, scopes, scores, simulate, progress
        As `risk.compute.compute_scores`.

    Returns
    -------
    StateRun
        The table that `compute_scores` gives for `records`, byte for byte; the seconds hold the
        comparison and the simulations, not the building of arrays.

    Raises
    ------
    ParameterError
        When a horizon is outside 1 to 3650 days, or `before` was scored for another chain, other
        horizons or other scores.
    ChainDataError
        When the chain has no item upstream of its end products.
    """
    days = checked_horizons([*horizons, main_horizon])
    require_items(records)
    if before is not None:
        _check_same(before.table, records.chain.chain_id, days, main_horizon, scores)
    kept = KeptLists() if before is None else before.kept
    with collector_paused():
        sources = resolve_sources(records, defaults)
        places = home if perspective is Perspective.HOME else ()
        arrays = to_arrays(records, defaults, sources, home=places, kept=kept)
        members = find_nodes(records, sources, scopes=scopes, home=home)
    compile_kernels(arrays.network)
    began = time.perf_counter()
    affected = np.ones(len(members), np.bool_)
    if before is not None:
        with collector_paused():
            affected = affected_nodes(before, arrays, members)
    fresh = score_members(
        arrays,
        _chosen(members, affected),
        chain_id=records.chain.chain_id,
        horizons=days,
        main_horizon=main_horizon,
        levels=levels,
        scores=scores,
        perspective=perspective,
        simulate=simulate,
        progress=progress,
    )
    table = fresh if before is None else _merge(before.table, fresh, members, affected)
    seconds = time.perf_counter() - began
    computed = int(affected.sum())
    notes = {"start": "nothing" if before is None else "previous run", "nodes_computed": computed}
    return StateRun(
        table, seconds, ScoredChain(arrays, members, table, kept), computed, notes={"computation": notes}
    )


def restore_state(
    records: ChainRecords,
    table: ScoreTable,
    *,
    defaults: Defaults,
    perspective: Perspective = Perspective.WORLD,
    home: Collection[str] = ("CHN",),
) -> ScoredChain | None:
    """Make of stored scores what a change can start from, at the main horizon alone.

    Parameters
    ----------
    records
        The facts that were scored.
    table
        Their scores, as `risk.repository.read_score_table` gives them.
    defaults, perspective, home
        As they were scored with.

    Returns
    -------
    ScoredChain or None
        None when the table does not hold the nodes of every scope.
    """
    kept = KeptLists()
    sources = resolve_sources(records, defaults)
    members = find_nodes(records, sources, scopes=SCOPES, home=home)
    if tuple(one.node for one in members) != table.nodes:
        return None
    places = home if perspective is Perspective.HOME else ()
    arrays = to_arrays(records, defaults, sources, home=places, kept=kept)
    at = table.horizons.index(table.main_horizon)
    values = {name: cells[:, :, at : at + 1] for name, cells in table.values.items()}
    main = replace(table, horizons=(table.main_horizon,), values=values)
    return ScoredChain(arrays, members, main, kept)


def affected_nodes(before: ScoredChain, arrays: ChainArrays, members: Sequence[NodeMembers]) -> BoolArray:
    """Find the nodes whose stop can reach a cell that differs, and those that are not what they were.

    Parameters
    ----------
    before
        The chain when it was last scored.
    arrays, members
        The chain now.

    Returns
    -------
    array of bool
        By node of `members`.
    """
    suppliers: set[str] = set()
    items: set[str] = set()
    states = (before.arrays, arrays)
    for state, changed in zip(states, changed_cells(*states), strict=True):
        found = reaching(state.network.build_order, changed)
        for target in _entering(state.network.seed_start, state.network.seed_cell, found):
            unit = _unit_of(state, target)
            if unit is None:
                items.add(state.item_ids[target - len(state.units)])
            else:
                suppliers.add(state.units[unit][0])
    known = {(one.node.scope, one.node.key): one for one in before.members}
    return np.array(
        [
            known.get((one.node.scope, one.node.key)) != one
            or one.item_id in items
            or not suppliers.isdisjoint(one.supplier_ids)
            for one in members
        ],
        dtype=np.bool_,
    )


def _unit_of(arrays: ChainArrays, target: int) -> int | None:
    """Tell which unit a target is, or delivers; None for an item."""
    if target < len(arrays.units):
        return target
    if target < arrays.delivery_target(0):
        return None
    if target < arrays.entry_target(0):
        return int(arrays.network.delivery_unit[target - arrays.delivery_target(0)])
    return int(arrays.network.entry_unit[target - arrays.entry_target(0)])


def _entering(start: IntArray, cells: IntArray, found: BoolArray) -> list[int]:
    """Which targets have a seed among the cells found."""
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    return [int(index) for index in np.unique(owner[found[cells]])]


def _check_same(
    table: ScoreTable, chain_id: str, days: tuple[int, ...], main_horizon: int, scores: Sequence[Score]
) -> None:
    asked = (chain_id, days, main_horizon, {score.score_id for score in scores})
    if asked != (table.chain_id, table.horizons, table.main_horizon, set(table.values)):
        raise ParameterError(
            f"chain {chain_id}: scores to start from are of another chain, other horizons or other scores",
            zh=f"产业链 {chain_id}:作为起点的评分属于别的链、别的推演期或别的指标",
        )


def _merge(
    before: ScoreTable, fresh: ScoreTable, members: Sequence[NodeMembers], affected: BoolArray
) -> ScoreTable:
    """Join the columns scored again with those copied, in node order."""
    place = {(node.scope, node.key): column for column, node in enumerate(before.nodes)}
    copied = [place[one.node.scope, one.node.key] for one in _chosen(members, ~affected)]
    again, rest = iter(fresh.judgements), iter(copied)
    values = {}
    for score_id, new in fresh.values.items():
        values[score_id] = np.empty((*new.shape[:-1], len(members)))
        values[score_id][..., affected] = new
        values[score_id][..., ~affected] = before.values[score_id][..., copied]
    return ScoreTable(
        chain_id=fresh.chain_id,
        nodes=tuple(one.node for one in members),
        horizons=fresh.horizons,
        values=values,
        judgements=tuple(next(again) if one else before.judgements[next(rest)] for one in affected),
        main_horizon=fresh.main_horizon,
    )


def _chosen(members: Sequence[NodeMembers], which: BoolArray) -> list[NodeMembers]:
    return [members[column] for column in np.flatnonzero(which).tolist()]
