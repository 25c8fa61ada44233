"""What a kernel reads beside the network, and the memory it works in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chains.arrays import Network

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHARE_OF_UNIT = 0
SPARE_OF_UNIT = 1
OTHERS_OF_ITEM = 2
SHARE_OF_ENTRY = 3
SPARE_OF_ENTRY = 4
OTHERS_OF_LIST = 5
SHARE_OF_DELIVERY = 6
SPARE_OF_DELIVERY = 7
OTHERS_OF_DELIVERY = 8

# How many differences a line keeps: values are polynomials of the day of this degree, so that bases
# made with bases that wear are straight sailing. What is cut off is watched (`motion.find_lines`).
ORDERS = 6
LONGEST_HORIZON = 3650
# C(day, order): what a difference of an order adds until a day.
CHOOSE = np.array(
    [[math.comb(day, order) for order in range(ORDERS + 2)] for day in range(LONGEST_HORIZON + 1)],
    dtype=np.float64,
)
# Lines being computed at a time (`risk.kernels.lines`, `risk.kernels.regions`).
REGISTERS = 17


class Lanes(NamedTuple):
    """Simulations to run: what stops in each from day 0 on, and the shares it changes, as CSR rows."""

    stop_start: IntArray
    stopped: IntArray  # targets: see `chains.arrays.Network`
    change_start: IntArray
    change_target: IntArray
    change_index: IntArray
    change_value: FloatArray


class Scratch(NamedTuple):
    """State of one simulation; one a thread, never shared."""

    value: FloatArray  # by cell
    slope: FloatArray  # by cell and order: differences of the first, second … order at the first day
    line_before: FloatArray  # by cell of a loop and order: its line before it is found anew
    line: FloatArray  # by register and order: lines being computed
    choose: FloatArray  # by day and order: CHOOSE
    ratio: FloatArray  # by item: output of an open-market unit that is not stopped
    running: FloatArray  # by item: the part of its ready spare that flows, where deliveries are split
    stock: FloatArray  # by holding: days
    installed: FloatArray  # by holding
    up: FloatArray  # by target: availability
    share_of_unit: FloatArray
    spare_of_unit: FloatArray
    others_of_item: FloatArray
    share_of_entry: FloatArray
    spare_of_entry: FloatArray
    others_of_list: FloatArray
    share_of_delivery: FloatArray
    spare_of_delivery: FloatArray
    others_of_delivery: FloatArray
    # cells to be computed, as a chain a level
    head: IntArray  # by level
    after: IntArray  # by cell
    waits: BoolArray  # by cell
    fell: FloatArray  # by cell of a loop: by how much it fell in the latest sweep
    began: FloatArray  # by cell of a loop: its value before the first sweep
    # cells that left 1, and holdings that are short of deliveries or will be
    changed: IntArray
    is_changed: BoolArray
    short: IntArray
    is_short: BoolArray
    next_ready: FloatArray  # by holding: next day after the first shock on which spare of it is ready
    draining: IntArray  # short holdings whose stock falls or whose base wears
    is_draining: BoolArray
    moving: IntArray  # cells with a slope
    is_moving: BoolArray
    # lines that hold for some days only, cells computed today, and bases whose wear has changed
    expiry: IntArray  # by cell: first day on which its line no longer holds
    watched: IntArray
    is_watched: BoolArray
    fresh: IntArray
    is_fresh: BoolArray
    worn: IntArray  # holdings
    is_worn: BoolArray
    reached: BoolArray  # by cell
    reach: IntArray  # the reached cells
    counter: IntArray  # see the COUNT_ constants


COUNT_CHANGED, COUNT_SHORT, COUNT_MOVING, LOWEST_LEVEL = range(4)
COUNT_WATCHED, COUNT_FRESH, COUNT_WORN, LINES_UNTIL, IS_CROOKED, COUNT_REACHED = range(4, 10)
COUNT_DRAINING, READY_ON, MAY_BE_WHOLE = range(10, 13)
COUNTERS = 13
# Of READY_ON, the first day on which spare of a short holding is ready: to be looked for.
UNKNOWN = -1


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
    """

    loss: FloatArray
    worst_level: FloatArray
    worst_item: IntArray
    defaults_used: IntArray


def make_scratch(network: Network) -> Scratch:
    """Memory for one simulation at a time."""
    items = len(network.end_weight)
    holdings, cells = len(network.is_capital), len(network.defaults_of_cell)
    levels = 1 + max(order.level_of_cell.max(initial=0) for order in (network.run_order, network.build_order))
    return Scratch(
        value=np.ones(cells),
        slope=np.zeros((cells, ORDERS)),
        line_before=np.zeros((cells, ORDERS)),
        line=np.zeros((REGISTERS, ORDERS)),
        choose=CHOOSE,
        ratio=np.ones(items),
        running=np.zeros(items),
        stock=np.zeros(holdings),
        installed=np.ones(holdings),
        up=np.ones(len(network.seed_start) - 1),
        share_of_unit=network.share_of_unit.copy(),
        spare_of_unit=network.spare_of_unit.copy(),
        others_of_item=network.others_of_item.copy(),
        share_of_entry=network.share_of_entry.copy(),
        spare_of_entry=network.spare_of_entry.copy(),
        others_of_list=network.others_of_list.copy(),
        share_of_delivery=network.share_of_delivery.copy(),
        spare_of_delivery=network.spare_of_delivery.copy(),
        others_of_delivery=network.others_of_delivery.copy(),
        **_waiting_lists(cells, holdings, levels),
    )


def _waiting_lists(cells: int, holdings: int, levels: int) -> dict[str, Any]:
    """Empty lists of cells and holdings: who waits, who has changed, whose line holds until when."""
    counter = np.zeros(COUNTERS, dtype=np.int64)
    counter[[LOWEST_LEVEL, READY_ON]] = levels, UNKNOWN
    return {
        "head": np.full(levels, -1, dtype=np.int64),
        "after": np.zeros(cells, dtype=np.int64),
        "waits": np.zeros(cells, dtype=np.bool_),
        "fell": np.zeros(cells),
        "began": np.zeros(cells),
        "changed": np.zeros(cells, dtype=np.int64),
        "is_changed": np.zeros(cells, dtype=np.bool_),
        "short": np.zeros(holdings, dtype=np.int64),
        "is_short": np.zeros(holdings, dtype=np.bool_),
        "next_ready": np.zeros(holdings),
        "draining": np.zeros(holdings, dtype=np.int64),
        "is_draining": np.zeros(holdings, dtype=np.bool_),
        "moving": np.zeros(cells, dtype=np.int64),
        "is_moving": np.zeros(cells, dtype=np.bool_),
        "expiry": np.zeros(cells, dtype=np.int64),
        "watched": np.zeros(cells, dtype=np.int64),
        "is_watched": np.zeros(cells, dtype=np.bool_),
        "fresh": np.zeros(cells, dtype=np.int64),
        "is_fresh": np.zeros(cells, dtype=np.bool_),
        "worn": np.zeros(holdings, dtype=np.int64),
        "is_worn": np.zeros(holdings, dtype=np.bool_),
        "reached": np.zeros(cells, dtype=np.bool_),
        "reach": np.zeros(cells, dtype=np.int64),
        "counter": counter,
    }


def make_outcome(*, lanes: int, horizon: int) -> Outcome:
    """Empty results for `lanes` simulations of `horizon` days."""
    return Outcome(
        loss=np.zeros((3, lanes, horizon)),
        worst_level=np.ones(lanes),
        worst_item=np.full(lanes, -1, dtype=np.int64),
        defaults_used=np.zeros(lanes, dtype=np.int64),
    )
