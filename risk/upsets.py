"""From the shocks that people name to the units and items that are down, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.model import Scope
from risk.errors import ParameterError
from risk.kernels.scratch import FOREVER
from risk.kernels.tracing import UPSET_ITEM, UPSET_UNIT, Upsets
from risk.model import SCOPE_NAMES_ZH
from risk.nodes import match_node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chains.arrays import BoolArray, ChainArrays, Network
    from risk.model import Shock
    from risk.nodes import NodeMembers

LONGEST_RECOVERY = 3650


def check_shocks(shocks: Sequence[Shock], *, horizon: int) -> None:
    """Refuse shocks whose severity or days mean nothing.

    Parameters
    ----------
    shocks
        What stops.
    horizon
        Days of the simulation.

    Raises
    ------
    ParameterError
        Naming the shock: a severity outside (0, 1], a day before 0 or beyond the horizon, a
        duration below one day, a recovery of a stop that never ends.
    """
    for shock in shocks:
        name, name_zh = f"{shock.scope.value}:{shock.key}", f"{SCOPE_NAMES_ZH[shock.scope]} {shock.key}"
        for wrong, wrong_zh in _faults(shock, horizon):
            raise ParameterError(f"shock {name}: {wrong}", zh=f"冲击 {name_zh}:{wrong_zh}")


def _faults(shock: Shock, horizon: int) -> Iterator[tuple[str, str]]:
    """Say what is wrong with a shock, in English and Chinese."""
    if not 0 < shock.severity <= 1:
        yield (
            f"severity {shock.severity:g} must be above 0 and at most 1",
            f"强度 {shock.severity:g} 须大于 0 且不超过 1",
        )
    if shock.start_day < 0:
        yield (
            f"it starts on day {shock.start_day}; the first day is 0",
            f"开始日 {shock.start_day} 早于第 0 天;须从第 0 天或以后开始",
        )
    if shock.start_day >= horizon:
        yield (
            f"it starts on day {shock.start_day}, beyond the horizon of {horizon} days (0 to {horizon - 1})",
            f"开始日 {shock.start_day} 超出 {horizon} 天的推演期(0 至 {horizon - 1})",
        )
    if shock.days is not None and shock.days < 1:
        yield f"it lasts {shock.days} days; at least one is needed", f"持续 {shock.days} 天;至少要一天"
    if not 0 <= shock.recover_days <= LONGEST_RECOVERY:
        yield (
            f"recovery takes {shock.recover_days} days; give 0 to {LONGEST_RECOVERY}",
            f"恢复需 {shock.recover_days} 天;可取 0 至 {LONGEST_RECOVERY}",
        )
    if shock.recover_days and shock.days is None:
        yield (
            "it recovers after an end but has none; give its days, such as country:JPN:1:0:30",
            "写了恢复天数却没有结束日;请写持续天数,例如 country:JPN:1:0:30",
        )
    if shock.items and shock.scope is Scope.ITEM:
        yield "an item cannot be narrowed to items", "物料冲击不能再限定物料"


def upsets_of(arrays: ChainArrays, members: Collection[NodeMembers], shocks: Sequence[Shock]) -> Upsets:
    """Find the units and items that shocks put down.

    Parameters
    ----------
    arrays
        A chain's network and ids.
    members
        Its nodes, from `risk.nodes.find_nodes`.
    shocks
        Checked by `check_shocks`.

    Returns
    -------
    Upsets
        One row a unit or item; a unit that several shocks hit has a row of each.

    Raises
    ------
    UnknownKeyError
        When a shock names no node or item of the chain, with near matches.
    ParameterError
        When a shock is narrowed to items that its node does not make.
    """
    rows = [
        (kind, index, shock.severity, shock.start_day, _end_day(shock), shock.recover_days)
        for shock in shocks
        for kind, index in _hit(arrays, members, shock)
    ]
    kinds, indices, severities, first_days, end_days, recoveries = (
        zip(*rows, strict=True) if rows else ((),) * 6
    )
    return Upsets(
        kind=np.array(kinds, dtype=np.int64),
        target=np.array(indices, dtype=np.int64),
        severity=np.array(severities, dtype=np.float64),
        first_day=np.array(first_days, dtype=np.int64),
        end_day=np.array(end_days, dtype=np.int64),
        recover_days=np.array(recoveries, dtype=np.int64),
    )


def _end_day(shock: Shock) -> int:
    return FOREVER if shock.days is None else shock.start_day + shock.days


def _hit(arrays: ChainArrays, members: Collection[NodeMembers], shock: Shock) -> list[tuple[int, int]]:
    node = match_node(tuple(members), shock.scope, shock.key)
    if node.item_id is not None:
        return [(UPSET_ITEM, index) for index in arrays.item_places()[node.item_id]]
    stopped, wanted = set(node.supplier_ids), set(shock.items)
    for item_id in sorted(wanted - set(arrays.item_ids)):
        raise UnknownKeyError(
            f"no item {item_id!r} in this chain",
            near=near_matches(item_id, dict.fromkeys(arrays.item_ids)),
            zh=f"这条链里没有物料 {item_id!r}",
        )
    hit = [
        (UPSET_UNIT, number)
        for number, (supplier, item) in enumerate(arrays.units)
        if supplier in stopped and (not wanted or item in wanted)
    ]
    if wanted and not hit:
        listed = sorted(wanted)
        raise ParameterError(
            f"shock {shock.scope.value}:{shock.key}: it makes none of {', '.join(listed)} in this chain",
            zh=f"冲击 {SCOPE_NAMES_ZH[shock.scope]} {shock.key}:在这条链里不生产 {'、'.join(listed)}",
        )
    return hit


def fresh_days(network: Network, upsets: Upsets, *, begin: int, horizon: int, substitutes: bool) -> BoolArray:
    """Tell on which days a stop changes or spare becomes ready: only then can any output rise.

    Parameters
    ----------
    network
        The chain's arrays.
    upsets
        What is down and when.
    begin
        First day of any stop.
    horizon
        Days.
    substitutes
        Whether spare flows.

    Returns
    -------
    BoolArray
        Shape (horizon,); day 0 always counts.
    """
    fresh = np.zeros(horizon, dtype=np.bool_)
    fresh[0] = True
    events = [upsets.first_day, upsets.end_day]
    if substitutes:
        ready = np.concatenate((network.ready_of_unit, network.ready_of_entry))
        events.append(begin + np.ceil(ready[ready < horizon]).astype(np.int64))
    days = np.concatenate(events)
    fresh[days[(days >= 0) & (days < horizon)]] = True
    climbs = set(zip(upsets.end_day.tolist(), upsets.recover_days.tolist(), strict=True))
    for end, recover in sorted(climbs):
        fresh[min(end, horizon) : min(end + recover + 1, horizon)] = True
    return fresh
