"""What happens if: one simulation of any set of shocks, on values, writing nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chains.arrays import to_arrays
from chains.model import Mode
from chains.sources import resolve_sources
from risk.compute import checked_horizons
from risk.errors import ParameterError
from risk.kernels.scratch import FOREVER, SHOCK_ITEM, SHOCK_SUPPLIER
from risk.lanes import Lane, LaneShock, run_lanes
from risk.model import MAIN_HORIZON, SCOPE_NAMES_ZH
from risk.nodes import find_nodes, match_node
from risk.paths import LossPaths
from risk.scores.exposure import exposure
from risk.scores.recovery_day import recovery_day
from risk.scores.residual import residual
from risk.scores.tts_days import tts_days

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chains.arrays import ChainArrays
    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from risk.kernels.scratch import Outcome
    from risk.model import Shock
    from risk.nodes import NodeMembers


@dataclass(frozen=True, slots=True)
class UnitLoss:
    """What one unit loses.

    Attributes
    ----------
    supplier_id, item_id
        Which unit.
    mean_loss
        Mean over the horizon of 1 − output, 0 to 1.
    first_day
        First day above 1 %; ``None`` if there is none.
    """

    supplier_id: str
    item_id: str
    mean_loss: float
    first_day: int | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """Outcome of a scenario.

    Attributes
    ----------
    chain_id, horizon, mode
        What was simulated; days.
    exposure
        Loss of day 0 with no stock and no substitution, 0 to 1.
    mean_loss
        Mean day loss over the horizon with both, 0 to 1.
    first_day, recovery_day
        First day above 1 % and the day after the last; ``None`` as in `risk.scores`.
    loss_path
        Day losses with both, one a day.
    units
        Every unit, by supplier and item.
    """

    chain_id: str
    horizon: int
    mode: Mode
    exposure: float
    mean_loss: float
    first_day: int | None
    recovery_day: int | None
    loss_path: tuple[float, ...]
    units: tuple[UnitLoss, ...]


def simulate(
    records: ChainRecords,
    shocks: Sequence[Shock],
    *,
    defaults: Defaults,
    mode: Mode = Mode.RUN,
    horizon: int = MAIN_HORIZON,
) -> Simulation:
    """Simulate shocks that act together.

    Parameters
    ----------
    records
        Joined and restricted facts.
    shocks
        Any number, each with its scope, key and severity.
    defaults
        What blanks mean.
    mode
        Run or build.
    horizon
        Days, 1 to 3650.

    Returns
    -------
    Simulation
        At the point value of unknown shares.

    Raises
    ------
    UnknownKeyError
        When a shock names no node of the chain, with near matches.
    ParameterError
        When a severity, a day or the horizon is out of range.
    """
    (days,) = checked_horizons([horizon])
    for shock in shocks:
        _check_shock(shock)
    sources = resolve_sources(records, defaults)
    arrays = to_arrays(records, defaults, sources)
    lane = Lane(shocks_of(arrays, find_nodes(records, sources), shocks))
    outcome = run_lanes(arrays.network, [lane], mode=mode, horizon=days, units=True)
    paths = LossPaths(*outcome.loss)
    return Simulation(
        chain_id=records.chain.chain_id,
        horizon=days,
        mode=mode,
        exposure=float(exposure(paths, days)[0]),
        mean_loss=float(residual(paths, days)[0]),
        first_day=_day(tts_days(paths, days)[0]),
        recovery_day=_day(recovery_day(paths, days)[0]),
        loss_path=tuple(paths.full[0].tolist()),
        units=_unit_losses(arrays, outcome, days),
    )


def shocks_of(
    arrays: ChainArrays, members: Collection[NodeMembers], shocks: Sequence[Shock]
) -> tuple[LaneShock, ...]:
    """Shocks by supplier and item index."""
    supplier_index = {key: index for index, key in enumerate(arrays.supplier_ids)}
    item_index = {key: index for index, key in enumerate(arrays.item_ids)}
    found = []
    for shock in shocks:
        node = match_node(tuple(members), shock.scope, shock.key)
        end = FOREVER if shock.days is None else shock.start_day + shock.days
        hit = [(SHOCK_SUPPLIER, supplier_index[key]) for key in node.supplier_ids]
        hit += [(SHOCK_ITEM, item_index[node.item_id])] if node.item_id is not None else []
        found += [LaneShock(kind, index, shock.severity, shock.start_day, end) for kind, index in hit]
    return tuple(found)


def _check_shock(shock: Shock) -> None:
    name, name_zh = f"{shock.scope.value}:{shock.key}", f"{SCOPE_NAMES_ZH[shock.scope]} {shock.key}"
    if not 0 < shock.severity <= 1:
        raise ParameterError(
            f"shock {name}: severity {shock.severity:g} must be above 0 and at most 1",
            zh=f"冲击 {name_zh}:强度 {shock.severity:g} 须大于 0 且不超过 1",
        )
    if shock.start_day < 0 or (shock.days is not None and shock.days < 1):
        raise ParameterError(
            f"shock {name}: it must start on day 0 or later and last at least a day",
            zh=f"冲击 {name_zh}:须从第 0 天或以后开始,至少持续一天",
        )


def _unit_losses(arrays: ChainArrays, outcome: Outcome, horizon: int) -> tuple[UnitLoss, ...]:
    losses = (outcome.unit_loss[0] / horizon).tolist()
    first_days = outcome.unit_first_day[0].tolist()
    rows = zip(arrays.units, losses, first_days, strict=True)
    return tuple(
        UnitLoss(supplier, item, loss, day if day >= 0 else None)
        for (supplier, item), loss, day in sorted(rows)
    )


def _day(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
