"""What the compiled cascade reads and writes, as flat arrays."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np

from risk.kernels.cascade.vectors import LANES

FloatArray: TypeAlias = np.typing.NDArray[np.float64]
IndexArray: TypeAlias = np.typing.NDArray[np.int32]
OffsetArray: TypeAlias = np.typing.NDArray[np.int64]

FREE: Final = -1
TINY_MARKET: Final = 1e-12
"""A market whose remaining sales are this small a part of its normal ones is gone: nobody replaces."""


class Plan(NamedTuple):
    """A firm network as the sweeps read it; firms are numbered anew, so that equal rows stand together.

    Attributes
    ----------
    sales, weight
        Shape (firms,): sales, and sales as a share of all sales.
    market_of_firm
        Shape (firms,).
    size_of_market
        Shape (markets,): normal sales.
    market_start, firm_of_market
        The firms of each market.
    single_start, single_supplier
        By buyer: sole suppliers of an essential input.
    other_start, other_supplier, other_share
        By buyer: non-essential inputs, as shares of all purchases.
    need_start, group_start, need_supplier, need_share
        By buyer: essential inputs with several suppliers (`need_start` counts inputs, `group_start`
        their suppliers), as shares of the purchases of this input.
    up_start, up_buyer, up_share
        By supplier: buyers, as shares of its sales.
    push_start, push_slot, push_share
        By supplier: which sums of buyers a loss adds to; a buyer has one sum for each essential input
        and one for all non-essential ones.
    buyer_of_slot
        Whose sum it is.
    back_start, back_supplier, back_share
        By buyer: suppliers, as shares of their sales.
    """

    sales: FloatArray
    weight: FloatArray
    market_of_firm: IndexArray
    size_of_market: FloatArray
    market_start: OffsetArray
    firm_of_market: IndexArray
    single_start: OffsetArray
    single_supplier: IndexArray
    other_start: OffsetArray
    other_supplier: IndexArray
    other_share: FloatArray
    need_start: OffsetArray
    group_start: OffsetArray
    need_supplier: IndexArray
    need_share: FloatArray
    up_start: OffsetArray
    up_buyer: IndexArray
    up_share: FloatArray
    push_start: OffsetArray
    push_slot: IndexArray
    push_share: FloatArray
    buyer_of_slot: IndexArray
    back_start: OffsetArray
    back_supplier: IndexArray
    back_share: FloatArray


class Tasks(NamedTuple):
    """Scenarios to run and where their results go.

    Attributes
    ----------
    shock_start, firm_of_shock, share_of_shock
        What fails in each scenario; firms in the numbering of the plan.
    losses
        Shape (scenarios, 3): by either channel, by inputs, by customers.
    sweeps
        Shape (scenarios,): 0 until done.
    """

    shock_start: OffsetArray
    firm_of_shock: IndexArray
    share_of_shock: FloatArray
    losses: FloatArray
    sweeps: IndexArray


class Limits(NamedTuple):
    """When a cascade stops, and when it leaves the sparse start.

    Attributes
    ----------
    eps
        Largest drop of the last sweep.
    most_sweeps
        Sweeps at most.
    replaceability
        Whether suppliers are replaced.
    dense_from
        Links touched a sweep from which a scenario moves to a lane.
    """

    eps: float
    most_sweeps: int
    replaceability: bool
    dense_from: int


class Memory(NamedTuple):
    """What one thread writes while it works; lines are eight lanes a firm, 64 bytes.

    Attributes
    ----------
    down, up
        Lines of output left in each channel, 0 to 1.
    missing, absent
        Lines of what suppliers fail to deliver (replaced shares left out) and of what customers fail to buy.
    market
        Lines of remaining sales of each market.
    drop, keep, sums
        One line each (sums: three): largest drop; 0 for lanes to be cleared; results.
    scenario, sweeps
        Shape (8,): which scenario a lane holds (-1 none), and its sweeps so far.
    down_one, up_one
        Shape (firms,): output left in the scenario of the sparse start; 1 between scenarios.
    worst, customers, slot_sum, left, stamp
        Sums of the sparse start; 0 between sweeps.
    hit_down, hit_up, buyers, suppliers, slots
        Lists of the sparse start.
    counts
        Shape (4,): length of `hit_down` and `hit_up`, links they touch, stamp.
    """

    down: FloatArray
    up: FloatArray
    missing: FloatArray
    absent: FloatArray
    market: FloatArray
    drop: FloatArray
    keep: FloatArray
    sums: FloatArray
    scenario: OffsetArray
    sweeps: OffsetArray
    down_one: FloatArray
    up_one: FloatArray
    worst: FloatArray
    customers: FloatArray
    slot_sum: FloatArray
    left: FloatArray
    stamp: OffsetArray
    hit_down: IndexArray
    hit_up: IndexArray
    buyers: IndexArray
    suppliers: IndexArray
    slots: IndexArray
    counts: OffsetArray


def make_memory(plan: Plan) -> Memory:
    """Make the memory of one thread.

    Parameters
    ----------
    plan
        The network.

    Returns
    -------
    Memory
        All lanes free.
    """
    firms, markets, slots = len(plan.sales), len(plan.size_of_market), len(plan.buyer_of_slot)
    return Memory(
        down=lines(firms, 1.0),
        up=lines(firms, 1.0),
        missing=lines(firms, 0.0),
        absent=lines(firms, 0.0),
        market=lines(markets, 0.0),
        drop=lines(1, 0.0),
        keep=lines(1, 1.0),
        sums=lines(3, 0.0),
        scenario=np.full(LANES, FREE, dtype=np.int64),
        sweeps=np.zeros(LANES, dtype=np.int64),
        down_one=np.ones(firms),
        up_one=np.ones(firms),
        worst=np.zeros(firms),
        customers=np.zeros(firms),
        slot_sum=np.zeros(slots),
        left=np.zeros(markets),
        stamp=np.zeros(markets, dtype=np.int64),
        hit_down=np.zeros(firms, dtype=np.int32),
        hit_up=np.zeros(firms, dtype=np.int32),
        # A sum that stays 0 (a share too small for a float) may be listed once for each of its links.
        buyers=np.zeros(len(plan.push_slot) + 1, dtype=np.int32),
        suppliers=np.zeros(len(plan.back_supplier) + 1, dtype=np.int32),
        slots=np.zeros(len(plan.push_slot) + 1, dtype=np.int32),
        counts=np.zeros(4, dtype=np.int64),
    )


def lines(count: int, value: float) -> FloatArray:
    """Make lines of eight numbers whose memory begins at a multiple of 64 bytes.

    Parameters
    ----------
    count
        How many lines.
    value
        What stands in every cell.

    Returns
    -------
    FloatArray
        Shape (8 · count,).
    """
    room = np.full((count + 1) * LANES, value)
    skip = (-room.ctypes.data // room.itemsize) % LANES
    return room[skip : skip + count * LANES]
