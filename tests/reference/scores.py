"""The scores of a node and of a set of shocks (model.md section 5), slowly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import End, Mode, Scope
from risk.model import Shock
from tests.reference.day import Calm, availability, run_days, spare_flows
from tests.reference.facts import is_scored, slots_of, suppliers_in
from tests.reference.lists import fill_lists
from tests.reference.meaning import TOLERANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.reference.day import Key, Solution
    from tests.reference.facts import Facts, Unit
    from tests.reference.lists import Lists

NOTICED = 0.01
STARVED = 0.2
FLOWS = 1e-9


@dataclass(frozen=True)
class Scores:
    """The five scores; None: undefined, never, or blank."""

    exposure: float | None = None
    substitution: float | None = None
    residual: float | None = None
    tts_days: int | None = None
    recovery_day: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What a set of shocks does."""

    scores: Scores
    loss_path: tuple[float, ...]
    unit_loss: dict[Unit, tuple[float, int | None]]  # mean loss, first day past 1 %
    unit_back: dict[Unit, tuple[float, int | None]]  # largest loss of a day, the day it is back
    spare: dict[
        tuple[str, str, str], tuple[float, float, int]
    ]  # (item, buyer or "", source): most, mean, first


def score_node(
    facts: Facts, scope: Scope, key: str, *, mode: Mode, end: End = End.POINT, horizon: int = 180
) -> Scores:
    """Scores of one node, fully stopped."""
    if not is_scored(facts, scope, key):
        return Scores()
    lists = fill_lists(facts, stopped=suppliers_in(facts, scope, key), end=end)
    return play(facts, lists, [Shock(scope, key)], mode=mode, horizon=horizon).scores


def simulate(facts: Facts, shocks: Sequence[Shock], *, mode: Mode, horizon: int) -> Outcome:
    """Losses of the chain and of each unit under a set of shocks, at the point values."""
    return play(facts, fill_lists(facts), shocks, mode=mode, horizon=horizon)


def play(facts: Facts, lists: Lists, shocks: Sequence[Shock], *, mode: Mode, horizon: int) -> Outcome:
    """Run the three simulations that the scores are made of."""

    def days(*, with_stock: bool, with_spare: bool) -> list[Solution]:
        return run_days(
            facts,
            lists,
            shocks,
            mode=mode,
            horizon=horizon,
            with_stock=with_stock,
            with_spare=with_spare,
        )

    bare = [loss(facts, day) for day in days(with_stock=False, with_spare=False)]
    spared = [loss(facts, day) for day in days(with_stock=False, with_spare=True)]
    real = days(with_stock=True, with_spare=True)
    path = [loss(facts, day) for day in real]
    scores = Scores(
        exposure=bare[0],
        substitution=None if mean(bare) <= TOLERANCE else 1.0 - mean(spared) / mean(bare),
        residual=mean(path),
        tts_days=first_day(path),
        recovery_day=recovery_day(path),
    )
    units = {u: [1.0 - day.unit[u] for day in real] for u in facts.units}
    return Outcome(
        scores,
        tuple(path),
        {u: (mean(lost), first_day(lost)) for u, lost in units.items()},
        {u: (max(lost), recovery_day(lost)) for u, lost in units.items()},
        sum_flows(facts, lists, real, [calm_on(facts, shocks, day, mode) for day in range(horizon)]),
    )


def calm_on(facts: Facts, shocks: Sequence[Shock], day: int, mode: Mode) -> Calm:
    """Give what holds on a day with substitution."""
    unit, item = availability(facts, shocks, day)
    return Calm(unit, item, mode, day - min((shock.start_day for shock in shocks), default=0))


def sum_flows(
    facts: Facts, lists: Lists, days: Sequence[Solution], calms: Sequence[Calm]
) -> dict[tuple[str, str, str], tuple[float, float, int]]:
    """Sum the spare of every source over the days: its most, its mean and its first day."""
    flows: dict[tuple[str, Key, str], list[float]] = {}
    for at, (solution, calm) in enumerate(zip(days, calms, strict=True)):
        for key, part in spare_flows(facts, lists, solution, calm).items():
            flows.setdefault(key, [0.0] * len(days))[at] = part
    told: dict[tuple[str, str, str], tuple[float, float, int]] = {}
    for (item, version, source), parts in sorted(flows.items(), key=str):
        if max(parts) > FLOWS:
            first = next(day for day, part in enumerate(parts) if part > FLOWS)
            one = (max(parts), mean(parts), first)
            # Of a list that tiers narrow more than once, the version through which most flows.
            buyer = version[0] if version else ""
            told[item, buyer, source] = max(told.get((item, buyer, source), one), one, key=lambda f: f[0])
    return told


def loss(facts: Facts, day: Solution) -> float:
    """Share of end output lost on a day."""
    return math.fsum(weight * (1.0 - day.item[end]) for end, weight in facts.ends.items())


def mean(values: Sequence[float]) -> float:
    """Plain mean."""
    return math.fsum(values) / len(values)


def first_day(losses: Sequence[float]) -> int | None:
    """First day whose loss exceeds 1 %."""
    return next((day for day, lost in enumerate(losses) if lost > NOTICED + TOLERANCE), None)


def recovery_day(losses: Sequence[float]) -> int | None:
    """Give the day after the last day past 1 %; None if there is no such day or it is the last."""
    past = [day for day, lost in enumerate(losses) if lost > NOTICED + TOLERANCE]
    return past[-1] + 1 if past and past[-1] + 1 < len(losses) else None


def is_structural(facts: Facts, scope: Scope, key: str, *, mode: Mode) -> bool:
    """Whether the stop alone starves some slot on day 0, at the low end, without stock and spare."""
    if scope is Scope.ITEM or not is_scored(facts, scope, key):
        return False
    lists = fill_lists(facts, stopped=suppliers_in(facts, scope, key), end=End.LOW)
    day = run_days(
        facts,
        lists,
        [Shock(scope, key)],
        mode=mode,
        horizon=1,
        with_stock=False,
        with_spare=False,
    )[0]
    return min(slot_levels(facts, day).values(), default=1.0) < STARVED - TOLERANCE


def slot_levels(facts: Facts, day: Solution) -> dict[tuple[str, str, str], float]:
    """Give what each slot gets: of (buyer or nobody, output item, input item)."""
    levels = {
        ("", item, slot.item): day.gets(slot.item, None, slot.tier)
        for item, slots in facts.slots.items()
        for slot in slots
    }
    for supplier, item in facts.contracted:
        for slot in slots_of(facts, (supplier, item)):
            levels[supplier, item, slot.item] = day.gets(slot.item, supplier, slot.tier)
    return levels
