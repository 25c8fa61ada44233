"""The unsure shares of a chain, and what a simulation changes when some of them are given a value."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from risk.kernels import scratch as slots
from risk.lanes import ShareChange

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chains.arrays import ChainArrays

MARKET = "market"
BOUGHT = "bought"
_TARGETS = {
    MARKET: (slots.SHARE_OF_UNIT, slots.SPARE_OF_UNIT, slots.OTHERS_OF_ITEM),
    BOUGHT: (slots.SHARE_OF_ENTRY, slots.SPARE_OF_ENTRY, slots.OTHERS_OF_LIST),
}


@dataclass(frozen=True, slots=True)
class UnsureShare:
    """A blank share that the data do not settle.

    Attributes
    ----------
    row
        Unit or list entry of the arrays.
    supplier
        Index of the supplier whose share is blank.
    point
        What the rule fills in, 0 to 1.
    ratio
        Default spare as a multiple of the share; ``None`` where the row gives its spare.
    """

    row: int
    supplier: int
    point: float
    ratio: float | None


@dataclass(frozen=True, slots=True)
class UnsureList:
    """A market or a buyer's list with unsure shares.

    Attributes
    ----------
    kind
        `MARKET` or `BOUGHT`.
    number
        Item index of a market, list index of a buyer's list.
    item_id, buyer_id
        What is supplied, and to whom; no buyer for a market.
    rest
        What its blanks could have together, 0 to 1.
    complete
        Whether the blanks share the whole rest, with no part for unnamed others.
    shares
        Its unsure shares, in canonical order.
    """

    kind: str
    number: int
    item_id: str
    buyer_id: str | None
    rest: float
    complete: bool
    shares: tuple[UnsureShare, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it, whatever else the chain holds."""
        return (self.kind, self.buyer_id or "", self.item_id)


@dataclass(frozen=True, slots=True)
class Hit:
    """A list in which a stop hits unsure shares: places in `UnsureList.shares` that stop."""

    unsure: UnsureList
    stopped: tuple[int, ...]


def find_unsure_lists(arrays: ChainArrays) -> tuple[UnsureList, ...]:
    """Collect the lists with unsure shares.

    Parameters
    ----------
    arrays
        A chain's arrays.

    Returns
    -------
    tuple of UnsureList
        Markets by item, then buyers' lists by buyer and item; those without a rest to share are left out.
    """
    network, unsure = arrays.network, arrays.unsure
    markets = _rows_by_list(
        unsure.unit_unsure,
        network.item_of_unit,
        network.supplier_of_unit,
        network.share_of_unit,
        unsure.ratio_of_unit,
    )
    list_of_entry = np.repeat(np.arange(len(network.item_of_list)), np.diff(network.entry_start))
    bought = _rows_by_list(
        unsure.entry_unsure,
        list_of_entry,
        network.supplier_of_unit[network.entry_unit],
        network.share_of_entry,
        unsure.ratio_of_entry,
    )
    found = [
        UnsureList(MARKET, number, arrays.item_ids[number], None, rest, complete, shares)
        for number, shares in sorted(markets.items())
        for rest, complete in [_settled(unsure.rest_of_item[number], network.others_of_item[number])]
    ]
    found += [
        UnsureList(BOUGHT, number, item_id, buyer_id, rest, complete, shares)
        for number, shares in sorted(bought.items())
        for buyer_id, item_id in [arrays.lists[number]]
        for rest, complete in [_settled(unsure.rest_of_list[number], network.others_of_list[number])]
    ]
    return tuple(one for one in found if one.rest > 0.0)


def _settled(rest: float, others: float) -> tuple[float, bool]:
    """Rest of a list and whether its blanks share all of it, which leaves nothing to others."""
    return float(rest), float(others) <= 0.0


def _rows_by_list(
    unsure: np.ndarray, list_of: np.ndarray, supplier_of: np.ndarray, share: np.ndarray, ratio: np.ndarray
) -> dict[int, tuple[UnsureShare, ...]]:
    rows: dict[int, list[UnsureShare]] = defaultdict(list)
    for row in np.flatnonzero(unsure).tolist():
        spare = None if np.isnan(ratio[row]) else float(ratio[row])
        rows[int(list_of[row])].append(UnsureShare(row, int(supplier_of[row]), float(share[row]), spare))
    return {number: tuple(members) for number, members in rows.items()}


class StopIndex:
    """Finds the lists that a stop hits.

    Parameters
    ----------
    lists
        From `find_unsure_lists`.
    """

    def __init__(self, lists: Sequence[UnsureList]) -> None:
        self._places: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._lists = lists
        for number, one in enumerate(lists):
            for place, share in enumerate(one.shares):
                self._places[share.supplier].append((number, place))

    def hits(self, suppliers: Collection[int]) -> tuple[tuple[int, Hit], ...]:
        """List hits of a stop of these suppliers, each with the list's number, in order."""
        places: dict[int, list[int]] = defaultdict(list)
        for supplier in suppliers:
            for number, place in self._places.get(supplier, ()):
                places[number].append(place)
        return tuple(
            (number, Hit(self._lists[number], tuple(sorted(found))))
            for number, found in sorted(places.items())
        )


def share_changes(hit: Hit, stopped: Mapping[int, float] | Sequence[float]) -> list[ShareChange]:
    """Give the stopped unsure shares of one list a value.

    Parameters
    ----------
    hit
        The list and which of its unsure shares stop.
    stopped
        Their shares by place in ``hit.stopped``, 0 to 1; together at most the list's rest.

    Returns
    -------
    list of ShareChange
        Shares, default spares and others of the list.

    Notes
    -----
    What the stopped ones leave of the rest goes first to the list's other blanks at their point value
    (all shrink alike where it does not suffice), then to others. So 0 gives the low end, the whole rest
    the high end, and the point values the point; every value between lies between.
    """
    one = hit.unsure
    share_target, spare_target, others_target = _TARGETS[one.kind]
    given = {place: float(stopped[at]) for at, place in enumerate(hit.stopped)}
    left = max(0.0, one.rest - sum(given.values()))
    kept = sum(share.point for place, share in enumerate(one.shares) if place not in given)
    factor = min(1.0, left / kept) if kept > 0.0 else 0.0
    changes = []
    for place, share in enumerate(one.shares):
        value = given.get(place, share.point * factor)
        changes.append(ShareChange(share_target, share.row, value))
        if share.ratio is not None:
            changes.append(ShareChange(spare_target, share.row, share.ratio * value))
    changes.append(ShareChange(others_target, one.number, max(0.0, left - factor * kept)))
    return changes


def low_shares(hit: Hit) -> tuple[float, ...]:
    """List the stopped shares of the low end: nothing."""
    return (0.0,) * len(hit.stopped)


def high_shares(hit: Hit) -> tuple[float, ...]:
    """List the stopped shares of the high end: the whole rest, evenly."""
    return (hit.unsure.rest / len(hit.stopped),) * len(hit.stopped)
