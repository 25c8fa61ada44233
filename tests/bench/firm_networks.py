"""Seeded scale-free firm networks for measurements."""

from __future__ import annotations

import numpy as np

from risk.cascade.model import FirmNetwork
from risk.cascade.network import network_from_arrays

CLASS_SHARES = (0.3, 0.4, 0.3)
"""How often an input is negligible, non-essential, essential."""


def scale_free_network(seed: int, *, firms: int, degree: int = 11, sectors: int = 600) -> FirmNetwork:
    """Draw a network whose numbers of customers and of suppliers follow power laws (exponent 2.3).

    Both ends of a link are drawn by the popularity of firms; weights are lognormal, sectors differ in
    size, and classes of inputs are drawn a pair of sectors.
    """
    draw = np.random.default_rng(seed)
    sells, buys = (_popularity(draw, firms) for _ in range(2))
    wanted = firms * degree
    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < wanted:
        supplier, buyer = (draw.choice(firms, wanted, p=chance) for chance in (sells, buys))
        drawn = (supplier * firms + buyer)[supplier != buyer]
        pairs = np.concatenate((pairs, drawn))
        pairs = pairs[np.sort(np.unique(pairs, return_index=True)[1])]
    supplier, buyer = np.divmod(pairs[:wanted], firms)
    sizes = draw.pareto(1.5, sectors) + 0.2
    network, _ = network_from_arrays(
        draw.choice(sectors, firms, p=sizes / sizes.sum()),
        (supplier, buyer, draw.lognormal(0.0, 1.5, wanted)),
        essential=draw.choice(3, (sectors, sectors), p=CLASS_SHARES),
    )
    return network


def _popularity(draw: np.random.Generator, firms: int) -> np.ndarray:
    chance = (draw.pareto(1.3, firms) + 1.0).clip(max=firms**0.7)
    return chance / chance.sum()
