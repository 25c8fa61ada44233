"""The index of every firm or scenario (Diem and others 2022)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from risk.cascade.model import DEFAULT_EPS, ESSENTIAL, NON_ESSENTIAL, EsriResult, single_failures
from risk.errors import ParameterError

if TYPE_CHECKING:
    from risk.cascade.model import FirmNetwork, FirmShocks, FloatArray, Progress

_TINY_MARKET = 1e-12


def compute_esri(
    network: FirmNetwork,
    *,
    eps: float = DEFAULT_EPS,
    replaceability: bool = True,
    shocks: FirmShocks | None = None,
    max_sweeps: int | None = None,
    workers: int | None = None,  # noqa: ARG001
    progress: Progress | None = None,
) -> EsriResult:
    """Compute which share of the network's sales stops in each scenario.

    Parameters
    ----------
    network
        The firms.
    eps
        A cascade stops after the sweep in which no firm's output falls by more than this, 0 to 1.
    replaceability
        Whether a supplier with a small share of its sector's remaining sales is replaced by others.
    shocks
        The scenarios; every firm alone and fully when left out.
    max_sweeps
        Stop after this many sweeps at the latest; None for no limit.
    workers
        Threads; one a core when left out.
    progress
        Called with the number of scenarios done and of all.

    Returns
    -------
    EsriResult
        In the order of the scenarios or firms.

    Raises
    ------
    ParameterError
        When `eps` is not a number from 0 to 1 or `max_sweeps` is below 1.

    References
    ----------
    Diem, Borsos, Reisch, Kertész, Thurner, Quantifying firm-level economic systemic risk from
    nation-wide supply networks, Scientific Reports 12:7719 (2022).
    """
    check_parameters(eps, max_sweeps)
    scenarios = shocks or single_failures(network)
    cascade = _Plain(network)
    rows = np.zeros((scenarios.scenarios, 4))
    for number in range(scenarios.scenarios):
        span = slice(scenarios.shock_start[number], scenarios.shock_start[number + 1])
        psi = np.ones(network.firms)
        psi[scenarios.firm_of_shock[span]] -= scenarios.share_of_shock[span]
        rows[number] = cascade.run(psi, eps, replaceability, max_sweeps)
        if progress:
            progress(number + 1, scenarios.scenarios)
    return EsriResult(
        scenarios.scenario_ids,
        rows[:, 0],
        rows[:, 1],
        rows[:, 2],
        rows[:, 3].astype(np.int32),
        eps=eps,
        replaceability=replaceability,
        max_sweeps=max_sweeps,
    )


def check_parameters(eps: float, max_sweeps: int | None) -> None:
    """Refuse parameters that mean nothing.

    Raises
    ------
    ParameterError
        When `eps` is not a number from 0 to 1 or `max_sweeps` is below 1.
    """
    if not 0.0 <= eps <= 1.0:
        raise ParameterError(f"eps {eps}: give a number from 0 to 1", zh=f"eps {eps}:请给 0 到 1 之间的数")
    if max_sweeps is not None and max_sweeps < 1:
        raise ParameterError(
            f"at most {max_sweeps} sweeps: give 1 or more", zh=f"最多 {max_sweeps} 轮:请给 1 或更大的整数"
        )


class _Plain:
    def __init__(self, network: FirmNetwork) -> None:
        n, s, b, w = network.firms, network.supplier_of_link, network.buyer_of_link, network.weight_of_link
        self.sales, self.sector, self.sectors = network.sales, network.sector_of_firm, len(network.sector_ids)
        sector = self.sector[s].astype(np.int64)
        kind = network.essential[sector, self.sector[b]]
        self.up = sparse.csr_array((w / self.sales[s], (s, b)), shape=(n, n))
        other = kind == NON_ESSENTIAL
        bought = network.purchases
        self.other = sparse.csr_array((w[other] / bought[b[other]], (b[other], s[other])), shape=(n, n))
        key = b.astype(np.int64) * self.sectors + sector
        _, pair = np.unique(key, return_inverse=True)
        share = w / np.bincount(pair, weights=w)[pair]
        need = kind == ESSENTIAL
        self.groups, group = np.unique(key[need], return_inverse=True)
        self.need = sparse.csr_array((share[need], (group, s[need])), shape=(len(self.groups), n))
        self.size = np.bincount(self.sector, weights=self.sales, minlength=self.sectors)

    def run(
        self,
        psi: FloatArray,
        eps: float,
        replaceability: bool,  # noqa: FBT001
        most: int | None,
    ) -> tuple[float, float, float, int]:
        down, up, sweeps = psi.copy(), psi.copy(), 0
        while True:
            sweeps += 1
            sigma = np.ones(len(psi))
            if replaceability:
                left = np.bincount(self.sector, weights=self.sales * down, minlength=self.sectors)
                gone = (left <= _TINY_MARKET * self.size)[self.sector]
                sigma = np.minimum(1.0, self.sales / np.where(gone, np.inf, left[self.sector]))
                sigma[gone] = 1.0
            missing = sigma * (1.0 - down)
            worst = np.zeros(len(psi))
            if len(self.groups):
                np.maximum.at(worst, self.groups // self.sectors, self.need @ missing)
            lost = np.maximum(worst, self.other @ missing)
            new_down = np.maximum(0.0, np.minimum(psi, 1.0 - lost))
            new_up = np.maximum(0.0, np.minimum(psi, 1.0 - np.asarray(self.up @ (1.0 - up))))
            drop = max((down - new_down).max(), (up - new_up).max())
            down, up = new_down, new_up
            if drop <= eps or sweeps == most:
                break
        w = self.sales / self.sales.sum()
        return w @ (1 - np.minimum(down, up)), w @ (1 - down), w @ (1 - up), sweeps
