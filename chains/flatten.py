"""From the parts of a chain to the arrays of `chains.arrays.Network`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from chains.curvature import concave_cells
from chains.defaults import DefaultUsed
from chains.model import Use
from chains.parts import NOT_ESSENTIAL
from chains.queues import queue_places
from chains.solve_order import distinct_edges, neighbours, order_cells, ragged, sorted_edges
from chains.tiers import base_item_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from chains.parts import ChainParts, Slot

    Served = Sequence[tuple[Slot, tuple[str, str] | None]]


def _floats(values: Sequence[float]) -> NDArray[np.float64]:
    return np.array(values, dtype=np.float64)


def _numbers(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def item_arrays(parts: ChainParts) -> dict[str, Any]:
    """End weights and sources by item."""
    weights = parts.end_weights()
    return {
        "end_weight": _floats([weights.get(item_id, 0.0) for item_id in parts.item_ids]),
        "has_sources": np.array([item_id in parts.sourced for item_id in parts.item_ids], dtype=np.bool_),
        "others_of_item": _floats([parts.sources[item_id].filled.others for item_id in parts.item_ids]),
    }


def holding_arrays(parts: ChainParts) -> dict[str, Any]:
    """Stock or installed base of the users of each item, then of each list."""
    items = [parts.items[item_id] for item_id in parts.item_ids]
    bought = [parts.items[parts.bought_as(*key)] for key in parts.list_keys]
    capital = np.array([parts.use_of(item) is Use.CAPITAL for item in [*items, *bought]], dtype=np.bool_)
    sourced = [item.item_id in parts.sourced for item in items] + [True] * len(bought)
    start, cells = neighbours(len(capital), sorted_edges(_readers(parts)))
    return {
        "is_capital": capital,
        "lives_on_base": capital & np.array(sourced, dtype=np.bool_),
        "cover_days": _floats(
            [parts.cover_of(item) for item in items]
            + [parts.lists[key].stock_days for key in parts.list_keys]
        ),
        "attrition_per_day": _floats([parts.attrition_of(item) / 365.0 for item in [*items, *bought]]),
        "reader_start": start,
        "reader_cell": cells,
    }


def variant_arrays(parts: ChainParts) -> dict[str, Any]:
    """Variants by item."""
    variants = parts.variants()
    kinds = [variants.get(item_id, []) for item_id in parts.item_ids]
    start, items = ragged([parts.item_index[link.input_item_id] for link, _ in row] for row in kinds)
    weights = _floats([weight for row in kinds for _, weight in row])
    return {"variant_start": start, "variant_item": items, "variant_weight": weights}


def unit_arrays(parts: ChainParts) -> dict[str, Any]:
    """Units by item and supplier."""
    cell = {key: _unit_cell(parts, number) for number, key in enumerate(parts.contracted)}
    units = parts.units
    count = np.zeros(len(parts.item_ids) + 1, dtype=np.int64)
    for unit in units:
        count[parts.item_index[unit.item_id] + 1] += 1
    return {
        "contracted_unit": _numbers([parts.unit_index[key] for key in parts.contracted]),
        "unit_start": np.cumsum(count),
        "supplier_of_unit": _numbers([parts.supplier_index[unit.supplier_id] for unit in units]),
        "item_of_unit": _numbers([parts.item_index[unit.item_id] for unit in units]),
        "share_of_unit": _floats([unit.share for unit in units]),
        "spare_of_unit": _floats([unit.plan.spare for unit in units]),
        "ready_of_unit": _floats([unit.plan.ready_days for unit in units]),
        "cell_of_unit": _numbers([cell.get((unit.supplier_id, unit.item_id), -1) for unit in units]),
    }


def slot_arrays(parts: ChainParts) -> dict[str, Any]:
    """Slots of items and of contracted units, and the list or market that serves each."""
    of_items: list[Served] = [[(slot, None) for slot in parts.slots[item_id]] for item_id in parts.item_ids]
    rows = [_grouped(served) for served in [*of_items, *(parts.needs[key] for key in parts.contracted)]]
    start, holdings = ragged([_holding(parts, slot, key) for slot, key, _ in row] for row in rows)
    flat = [row for served in rows for row in served]
    feeds = np.ones(len(parts.item_ids) + len(parts.list_keys), dtype=np.bool_)
    feeds[: len(parts.item_ids)] = False
    feeds[holdings] = True
    feeds &= parts.counted_holdings()
    return {
        "slot_start": start,
        "slot_holding": holdings,
        "slot_group": _numbers([group for _, _, group in flat]),
        "slot_weight": _floats([slot.weight for slot, _, _ in flat]),
        "feeds_slot": feeds,
    }


def _holding(parts: ChainParts, slot: Slot, bought: tuple[str, str] | None) -> int:
    if bought is None:
        return parts.item_index[parts.market_of(slot)]
    return len(parts.item_ids) + parts.list_index[bought]


def _grouped(served: Served) -> list[tuple[Slot, tuple[str, str] | None, int]]:
    """Give a slot outside any link a group of its own, and put the members of a group together."""
    rows = []
    for number, (slot, key) in enumerate(served):
        group = slot.group if slot.group >= NOT_ESSENTIAL else len(served) + number
        rows.append((slot, key, group))
    return sorted(rows, key=lambda row: (row[2], row[0].input_item_id))


def list_arrays(parts: ChainParts) -> dict[str, Any]:
    """Buyers' lists and their entries."""
    lists = [parts.lists[key] for key in parts.list_keys]
    start, units = ragged(
        [parts.unit_index[row.supplier_id, parts.made_as(row.supplier_id, row.item_id)] for row in one.rows]
        for one in lists
    )
    plans = [plan for one in lists for plan in one.plans]
    above, width = queue_places(parts, len(units))
    return {
        "above_of_entry": above,
        "width_of_entry": width,
        "item_of_list": _numbers([parts.item_index[parts.bought_as(*key)] for key in parts.list_keys]),
        "others_of_list": _floats([one.filled.others for one in lists]),
        "entry_start": start,
        "entry_unit": units,
        "share_of_entry": _floats([share for one in lists for share in one.filled.shares]),
        "spare_of_entry": _floats([plan.spare for plan in plans]),
        "ready_of_entry": _floats([plan.ready_days for plan in plans]),
    }


def unsure_arrays(parts: ChainParts) -> dict[str, Any]:
    """Columns that move unsure shares to their ends."""
    lists = [parts.lists[key] for key in parts.list_keys]
    entry_ratios = [plan.ratio for one in lists for plan in one.plans]
    return {
        "unit_unsure": np.array([unit.unsure for unit in parts.units], dtype=np.bool_),
        "ratio_of_unit": _ratios([unit.plan.ratio for unit in parts.units]),
        "rest_of_item": _floats([parts.sources[item_id].filled.rest for item_id in parts.item_ids]),
        "entry_unsure": np.array([unsure for one in lists for unsure in one.filled.unsure], dtype=np.bool_),
        "ratio_of_entry": _ratios(entry_ratios),
        "rest_of_list": _floats([one.filled.rest for one in lists]),
    }


def _ratios(ratios: Sequence[float | None]) -> NDArray[np.float64]:
    return _floats([np.nan if ratio is None else ratio for ratio in ratios])


def cell_arrays(parts: ChainParts, rows: dict[str, Any]) -> dict[str, Any]:
    """Order of the cells in each mode, the defaults each rests on, and where shocks enter.

    `rows` holds all arrays of units, slots, lists, holdings and regions.
    """
    items = len(parts.item_ids)
    count = 2 * items + len(parts.list_keys) + len(parts.contracted) + len(parts.home_ends)
    seed_start, seed_cells = _seeds(parts, rows)
    direct = sorted_edges(_edges(parts))
    readers, start = rows["reader_cell"], rows["reader_start"]
    held = np.stack([items + np.repeat(np.arange(len(start) - 1), np.diff(start)), readers], axis=1)
    on_base = rows["lives_on_base"][held[:, 0] - items]
    today = distinct_edges(np.concatenate([direct, held[~on_base]]))
    everything, concave = distinct_edges(np.concatenate([direct, held])), concave_cells(rows, count=count)
    return {
        "run_order": order_cells(count, today, concave),
        "build_order": order_cells(count, everything, concave),
        "defaults_of_cell": _numbers([int(used) for used in _defaults_of_cells(parts)]),
        "seed_start": seed_start,
        "seed_cell": seed_cells,
    }


def _output_cell(parts: ChainParts, item_id: str) -> int:
    return len(parts.item_ids) + parts.item_index[item_id]


def _list_cell(parts: ChainParts, number: int) -> int:
    return 2 * len(parts.item_ids) + number


def _unit_cell(parts: ChainParts, number: int) -> int:
    return 2 * len(parts.item_ids) + len(parts.list_keys) + number


def region_arrays(parts: ChainParts) -> dict[str, Any]:
    """Where both regions' deliveries come from, and the cells whose fall is the loss.

    Empty but for the loss where there is one region only.
    """
    items, weights = len(parts.item_ids), parts.end_weights()
    first = 2 * items + len(parts.list_keys) + len(parts.contracted)
    home_end = [parts.item_index[item_id] for item_id in parts.home_ends]
    cells = first + np.arange(len(home_end))
    home_cell = np.full(items, -1, dtype=np.int64)
    home_cell[home_end] = cells
    ends = parts.home_ends or [item_id for item_id in parts.item_ids if weights.get(item_id)]
    start, units = ragged([row.unit for row in rows] for rows in parts.deliveries)
    flat = [row for rows in parts.deliveries for row in rows]
    return {
        "end_cell": cells if len(cells) else _numbers([_output_cell(parts, item_id) for item_id in ends]),
        "end_share": _floats([weights[item_id] for item_id in ends]),
        "home_end": _numbers(home_end),
        "home_output_cell": home_cell,
        "is_delivered": np.array([bool(rows) for rows in parts.deliveries], dtype=np.bool_),
        "other_place": _numbers(parts.other_places),
        "abroad_place": _numbers(parts.abroad_places),
        "delivery_start": start,
        "delivery_unit": units,
        "share_of_delivery": _floats([row.share for row in flat]),
        "spare_of_delivery": _floats([row.spare for row in flat]),
        "others_of_delivery": _floats(parts.others_of_deliveries),
    }


def _readers(parts: ChainParts) -> Iterator[tuple[int, int]]:
    """Yield ``(holding, cell)``: which cells read what users hold."""
    variants = parts.variants()
    for item_id in parts.item_ids:
        limit = parts.item_index[item_id]
        for slot in parts.slots[item_id]:
            yield _holding(parts, slot, None), limit
        if item_id not in parts.sourced:
            for link, _ in variants.get(item_id, []):
                yield parts.item_index[link.input_item_id], limit
    for number, key in enumerate(parts.contracted):
        for slot, bought in parts.needs[key]:
            yield _holding(parts, slot, bought), _unit_cell(parts, number)


def _edges(parts: ChainParts) -> Iterator[tuple[int, int]]:
    """``(cell, cell that reads its value)``, what goes through a holding left out."""
    contracted = {key: _unit_cell(parts, number) for number, key in enumerate(parts.contracted)}
    variants = parts.variants()
    for item_id in parts.item_ids:
        limit = parts.item_index[item_id]
        for cell in _reading_limit(parts, item_id):
            yield limit, cell
        if item_id in parts.sourced:
            readers = [limit] if not _is_delivered(parts, item_id) else _own_market(parts, item_id)
            for link, _ in variants.get(item_id, []):
                for cell in readers:
                    yield _output_cell(parts, link.input_item_id), cell
    for key, cell in contracted.items():
        for reader in _markets(parts, key[1]):
            yield cell, reader
    yield from _list_edges(parts, contracted)


def _list_edges(parts: ChainParts, contracted: dict[tuple[str, str], int]) -> Iterator[tuple[int, int]]:
    """Edges into buyers' lists; `contracted` gives the cells of contracted units."""
    variants = parts.variants()
    for number, key in enumerate(parts.list_keys):
        for row in parts.lists[key].rows:
            # An open-market source delivers what its item's inputs allow.
            made = parts.made_as(row.supplier_id, row.item_id)
            giver = contracted.get((row.supplier_id, made), parts.item_index[made])
            yield giver, _list_cell(parts, number)
        bought = parts.bought_as(*key)
        if _is_delivered(parts, bought):
            for link, _ in variants.get(bought, []):
                yield _output_cell(parts, link.input_item_id), _list_cell(parts, number)


def _own_market(parts: ChainParts, item_id: str) -> list[int]:
    """Cells of what an item's users get in its region, and of what home puts out of it."""
    cells = [_output_cell(parts, item_id)]
    if item_id in parts.home_ends:
        first = 2 * len(parts.item_ids) + len(parts.list_keys) + len(parts.contracted)
        cells.append(first + parts.home_ends.index(item_id))
    return cells


def _markets(parts: ChainParts, item_id: str) -> list[int]:
    """Cells that read what makers of an item run at: those of its market, in both regions."""
    other = parts.other_places[parts.item_index[item_id]]
    regions = {item_id, parts.item_ids[other]}
    return sorted({cell for region in regions for cell in _own_market(parts, region)})


def _is_delivered(parts: ChainParts, item_id: str) -> bool:
    return bool(parts.deliveries[parts.item_index[item_id]])


def _reading_limit(parts: ChainParts, item_id: str) -> list[int]:
    return _markets(parts, item_id) if _is_delivered(parts, item_id) else _own_market(parts, item_id)


def _seeds(parts: ChainParts, rows: dict[str, Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cells that read the availability of each target: units, items, deliveries, entries of lists (CSR)."""
    units, items = len(parts.units), len(parts.item_ids)
    delivered = [number for number, found in enumerate(parts.deliveries) for _ in found]
    entry_list = np.repeat(np.arange(len(parts.list_keys)), np.diff(rows["entry_start"]))
    entries = units + items + len(delivered) + np.arange(len(entry_list))
    edges = [
        _unit_seeds(parts, rows),
        np.stack([rows["entry_unit"], _list_cell(parts, 0) + entry_list], axis=1),
        np.array(list(_item_seeds(parts)), dtype=np.int64).reshape(-1, 2) + np.array([units, 0]),
        np.stack([units + items + np.arange(len(delivered)), items + _numbers(delivered)], axis=1),
        np.stack([entries, _list_cell(parts, 0) + entry_list], axis=1),
    ]
    targets = units + items + len(delivered) + len(entry_list)
    return neighbours(targets, distinct_edges(np.concatenate(edges)))


def _unit_seeds(parts: ChainParts, rows: dict[str, Any]) -> NDArray[np.int64]:
    """Pair units with cells: its own when contracted, else those of its item's markets."""
    cell, item = rows["cell_of_unit"], rows["item_of_unit"]
    start, markets = ragged(_markets(parts, item_id) for item_id in parts.item_ids)
    sold = np.flatnonzero(cell < 0)
    count = np.diff(start)[item[sold]]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    open_market = np.stack(
        [np.repeat(sold, count), markets[np.repeat(start[:-1][item[sold]], count) + within]], axis=1
    )
    own = np.flatnonzero(cell >= 0)
    return np.concatenate([open_market, np.stack([own, cell[own]], axis=1)])


def _item_seeds(parts: ChainParts) -> Iterator[tuple[int, int]]:
    """``(item, cell)``: its market, its contracted units, the lists of it."""
    for number, item_id in enumerate(parts.item_ids):
        for cell in _own_market(parts, item_id):
            yield number, cell
    for number, (_, item_id) in enumerate(parts.contracted):
        yield parts.item_index[item_id], _unit_cell(parts, number)
    for number, (_, bought) in enumerate(parts.list_keys):
        for item_id in parts.places_of(base_item_id(bought)):
            yield parts.item_index[item_id], _list_cell(parts, number)


def _defaults_of_cells(parts: ChainParts) -> Iterator[DefaultUsed]:
    variants = parts.variants()
    of_units = dict.fromkeys(parts.item_ids, DefaultUsed(0))
    for item_id, flags in {(unit.item_id, unit.used) for unit in parts.units}:
        of_units[item_id] |= flags
    for item_id in parts.item_ids:
        used = DefaultUsed(0)
        for slot in parts.slots[item_id]:
            used |= slot.used
        if any(link.weight is None for link, _ in variants.get(item_id, [])):
            used |= DefaultUsed.VARIANT_WEIGHT
        yield used
    for item_id in parts.item_ids:
        yield parts.defaults_of(parts.items[item_id]) | of_units[item_id] | parts.mix_defaults(item_id)
    for key in parts.list_keys:
        yield parts.lists[key].used
    for key in parts.contracted:
        used = DefaultUsed(0)
        for flags in {slot.used for slot, _ in parts.needs[key]}:
            used |= flags
        yield used
    for _ in parts.home_ends:
        yield DefaultUsed(0)
