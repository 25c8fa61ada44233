"""One day and many days of a chain (model.md sections 3 and 4), by plain iteration from 1."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.model import Mode, Scope
from tests.reference.facts import Facts, Slot, Unit, slots_of, suppliers_in
from tests.reference.lists import Narrowed
from tests.reference.meaning import attrition_of, is_capital, list_stock, market_stock
from tests.reference.priorities import makers_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from risk.model import Shock
    from tests.reference.home_day import Cut
    from tests.reference.lists import Lists, Sourced

SETTLED = 1e-12
Key = str | Unit | Narrowed


@dataclass
class State:
    """What is left at the start of a day; keys are an item, or a buyer and an item."""

    stock: dict[Key, float] = field(default_factory=dict)
    installed: dict[Key, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Calm:
    """What holds on a day besides the state: who runs, in which mode, which spare may flow."""

    unit: Mapping[Unit, float]
    item: Mapping[str, float]
    mode: Mode
    day: int | None  # None: no substitution

    def of(self, unit: Unit) -> tuple[float, float]:
        """Availability of a unit's supplier, for what this unit makes, and of its item."""
        return self.unit.get(unit, 1.0), self.item.get(unit[1], 1.0)


@dataclass(frozen=True)
class Solution:
    """The greatest fixed point of a day."""

    item: dict[str, float]  # Y
    unit: dict[Unit, float]  # y
    delivered: dict[Unit, float]  # d, of each buyer's list
    gets: Callable[[str, str | None, int | None], float]  # (item, buyer or None, tier) -> what a slot gets
    limit: dict[str, float]  # p
    narrowed: dict[Narrowed, float]  # Y and d of what a tier leaves

    def given(self, facts: Facts, lists: Lists, calm: Calm, source: Unit, buyer: str) -> float:
        """Give g: the part of its deliveries that a source in a list can make, by its turn if it has one."""
        a_s, a_i = calm.of(source)
        gives = self.unit[source] if source in facts.contracted else a_s * self.limit[source[1]] * a_i
        return lists.queues[source].part(buyer, gives) if source in lists.queues else gives


def first_state(facts: Facts, lists: Lists, *, with_stock: bool) -> State:
    """Full stocks (or none) and full installed bases; a narrowed market or list starts like the whole."""
    state = State()
    for name, item in facts.items.items():
        days = market_stock(item, has_sources=name in facts.with_sources)
        state.stock[name] = days if with_stock else 0.0
        state.installed[name] = 1.0
    for key, rows in facts.lists.items():
        days = list_stock(facts.items[key[1]], [row.stock_days for row in rows.values()])
        state.stock[key] = days if with_stock else 0.0
        state.installed[key] = 1.0
    for key3 in lists.narrowed:
        buyer, j, _ = key3
        state.stock[key3] = state.stock[buyer, j] if buyer else state.stock[j]
        state.installed[key3] = 1.0
    return state


def input_limit(slots: Iterable[Slot], gets: Callable[[str, int | None], float]) -> float:
    """Output that a set of slots allows: AND of groups, each the best of its members."""
    groups: dict[str, float] = {}
    lost = 0.0
    for slot in slots:
        got = gets(slot.item, slot.tier)
        if slot.essential:
            groups[slot.group] = max(groups.get(slot.group, 0.0), got)
        else:
            lost += slot.weight * (1.0 - got)
    return max(0.0, min([1.0, 1.0 - lost, *groups.values()]))


def solve(facts: Facts, lists: Lists, state: State, calm: Calm) -> Solution:
    """Start at 1 and apply the day's rules until nothing moves."""
    item = dict.fromkeys(facts.items, 1.0)
    unit = dict.fromkeys(facts.units, 1.0)
    narrowed = dict.fromkeys(lists.narrowed, 1.0)
    while True:
        new_item, new_unit, delivered, gets, limit, new_narrowed = apply(
            facts, lists, state, calm, item=item, unit=unit, narrowed=narrowed
        )
        moved = max(
            *(abs(new_item[i] - item[i]) for i in item),
            *(abs(new_narrowed[key] - narrowed[key]) for key in narrowed),
            *(abs(new_unit[u] - unit[u]) for u in facts.contracted),
            0.0,
        )
        item, unit, narrowed = new_item, new_unit, new_narrowed
        if moved <= SETTLED:
            return Solution(item, unit, delivered, gets, limit, narrowed)


def apply(
    facts: Facts,
    lists: Lists,
    state: State,
    calm: Calm,
    *,
    item: dict[str, float],
    unit: dict[Unit, float],
    narrowed: dict[Narrowed, float],
) -> tuple[
    dict[str, float],
    dict[Unit, float],
    dict[Unit, float],
    Callable[[str, str | None, int | None], float],
    dict[str, float],
    dict[Narrowed, float],
]:
    """Apply every rule of the day once, to the values of the step before."""

    def market(j: str, tier: int | None = None) -> float:
        key: Key = ("", j, tier) if tier is not None and ("", j, tier) in narrowed else j
        made = item[j] if isinstance(key, str) else narrowed[key]  # type: ignore[index]
        if not is_capital(facts.items[j]):
            return min(1.0, made + state.stock[key])
        return state.installed[key] if calm.mode is Mode.RUN and j in facts.with_sources else made

    limit = {i: market_limit(facts, lists, i, item=item, market=market) for i in facts.items}
    delivered = {
        key: deliver(facts, lists, lists.bought[key], calm, key, limit=limit, unit=unit)
        for key in facts.lists
    }
    brought = {
        key: deliver(facts, lists, sourced, calm, (key[0], key[1]), limit=limit, unit=unit)
        for key, sourced in lists.narrowed.items()
        if key[0]
    }

    def gets(j: str, buyer: str | None, tier: int | None = None) -> float:
        if buyer is None or (buyer, j) not in delivered:
            return market(j, tier)
        key: Any = (buyer, j, tier) if (buyer, j, tier) in brought else (buyer, j)
        given = brought[key] if key in brought else delivered[key]
        if not is_capital(facts.items[j]):
            return min(1.0, given + state.stock[key])
        return state.installed[key] if calm.mode is Mode.RUN else given

    new_unit: dict[Unit, float] = {}
    for u in facts.contracted:
        a_s, a_i = calm.of(u)
        new_unit[u] = min(a_s, input_limit(slots_of(facts, u), lambda j, t, b=u[0]: gets(j, b, t))) * a_i  # type: ignore[misc]
    new_item: dict[str, float] = {}
    for i in facts.items:
        new_item[i] = make(facts, lists.market[i], calm, i, limit=limit[i], unit=unit, outputs=new_unit)
    parts = {
        key: make(facts, sourced, calm, key[1], limit=limit[key[1]], unit=unit, outputs={})
        for key, sourced in lists.narrowed.items()
        if not key[0]
    }
    return new_item, new_unit, delivered, gets, limit, parts | brought


def market_limit(
    facts: Facts,
    lists: Lists,
    i: str,
    *,
    item: Mapping[str, float],
    market: Callable[[str, int | None], float],
) -> float:
    """Give p: what the inputs and variants of an item allow whoever buys them on the market."""
    limit = input_limit(facts.slots[i], market)
    if i in lists.variants:
        whole = i in facts.with_sources
        reached = {v: item[v] if whole else market(v, None) for v in lists.variants[i]}
        limit = min(limit, math.fsum(w * reached[v] for v, w in lists.variants[i].items()))
    return limit


def deliver(
    facts: Facts,
    lists: Lists,
    sourced: Sourced,
    calm: Calm,
    key: Unit,
    *,
    limit: Mapping[str, float],
    unit: Mapping[Unit, float],
) -> float:
    """Give d: what a buyer's own list brings of one item."""
    buyer, j = key
    brought = sourced.others * calm.item.get(j, 1.0)
    for source, share in sourced.share.items():
        a_s, a_j = calm.of((source, j))
        runs = unit[source, j] if (source, j) in facts.contracted else a_s * limit[j] * a_j
        if (source, j) in lists.queues:
            runs = lists.queues[source, j].part(buyer, runs)
        brought += (share + sourced.ready_spare(source, calm.day)) * runs
    return min(1.0, brought)


def make(
    facts: Facts,
    sourced: Sourced,
    calm: Calm,
    i: str,
    *,
    limit: float,
    unit: Mapping[Unit, float],
    outputs: dict[Unit, float],
) -> float:
    """Give Y of one item; its open-market units' outputs are put into `outputs`."""
    a_i = calm.item.get(i, 1.0)
    fixed, base, spares = 0.0, sourced.others, 0.0
    for source, share in sourced.share.items():
        spare = sourced.ready_spare(source, calm.day)
        if (source, i) in facts.contracted:
            fixed += share * unit[source, i]
            spares += spare * unit[source, i]
        else:
            base += share * calm.of((source, i))[0]
            spares += spare * calm.of((source, i))[0]
    if not sourced.share:
        base = 1.0
    rest = min(base + spares, limit * (1.0 - fixed))
    for source in sourced.share:
        if (source, i) not in facts.contracted:
            running = min(1.0, rest / base) if base > 0.0 else limit
            outputs[source, i] = calm.of((source, i))[0] * running * a_i
    return min(1.0, fixed + rest) * a_i


def spare_flows(
    facts: Facts, lists: Lists, solution: Solution, calm: Calm
) -> dict[tuple[str, Key, str], float]:
    """Give the spare that flows: by item, list ("" on the market) and source.

    Normal output comes first; what is delivered beyond it is shared out by the spare that runs.
    """
    flows: dict[tuple[str, Key, str], float] = {}
    for i, sourced in lists.market.items():
        runs = {
            s: solution.unit[s, i] if (s, i) in facts.contracted else calm.of((s, i))[0]
            for s in sourced.share
        }
        ready = {s: sourced.ready_spare(s, calm.day) * runs[s] for s in runs}
        normal = (
            sum(sourced.share[s] * runs[s] for s in runs if (s, i) not in facts.contracted) + sourced.others
        )
        fixed = sum(sourced.share[s] * runs[s] for s in runs if (s, i) in facts.contracted)
        wanted = solution.limit[i] * (1.0 - fixed)
        beyond = max(0.0, min(normal + sum(ready.values()), wanted) - min(normal, wanted))
        for s, part in ready.items():
            flows[i, "", s] = part * calm.of((s, i))[1] * beyond / sum(ready.values()) if part else 0.0
    for key in facts.lists:
        for version in versions_of(facts, lists, key):
            for s, part in list_flows(facts, lists, solution, calm, version).items():
                flows[key[1], version, s] = part
    return flows


def versions_of(facts: Facts, lists: Lists, key: Unit) -> set[Key]:
    """What serves the slots of a buyer's plants: the list, or what a tier leaves of it."""
    buyer, j = key
    tiers = {slot.tier for u in makers_with(facts, key) for slot in slots_of(facts, u) if slot.item == j}
    narrowed = {tier for tier in tiers if tier is not None and (buyer, j, tier) in lists.narrowed}
    return {key if tier not in narrowed else (buyer, j, tier) for tier in tiers}


def list_flows(facts: Facts, lists: Lists, solution: Solution, calm: Calm, version: Key) -> dict[str, float]:
    """Give the spare that flows through a buyer's list, by source."""
    buyer, j = version[0], version[1]
    if len(version) == 3:
        sourced, brought = lists.narrowed[version], solution.narrowed[version]  # type: ignore[index]
    else:
        sourced, brought = lists.bought[version], solution.delivered[version]  # type: ignore[index]
    gives = {s: solution.given(facts, lists, calm, (s, j), buyer) for s in sourced.share}
    ready = {s: sourced.ready_spare(s, calm.day) * gives[s] for s in gives}
    normal = sourced.others * calm.item.get(j, 1.0) + sum(sourced.share[s] * gives[s] for s in gives)
    beyond = brought - min(1.0, normal)
    return {s: part * beyond / sum(ready.values()) if part else 0.0 for s, part in ready.items()}


def next_state(facts: Facts, state: State, solution: Solution) -> State:
    """Draw what the day lacked from stocks and from installed bases."""
    lack: dict[Key, float] = {i: 1.0 - made for i, made in solution.item.items()}
    lack |= {key: 1.0 - brought for key, brought in solution.delivered.items()}
    lack |= {key3: 1.0 - brought for key3, brought in solution.narrowed.items()}
    after = State()
    for key, missing in lack.items():
        item = facts.items[key if isinstance(key, str) else key[1]]
        after.stock[key] = max(0.0, state.stock[key] - missing)
        after.installed[key] = max(0.0, state.installed[key] - attrition_of(item) / 365.0 * missing)
    return after


def lost(shock: Shock | Cut, day: int) -> float:
    """Give the part of a shock that is left on a day: its severity, then less and less, then nothing."""
    if day < shock.start_day:
        return 0.0
    if shock.days is None or day < shock.start_day + shock.days:
        return shock.severity
    if not shock.recover_days:
        return 0.0
    climbed = (day - shock.start_day - shock.days) / shock.recover_days
    return shock.severity * max(0.0, 1.0 - climbed)


def availability(
    facts: Facts, shocks: Sequence[Shock], day: int
) -> tuple[dict[Unit, float], dict[str, float]]:
    """Give a of each unit and of each item: 1 less the largest severity that touches it that day."""
    unit: dict[Unit, float] = {}
    item: dict[str, float] = {}
    for shock in shocks:
        left = 1.0 - lost(shock, day)
        stopped = suppliers_in(facts, shock.scope, shock.key)
        for touched in facts.units:
            if touched[0] in stopped and (not shock.items or touched[1] in shock.items):
                unit[touched] = min(unit.get(touched, 1.0), left)
        if shock.scope is Scope.ITEM:
            item[shock.key] = min(item.get(shock.key, 1.0), left)
    return unit, item


def run_days(
    facts: Facts,
    lists: Lists,
    shocks: Sequence[Shock],
    *,
    mode: Mode,
    horizon: int,
    with_stock: bool,
    with_spare: bool,
) -> list[Solution]:
    """Solve day after day; a day that starts like the one before has the same solution."""
    state = first_state(facts, lists, with_stock=with_stock)
    days: list[Solution] = []
    before: object = None
    ready_days = [
        r
        for s in (*lists.market.values(), *lists.bought.values(), *lists.narrowed.values())
        for r in s.ready.values()
    ]
    # Spare begins to ramp on the first day any shock is active.
    begin = min((shock.start_day for shock in shocks), default=0)
    for day in range(horizon):
        unit, item = availability(facts, shocks, day)
        calm = Calm(unit, item, mode, day - begin if with_spare else None)
        now = (state, unit, item, sum(day - begin >= ready for ready in ready_days))
        days.append(days[-1] if now == before else solve(facts, lists, state, calm))
        before = now
        state = next_state(facts, state, days[-1])
    return days
