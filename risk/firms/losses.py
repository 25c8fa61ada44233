"""What stops when firms stop: the state of every firm at the end of one cascade.

`risk.cascade` gives the index of each failure; a page that asks which firms it reaches needs the states
behind one of them. They come from plain synchronous sweeps over prepared matrices.

References
----------
Diem, Borsos, Reisch, Kertész, Thurner, Scientific Reports 12:7719 (2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from risk.cascade.model import ESSENTIAL, NON_ESSENTIAL

if TYPE_CHECKING:
    from risk.cascade.model import FirmNetwork, FloatArray, IndexArray, OffsetArray

_TINY_MARKET: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class FirmLosses:
    """Every firm after a cascade.

    Attributes
    ----------
    lost_down, lost_up
        Shape (firms,): share of a firm's output that stops for want of inputs, and for want of customers,
        0 to 1.
    weight
        Shape (firms,): share of the firm in the network's sales; sums to 1.
    sweeps
        After how many sweeps it stopped (T).
    """

    lost_down: FloatArray
    lost_up: FloatArray
    weight: FloatArray
    sweeps: int

    @property
    def lost(self) -> FloatArray:
        """The larger of both, shape (firms,)."""
        return np.maximum(self.lost_down, self.lost_up)

    @property
    def esri(self) -> float:
        """The index of the failure."""
        return float(self.weight @ self.lost)


@dataclass(frozen=True, slots=True, eq=False)
class PreparedNetwork:
    """A network as matrices, made once and used for many failures.

    Attributes
    ----------
    other
        Shape (firms, firms): share of a buyer's (row) purchases that a non-essential supplier (column) sells.
    need
        Shape (groups, firms): share of an essential input of one buyer (row) that a supplier (column) sells.
    buyer_of_group
        Shape (groups,): whose input it is.
    customers
        Shape (firms, firms): share of a supplier's (row) sales that a buyer (column) takes.
    sales, sector, market
        Shape (firms,), (firms,), (sectors,): sales, sector, and sales of each sector.
    """

    other: sparse.csr_array
    need: sparse.csr_array
    buyer_of_group: OffsetArray
    customers: sparse.csr_array
    sales: FloatArray
    sector: IndexArray
    market: FloatArray


def prepare_network(network: FirmNetwork) -> PreparedNetwork:
    """Make the matrices of a network.

    Parameters
    ----------
    network
        The firms.

    Returns
    -------
    PreparedNetwork
        For `find_losses`.
    """
    firms, sectors = network.firms, len(network.sector_ids)
    supplier, buyer, weight = network.supplier_of_link, network.buyer_of_link, network.weight_of_link
    sales, sector = network.sales, network.sector_of_firm
    input_of_link = sector[supplier].astype(np.int64)
    kind = network.essential[input_of_link, sector[buyer]]
    key = buyer.astype(np.int64) * sectors + input_of_link
    _, pair = np.unique(key, return_inverse=True)
    share = weight / np.bincount(pair, weights=weight)[pair]
    need, other = kind == ESSENTIAL, kind == NON_ESSENTIAL
    groups, group = np.unique(key[need], return_inverse=True)
    bought = network.purchases
    return PreparedNetwork(
        other=sparse.csr_array(
            (weight[other] / bought[buyer[other]], (buyer[other], supplier[other])), shape=(firms, firms)
        ),
        need=sparse.csr_array((share[need], (group, supplier[need])), shape=(len(groups), firms)),
        buyer_of_group=groups // sectors,
        customers=sparse.csr_array((weight / sales[supplier], (supplier, buyer)), shape=(firms, firms)),
        sales=sales,
        sector=sector,
        market=np.bincount(sector, weights=sales, minlength=sectors).astype(np.float64),
    )


def find_losses(
    prepared: PreparedNetwork,
    stopped: IndexArray,
    *,
    eps: float,
    replaceability: bool,
    max_sweeps: int | None = None,
) -> FirmLosses:
    """Stop firms fully and follow the cascade.

    Parameters
    ----------
    prepared
        From `prepare_network`.
    stopped
        Indices of the firms that stop.
    eps
        The cascade ends after the sweep in which no firm falls by more, 0 to 1.
    replaceability
        Whether a supplier with a small share of its sector's remaining sales is replaced.
    max_sweeps
        End after so many sweeps at the latest.

    Returns
    -------
    FirmLosses
        With the same sweeps as `risk.cascade.compute.compute_esri` does.
    """
    cap = np.ones(len(prepared.sales))
    cap[stopped] = 0.0
    down, up, sweeps = cap.copy(), cap.copy(), 0
    while True:
        sweeps += 1
        missing = _replaceable(prepared, down, wanted=replaceability) * (1.0 - down)
        next_down = np.clip(np.minimum(cap, 1.0 - _lost_inputs(prepared, missing)), 0.0, None)
        next_up = np.clip(np.minimum(cap, 1.0 - prepared.customers @ (1.0 - up)), 0.0, None)
        drop = max(float((down - next_down).max()), float((up - next_up).max()))
        down, up = next_down, next_up
        if drop <= eps or sweeps == max_sweeps:
            break
    return FirmLosses(1.0 - down, 1.0 - up, prepared.sales / prepared.sales.sum(), sweeps)


def _replaceable(prepared: PreparedNetwork, down: FloatArray, *, wanted: bool) -> FloatArray:
    """Share of what a supplier no longer delivers that nobody else of its sector replaces."""
    if not wanted:
        return np.ones(len(down))
    left = np.bincount(prepared.sector, weights=prepared.sales * down, minlength=len(prepared.market))
    gone = left <= _TINY_MARKET * prepared.market
    share = np.minimum(1.0, prepared.sales / np.where(gone, np.inf, left)[prepared.sector])
    share[gone[prepared.sector]] = 1.0
    return share


def _lost_inputs(prepared: PreparedNetwork, missing: FloatArray) -> FloatArray:
    worst: FloatArray = np.zeros(len(missing))
    np.maximum.at(worst, prepared.buyer_of_group, prepared.need @ missing)
    other: FloatArray = prepared.other @ missing
    return np.maximum(worst, other)
