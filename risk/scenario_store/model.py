"""What a scenario assumes and what was found, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from chains.model import Mode, Perspective
from risk.model import MAIN_HORIZON

if TYPE_CHECKING:
    from datetime import date, datetime

    from risk.mergers import MergerOutcome
    from risk.model import Cut, Shock
    from risk.provinces import ProvinceLoss
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
    """What a scenario assumes; either shocks and cuts, or a merger.

    Attributes
    ----------
    chain_id
        Whose end output is looked at.
    shocks
        What stops; empty for a merger.
    cuts
        What is no longer delivered into a region; then the loss is home's.
    merger
        Who takes over whom; ``None`` for shocks.
    mode
        Run or build.
    horizon
        Days.
    perspective
        Whose loss is measured.
    stock
        ``(item_id, days)``: stock that users of these items are taken to hold, in place of what the data say;
        lists that state their own stock keep it.
    """

    chain_id: str
    shocks: tuple[Shock, ...] = ()
    merger: Merger | None = None
    mode: Mode = Mode.RUN
    horizon: int = MAIN_HORIZON
    cuts: tuple[Cut, ...] = ()
    perspective: Perspective = Perspective.WORLD
    stock: tuple[tuple[str, float], ...] = ()


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
class PartLoss:
    """What one source's cuts, or one shock, would do alone.

    Attributes
    ----------
    source
        The source that is cut; ``None`` for a shock.
    shock
        The shock; ``None`` for a source.
    exposure, mean_loss
        As in `risk.scenarios.Simulation`.
    first_day
        First day above 1 %, if any.
    """

    source: str | None
    shock: Shock | None
    exposure: float
    mean_loss: float
    first_day: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a plan, and on what it rests.

    Attributes
    ----------
    plan
        What was assumed.
    simulation, merger
        Exactly one of them.
    provinces
        Losses of the units in each province of the home country, Jiangsu first.
    parts
        What each source or shock would do alone, where there are several.
    data_version, code_version, defaults_digest
        Of the facts, the program and the defaults it was computed with.
    idle
        Sources of cuts that deliver nothing of what is cut, as the data stand; not kept with the answer.
    """

    plan: Plan
    data_version: str
    code_version: str
    defaults_digest: str
    simulation: Simulation | None = None
    merger: MergerOutcome | None = None
    provinces: tuple[ProvinceLoss, ...] = ()
    parts: tuple[PartLoss, ...] = ()
    idle: tuple[str, ...] = ()

    @property
    def interaction(self) -> tuple[float, float] | None:
        """What acting together adds to exposure and mean loss: the whole less the largest part; or None."""
        if self.simulation is None or not self.parts:
            return None
        return (
            self.simulation.exposure - max(part.exposure for part in self.parts),
            self.simulation.mean_loss - max(part.mean_loss for part in self.parts),
        )


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
