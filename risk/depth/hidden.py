"""How a stop reaches each named source of a list: what a fake backup hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.depth.gates import ALWAYS_SERVED, SourceGate
from risk.depth.model import Hidden

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from risk.depth.gates import Gate, Gates, LimitGate, Source

    Way = tuple[tuple[str, ...], frozenset[int]]

RUNNING = -1


def explain_stop(gates: Gates, target: SourceGate, stopped: Collection[int]) -> tuple[Hidden, ...]:
    """Tell for each named source of an emptied list why it stops.

    Parameters
    ----------
    gates
        The chain in one mode.
    target
        An item or list that the stop empties of named sources.
    stopped
        Numbers of the suppliers that stop.

    Returns
    -------
    tuple of Hidden
        One a source, in order of id; of several ways the one that fails first.
    """
    trace = _Trace(gates, frozenset(stopped))
    names = gates.parts.supplier_ids
    hidden = []
    for source in target.sources:
        via, reached = trace.reach(source)
        hidden.append(Hidden(names[source.supplier], via, tuple(sorted(names[one] for one in reached))))
    return tuple(sorted(hidden, key=lambda one: one.supplier_id))


def shared_input(hides: Iterable[Hidden]) -> str | None:
    """Find the nearest input through which a stop reaches all sources; none when there is no such one."""
    ways = [one.via for one in hides]
    if not ways:
        return None
    return next((item_id for item_id in ways[0] if all(item_id in way for way in ways)), None)


class _Trace:
    """When each gate fails in one stop; lives only inside `explain_stop`."""

    def __init__(self, gates: Gates, stopped: frozenset[int]) -> None:
        self.gates = gates
        self.stopped = stopped
        self.failed_at = [RUNNING] * len(gates.gates)
        clock = 0
        for component in gates.components:
            moved = True
            while moved:
                moved = False
                for number in component:
                    if self.failed_at[number] == RUNNING and self._fails(gates.gates[number]):
                        clock += 1
                        self.failed_at[number] = clock
                        moved = True

    def reach(self, source: Source) -> Way:
        if source.supplier in self.stopped:
            return (), frozenset([source.supplier])
        return self._walk(source.plant if source.plant >= 0 else source.limit)

    def _walk(self, number: int) -> Way:
        gate = self.gates.gates[number]
        if isinstance(gate, SourceGate):
            ways = [self.reach(source) for source in gate.sources] or [self._walk(gate.passes)]
            longest = max((via for via, _ in ways), key=len)
            return longest, frozenset().union(*(reached for _, reached in ways))
        if gate.supplier in self.stopped:
            return (), frozenset([gate.supplier])
        members = self._first_failed(gate)
        ways = [self._walk(member) for member in members]
        longest = max((via for via, _ in ways), key=len)
        return (self.gates.item_at(members[0]), *longest), frozenset().union(*(found for _, found in ways))

    def _first_failed(self, gate: LimitGate) -> tuple[int, ...]:
        groups = [*gate.groups, tuple(variant for variant, weight in gate.variants if weight > 0)]
        failed = [group for group in groups if group and self._all_failed(group)]
        # By when they failed, so that the way back never turns in a loop.
        return min(failed, key=lambda group: max(self.failed_at[member] for member in group))

    def _fails(self, gate: Gate) -> bool:
        if isinstance(gate, SourceGate):
            if not gate.sources:
                return gate.passes >= 0 and self.failed_at[gate.passes] != RUNNING
            return all(self._source_fails(source) for source in gate.sources)
        if gate.supplier in self.stopped:
            return True
        variants = tuple(variant for variant, weight in gate.variants if weight > 0)
        return any(self._all_failed(group) for group in (*gate.groups, variants) if group)

    def _source_fails(self, source: Source) -> bool:
        feeds = source.plant if source.plant >= 0 else source.limit
        return source.supplier in self.stopped or self.failed_at[feeds] != RUNNING

    def _all_failed(self, members: Iterable[int]) -> bool:
        return all(member != ALWAYS_SERVED and self.failed_at[member] != RUNNING for member in members)
