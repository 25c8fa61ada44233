"""Numbers instead of names and rows, so that a million of them are compared without making objects."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from operator import is_
from typing import Any, Final, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from ingest.coded import CODE_TYPE, CodedValues
from ingest.names import KEYS_AT_ONCE, name_key, name_keys

Codes: TypeAlias = NDArray[np.uint32]
Numbers: TypeAlias = NDArray[np.int64]
Integers: TypeAlias = NDArray[np.integer]
Flags: TypeAlias = NDArray[np.bool_]
FEW: Final = 10


def view(codes: Sequence[int]) -> Codes:
    """Look at codes as an array.

    Parameters
    ----------
    codes
        Codes or record indices.

    Returns
    -------
    ndarray of uint32, one a code
        Shares the memory of an ``array("I")``.
    """
    return np.asarray(codes, dtype=np.uint32)


def packed(numbers: NDArray[np.integer]) -> array[int]:
    """Keep numbers as codes.

    Parameters
    ----------
    numbers
        0 or more, below 2 to the 32nd.

    Returns
    -------
    array of int
        The same numbers.
    """
    codes: array[int] = array(CODE_TYPE)
    codes.frombytes(np.ascontiguousarray(numbers, dtype=np.uint32).tobytes())
    return codes


def number_keys(keys: Sequence[str | None]) -> Numbers:
    """Give keys numbers: equal keys have one.

    Parameters
    ----------
    keys
        Reduced names; None for no name.

    Returns
    -------
    ndarray of int64, one a key
        1 + the position of the first equal key; 0 for None.

    Examples
    --------
    >>> number_keys(["a", "b", None, "a"]).tolist()
    [1, 2, 0, 1]
    """
    return _number_hashed(keys, _hash_all(keys))


def _hash_all(keys: Sequence[str | None]) -> Numbers:
    return np.fromiter(map(hash, keys), np.int64, len(keys))


def _number_hashed(keys: Sequence[str | None], hashes: Numbers) -> Numbers:
    # Sorting hashes takes a tenth of the memory of a dictionary; equal hashes are then compared.
    order = np.argsort(hashes, kind="stable")
    same = hashes[order][1:] == hashes[order][:-1]
    suspect = np.zeros(len(keys), np.bool_)
    suspect[order[1:][same]] = suspect[order[:-1][same]] = True
    numbers = np.arange(1, len(keys) + 1, dtype=np.int64)
    suspect |= hashes == hash(None)
    first: dict[str | None, int] = {None: 0}
    for at, key in _at(keys, suspect):
        numbers[at] = first.setdefault(key, at + 1)
    return numbers


def _at(keys: Sequence[str | None], wanted: Flags) -> Iterator[tuple[int, str | None]]:
    """Read some keys; where they are many, all are looked at, because keys are made faster in order."""
    places = np.flatnonzero(wanted).tolist()
    if len(places) * FEW < len(keys):
        return ((at, keys[at]) for at in places)
    return zip(places, compress(keys, wanted.tolist()), strict=True)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of the keys of some names while the keys themselves are gone.

    Attributes
    ----------
    numbers
        Equal keys have one; 0 for no name.
    hashes
        `hash` of each key.
    own
        Which names are their own keys.
    """

    numbers: Codes
    hashes: Numbers
    own: Flags

    def take(self, places: Integers) -> KeyFacts:
        """Keep those of some names.

        Parameters
        ----------
        places
            Of the names.

        Returns
        -------
        KeyFacts
            One a place.
        """
        return KeyFacts(self.numbers[places], self.hashes[places], self.own[places])


def key_facts(values: CodedValues[Any], used: Codes | None = None) -> KeyFacts:
    """Look at the keys of a column's names, once.

    Parameters
    ----------
    values
        Names by code; None for no name.
    used
        Codes whose names anybody will ask for; where they are few the others are not looked at.

    Returns
    -------
    KeyFacts
        One a code.
    """
    if values.keyed is None:
        is_used = np.ones(len(values.of_code), np.bool_)
        if used is not None:
            is_used[:] = False
            is_used[used] = True
        values.keyed = (
            _facts_of_all(values) if 2 * is_used.sum() > len(is_used) else _facts_of(values, is_used)
        )
    facts: KeyFacts = values.keyed
    return facts


def _facts_of_all(values: CodedValues[Any]) -> KeyFacts:
    keys = NameKeys(values.of_code)
    hashes = _hash_all(keys)
    own = np.frombuffer(keys.own or b"", np.bool_)
    return KeyFacts(_number_hashed(keys, hashes).astype(np.uint32), hashes, own)


def _facts_of(values: CodedValues[Any], is_used: Flags) -> KeyFacts:
    """Look at the keys of some names; what is said of the others means nothing."""
    codes = np.flatnonzero(is_used)
    found = _facts_of_all(CodedValues(CodedValues(values.of_code, packed(codes)), values.codes))
    facts = KeyFacts(
        np.zeros(len(is_used), np.uint32), np.zeros(len(is_used), np.int64), np.zeros(len(is_used), np.bool_)
    )
    facts.numbers[codes], facts.hashes[codes], facts.own[codes] = found.numbers, found.hashes, found.own
    return facts


def name_numbers(values: CodedValues[Any]) -> Codes:
    """Give the names of a column numbers, once; spellings of one name have one.

    Parameters
    ----------
    values
        Names by code; None for no name.

    Returns
    -------
    ndarray of uint32, one a code
        0 for no name.
    """
    return key_facts(values).numbers


class NameKeys(Sequence["str | None"]):
    """The keys of names, made while they are looked at.

    Parameters
    ----------
    names
        Names; what is no text has no key.
    facts
        Of each key, where somebody has them.

    Notes
    -----
    Which names are their own keys is noted when all are looked at for the first time, a byte each.
    """

    def __init__(self, names: Sequence[object], facts: KeyFacts | None = None) -> None:
        self.names, self.facts = names, facts
        self.hashes = facts.hashes if facts else None
        self.own = bytearray(facts.own.tobytes()) if facts else None

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, index: int) -> str | None: ...

    @overload
    def __getitem__(self, index: slice) -> list[str | None]: ...

    def __getitem__(self, index: int | slice) -> str | list[str | None] | None:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        name = self.names[index]
        return name_key(name) if isinstance(name, str) else None

    def __iter__(self) -> Iterator[str | None]:
        known, own = self.own, bytearray()
        names = iter(self.names)
        for start in range(0, len(self.names), KEYS_AT_ONCE):
            block: list[Any] = list(islice(names, KEYS_AT_ONCE))
            if known is None:
                keys = _keys(block)
                own += bytes(map(is_, block, keys))
                # Who looks at all keys may not ask whether there is another one.
                self.own = own if len(own) == len(self.names) else None
            else:
                flags = known[start : start + len(block)]
                if 0 not in flags:
                    yield from block
                    continue
                others = [not flag for flag in flags]
                made = iter(_keys([*compress(block, others)]))
                keys = [next(made) if other else name for name, other in zip(block, others, strict=True)]
            yield from keys

    def take(self, places: Integers) -> NameKeys:
        """Keep those of some names.

        Parameters
        ----------
        places
            Of the names, ascending.

        Returns
        -------
        NameKeys
            Names that lie in blocks stay there.
        """
        names = self.names
        facts = None if self.facts is None else self.facts.take(places)
        if isinstance(names, CodedValues):
            return NameKeys(CodedValues(names.of_code, packed(view(names.codes)[places])), facts)
        return NameKeys([names[at] for at in places.tolist()], facts)

    def find(self, wanted: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Find the names that have one of some keys, without making the keys of the others.

        Parameters
        ----------
        wanted
            Keys.

        Yields
        ------
        tuple[int, str]
            Place of each such name, ascending, and its key.
        """
        keys = frozenset(wanted)
        if not keys:
            return
        if self.hashes is None:
            self.hashes = _hash_all(self)
        alike = np.isin(self.hashes, np.fromiter(map(hash, keys), np.int64, len(keys)))
        yield from ((at, key) for at, key in _at(self, alike) if key is not None and key in keys)


def _keys(names: list[Any]) -> list[str | None]:
    """Reduce names; what is no text has no key."""
    if set(map(type, names)) == {str}:
        return [*name_keys(names)]
    keys = name_keys([each if isinstance(each, str) else "" for each in names])
    return [key if isinstance(name, str) else None for name, key in zip(names, keys, strict=True)]


def combine(first: Sequence[int] | Integers, *others: Sequence[int] | Integers) -> Numbers:
    """Join several numberings into one.

    Parameters
    ----------
    first, *others
        Numbers of 0 or more, one a row.

    Returns
    -------
    ndarray of int64, one a row
        Equal where all of them are equal.

    Notes
    -----
    Three numberings of two million rows joined stay below 2 to the 63rd.

    Examples
    --------
    >>> combine([1, 1, 2], [0, 3, 3]).tolist()
    [4, 7, 11]
    """
    joined = np.asarray(first, dtype=np.int64)
    for other in others:
        numbers = np.asarray(other, dtype=np.int64)
        joined = joined * (numbers.max(initial=0) + 1) + numbers
    return joined


def repeated(numbers: Numbers) -> Flags:
    """Tell which numbers stand more than once.

    Parameters
    ----------
    numbers
        One a row.

    Returns
    -------
    ndarray of bool, one a row
        True for each of them, the first too.
    """
    order = np.argsort(numbers, kind="stable")
    same = numbers[order][1:] == numbers[order][:-1]
    found = np.zeros(len(numbers), np.bool_)
    found[order[1:][same]] = found[order[:-1][same]] = True
    return found


def different(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Find the different numbers in the order in which they first stand.

    Parameters
    ----------
    numbers
        One a row.

    Returns
    -------
    tuple of ndarray
        Position of the first of each, ascending; and for each row which of them it is.
    """
    _, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[inverse.reshape(-1)]
