"""What a kernel reads beside the network, and the memory it works in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chains.arrays import Network

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHOCK_SUPPLIER = 0
SHOCK_ITEM = 1

SHARE_OF_UNIT = 0
SPARE_OF_UNIT = 1
OTHERS_OF_ITEM = 2
SHARE_OF_ENTRY = 3
SPARE_OF_ENTRY = 4
OTHERS_OF_LIST = 5

FOREVER = np.iinfo(np.int64).max // 4

# How many differences a line keeps: values are polynomials of the day of this degree, so that bases
# made with bases that wear are straight sailing. What is cut off is watched (`motion.find_lines`).
ORDERS = 6


class Lanes(NamedTuple):
    """Simulations to run: each its shocks and the shares it changes, as CSR rows.

    `shock_end` is the first day after the shock; from then on availability climbs back over
    `shock_recovery` days, at once where that is 0.
    """

    shock_start: IntArray
    shock_kind: IntArray
    shock_index: IntArray
    shock_severity: FloatArray
    shock_first_day: IntArray
    shock_end: IntArray
    shock_recovery: IntArray
    change_start: IntArray
    change_target: IntArray
    change_index: IntArray
    change_value: FloatArray


class Scratch(NamedTuple):
    """State of one simulation; one a thread, never shared."""

    value: FloatArray  # by cell
    slope: FloatArray  # by cell and order: differences of the first, second … order at the first day
    line: FloatArray  # by register and order: lines being computed
    ratio: FloatArray  # by item: output of an open-market unit that is not stopped
    stock: FloatArray  # by holding: days
    installed: FloatArray  # by holding
    up_supplier: FloatArray
    up_item: FloatArray
    share_of_unit: FloatArray
    spare_of_unit: FloatArray
    others_of_item: FloatArray
    share_of_entry: FloatArray
    spare_of_entry: FloatArray
    others_of_list: FloatArray
    # cells to be computed, as a chain a level
    head: IntArray  # by level
    after: IntArray  # by cell
    waits: BoolArray  # by cell
    # cells that left 1, and holdings that are short of deliveries or will be
    changed: IntArray
    is_changed: BoolArray
    short: IntArray
    is_short: BoolArray
    next_ready: FloatArray  # by holding: next day after the first shock on which spare of it is ready
    moving: IntArray  # cells with a slope
    is_moving: BoolArray
    reached: BoolArray  # by cell
    reach: IntArray  # the reached cells
    counter: IntArray  # see the COUNT_ constants


COUNT_CHANGED, COUNT_SHORT, COUNT_MOVING, LOWEST_LEVEL = range(4)


class Outcome(NamedTuple):
    """What simulations leave behind.

    Attributes
    ----------
    loss
        Shape (3, lanes, horizon): day loss without stock and substitution; with substitution;
        with both. 0 to 1.
    worst_level, worst_item
        By lane: what the worst-served slot gets on day 0 without stock and substitution, and of
        which item; 1 and -1 when every slot is served.
    defaults_used
        By lane: union of `chains.defaults.DefaultUsed` over the cells that the shock can reach.
    unit_loss, unit_first_day, unit_last_day
        Shape (lanes, units) or (0, units) when not asked for: summed daily loss with both, and
        the first and the last day above 1 % (-1: none).
    """

    loss: FloatArray
    worst_level: FloatArray
    worst_item: IntArray
    defaults_used: IntArray
    unit_loss: FloatArray
    unit_first_day: IntArray
    unit_last_day: IntArray


def make_scratch(network: Network) -> Scratch:
    """Memory for one simulation at a time."""
    items, suppliers = len(network.end_weight), len(network.supplier_seed_start) - 1
    holdings, cells = len(network.is_capital), len(network.defaults_of_cell)
    levels = 1 + max(order.level_of_cell.max(initial=0) for order in (network.run_order, network.build_order))
    return Scratch(
        value=np.ones(cells),
        slope=np.zeros((cells, ORDERS)),
        line=np.zeros((7, ORDERS)),
        ratio=np.ones(items),
        stock=np.zeros(holdings),
        installed=np.ones(holdings),
        up_supplier=np.ones(suppliers),
        up_item=np.ones(items),
        share_of_unit=network.share_of_unit.copy(),
        spare_of_unit=network.spare_of_unit.copy(),
        others_of_item=network.others_of_item.copy(),
        share_of_entry=network.share_of_entry.copy(),
        spare_of_entry=network.spare_of_entry.copy(),
        others_of_list=network.others_of_list.copy(),
        head=np.full(levels, -1, dtype=np.int64),
        after=np.zeros(cells, dtype=np.int64),
        waits=np.zeros(cells, dtype=np.bool_),
        changed=np.zeros(cells, dtype=np.int64),
        is_changed=np.zeros(cells, dtype=np.bool_),
        short=np.zeros(holdings, dtype=np.int64),
        is_short=np.zeros(holdings, dtype=np.bool_),
        next_ready=np.zeros(holdings),
        moving=np.zeros(cells, dtype=np.int64),
        is_moving=np.zeros(cells, dtype=np.bool_),
        reached=np.zeros(cells, dtype=np.bool_),
        reach=np.zeros(cells, dtype=np.int64),
        counter=np.array([0, 0, 0, levels], dtype=np.int64),
    )


def make_outcome(network: Network, *, lanes: int, horizon: int, units: bool) -> Outcome:
    """Empty results for `lanes` simulations of `horizon` days."""
    rows = lanes if units else 0
    count = len(network.item_of_unit)
    return Outcome(
        loss=np.zeros((3, lanes, horizon)),
        worst_level=np.ones(lanes),
        worst_item=np.full(lanes, -1, dtype=np.int64),
        defaults_used=np.zeros(lanes, dtype=np.int64),
        unit_loss=np.zeros((rows, count)),
        unit_first_day=np.full((rows, count), -1, dtype=np.int64),
        unit_last_day=np.full((rows, count), -1, dtype=np.int64),
    )
