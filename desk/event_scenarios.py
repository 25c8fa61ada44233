"""A disruption event of an uploaded list as a scenario that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chains.errors import LianwenError, UnknownKeyError
from chains.matching import near_matches
from chains.model import Scope
from desk.lists import list_events
from desk.scenario_kept import keep_scenario, kept_scenarios
from desk.scenario_targets import read_targets
from risk.model import MAIN_HORIZON, STORED_HORIZONS, Shock
from risk.scenario_store.model import Plan
from risk.scenario_store.repository import LONGEST_NAME

if TYPE_CHECKING:
    from datetime import date

    from desk.lists import Event
    from desk.officer import Officer
    from settings import Settings

_ORIGIN: Final = "event:"


class EventScenarioError(LianwenError):
    """An event cannot become a scenario."""

    code = "event-scenario"


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event that became a scenario.

    Attributes
    ----------
    event_id
        Which event.
    name
        Of the scenario.
    plan
        What it assumes.
    """

    event_id: str
    name: str
    plan: Plan


def event_id(event: Event) -> str:
    """Name an event for commands, links and the origin of its scenario.

    Parameters
    ----------
    event
        From `desk.lists.list_events`.

    Returns
    -------
    str
        Upload and row, such as ``3-2``.
    """
    return f"{event.upload_id}-{event.row}"


def find_event(settings: Settings, chain_id: str, wanted: str, *, today: date | None = None) -> Event:
    """Find an event of a chain that counts.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.
    wanted
        As `event_id` writes it.
    today
        The day it is seen from; None for today in China.

    Returns
    -------
    Event
        As it acts on that day.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded or has no such event, with near ids.
    """
    events = {event_id(event): event for event in list_events(settings, chain_id, today=today)}
    if wanted not in events:
        raise UnknownKeyError(
            f"chain {chain_id} has no disruption event {wanted!r}; see lianwen events --chain {chain_id}",
            near=near_matches(wanted, events),
            zh=f"产业链 {chain_id} 没有断供事件 {wanted!r};见 lianwen events --chain {chain_id}",
        )
    return events[wanted]


def event_plan(settings: Settings, chain_id: str, event: Event) -> Plan:
    """Say what an event assumes as a scenario, seen from a day.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Whose end output is looked at.
    event
        From `desk.lists.list_events`; its day is day 0.

    Returns
    -------
    Plan
        Run mode; over the main horizon, or the first stored one that the event begins within.

    Raises
    ------
    EventScenarioError
        When the event stands for no node of the chain, is over, has no effect, or begins too far ahead.
    """
    if event.target is None:
        raise _not_on_chain(event, chain_id)
    if event.shock is None:
        raise EventScenarioError(
            f"the event {event.what!r} at {event.where!r} is over or stops nothing, so there is no shock",
            zh=f"事件“{event.what}”({event.where})已经结束或影响程度为 0,没有可推演的冲击",
        )
    word, _, key = event.target.partition(":")
    scope = Scope(word)
    if (scope, key) not in read_targets(settings, chain_id).made:
        raise _not_on_chain(event, chain_id)
    severity, start, *days = event.shock.removeprefix(f"{event.target}:").split(":")
    start_day = int(start)
    shock = Shock(
        scope, key, severity=float(severity), start_day=start_day, days=int(days[0]) if days else None
    )
    return Plan(chain_id, shocks=(shock,), horizon=_horizon(event, start_day))


def _not_on_chain(event: Event, chain_id: str) -> EventScenarioError:
    return EventScenarioError(
        f"the place or item {event.where!r} of the event {event.what!r} is not on chain {chain_id},"
        " so it is no scenario there; mend the name in the list, or choose the chain that has it",
        zh=f"事件“{event.what}”的地点或对象“{event.where}”不在产业链 {chain_id} 上,不能作为这条链的情景;"
        "请改正名单中的名称,或换到有它的产业链",
    )


def _horizon(event: Event, start_day: int) -> int:
    for days in (MAIN_HORIZON, *STORED_HORIZONS):
        if days >= MAIN_HORIZON and start_day < days:
            return days
    raise EventScenarioError(
        f"the event {event.what!r} begins on {event.starts_on}, in {start_day} days; scenarios look at most"
        f" {STORED_HORIZONS[-1]} days ahead",
        zh=f"事件“{event.what}”{event.starts_on} 才开始,距今 {start_day} 天;"
        f"情景最多推演 {STORED_HORIZONS[-1]} 天",
    )


def events_kept(settings: Settings, chain_id: str) -> dict[str, str]:
    """Tell which events of a chain are scenarios already.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.

    Returns
    -------
    dict
        Event id to the name of the scenario.
    """
    return {
        one.origin.removeprefix(_ORIGIN): one.name
        for one in kept_scenarios(settings, chain_id)
        if one.origin.startswith(_ORIGIN)
    }


def keep_event(
    settings: Settings,
    chain_id: str,
    wanted: str,
    *,
    name: str | None = None,
    officer: Officer | None = None,
    today: date | None = None,
) -> KeptEvent:
    """Keep an event as a scenario, as it acts on a day.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.
    wanted
        The event, as `event_id` writes it.
    name
        For people; None for what, where and from when.
    officer
        Who keeps it; None from the command line.
    today
        Day 0 of the scenario; None for today in China.

    Returns
    -------
    KeptEvent
        The scenario has no answer yet; it is run when it is opened.

    Raises
    ------
    UnknownKeyError
        When there is no such chain or event.
    EventScenarioError
        When it stands for no node of the chain, is over, begins too far ahead, or is a scenario already.
    ScenarioNameError
        When the name is blank, too long, or taken.
    """
    event = find_event(settings, chain_id, wanted, today=today)
    earlier = events_kept(settings, chain_id).get(wanted)
    if earlier is not None:
        raise EventScenarioError(
            f"event {wanted} is kept already as scenario {earlier!r}; delete that one first to keep the event"
            " as it acts today",
            zh=f"事件 {wanted} 已存为情景“{earlier}”;要按今天的天数另存,请先删除原来的情景",
        )
    plan = event_plan(settings, chain_id, event)
    said = suggest_name(event) if name is None else " ".join(name.split())
    keep_scenario(settings, said, plan=plan, origin=f"{_ORIGIN}{wanted}", officer=officer)
    return KeptEvent(wanted, said, plan)


def suggest_name(event: Event) -> str:
    """Name the scenario of an event.

    Parameters
    ----------
    event
        From `desk.lists.list_events`.

    Returns
    -------
    str
        What, where, from when, and the event's id, so that two like events differ; at most 80 characters.
    """
    tail = f" {event.starts_on.isoformat()} #{event_id(event)}"
    head = " ".join(f"{event.what} · {event.where}".split())
    return head[: LONGEST_NAME - len(tail)] + tail
