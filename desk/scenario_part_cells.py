"""Parts of an answer as rows: losses of provinces, and what each source or shock would do alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.words import format_shock

if TYPE_CHECKING:
    from desk.output import Cell
    from risk.scenario_store.model import Answer

PROVINCE_COLUMNS = ("province", "units", "units_hit", "mean_loss", "first_day", "weighed", "left_out")
PART_COLUMNS = ("what", "exposure", "mean_loss", "first_day")


def province_cells(answer: Answer) -> list[dict[str, Cell]]:
    """Write the losses of provinces as rows, Jiangsu first.

    Parameters
    ----------
    answer
        To shocks and cuts.

    Returns
    -------
    list of dict
        Cells by the names of `PROVINCE_COLUMNS`.
    """
    return [
        {
            "province": one.province,
            "units": one.units,
            "units_hit": one.hit,
            "mean_loss": one.mean_loss,
            "first_day": one.first_day,
            "weighed": one.weighed,
            "left_out": one.left_out,
        }
        for one in answer.provinces
    ]


def part_cells(answer: Answer) -> list[dict[str, Cell]]:
    """Write what each part of a scenario would do alone as rows, then all together and what that adds.

    Parameters
    ----------
    answer
        To shocks and cuts.

    Returns
    -------
    list of dict
        Cells by the names of `PART_COLUMNS`: each part, ``joint``, ``interaction`` (joint less the largest
        part). Without parts only ``joint``.
    """
    rows: list[dict[str, Cell]] = [
        {
            "what": one.source if one.shock is None else format_shock(one.shock),
            "exposure": one.exposure,
            "mean_loss": one.mean_loss,
            "first_day": one.first_day,
        }
        for one in answer.parts
    ]
    if answer.simulation is not None:
        whole = answer.simulation
        rows.append(
            {
                "what": "joint",
                "exposure": whole.exposure,
                "mean_loss": whole.mean_loss,
                "first_day": whole.first_day,
            }
        )
    if answer.interaction is not None:
        exposure, mean_loss = answer.interaction
        rows.append({"what": "interaction", "exposure": exposure, "mean_loss": mean_loss, "first_day": None})
    return rows
