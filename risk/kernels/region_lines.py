"""Lines of what `risk.kernels.regions` computes: deliveries of a region, and what home puts out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.kernels.compiling import inlined, without_counting
from risk.kernels.holdings import NO_BASE, passes, up_of_item
from risk.kernels.polynomials import (
    FIXED,
    GOT,
    LEFT,
    OTHER,
    RESULT,
    add_cell,
    add_line,
    add_product,
    clear,
    copy_line,
    multiply,
    pick,
    scaled,
    stands,
)
from risk.kernels.scratch import IS_CROOKED

if TYPE_CHECKING:
    from chains.arrays import Network
    from risk.kernels.scratch import Scratch

# Of a region's makers, then of the other's: part of normal output made, part of ready spare that runs.
RATIO, RUNNING, OTHER_RATIO, OTHER_RUNNING = 8, 9, 10, 11
NORMAL, EXTRA, SPARES, CONTRACTED, REACH = 12, 13, 14, 15, 16


@without_counting
def _make_line(
    network: Network, scratch: Scratch, place: int, ready_day: float, days: int, ratio_register: int
) -> tuple[float, float, int]:
    """Lines of `risk.kernels.regions.make`: contracted output in FIXED, that of the open market in NORMAL.

    Part of normal output goes to `ratio_register`, part of ready spare to the next one.
    """
    limit, whole = scratch.value[place], scratch.others_of_item[place]
    fixed, base, spares = 0.0, whole, 0.0
    clear(scratch.line, FIXED)
    clear(scratch.line, SPARES)
    for unit in range(network.unit_start[place], network.unit_start[place + 1]):
        cell, share = network.cell_of_unit[unit], scratch.share_of_unit[unit]
        spare = scratch.spare_of_unit[unit] if ready_day >= network.ready_of_unit[unit] else 0.0
        whole += share
        if cell >= 0:
            fixed += share * scratch.value[cell]
            spares += spare * scratch.value[cell]
            add_cell(scratch, FIXED, share, cell)
            add_cell(scratch, SPARES, spare, cell)
        else:
            base += share * scratch.up[unit]
            spares += spare * scratch.up[unit]
    need = max(0.0, whole - fixed)
    supply = limit * need
    scratch.ratio[place] = min(1.0, supply / base) if base > NO_BASE else limit
    if not scratch.is_moving[place] and stands(scratch.line, FIXED) and stands(scratch.line, SPARES):
        normal = min(base, supply)
        extra = max(0.0, min(1.0 - whole, base + spares - need))
        more = min(spares, supply - normal + limit * extra)
        scratch.running[place] = more / spares if spares > NO_BASE else 0.0
        for register in (ratio_register, ratio_register + 1, NORMAL):
            clear(scratch.line, register)
        return fixed, normal + more, days
    multiply(scratch.line, scratch.slope, place, limit, need)
    days = _ratio_line(scratch, place, ratio_register, base, supply, days)
    clear(scratch.line, NORMAL)
    copy_line(scratch.line, OTHER, LEFT)
    normal, days = pick(scratch.line, scratch.choose, NORMAL, base, OTHER, supply, days, 1.0)
    more, days = _more_line(scratch, place, ratio_register + 1, (whole, base, need, spares), normal, days)
    scratch.running[place] = more / spares if spares > NO_BASE else 0.0
    add_line(scratch.line, NORMAL, 1.0, SPARES)
    return fixed, normal + more, days


@inlined
def _ratio_line(scratch: Scratch, place: int, register: int, base: float, supply: float, days: int) -> int:
    clear(scratch.line, register)
    if base <= NO_BASE:
        add_cell(scratch, register, 1.0, place)
        return days
    add_line(scratch.line, register, 1.0 / base, LEFT)
    clear(scratch.line, OTHER)
    return pick(scratch.line, scratch.choose, register, supply / base, OTHER, 1.0, days, 1.0)[1]


@without_counting
def _more_line(
    scratch: Scratch,
    place: int,
    register: int,
    made: tuple[float, float, float, float],
    normal: float,
    days: int,
) -> tuple[float, int]:
    """Spare that runs, in SPARES, and as a part of all ready spare in `register`."""
    whole, base, need, spares = made
    clear(scratch.line, register)
    if spares <= NO_BASE:
        clear(scratch.line, SPARES)
        return 0.0, days
    limit = scratch.value[place]
    moving = not stands(scratch.line, SPARES)
    clear(scratch.line, EXTRA)
    copy_line(scratch.line, OTHER, SPARES)
    add_line(scratch.line, OTHER, 1.0, FIXED)
    extra, days = pick(
        scratch.line, scratch.choose, EXTRA, 1.0 - whole, OTHER, base + spares - need, days, 1.0
    )
    clear(scratch.line, OTHER)
    extra, days = pick(scratch.line, scratch.choose, EXTRA, extra, OTHER, 0.0, days, -1.0)
    copy_line(scratch.line, OTHER, LEFT)
    add_line(scratch.line, OTHER, -1.0, NORMAL)
    clear(scratch.line, GOT)
    add_cell(scratch, GOT, 1.0, place)
    asked = limit * need - normal + add_product(scratch.line, OTHER, 1.0, (limit, GOT), (extra, EXTRA))
    more, days = pick(scratch.line, scratch.choose, SPARES, spares, OTHER, asked, days, 1.0)
    if not moving:
        add_line(scratch.line, register, 1.0 / spares, SPARES)
    if moving:
        # A quotient of two lines is none: everything that moves is computed anew from day to day.
        scratch.counter[IS_CROOKED] = 1
    return more, days


@inlined
def reach_line(network: Network, scratch: Scratch, place: int) -> float:
    """Line of V in REACH."""
    clear(scratch.line, REACH)
    first, last = network.variant_start[place], network.variant_start[place + 1]
    if first == last or not network.has_sources[place]:
        return 1.0
    reach = 0.0
    for row in range(first, last):
        cell, weight = len(network.end_weight) + network.variant_item[row], network.variant_weight[row]
        reach += weight * scratch.value[cell]
        add_cell(scratch, REACH, weight, cell)
    return reach


@inlined
def _capped_line(
    scratch: Scratch, register: int, market: float, fixed_register: int, left: float, reach: float, days: int
) -> tuple[float, int]:
    """Hold the market's line in `register` to what variants reach of what contracted units leave."""
    if reach >= 1.0 and left >= 1.0 and stands(scratch.line, REACH) and stands(scratch.line, fixed_register):
        # The total is held to 1 anyway.
        return market, days
    clear(scratch.line, GOT)
    add_line(scratch.line, GOT, -1.0, fixed_register)
    clear(scratch.line, OTHER)
    most = add_product(scratch.line, OTHER, 1.0, (reach, REACH), (left, GOT))
    return pick(scratch.line, scratch.choose, register, market, OTHER, most, days, 1.0)


@inlined
def delivered_line(network: Network, scratch: Scratch, place: int, ready_day: float, days: int) -> int:
    """Line of `risk.kernels.regions.delivered`."""
    days = _make_line(network, scratch, place, ready_day, days, RATIO)[2]
    days = _make_line(network, scratch, network.other_place[place], ready_day, days, OTHER_RATIO)[2]
    fixed, market = _arrivals_line(network, scratch, place, ready_day)
    reach = reach_line(network, scratch, place)
    left = max(0.0, 1.0 - fixed)
    market, days = _capped_line(scratch, RESULT, market, CONTRACTED, left, reach, days)
    add_line(scratch.line, RESULT, 1.0, CONTRACTED)
    clear(scratch.line, OTHER)
    total, days = pick(scratch.line, scratch.choose, RESULT, fixed + market, OTHER, 1.0, days, 1.0)
    scaled(scratch.line, total, up_of_item(network, scratch, place))
    return days


@inlined
def _arrivals_line(network: Network, scratch: Scratch, place: int, ready_day: float) -> tuple[float, float]:
    """Lines of what arrives from contracted units (CONTRACTED) and from the markets (RESULT)."""
    other = network.other_place[place]
    clear(scratch.line, RESULT)
    clear(scratch.line, CONTRACTED)
    # What open-market makers of each region bring if they make all they normally do, and all spare.
    own, own_spare, foreign, foreign_spare = 0.0, 0.0, 0.0, 0.0
    fixed, lent = 0.0, 0.0
    for row in range(network.delivery_start[place], network.delivery_start[place + 1]):
        unit = network.delivery_unit[row]
        through = passes(network, scratch, row)
        share = scratch.share_of_delivery[row] * through
        ready = ready_day >= network.ready_of_unit[unit]
        spare = scratch.spare_of_delivery[row] * through if ready else 0.0
        cell, is_own = network.cell_of_unit[unit], network.item_of_unit[unit] == place
        if cell >= 0:
            fixed += share * scratch.value[cell]
            add_cell(scratch, CONTRACTED, share, cell)
            lent += _lend_line(network, scratch, unit, RUNNING if is_own else OTHER_RUNNING, spare)
        elif is_own:
            own += share * scratch.up[unit]
            own_spare += spare * scratch.up[unit]
        else:
            foreign += share * scratch.up[unit]
            foreign_spare += spare * scratch.up[unit]
    if network.abroad_place[place] == place:
        own += scratch.others_of_delivery[place]
    else:
        foreign += scratch.others_of_delivery[place]
    add_line(scratch.line, RESULT, own, RATIO)
    add_line(scratch.line, RESULT, own_spare, RUNNING)
    add_line(scratch.line, RESULT, foreign, OTHER_RATIO)
    add_line(scratch.line, RESULT, foreign_spare, OTHER_RUNNING)
    market = lent + own * scratch.ratio[place] + own_spare * scratch.running[place]
    market += foreign * scratch.ratio[other] + foreign_spare * scratch.running[other]
    return fixed, market


@inlined
def _lend_line(network: Network, scratch: Scratch, unit: int, register: int, spare: float) -> float:
    """Add to RESULT the spare of a contracted unit that runs; its value today."""
    if spare <= 0.0:
        return 0.0
    cell, maker = network.cell_of_unit[unit], network.item_of_unit[unit]
    clear(scratch.line, GOT)
    add_cell(scratch, GOT, 1.0, cell)
    running = (scratch.running[maker], register)
    return add_product(scratch.line, RESULT, spare, (scratch.value[cell], GOT), running)


@inlined
def home_output_line(network: Network, scratch: Scratch, number: int, ready_day: float, days: int) -> int:
    """Line of `risk.kernels.regions.home_output`."""
    place = network.home_end[number]
    whole = 0.0
    for unit in range(network.unit_start[place], network.unit_start[place + 1]):
        whole += scratch.share_of_unit[unit]
    up = up_of_item(network, scratch, place)
    if whole <= NO_BASE:
        reach = reach_line(network, scratch, place)
        clear(scratch.line, RESULT)
        add_cell(scratch, RESULT, 1.0, place)
        limit, days = pick(
            scratch.line, scratch.choose, RESULT, scratch.value[place], REACH, reach, days, 1.0
        )
        scaled(scratch.line, limit, up)
        return days
    fixed, market, days = _make_line(network, scratch, place, ready_day, days, RATIO)
    copy_line(scratch.line, CONTRACTED, FIXED)
    copy_line(scratch.line, RESULT, NORMAL)
    reach = reach_line(network, scratch, place)
    left = max(0.0, whole - fixed)
    market, days = _capped_line(scratch, RESULT, market, CONTRACTED, left, reach, days)
    add_line(scratch.line, RESULT, 1.0, CONTRACTED)
    clear(scratch.line, OTHER)
    total, days = pick(scratch.line, scratch.choose, RESULT, fixed + market, OTHER, whole, days, 1.0)
    scaled(scratch.line, total, up / whole)
    return days
