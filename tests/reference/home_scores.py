"""The scores of stops and cuts in perspective home (perspective.md, Scores and Range), slowly.

At the low end of a cut the unsure shares of the suppliers it cuts are 0, in the lists of the items it
cuts; at the high end they hold the whole rest. The range of the mix is a second pair of ends (`pinned`),
and `exact_range` takes both together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import End, Scope
from risk.model import Shock
from tests.reference.facts import is_scored, suppliers_in
from tests.reference.home_day import cut_suppliers, run_days
from tests.reference.home_mix import CHINA, HOME, Hit, fill_home, has_domestic_mix, region_of
from tests.reference.lists import Lists, fill_lists
from tests.reference.meaning import TOLERANCE
from tests.reference.scores import Scores, first_day, mean, recovery_day
from tests.reference.scores import play as play_world

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chains.model import Mode
    from tests.reference.facts import Facts, Unit
    from tests.reference.home_day import Cut, Solution
    from tests.reference.home_mix import HomeFacts, HomeLists


@dataclass(frozen=True)
class HomeOutcome:
    """What a set of stops and cuts does to home."""

    scores: Scores
    loss_path: tuple[float, ...]
    unit_loss: dict[Unit, tuple[float, int | None]]  # mean loss, first day past 1 %
    days: tuple[Solution, ...]


@dataclass(frozen=True)
class Range:
    """The two ends of what unknown shares and an unknown mix leave open."""

    low: Scores
    high: Scores
    is_use_known: bool  # h of every item whose mix is open; otherwise the verdict is 待核实


@dataclass(frozen=True)
class ProvinceLoss:
    """What a province's plants lose."""

    loss: float
    units: int  # past 1 %
    first_day: int | None


def score_cut(
    known: HomeFacts,
    cuts: Sequence[Cut],
    *,
    home: Collection[str] = CHINA,
    mode: Mode,
    end: End = End.POINT,
    horizon: int = 180,
    pinned: End = End.POINT,
) -> Scores:
    """Scores of cuts, seen from home; blank where firms are cut that have no unit of their own."""
    facts = known.facts
    cut = {supplier for one in cuts for supplier in cut_suppliers(facts, one)}
    seen = {source for source, _ in set(facts.units) - facts.unscored}
    if cut and not cut & seen:
        return Scores()
    lists = fill_home(known, home=home, hit=Hit(hit_by(facts, cuts), end, pinned))
    return play(facts, lists, [], cuts, mode=mode, horizon=horizon).scores


def hit_by(facts: Facts, cuts: Sequence[Cut]) -> dict[str, set[str]]:
    """Whom the cuts hit, by item."""
    hit: dict[str, set[str]] = {}
    for cut in cuts:
        for item in facts.items if cut.items is None else cut.items:
            hit.setdefault(item, set()).update(cut_suppliers(facts, cut))
    return hit


def score_stop(
    known: HomeFacts,
    scope: Scope,
    key: str,
    *,
    home: Collection[str] = CHINA,
    mode: Mode,
    end: End = End.POINT,
    horizon: int = 180,
) -> Scores:
    """Scores of a node that is fully stopped, seen from home."""
    facts = known.facts
    if not is_scored(facts, scope, key):
        return Scores()
    stopped = suppliers_in(facts, scope, key)
    lists = fill_home(known, home=home, hit=Hit(dict.fromkeys(facts.items, stopped), end))
    return play(facts, lists, [Shock(scope, key)], [], mode=mode, horizon=horizon).scores


def score_source(
    facts: Facts,
    scope: Scope,
    key: str,
    item: str,
    *,
    mode: Mode,
    end: End = End.POINT,
    horizon: int = 180,
) -> Scores:
    """Scores in the world of a country or parent as source of one item: its units of the item stop."""
    stopped = suppliers_in(facts, scope, key)
    if stopped and all((one, item) not in facts.units or (one, item) in facts.unscored for one in stopped):
        return Scores()
    usual, seen = fill_lists(facts), fill_lists(facts, stopped=stopped, end=end)
    lists = Lists(
        usual.market | {item: seen.market[item]},
        usual.bought | {at: one for at, one in seen.bought.items() if at[1] == item},
        usual.variants,
        usual.narrowed | {at: one for at, one in seen.narrowed.items() if at[1] == item},
        usual.queues,
    )
    shock = Shock(scope, key, items=(item,))
    return play_world(facts, lists, [shock], mode=mode, horizon=horizon).scores


def simulate_home(
    known: HomeFacts,
    shocks: Sequence[Shock],
    cuts: Sequence[Cut],
    *,
    home: Collection[str] = CHINA,
    mode: Mode,
    horizon: int,
) -> HomeOutcome:
    """Losses of home and of each unit under stops and cuts, at the point values."""
    return play(known.facts, fill_home(known, home=home), shocks, cuts, mode=mode, horizon=horizon)


def exact_range(
    known: HomeFacts,
    cuts: Sequence[Cut],
    *,
    home: Collection[str] = CHINA,
    mode: Mode,
    horizon: int = 180,
) -> Range:
    """Score cuts into home with the least and with the most that home can buy of what they cut."""
    low, high = (
        score_cut(known, cuts, home=home, mode=mode, end=end, horizon=horizon, pinned=end)
        for end in (End.LOW, End.HIGH)
    )
    hit = hit_by(known.facts, cuts)
    open_items = [
        item
        for item, suppliers in hit.items()
        if not has_domestic_mix(known, item)
        and any(
            source in suppliers and region_of(known.facts, source, home) != HOME
            for source in known.facts.rows[item]
        )
    ]
    return Range(low, high, all(known.facts.items[item].home_use is not None for item in open_items))


def play(
    facts: Facts,
    lists: HomeLists,
    shocks: Sequence[Shock],
    cuts: Sequence[Cut],
    *,
    mode: Mode,
    horizon: int,
) -> HomeOutcome:
    """Run the three simulations that the scores are made of."""

    def days(*, with_stock: bool, with_spare: bool) -> list[Solution]:
        return run_days(
            facts,
            lists,
            shocks,
            cuts,
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
    lost = {u: [1.0 - day.unit[u] for day in real] for u in facts.units}
    units = {u: (mean(one), first_day(one)) for u, one in lost.items()}
    return HomeOutcome(scores, tuple(path), units, tuple(real))


def loss(facts: Facts, day: Solution) -> float:
    """Share of home's output of end products lost on a day."""
    return math.fsum(weight * (1.0 - day.output[end]) for end, weight in facts.ends.items())


def province_loss(
    losses: Mapping[Unit, tuple[float, int | None]], weights: Mapping[Unit, float | None]
) -> ProvinceLoss:
    """Weigh the losses of a province's units; a blank weight is the mean of the known ones."""
    given = [weight for unit in losses if (weight := weights.get(unit)) is not None]
    usual = mean(given) if given else 1.0
    sizes = {unit: usual if weights.get(unit) is None else weights[unit] or 0.0 for unit in losses}
    total = math.fsum(sizes.values())
    past = [first for _, first in losses.values() if first is not None]
    return ProvinceLoss(
        math.fsum(sizes[unit] * lost for unit, (lost, _) in losses.items()) / total,
        len(past),
        min(past, default=None),
    )
