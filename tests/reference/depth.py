"""Backup depth by trying every set of up to three nodes (methods.md section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from chains.model import End, Mode, Scope
from tests.reference.day import Calm, first_state, solve
from tests.reference.facts import keys_of, node_keys, slots_of, suppliers_in
from tests.reference.lists import fill_lists
from tests.reference.meaning import is_capital

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chains.model import Purchase, Supply
    from tests.reference.facts import Facts, Slot, Unit
    from tests.reference.lists import Lists, Narrowed

SCOPES = {"firm": Scope.SUPPLIER, "parent": Scope.PARENT, "city": Scope.CITY, "country": Scope.COUNTRY}
COARSER = {"firm": ("parent", "city", "country"), "parent": (), "city": ("country",), "country": ()}
CAP = 3

# An item, a buyer's list of an item, or what a tier leaves of either.
Target = str | tuple[str, str] | tuple[str, str, int]


@dataclass
class Running:
    """What still has a named source that runs."""

    item: dict[str, bool]
    bought: dict[Unit, bool]
    narrowed: dict[Narrowed, bool]


def find_running(
    facts: Facts, lists: Lists, stopped: set[str], *, mode: Mode, unknown: Iterable[str] = ()
) -> Running:
    """Start with everything running and stop what must, until nothing changes.

    `unknown` are items and suppliers that nobody knows enough of; they stop as well.
    """
    gone = stopped | set(unknown)
    now = Running(
        dict.fromkeys(facts.items, True),
        dict.fromkeys(facts.lists, True),
        dict.fromkeys(lists.narrowed, True),
    )
    unit = dict.fromkeys(facts.contracted, True)
    while True:
        before = (dict(now.item), dict(now.bought), dict(now.narrowed), dict(unit))
        limit = {i: _limit_runs(facts, lists, now, i, mode) for i in facts.items}
        unit = {u: u[0] not in gone and _plant_runs(facts, now, u, mode) for u in facts.contracted}

        def delivers(u: Unit, unit: dict[Unit, bool] = unit, limit: dict[str, bool] = limit) -> bool:
            return unit[u] if u in facts.contracted else u[0] not in gone and limit[u[1]]

        for i in facts.items:
            named = named_sources(facts, lists, i)
            now.item[i] = any(delivers((s, i)) for s in named) if named else limit[i] and i not in gone
        for key in facts.lists:
            named = named_sources(facts, lists, key)
            now.bought[key] = any(delivers((s, key[1])) for s in named) if named else name_of(key) not in gone
        for part in lists.narrowed:
            named = named_sources(facts, lists, part)
            passes = bool(part[0]) or limit[part[1]]
            now.narrowed[part] = (
                any(delivers((s, part[1])) for s in named) if named else passes and name_of(part) not in gone
            )
        if before == (now.item, now.bought, now.narrowed, unit):
            return now


def name_of(target: Target) -> str:
    """Name a list, or what a tier leaves, among what is unknown."""
    return f"list {target}"


def slot_target(facts: Facts, buyer: str, item: str) -> Target:
    """Give what serves an input of a buyer; of slots with several tiers the highest counts."""
    lists = fill_lists(facts)
    slots = [s for u in facts.contracted if u[0] == buyer for s in slots_of(facts, u) if s.item == item]
    tier = max((-1 if slot.tier is None else slot.tier) for slot in slots)
    own = buyer if (buyer, item) in facts.lists else ""
    if (own, item, tier) in lists.narrowed:
        return own, item, tier
    return (own, item) if own else item


def named_sources(facts: Facts, lists: Lists, target: Target) -> list[str]:
    """Sources with a row that can deliver: a share, an unknown share, or spare."""
    rows: Mapping[str, Supply] | Mapping[str, Purchase]
    if isinstance(target, str):
        rows, filled = facts.rows[target], lists.market[target]
    elif len(target) == 2:
        rows, filled = facts.lists[target], lists.bought[target]
    else:
        buyer, item, _ = target
        rows, filled = (facts.lists[buyer, item] if buyer else facts.rows[item]), lists.narrowed[target]
    return [
        s
        for s, row in rows.items()
        if s in filled.share and (row.share is None or filled.share[s] > 0 or filled.spare[s] > 0)
    ]


def _limit_runs(facts: Facts, lists: Lists, now: Running, i: str, mode: Mode) -> bool:
    def market(j: str, tier: int | None = None) -> bool:
        return _market_runs(facts, now, j, tier, mode)

    reach = now.item.__getitem__ if i in facts.with_sources else market
    variants = [reach(v) for v, w in lists.variants.get(i, {}).items() if w > 0]
    return _slots_run(facts.slots[i], market) and (any(variants) or i not in lists.variants)


def _market_runs(facts: Facts, now: Running, j: str, tier: int | None, mode: Mode) -> bool:
    if is_capital(facts.items[j]) and mode is Mode.RUN and j in facts.with_sources:
        return True
    return now.item[j] if tier is None else now.narrowed.get(("", j, tier), now.item[j])


def _plant_runs(facts: Facts, now: Running, unit: Unit, mode: Mode) -> bool:
    def gets(j: str, tier: int | None) -> bool:
        if (unit[0], j) not in facts.lists:
            return _market_runs(facts, now, j, tier, mode)
        if is_capital(facts.items[j]) and mode is Mode.RUN:
            return True
        whole = now.bought[unit[0], j]
        return whole if tier is None else now.narrowed.get((unit[0], j, tier), whole)

    return _slots_run(slots_of(facts, unit), gets)


def _slots_run(slots: Iterable[Slot], gets: Callable[[str, int | None], bool]) -> bool:
    groups: dict[str, bool] = {}
    for slot in slots:
        if slot.essential:
            groups[slot.group] = groups.get(slot.group, False) or gets(slot.item, slot.tier)
    return all(groups.values())


def is_running(running: Running, target: Target) -> bool:
    """Whether a target still has a named source that runs."""
    if isinstance(target, str):
        return running.item[target]
    return running.bought[target] if len(target) == 2 else running.narrowed[target]


def find_unknown(facts: Facts, level: str) -> set[str]:
    """Suppliers of no known node, and items and lists for which nobody is named who could deliver."""
    lists = fill_lists(facts)
    nowhere = {s for s in facts.present if not keys_of(facts, s, SCOPES[level])}
    empty = {
        i
        for i in facts.items
        if not named_sources(facts, lists, i)
        and (facts.rows[i] or (not any(slot.essential for slot in facts.slots[i]) and not facts.variants[i]))
    }
    served: list[Target] = [*facts.lists, *lists.narrowed]
    return nowhere | empty | {name_of(key) for key in served if not named_sources(facts, lists, key)}


def find_cut_sets(
    facts: Facts, targets: Iterable[Target], *, level: str, mode: Mode, unknown_stop: bool = False
) -> dict[Target, list[tuple[str, ...]]]:
    """Minimal sets of up to three nodes that empty each target; the empty set where it is empty anyway."""
    unknown = find_unknown(facts, level) if unknown_stop else set()
    nodes = sorted(node_keys(facts, SCOPES[level]))
    lists = fill_lists(facts)
    targets = list(targets)
    found: dict[Target, list[tuple[str, ...]]] = {target: [] for target in targets}
    for size in range(CAP + 1):
        for keys in combinations(nodes, size):
            stopped = {s for key in keys for s in suppliers_in(facts, SCOPES[level], key)}
            running = find_running(facts, lists, stopped, mode=mode, unknown=unknown)
            for target in targets:
                smaller = any(set(cut) <= set(keys) for cut in found[target])
                if not smaller and not is_running(running, target):
                    found[target].append(keys)
    return found


def find_left(
    facts: Facts, target: Target, keys: Iterable[str], *, level: str, mode: Mode, end: End
) -> float:
    """What unnamed others still serve of a target on day 0, without stock and substitution."""
    stopped = {s for key in keys for s in suppliers_in(facts, SCOPES[level], key)}
    lists = fill_lists(facts, stopped=stopped, end=end)
    still = {unit: 0.0 for unit in (*facts.units, *facts.contracted) if unit[0] in stopped}
    calm = Calm(still, {}, mode, None)
    solution = solve(facts, lists, first_state(facts, lists, with_stock=False), calm)
    if isinstance(target, str):
        return solution.item[target]
    return solution.delivered[target] if len(target) == 2 else solution.narrowed[target]
