"""Python's collector of cycles, paused while many small values are made."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Make values without the collector looking through all of them again and again.

    Notes
    -----
    Rows of a chain hold no cycles, so there is nothing to collect: at 100,000 rows the collector's rounds
    took a third of the building of arrays. Two threads that pause at once may switch it on early, never leave
    it off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
