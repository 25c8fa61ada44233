"""Resolves the different names of a list, a block at a time; what is near no known name is not searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, islice, repeat
from typing import Final, Literal, TypeAlias

import numpy as np

from ingest.item_likeness import JOINTS
from ingest.model import Resolution
from ingest.name_sieve import NameSieve
from ingest.names import KEYS_AT_ONCE
from ingest.near_names import SUGGESTIONS
from ingest.numbering import FEW, Flags, NameKeys, different
from ingest.resolution import ASK, SHOWN, UNKNOWN, NameIndex, resolve_name, resolve_near

Kind: TypeAlias = Literal["supplier", "item", "buyer"]
MOST_SEARCHED: Final = 100_000
MOST_SEARCHED_OF_MANY: Final = 30_000
"""So many different names of a file are compared with known ones, besides those that share nothing."""


UNSEARCHED: Final = Resolution(None, "suggested")
"""A buyer who may be near a known firm, of so many that nobody looked; a person has to say."""


class ManyNames:
    """Resolves the different names of a file, one after the other.

    Parameters
    ----------
    kind
        supplier, item or buyer.
    index
        Known names of that kind.
    remembered
        Decisions of earlier uploads: ``supplier:<name_key>`` or ``item:<name_key>`` to the id, or to `ASK`.

    Notes
    -----
    Every name is looked at; near names are searched for those that share signs with a known name, the first
    100,000 of them, 30,000 in a file of more than 200,000 different names. Exact matches have no such limit.
    """

    def __init__(self, kind: Kind, index: NameIndex, remembered: Mapping[str, str] | None) -> None:
        self.kind, self.index, self.remembered = kind, index, remembered
        self.searches = MOST_SEARCHED

    @cached_property
    def sieve(self) -> NameSieve:
        """Lets names pass that may be near a known one."""
        return NameSieve(self.index, joints=JOINTS if self.kind == "item" else None)

    def resolve_all(
        self,
        names: Sequence[str],
        keys: Sequence[str | None],
        codes: Sequence[str | None] | None = None,
        countries: Sequence[str | None] | None = None,
    ) -> list[Resolution]:
        """Resolve suppliers.

        Parameters
        ----------
        names, keys
            As in the list, and their `name_key`.
        codes, countries
            Credit code and country beside each.

        Returns
        -------
        list[Resolution]
            One a name.
        """
        if not self.index.known:
            return [UNKNOWN] * len(names)
        may_know = self._may_know(keys)
        beside = zip(codes or repeat(None), countries or repeat(None), may_know.tolist(), strict=False)
        found = [
            self.resolve(name, key, code, country, is_near=is_near) if is_near or code or may else UNKNOWN
            for (name, key, is_near), (code, country, may) in zip(
                self._sifted(names, keys), beside, strict=False
            )
        ]
        searched = len(found)
        found += repeat(UNKNOWN, len(names) - searched)
        left = may_know if codes is None else np.ones(len(names), np.bool_)
        left[:searched] = False
        for at, (name, key, code, country) in _read((names, keys, codes, countries), left):
            found[at] = self.resolve(name or "", key or "", code, country, is_near=False)
        return found

    def resolve_items(
        self, names: Sequence[str], keys: Sequence[str | None], hs_codes: Sequence[str | None] | None = None
    ) -> list[Resolution]:
        """Resolve items by name, and where that is not certain by their HS code.

        Parameters
        ----------
        names, keys
            As in the list, and their `name_key`.
        hs_codes
            Digits beside each.

        Returns
        -------
        list[Resolution]
            One a name; by ``code`` only where exactly one known item gives this code.
        """
        found = self.resolve_all(names, keys)
        if hs_codes is None:
            return found
        return [self._by_hs_code(each, code) for each, code in zip(found, hs_codes, strict=False)]

    def suggest_all(self, names: Sequence[str | None], keys: Iterable[str | None]) -> list[Resolution]:
        """Resolve buyers, who are never placed by likeness: near names are suggestions.

        Parameters
        ----------
        names, keys
            As in the list, and their `name_key`; None for no buyer.

        Returns
        -------
        list[Resolution]
            One a name.
        """
        return [self._suggest(*each) for each in self._sifted(names, keys)]

    def _sifted(
        self, names: Sequence[str | None], keys: Iterable[str | None]
    ) -> Iterator[tuple[str, str, bool]]:
        """Say of each name whether it may be near a known one, as long as that is looked at."""
        if len(names) > 2 * MOST_SEARCHED:
            self.searches = MOST_SEARCHED_OF_MANY
        left, left_keys = iter(names), iter(keys)
        while (self.kind == "buyer" or self.searches > 0) and (block := list(islice(left, KEYS_AT_ONCE))):
            of_block = list(islice(left_keys, len(block)))
            near = self._may_be_near(of_block)
            for name, key, is_near in zip(block, of_block, near, strict=True):
                yield name or "", key or "", is_near

    def _may_be_near(self, keys: Sequence[str | None]) -> list[bool]:
        """Ask the sieve, unless nothing is known."""
        return self.sieve.may_be_near(keys) if self.index.known else [False] * len(keys)

    def _may_know(self, keys: Sequence[str | None]) -> Flags:
        """Tell of which names something may be known or decided, looking at each different key once."""
        if isinstance(keys, NameKeys) and keys.facts is not None:
            first, which = different(keys.facts.numbers.astype(np.int64))
            return self._look_at(keys.take(first))[which]
        return self._look_at(keys)

    def _look_at(self, keys: Sequence[str | None]) -> Flags:
        index, head = self.index, f"{self.kind}:"
        decided = {key.removeprefix(head) for key in self.remembered or () if key.startswith(head)}
        told, flags, left = decided | index.by_key.keys(), bytearray(), iter(keys)
        while block := [key or "" for key in islice(left, KEYS_AT_ONCE)]:
            starts = {start for start in {key[:SHOWN] for key in block} if index.may_start(start)}
            flags += bytes([key in told or (key[:SHOWN] in starts and index.may_know(key)) for key in block])
        return np.frombuffer(flags, np.bool_)

    def resolve(
        self,
        name: str,
        key: str,
        uscc: str | None = None,
        country: str | None = None,
        *,
        is_near: bool = True,
    ) -> Resolution:
        """Resolve the next name.

        Parameters
        ----------
        name, key
            As in the list, and its `name_key`.
        uscc, country
            Of the row.
        is_near
            Whether it may be near a known name.

        Returns
        -------
        Resolution
            As `resolve_near` finds it, or `resolve_name` once so many were searched.
        """
        index = self.index
        if not index.known:
            return UNKNOWN
        decided = self.remembered.get(f"{self.kind}:{key}") if self.remembered else None
        if decided in index.known:
            return Resolution(decided, "exact", (decided,), "decided")
        searching = is_near and self.searches > 0
        self.searches -= searching
        if searching and decided != ASK:
            return resolve_near(name, index, uscc=uscc, country=country)
        if not searching and not uscc and not index.may_know(key):
            return UNKNOWN
        return resolve_name(name, index, uscc=uscc, country=country, search=searching)

    def _suggest(self, name: str, key: str, is_near: bool) -> Resolution:  # noqa: FBT001 - as `_sifted` says it
        if not name or not self.index.known:
            return UNKNOWN
        searching = is_near and self.searches > 0
        self.searches -= searching
        if not is_near and not self.index.may_know(key):
            return UNKNOWN
        found = resolve_name(name, self.index, search=searching)
        return UNSEARCHED if found is UNKNOWN and is_near and not searching else found

    def _by_hs_code(self, found: Resolution, hs_code: str | None) -> Resolution:
        owners = self.index.by_code.get(hs_code, ()) if hs_code else ()
        if found.key is not None or len(owners) != 1:
            return found
        others = (known for known in found.suggestions if known != owners[0])
        return Resolution(owners[0], "exact", (owners[0], *others)[:SUGGESTIONS], "code")


def _read(
    columns: Sequence[Sequence[str | None] | None], wanted: Flags
) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Read some places of columns that lie beside each other; where they are many, all are looked at."""
    places = np.flatnonzero(wanted).tolist()
    if len(places) * FEW < len(wanted):
        yield from ((at, tuple(column[at] if column else None for column in columns)) for at in places)
    else:
        each = zip(*(column or repeat(None) for column in columns), strict=False)
        yield from zip(places, compress(each, wanted.tolist()), strict=False)
