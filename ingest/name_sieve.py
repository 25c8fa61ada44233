"""Tells at a glance which names of a long list can be near no known name, many at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ingest.names import HAN, pinyin
from ingest.numbering import Flags

if TYPE_CHECKING:
    from ingest.resolution import NameIndex

Signs: TypeAlias = NDArray[np.int64]
BITS: Final = 60
"""Of the number of a run of signs; where they do not hold a sign as a whole, more names pass."""
SOUND_SHOWN: Final = 6
SHORTEST_SIFTED: Final = 3
SIGNS_AT_ONCE: Final = 200_000
"""A sign takes some hundred bytes while names are compared; long names come in smaller portions."""


class NameSieve:
    """Lets pass every name that a search among near names could find anything for.

    Parameters
    ----------
    index
        Known names.
    joints
        What is taken out of the middle of a name before it is compared.

    Notes
    -----
    A name is near a known one only if both share two Chinese signs or three letters in a row, or sound
    alike. In a Chinese name without punctuation and joints the part that is compared stands in one piece, so
    what the name as a whole shares with no known name its parts do not share either. All other names pass.
    """

    def __init__(self, index: NameIndex, *, joints: re.Pattern[str] | None = None) -> None:
        self.joints = joints
        cores = [core for core in index.grams.at_key if core]
        pairs = [core for core in cores if HAN.search(core) or len(core) == 2]  # noqa: PLR2004 - a pair
        self.grams = {
            2: _windows_of(pairs, 2),
            3: _windows_of([core for core in cores if not HAN.search(core)], 3),
        }
        by_length: dict[int, set[str]] = defaultdict(set)
        for sound in index.at_sound:
            by_length[min(len(sound), SOUND_SHOWN)].add(sound[:SOUND_SHOWN])
        self.sounds = {size: _windows_of(sorted(starts), size) for size, starts in by_length.items() if size}

    def may_be_near(self, keys: Sequence[str | None]) -> list[bool]:
        """Tell which names have to be searched for.

        Parameters
        ----------
        keys
            Their `ingest.names.name_key`; None for no name.

        Returns
        -------
        list[bool]
            False only where a search would find nothing.
        """
        texts = [key or "" for key in keys]
        at_once = max(1, len(texts) * SIGNS_AT_ONCE // max(sum(map(len, texts)), SIGNS_AT_ONCE))
        parts = (texts[start : start + at_once] for start in range(0, len(texts), at_once))
        return [each for part in parts for each in self._sift(part)]

    def _sift(self, texts: Sequence[str]) -> list[bool]:
        joined = "\n".join([*texts, ""])
        near = _share_window(joined, self.grams)
        near |= _share_window(pinyin(joined), self.sounds)
        return [
            one or not self._stands_in_one_piece(key) for one, key in zip(near.tolist(), texts, strict=True)
        ]

    def _stands_in_one_piece(self, key: str) -> bool:
        if len(key) < SHORTEST_SIFTED or not key.isalnum() or not HAN.search(key):
            return False
        return self.joints is None or not self.joints.search(key)


def _signs(text: str) -> Signs:
    # A workbook can hold half of a pair of signs.
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def _windows(signs: Signs, size: int) -> Signs:
    """Give each run of `size` signs a number; the last ones, which are shorter, end in nothing."""
    found, bits = np.zeros(len(signs), np.int64), BITS // size
    for place in range(size):
        sign = _from(signs, place) & ((1 << bits) - 1)
        found = (found << bits) | sign
    return found


def _from(signs: Signs, place: int) -> Signs:
    """Move signs to the left by `place`; nothing moves in, also where there are fewer of them."""
    moved = np.zeros_like(signs)
    moved[: max(len(signs) - place, 0)] = signs[place:]
    return moved


def _windows_of(texts: Iterable[str], size: int) -> Signs:
    signs = _signs("\n".join([*texts, ""]))
    windows = _windows(signs, size)
    is_whole = np.ones(len(signs), np.bool_)
    for place in range(size):
        is_whole &= ~np.isin(_from(signs, place), (0, ord("\n")))
    return np.unique(windows[is_whole])


def _share_window(joined: str, known: dict[int, Signs]) -> Flags:
    """Tell for each line whether it has one of some windows."""
    signs = _signs(joined)
    ends = np.flatnonzero(signs == ord("\n"))
    hits = np.zeros(len(signs), np.bool_)
    for size, wanted in known.items():
        if len(wanted):
            windows = _windows(signs, size)
            at = np.searchsorted(wanted, windows)
            hits |= wanted[np.minimum(at, len(wanted) - 1)] == windows
    starts = np.append(0, ends[:-1] + 1)
    return np.logical_or.reduceat(hits, starts)
