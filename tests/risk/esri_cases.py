"""Random firm networks for the tests of the cascade."""

from __future__ import annotations

import numpy as np

from risk.cascade.model import FirmNetwork
from risk.cascade.network import network_from_arrays


def random_network(seed: int, *, firms: int, degree: float = 4.0, sectors: int = 6) -> FirmNetwork:
    """A network with every class of input, firms without sales or purchases, and uneven weights."""
    draw = np.random.default_rng(seed)
    links = max(1, int(firms * degree))
    popularity = draw.pareto(1.2, firms) + 0.1
    popularity /= popularity.sum()
    supplier, buyer = draw.choice(firms, links, p=popularity), draw.choice(firms, links, p=popularity)
    supplier[0], buyer[0] = 0, firms - 1
    network, _ = network_from_arrays(
        draw.integers(0, sectors, firms),
        (supplier, buyer, draw.lognormal(0.0, 2.0, links)),
        essential=draw.integers(0, 3, (sectors, sectors)),
    )
    return network
