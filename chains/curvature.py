"""Which rules of a day are concave: where several inputs fall together, an output falls ever faster.

Sums, minima and products of what still runs are. A best of alternatives, a queue that serves some first,
inputs that together could take more than all, and deliveries over a border are not. Loops of concave
rules are solved in leaps (`risk.kernels.solving`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    BoolArray = NDArray[np.bool_]


def concave_cells(rows: dict[str, Any], *, count: int) -> BoolArray:
    """Say of each cell whether its rule is concave where nothing that it reads rises.

    Parameters
    ----------
    rows
        Arrays of slots, lists and regions (`chains.flatten`).
    count
        Number of cells.

    Returns
    -------
    BoolArray
        By cell; False where it is not known.
    """
    is_delivered = rows["is_delivered"]
    items, numbers = len(is_delivered), len(rows["item_of_list"])
    concave = np.ones(count, dtype=np.bool_)
    limits = _concave_rows(rows)
    concave[:items] = limits[:items]
    units = 2 * items + numbers
    concave[units : units + len(limits) - items] = limits[items:]
    concave[items : 2 * items] = ~is_delivered
    list_of_entry = np.repeat(np.arange(numbers), np.diff(rows["entry_start"]))
    queued = np.bincount(list_of_entry, weights=rows["width_of_entry"] < 1.0, minlength=numbers) > 0
    concave[2 * items : units] = ~(queued | is_delivered[rows["item_of_list"]])
    concave[units + len(limits) - items :] = False
    return concave


def _concave_rows(rows: dict[str, Any]) -> BoolArray:
    """By row of slots: whether it has no alternatives, and all that is not essential cannot stop it."""
    start, group = rows["slot_start"], rows["slot_group"]
    row = np.repeat(np.arange(len(start) - 1), np.diff(start))
    is_same = np.zeros(len(row), dtype=np.bool_)
    is_same[1:] = (group[1:] == group[:-1]) & (row[1:] == row[:-1]) & (group[1:] >= 0)
    alternatives = np.bincount(row, weights=is_same, minlength=len(start) - 1)
    missing = np.bincount(row, weights=rows["slot_weight"] * (group < 0), minlength=len(start) - 1)
    concave: BoolArray = (alternatives == 0) & (missing <= 1.0)
    return concave
