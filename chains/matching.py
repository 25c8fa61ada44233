"""Near matches for a key that a person typed."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def near_matches(typed: str, known: Iterable[str], *, most: int = 5) -> tuple[str, ...]:
    """Up to `most` known keys that look like `typed`, best first, whatever the case."""
    folded: dict[str, str] = {}
    for key in sorted(set(known)):
        folded.setdefault(key.casefold(), key)
    close = difflib.get_close_matches(typed.casefold(), folded, n=most, cutoff=0.5)
    inside = [key for key in folded if typed and typed.casefold() in key and key not in close]
    return tuple(folded[key] for key in [*close, *inside][:most])
