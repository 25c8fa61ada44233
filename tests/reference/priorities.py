"""Who gets what of a plant that hands out by priority (docs/model.md, "Priority"): class after class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.reference.facts import slots_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.reference.facts import Facts, Unit
    from tests.reference.lists import Sourced


@dataclass(frozen=True)
class Queue:
    """The buyers in line at one source: each class with what it takes, the first one first."""

    classes: tuple[tuple[frozenset[str], float], ...]

    def part(self, buyer: str, gives: float) -> float:
        """Give what reaches a buyer, as a part of its own, when the source gives this part of all."""
        left = gives * math.fsum(volume for _, volume in self.classes)
        for buyers, volume in self.classes:
            if buyer in buyers:
                # A class that takes nothing stands nowhere in the line.
                return min(1.0, left / volume) if volume > 0.0 else gives
            left = max(0.0, left - volume)
        return gives


def find_queues(
    facts: Facts, market: Mapping[str, Sourced], bought: Mapping[Unit, Sourced]
) -> dict[Unit, Queue]:
    """Line up the buyers of every source (supplier, item) whose rows differ in priority."""
    queues: dict[Unit, Queue] = {}
    served = [key for key in facts.lists if makers_with(facts, key)]
    for source, item in sorted({(source, key[1]) for key in served for source in facts.lists[key]}):
        buyers = [buyer for buyer, bought_item in served if bought_item == item]
        rows = {b: facts.lists[b, item][source] for b in buyers if source in facts.lists[b, item]}
        ranks = {b: -math.inf if row.priority is None else row.priority for b, row in rows.items()}
        if len(set(ranks.values())) == 1:
            continue
        sizes = {b: size_of(facts, market, (b, item)) for b in rows}
        smallest = min((size for size in sizes.values() if size > 0.0), default=1.0)
        volumes = {b: bought[b, item].share[source] * (sizes[b] or smallest) for b in rows}
        lined_up = []
        for rank in sorted(set(ranks.values()), reverse=True):
            members = frozenset(b for b in rows if ranks[b] == rank)
            lined_up.append((members, math.fsum(volumes[b] for b in sorted(members))))
        queues[source, item] = Queue(tuple(lined_up))
    return queues


def size_of(facts: Facts, market: Mapping[str, Sourced], key: Unit) -> float:
    """Give the market shares of what a buyer makes with one of its lists, together."""
    return math.fsum(market[made].share.get(buyer, 0.0) for buyer, made in makers_with(facts, key))


def makers_with(facts: Facts, key: Unit) -> list[Unit]:
    """Find the plants of a buyer that use one of its lists."""
    buyer, bought = key
    return [
        unit
        for unit in sorted(facts.contracted)
        if unit[0] == buyer and any(slot.item == bought for slot in slots_of(facts, unit))
    ]
