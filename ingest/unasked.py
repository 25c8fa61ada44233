"""What a command decides about names, which can ask nobody."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from ingest.checking import CheckResult
from ingest.numbering import NameKeys, Numbers, different
from ingest.pipeline import NEW, ManyDecisions, NameKind, Question
from ingest.placing import Side, certain_id

FEW_BUYERS: Final = 20_000
"""So many decisions are kept as texts, which are found several times faster."""


def decide_unasked(questions: Iterable[Question]) -> dict[str, str]:
    """Decide what a command decides, which can ask nobody.

    Parameters
    ----------
    questions
        From `ingest.pipeline.find_questions`.

    Returns
    -------
    dict
        Buyers like whom nobody is known are new firms, and names placed by their likeness stay so. Buyers
        with near names and all other questions are left for a person.
    """
    questions = tuple(questions)
    fresh = {each.key: NEW for each in questions if each.is_buyer and each.status == "unknown"}
    return fresh | {each.key: each.taken for each in questions if each.taken is not None}


def decide_without_asking(result: CheckResult) -> Mapping[str, str]:
    """Decide what `decide_unasked` decides on `find_questions`, without making a question of each name.

    Parameters
    ----------
    result
        A checked file.

    Returns
    -------
    Mapping
        Key of a question to an id, or `NEW`.
    """
    places = result.resolutions
    others = _taken("item", places.item) | _taken("supplier", places.supplier)
    if places.buyer is None:
        return others
    fresh = _unknown_buyers(places.buyer)
    if len(fresh) > FEW_BUYERS:
        return NewBuyers(places.buyer.keys, fresh, others)
    names = [places.buyer.names[at] for at in fresh.tolist()]
    return {f"supplier:{key}": NEW for key in NameKeys(names)} | others


def _unknown_buyers(side: Side) -> Numbers:
    """Find the first spelling of each buyer like whom nobody is known."""
    open_at = np.array([at for at, found in enumerate(side.found) if found.key is None], np.int64)
    numbers = side.of_key[open_at]
    first, _ = different(numbers)
    first = first[numbers[first] > 0]
    return np.array([at for at in open_at[first].tolist() if side.found[at].status == "unknown"], np.int64)


def _taken(kind: NameKind, side: Side) -> dict[str, str]:
    """Find the names that were placed by their likeness; the first row of a name decides."""
    if all(found.how != "near" for found in side.found):
        return {}
    near = {key for key, found in zip(side.keys, side.found, strict=True) if found.how == "near"}
    first: dict[str, str | None] = {}
    for key, found in zip(side.keys, side.found, strict=True):
        if key in near and certain_id(found) is None:
            first.setdefault(f"{kind}:{key}", found.key)
    return {key: target for key, target in first.items() if target is not None}


class NewBuyers(ManyDecisions):
    """Decisions that many buyers are new firms, twenty bytes each, and some others.

    Parameters
    ----------
    names
        Of buyers, or their keys.
    fresh
        Which of them are new firms.
    others
        Further decisions, which count first.

    Notes
    -----
    A key is known by two hashes of 64 bits each: a million keys as texts would take 200 MB.
    """

    def __init__(self, names: Sequence[str | None], fresh: Numbers, others: Mapping[str, str]) -> None:
        self.others = others
        self.keys_of_all = names if isinstance(names, NameKeys) else NameKeys(names)
        self.fresh = self.keys_of_all.take(fresh)
        hashes = np.fromiter(map(hash, self._told()), np.int64, len(fresh))
        checks = np.fromiter(map(_second_hash, self._told()), np.int64, len(fresh))
        order = np.argsort(hashes, kind="stable")
        self.hashes, self.checks = (array("q", each[order].tobytes()) for each in (hashes, checks))
        self.doubled = sum(map(self._is_fresh, others))

    def _told(self) -> Iterator[str]:
        return (f"supplier:{key}" for key in self.fresh)

    def _is_fresh(self, key: str) -> bool:
        wanted = hash(key)
        place = bisect_left(self.hashes, wanted)
        while place < len(self.hashes) and self.hashes[place] == wanted:
            if self.checks[place] == _second_hash(key):
                return True
            place += 1
        return False

    def find(self, keys: NameKeys, head: str) -> Iterator[tuple[int, str]]:
        """Find the names about which something is decided; the buyers' own are known by their numbers."""
        if keys is not self.keys_of_all or keys.facts is None or self.fresh.facts is None:
            yield from super().find(keys, head)
            return
        wanted = (key.removeprefix(head) for key in self.others if key.startswith(head))
        targets = {at: self.others[head + key] for at, key in keys.find(wanted)}
        is_told = np.isin(keys.facts.numbers, self.fresh.facts.numbers)
        is_told[np.array(list(targets), np.int64)] = True
        yield from ((at, targets.get(at, NEW)) for at in np.flatnonzero(is_told).tolist())

    def __getitem__(self, key: str) -> str:
        if key in self.others:
            return self.others[key]
        if not self._is_fresh(key):
            raise KeyError(key)
        return NEW

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and (key in self.others or self._is_fresh(key))

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        """Look up a decision without the cost of an error."""
        if key in self.others:
            return self.others[key]
        return NEW if self._is_fresh(key) else default

    def __iter__(self) -> Iterator[str]:
        yield from self._told()
        yield from (key for key in self.others if not self._is_fresh(key))

    def __len__(self) -> int:
        return len(self.hashes) + len(self.others) - self.doubled


def _second_hash(key: str) -> int:
    return hash(f"2{key}")
