"""A chain as gates: which item, list and plant is empty when which others are (model.md section 4, day 0).

Numbered as the cells of `chains.arrays`: input limits of items, items, buyers' lists, contracted units.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from chains.model import Mode, Use
from chains.parts import NOT_ESSENTIAL
from chains.queues import queue_places
from chains.tiers import base_item_id
from risk.depth.order import find_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chains.parts import ChainParts, Slot

# An input that nothing empties on day 0: capital in mode run lives on its installed base.
ALWAYS_SERVED = -1


@dataclass(frozen=True, slots=True)
class Source:
    """A named source of an item or a list that can deliver something.

    Attributes
    ----------
    supplier
        Number of the supplier.
    plant
        Gate of the contracted unit, or -1 for a source at the market.
    limit
        Gate of the input limit of what it makes.
    share
        0 to 1, blanks filled.
    unsure
        Whether the share is a guess.
    above, width
        Parts of the source's listed sales that are served before this buyer's class, and that its class
        takes; 0 and 1 where nobody goes first.
    """

    supplier: int
    plant: int
    limit: int
    share: float
    unsure: bool
    above: float = 0.0
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class SourceGate:
    """An item or a list: empty when all its named sources are.

    Attributes
    ----------
    number
        Of the gate.
    is_list
        Whether it is a buyer's list.
    sources
        Named sources, in order of supplier.
    others
        Part that nobody named covers, 0 to 1.
    limit
        Gate of the input limit of the item, also of the part of it that a tier accepts: what others make
        needs it too. -1 for a list.
    passes
        The same gate for an item without such a source, which is made where it is used; else -1.
    unknown
        Whether nobody is named who could deliver it, and it is not simply made where it is used out of
        essential inputs or variants.
    """

    number: int
    is_list: bool
    sources: tuple[Source, ...]
    others: float
    limit: int
    passes: int
    unknown: bool


@dataclass(frozen=True, slots=True)
class LimitGate:
    """What the inputs of an item, or of one plant, allow.

    Attributes
    ----------
    number
        Of the gate.
    supplier
        Number of the supplier of a plant, or -1 for an item.
    groups
        Essential inputs; the members of a group are alternatives.
    optional
        Non-essential inputs with the fraction of output lost without them.
    variants
        Variants with market weights that sum to 1; empty when the item has none.
    """

    number: int
    supplier: int
    groups: tuple[tuple[int, ...], ...]
    optional: tuple[tuple[int, float], ...]
    variants: tuple[tuple[int, float], ...]


Gate = SourceGate | LimitGate


@dataclass(frozen=True, slots=True)
class Gates:
    """All gates of a chain in one mode.

    Attributes
    ----------
    parts
        The facts they were built from.
    gates
        By number.
    components
        Strongly connected components in topological order; a gate reads gates of its own and earlier ones.
    readers
        By gate, the gates that read it.
    inputs
        Gate that serves an input, by buyer and item; of slots that ask for several tiers, the highest.
    """

    parts: ChainParts
    gates: tuple[Gate, ...]
    components: tuple[tuple[int, ...], ...]
    readers: tuple[tuple[int, ...], ...]
    inputs: Mapping[tuple[str, str], int]

    def limit_of(self, item_id: str) -> int:
        """Gate of the input limit of an item."""
        return self.parts.item_index[item_id]

    def item_of(self, item_id: str) -> int:
        """Gate of an item."""
        return len(self.parts.item_ids) + self.parts.item_index[item_id]

    def item_at(self, gate: int) -> str:
        """Item that a gate is about: its own, the one on the list, or the one the plant makes."""
        count = len(self.parts.item_ids)
        if gate < 2 * count:
            return base_item_id(self.parts.item_ids[gate % count])
        lists = len(self.parts.list_keys)
        number = gate - 2 * count
        keys = self.parts.list_keys if number < lists else self.parts.contracted
        return base_item_id(keys[number if number < lists else number - lists][1])


def build_gates(parts: ChainParts, mode: Mode) -> Gates:
    """Build the gates of a chain.

    Parameters
    ----------
    parts
        Slots, units and lists with every blank decided.
    mode
        In mode run an installed base serves day 0, so capital that somebody is listed for empties nothing.

    Returns
    -------
    Gates
        In canonical order.
    """
    builder = _Builder(parts, mode)
    gates = tuple(builder.gates())
    before = [sorted({*reads(gate), *_limit_of_others(gate)}) for gate in gates]
    readers: list[list[int]] = [[] for _ in gates]
    for number, read in enumerate(before):
        for one in read:
            readers[one].append(number)
    return Gates(parts, gates, find_components(before), tuple(map(tuple, readers)), builder.inputs())


def reads(gate: Gate) -> Iterator[int]:
    """Yield the gates that a gate depends on, some of them twice."""
    if isinstance(gate, SourceGate):
        yield from (source.plant if source.plant >= 0 else source.limit for source in gate.sources)
        if gate.passes >= 0:
            yield gate.passes
    else:
        members = [member for group in gate.groups for member in group]
        listed = [member for member, _ in (*gate.optional, *gate.variants)]
        yield from (member for member in (*members, *listed) if member != ALWAYS_SERVED)


def _limit_of_others(gate: Gate) -> tuple[int, ...]:
    """Give the inputs of an item, which others need too, also where every named source has a list."""
    return (gate.limit,) if isinstance(gate, SourceGate) and not gate.is_list else ()


class _Builder:
    """What gates are built from; lives only inside `build_gates`."""

    def __init__(self, parts: ChainParts, mode: Mode) -> None:
        self.parts = parts
        count = len(parts.item_ids)
        self.limit = parts.item_index
        self.item = {item_id: count + number for item_id, number in parts.item_index.items()}
        self.list = {key: 2 * count + number for key, number in parts.list_index.items()}
        first = 2 * count + len(parts.list_keys)
        self.plant = {key: first + number for number, key in enumerate(parts.contracted)}
        capital = {key for key, item in parts.items.items() if parts.use_of(item) is Use.CAPITAL}
        self.installed = capital if mode is Mode.RUN else set()
        self.variants = parts.variants()
        self.turns = _find_turns(parts)

    def inputs(self) -> dict[tuple[str, str], int]:
        served: dict[tuple[str, str], tuple[int, int]] = {}
        for (buyer, _), slots in self.parts.needs.items():
            for slot, key in slots:
                gate = self.item[self.parts.market_of(slot)] if key is None else self.list[key]
                one = (-1 if slot.tier is None else slot.tier, gate)
                at = (buyer, slot.input_item_id)
                served[at] = max(served.get(at, one), one, key=lambda found: found[0])
        return {at: gate for at, (_, gate) in served.items()}

    def gates(self) -> Iterator[Gate]:
        for item_id in self.parts.item_ids:
            slots = [(slot, None) for slot in self.parts.slots[item_id]]
            variants = self._variants(item_id)
            yield self._limit(self.limit[item_id], -1, slots, variants)
        for item_id in self.parts.item_ids:
            yield self._item(item_id)
        for key in self.parts.list_keys:
            yield self._list(key)
        for key in self.parts.contracted:
            supplier = self.parts.supplier_index[key[0]]
            yield self._limit(self.plant[key], supplier, self.parts.needs[key], ())

    def _variants(self, item_id: str) -> tuple[tuple[int, float], ...]:
        weighed = self.variants.get(item_id, [])
        # An item with sources of its own takes what its variants deliver today, not what is installed.
        based = item_id not in self.parts.sourced
        return tuple(
            (self._market(link.input_item_id) if based else self.item[link.input_item_id], weight)
            for link, weight in weighed
        )

    def _market(self, item_id: str) -> int:
        installed = item_id in self.installed and item_id in self.parts.sourced
        return ALWAYS_SERVED if installed else self.item[item_id]

    def _served(self, slot: Slot, key: tuple[str, str] | None) -> int:
        if key is None:
            return self._market(self.parts.market_of(slot))
        return ALWAYS_SERVED if base_item_id(key[1]) in self.installed else self.list[key]

    def _limit(
        self,
        number: int,
        supplier: int,
        slots: Iterable[tuple[Slot, tuple[str, str] | None]],
        variants: tuple[tuple[int, float], ...],
    ) -> LimitGate:
        groups: dict[int, list[int]] = defaultdict(list)
        optional = []
        for place, (slot, key) in enumerate(slots):
            served = self._served(slot, key)
            if slot.group == NOT_ESSENTIAL:
                optional.append((served, slot.weight))
            else:
                # A slot outside any link (group -2) is a group of its own.
                groups[slot.group if slot.group >= 0 else -place - 2].append(served)
        return LimitGate(
            number, supplier, tuple(tuple(group) for group in groups.values()), tuple(optional), variants
        )

    def _item(self, item_id: str) -> SourceGate:
        found = self.parts.sources[item_id]
        units = [self.parts.units[self.parts.unit_index[row.supplier_id, item_id]] for row in found.supplies]
        sources = tuple(
            self._source(unit.supplier_id, item_id, unit.share, unsure=unit.unsure)
            for unit, row in zip(units, found.supplies, strict=True)
            if row.share is None or unit.share > 0 or unit.plan.spare > 0
        )
        essential = any(slot.group != NOT_ESSENTIAL for slot in self.parts.slots[item_id])
        step = not found.supplies and (essential or item_id in self.variants)
        limit = self.limit[item_id]
        passes = -1 if sources else limit
        # Without any row the item is made where it is used; with rows that deliver nothing, by others.
        others = found.filled.others if found.supplies else 1.0
        nobody = not sources and not step
        return SourceGate(self.item[item_id], False, sources, others, limit, passes, unknown=nobody)

    def _list(self, key: tuple[str, str]) -> SourceGate:
        one = self.parts.lists[key]
        filled = zip(one.rows, one.filled.shares, one.filled.unsure, one.plans, self.turns[key], strict=True)
        sources = tuple(
            self._source(row.supplier_id, row.item_id, share, unsure=unsure, turn=turn)
            for row, share, unsure, plan, turn in filled
            if row.share is None or share > 0 or plan.spare > 0
        )
        return SourceGate(self.list[key], True, sources, one.filled.others, -1, -1, unknown=not sources)

    def _source(
        self,
        supplier_id: str,
        item_id: str,
        share: float,
        *,
        unsure: bool,
        turn: tuple[float, float] = (0.0, 1.0),
    ) -> Source:
        return Source(
            supplier=self.parts.supplier_index[supplier_id],
            plant=self.plant.get((supplier_id, item_id), -1),
            limit=self.limit[item_id],
            share=share,
            unsure=unsure,
            above=turn[0],
            width=turn[1],
        )


def _find_turns(parts: ChainParts) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Place each row of each list in the queue of its source."""
    counts = {key: len(parts.lists[key].rows) for key in parts.list_keys}
    above, width = queue_places(parts, sum(counts.values()))
    turns = zip(above.tolist(), width.tolist(), strict=True)
    return {key: list(islice(turns, count)) for key, count in counts.items()}
