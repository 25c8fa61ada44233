"""One day and many days of two regions (perspective.md, One day), by plain iteration from 1.

Readings chosen. The first law (home = all countries, h = 1, no others: equal to world) decides wherever
the page as written breaks it for contracted units; without them all of these are the page's own words.
The numbers are losses of END on a day in mode build. PART is made half by C, who buys RAW on a list of
its own from X, half by O, who buys on the market; RAW half by M, half by X; END is made of PART, all at
home (tests/risk/test_home_twin.py holds these examples).

* **extra** = max(0, min(1, F + B + S) - N0), with F = sum of share * y over the region's contracted
  units and N0 the share of all its sources. As written, min(1, B + S) - N, the inputs of contracted
  units serve twice. O has spare 0.2, M stops: world and here 0.25, as written 0.15.
* **Spare of a contracted source**: its ready spare * y is part of S and flows at x like any other
  (world: part of ``min(base + spares, p (1 - fixed))``), and so is part of T in home output. As written
  it flows in full. C has spare 0.2, M stops: world and here 0.25, as written 0.05.
* **V** limits what the open market brings, to V (1 - F_r), F_r what contracted sources bring, and home
  output to F + min(T, V N). As written it limits all of it. PART has two variants of weight 0.5, one
  stops: world and here 0.25, as written 0.5.
* An item shock of part severity lowers V too, and once more what contracted sources bring, as in world.
  The same with PART at 0.5: world and here 0.6875, as written 0.5.

Kept as written though it breaks the law without any list: a source of share 0 brings no spare (A makes
all of PART, B nothing with spare 0.5, A stops: world 0.5, here 1).

Others: V of the buyer's region limits what an open-market source gives to a buyer's list (world: p_j);
a unit's output is never limited by V. A queue at a source lines up buyers of both regions; a cut takes its
part of what each of them gets after that.
Where a cut or domestic rows let a contracted source bring a region less than its share, more of its
output frees fewer inputs than it brings: the day's rules are then not monotone in y. Such days may go
to and fro for ever; steps of half the way then bring them to rest. Those that do not settle at all were
loops of a gain near 1 (12 of 500 random chains).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.model import Mode
from tests.reference.day import SETTLED, availability, input_limit, lost
from tests.reference.facts import slots_of, suppliers_in
from tests.reference.home_makers import Calm, Lane, Makers, Place, arrive, base_of, make, put_out
from tests.reference.home_mix import HOME, REGIONS, Name
from tests.reference.meaning import attrition_of, is_capital, list_stock, market_stock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chains.model import Scope
    from risk.model import Shock
    from tests.reference.facts import Facts, Unit
    from tests.reference.home_mix import HomeLists

MOST_STEPS = 4_000  # beyond it a loop gains so near to 1 that stopping at 1e-12 says nothing to 1e-9
Key = tuple[str, str, Name]  # "market", region, market; or "list", buyer, what serves its slot


class UnsettledError(Exception):
    """The day does not settle within so many steps that its solution is known to 1e-9."""


@dataclass(frozen=True)
class Cut:
    """Deliveries that stop while all plants keep running; `key` may be a set of countries."""

    scope: Scope
    key: str | tuple[str, ...]
    items: frozenset[str] | None = None
    to_region: str = HOME
    severity: float = 1.0
    start_day: int = 0
    days: int | None = None
    recover_days: int = 0


@dataclass
class State:
    """Stocks and installed bases at the start of a day, of each region and of each list."""

    stock: dict[Key, float] = field(default_factory=dict)
    installed: dict[Key, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Solution:
    """The greatest fixed point of a day."""

    item: dict[Place, float]  # Y
    unit: dict[Unit, float]  # y
    delivered: dict[tuple[str, Name], float]  # d, by buyer and what serves its slot
    output: dict[str, float]  # O of each end product


def cut_suppliers(facts: Facts, cut: Cut) -> set[str]:
    """Find the suppliers that a cut comes from."""
    keys = (cut.key,) if isinstance(cut.key, str) else cut.key
    return {supplier for key in keys for supplier in suppliers_in(facts, cut.scope, key)}


def passing_on(facts: Facts, cuts: Sequence[Cut], day: int) -> dict[Lane, float]:
    """Give e of every lane that some cut narrows on a day."""
    lanes: dict[Lane, float] = {}
    for cut in cuts:
        left = lost(cut, day)
        hit = cut_suppliers(facts, cut) if left > 0.0 else set()
        for supplier, made in facts.units:
            if supplier in hit and (cut.items is None or made in cut.items):
                lane = (supplier, cut.to_region, made)
                lanes[lane] = min(lanes.get(lane, 1.0), 1.0 - left)
    return lanes


def first_state(facts: Facts, lists: HomeLists, *, with_stock: bool) -> State:
    """Full stocks (or none) and full installed bases."""
    state = State()
    for name in lists.markets:
        item = base_of(name)
        days = market_stock(facts.items[item], has_sources=item in facts.with_sources)
        for region in REGIONS:
            state.stock["market", region, name] = days if with_stock else 0.0
    for buyer, name in served_by_lists(facts, lists):
        rows = facts.lists[buyer, base_of(name)]
        days = list_stock(facts.items[base_of(name)], [row.stock_days for row in rows.values()])
        state.stock["list", buyer, name] = days if with_stock else 0.0
    state.installed = dict.fromkeys(state.stock, 1.0)
    return state


def served_by_lists(facts: Facts, lists: HomeLists) -> list[tuple[str, Name]]:
    """Give every buyer's list and what a tier leaves of it, by buyer and name."""
    narrowed: list[tuple[str, Name]] = [(b, (j, tier)) for b, j, tier in lists.narrowed if b]
    return [*facts.lists, *narrowed]


def next_state(facts: Facts, state: State, solution: Solution) -> State:
    """Draw what the day lacked from stocks and from installed bases."""
    lack: dict[Key, float] = {("market", *place): 1.0 - made for place, made in solution.item.items()}
    lack |= {("list", *key): 1.0 - brought for key, brought in solution.delivered.items()}
    after = State()
    for key, missing in lack.items():
        worn = attrition_of(facts.items[base_of(key[2])]) / 365.0 * missing
        after.stock[key] = max(0.0, state.stock[key] - missing)
        after.installed[key] = max(0.0, state.installed[key] - worn)
    return after


def solve(facts: Facts, lists: HomeLists, state: State, calm: Calm) -> Solution:
    """Start at 1 and apply the day's rules until nothing moves; should that not end, by half each time."""
    item: dict[Place, float] = {(region, name): 1.0 for region in REGIONS for name in lists.markets}
    unit = dict.fromkeys(facts.units, 1.0)
    for step in range(2 * MOST_STEPS):
        found = apply(facts, lists, state, calm, item=item, unit=unit)
        moved = max(
            *(abs(found.item[place] - item[place]) for place in item),
            *(abs(found.unit[u] - unit[u]) for u in facts.contracted),
            0.0,
        )
        if moved <= SETTLED:
            return found
        part = 1.0 if step < MOST_STEPS else 0.5
        item = {place: item[place] + part * (found.item[place] - item[place]) for place in item}
        unit = {u: unit[u] + part * (found.unit[u] - unit[u]) for u in unit}
    raise UnsettledError


def apply(
    facts: Facts,
    lists: HomeLists,
    state: State,
    calm: Calm,
    *,
    item: Mapping[Place, float],
    unit: Mapping[Unit, float],
) -> Solution:
    """Apply every rule of the day once, to the values of the step before."""

    def reach(region: str, j: str, tier: int | None = None) -> float:
        name: Name = (j, tier) if tier is not None and ("", j, tier) in lists.narrowed else j
        return from_store(facts, state, calm, ("market", region, name), item[region, name])

    whole = [(region, i) for region in REGIONS for i in facts.items]
    limit = {(r, i): input_limit(facts.slots[i], lambda j, t, r=r: reach(r, j, t)) for r, i in whole}  # type: ignore[misc]
    parts = {place: variants_in(facts, lists, place, item=item, market=reach) for place in whole}
    delivered = {
        key: deliver(facts, lists, calm, key, limit=limit, parts=parts, unit=unit)
        for key in served_by_lists(facts, lists)
    }

    def gets(buyer: str, j: str, tier: int | None) -> float:
        if (buyer, j) not in delivered:
            return reach(lists.region[buyer], j, tier)
        name: Name = (j, tier) if tier is not None and (buyer, j, tier) in lists.narrowed else j
        return from_store(facts, state, calm, ("list", buyer, name), delivered[buyer, name])

    new_unit: dict[Unit, float] = {}
    for u in facts.contracted:
        fed = input_limit(slots_of(facts, u), lambda j, t, b=u[0]: gets(b, j, t))  # type: ignore[misc]
        new_unit[u] = min(calm.unit.get(u, 1.0), fed) * calm.item.get(u[1], 1.0)
    new_item: dict[Place, float] = {}
    output: dict[str, float] = {}
    for name in lists.markets:
        i = base_of(name)
        a_i = calm.item.get(i, 1.0)
        makers = {r: make(facts, lists, calm, (r, name), limit=limit[r, i], unit=unit) for r in REGIONS}
        for r in REGIONS:
            part = parts[r, i]
            if i in facts.with_sources:
                new_item[r, name] = arrive(facts, lists, calm, (r, name), makers=makers, part=part, unit=unit)
            else:
                new_item[r, name] = min(limit[r, i], part) * a_i
        if name != i:
            continue
        new_unit |= open_units(facts, lists, calm, i, makers=makers)
        if i in facts.ends:
            output[i] = put_out(makers[HOME], limit[HOME, i], parts[HOME, i]) * a_i
    return Solution(new_item, new_unit, delivered, output)


def open_units(
    facts: Facts, lists: HomeLists, calm: Calm, i: str, *, makers: Mapping[str, Makers]
) -> dict[Unit, float]:
    """Give y of the open-market units of an item."""
    return {
        (source, i): calm.unit.get((source, i), 1.0)
        * makers[lists.region[source]].running
        * calm.item.get(i, 1.0)
        for source in lists.market[i].share
        if (source, i) not in facts.contracted
    }


def from_store(facts: Facts, state: State, calm: Calm, key: Key, arriving: float) -> float:
    """Give what users get of an item: with stock, or of the installed base, or of the day's deliveries."""
    j = base_of(key[2])
    if not is_capital(facts.items[j]):
        return min(1.0, arriving + state.stock[key])
    installed = calm.mode is Mode.RUN and (key[0] == "list" or j in facts.with_sources)
    return state.installed[key] if installed else arriving


def variants_in(
    facts: Facts,
    lists: HomeLists,
    place: tuple[str, str],
    *,
    item: Mapping[Place, float],
    market: Callable[[str, str], float],
) -> float:
    """Give V: what the variants allow in one region."""
    region, i = place
    if i not in lists.variants:
        return 1.0
    own = i in facts.with_sources
    return math.fsum(
        w * (item[region, v] if own else market(region, v)) for v, w in lists.variants[i].items()
    )


def deliver(
    facts: Facts,
    lists: HomeLists,
    calm: Calm,
    key: tuple[str, Name],
    *,
    limit: Mapping[tuple[str, str], float],
    parts: Mapping[tuple[str, str], float],
    unit: Mapping[Unit, float],
) -> float:
    """Give d: what a buyer's own list brings of one item, past the cuts into the buyer's region."""
    buyer, name = key
    j = base_of(name)
    to, a_j = lists.region[buyer], calm.item.get(j, 1.0)
    sourced = lists.bought[buyer, j] if isinstance(name, str) else lists.narrowed[buyer, *name]
    brought = sourced.others * a_j
    for source, share in sourced.share.items():
        gives = calm.unit.get((source, j), 1.0) * min(limit[lists.region[source], j], parts[to, j]) * a_j
        if (source, j) in facts.contracted:
            gives = unit[source, j]
        if (source, j) in lists.queues:
            gives = lists.queues[source, j].part(buyer, gives)
        e = calm.passing.get((source, to, j), 1.0)
        brought += e * (share + sourced.ready_spare(source, calm.day)) * gives
    return min(1.0, brought)


def run_days(
    facts: Facts,
    lists: HomeLists,
    shocks: Sequence[Shock],
    cuts: Sequence[Cut],
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
    sources = [*lists.market.values(), *lists.bought.values(), *lists.narrowed.values()]
    ready_days = [ready for sourced in sources for ready in sourced.ready.values()]
    begin = min([one.start_day for one in shocks] + [one.start_day for one in cuts], default=0)
    for day in range(horizon):
        unit, item = availability(facts, shocks, day)
        passing = passing_on(facts, cuts, day)
        calm = Calm(unit, item, passing, mode, day - begin if with_spare else None)
        now = (state, unit, item, passing, sum(day - begin >= ready for ready in ready_days))
        days.append(days[-1] if now == before else solve(facts, lists, state, calm))
        before = now
        state = next_state(facts, state, days[-1])
    return days
