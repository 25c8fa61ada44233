"""Between plain values (JSON columns, a worker's pipe) and the values of scenarios."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from chains.model import Mode, Perspective, Region, Scope
from risk.mergers import GroupFigures, GroupScores, MergedList, MergerOutcome
from risk.model import Cut, Level, Shock, Verdict
from risk.provinces import ProvinceLoss
from risk.scenario_store.model import Answer, Merger, PartLoss, Plan
from risk.scenarios import Simulation, Takeover, UnitLoss

UNTOUCHED = 1e-12
"""A unit that loses less than this on its worst day is not kept."""


def plan_json(plan: Plan) -> dict[str, Any]:
    """Lay a plan out as plain values.

    Parameters
    ----------
    plan
        The value.

    Returns
    -------
    dict
        Words, numbers, lists, null.
    """
    return asdict(plan)


def read_plan(stored: dict[str, Any]) -> Plan:
    """Rebuild a plan.

    Parameters
    ----------
    stored
        From `plan_json`, perhaps through JSON.

    Returns
    -------
    Plan
        Equal to what was laid out.
    """
    merger = stored["merger"]
    return Plan(
        chain_id=stored["chain_id"],
        shocks=tuple(_shock(shock) for shock in stored["shocks"]),
        merger=Merger(**merger) if merger else None,
        mode=Mode(stored["mode"]),
        horizon=stored["horizon"],
        cuts=tuple(_cut(cut) for cut in stored.get("cuts", ())),
        perspective=Perspective(stored.get("perspective", Perspective.WORLD)),
        stock=tuple((item, days) for item, days in stored.get("stock", ())),
    )


def _shock(stored: dict[str, Any]) -> Shock:
    return Shock(**{**stored, "scope": Scope(stored["scope"]), "items": tuple(stored["items"])})


def _cut(stored: dict[str, Any]) -> Cut:
    lists = {name: tuple(stored[name]) for name in ("sources", "items")}
    return Cut(**{**stored, **lists, "region": Region(stored["region"])})


def _part(stored: dict[str, Any]) -> PartLoss:
    return PartLoss(**{**stored, "shock": _shock(stored["shock"]) if stored["shock"] else None})


def answer_json(answer: Answer) -> dict[str, Any]:
    """Lay an answer out as plain values; units that lose nothing are left out.

    Parameters
    ----------
    answer
        The value.

    Returns
    -------
    dict
        Words, numbers, lists, null.
    """
    plain = asdict(answer)
    if answer.simulation is not None:
        plain["simulation"]["units"] = [
            asdict(unit) for unit in answer.simulation.units if unit.worst_loss > UNTOUCHED
        ]
    return plain


def read_answer(stored: dict[str, Any]) -> Answer:
    """Rebuild an answer.

    Parameters
    ----------
    stored
        From `answer_json`, perhaps through JSON.

    Returns
    -------
    Answer
        Equal to what was laid out, without the units that lose nothing.
    """
    simulation, merger = stored["simulation"], stored["merger"]
    return Answer(
        plan=read_plan(stored["plan"]),
        data_version=stored["data_version"],
        code_version=stored["code_version"],
        defaults_digest=stored["defaults_digest"],
        simulation=_simulation(simulation) if simulation else None,
        merger=_merger(merger) if merger else None,
        provinces=tuple(ProvinceLoss(**one) for one in stored.get("provinces", ())),
        parts=tuple(_part(one) for one in stored.get("parts", ())),
    )


def _simulation(stored: dict[str, Any]) -> Simulation:
    paths = {name: tuple(stored[name]) for name in ("loss_path", "bare_path", "substituted_path")}
    return Simulation(
        **{
            **stored,
            **paths,
            "mode": Mode(stored["mode"]),
            "units": tuple(UnitLoss(**unit) for unit in stored["units"]),
            "takeovers": tuple(Takeover(**takeover) for takeover in stored["takeovers"]),
        }
    )


def _merger(stored: dict[str, Any]) -> MergerOutcome:
    return MergerOutcome(
        **{
            **stored,
            "groups": tuple(_group(group) for group in stored["groups"]),
            "merged": _group(stored["merged"]),
            "lists": tuple(MergedList(**one) for one in stored["lists"]),
        }
    )


def _group(stored: dict[str, Any]) -> GroupScores:
    return GroupScores(
        **{
            **stored,
            "low": GroupFigures(**stored["low"]),
            "point": GroupFigures(**stored["point"]),
            "level": Level(stored["level"]),
            "level_point": Level(stored["level_point"]),
            "verdict": Verdict(stored["verdict"]),
        }
    )
