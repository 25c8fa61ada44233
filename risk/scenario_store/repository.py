"""Scenarios in the database: kept, listed, run again, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from risk.errors import ScenarioNameError
from risk.scenario_store.model import SavedAnswer, SavedScenario
from risk.scenario_store.rows import answer_json, plan_json, read_answer, read_plan
from risk.scenario_store.tables import ScenarioAnswerRow, ScenarioRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from risk.scenario_store.model import Answer, Plan

LONGEST_NAME = 80


def save_scenario(
    session: Session,
    name: str,
    *,
    plan: Plan,
    origin: str,
    at: datetime,
    officer: tuple[str, str] | None = None,
    answer: Answer | None = None,
) -> int:
    """Keep a scenario under a new name.

    Parameters
    ----------
    session
        A write session.
    name
        For people; blanks around it do not count.
    plan
        What it assumes.
    origin
        Where it came from: ``page``, ``command``, ``preset:ID``, ``event:ID``.
    at
        Now, aware.
    officer
        Name and unit of who keeps it; None from the command line.
    answer
        What it gave, if it was run already.

    Returns
    -------
    int
        The scenario's number.

    Raises
    ------
    ScenarioNameError
        When the name is blank, too long, or taken.
    """
    wanted = _checked_name(session, name)
    by_name, by_unit = officer or (None, None)
    row = {
        "name": wanted,
        "chain_id": plan.chain_id,
        "plan": plan_json(plan),
        "origin": origin,
        "saved_at": at,
        "by_name": by_name,
        "by_unit": by_unit,
    }
    scenario_id = session.scalars(insert(ScenarioRow).values(row).returning(ScenarioRow.id)).one()
    if answer is not None:
        add_answer(session, scenario_id, answer=answer, at=at)
    return scenario_id


def _checked_name(session: Session, name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted:
        raise ScenarioNameError("give the scenario a name", zh="请给情景起一个名称")
    if len(wanted) > LONGEST_NAME:
        raise ScenarioNameError(
            f"the name has {len(wanted)} characters; {LONGEST_NAME} are the most",
            zh=f"名称有 {len(wanted)} 个字;最多 {LONGEST_NAME} 个字",
        )
    if session.scalar(select(ScenarioRow.id).where(ScenarioRow.name == wanted)) is not None:
        raise ScenarioNameError(
            f"a scenario named {wanted!r} is kept already; choose another name or delete that one",
            zh=f"已经有名为 {wanted!r} 的情景;请换一个名称,或先删除原来的",
        )
    return wanted


def add_answer(session: Session, scenario_id: int, *, answer: Answer, at: datetime) -> int:
    """Keep what a scenario gave when it was run.

    Parameters
    ----------
    session
        A write session.
    scenario_id
        Which scenario.
    answer
        What was found.
    at
        Now, aware.

    Returns
    -------
    int
        The answer's number.
    """
    row = {
        "scenario_id": scenario_id,
        "computed_at": at,
        "data_version": answer.data_version,
        "code_version": answer.code_version,
        "defaults_digest": answer.defaults_digest,
        "answer": answer_json(answer),
    }
    return session.scalars(insert(ScenarioAnswerRow).values(row).returning(ScenarioAnswerRow.id)).one()


def list_scenarios(session: Session, *, chain_id: str | None = None) -> tuple[SavedScenario, ...]:
    """List the scenarios that are kept, with all their answers.

    Parameters
    ----------
    session
        A read session.
    chain_id
        Only of this chain.

    Returns
    -------
    tuple of SavedScenario
        The newest first.
    """
    query = select(ScenarioRow).order_by(ScenarioRow.id.desc())
    if chain_id is not None:
        query = query.where(ScenarioRow.chain_id == chain_id)
    return tuple(_read(session, row) for row in session.scalars(query).all())


def read_scenario(session: Session, name: str) -> SavedScenario:
    """Find a scenario by its name.

    Parameters
    ----------
    session
        A read or write session.
    name
        Exactly as kept, blanks around it aside.

    Returns
    -------
    SavedScenario
        With all its answers.

    Raises
    ------
    UnknownKeyError
        When none has this name, with near matches.
    """
    wanted = " ".join(name.split())
    row = session.scalar(select(ScenarioRow).where(ScenarioRow.name == wanted))
    if row is None:
        known = session.scalars(select(ScenarioRow.name)).all()
        raise UnknownKeyError(
            f"no scenario named {name!r} is kept",
            near=near_matches(name, known),
            zh=f"没有名为 {name!r} 的情景",
        )
    return _read(session, row)


def delete_scenario(session: Session, name: str) -> None:
    """Remove a scenario and its answers.

    Parameters
    ----------
    session
        A write session.
    name
        Which.

    Raises
    ------
    UnknownKeyError
        When none has this name.
    """
    scenario_id = read_scenario(session, name).scenario_id
    session.execute(delete(ScenarioAnswerRow).where(ScenarioAnswerRow.scenario_id == scenario_id))
    session.execute(delete(ScenarioRow).where(ScenarioRow.id == scenario_id))


def _read(session: Session, row: ScenarioRow) -> SavedScenario:
    answers = session.scalars(
        select(ScenarioAnswerRow)
        .where(ScenarioAnswerRow.scenario_id == row.id)
        .order_by(ScenarioAnswerRow.id.desc())
    )
    return SavedScenario(
        scenario_id=row.id,
        name=row.name,
        plan=read_plan(row.plan),
        origin=row.origin,
        saved_at=row.saved_at,
        by_name=row.by_name,
        by_unit=row.by_unit,
        answers=tuple(SavedAnswer(one.id, one.computed_at, read_answer(one.answer)) for one in answers),
    )
