"""From the shocks that people name to the units and items that are down, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.model import Scope
from chains.regions import is_country_code
from risk.errors import ParameterError
from risk.kernels.tracing import Upsets
from risk.model import SCOPE_NAMES_ZH, Cut, Shock
from risk.nodes import match_node, spoken_names
from risk.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chains.arrays import BoolArray, ChainArrays, Network
    from risk.nodes import NodeMembers

LONGEST_RECOVERY = 3650
# In the order in which a key is looked for.
CUT_SCOPES = (Scope.COUNTRY, Scope.PARENT, Scope.SUPPLIER, Scope.PROVINCE, Scope.CITY)
FOREVER = np.iinfo(np.int64).max // 4


def check_shocks(shocks: Sequence[Shock | Cut], *, horizon: int) -> None:
    """Refuse shocks and cuts whose severity or days mean nothing.

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
        name, name_zh = _name(shock)
        for wrong, wrong_zh in _faults(shock, horizon):
            raise ParameterError(f"{name}: {wrong}", zh=f"情景里的{name_zh}:{wrong_zh}")


def _faults(shock: Shock | Cut, horizon: int) -> Iterator[tuple[str, str]]:
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
    if isinstance(shock, Shock) and shock.items and shock.scope is Scope.ITEM:
        yield "an item cannot be narrowed to items", "物料冲击不能再限定物料"


def upsets_of(
    arrays: ChainArrays,
    members: Collection[NodeMembers],
    shocks: Sequence[Shock],
    cuts: Sequence[Cut] = (),
) -> Upsets:
    """Find the targets that shocks and cuts put down.

    Parameters
    ----------
    arrays
        A chain's network and ids.
    members
        Its nodes, from `risk.nodes.find_nodes`.
    shocks, cuts
        Checked by `check_shocks`.

    Returns
    -------
    Upsets
        One row a target; one that several shocks hit has a row of each.

    Raises
    ------
    UnknownKeyError
        When a shock or a cut names no node or item of the chain, with near matches.
    ParameterError
        When it is narrowed to items that its node does not make.
    """
    targets = Targets(arrays)
    hits: list[tuple[Shock | Cut, Sequence[int]]] = []
    hits += [(shock, _hit(arrays, targets, tuple(members), shock)) for shock in shocks]
    hits += [(cut, _hit_by_cut(arrays, targets, tuple(members), cut)) for cut in cuts]
    rows = [
        (target, one.severity, one.start_day, _end_day(one), one.recover_days)
        for one, found in hits
        for target in found
    ]
    found, severities, first_days, end_days, recoveries = zip(*rows, strict=True) if rows else ((),) * 5
    return Upsets(
        target=np.array(found, dtype=np.int64),
        severity=np.array(severities, dtype=np.float64),
        first_day=np.array(first_days, dtype=np.int64),
        end_day=np.array(end_days, dtype=np.int64),
        recover_days=np.array(recoveries, dtype=np.int64),
    )


def _end_day(shock: Shock | Cut) -> int:
    return FOREVER if shock.days is None else shock.start_day + shock.days


def _hit(
    arrays: ChainArrays, targets: Targets, members: Sequence[NodeMembers], shock: Shock
) -> Sequence[int]:
    node = match_node(members, shock.scope, shock.key)
    if node.item_id is not None or node.only_item is not None:
        return targets.stopped(node)
    _check_items(arrays, shock.items)
    hit = targets.units(node.supplier_ids, shock.items)
    if shock.items and not hit:
        name, name_zh = _name(shock)
        raise _makes_none(name, name_zh, shock.items)
    return hit


def _hit_by_cut(
    arrays: ChainArrays, targets: Targets, members: Sequence[NodeMembers], cut: Cut
) -> Sequence[int]:
    _check_items(arrays, cut.items)
    suppliers = dict.fromkeys(one for key in cut.sources for one in suppliers_of_source(members, key))
    return targets.cut(targets.units(suppliers, cut.items), cut.region)


def suppliers_of_source(members: Collection[NodeMembers], key: str) -> tuple[str, ...]:
    """Find whose deliveries a cut stops: those of a country, group, firm, province or city, in this order.

    Parameters
    ----------
    members
        Nodes of the chain, from `risk.nodes.find_nodes`.
    key
        As in `Cut.sources`.

    Returns
    -------
    tuple of str
        Supplier ids; none for a country that no supplier of the chain is from: such a cut loses nothing.

    Raises
    ------
    UnknownKeyError
        When there is no such country, group, firm or place, with near matches.
    """
    for scope in CUT_SCOPES:
        for one in members:
            if one.node.scope is scope and key in {one.node.key, f"{one.node.country}/{one.node.key}"}:
                return one.supplier_ids
    if is_country_code(key):
        return ()
    names = {
        name: one.node.key
        for one in members
        if one.node.scope in CUT_SCOPES
        for name in spoken_names(one.node)
    }
    raise UnknownKeyError(
        f"no country, group, firm, province or city {key!r} in this chain",
        near=tuple(dict.fromkeys(names[name] for name in near_matches(key, names))),
        zh=f"这条链里没有国家/地区、集团、企业、省或市 {key!r}",
    )


def _check_items(arrays: ChainArrays, items: Sequence[str]) -> None:
    for item_id in sorted(set(items) - set(arrays.item_ids)):
        raise UnknownKeyError(
            f"no item {item_id!r} in this chain",
            near=near_matches(item_id, dict.fromkeys(arrays.item_ids)),
            zh=f"这条链里没有物料 {item_id!r}",
        )


def _makes_none(name: str, name_zh: str, items: Sequence[str]) -> ParameterError:
    listed = sorted(set(items))
    return ParameterError(
        f"{name}: it makes none of {', '.join(listed)} in this chain",
        zh=f"{name_zh}:在这条链里不生产 {'、'.join(listed)}",
    )


def _name(one: Shock | Cut) -> tuple[str, str]:
    if isinstance(one, Cut):
        sources = "+".join(one.sources)
        return f"cut {sources}>{one.region}", f"断供 {sources}>{one.region}"
    return f"shock {one.scope.value}:{one.key}", f"冲击 {SCOPE_NAMES_ZH[one.scope]} {one.key}"


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
