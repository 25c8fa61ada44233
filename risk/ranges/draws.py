"""Unknown shares drawn at random: a convention of how a gap may be filled, no probability of an event."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from risk.ranges.shares import UnsureList

LAW = "uniform-split-capped"
_WORD_BYTES = 4


def draw_shares(
    lists: Sequence[UnsureList], *, draws: int, seed: int, blank_cap: float
) -> tuple[NDArray[np.float64], ...]:
    """Draw the unsure shares of every list.

    Parameters
    ----------
    lists
        From `risk.ranges.shares.find_unsure_lists`.
    draws
        How many, at least 1.
    seed
        Any whole number from 0; the same seed gives the same draws.
    blank_cap
        The most a blank of an incomplete list is given, 0 to 1.

    Returns
    -------
    tuple of array
        One a list, shape (draws, shares of the list), 0 to 1; a row sums to at most the list's rest. The
        first rows stay the same when more are drawn, and those of one list do not depend on the others.

    Notes
    -----
    The rule of unknown shares with its even split replaced by a random one: the rest of a list is split
    over its blanks and, unless the list is complete, one more part for others, uniformly over all splits
    (a flat Dirichlet law); a blank of an incomplete list keeps at most `blank_cap`.

    References
    ----------
    docs/model.md, "Band".
    """
    return tuple(_draw_list(one, draws, seed, blank_cap) for one in lists)


def _draw_list(one: UnsureList, draws: int, seed: int, blank_cap: float) -> NDArray[np.float64]:
    count = len(one.shares)
    parts = count if one.complete else count + 1
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *_words(one.key)])))
    weights = -np.log1p(-generator.random((draws, parts)))
    total = np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    split = one.rest * weights[:, :count] / total
    return np.asarray(split if one.complete else np.minimum(split, blank_cap))


def _words(key: tuple[str, ...]) -> list[int]:
    digest = hashlib.sha256("\0".join(key).encode()).digest()[: 4 * _WORD_BYTES]
    return [int.from_bytes(digest[at : at + _WORD_BYTES], "big") for at in range(0, len(digest), _WORD_BYTES)]
