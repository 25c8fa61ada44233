"""Which cells of a chain differ between two states of its facts (cells: see `chains.arrays`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from chains.collector import collector_paused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from chains.arrays import BoolArray, ChainArrays, FloatArray, IntArray
    from chains.home_parts import Market
    from chains.solve_order import Order


_Key = tuple[int, str, str, int]
_MIX_COLUMNS = 7


class _Facts(NamedTuple):
    """Rows of one kind: which cell each belongs to, and what it says, shape (rows, columns)."""

    owner: IntArray
    says: FloatArray


class _Numbers(NamedTuple):
    """Numbers that two states have in common, by the numbers of one of them; -1 stays -1."""

    items: IntArray
    suppliers: IntArray
    cells: IntArray


def changed_cells(old: ChainArrays, new: ChainArrays) -> tuple[BoolArray, BoolArray]:
    """Find the cells that are computed from other facts, or at another place of the order.

    Parameters
    ----------
    old, new
        Two states of one chain.

    Returns
    -------
    tuple of arrays of bool
        By cell of `old` and by cell of `new`; a cell that only one of them has differs.

    Notes
    -----
    A simulation whose shocks reach none of these cells, in either state, takes the same steps in
    both: every cell that it computes has the same facts, neighbours, level and loop.

    What a tier leaves of an item, and what another region has of it, share the item's id; such places are
    told apart by their turn. Whichever are set beside each other: cells with the same facts are computed
    alike.
    """
    with collector_paused():
        before, after = _common_numbers(old, new)
    keys = max(int(numbers.cells.max(initial=-1)) for numbers in (before, after)) + 1
    differs = np.zeros(keys, dtype=np.bool_)
    for was, now in zip(_facts(old, before), _facts(new, after), strict=True):
        _mark(differs, was, now)
    return differs[before.cells[:-1]], differs[after.cells[:-1]]


def reaching(order: Order, cells: BoolArray) -> BoolArray:
    """Find every cell from which a way leads to one of these, itself among them.

    Parameters
    ----------
    order
        The graph.
    cells
        By cell.

    Returns
    -------
    array of bool
        By cell.
    """
    source = np.repeat(np.arange(len(cells)), np.diff(order.dependent_start))
    found, count = cells.copy(), -1
    while count != (count := int(found.sum())):
        found[source[found[order.dependent_cell]]] = True
    return found


def _cell_keys(arrays: ChainArrays) -> list[_Key]:
    items = _by_turn(("", item_id) for item_id in arrays.item_ids)
    units = _by_turn(arrays.units)
    return [
        *((0, *key) for key in items),
        *((1, *key) for key in items),
        *((2, *key) for key in _by_turn(arrays.lists)),
        *((3, *units[unit]) for unit in arrays.network.contracted_unit.tolist()),
        *((4, *items[item]) for item in arrays.network.home_end.tolist()),
    ]


def _by_turn(keys: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Tell places that share a key apart by their turn."""
    keys = list(keys)
    if len(set(keys)) == len(keys):
        return [(*key, 0) for key in keys]
    turns: dict[tuple[str, str], int] = {}
    found = []
    for key in keys:
        turn = turns[key] = turns.get(key, -1) + 1
        found.append((*key, turn))
    return found


def _common_numbers(old: ChainArrays, new: ChainArrays) -> tuple[_Numbers, _Numbers]:
    """Give what the two states have numbers in the order of the keys, one a key."""
    states = (old, new)
    items = _in_common(*(_by_turn(("", item_id) for item_id in one.item_ids) for one in states))
    suppliers = _in_common(old.supplier_ids, new.supplier_ids)
    cells = _in_common(_cell_keys(old), _cell_keys(new))
    before, after = (_Numbers(*found) for found in zip(items, suppliers, cells, strict=True))
    return before, after


def _in_common(old: Sequence[Any], new: Sequence[Any]) -> tuple[IntArray, IntArray]:
    place = {key: number for number, key in enumerate(sorted({*old, *new}))}
    before, after = (np.array([*(place[key] for key in own), -1], dtype=np.int64) for own in (old, new))
    return before, after


def _facts(arrays: ChainArrays, numbers: _Numbers) -> Iterator[_Facts]:
    """Yield all that the kernels read of each cell, in numbers that both states have in common."""
    network, unsure, cells = arrays.network, arrays.unsure, numbers.cells
    items, lists = len(arrays.item_ids), len(arrays.lists)
    outputs = cells[items : 2 * items]
    supplier_of_unit = numbers.suppliers[network.supplier_of_unit]
    cell_of_unit = cells[network.cell_of_unit]
    yield _rows(cells[:items], network.has_sources)
    yield _rows(
        outputs,
        *(network.end_weight, network.has_sources, network.others_of_item),
        *(network.feeds_slot[:items], unsure.rest_of_item),
    )
    yield _rows(
        np.repeat(cells[:items], np.diff(network.variant_start)),
        *(numbers.items[network.variant_item], network.variant_weight),
    )
    yield _rows(
        np.repeat(outputs, np.diff(network.variant_start)),
        *(numbers.items[network.variant_item], network.variant_weight),
    )
    yield _rows(
        outputs[network.item_of_unit],
        *(supplier_of_unit, cell_of_unit, network.share_of_unit, network.spare_of_unit),
        *(network.ready_of_unit, unsure.unit_unsure, unsure.ratio_of_unit),
    )
    yield _rows(
        np.repeat(
            np.concatenate((cells[:items], cells[2 * items + lists :][: len(network.contracted_unit)])),
            np.diff(network.slot_start),
        ),
        *(cells[items + network.slot_holding], network.slot_group, network.slot_weight),
    )
    yield from _list_facts(arrays, numbers)
    yield from _holding_facts(arrays, cells)
    if len(network.home_end):
        yield from _region_facts(arrays, numbers)


def _list_facts(arrays: ChainArrays, numbers: _Numbers) -> Iterator[_Facts]:
    """Yield what buyers' lists say; they may read the variants of their item too."""
    network, unsure, cells = arrays.network, arrays.unsure, numbers.cells
    items, lists = len(arrays.item_ids), len(arrays.lists)
    bought, entered = cells[2 * items : 2 * items + lists], network.entry_unit
    yield _rows(
        bought,
        *(network.others_of_list, unsure.rest_of_list, numbers.items[network.item_of_list]),
    )
    yield _rows(
        np.repeat(bought, np.diff(network.entry_start)),
        *(numbers.suppliers[network.supplier_of_unit[entered]], cells[network.cell_of_unit[entered]]),
        *(numbers.items[network.item_of_unit[entered]], network.share_of_entry, network.spare_of_entry),
        *(network.ready_of_entry, unsure.entry_unsure, unsure.ratio_of_entry),
        *(network.above_of_entry, network.width_of_entry),
    )
    start, count = network.variant_start[network.item_of_list], np.diff(network.variant_start)
    each = count[network.item_of_list]
    variant = np.repeat(start - np.cumsum(each) + each, each) + np.arange(each.sum())
    yield _rows(
        np.repeat(bought, each),
        *(numbers.items[network.variant_item[variant]], network.variant_weight[variant]),
    )


def _holding_facts(arrays: ChainArrays, cells: IntArray) -> Iterator[_Facts]:
    """Yield what is held between the cells, and where each stands in the order."""
    network, items = arrays.network, len(arrays.item_ids)
    holdings = cells[items : 2 * items + len(arrays.lists)]
    yield _rows(
        holdings,
        *(network.is_capital, network.lives_on_base, network.cover_days, network.attrition_per_day),
        network.feeds_slot,
    )
    yield _rows(np.repeat(holdings, np.diff(network.reader_start)), cells[network.reader_cell])
    yield _rows(cells[:-1], network.defaults_of_cell)
    for order in (network.run_order, network.build_order):
        yield from _order_facts(cells, order)


def _region_facts(arrays: ChainArrays, numbers: _Numbers) -> Iterator[_Facts]:
    """Yield who delivers over the border, what home puts out, and what the ends of a mix rest on."""
    network, cells, items = arrays.network, numbers.cells, len(arrays.item_ids)
    outputs = cells[items : 2 * items]
    home = cells[len(cells) - 1 - len(network.home_end) : -1]
    yield _rows(home, network.end_share, numbers.items[network.home_end])
    yield _rows(
        outputs,
        *(network.is_delivered, numbers.items[network.other_place], numbers.items[network.abroad_place]),
        *(network.others_of_delivery, cells[network.home_output_cell]),
    )
    units = network.delivery_unit
    yield _rows(
        np.repeat(outputs, np.diff(network.delivery_start)),
        *(numbers.suppliers[network.supplier_of_unit[units]], numbers.items[network.item_of_unit[units]]),
        *(network.share_of_delivery, network.spare_of_delivery, cells[network.cell_of_unit[units]]),
        *(network.share_of_unit[units], network.spare_of_unit[units], network.ready_of_unit[units]),
    )
    mixes = [
        (outputs[place], row)
        for market in arrays.markets
        for place in market.places
        for row in _mix_rows(market)
    ]
    yield _Facts(
        np.array([owner for owner, _ in mixes], dtype=np.int64),
        np.array([row for _, row in mixes], dtype=np.float64).reshape(len(mixes), _MIX_COLUMNS),
    )


def _mix_rows(market: Market) -> Iterator[tuple[float, ...]]:
    """Yield a market's own numbers, then those of each source in the order of its units."""
    home, own = market.home_use, market.domestic
    domestic = (0.0, 0.0, 0.0) if own is None else (1.0, own.others, own.rest)
    yield (market.others, market.rest, home.share, float(home.is_given), *domestic)
    for at, ratio in enumerate(market.ratios):
        yield (
            *(market.shares[at], market.spares[at], np.nan if ratio is None else ratio),
            *(float(market.at_home[at]), float(market.unsure[at])),
            *((0.0, 0.0) if own is None else (own.shares[at], float(own.unsure[at]))),
        )


def _order_facts(cells: IntArray, order: Order) -> Iterator[_Facts]:
    first = order.component_cell[order.component_start[:-1]]
    loop = order.component_of_cell
    size = np.diff(order.component_start)
    yield _rows(cells[:-1], order.level_of_cell, cells[first][loop], size[loop], order.is_concave[loop])
    yield _rows(np.repeat(cells[:-1], np.diff(order.dependent_start)), cells[order.dependent_cell])


def _rows(owner: IntArray, *columns: FloatArray | IntArray | BoolArray) -> _Facts:
    return _Facts(owner, np.stack([column.astype(np.float64) for column in columns], axis=1))


def _mark(differs: BoolArray, was: _Facts, now: _Facts) -> None:
    """Mark the owners that have other rows, in number or in what they say."""
    same = np.bincount(was.owner, minlength=len(differs)) == np.bincount(now.owner, minlength=len(differs))
    differs |= ~same
    old, new = (_ordered(facts, same) for facts in (was, now))
    equal = (old.says == new.says) | (np.isnan(old.says) & np.isnan(new.says))
    differs[old.owner[~equal.all(axis=1)]] = True


def _ordered(facts: _Facts, owners: BoolArray) -> _Facts:
    rows = np.flatnonzero(owners[facts.owner])
    rows = rows[np.argsort(facts.owner[rows], kind="stable")]
    return _Facts(facts.owner[rows], facts.says[rows])
