"""Which cells are to be computed next, and which have left their undisturbed state.

A cell is computed only when something it reads has changed. Waiting cells are chained by the
level of `chains.solve_order.Order`, so each is computed once a day, after all it reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import without_counting
from risk.kernels.scratch import COUNT_CHANGED, COUNT_MOVING, COUNT_SHORT, LOWEST_LEVEL

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import Scratch

NO_GAP = 1e-12


@without_counting
def call(order: Order, scratch: Scratch, cell: int) -> None:
    """Let a cell wait to be computed."""
    if scratch.waits[cell]:
        return
    level = order.level_of_cell[cell]
    scratch.waits[cell] = True
    scratch.after[cell] = scratch.head[level]
    scratch.head[level] = cell
    scratch.counter[LOWEST_LEVEL] = min(level, scratch.counter[LOWEST_LEVEL])


@without_counting
def call_dependents(order: Order, scratch: Scratch, cell: int) -> None:
    """Let all cells wait that read this one today."""
    for row in range(order.dependent_start[cell], order.dependent_start[cell + 1]):
        call(order, scratch, order.dependent_cell[row])


@without_counting
def call_readers(network: Network, order: Order, scratch: Scratch, holding: int) -> None:
    """Let all cells wait that read what users hold."""
    for row in range(network.reader_start[holding], network.reader_start[holding + 1]):
        call(order, scratch, network.reader_cell[row])


@without_counting
def next_cell(scratch: Scratch) -> int:
    """Take a waiting cell of the lowest level; -1 when none waits."""
    level = scratch.counter[LOWEST_LEVEL]
    while level < len(scratch.head):
        cell = scratch.head[level]
        if cell < 0:
            level += 1
            continue
        scratch.head[level] = scratch.after[cell]
        # A cell of a loop is computed with its loop and may have been done already.
        if scratch.waits[cell]:
            scratch.waits[cell] = False
            scratch.counter[LOWEST_LEVEL] = level
            return cell
    scratch.counter[LOWEST_LEVEL] = level
    return -1


@without_counting
def note_short(scratch: Scratch, holding: int) -> None:
    """Remember a holding whose deliveries fall short, or will."""
    if not scratch.is_short[holding]:
        scratch.is_short[holding] = True
        scratch.next_ready[holding] = -1.0
        scratch.short[scratch.counter[COUNT_SHORT]] = holding
        scratch.counter[COUNT_SHORT] += 1


@without_counting
def note_value(network: Network, scratch: Scratch, cell: int, value: float) -> None:
    """Store the value of a cell and remember that it left 1."""
    scratch.value[cell] = value
    if not scratch.is_changed[cell]:
        scratch.is_changed[cell] = True
        scratch.changed[scratch.counter[COUNT_CHANGED]] = cell
        scratch.counter[COUNT_CHANGED] += 1
    holding = _holding_of(network, cell)
    if holding >= 0 and value < 1.0 - NO_GAP:
        note_short(scratch, holding)


@without_counting
def _holding_of(network: Network, cell: int) -> int:
    """Find the holding whose spare can lift a cell; -1: none."""
    holding = cell - len(network.end_weight)
    if holding < len(network.is_capital):
        return holding
    number = holding - len(network.is_capital) - len(network.contracted_unit)
    return network.home_end[number] if number >= 0 else -1


@without_counting
def note_moving(network: Network, scratch: Scratch, cell: int) -> None:
    """Remember a cell that changes within the stretch."""
    if not scratch.is_moving[cell]:
        scratch.is_moving[cell] = True
        scratch.moving[scratch.counter[COUNT_MOVING]] = cell
        scratch.counter[COUNT_MOVING] += 1
    holding = _holding_of(network, cell)
    if holding >= 0:
        note_short(scratch, holding)


@without_counting
def forget_moving(scratch: Scratch) -> None:
    """Let every cell stand still."""
    for at in range(scratch.counter[COUNT_MOVING]):
        cell = scratch.moving[at]
        scratch.is_moving[cell] = False
        for motion in range(scratch.slope.shape[1]):
            scratch.slope[cell, motion] = 0.0
    scratch.counter[COUNT_MOVING] = 0


@without_counting
def forget_short(scratch: Scratch, holding_at: int) -> None:
    """Drop the holding at this place of the list of short ones."""
    last = scratch.counter[COUNT_SHORT] - 1
    scratch.is_short[scratch.short[holding_at]] = False
    scratch.short[holding_at] = scratch.short[last]
    scratch.counter[COUNT_SHORT] = last


@without_counting
def forget_changes(scratch: Scratch) -> None:
    """Put every cell back to 1."""
    for at in range(scratch.counter[COUNT_CHANGED]):
        cell = scratch.changed[at]
        scratch.value[cell] = 1.0
        scratch.is_changed[cell] = False
    scratch.counter[COUNT_CHANGED] = 0
    while scratch.counter[COUNT_SHORT] > 0:
        forget_short(scratch, scratch.counter[COUNT_SHORT] - 1)
    forget_moving(scratch)
