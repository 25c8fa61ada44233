"""Where the rows of buyers' lists stand when their source cannot serve all (`chains.priorities`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chains.priorities import ration
from chains.tiers import base_item_id, is_narrowed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chains.parts import ChainParts


def queue_places(parts: ChainParts, entries: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place each entry of the buyers' lists in the queue of its source.

    Parameters
    ----------
    parts
        Of a chain.
    entries
        How many entries its lists have.

    Returns
    -------
    tuple of arrays
        By entry, what is served before its class and what its class takes: fractions of the source's listed
        sales; 0 and 1 where nobody goes first.
    """
    if len({row.priority for row in parts.records.purchases}) <= 1:
        return np.zeros(entries), np.ones(entries)
    queue = _queue(parts)
    rows = [row for key in parts.list_keys for row in parts.lists[key].rows]
    places = [queue[row.buyer_id, row.item_id, row.supplier_id] for row in rows]
    return np.array([above for above, _ in places]), np.array([width for _, width in places])


def _queue(parts: ChainParts) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Place each buyer of each source of an item by its priority (`chains.priorities`)."""
    sizes = _sizes(parts)
    rows = [
        (row, share, sizes[key])
        for key in sorted(sizes)
        for row, share in zip(parts.lists[key].rows, parts.lists[key].filled.shares, strict=True)
    ]
    smallest: dict[tuple[str, str], float] = {}
    for row, _, size in rows:
        source = (row.supplier_id, row.item_id)
        if size > 0.0:
            smallest[source] = min(size, smallest.get(source, size))
    above, width = ration(
        [(row.supplier_id, row.item_id) for row, _, _ in rows],
        [row.priority for row, _, _ in rows],
        [share * (size or smallest.get((row.supplier_id, row.item_id), 1.0)) for row, share, size in rows],
    )
    return {
        (row.buyer_id, row.item_id, row.supplier_id): (float(place[0]), float(place[1]))
        for (row, _, _), place in zip(rows, zip(above, width, strict=True), strict=True)
    }


def _sizes(parts: ChainParts) -> dict[tuple[str, str], float]:
    """Market shares of what each buyer makes with each list, summed; lists that serve no plant left out."""
    sizes: dict[tuple[str, str], float] = {}
    shares = {(unit.supplier_id, unit.item_id): unit.share for unit in parts.units}
    for key, served in parts.needs.items():
        if is_narrowed(key[1]):
            continue
        for bought in {(key[0], base_item_id(bought[1])) for _, bought in served if bought}:
            sizes[bought] = sizes.get(bought, 0.0) + shares[key]
    return sizes
