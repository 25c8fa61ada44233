"""Buyers' lists that a file replaces, and those of the same buyers that it does not name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from chains.model import Purchase
from ingest.numbering import Numbers, combine, different, number_keys
from ingest.placed_rows import Made, NamedColumn, PlacedRows


@dataclass(frozen=True, slots=True)
class ListChange:
    """A buyer's list of one item: how many rows it had and would have."""

    buyer_id: str
    item_id: str
    before: int
    after: int


def find_replaced(bought: PlacedRows, standing: Collection[Purchase]) -> Sequence[ListChange]:
    """List the buyers' lists that a file names.

    Parameters
    ----------
    bought
        Its rows that count and have a buyer.
    standing
        Purchases as they are.

    Returns
    -------
    Sequence of ListChange
        By buyer and item.
    """
    _, items, buyers = bought.number_ids()
    first, which = different(combine(buyers, items))
    after = np.bincount(which, minlength=len(first))
    before = Counter((row.buyer_id, row.item_id) for row in standing)
    buyer_codes, item_codes = bought.buyer.codes[first], bought.item.codes[first]
    order = np.lexsort((_rank(bought.item)[item_codes], _rank(bought.buyer)[buyer_codes]))

    def make(place: int) -> ListChange:
        at = order[place]
        key = (bought.buyer.ids[buyer_codes[at]] or "", bought.item.ids[item_codes[at]] or "")
        return ListChange(*key, before.get(key, 0), int(after[at]))

    return Made(len(order), make)


def _rank(column: NamedColumn) -> Numbers:
    """Rank ids in the order of their signs, by code."""
    rank = np.empty(len(column.ids), np.int64)
    rank[sorted(range(len(column.ids)), key=lambda code: column.ids[code] or "")] = np.arange(len(rank))
    # Two spellings of one name have one id.
    same = number_keys(column.ids)
    first, which = different(same)
    return rank[first][which]


def find_untouched(bought: PlacedRows, standing: Collection[Purchase]) -> tuple[ListChange, ...]:
    """List the lists of the same buyers that a file does not name.

    Parameters
    ----------
    bought
        Its rows that count and have a buyer.
    standing
        Purchases as they are.

    Returns
    -------
    tuple of ListChange
        By buyer and item.
    """
    owners = {row.buyer_id for row in standing}
    used = np.unique(bought.buyer.codes).tolist()
    owners &= {bought.buyer.ids[code] for code in used if bought.buyer.ids[code] in owners}
    is_theirs = np.array([known in owners for known in bought.buyer.ids], np.bool_)[bought.buyer.codes]
    theirs = bought.subset(np.flatnonzero(is_theirs))
    pairs = zip(theirs.buyer.codes.tolist(), theirs.item.codes.tolist(), strict=True)
    named = {(theirs.buyer.ids[buyer], theirs.item.ids[item]) for buyer, item in pairs}
    before = Counter((row.buyer_id, row.item_id) for row in standing if row.buyer_id in owners)
    left = sorted(before.keys() - named)
    return tuple(ListChange(*key, before[key], before[key]) for key in left)
