"""What a firm network is, what fails, and what was found, as frozen values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import polars as pl

FloatArray: TypeAlias = np.typing.NDArray[np.float64]
IndexArray: TypeAlias = np.typing.NDArray[np.int32]
OffsetArray: TypeAlias = np.typing.NDArray[np.int64]
BoolArray: TypeAlias = np.typing.NDArray[np.bool_]
ClassArray: TypeAlias = np.typing.NDArray[np.int8]
Progress: TypeAlias = Callable[[int, int], None]
"""Called with the number of scenarios done and of all, from the thread that asked."""

NEGLIGIBLE: Final = 0
NON_ESSENTIAL: Final = 1
ESSENTIAL: Final = 2
DEFAULT_EPS: Final = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class FirmNetwork:
    """Who sells how much to whom, and which inputs stop a buyer.

    Attributes
    ----------
    firm_ids
        Ids of the firms; arrays index them. A network read from files has them in rising order.
    sector_ids
        Ids of the sectors.
    sector_of_firm
        Shape (firms,): index into `sector_ids`; also the market in which firms replace each other.
    supplier_of_link, buyer_of_link
        Shape (links,): indices of firms. One link a pair, in rising order of (supplier, buyer), none
        from a firm to itself.
    weight_of_link
        Shape (links,): what the supplier sells to the buyer, above 0, in any one unit of money.
    essential
        Shape (sectors, sectors): what a supplier's sector (row) is to a buyer's (column): 0 negligible,
        1 non-essential, 2 essential.
    """

    firm_ids: tuple[str, ...]
    sector_ids: tuple[str, ...]
    sector_of_firm: IndexArray
    supplier_of_link: IndexArray
    buyer_of_link: IndexArray
    weight_of_link: FloatArray
    essential: ClassArray

    @property
    def firms(self) -> int:
        """How many firms."""
        return len(self.firm_ids)

    @property
    def links(self) -> int:
        """How many links."""
        return len(self.weight_of_link)

    @property
    def sales(self) -> FloatArray:
        """Sales of each firm, shape (firms,), in the unit of the weights."""
        return _sums(self.supplier_of_link, self.weight_of_link, self.firms)

    @property
    def purchases(self) -> FloatArray:
        """Purchases of each firm, shape (firms,), in the unit of the weights."""
        return _sums(self.buyer_of_link, self.weight_of_link, self.firms)


@dataclass(frozen=True, slots=True, eq=False)
class FirmShocks:
    """What fails in each scenario.

    Attributes
    ----------
    scenario_ids
        Ids of the scenarios.
    shock_start
        Shape (scenarios + 1,): where the shocks of each scenario begin in the two arrays below.
    firm_of_shock
        Indices of firms; a firm at most once a scenario.
    share_of_shock
        Share of the firm's output that stops, 0 to 1.
    """

    scenario_ids: tuple[str, ...]
    shock_start: OffsetArray
    firm_of_shock: IndexArray
    share_of_shock: FloatArray

    @property
    def scenarios(self) -> int:
        """How many scenarios."""
        return len(self.scenario_ids)


@dataclass(frozen=True, slots=True, eq=False)
class EsriResult:
    """The index of every firm (each failing alone and fully) or of every scenario.

    Attributes
    ----------
    ids
        Ids of the firms, or of the scenarios, in the order they were given.
    esri, esri_down, esri_up
        Share of the network's sales that stops, 0 to 1: by either channel, by missing inputs alone,
        by missing customers alone. What fails is counted itself.
    sweeps
        After how many sweeps each one stopped (T).
    eps, replaceability, max_sweeps
        What was asked for; values at eps 0.01 can be far from the fixed point.
    """

    ids: tuple[str, ...]
    esri: FloatArray
    esri_down: FloatArray
    esri_up: FloatArray
    sweeps: IndexArray
    eps: float
    replaceability: bool
    max_sweeps: int | None

    def as_frame(self, *, key: str = "id") -> pl.DataFrame:
        """Return the result as a table.

        Parameters
        ----------
        key
            Name of the first column.

        Returns
        -------
        polars.DataFrame
            Columns `key`, ``esri``, ``esri_down``, ``esri_up``, ``sweeps``.
        """
        import polars as pl

        return pl.DataFrame(
            {
                key: pl.Series(self.ids, dtype=pl.String),
                "esri": self.esri,
                "esri_down": self.esri_down,
                "esri_up": self.esri_up,
                "sweeps": self.sweeps,
            }
        )


def _sums(where: IndexArray, weight: FloatArray, count: int) -> FloatArray:
    return np.bincount(where, weights=weight, minlength=count).astype(np.float64)


def single_failures(network: FirmNetwork) -> FirmShocks:
    """One scenario a firm, in which it alone stops fully.

    Parameters
    ----------
    network
        The firms.

    Returns
    -------
    FirmShocks
        In the order of the firms, named like them.
    """
    count = network.firms
    return FirmShocks(
        scenario_ids=network.firm_ids,
        shock_start=np.arange(count + 1, dtype=np.int64),
        firm_of_shock=np.arange(count, dtype=np.int32),
        share_of_shock=np.ones(count),
    )
