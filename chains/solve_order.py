"""Order in which the cells of a day are solved (cells: see `chains.arrays`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IntArray = NDArray[np.int64]


def ragged(rows: Iterable[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """CSR offsets and values of rows of unequal length."""
    rows = list(rows)
    start = np.zeros(len(rows) + 1, dtype=np.int64)
    start[1:] = np.cumsum([len(row) for row in rows], dtype=np.int64) if rows else 0
    values = np.array([value for row in rows for value in row], dtype=np.int64)
    return start, values


def order_cells(count: int, edges: Iterable[tuple[int, int]]) -> dict[str, IntArray]:
    """Topological order of strongly connected components, and who depends on whom.

    Parameters
    ----------
    count
        Number of cells.
    edges
        ``(cell, dependent cell)``; repeats are allowed.

    Returns
    -------
    dict
        ``cell_order`` (cells, position by position), ``position_of_cell``,
        ``component_of_position``, ``component_start`` (offsets into `cell_order`),
        ``dependent_start`` and ``dependent_cell`` (CSR).

    Notes
    -----
    Within a component cells stand in rising number, so the order depends on nothing but the graph.
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(sorted(set(edges)))
    condensed = nx.condensation(graph)
    members: dict[int, list[int]] = {key: sorted(cells) for key, cells in condensed.nodes(data="members")}  # type: ignore[arg-type]
    ordered = nx.lexicographical_topological_sort(condensed, key=lambda component: members[component][0])
    component_start, cell_order = ragged(members[component] for component in ordered)
    position_of_cell = np.empty(count, dtype=np.int64)
    position_of_cell[cell_order] = np.arange(count)
    dependent_start, dependent_cell = ragged(sorted(graph.adj[cell]) for cell in range(count))
    return {
        "cell_order": cell_order,
        "position_of_cell": position_of_cell,
        "component_of_position": np.repeat(np.arange(len(component_start) - 1), np.diff(component_start)),
        "component_start": component_start,
        "dependent_start": dependent_start,
        "dependent_cell": dependent_cell,
    }
