"""Who is served first when a source cannot deliver all that its listed buyers need.

A source delivers the fraction g of what it normally delivers. Without priorities every buyer gets
that fraction. With them the buyers form classes, and g is handed out from the highest class down:
the class that stands behind the fraction `above` of the sales and takes the fraction `width` gets
``min(1, max(0, (g - above) / width))`` of its part. What the source sells to buyers without a list
is not known and not touched.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

LOWEST = -(10**9)


def ration(
    sources: Sequence[Hashable], priorities: Sequence[int | None], volumes: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Place every row of buyers' lists in its source's queue.

    Parameters
    ----------
    sources
        By row: who delivers what.
    priorities
        By row: higher numbers are served first, blank ones last.
    volumes
        By row: what it takes of the source's listed sales, in any unit, at least 0.

    Returns
    -------
    tuple of arrays
        By row: the fraction of the source's listed sales served before the row's class, and the
        fraction its class takes. 0 and 1 where all rows of the source have one priority.

    References
    ----------
    docs/model.md, "Priority".
    """
    above, width = np.zeros(len(sources)), np.ones(len(sources))
    rows: dict[Hashable, list[int]] = defaultdict(list)
    for row, source in enumerate(sources):
        rows[source].append(row)
    for members in rows.values():
        classes: dict[int, float] = defaultdict(float)
        for row in members:
            classes[_rank(priorities[row])] += volumes[row]
        total = sum(classes.values())
        if len(classes) == 1 or total <= 0.0:
            continue
        before = 0.0
        place = {}
        for rank in sorted(classes, reverse=True):
            place[rank] = (before / total, classes[rank] / total)
            before += classes[rank]
        for row in members:
            above[row], width[row] = place[_rank(priorities[row])]
    return above, width


def _rank(priority: int | None) -> int:
    return LOWEST if priority is None else priority
