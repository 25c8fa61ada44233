"""The scenario whose answer a session looks at (a page's own file is run anew each time)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from risk.scenario_store.model import Plan


@dataclass(frozen=True, slots=True)
class Chosen:
    """The scenario whose answer is shown.

    Attributes
    ----------
    plan
        What it assumes.
    origin
        ``page``, ``preset:ID`` or ``kept:NAME``.
    title
        Its name, where it is not that of a preset.
    is_rerun
        Whether the answer is still to be set beside the last one that was kept.
    """

    plan: Plan
    origin: str
    title: str = ""
    is_rerun: bool = False
