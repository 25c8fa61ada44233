"""What if one group takes over another: ownership changes, nothing stops."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chains.model import End, Mode, Scope, SupplierKind
from chains.sources import resolve_sources
from risk.compute import compute_scores
from risk.errors import ParameterError
from risk.model import ENDS, MAIN_HORIZON, MODES
from risk.nodes import find_nodes, match_node, topmost_parent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chains.defaults import Defaults
    from chains.model import ChainRecords, Supplier
    from risk.levels import Levels
    from risk.model import Level, ScoreTable, Verdict

FULL = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The scores of a group, fully stopped, at one end of unknown shares.

    Attributes
    ----------
    exposure_run, residual_run, exposure_build, residual_build
        0 to 1; ``None`` where it has no scores.
    first_day
        First day above 1 % in mode run.
    """

    exposure_run: float | None
    residual_run: float | None
    exposure_build: float | None
    residual_build: float | None
    first_day: int | None


@dataclass(frozen=True, slots=True)
class GroupScores:
    """A group and its scores.

    Attributes
    ----------
    key, name_zh, name_en
        Which group.
    firms
        How many firms stop with it.
    low, point
        Its scores at the low end, which decides the level, and at the point value.
    level, level_point
        The worse of both modes.
    verdict
        What the data allow to say about the level.
    """

    key: str
    name_zh: str
    name_en: str
    firms: int
    low: GroupFigures
    point: GroupFigures
    level: Level
    level_point: Level
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class MergedList:
    """A list of sources in which both groups stand: a market, or one buyer's list.

    Attributes
    ----------
    item_id
        What is sourced.
    buyer_id
        Whose list; ``None`` for the market.
    groups_before, groups_after
        How many groups are named, with and without the merger. The same upstream is not looked at here.
    share_group, share_into
        Known shares of the two; ``None`` where one of their shares is not known.
    hhi_before, hhi_after
        Sum of squared shares by group, 0 to 1; ``None`` unless every share is known.
    """

    item_id: str
    buyer_id: str | None
    groups_before: int
    groups_after: int
    share_group: float | None
    share_into: float | None
    hhi_before: float | None
    hhi_after: float | None


@dataclass(frozen=True, slots=True)
class MergerOutcome:
    """What a merger changes.

    Attributes
    ----------
    chain_id, horizon
        Where; days of the scores.
    groups
        The two groups as they are: the one taken over, the one that takes over.
    merged
        Both as one.
    lists
        The market of every item, and every buyer's list, in which both stand.
    """

    chain_id: str
    horizon: int
    groups: tuple[GroupScores, ...]
    merged: GroupScores
    lists: tuple[MergedList, ...]


def compare_merger(
    records: ChainRecords,
    group: str,
    into: str,
    *,
    defaults: Defaults,
    levels: Levels,
    home: Collection[str] = ("CHN",),
    horizon: int = MAIN_HORIZON,
) -> MergerOutcome:
    """Score two groups apart and as one.

    Parameters
    ----------
    records
        Joined and restricted facts.
    group, into
        Keys of the parent nodes: who is taken over, and by whom.
    defaults, levels
        What blanks mean, where levels begin.
    home
        ISO alpha-3 codes of the home countries.
    horizon
        Days, 1 to 3650.

    Returns
    -------
    MergerOutcome
        At the low end of unknown shares, which decides levels, and at the point value.

    Raises
    ------
    UnknownKeyError
        When a group is no parent node of the chain, with near matches.
    ParameterError
        When both are the same group, or the horizon is out of range.
    """
    members = find_nodes(records, resolve_sources(records, defaults), scopes=(Scope.PARENT,), home=home)
    for key in (group, into):
        match_node(members, Scope.PARENT, key)
    if group == into:
        raise ParameterError(
            f"{group} cannot merge with itself; name two groups", zh=f"{group} 不能与自己合并;请写两个集团"
        )
    together = merge_groups(records, group, into)

    def score(facts: ChainRecords) -> ScoreTable:
        return compute_scores(
            facts,
            defaults=defaults,
            levels=levels,
            home=home,
            horizons=(horizon,),
            main_horizon=horizon,
            scopes=(Scope.PARENT,),
        ).table

    before, after = score(records), score(together)
    return MergerOutcome(
        chain_id=records.chain.chain_id,
        horizon=horizon,
        groups=(_read_group(before, group), _read_group(before, into)),
        merged=_read_group(after, into),
        lists=tuple(_shared_lists(records, group, into)),
    )


def merge_groups(records: ChainRecords, group: str, into: str) -> ChainRecords:
    """Put one group under another.

    Parameters
    ----------
    records
        Joined and restricted facts.
    group, into
        Topmost parents, perhaps no suppliers themselves.

    Returns
    -------
    ChainRecords
        The same facts with other parents.
    """
    by_id = {supplier.supplier_id: supplier for supplier in records.suppliers}

    def place(supplier: Supplier) -> Supplier:
        is_firm = supplier.kind is SupplierKind.ENTERPRISE
        if is_firm and topmost_parent(supplier.supplier_id, by_id) == group:
            return replace(supplier, parent=into)
        return supplier

    return replace(records, suppliers=tuple(map(place, records.suppliers)))


def _read_group(table: ScoreTable, key: str) -> GroupScores:
    place = next(at for at, node in enumerate(table.nodes) if node.key == key)
    node, judged = table.nodes[place], table.judgements[place]
    return GroupScores(
        key=key,
        name_zh=node.name_zh,
        name_en=node.name_en,
        firms=node.firms,
        low=_read_figures(table, place, End.LOW),
        point=_read_figures(table, place, End.POINT),
        level=judged.level,
        level_point=judged.level_point,
        verdict=judged.verdict,
    )


def _read_figures(table: ScoreTable, place: int, end: End) -> GroupFigures:
    def value(score: str, mode: Mode) -> float | None:
        cell = float(table.values[score][MODES.index(mode), ENDS.index(end), 0, place])
        return None if math.isnan(cell) else cell

    first_day = value("tts_days", Mode.RUN)
    return GroupFigures(
        exposure_run=value("exposure", Mode.RUN),
        residual_run=value("residual", Mode.RUN),
        exposure_build=value("exposure", Mode.BUILD),
        residual_build=value("residual", Mode.BUILD),
        first_day=None if first_day is None else int(first_day),
    )


def _shared_lists(records: ChainRecords, group: str, into: str) -> Iterator[MergedList]:
    by_id = {supplier.supplier_id: supplier for supplier in records.suppliers}
    lists: dict[tuple[str, str], dict[str, float | None]] = {}
    for supply in _latest(records):
        lists.setdefault((supply[1], ""), {})[supply[0]] = supply[2]
    for purchase in records.purchases:
        shares = lists.setdefault((purchase.item_id, purchase.buyer_id), {})
        shares[purchase.supplier_id] = purchase.share
    for (item_id, buyer_id), shares in sorted(lists.items()):
        firms = {s: v for s, v in shares.items() if by_id[s].kind is SupplierKind.ENTERPRISE}
        by_group = _sum_groups(firms, by_id)
        if {group, into} <= by_group.keys():
            yield _merged_list(item_id, buyer_id or None, by_group, (group, into))


def _latest(records: ChainRecords) -> Iterator[tuple[str, str, float | None]]:
    """Give supplier, item and share of the latest global row of each supplier and item."""
    newest: dict[tuple[str, str], tuple[int, float | None]] = {}
    for supply in records.supplies:
        key, year = (supply.supplier_id, supply.item_id), supply.year or 0
        if supply.share_scope == "global" and year >= newest.get(key, (0, None))[0]:
            newest[key] = (year, supply.share)
    for (supplier_id, item_id), (_, share) in newest.items():
        yield supplier_id, item_id, share


def _sum_groups(shares: Mapping[str, float | None], by_id: Mapping[str, Supplier]) -> dict[str, float | None]:
    """Known share of each group; ``None`` where one of its shares is not known."""
    parts: dict[str, list[float | None]] = {}
    for supplier_id, share in sorted(shares.items()):
        parts.setdefault(topmost_parent(supplier_id, by_id), []).append(share)
    return {key: _sum_known(values) for key, values in parts.items()}


def _sum_known(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _merged_list(
    item_id: str, buyer_id: str | None, by_group: Mapping[str, float | None], pair: tuple[str, str]
) -> MergedList:
    group, into = (by_group[key] for key in pair)
    known = [share for share in by_group.values() if share is not None]
    whole = len(known) == len(by_group) and sum(known) >= FULL
    before = sum(share * share for share in known) if whole else None
    added = 2.0 * group * into if group is not None and into is not None else None
    return MergedList(
        item_id=item_id,
        buyer_id=buyer_id,
        groups_before=len(by_group),
        groups_after=len(by_group) - 1,
        share_group=group,
        share_into=into,
        hhi_before=before,
        hhi_after=None if before is None or added is None else before + added,
    )
