"""Answers of scenarios as rows: for tables, csv and json of the command line, and for frames of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.model import End
from desk.cut_words import format_cut, format_stock
from desk.words import format_shock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desk.output import Cell
    from desk.scenario import Baseline
    from risk.mergers import GroupScores, MergerOutcome
    from risk.scenario_store.model import Plan, Preset, SavedScenario
    from risk.scenarios import Simulation

SIMULATION_COLUMNS = (
    "chain",
    "horizon",
    "exposure",
    "mean_loss",
    "first_day",
    "recovery_day",
    "bare_loss",
    "substituted_loss",
    "worst_loss",
    "worst_day",
    "units_hit",
)
UNIT_COLUMNS = ("supplier", "item", "mean_loss", "first_day", "recovery_day", "worst_loss")
DAY_COLUMNS = ("day", "loss", "bare_loss", "substituted_loss")
TAKEOVER_COLUMNS = ("item", "supplier", "buyer", "most", "most_day", "first_day", "mean")
BASELINE_COLUMNS = ("what", "exposure", "residual", "tts_days", "recovery_day", "run_id")
GROUP_COLUMNS = (
    "group",
    "firms",
    "end",
    "exposure_run",
    "residual_run",
    "exposure_build",
    "residual_build",
    "first_day",
    "level",
    "verdict",
)
LIST_COLUMNS = (
    "item",
    "buyer",
    "groups_before",
    "groups_after",
    "share_group",
    "share_into",
    "hhi_before",
    "hhi_after",
)
SCENARIO_COLUMNS = (
    "name",
    "kind",
    "chain",
    "mode",
    "horizon",
    "assumes",
    "mean_loss",
    "first_day",
    "data_version",
)
COMPARISON_COLUMNS = ("what", "first", "second")


def simulation_cells(found: Simulation) -> dict[str, Cell]:
    """Write a simulation as one row.

    Parameters
    ----------
    found
        From `desk.scenario.simulate_shocks`.

    Returns
    -------
    dict
        Cells by the names of `SIMULATION_COLUMNS`.
    """
    return {
        "chain": found.chain_id,
        "horizon": found.horizon,
        "exposure": found.exposure,
        "mean_loss": found.mean_loss,
        "first_day": found.first_day,
        "recovery_day": found.recovery_day,
        "bare_loss": found.bare_loss,
        "substituted_loss": found.substituted_loss,
        "worst_loss": found.worst_loss,
        "worst_day": found.worst_day,
        "units_hit": sum(unit.first_day is not None for unit in found.units),
    }


def unit_cells(found: Simulation) -> list[dict[str, Cell]]:
    """Write the units of a simulation as rows, by supplier and item.

    Parameters
    ----------
    found
        From `desk.scenario.simulate_shocks`.

    Returns
    -------
    list of dict
        Cells by the names of `UNIT_COLUMNS`.
    """
    return [
        {
            "supplier": unit.supplier_id,
            "item": unit.item_id,
            "mean_loss": unit.mean_loss,
            "first_day": unit.first_day,
            "recovery_day": unit.recovery_day,
            "worst_loss": unit.worst_loss,
        }
        for unit in sorted(found.units, key=lambda unit: (unit.supplier_id, unit.item_id))
    ]


def day_cells(found: Simulation) -> list[dict[str, Cell]]:
    """Write the losses of every day as rows.

    Parameters
    ----------
    found
        A simulation.

    Returns
    -------
    list of dict
        Cells by the names of `DAY_COLUMNS`.
    """
    paths = zip(found.loss_path, found.bare_path, found.substituted_path, strict=True)
    return [
        {"day": day, "loss": loss, "bare_loss": bare, "substituted_loss": substituted}
        for day, (loss, bare, substituted) in enumerate(paths)
    ]


def takeover_cells(found: Simulation) -> list[dict[str, Cell]]:
    """Write who takes over how much by which day as rows.

    Parameters
    ----------
    found
        A simulation.

    Returns
    -------
    list of dict
        Cells by the names of `TAKEOVER_COLUMNS`; a blank buyer is the market.
    """
    return [
        {
            "item": one.item_id,
            "supplier": one.supplier_id,
            "buyer": one.buyer_id,
            "most": one.most,
            "most_day": one.most_day,
            "first_day": one.first_day,
            "mean": one.mean,
        }
        for one in found.takeovers
    ]


def baseline_cells(found: Simulation, baseline: Baseline | None) -> list[dict[str, Cell]]:
    """Set a simulation beside the stored scores of its node.

    Parameters
    ----------
    found
        A simulation.
    baseline
        From `desk.scenario.read_baseline`.

    Returns
    -------
    list of dict
        Cells by the names of `BASELINE_COLUMNS`: the scenario, then the three ends of the stored scores.
    """
    rows: list[dict[str, Cell]] = [
        {
            "what": "scenario",
            "exposure": found.exposure,
            "residual": found.mean_loss,
            "tts_days": found.first_day,
            "recovery_day": found.recovery_day,
            "run_id": None,
        }
    ]
    if baseline is None:
        return rows
    for end in (End.LOW, End.POINT, End.HIGH):
        scores = baseline.scores[end]
        rows.append(
            {
                "what": f"stored_{end.value}",
                "exposure": scores.exposure,
                "residual": scores.residual,
                "tts_days": _whole_day(scores.tts_days),
                "recovery_day": _whole_day(scores.recovery_day),
                "run_id": baseline.run_id,
            }
        )
    return rows


def group_cells(found: MergerOutcome) -> list[dict[str, Cell]]:
    """Write the groups of a merger as rows: the two as they are, then both as one; low end and point.

    Parameters
    ----------
    found
        What a merger changes.

    Returns
    -------
    list of dict
        Cells by the names of `GROUP_COLUMNS`.
    """
    named = [(one.key, one) for one in found.groups]
    named.append(("+".join(one.key for one in found.groups), found.merged))
    return [_group_row(name, one, end) for name, one in named for end in (End.LOW, End.POINT)]


def _group_row(name: str, group: GroupScores, end: End) -> dict[str, Cell]:
    figures = group.low if end is End.LOW else group.point
    return {
        "group": name,
        "firms": group.firms,
        "end": end.value,
        "exposure_run": figures.exposure_run,
        "residual_run": figures.residual_run,
        "exposure_build": figures.exposure_build,
        "residual_build": figures.residual_build,
        "first_day": figures.first_day,
        "level": (group.level if end is End.LOW else group.level_point).value,
        "verdict": group.verdict.value,
    }


def list_cells(found: MergerOutcome) -> list[dict[str, Cell]]:
    """Write the lists in which both groups stand as rows.

    Parameters
    ----------
    found
        What a merger changes.

    Returns
    -------
    list of dict
        Cells by the names of `LIST_COLUMNS`; a blank buyer is the market, other blanks are unknown.
    """
    return [
        {
            "item": one.item_id,
            "buyer": one.buyer_id,
            "groups_before": one.groups_before,
            "groups_after": one.groups_after,
            "share_group": one.share_group,
            "share_into": one.share_into,
            "hhi_before": one.hhi_before,
            "hhi_after": one.hhi_after,
        }
        for one in found.lists
    ]


def assumes(plan: Plan) -> str:
    """Write what a plan assumes as it is typed.

    Parameters
    ----------
    plan
        Shocks or a merger.

    Returns
    -------
    str
        Shocks, cuts and stocks joined by blanks, or ``group>into``.

    Examples
    --------
    >>> from desk.words import parse_shock
    >>> from risk.scenario_store.model import Merger, Plan
    >>> assumes(Plan("ic", (parse_shock("country:JPN"), parse_shock("city:无锡:1:10:7"))))
    'country:JPN city:无锡:1:10:7'
    >>> assumes(Plan("pv", merger=Merger("lihao", "tongwei")))
    'lihao>tongwei'
    """
    if plan.merger is not None:
        return f"{plan.merger.group}>{plan.merger.into}"
    return " ".join(
        [
            *map(format_shock, plan.shocks),
            *map(format_cut, plan.cuts),
            *(f"stock={format_stock(one)}" for one in plan.stock),
        ]
    )


def scenario_cells(presets: Iterable[Preset], kept: Iterable[SavedScenario]) -> list[dict[str, Cell]]:
    """List presets and kept scenarios as rows.

    Parameters
    ----------
    presets
        As shipped.
    kept
        As kept, with their answers.

    Returns
    -------
    list of dict
        Cells by the names of `SCENARIO_COLUMNS`; a kept scenario with its last answer.
    """
    rows = [_plan_row(preset.preset_id, "preset", preset.plan) for preset in presets]
    for one in kept:
        last = one.answers[0].answer if one.answers else None
        row = _plan_row(one.name, "saved", one.plan)
        if last is not None:
            row["data_version"] = last.data_version
        if last is not None and last.simulation is not None:
            row |= {"mean_loss": last.simulation.mean_loss, "first_day": last.simulation.first_day}
        rows.append(row)
    return rows


def _plan_row(name: str, kind: str, plan: Plan) -> dict[str, Cell]:
    return {
        "name": name,
        "kind": kind,
        "chain": plan.chain_id,
        "mode": plan.mode.value,
        "horizon": plan.horizon,
        "assumes": assumes(plan),
    }


def comparison_cells(first: Simulation, second: Simulation) -> list[dict[str, Cell]]:
    """Set two simulations side by side.

    Parameters
    ----------
    first, second
        Of any two plans.

    Returns
    -------
    list of dict
        Cells by the names of `COMPARISON_COLUMNS`, one row a figure.
    """
    left, right = simulation_cells(first), simulation_cells(second)
    names: Sequence[str] = SIMULATION_COLUMNS
    return [{"what": name, "first": left[name], "second": right[name]} for name in names]


def _whole_day(day: float | None) -> int | None:
    return None if day is None else round(day)
