"""Output of a province: the losses of the units in it, weighed by their output value where it is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.regions import HOME_COUNTRY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chains.model import ChainRecords
    from risk.scenarios import UnitLoss

FIRST = ("江苏", "江苏省", "Jiangsu")


@dataclass(frozen=True, slots=True)
class ProvinceLoss:
    """What the units in one province lose.

    Attributes
    ----------
    province
        Its name as in the data.
    units, weighed
        How many units of the chain stand there, and of how many the output value is known.
    hit
        How many pass 1 % on some day.
    mean_loss
        Mean over the horizon of 1 − output, weighed, 0 to 1; ``None`` without units.
    first_day
        The earliest first day above 1 % of a unit; ``None`` if none passes it.
    left_out
        What its firms make of items whose sources are countries: nothing is known of these plants.
    """

    province: str
    units: int
    weighed: int
    hit: int
    mean_loss: float | None
    first_day: int | None
    left_out: int = 0


def province_losses(records: ChainRecords, losses: Iterable[UnitLoss]) -> tuple[ProvinceLoss, ...]:
    """Sum up the losses of units by province of the home country.

    Parameters
    ----------
    records
        Whose suppliers and supplies say where a unit stands and what its output is worth.
    losses
        Of every unit, those that lose nothing too.

    Returns
    -------
    tuple of ProvinceLoss
        Jiangsu first, then the largest loss; units whose province is unknown count nowhere.

    Notes
    -----
    Loss = Σ ω (1 − y) / Σ ω over the units of the province. ω is the output value (`Supply.unit_weight`, the
    latest year that states it). Where no unit of the province has one, all count alike; where some have, the
    others count as the mean of those. A firm's plant of an item whose sources are countries is no unit; it is
    told (`left_out`) and never counted as running.

    References
    ----------
    perspective.md, province output.
    """
    places = {
        one.supplier_id: one.province
        for one in records.suppliers
        if one.country == HOME_COUNTRY and one.province is not None
    }
    weights = _unit_weights(records)
    found: dict[str, list[UnitLoss]] = defaultdict(list)
    for loss in losses:
        if (province := places.get(loss.supplier_id)) is not None:
            found[province].append(loss)
    known = {(loss.supplier_id, loss.item_id) for units in found.values() for loss in units}
    rows = {(row.supplier_id, row.item_id) for row in records.supplies if row.supplier_id in places} - known
    left_out = Counter(places[supplier_id] for supplier_id, _ in rows)
    summed = [
        _sum_up(province, found.get(province, []), weights, left_out[province])
        for province in found.keys() | left_out.keys()
    ]
    return tuple(
        sorted(summed, key=lambda one: (one.province not in FIRST, -(one.mean_loss or 0.0), one.province))
    )


def _unit_weights(records: ChainRecords) -> dict[tuple[str, str], float]:
    dated = sorted(records.supplies, key=lambda row: row.year or 0)
    return {(row.supplier_id, row.item_id): row.unit_weight for row in dated if row.unit_weight is not None}


def _sum_up(
    province: str, units: list[UnitLoss], weights: dict[tuple[str, str], float], left_out: int
) -> ProvinceLoss:
    stated = [weights.get((unit.supplier_id, unit.item_id)) for unit in units]
    known = [weight for weight in stated if weight is not None]
    usual = sum(known) / len(known) if known else 1.0
    filled = [usual if weight is None else weight for weight in stated]
    lost = sum(weight * unit.mean_loss for weight, unit in zip(filled, units, strict=True))
    days = [unit.first_day for unit in units if unit.first_day is not None]
    loss = lost / sum(filled) if filled else None
    return ProvinceLoss(province, len(units), len(known), len(days), loss, min(days, default=None), left_out)
