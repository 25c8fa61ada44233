"""Order in which the cells of a day are solved (cells: see `chains.arrays`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Order(NamedTuple):
    """Who must be known before whom within a day.

    Attributes
    ----------
    level_of_cell
        Length of the longest way from a cell that waits for nothing; the cells of a loop share one.
    component_of_cell, component_start, component_cell
        Strongly connected components, and their cells (CSR) in the order in which a sweep takes them: from
        the first cell on along who waits for whom, so that most of a loop is gone round in one sweep.
    is_concave
        By component: whether all its rules are concave (`chains.curvature`).
    dependent_start, dependent_cell
        Who waits for a cell (CSR).
    """

    level_of_cell: IntArray
    component_of_cell: IntArray
    component_start: IntArray
    component_cell: IntArray
    is_concave: BoolArray
    dependent_start: IntArray
    dependent_cell: IntArray


def ragged(rows: Iterable[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """CSR offsets and values of rows of unequal length."""
    rows = list(rows)
    start = np.zeros(len(rows) + 1, dtype=np.int64)
    start[1:] = np.cumsum([len(row) for row in rows], dtype=np.int64) if rows else 0
    values = np.array([value for row in rows for value in row], dtype=np.int64)
    return start, values


def sorted_edges(edges: Iterable[tuple[int, int]]) -> IntArray:
    """Distinct edges as an array of shape (edges, 2), sorted."""
    return distinct_edges(np.array(list(edges), dtype=np.int64).reshape(-1, 2))


def distinct_edges(edges: IntArray) -> IntArray:
    """Distinct rows of non-negative numbers, shape (edges, 2), sorted."""
    width = int(edges.max(initial=0)) + 1
    # One number a row sorts some ten times faster than rows do, and faster than numpy's unique hashes them.
    rows = np.sort(edges[:, 0] * width + edges[:, 1])
    is_first = np.ones(len(rows), dtype=np.bool_)
    is_first[1:] = rows[1:] != rows[:-1]
    return np.stack(np.divmod(rows[is_first], width), axis=1)


def neighbours(count: int, edges: IntArray) -> tuple[IntArray, IntArray]:
    """CSR of the second cells by the first, of sorted edges among `count` cells."""
    start = np.zeros(count + 1, dtype=np.int64)
    np.add.at(start, edges[:, 0] + 1, 1)
    return np.cumsum(start), edges[:, 1].copy()


def order_cells(count: int, edges: IntArray, concave: BoolArray) -> Order:
    """Find loops and levels.

    Parameters
    ----------
    count
        Number of cells.
    edges
        Shape (edges, 2), sorted and distinct: a cell, and one that waits for it.
    concave
        By cell: whether its rule is concave.

    Returns
    -------
    Order
        It depends on nothing but the graph.
    """
    matrix = csr_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count))
    found, label = connected_components(matrix, directed=True, connection="strong")
    # Components are renumbered by their first cell, so that no library's choice shows.
    first = np.full(found, count, dtype=np.int64)
    np.minimum.at(first, label, np.arange(count))
    component = np.argsort(np.argsort(first))[label].astype(np.int64)
    start = np.zeros(found + 1, dtype=np.int64)
    np.add.at(start, component + 1, 1)
    dependent_start, dependent_cell = neighbours(count, edges)
    component_start = np.cumsum(start)
    component_cell = np.argsort(component, kind="stable").astype(np.int64)
    for loop in np.flatnonzero(np.diff(component_start) > 1).tolist():
        members = component_cell[component_start[loop] : component_start[loop + 1]]
        members[:] = _sweep(int(members[0]), component, dependent_start, dependent_cell)
    return Order(
        level_of_cell=_levels(found, distinct_edges(component[edges]))[component],
        component_of_cell=component,
        component_start=component_start,
        component_cell=component_cell,
        is_concave=np.bincount(component, weights=~concave, minlength=found) == 0,
        dependent_start=dependent_start,
        dependent_cell=dependent_cell,
    )


def _sweep(first: int, component: IntArray, start: IntArray, after: IntArray) -> list[int]:
    """Cells of the loop of `first`, each before those found from it: a depth-first search, read backwards."""
    finished: list[int] = []
    seen = {first}
    way = [(first, iter(after[start[first] : start[first + 1]].tolist()))]
    while way:
        cell, rest = way[-1]
        for dependent in rest:
            if component[dependent] == component[cell] and dependent not in seen:
                seen.add(dependent)
                way.append((dependent, iter(after[start[dependent] : start[dependent + 1]].tolist())))
                break
        else:
            finished.append(way.pop()[0])
    return finished[::-1]


def _levels(count: int, edges: IntArray) -> IntArray:
    """Longest way to each component of an acyclic graph, one wave of components after another."""
    edges = edges[edges[:, 0] != edges[:, 1]]
    start, after = neighbours(count, edges)
    waiting = np.bincount(edges[:, 1], minlength=count)
    level = np.zeros(count, dtype=np.int64)
    wave = np.flatnonzero(waiting == 0)
    while len(wave):
        reached = np.concatenate([after[start[one] : start[one + 1]] for one in wave])
        source = np.repeat(wave, start[wave + 1] - start[wave])
        np.maximum.at(level, reached, level[source] + 1)
        np.subtract.at(waiting, reached, 1)
        wave = np.unique(reached[waiting[reached] == 0])
    return level
