"""Which cells are to be computed next, and which have left their undisturbed state.

A cell is computed only when something it reads has changed. Waiting cells are chained by the
level of `chains.solve_order.Order`, so each is computed once a day, after all it reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.scratch import (
    COUNT_CHANGED,
    COUNT_DRAINING,
    COUNT_FRESH,
    COUNT_MOVING,
    COUNT_SHORT,
    COUNT_WATCHED,
    COUNT_WORN,
    LINES_UNTIL,
    LOWEST_LEVEL,
    READY_ON,
    UNKNOWN,
)

if TYPE_CHECKING:
    from chains.arrays import Network
    from chains.solve_order import Order
    from risk.kernels.scratch import Scratch

NO_GAP = 1e-12
FOREVER = np.iinfo(np.int64).max


@inlined
def call(order: Order, scratch: Scratch, cell: int) -> None:
    """Let a cell wait to be computed."""
    if scratch.waits[cell]:
        return
    level = order.level_of_cell[cell]
    scratch.waits[cell] = True
    scratch.after[cell] = scratch.head[level]
    scratch.head[level] = cell
    scratch.counter[LOWEST_LEVEL] = min(level, scratch.counter[LOWEST_LEVEL])


@inlined
def call_within(order: Order, scratch: Scratch, cell: int, component: int) -> None:
    """Mark dependents in the same loop; its sweep finds them."""
    for row in range(order.dependent_start[cell], order.dependent_start[cell + 1]):
        dependent = order.dependent_cell[row]
        if order.component_of_cell[dependent] == component:
            scratch.waits[dependent] = True


@inlined
def call_readers(network: Network, order: Order, scratch: Scratch, holding: int) -> None:
    """Let all cells wait that read what users hold."""
    for row in range(network.reader_start[holding], network.reader_start[holding + 1]):
        call(order, scratch, network.reader_cell[row])


@inlined
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


@inlined
def note_short(network: Network, scratch: Scratch, holding: int) -> None:
    """Remember a holding whose deliveries fall short, or will."""
    if scratch.is_short[holding]:
        return
    scratch.is_short[holding] = True
    scratch.next_ready[holding] = -1.0
    scratch.counter[READY_ON] = UNKNOWN
    scratch.short[scratch.counter[COUNT_SHORT]] = holding
    scratch.counter[COUNT_SHORT] += 1
    if not scratch.is_draining[holding] and drains(network, scratch, holding):
        scratch.is_draining[holding] = True
        scratch.draining[scratch.counter[COUNT_DRAINING]] = holding
        scratch.counter[COUNT_DRAINING] += 1


@inlined
def drains(network: Network, scratch: Scratch, holding: int) -> bool:
    """Whether a gap takes something from what users hold: stock, or in mode run an installed base."""
    if not network.is_capital[holding]:
        return scratch.stock[holding] > 0.0
    return wears(network, scratch, holding)


@inlined
def wears(network: Network, scratch: Scratch, holding: int) -> bool:
    """Say whether users of a holding live on an installed base that is left and wears."""
    return network.lives_on_base[holding] and (
        network.attrition_per_day[holding] > 0.0 and scratch.installed[holding] > 0.0
    )


@inlined
def note_value(network: Network, scratch: Scratch, cell: int, value: float) -> None:
    """Store the value of a cell and remember that it left 1."""
    scratch.value[cell] = value
    note_changed(scratch, cell)
    holding = _holding_of(network, cell)
    if holding >= 0 and value < 1.0 - NO_GAP:
        note_short(network, scratch, holding)


@inlined
def _holding_of(network: Network, cell: int) -> int:
    """Find the holding whose spare can lift a cell; -1: none."""
    holding = cell - len(network.end_weight)
    if holding < len(network.is_capital):
        return holding
    number = holding - len(network.is_capital) - len(network.contracted_unit)
    return network.home_end[number] if number >= 0 else -1


@inlined
def note_moving(network: Network, scratch: Scratch, cell: int) -> None:
    """Remember a cell that changes within the stretch."""
    if not scratch.is_moving[cell]:
        scratch.is_moving[cell] = True
        scratch.moving[scratch.counter[COUNT_MOVING]] = cell
        scratch.counter[COUNT_MOVING] += 1
    holding = _holding_of(network, cell)
    if holding >= 0:
        note_short(network, scratch, holding)


@inlined
def note_changed(scratch: Scratch, cell: int) -> None:
    """Remember that a cell left 1."""
    if not scratch.is_changed[cell]:
        scratch.is_changed[cell] = True
        scratch.changed[scratch.counter[COUNT_CHANGED]] = cell
        scratch.counter[COUNT_CHANGED] += 1


@inlined
def note_fresh(scratch: Scratch, cell: int) -> None:
    """Remember a cell computed today: its line is to be found again."""
    if not scratch.is_fresh[cell]:
        scratch.is_fresh[cell] = True
        scratch.fresh[scratch.counter[COUNT_FRESH]] = cell
        scratch.counter[COUNT_FRESH] += 1


@inlined
def note_worn(scratch: Scratch, holding: int) -> None:
    """Remember a base whose wear has changed: lines of its readers are to be found again."""
    if not scratch.is_worn[holding]:
        scratch.is_worn[holding] = True
        scratch.worn[scratch.counter[COUNT_WORN]] = holding
        scratch.counter[COUNT_WORN] += 1


@inlined
def note_expiry(scratch: Scratch, cell: int, day: int) -> None:
    """Remember the first day on which the line of a cell no longer holds."""
    scratch.expiry[cell] = day
    if not scratch.is_watched[cell] and day < FOREVER:
        scratch.is_watched[cell] = True
        scratch.watched[scratch.counter[COUNT_WATCHED]] = cell
        scratch.counter[COUNT_WATCHED] += 1


@without_counting
def call_expired(network: Network, order: Order, scratch: Scratch, day: int) -> None:
    """Let the cells wait whose lines no longer hold: all, once what was cut off could be seen."""
    if day >= scratch.counter[LINES_UNTIL]:
        for at in range(scratch.counter[COUNT_CHANGED]):
            call(order, scratch, scratch.changed[at])
        for at in range(scratch.counter[COUNT_SHORT]):
            call_readers(network, order, scratch, scratch.short[at])
    at = 0
    while at < scratch.counter[COUNT_WATCHED]:
        cell = scratch.watched[at]
        if scratch.expiry[cell] > day:
            at += 1
            continue
        call(order, scratch, cell)
        scratch.is_watched[cell] = False
        scratch.counter[COUNT_WATCHED] -= 1
        scratch.watched[at] = scratch.watched[scratch.counter[COUNT_WATCHED]]


@without_counting
def forget_fresh(scratch: Scratch) -> None:
    """Lines of all cells computed today have been found."""
    for at in range(scratch.counter[COUNT_FRESH]):
        scratch.is_fresh[scratch.fresh[at]] = False
    scratch.counter[COUNT_FRESH] = 0


@without_counting
def forget_worn(scratch: Scratch) -> None:
    """Readers of all bases whose wear has changed have been called."""
    for at in range(scratch.counter[COUNT_WORN]):
        scratch.is_worn[scratch.worn[at]] = False
    scratch.counter[COUNT_WORN] = 0


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


@inlined
def forget_draining(scratch: Scratch, holding_at: int) -> None:
    """Drop the holding at this place of the list of draining ones."""
    last = scratch.counter[COUNT_DRAINING] - 1
    scratch.is_draining[scratch.draining[holding_at]] = False
    scratch.draining[holding_at] = scratch.draining[last]
    scratch.counter[COUNT_DRAINING] = last


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
    while scratch.counter[COUNT_DRAINING] > 0:
        forget_draining(scratch, scratch.counter[COUNT_DRAINING] - 1)
    scratch.counter[READY_ON] = UNKNOWN
    forget_moving(scratch)
    forget_fresh(scratch)
    forget_worn(scratch)
    for at in range(scratch.counter[COUNT_WATCHED]):
        scratch.is_watched[scratch.watched[at]] = False
    scratch.counter[COUNT_WATCHED] = 0
