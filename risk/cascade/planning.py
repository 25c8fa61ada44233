"""From a firm network to the arrays of the compiled cascade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from risk.cascade.model import ESSENTIAL, NON_ESSENTIAL
from risk.kernels.cascade.dense import AHEAD
from risk.kernels.cascade.layout import Plan

if TYPE_CHECKING:
    from risk.cascade.model import BoolArray, FirmNetwork, FloatArray, IndexArray, OffsetArray


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """A plan and how its firms are numbered.

    Attributes
    ----------
    plan
        The arrays.
    number_of_firm
        Shape (firms,): the plan's number of each firm of the network.
    """

    plan: Plan
    number_of_firm: IndexArray


@dataclass(frozen=True, slots=True, eq=False)
class _Inputs:
    """Links in the order of (buyer, sector of the supplier, supplier); firms as in the network.

    Attributes
    ----------
    order
        Positions of these links in the network.
    supplier, buyer, weight
        Of each link.
    first
        Positions at which a new pair of buyer and sector begins.
    size
        Shape (links,): how many links the pair of each link has.
    share_of_input, share_of_purchases
        Weight as a share of the buyer's purchases from this sector, and of all its purchases.
    need, other
        Whether the input is essential, non-essential.
    """

    order: OffsetArray
    supplier: IndexArray
    buyer: IndexArray
    weight: FloatArray
    first: OffsetArray
    size: OffsetArray
    share_of_input: FloatArray
    share_of_purchases: FloatArray
    need: BoolArray
    other: BoolArray


def plan_network(network: FirmNetwork) -> Planned:
    """Lay a firm network out for the compiled cascade.

    Parameters
    ----------
    network
        The firms.

    Returns
    -------
    Planned
        The same network always gives the same plan.

    Notes
    -----
    Firms whose rows have the same shape stand together: loops over links then end where the
    processor expects it, and the firms read most share the cache. Links within a row keep the order
    of the network, so sums do not depend on the numbering.
    """
    inputs = _sort_inputs(network)
    number = _number_firms(network, inputs)
    firms, markets = network.firms, len(network.sector_ids)
    sales = network.sales
    renumbered = np.argsort(number)
    market = network.sector_of_firm[renumbered]
    plan = Plan(
        sales=sales[renumbered],
        weight=(sales / sales.sum())[renumbered],
        market_of_firm=market,
        size_of_market=np.bincount(market, weights=sales[renumbered], minlength=markets).astype(np.float64),
        market_start=_starts(market, markets),
        firm_of_market=np.argsort(market, kind="stable").astype(np.int32),
        **_buyer_rows(inputs, number, firms),
        **_supplier_rows(network, number, sales),
        **_push_rows(inputs, number, firms),
    )
    return Planned(plan, number)


def _sort_inputs(network: FirmNetwork) -> _Inputs:
    sectors = len(network.sector_ids)
    sector = network.sector_of_firm[network.supplier_of_link]
    pair = network.buyer_of_link.astype(np.int64) * sectors + sector
    order = np.argsort(pair, kind="stable")
    supplier, buyer = network.supplier_of_link[order], network.buyer_of_link[order]
    weight, pair = network.weight_of_link[order], pair[order]
    first = np.flatnonzero(np.concatenate(([True], pair[1:] != pair[:-1])))
    size = np.diff(np.append(first, len(pair)))
    bought = np.repeat(np.add.reduceat(weight, first), size)
    kind = network.essential[sector[order], network.sector_of_firm[buyer]]
    return _Inputs(
        order=order,
        supplier=supplier,
        buyer=buyer,
        weight=weight,
        first=first,
        size=np.repeat(size, size),
        share_of_input=weight / bought,
        share_of_purchases=weight / network.purchases[buyer],
        need=kind == ESSENTIAL,
        other=kind == NON_ESSENTIAL,
    )


def _number_firms(network: FirmNetwork, inputs: _Inputs) -> IndexArray:
    """Give every firm its number by the shape of its rows, the longest first."""
    firms = network.firms
    keys = (
        np.bincount(network.supplier_of_link, minlength=firms),
        np.bincount(inputs.buyer[inputs.need & (inputs.size > 1)], minlength=firms),
        np.bincount(inputs.buyer[inputs.need & (inputs.size == 1)], minlength=firms),
        np.bincount(inputs.buyer[inputs.other], minlength=firms),
    )
    order = np.lexsort(tuple(-key for key in keys))
    number = np.empty(firms, dtype=np.int32)
    number[order] = np.arange(firms, dtype=np.int32)
    return number


def _starts(row: IndexArray, rows: int) -> OffsetArray:
    return np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows)))).astype(np.int64)


def _padded(index: IndexArray) -> IndexArray:
    return np.concatenate((index, np.zeros(AHEAD, dtype=np.int32)))


def _by_row(row: IndexArray, rows: int) -> tuple[OffsetArray, OffsetArray]:
    """Order of links by row, otherwise as they stand, and where the rows begin."""
    return np.argsort(row, kind="stable"), _starts(row, rows)


def _buyer_rows(inputs: _Inputs, number: IndexArray, firms: int) -> dict[str, np.ndarray]:
    single = np.flatnonzero(inputs.need & (inputs.size == 1))
    other = np.flatnonzero(inputs.other)
    need = np.flatnonzero(inputs.need & (inputs.size > 1))
    buyer, supplier = number[inputs.buyer], number[inputs.supplier]
    single_order, single_start = _by_row(buyer[single], firms)
    other_order, other_start = _by_row(buyer[other], firms)
    need_order, _ = _by_row(buyer[need], firms)
    single, other, need = single[single_order], other[other_order], need[need_order]
    begins = np.isin(need, inputs.first)
    return {
        "single_start": single_start,
        "single_supplier": _padded(supplier[single]),
        "other_start": other_start,
        "other_supplier": _padded(supplier[other]),
        "other_share": inputs.share_of_purchases[other],
        "need_start": _starts(buyer[need[begins]], firms),
        "group_start": np.append(np.flatnonzero(begins), len(need)).astype(np.int64),
        "need_supplier": _padded(supplier[need]),
        "need_share": inputs.share_of_input[need],
    }


def _supplier_rows(network: FirmNetwork, number: IndexArray, sales: FloatArray) -> dict[str, np.ndarray]:
    supplier, buyer = number[network.supplier_of_link], number[network.buyer_of_link]
    share = network.weight_of_link / sales[network.supplier_of_link]
    up, up_start = _by_row(supplier, network.firms)
    back, back_start = _by_row(buyer, network.firms)
    return {
        "up_start": up_start,
        "up_buyer": _padded(buyer[up]),
        "up_share": share[up],
        "back_start": back_start,
        "back_supplier": supplier[back],
        "back_share": share[back],
    }


def _push_rows(inputs: _Inputs, number: IndexArray, firms: int) -> dict[str, np.ndarray]:
    """One sum a buyer for all its non-essential inputs, and one for each essential input."""
    begins = np.zeros(len(inputs.buyer), dtype=np.bool_)
    begins[inputs.first] = True
    groups = begins & inputs.need
    slot = np.where(inputs.need, firms - 1 + np.cumsum(groups), number[inputs.buyer])
    passed = np.flatnonzero(inputs.need | inputs.other)
    order, start = _by_row(number[inputs.supplier[passed]], firms)
    passed = passed[order]
    share = np.where(inputs.need, inputs.share_of_input, inputs.share_of_purchases)
    return {
        "push_start": start,
        "push_slot": slot[passed].astype(np.int32),
        "push_share": share[passed],
        "buyer_of_slot": np.concatenate((np.arange(firms), number[inputs.buyer[groups]])).astype(np.int32),
    }
