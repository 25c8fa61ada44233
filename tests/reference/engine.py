"""The engine, asked in the words of the twin, so that a test sets one answer beside the other."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.model import End, Mode, Scope
from chains.union import join_folders
from risk.compute import compute_scores
from risk.levels import load_levels
from risk.model import ENDS, MODES, NODE_SCOPES
from risk.scenarios import simulate
from tests.reference.scores import Outcome, Scores

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chains.model import ChainFolder
    from risk.model import ScoreTable, Shock

DATA = Path(__file__).parents[2] / "data"
DEFAULTS = load_defaults(DATA / "defaults.toml")
LEVELS = load_levels(DATA / "levels.toml")

Key = tuple[Mode, End, Scope, str]


def compute_table(
    folders: Sequence[ChainFolder], chain_id: str, *, horizon: int, scopes: Collection[Scope] = NODE_SCOPES
) -> ScoreTable:
    """Score all nodes of a chain over one horizon."""
    return compute_scores(
        join_folders(folders, chain_id),
        defaults=DEFAULTS,
        levels=LEVELS,
        horizons=(horizon,),
        main_horizon=horizon,
        scopes=scopes,
    ).table


def ask_scores(
    folders: Sequence[ChainFolder], chain_id: str, *, horizon: int, scopes: Collection[Scope] = NODE_SCOPES
) -> dict[Key, Scores]:
    """Give the scores of every node in every mode and at every end."""
    return read_scores(compute_table(folders, chain_id, horizon=horizon, scopes=scopes), horizon)


def read_scores(table: ScoreTable, horizon: int) -> dict[Key, Scores]:
    """Read a table as the twin writes scores: NaN is None, days are whole numbers."""
    h = table.horizons.index(horizon)
    answers: dict[Key, Scores] = {}
    for m, mode in enumerate(MODES):
        for e, end in enumerate(ENDS):
            for n, node in enumerate(table.nodes):
                cells = {name: float(values[m, e, h, n]) for name, values in table.values.items()}
                answers[mode, end, node.scope, node.key] = Scores(
                    exposure=fraction(cells["exposure"]),
                    substitution=fraction(cells["substitution"]),
                    residual=fraction(cells["residual"]),
                    tts_days=whole_day(cells["tts_days"]),
                    recovery_day=whole_day(cells["recovery_day"]),
                )
    return answers


def fraction(cell: float) -> float | None:
    """Read NaN as None."""
    return None if math.isnan(cell) else cell


def whole_day(cell: float) -> int | None:
    """Read a day, NaN as None; a day that is no whole number is an error."""
    if math.isnan(cell):
        return None
    if not cell.is_integer():
        raise ValueError(f"{cell} is no day")
    return int(cell)


def ask_simulation(
    folders: Sequence[ChainFolder],
    shocks: Sequence[Shock],
    *,
    mode: Mode,
    horizon: int,
    chain_id: str = "c1",
) -> Outcome:
    """Simulate a set of shocks and answer as the twin does; substitution is not part of it."""
    records = join_folders(folders, chain_id)
    done = simulate(records, shocks, defaults=DEFAULTS, mode=mode, horizon=horizon)
    return Outcome(
        Scores(
            exposure=done.exposure,
            residual=done.mean_loss,
            tts_days=done.first_day,
            recovery_day=done.recovery_day,
        ),
        tuple(float(lost) for lost in done.loss_path),
        {(unit.supplier_id, unit.item_id): (unit.mean_loss, unit.first_day) for unit in done.units},
        {(unit.supplier_id, unit.item_id): (unit.worst_loss, unit.recovery_day) for unit in done.units},
        {
            (flow.item_id, flow.buyer_id or "", flow.supplier_id): (flow.most, flow.mean, flow.first_day)
            for flow in done.takeovers
        },
    )
