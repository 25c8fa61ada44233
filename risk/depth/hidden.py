"""How a stop reaches each named source of a list: what a fake backup hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from risk.depth.gates import ALWAYS_SERVED, SourceGate
from risk.depth.model import Hidden

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from risk.depth.gates import Gate, Gates, LimitGate, Source

    Way = tuple[tuple[str, ...], frozenset[int]]

RUNNING = -1


def shared_input(hides: Iterable[Hidden]) -> str | None:
    """Find the nearest input through which a stop reaches all sources; none when there is no such one."""
    ways = [one.via for one in hides]
    if not ways:
        return None
    return next((item_id for item_id in ways[0] if all(item_id in way for way in ways)), None)


class StopTrace:
    """Which gates one stop empties, and the way on which it reaches each of them.

    Parameters
    ----------
    gates
        The chain in one mode.
    stopped
        Numbers of the suppliers that stop.

    Notes
    -----
    Gates fail one after the other. The way to a gate is written when it fails, out of ways to gates that
    failed before, so no way turns in a loop and none is followed twice.
    """

    def __init__(self, gates: Gates, stopped: Collection[int]) -> None:
        self.gates = gates
        self.stopped = frozenset(stopped)
        self.failed_at = [RUNNING] * len(gates.gates)
        self.ways: dict[int, Way] = {}
        for component in gates.components:
            while sum(self._fail_if_empty(number) for number in component):
                if len(component) == 1:
                    break

    def explain(self, target: SourceGate) -> tuple[Hidden, ...]:
        """Tell for each named source of an emptied item or list why it stops.

        Parameters
        ----------
        target
            An item or list that the stop empties of named sources.

        Returns
        -------
        tuple of Hidden
            One a source, in order of id; of several ways the one that failed first.
        """
        names = self.gates.parts.supplier_ids
        hidden = []
        for source in target.sources:
            via, reached = self._reach(source)
            hidden.append(Hidden(names[source.supplier], via, tuple(sorted(names[one] for one in reached))))
        return tuple(sorted(hidden, key=lambda one: one.supplier_id))

    def _fail_if_empty(self, number: int) -> bool:
        """Mark a gate that runs no longer; whether it was marked now."""
        if self.failed_at[number] != RUNNING or not self._fails(self.gates.gates[number]):
            return False
        self.ways[number] = self._find_way(self.gates.gates[number])
        self.failed_at[number] = len(self.ways)
        return True

    def _reach(self, source: Source) -> Way:
        if source.supplier in self.stopped:
            return (), frozenset([source.supplier])
        return self.ways[source.plant if source.plant >= 0 else source.limit]

    def _find_way(self, gate: Gate) -> Way:
        if isinstance(gate, SourceGate):
            return _join([self._reach(source) for source in gate.sources] or [self.ways[gate.passes]])
        if gate.supplier in self.stopped:
            return (), frozenset([gate.supplier])
        members = self._first_failed(gate)
        via, reached = _join([self.ways[member] for member in members])
        return (self.gates.item_at(members[0]), *via), reached

    def _first_failed(self, gate: LimitGate) -> tuple[int, ...]:
        groups = [*gate.groups, tuple(variant for variant, weight in gate.variants if weight > 0)]
        failed = [group for group in groups if group and self._all_failed(group)]
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


def _join(ways: Sequence[Way]) -> Way:
    """Join ways that all had to fail: the longest is told, all of their ends are."""
    longest = max((via for via, _ in ways), key=len)
    return longest, frozenset().union(*(reached for _, reached in ways))
