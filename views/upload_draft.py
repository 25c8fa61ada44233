"""The list a session is bringing in: kept apart from the page's file, which is run anew at every click."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import streamlit as st

from desk.imports import Answers

if TYPE_CHECKING:
    from desk.import_facts import Standing
    from desk.import_mapping import Sketch
    from desk.imports import CheckedList, ImportOutcome
    from ingest.choice import Choice
    from ingest.preview import ImportPlan
    from views.upload_queries import EffectJob

DRAFT: Final = "upload_draft"


@dataclass
class Draft:
    """The list a session is bringing in.

    Attributes
    ----------
    checked
        The list.
    step
        2 rows, 3 names, 4 changes, 5 done.
    decisions, makes
        What the person said so far.
    planned
        The plan and the facts it was worked out on.
    job
        The computation of what scores would move.
    outcome
        What was stored.
    remapping
        Whether a person wants to say which column is which, though the list could be read.
    sketches
        First rows of the file by how they were read.
    """

    checked: CheckedList
    step: int = 2
    decisions: dict[str, str] = field(default_factory=dict)
    makes: tuple[str, ...] = ()
    planned: tuple[ImportPlan, Standing] | None = None
    job: EffectJob | None = None
    outcome: ImportOutcome | None = None
    remapping: bool = False
    sketches: dict[tuple[Choice, int | None], Sketch] = field(default_factory=dict)

    def answers(self, officer: str = "", unit: str = "") -> Answers:
        """Sign what the person said."""
        return Answers(self.decisions, self.makes, officer, unit)

    def go_back(self) -> None:
        """Show the step before; before the second the list is forgotten."""
        if self.step <= 2:  # noqa: PLR2004 - the steps are named above
            forget()
        self.step -= 1
        self.planned = self.job = None
        st.rerun()


def forget() -> None:
    """Drop the list of the session and start anew."""
    for name in (DRAFT, "upload_decisions"):
        st.session_state.pop(name, None)
    st.rerun()
