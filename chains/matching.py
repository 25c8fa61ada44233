"""Near matches for a key that a person typed."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


# One word of a long key is not the key: it must look nearly the same.
_WORD_CUTOFF = 0.75


def near_matches(typed: str, known: Iterable[str], *, most: int = 5) -> tuple[str, ...]:
    """Up to `most` known keys that look like `typed`, best first, whatever the case.

    Where none does, those of which one word does: ``japn`` finds ``japan-photoresist``.
    """
    folded: dict[str, str] = {}
    for key in sorted(set(known)):
        folded.setdefault(key.casefold(), key)
    close = difflib.get_close_matches(typed.casefold(), folded, n=most, cutoff=0.5)
    inside = [key for key in folded if typed and typed.casefold() in key and key not in close]
    found = [*close, *inside] or [key for key in folded if _has_word(key, typed.casefold())]
    return tuple(folded[key] for key in found[:most])


def _has_word(key: str, word: str) -> bool:
    words = [part for part in re.split(r"[\W_]+", key) if part]
    return bool(difflib.get_close_matches(word, words, n=1, cutoff=_WORD_CUTOFF))
