"""What the page of scenarios asks the desk for; answers are kept by plan and state of the facts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from desk import presets, scenario, scenario_kept
from desk.scenario_process import WhatIfProcess
from desk.scenario_targets import ScenarioTargets, read_targets
from risk.scenario_store.rows import plan_json, read_plan
from views import queries
from views.page_queries import facts_key

if TYPE_CHECKING:
    from desk.officer import Officer
    from desk.scenario import Baseline
    from desk.scenario_kept import AnswerChange
    from risk.scenario_store.model import Answer, Plan, Preset, SavedScenario
    from views.page_queries import FactsKey

_KEPT_ANSWERS = 40
_KEPT_CHAINS = 8


@st.cache_resource(show_spinner=False)
def what_if_process() -> WhatIfProcess:
    """Start the process that answers what-ifs, one for all sessions.

    Returns
    -------
    WhatIfProcess
        Already loading its compiled code.
    """
    queries.get_settings()
    process = WhatIfProcess()
    process.warm()
    return process


def answer(plan: Plan) -> Answer:
    """Answer a plan on the facts as they are.

    Parameters
    ----------
    plan
        Shocks or a merger.

    Returns
    -------
    Answer
        From the process of what-ifs, or as it answered the same before.
    """
    return _answer(json.dumps(plan_json(plan), sort_keys=True), facts_key())


def worked_example() -> tuple[Answer, ...]:
    """Answer the worked example of home and abroad.

    Returns
    -------
    tuple of Answer
        From the process of what-ifs, once for each state of the defaults.
    """
    return _worked_example(facts_key())


def load_presets() -> tuple[Preset, ...]:
    """List the presets that are shipped.

    Returns
    -------
    tuple of Preset
        Read anew each time: they are small files.
    """
    return presets.list_presets(queries.get_settings().data_dir)


def load_kept() -> tuple[SavedScenario, ...]:
    """List the scenarios that are kept; never cached.

    Returns
    -------
    tuple of SavedScenario
        The newest first.
    """
    return scenario_kept.kept_scenarios(queries.get_settings())


def load_targets(chain_id: str) -> ScenarioTargets:
    """Read what a scenario of a chain can be about.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    ScenarioTargets
        Nodes and names.
    """
    return _read_targets(chain_id, facts_key())


def load_baseline(plan: Plan) -> Baseline | None:
    """Read the stored scores of the node that a plan stops.

    Parameters
    ----------
    plan
        What is assumed.

    Returns
    -------
    Baseline or None
        None unless it stops one node fully and for good.
    """
    return scenario.read_baseline(queries.get_settings(), plan)


def keep(name: str, found: Answer, *, origin: str, officer: Officer) -> None:
    """Keep a scenario with its answer.

    Parameters
    ----------
    name
        For people.
    found
        What it gave.
    origin
        ``page`` or ``preset:ID``.
    officer
        Who keeps it.
    """
    scenario_kept.keep_scenario(
        queries.get_settings(), name, plan=found.plan, origin=origin, officer=officer, answer=found
    )


def keep_answer(name: str, found: Answer) -> AnswerChange | None:
    """Keep the answer of a rerun.

    Parameters
    ----------
    name
        Which scenario.
    found
        What it gives now.

    Returns
    -------
    AnswerChange or None
        How it differs from the last one.
    """
    return scenario_kept.keep_answer(queries.get_settings(), name, found)


def drop(name: str) -> None:
    """Remove a kept scenario.

    Parameters
    ----------
    name
        Which.
    """
    scenario_kept.drop_scenario(queries.get_settings(), name)


@st.cache_resource(show_spinner=False, max_entries=_KEPT_ANSWERS)
def _answer(plan: str, facts: FactsKey) -> Answer:  # noqa: ARG001 - cache key
    return what_if_process().answer(read_plan(json.loads(plan)))


@st.cache_resource(show_spinner=False, max_entries=1)
def _worked_example(facts: FactsKey) -> tuple[Answer, ...]:  # noqa: ARG001 - cache key
    return what_if_process().worked_example()


@st.cache_resource(show_spinner=False, max_entries=_KEPT_CHAINS)
def _read_targets(chain_id: str, facts: FactsKey) -> ScenarioTargets:  # noqa: ARG001 - cache key
    return read_targets(queries.get_settings(), chain_id)
