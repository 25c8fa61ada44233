"""Polynomials of the day, in registers: the arithmetic of `risk.kernels.lines`.

A line is kept as its differences of the first, second … order on the first day of a stretch (Newton's
form): day d has the value c₀ + Σ c_k · C(d, k). Values of today stand beside, in plain variables.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.scratch import ORDERS

if TYPE_CHECKING:
    from risk.kernels.scratch import FloatArray, Scratch

# Two values nearer than this are one.
NO_DIFFERENCE = 1e-15
# Differences below these move no value by more than about 1e-13 within three years.
NO_SLOPE = np.array([1e-13 / math.comb(1000, order) for order in range(1, ORDERS + 1)])
# C(d, i) · C(d, j) = Σ_k PRODUCT[i, j, k] · C(d, k), orders counted from 0 for the first.
PRODUCT = np.zeros((ORDERS, ORDERS, ORDERS))
for _i in range(1, ORDERS + 1):
    for _j in range(1, ORDERS + 1):
        for _k in range(max(_i, _j), min(_i + _j, ORDERS) + 1):
            PRODUCT[_i - 1, _j - 1, _k - 1] = math.comb(_k, _i) * math.comb(_i, _k - _j)

# Registers: the line asked for is always in RESULT.
RESULT, BEST, MISSING, GOT, LEFT, FIXED, OTHER, GAP = range(8)
# In `risk.kernels.regions`: the same and more, for home and for the other region.


@inlined
def clear(lines: FloatArray, register: int) -> None:
    """Let a register stand still."""
    for order in range(ORDERS):
        lines[register, order] = 0.0


@inlined
def degree_of(lines: FloatArray, row: int) -> int:
    """Give the highest order of a line that is not 0."""
    degree = ORDERS
    while degree > 0 and lines[row, degree - 1] == 0.0:
        degree -= 1
    return degree


@inlined
def copy_line(lines: FloatArray, register: int, source: int) -> None:
    """Copy one register to another."""
    for order in range(ORDERS):
        lines[register, order] = lines[source, order]


@inlined
def add_cell(scratch: Scratch, register: int, factor: float, cell: int) -> None:
    """Add a cell's slopes to a register."""
    if scratch.is_moving[cell]:
        for order in range(ORDERS):
            scratch.line[register, order] += factor * scratch.slope[cell, order]


@without_counting
def pick(
    lines: FloatArray,
    choose: FloatArray,
    register: int,
    value: float,
    other_register: int,
    other: float,
    days: int,
    sign: float,
) -> tuple[float, int]:
    """Leave the lower (sign 1) or upper (sign −1) of two lines in `register`, and how long it is that."""
    gap = sign * (other - value)
    if gap < 0.0 or (gap == 0.0 and _soon_below(lines, other_register, register, sign)):
        for order in range(ORDERS):
            kept = lines[register, order]
            lines[register, order] = lines[other_register, order]
            lines[other_register, order] = kept
        value, gap = other, -gap
    return value, _days_apart(lines, choose, register, other_register, gap, days, sign)


@without_counting
def _soon_below(lines: FloatArray, register: int, other_register: int, sign: float) -> bool:
    """Whether of two lines that meet today the first will be the lower (sign 1) or upper one."""
    for order in range(ORDERS):
        part = sign * (lines[register, order] - lines[other_register, order])
        if abs(part) > NO_SLOPE[order]:
            return part < 0.0
    return False


@without_counting
def _days_apart(
    lines: FloatArray,
    choose: FloatArray,
    register: int,
    other_register: int,
    gap: float,
    days: int,
    sign: float,
) -> int:
    """Days, 1 to `days`, until the gap between two lines closes."""
    bends, lowest = False, gap
    for order in range(ORDERS):
        part = sign * (lines[other_register, order] - lines[register, order])
        lines[GAP, order] = part
        bends = bends or (order > 0 and abs(part) > NO_SLOPE[order])
        if part < 0.0:
            lowest += part * choose[days - 1, order + 1]
    if lowest >= -NO_DIFFERENCE:
        return days
    if not bends:
        closing = -lines[GAP, 0]
        return min(days, 1 + int(gap / closing)) if closing > NO_SLOPE[0] else days
    day = 0
    while day < days - 1:
        safe = days - 1 - day
        while safe > 0 and _lowest(lines, choose, gap, safe) < -NO_DIFFERENCE:
            safe //= 2
        day += safe + 1
        gap = _move_gap(lines, choose, gap, safe + 1)
        if gap < -NO_DIFFERENCE and day < days:
            return day
    return days


@inlined
def _lowest(lines: FloatArray, choose: FloatArray, gap: float, days: int) -> float:
    """Bound from below what the line in GAP leaves of a gap on any of so many days."""
    for order in range(ORDERS):
        gap += min(0.0, lines[GAP, order]) * choose[days, order + 1]
    return gap


@without_counting
def _move_gap(lines: FloatArray, choose: FloatArray, gap: float, days: int) -> float:
    """Take the line in GAP so many days on; what it makes of a gap."""
    for order in range(ORDERS):
        part = lines[GAP, order]
        gap += part * choose[days, order + 1]
        for higher in range(order + 1, ORDERS):
            part += choose[days, higher - order] * lines[GAP, higher]
        lines[GAP, order] = part
    return gap


@without_counting
def multiply(lines: FloatArray, slopes: FloatArray, item: int, limit: float, left: float) -> None:
    """Leave in LEFT the product of an item's input limit (its line in `slopes`) with 1 − that in FIXED."""
    for order in range(ORDERS):
        lines[LEFT, order] = slopes[item, order] * left - limit * lines[FIXED, order]
    for first in range(ORDERS):
        if slopes[item, first] == 0.0:
            continue
        for second in range(ORDERS):
            part = slopes[item, first] * lines[FIXED, second]
            if part == 0.0:
                continue
            for order in range(max(first, second), min(first + second + 2, ORDERS)):
                lines[LEFT, order] -= PRODUCT[first, second, order] * part


@inlined
def scaled(lines: FloatArray, value: float, factor: float) -> float:
    """Multiply the line in RESULT; its value today."""
    for order in range(ORDERS):
        lines[RESULT, order] *= factor
    return value * factor


@without_counting
def add_product(
    lines: FloatArray, register: int, factor: float, first: tuple[float, int], second: tuple[float, int]
) -> float:
    """Add to a register the line of a product of two lines, each ``(value, register)``; its value today."""
    value, line = first
    other, other_line = second
    for one in range(ORDERS):
        lines[register, one] += factor * (value * lines[other_line, one] + other * lines[line, one])
    for one in range(ORDERS):
        if lines[line, one] == 0.0:
            continue
        for two in range(ORDERS):
            part = factor * lines[line, one] * lines[other_line, two]
            if part == 0.0:
                continue
            for order in range(max(one, two), min(one + two + 2, ORDERS)):
                lines[register, order] += PRODUCT[one, two, order] * part
    return factor * value * other


@inlined
def add_line(lines: FloatArray, register: int, factor: float, other: int) -> None:
    """Add a multiple of a line to a register."""
    for order in range(ORDERS):
        lines[register, order] += factor * lines[other, order]


@inlined
def stands(lines: FloatArray, register: int) -> bool:
    """Whether a line does not move."""
    moves = False
    for order in range(ORDERS):
        moves = moves or abs(lines[register, order]) > NO_SLOPE[order]
    return not moves
