"""What if: shocks on a chain as it is stored now; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.model import Mode
from chains.repository import load_records
from desk.chain_names import require_chain
from desk.store import reading
from risk.model import MAIN_HORIZON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.output import Cell
    from risk.model import Shock
    from risk.scenarios import Simulation
    from settings import Settings

SIMULATION_COLUMNS = ("chain", "horizon", "exposure", "mean_loss", "first_day", "recovery_day")
UNIT_COLUMNS = ("supplier", "item", "mean_loss", "first_day")


def simulate_shocks(
    settings: Settings,
    chain_id: str,
    *,
    shocks: Sequence[Shock],
    horizon: int = MAIN_HORIZON,
    mode: Mode = Mode.RUN,
) -> Simulation:
    """Simulate several shocks at once on the stored facts; no run is needed and none is made.

    Parameters
    ----------
    settings
        Where database and defaults are.
    chain_id
        Which chain.
    shocks
        What stops.
    horizon
        Days.
    mode
        Run or build.

    Returns
    -------
    Simulation
        Losses of the chain and of every unit, at the point value of unknown shares.

    Raises
    ------
    UnknownKeyError
        When chain or nodes do not exist, with near matches.
    ParameterError
        When the horizon or a severity is out of range.
    """
    from chains.defaults import load_defaults
    from risk.scenarios import simulate

    with reading(settings) as session:
        require_chain(session, chain_id)
        records = load_records(session, chain_id)
    defaults = load_defaults(settings.data_dir / "defaults.toml")
    return simulate(records, tuple(shocks), defaults=defaults, mode=mode, horizon=horizon)


def simulation_cells(found: Simulation) -> dict[str, Cell]:
    """Write a simulation as one row.

    Parameters
    ----------
    found
        From `simulate_shocks`.

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
    }


def unit_cells(found: Simulation) -> list[dict[str, Cell]]:
    """Write the units of a simulation as rows, by supplier and item.

    Parameters
    ----------
    found
        From `simulate_shocks`.

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
        }
        for unit in sorted(found.units, key=lambda unit: (unit.supplier_id, unit.item_id))
    ]
