"""Scenarios that officers keep: saved under a name, run again on the data of today, compared, removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from desk.presets import list_presets
from desk.scenario import answer_plan
from desk.store import reading, writing
from risk.scenario_store import repository

if TYPE_CHECKING:
    from desk.officer import Officer
    from risk.scenario_store.model import Answer, Plan, SavedScenario
    from risk.scenarios import Simulation
    from settings import Settings

MOVED = 5e-4
"""A loss that moves by less is shown as the same (0.1 % is the last digit on the screen)."""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What differs between two answers to one plan.

    Attributes
    ----------
    before, after
        The two answers.
    data_changed, code_changed, defaults_changed
        Which of what they rest on differs.
    loss_moved
        Whether any figure of the chain differs as shown.
    units_hit, units_spared
        ``(supplier, item)`` of units that pass 1 % only after, and only before.
    """

    before: Answer
    after: Answer
    data_changed: bool
    code_changed: bool
    defaults_changed: bool
    loss_moved: bool
    units_hit: tuple[tuple[str, str], ...]
    units_spared: tuple[tuple[str, str], ...]

    @property
    def is_same(self) -> bool:
        """Whether the answer is the same."""
        return not (self.loss_moved or self.units_hit or self.units_spared)


def keep_scenario(
    settings: Settings,
    name: str,
    *,
    plan: Plan,
    origin: str,
    officer: Officer | None = None,
    answer: Answer | None = None,
) -> int:
    """Keep a scenario under a new name.

    Parameters
    ----------
    settings
        Where the database is.
    name
        For people.
    plan
        What it assumes.
    origin
        ``page``, ``command``, ``preset:ID`` or ``event:ID``.
    officer
        Who keeps it; None from the command line.
    answer
        What it gave, if it was run.

    Returns
    -------
    int
        The scenario's number.

    Raises
    ------
    ScenarioNameError
        When the name is blank, too long, or taken.
    """
    with writing(settings) as session:
        return repository.save_scenario(
            session,
            name,
            plan=plan,
            origin=origin,
            at=datetime.now(UTC),
            officer=officer.signature if officer else None,
            answer=answer,
        )


def kept_scenarios(settings: Settings, chain_id: str | None = None) -> tuple[SavedScenario, ...]:
    """List the scenarios that are kept.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Only of this chain.

    Returns
    -------
    tuple of SavedScenario
        The newest first.
    """
    with reading(settings) as session:
        return repository.list_scenarios(session, chain_id=chain_id)


def find_scenario(settings: Settings, name: str) -> SavedScenario:
    """Find a scenario by its name.

    Parameters
    ----------
    settings
        Where the database is.
    name
        Exactly as kept.

    Returns
    -------
    SavedScenario
        With all its answers.

    Raises
    ------
    UnknownKeyError
        When none has this name, with near matches.
    """
    with reading(settings) as session:
        return repository.read_scenario(session, name)


def find_plan(settings: Settings, name: str) -> Plan:
    """Find what a scenario assumes: a kept one of this name, else the preset.

    Parameters
    ----------
    settings
        Where database and presets are.
    name
        As listed by ``lianwen scenarios``.

    Returns
    -------
    Plan
        What it assumes.

    Raises
    ------
    UnknownKeyError
        When neither is there, with near matches of both.
    """
    plans = {preset.preset_id: preset.plan for preset in list_presets(settings.data_dir)}
    plans |= {kept.name: kept.plan for kept in kept_scenarios(settings)}
    wanted = " ".join(name.split())
    if wanted not in plans:
        raise UnknownKeyError(
            f"there is no scenario {name!r}; see lianwen scenarios",
            near=near_matches(name, plans),
            zh=f"没有情景 {name!r};见 lianwen scenarios",
        )
    return plans[wanted]


def rerun_scenario(settings: Settings, name: str) -> tuple[Answer, AnswerChange | None]:
    """Run a kept scenario on the data of today, and keep the answer when it rests on something new.

    Parameters
    ----------
    settings
        Where the database is.
    name
        Which scenario.

    Returns
    -------
    tuple of Answer and AnswerChange or None
        What it gives now, and how that differs from the last answer; None where there was none.

    Raises
    ------
    UnknownKeyError
        When no scenario has this name, or what it stops is not in the data any more.
    """
    kept = find_scenario(settings, name)
    answer = answer_plan(settings, kept.plan)
    return answer, keep_answer(settings, name, answer)


def keep_answer(settings: Settings, name: str, answer: Answer) -> AnswerChange | None:
    """Keep a new answer of a scenario, unless it rests on the same as the last.

    Parameters
    ----------
    settings
        Where the database is.
    name
        Which scenario.
    answer
        What it gives now.

    Returns
    -------
    AnswerChange or None
        How it differs from the last answer; None where there was none.
    """
    with writing(settings) as session:
        kept = repository.read_scenario(session, name)
        last = kept.answers[0].answer if kept.answers else None
        change = compare_answers(last, answer) if last else None
        if change is None or change.data_changed or change.code_changed or change.defaults_changed:
            repository.add_answer(session, kept.scenario_id, answer=answer, at=datetime.now(UTC))
    return change


def drop_scenario(settings: Settings, name: str) -> None:
    """Remove a kept scenario with its answers.

    Parameters
    ----------
    settings
        Where the database is.
    name
        Which.

    Raises
    ------
    UnknownKeyError
        When none has this name.
    """
    with writing(settings) as session:
        repository.delete_scenario(session, name)


def compare_answers(before: Answer, after: Answer) -> AnswerChange:
    """Compare two answers.

    Parameters
    ----------
    before, after
        Of the same plan.

    Returns
    -------
    AnswerChange
        What differs, and what they rest on.
    """
    hit_before, hit_after = _hit(before.simulation), _hit(after.simulation)
    return AnswerChange(
        before=before,
        after=after,
        data_changed=before.data_version != after.data_version,
        code_changed=before.code_version != after.code_version,
        defaults_changed=before.defaults_digest != after.defaults_digest,
        loss_moved=_moved(before, after),
        units_hit=tuple(sorted(hit_after - hit_before)),
        units_spared=tuple(sorted(hit_before - hit_after)),
    )


def _hit(simulation: Simulation | None) -> set[tuple[str, str]]:
    units = simulation.units if simulation else ()
    return {(unit.supplier_id, unit.item_id) for unit in units if unit.first_day is not None}


def _moved(before: Answer, after: Answer) -> bool:
    one, other = before.simulation, after.simulation
    if one is None or other is None:
        return before.merger != after.merger
    days = (one.first_day, one.recovery_day) != (other.first_day, other.recovery_day)
    losses = ((one.mean_loss, other.mean_loss), (one.worst_loss, other.worst_loss))
    return days or any(abs(left - right) >= MOVED for left, right in losses)
