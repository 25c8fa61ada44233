"""What a kernel reads beside the network, and the memory it works in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chains.arrays import Network

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


class Lanes(NamedTuple):
    """Simulations to run: each its shocks and the shares it changes, as CSR rows.

    `shock_end` is the first day on which the supplier or item is back.
    """

    shock_start: IntArray
    shock_kind: IntArray
    shock_index: IntArray
    shock_severity: FloatArray
    shock_first_day: IntArray
    shock_end: IntArray
    change_start: IntArray
    change_target: IntArray
    change_index: IntArray
    change_value: FloatArray


class Scratch(NamedTuple):
    """State of one simulation; one a thread, never shared."""

    value: FloatArray  # by cell
    slope: FloatArray  # by cell: change a day within a stretch
    ratio: FloatArray  # by item: output of an open-market unit that is not stopped
    stock: FloatArray
    installed: FloatArray
    stock_of_list: FloatArray
    installed_of_list: FloatArray
    up_supplier: FloatArray
    up_item: FloatArray
    share_of_unit: FloatArray
    spare_of_unit: FloatArray
    others_of_item: FloatArray
    share_of_entry: FloatArray
    spare_of_entry: FloatArray
    others_of_list: FloatArray
    touched: NDArray[np.bool_]  # by cell
    positions: IntArray  # of the touched cells, rising
    events: FloatArray  # days on which something can improve or a shock changes


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
    unit_loss, unit_first_day
        Shape (lanes, units) or (0, units) when not asked for: summed daily loss with both, and
        the first day above 1 % (-1: none).
    """

    loss: FloatArray
    worst_level: FloatArray
    worst_item: IntArray
    defaults_used: IntArray
    unit_loss: FloatArray
    unit_first_day: IntArray


def make_scratch(network: Network, *, most_shocks: int) -> Scratch:
    """Memory for simulations of up to `most_shocks` shock rows each."""
    items, suppliers = len(network.end_weight), len(network.supplier_seed_start) - 1
    lists, cells = len(network.item_of_list), len(network.cell_order)
    events = len(network.ready_of_unit) + len(network.ready_of_entry) + 2 * most_shocks + 1
    return Scratch(
        value=np.ones(cells),
        slope=np.zeros(cells),
        ratio=np.ones(items),
        stock=np.zeros(items),
        installed=np.ones(items),
        stock_of_list=np.zeros(lists),
        installed_of_list=np.ones(lists),
        up_supplier=np.ones(suppliers),
        up_item=np.ones(items),
        share_of_unit=network.share_of_unit.copy(),
        spare_of_unit=network.spare_of_unit.copy(),
        others_of_item=network.others_of_item.copy(),
        share_of_entry=network.share_of_entry.copy(),
        spare_of_entry=network.spare_of_entry.copy(),
        others_of_list=network.others_of_list.copy(),
        touched=np.zeros(cells, dtype=np.bool_),
        positions=np.zeros(cells, dtype=np.int64),
        events=np.zeros(events),
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
    )
