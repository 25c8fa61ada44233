"""Finds near names among many without comparing each with each: postings of pairs of signs, rarest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from ingest.names import HAN

NEAR_SCORE: Final = 82.0
SAME_SCORE: Final = 100.0
SHORTEST_CONTAINED: Final = 4
SHORTEST_CONTAINED_HAN: Final = 2
# Names that share a pair of signs are looked at from the rarest pair on, until so many were seen; the rarest
# two pairs always count.
LOOKED_AT: Final = 120
ALWAYS: Final = 2
# Of the pairs of a name, so many can be missing in another one that is 82 % alike (of threes, more).
LOST_SHARE: Final = 0.61
LOST_SHARE_OF_THREES: Final = 0.75


class GramIndex:
    """Keys by their pairs of signs.

    Parameters
    ----------
    keys
        Reduced names; positions in this sequence are what searches return.

    Notes
    -----
    A search looks at the names that share one of the query's rarest pairs, so its cost follows the size of
    these postings and not the number of names: 100,000 queries over 10,000 names take seconds
    (docs/upload.md, Measures).

    Examples
    --------
    >>> index = GramIndex(["tokyoelectron", "长电", "shinetsuchemical"])
    >>> index.find_alike("tokyoelektron"), index.find_containing("长电科技")
    ([(0, 92.3076923076923)], [1])
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self.at_key: dict[str, list[int]] = {}
        self.postings: dict[str, list[int]] = {}
        for at, key in enumerate(keys):
            self.at_key.setdefault(key, []).append(at)
            for gram in set(_grams(key)):
                self.postings.setdefault(gram, []).append(at)
        self.longest = max(map(len, keys), default=0)
        # Lengths of keys by their first signs, as many as the shortest key has that says something.
        self.lengths_from: dict[int, dict[str, set[int]]] = {
            SHORTEST_CONTAINED: {},
            SHORTEST_CONTAINED_HAN: {},
        }
        for key in self.at_key:
            if is_long_enough(key):
                size = SHORTEST_CONTAINED_HAN if HAN.search(key) else SHORTEST_CONTAINED
                self.lengths_from[size].setdefault(key[:size], set()).add(len(key))

    def find_alike(self, key: str, *, limit: int = 5) -> list[tuple[int, float]]:
        """Find keys that are 82 % alike, best first.

        Parameters
        ----------
        key
            Reduced as the keys are.
        limit
            How many.

        Returns
        -------
        list[tuple[int, float]]
            Position and `rapidfuzz.fuzz.ratio`, 82 to 100.
        """
        # With so many signs more than the longest key a name is less than 82 % alike with any.
        if NEAR_SCORE * len(key) > (2 * SAME_SCORE - NEAR_SCORE) * self.longest:
            return []
        near = self._sharing(key)
        choices = [self.keys[at] for at in near]
        found = process.extract(key, choices, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE, limit=limit)
        return [(near[index], score) for _, score, index in found]

    def _sharing(self, key: str) -> list[int]:
        grams = set(_grams(key))
        shared = [gram for gram in grams if gram in self.postings]
        # Grams that no key has are the rarest of all: they use up what may be lost.
        lost = LOST_SHARE if HAN.search(key) else LOST_SHARE_OF_THREES
        left = int(lost * len(grams)) + 1 - (len(grams) - len(shared))
        if left <= 0:
            return []
        known = sorted((len(self.postings[gram]), gram) for gram in shared)
        near: set[int] = set()
        for number, (size, gram) in enumerate(known[:left]):
            if number >= ALWAYS and len(near) + size > LOOKED_AT:
                break
            near.update(self.postings[gram])
        return sorted(near)

    def find_containing(self, key: str) -> list[int]:
        """Find keys that contain a key or are contained in it.

        Parameters
        ----------
        key
            Reduced as the keys are.

        Returns
        -------
        list[int]
            Positions, ascending; the shorter of the two has at least two Chinese signs or four letters.
        """
        found: set[int] = set()
        for size, lengths_from in self.lengths_from.items():
            if size == SHORTEST_CONTAINED_HAN and not HAN.search(key):
                continue
            for start in range(len(key) - size + 1):
                for length in lengths_from.get(key[start : start + size], ()):
                    part = key[start : start + length]
                    if len(part) == length and part in self.at_key:
                        found.update(self.at_key[part])
        if is_long_enough(key) and all(gram in self.postings for gram in _grams(key)):
            rarest = min((self.postings[gram] for gram in _grams(key)), key=len)
            found.update(at for at in rarest if key in self.keys[at])
        return sorted(found)


def _grams(key: str) -> Iterator[str]:
    """Cut pairs of Chinese signs and threes of letters; a shorter key is a gram itself."""
    size = 2 if HAN.search(key) else 3
    return (key[at : at + size] for at in range(max(len(key) - size + 1, 1)))


def is_long_enough(contained: str) -> bool:
    """Tell whether a part of a name says something about it.

    Parameters
    ----------
    contained
        The part.

    Returns
    -------
    bool
        Two Chinese signs do, four letters do.
    """
    return len(contained) >= (SHORTEST_CONTAINED_HAN if HAN.search(contained) else SHORTEST_CONTAINED)
