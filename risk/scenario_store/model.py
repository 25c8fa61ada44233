"""What a scenario assumes and what was found, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from chains.model import Mode
from risk.model import MAIN_HORIZON

if TYPE_CHECKING:
    from datetime import date, datetime

    from risk.mergers import MergerOutcome
    from risk.model import Shock
    from risk.scenarios import Simulation


@dataclass(frozen=True, slots=True)
class Merger:
    """One group becomes part of another: ownership changes, nothing stops.

    Attributes
    ----------
    group
        Key of the parent node that is taken over.
    into
        Key of the parent node that takes it over.
    """

    group: str
    into: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scenario assumes; either shocks or a merger.

    Attributes
    ----------
    chain_id
        Whose end output is looked at.
    shocks
        What stops; empty for a merger. Cuts (deliveries into a region that stop) will stand beside them.
    merger
        Who takes over whom; ``None`` for shocks.
    mode
        Run or build.
    horizon
        Days.
    """

    chain_id: str
    shocks: tuple[Shock, ...] = ()
    merger: Merger | None = None
    mode: Mode = Mode.RUN
    horizon: int = MAIN_HORIZON


class PresetKind(StrEnum):
    """Whether a preset retells a real case or is an exercise."""

    CASE = "case"
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class PresetSource:
    """A document about the case a preset retells."""

    title: str
    publisher: str
    published_on: date
    url: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A scenario that ships with the program.

    Attributes
    ----------
    preset_id
        Name of its file without the ending.
    name_zh, name_en, note_zh, note_en
        What is assumed, in a few words and in a sentence or two.
    kind
        A real case has sources.
    plan
        What it assumes.
    sources
        Documents about the case.
    """

    preset_id: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    kind: PresetKind
    plan: Plan
    sources: tuple[PresetSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a plan, and on what it rests.

    Attributes
    ----------
    plan
        What was assumed.
    simulation, merger
        Exactly one of them.
    data_version, code_version, defaults_digest
        Of the facts, the program and the defaults it was computed with.
    """

    plan: Plan
    data_version: str
    code_version: str
    defaults_digest: str
    simulation: Simulation | None = None
    merger: MergerOutcome | None = None


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it was kept.

    Attributes
    ----------
    answer_id
        Its number.
    computed_at
        When; aware.
    answer
        What was found.
    """

    answer_id: int
    computed_at: datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class SavedScenario:
    """A scenario that an officer keeps under a name.

    Attributes
    ----------
    scenario_id
        Its number.
    name
        Unique among those kept.
    plan
        What it assumes.
    origin
        Where it came from: ``page``, ``command``, ``preset:ID``, ``event:ID``.
    saved_at
        When; aware.
    by_name, by_unit
        The officer; ``None`` from the command line.
    answers
        The newest first; every rerun adds one.
    """

    scenario_id: int
    name: str
    plan: Plan
    origin: str
    saved_at: datetime
    by_name: str | None = None
    by_unit: str | None = None
    answers: tuple[SavedAnswer, ...] = field(default=())
