"""Who gets what of a plant that hands out by priority: the queue of the lists that name it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.reference.facts import slots_of
from tests.reference.lists import fill_lists

if TYPE_CHECKING:
    from chains.model import Purchase
    from tests.reference.facts import Facts, Unit


def queued(facts: Facts, source: Unit, key: Unit, gives: float) -> float:
    """Give what reaches one buyer of a source that hands out by priority."""
    given = {list_key: rows[source[0]].priority for list_key, rows in listed_with(facts, source).items()}
    ranks = {list_key: -math.inf if rank is None else float(rank) for list_key, rank in given.items()}
    if len(set(ranks.values())) <= 1:
        return gives
    sales = {list_key: volume(facts, list_key, source[0]) for list_key in ranks}
    total = sum(sales.values())
    own = sum(sales[one] for one in ranks if ranks[one] == ranks[key])
    before = sum(sales[one] for one in ranks if ranks[one] > ranks[key])
    if own <= 0.0 or total <= 0.0:
        return gives
    return min(1.0, max(0.0, gives * total - before) / own)


def listed_with(facts: Facts, source: Unit) -> dict[Unit, dict[str, Purchase]]:
    """Find the lists of plants that name this source of this item."""
    return {
        key: rows
        for key, rows in facts.lists.items()
        if key[1] == source[1] and source[0] in rows and makers_with(facts, key)
    }


def makers_with(facts: Facts, key: Unit) -> list[Unit]:
    """Find the plants of a buyer that use one of its lists."""
    buyer, bought = key
    return [
        unit
        for unit in facts.contracted
        if unit[0] == buyer and any(slot.item == bought for slot in slots_of(facts, unit))
    ]


def volume(facts: Facts, key: Unit, source: str) -> float:
    """Give what a list takes from a source: its share of the need, times the size of the buyer."""
    point = fill_lists(facts)

    def size(one: Unit) -> float:
        return sum(point.market[unit[1]].share.get(unit[0], 0.0) for unit in makers_with(facts, one))

    sizes = {one: size(one) for one in facts.lists if makers_with(facts, one)}
    smallest = min((found for found in sizes.values() if found > 0.0), default=1.0)
    return point.bought[key].share[source] * (sizes[key] or smallest)
