"""What a list would do to scores and alerts, as cells and as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desk.import_effect import Effect, NodeMove
    from desk.output import Cell
    from risk.alerts.model import AlertPlan

EFFECT_COLUMNS = (
    "scope", "key", "name_zh", "level_before", "level_after", "residual_run_before", "residual_run_after",
    "residual_build_before", "residual_build_after", "exposure_run_before", "exposure_run_after",
    "exposure_build_before", "exposure_build_after",
)  # fmt: skip
BRIEF_EFFECT_COLUMNS = (
    "scope", "key", "name_zh", "level_before", "level_after", "residual_run_before", "residual_run_after",
    "exposure_build_before", "exposure_build_after",
)  # fmt: skip


def effect_cells(move: NodeMove) -> dict[str, Cell]:
    """Cells of a node that a list would move.

    Parameters
    ----------
    move
        Before and after.

    Returns
    -------
    dict
        By the names of `EFFECT_COLUMNS`.
    """
    cells: dict[str, Cell] = {
        "scope": move.node.scope.value,
        "key": move.node.key,
        "name_zh": move.node.name_zh,
        "level_before": move.level_before.value if move.level_before else None,
        "level_after": move.level_after.value if move.level_after else None,
    }
    for when, scores in (("before", move.before), ("after", move.after)):
        for name in ("residual_run", "residual_build", "exposure_run", "exposure_build"):
            value = getattr(scores, name) if scores else float("nan")
            cells[f"{name}_{when}"] = None if value != value else value  # noqa: PLR0124 - NaN
    return cells


def effect_json(effect: Effect) -> dict[str, Any]:
    """Write an effect as plain values.

    Parameters
    ----------
    effect
        What a list would do.

    Returns
    -------
    dict
        ``moves``, ``nodes`` compared, ``elsewhere``, and ``alerts``: opens, worsens, closes; None without a
        run to compare with.
    """
    return {
        "nodes": effect.nodes,
        "elsewhere": list(effect.elsewhere),
        "moves": [effect_cells(move) for move in effect.moves],
        "alerts": None if effect.alerts is None else alert_cells(effect.alerts),
    }


def alert_cells(plan: AlertPlan) -> dict[str, list[dict[str, Any]]]:
    """Write which alerts would open, worsen or close.

    Parameters
    ----------
    plan
        From `risk.alerts.foresight.foresee_alerts`.

    Returns
    -------
    dict
        Rule, node and level of each.
    """
    drafts = {"opens": plan.opens, "worsens": tuple(draft for _, draft in plan.worsens)}
    told: dict[str, list[dict[str, Any]]] = {
        name: [
            {
                "rule": draft.rule,
                "scope": draft.change.node.scope.value,
                "key": draft.change.node.key,
                "name_zh": draft.change.node.name_zh,
                "level": draft.level.value,
            }
            for draft in found
        ]
        for name, found in drafts.items()
    }
    told["closes"] = [
        {
            "alert_id": alert.alert_id,
            "rule": alert.rule,
            "scope": alert.scope.value,
            "key": alert.key,
            "name_zh": alert.name_zh,
            "level": alert.level.value,
        }
        for alert in plan.closes
    ]
    return told
