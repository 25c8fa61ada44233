"""Backup depth of end products, of every input of every buyer, and of items at the market."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from chains.model import Mode, SupplierKind
from chains.parts import ChainParts
from risk.depth.families import ORDER_CAP, bits_of
from risk.depth.gates import SourceGate, build_gates
from risk.depth.hidden import StopTrace, shared_input
from risk.depth.left import served_on_day_zero
from risk.depth.model import (
    LISTED,
    LISTED_ELSEWHERE,
    CutSet,
    DepthLevel,
    FakeBackup,
    FakeKind,
    LevelDepth,
    Target,
    TargetDepth,
    TargetKind,
    Why,
)
from risk.depth.search import find_level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from risk.depth.families import Family
    from risk.depth.gates import Gates
    from risk.depth.search import Grouping

LEVELS = tuple(DepthLevel)
# A level groups finer ones: who stops with a country stops with more than with a firm of it.
COARSER = {
    DepthLevel.FIRM: (DepthLevel.PARENT, DepthLevel.CITY, DepthLevel.COUNTRY),
    DepthLevel.PARENT: (),
    DepthLevel.CITY: (DepthLevel.COUNTRY,),
    DepthLevel.COUNTRY: (),
}
SLACK = 1e-9
SEVERAL = 2
STOPS_AT_ONCE = 512


def find_targets(parts: ChainParts) -> tuple[Target, ...]:
    """List what may be emptied.

    Parameters
    ----------
    parts
        Slots, units and lists of a chain.

    Returns
    -------
    tuple of Target
        End products; every input of every buyer with a list, essential or not; all items of the chain;
        each in order of id.
    """
    ends = [Target(TargetKind.END, item_id) for item_id, _ in parts.records.end_weights]
    slots = {
        (buyer, slot.input_item_id, key is not None)
        for (buyer, _), served in parts.needs.items()
        for slot, key in served
    }
    bought = [Target(TargetKind.SLOT, item_id, buyer, own) for buyer, item_id, own in sorted(slots)]
    return (*ends, *bought, *(Target(TargetKind.ITEM, item.item_id) for item in parts.records.items))


def measure_depths(
    records: ChainRecords,
    *,
    defaults: Defaults,
    mode: Mode = Mode.BUILD,
    structural_need: float = 0.2,
    kinds: Collection[TargetKind] = tuple(TargetKind),
    buyer_id: str | None = None,
) -> tuple[TargetDepth, ...]:
    """Measure the backup depth of targets of a chain by firm, parent, city and country.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.
    mode
        In mode build every essential input counts; in mode run an installed base serves day 0.
    structural_need
        A fake backup that leaves less than this of the need at the low end is certain, 0 to 1.
    kinds
        Which targets.
    buyer_id
        Only inputs of this buyer; other kinds are not restricted.

    Returns
    -------
    tuple of TargetDepth
        In order of `find_targets`.

    Notes
    -----
    A set of nodes is a cut set when its stop leaves the target without any named source that can deliver, the
    sources' own inputs included. Unnamed others do not count; what they would still serve stands beside.

    References
    ----------
    model.md section 5, "Backup depth", "Cut sets"; methods.md section 1.
    """
    parts = ChainParts(records, defaults)
    chosen = [one for one in find_targets(parts) if one.kind in kinds]
    chosen = [
        one
        for one in chosen
        if buyer_id is None or one.kind is not TargetKind.SLOT or one.buyer_id == buyer_id
    ]
    meter = _Meter(build_gates(parts, mode), chosen, structural_need)
    return tuple(meter.measure(target) for target in chosen)


Nodes = tuple[int, ...]


class _Meter:
    """Cut sets of one chain and what they leave; lives only inside `measure_depths`."""

    def __init__(self, gates: Gates, targets: Sequence[Target], structural_need: float) -> None:
        self.gates = gates
        self.need = structural_need
        self.levels = {level: find_level(gates, level) for level in LEVELS}
        self.node_of_key = {
            level: {key: node for node, key in enumerate(found.grouping.keys)}
            for level, found in self.levels.items()
        }
        self.members = {level: _members(found.grouping) for level, found in self.levels.items()}
        self.traces: dict[tuple[DepthLevel, int], StopTrace] = {}
        self.left = self._solve(targets)

    def _solve(self, targets: Sequence[Target]) -> dict[tuple[DepthLevel, Nodes, int], tuple[float, float]]:
        """Solve what each listed cut set leaves at the gates that ask: point and low end."""
        asked: dict[tuple[DepthLevel, Nodes], dict[int, None]] = defaultdict(dict)
        for target in targets:
            number = self._gate(target).number
            for level in LEVELS:
                for nodes in self._listed(target, level):
                    asked[level, nodes][number] = None
        stops = list(asked)
        left: dict[tuple[DepthLevel, Nodes, int], tuple[float, float]] = {}
        for start in range(0, len(stops), STOPS_AT_ONCE):
            block = stops[start : start + STOPS_AT_ONCE]
            stopped = np.zeros((len(self.gates.parts.supplier_ids), len(block)), dtype=np.bool_)
            for column, stop in enumerate(block):
                stopped[self._stopped(*stop), column] = True
            point = served_on_day_zero(self.gates, stopped)
            low = served_on_day_zero(self.gates, stopped, low_end=True)
            for column, stop in enumerate(block):
                for number in asked[stop]:
                    left[(*stop, number)] = (float(point[number, column]), float(low[number, column]))
        return left

    def measure(self, target: Target) -> TargetDepth:
        gate = self._gate(target)
        suppliers = self.gates.parts.records.suppliers
        named = [suppliers[source.supplier] for source in gate.sources]
        levels = tuple(self._level_depth(target, level) for level in LEVELS)
        return TargetDepth(
            target=target,
            sources=tuple(sorted({supplier.supplier_id for supplier in named})),
            by_country_rows=any(supplier.kind is SupplierKind.COUNTRY_AGGREGATE for supplier in named),
            others=gate.others,
            levels=levels,
            fakes=tuple(self._fake_backups(gate, levels)),
        )

    def _gate(self, target: Target) -> SourceGate:
        if target.buyer_id is not None:
            gate = self.gates.gates[self.gates.inputs[target.buyer_id, target.item_id]]
        else:
            gate = self.gates.gates[self.gates.item_of(target.item_id)]
        assert isinstance(gate, SourceGate)  # noqa: S101  # items and lists are
        return gate

    def _listed(self, target: Target, level: DepthLevel) -> list[Nodes]:
        gate = self._gate(target)
        family = self.levels[level].known[gate.number]
        if target.kind is TargetKind.END:
            return list(itertools.islice(_sets_of(family, whole=True), LISTED))
        if family.found != 1:
            return list(itertools.islice(_sets_of(family, whole=False), LISTED_ELSEWHERE))
        # Of each kind of fake backup some, so that neither hides the other.
        shared = self._market_limit(gate, level).ones
        kinds = (family.ones & ~shared, family.ones & shared)
        return [(node,) for ones in kinds for node in itertools.islice(bits_of(ones), LISTED_ELSEWHERE)]

    def _level_depth(self, target: Target, level: DepthLevel) -> LevelDepth:
        number = self._gate(target).number
        found = self.levels[level]
        family = found.known[number]
        least = max(1, *(self.levels[one].free[number].at_least for one in (level, *COARSER[level])))
        cuts = [self._cut(level, nodes, number) for nodes in self._listed(target, level)]
        cuts.sort(key=lambda cut: (len(cut.keys), cut.left_low, cut.left, cut.keys))
        exact = least == (ORDER_CAP + 1 if family.found is None else family.found)
        return LevelDepth(
            level=level,
            least=least,
            most=family.found,
            cuts=tuple(cuts),
            cut_count=sum(1 for _ in _sets_of(family, whole=target.kind is TargetKind.END)),
            unknown=() if exact else tuple(why for why in Why if why in found.unknown[number]),
        )

    def _cut(self, level: DepthLevel, nodes: Nodes, number: int) -> CutSet:
        point, low = self.left[level, nodes, number]
        keys = self.levels[level].grouping.keys
        return CutSet(tuple(sorted(keys[node] for node in nodes)), point, low)

    def _stopped(self, level: DepthLevel, nodes: Nodes) -> list[int]:
        return [supplier for node in nodes for supplier in self.members[level][node]]

    def _fake_backups(self, gate: SourceGate, levels: Sequence[LevelDepth]) -> Iterator[FakeBackup]:
        if len({source.supplier for source in gate.sources}) < SEVERAL:
            return
        for kind in FakeKind:
            singles = ((depth.level, cut) for depth in levels if depth.most == 1 for cut in depth.cuts)
            found = next((one for one in singles if self._kind(gate, *one) is kind), None)
            if found is not None:
                yield self._fake_backup(gate, kind, *found)

    def _kind(self, gate: SourceGate, level: DepthLevel, cut: CutSet) -> FakeKind | None:
        if len(cut.keys) > 1:
            return None
        at_market = self._market_limit(gate, level).ones
        return FakeKind.INPUT if at_market >> self._node(level, cut) & 1 else FakeKind.OWN

    def _market_limit(self, gate: SourceGate, level: DepthLevel) -> Family:
        """Cut sets of the inputs that whoever makes the item at the market needs."""
        return self.levels[level].known[self.gates.limit_of(self.gates.item_at(gate.number))]

    def _node(self, level: DepthLevel, cut: CutSet) -> int:
        return self.node_of_key[level][cut.keys[0]]

    def _fake_backup(self, gate: SourceGate, kind: FakeKind, level: DepthLevel, cut: CutSet) -> FakeBackup:
        node = self._node(level, cut)
        if (level, node) not in self.traces:
            self.traces[level, node] = StopTrace(self.gates, self._stopped(level, (node,)))
        hides = self.traces[level, node].explain(gate)
        return FakeBackup(
            kind=kind,
            level=level,
            key=cut.keys[0],
            left=cut.left,
            left_low=cut.left_low,
            sure=cut.left_low < self.need - SLACK,
            shared_item=shared_input(hides),
            hides=hides,
        )


def _sets_of(family: Family, *, whole: bool) -> Iterator[Nodes]:
    """Yield the smallest cut sets, or all from the smallest on."""
    if not family.found:
        return
    sizes = range(family.found, ORDER_CAP + 1) if whole else (family.found,)
    for size in sizes:
        yield from family.sets_of_size(size)


def _members(grouping: Grouping) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in grouping.keys]
    for supplier, node in enumerate(grouping.node_of_supplier):
        if node is not None:
            members[node].append(supplier)
    return members
