"""Rows of a list that cannot count yet, a byte each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.numbering import Flags, Integers, Numbers, combine, different
from ingest.placed_rows import PlacedRows

UNDECIDED: Final = "undecided"
REPEATED: Final = "repeated"
OWN_SUPPLIER: Final = "own-supplier"
OUTDATED: Final = "outdated"
REASONS: Final = ("", UNDECIDED, OWN_SUPPLIER, OUTDATED, REPEATED)


class Waiting(Mapping[int, str]):
    """Row number to the reason why the row waits.

    Parameters
    ----------
    numbers
        1-based line or sheet row of every row of the list.
    reasons
        Place in `REASONS` of each, 0 for a row that counts.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, numbers: Integers, reasons: NDArray[np.uint8]) -> None:
        self.numbers, self.reasons = numbers, reasons

    @cached_property
    def reason_at(self) -> bytes:
        """Place in `REASONS` by row number."""
        found = np.zeros(int(self.numbers.max(initial=0)) + 1, np.uint8)
        found[self.numbers] = self.reasons
        return found.tobytes()

    def __getitem__(self, row: int) -> str:
        if row not in self:
            raise KeyError(row)
        return REASONS[self.reason_at[row]]

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and 0 <= row < len(self.reason_at) and self.reason_at[row] > 0

    def __iter__(self) -> Iterator[int]:
        yield from self.numbers[self.reasons > 0].tolist()

    def __len__(self) -> int:
        return int(np.count_nonzero(self.reasons))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Waiting):
            return self.reason_at == other.reason_at
        return isinstance(other, Mapping) and dict(self) == dict(other)


def find_waiting(rows: PlacedRows, closed: Collection[tuple[str, str]] = ()) -> Waiting:
    """Find the rows that cannot count yet.

    Parameters
    ----------
    rows
        With the ids that are known.
    closed
        Buyers and items whose lists a later upload has replaced.

    Returns
    -------
    Waiting
        With the reasons.
    """
    suppliers, items, buyers = rows.number_ids()
    reasons = np.zeros(len(rows), np.uint8)
    reasons[(suppliers == 0) | (items == 0) | (rows.buyer.is_named() & (buyers == 0))] = 1
    reasons[(reasons == 0) & (suppliers == buyers)] = 2
    lists = combine(buyers, items)
    reasons[(reasons == 0) & (buyers > 0) & _is_closed(rows, lists, closed)] = 3
    left = np.flatnonzero(reasons == 0)
    first, _ = different(combine(lists, suppliers)[left])
    repeated = np.ones(len(left), np.bool_)
    repeated[first] = False
    reasons[left[repeated]] = REASONS.index(REPEATED)
    return Waiting(rows.numbers, reasons)


def _is_closed(rows: PlacedRows, lists: Numbers, closed: Collection[tuple[str, str]]) -> Flags:
    if not closed:
        return np.zeros(len(rows), np.bool_)
    first, which = different(lists)
    named = zip(rows.buyer.codes[first].tolist(), rows.item.codes[first].tolist(), strict=True)
    return np.array([(rows.buyer.ids[b], rows.item.ids[i]) in closed for b, i in named], np.bool_)[which]


class FlaggedRows(Mapping[int, str]):
    """Rows that wait because nobody placed their names, a byte each.

    Parameters
    ----------
    flags
        1 at the number of each such row.
    others
        Why other rows wait.
    """

    def __init__(self, flags: bytearray, others: Mapping[int, str]) -> None:
        self.flags, self.others = flags, others

    def __getitem__(self, row: int) -> str:
        if row in self.others:
            return self.others[row]
        if not 0 <= row < len(self.flags) or not self.flags[row]:
            raise KeyError(row)
        return UNDECIDED

    def __iter__(self) -> Iterator[int]:
        yield from (row for row, flag in enumerate(self.flags) if flag)
        yield from self.others

    def __len__(self) -> int:
        return self.flags.count(1) + len(self.others)
