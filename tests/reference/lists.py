"""The market of every item and every buyer's list with its blanks filled (model.md section 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.model import End
from tests.reference.facts import Unit, asked_tiers, is_accepted
from tests.reference.meaning import fill_shares, fill_variant_weights, ready_day, spare_of
from tests.reference.priorities import find_queues

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from chains.model import Item, Purchase, Supply
    from tests.reference.facts import Facts
    from tests.reference.priorities import Queue

Narrowed = tuple[str, str, int]  # buyer with a list ("" on the market), item, tier of the slot


@dataclass(frozen=True)
class Sourced:
    """A source list with every blank filled: share, spare and the day the spare is ready."""

    share: dict[str, float]
    spare: dict[str, float]
    ready: dict[str, float]
    others: float

    def ready_spare(self, source: str, day: int | None) -> float:
        """Spare that flows on a day; None: no substitution."""
        return self.spare[source] if day is not None and day >= self.ready[source] else 0.0


@dataclass(frozen=True)
class Lists:
    """The market of every item and every buyer's list, at one end of what blanks leave open."""

    market: dict[str, Sourced]
    bought: dict[Unit, Sourced]
    variants: dict[str, dict[str, float]]
    narrowed: dict[Narrowed, Sourced] = field(default_factory=dict)  # what a slot's tier leaves of either
    queues: dict[Unit, Queue] = field(default_factory=dict)  # at the sources that hand out by priority


def fill_lists(facts: Facts, *, stopped: Collection[str] = (), end: End = End.POINT) -> Lists:
    """Fill every list as seen from the node that stops these suppliers."""
    market: dict[str, Sourced] = {}
    for name, item in facts.items.items():
        rows = facts.rows[name]
        sourced = fill_list(item, rows, bool(item.suppliers_complete), stopped, end)
        for supplier, made in facts.units:
            if made == name and supplier not in rows:  # named in purchases only
                sourced.share[supplier] = sourced.spare[supplier] = sourced.ready[supplier] = 0.0
        market[name] = sourced
    bought = {
        key: fill_list(
            facts.items[key[1]],
            rows,
            all(row.list_complete is not False for row in rows.values()),
            stopped,
            end,
        )
        for key, rows in facts.lists.items()
    }
    variants = {i: fill_variant_weights(w) for i, w in facts.variants.items() if w}
    narrowed = {
        (buyer, j, tier): found
        for j, tier in asked_tiers(facts)
        for buyer in ("", *sorted(b for b, bought_item in facts.lists if bought_item == j))
        if (found := narrow(facts, buyer, j, tier, stopped=stopped, end=end)) is not None
    }
    if len({row.priority for rows in facts.lists.values() for row in rows.values()}) <= 1:
        return Lists(market, bought, variants, narrowed)
    # Volumes are those of the point shares, at every end.
    queues = find_queues(facts, market, bought) if end is End.POINT else fill_lists(facts).queues
    return Lists(market, bought, variants, narrowed, queues)


def narrow(
    facts: Facts, buyer: str, j: str, tier: int, *, stopped: Collection[str], end: End
) -> Sourced | None:
    """Filter the sources of a market or a list for a slot; None where its tier changes nothing."""
    item = facts.items[j]
    rows: Mapping[str, Any] = facts.lists[buyer, j] if buyer else facts.rows[j]
    kept = [source for source in rows if is_accepted(facts, source, j, tier)]
    if len(kept) == len(rows):
        return None
    flags = [row.list_complete is not False for row in rows.values()] if buyer else [item.suppliers_complete]
    blank = {source: row.share for source, row in rows.items()}
    share, others = fill_shares(blank, complete=bool(all(flags)))
    had, left = math.fsum(share.values()), math.fsum(share[source] for source in kept)
    if buyer and left <= 0.0:
        return None
    if buyer:
        factor = had / left
    else:
        factor = 1.0 / (left + others) if left + others > 0.0 else 1.0
        others *= factor
    now = {source: share[source] * factor for source in kept}
    if not buyer and left <= 0.0 and others <= 0.0:
        now = dict.fromkeys(kept, 1.0 / len(kept))
    unsure = [source for source in kept if rows[source].share is None]
    if all(flags) and list(blank.values()).count(None) == 1:
        unsure = []
    hit = [source for source in unsure if source in stopped]
    open_part = math.fsum(now[source] for source in unsure) + others
    if end is End.LOW:
        others += math.fsum(now[source] for source in hit)
        now |= dict.fromkeys(hit, 0.0)
    if end is End.HIGH and hit:
        others = 0.0
        now |= dict.fromkeys(unsure, 0.0) | dict.fromkeys(hit, open_part / len(hit))
    plain = fill_list(item, {source: rows[source] for source in kept}, False, (), End.POINT)
    spare = {
        source: spare_of(item, now[source], given=None, qualified=rows[source].qualified)
        if rows[source].spare is None
        else rows[source].spare * (1.0 if buyer else factor)
        for source in kept
    }
    return Sourced(now, spare, plain.ready, others)


def fill_list(
    item: Item,
    rows: Mapping[str, Supply] | Mapping[str, Purchase],
    complete: bool,  # noqa: FBT001
    stopped: Collection[str],
    end: End,
) -> Sourced:
    """Fill one list of sources of an item."""
    blank = {source: row.share for source, row in rows.items()}
    share, others = fill_shares(blank, complete=complete, stopped=stopped, end=end)
    spare = {
        source: spare_of(item, share[source], given=row.spare, qualified=row.qualified)
        for source, row in rows.items()
    }
    ready = {
        source: ready_day(
            item,
            ramp_days=row.ramp_days,
            qualified=row.qualified,
            qualification_days=row.qualification_days,
        )
        for source, row in rows.items()
    }
    return Sourced(share, spare, ready, others)
