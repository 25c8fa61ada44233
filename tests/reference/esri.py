"""The slow, obvious twin of the firm cascade: one scenario at a time, dictionaries and plain sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from risk.cascade.model import ESSENTIAL, NON_ESSENTIAL, FirmNetwork

TINY_MARKET = 1e-12


@dataclass(frozen=True)
class Cascade:
    esri: float
    esri_down: float
    esri_up: float
    sweeps: int


def cascade(  # noqa: C901 - one story, told in one piece
    network: FirmNetwork,
    shocks: Mapping[int, float],
    *,
    eps: float = 0.01,
    replaceability: bool = True,
    max_sweeps: int | None = None,
) -> Cascade:
    firms = range(network.firms)
    sector = network.sector_of_firm.tolist()
    links = list(
        zip(
            network.supplier_of_link.tolist(),
            network.buyer_of_link.tolist(),
            network.weight_of_link.tolist(),
            strict=True,
        )
    )
    sales, bought = [0.0] * len(firms), [0.0] * len(firms)
    bought_from: dict[tuple[int, int], float] = defaultdict(float)
    for supplier, buyer, weight in links:
        sales[supplier] += weight
        bought[buyer] += weight
        bought_from[buyer, sector[supplier]] += weight
    market_size: dict[int, float] = defaultdict(float)
    for firm in firms:
        market_size[sector[firm]] += sales[firm]
    psi = [1.0 - shocks.get(firm, 0.0) for firm in firms]
    down, up, sweeps = list(psi), list(psi), 0
    while True:
        sweeps += 1
        market: dict[int, float] = defaultdict(float)
        for firm in firms:
            market[sector[firm]] += sales[firm] * down[firm]
        missing = []
        for firm in firms:
            left = market[sector[firm]]
            gone = left <= TINY_MARKET * market_size[sector[firm]]
            sigma = 1.0 if gone or not replaceability else min(1.0, sales[firm] / left)
            missing.append(sigma * (1.0 - down[firm]))
        essential: dict[tuple[int, int], float] = defaultdict(float)
        other, customers = [0.0] * len(firms), [0.0] * len(firms)
        for supplier, buyer, weight in links:
            kind = network.essential[sector[supplier], sector[buyer]]
            if kind == ESSENTIAL:
                share = weight / bought_from[buyer, sector[supplier]]
                essential[buyer, sector[supplier]] += share * missing[supplier]
            elif kind == NON_ESSENTIAL:
                other[buyer] += weight / bought[buyer] * missing[supplier]
            customers[supplier] += weight / sales[supplier] * (1.0 - up[buyer])
        worst = [0.0] * len(firms)
        for (buyer, _), lost in essential.items():
            worst[buyer] = max(worst[buyer], lost)
        new_down = [max(0.0, min(psi[f], 1.0 - worst[f], 1.0 - other[f])) for f in firms]
        new_up = [max(0.0, min(psi[f], 1.0 - customers[f])) for f in firms]
        drop = max(old - new for old, new in zip(down + up, new_down + new_up, strict=True))
        down, up = new_down, new_up
        if drop <= eps or sweeps == max_sweeps:
            break
    total = sum(sales)
    share = [value / total for value in sales]
    return Cascade(
        esri=sum(share[f] * (1.0 - min(down[f], up[f])) for f in firms),
        esri_down=sum(share[f] * (1.0 - down[f]) for f in firms),
        esri_up=sum(share[f] * (1.0 - up[f]) for f in firms),
        sweeps=sweeps,
    )
