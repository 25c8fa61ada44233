"""What unnamed others still serve when named nodes stop: day 0 of the model, many stops at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from risk.depth.gates import ALWAYS_SERVED, SourceGate

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from risk.depth.gates import Gate, Gates, LimitGate

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

SETTLED = 1e-12
ROUNDS = 100_000


def served_on_day_zero(gates: Gates, stopped: BoolArray, *, low_end: bool = False) -> FloatArray:
    """Solve day 0 of the model without stock and substitution for several stops.

    Parameters
    ----------
    gates
        The chain in one mode.
    stopped
        Shape (suppliers, stops): who stops in which.
    low_end
        Whether the unsure shares of the stopped go to others, as at the low end of a loss.

    Returns
    -------
    array
        Shape (gates, stops), 0 to 1: input limits, availability of items, deliveries, output of plants.

    Notes
    -----
    The greatest fixed point: every gate starts at 1; loops are iterated until none moves by more than 1e-12.

    References
    ----------
    model.md section 4, "One day".
    """
    day = _DayZero(gates, stopped, low_end=low_end)
    for component in gates.components:
        if any(day.waits[number] for number in component):
            day.settle(component)
    return day.served


class _DayZero:
    """Values found so far; lives only inside `served_on_day_zero`."""

    def __init__(self, gates: Gates, stopped: BoolArray, *, low_end: bool) -> None:
        self.gates = gates
        self.low_end = low_end
        self.runs = 1.0 - stopped.astype(np.float64)
        self.served: FloatArray = np.ones((len(gates.gates), stopped.shape[1]))
        hit = set(np.nonzero(stopped)[0].tolist())
        # Without a stop everything is served in full: only what a stop can move is computed.
        self.waits = [_is_hit(gate, hit) for gate in gates.gates]

    def settle(self, component: Sequence[int]) -> None:
        rounds = ROUNDS if len(component) > 1 else 1
        for _ in range(rounds):
            moved = False
            for number in component:
                if self.waits[number]:
                    self.waits[number] = False
                    moved |= self._renew(number)
            if not moved:
                return

    def _renew(self, number: int) -> bool:
        """Compute a gate again and let those that read it wait; whether it moved."""
        value = self._value(self.gates.gates[number])
        before = self.served[number]
        if float(np.abs(value - before).max(initial=0.0)) <= SETTLED:
            return False
        self.served[number] = value
        for reader in self.gates.readers[number]:
            self.waits[reader] = True
        return True

    def _value(self, gate: Gate) -> FloatArray:
        if not isinstance(gate, SourceGate):
            return self._limit(gate)
        return self._list(gate) if gate.is_list else self._item(gate)

    def _item(self, gate: SourceGate) -> FloatArray:
        fixed = self._nothing()
        base = self._others(gate)
        for source in gate.sources:
            if source.plant >= 0:
                fixed = fixed + source.share * self.served[source.plant]
            else:
                base = base + source.share * self.runs[source.supplier]
        rest: FloatArray = np.minimum(base, self.served[gate.limit] * (1.0 - fixed))
        return np.minimum(1.0, fixed + rest)

    def _list(self, gate: SourceGate) -> FloatArray:
        value = self._others(gate)
        for source in gate.sources:
            market = self.runs[source.supplier] * self.served[source.limit]
            gives = self.served[source.plant] if source.plant >= 0 else market
            if 0.0 < source.width < 1.0:
                gives = np.clip((gives - source.above) / source.width, 0.0, 1.0)
            value = value + source.share * gives
        return np.minimum(1.0, value)

    def _others(self, gate: SourceGate) -> FloatArray:
        value = self._nothing() + gate.others
        if self.low_end:
            for source in gate.sources:
                if source.unsure:
                    value = value + source.share * (1.0 - self.runs[source.supplier])
        return value

    def _limit(self, gate: LimitGate) -> FloatArray:
        value = self._nothing() + 1.0
        for group in gate.groups:
            best = self._got(group[0])
            for member in group[1:]:
                best = np.maximum(best, self._got(member))
            value = np.minimum(value, best)
        if gate.optional:
            lost = self._nothing()
            for served, weight in gate.optional:
                lost = lost + weight * (1.0 - self._got(served))
            value = np.minimum(value, np.maximum(0.0, 1.0 - lost))
        if gate.variants:
            delivered = self._nothing()
            for served, weight in gate.variants:
                delivered = delivered + weight * self._got(served)
            value = np.minimum(value, delivered)
        return value if gate.supplier < 0 else np.minimum(value, self.runs[gate.supplier])

    def _got(self, served: int) -> FloatArray:
        return self._nothing() + 1.0 if served == ALWAYS_SERVED else self.served[served]

    def _nothing(self) -> FloatArray:
        return np.zeros(self.served.shape[1])


def _is_hit(gate: Gate, hit: Collection[int]) -> bool:
    if isinstance(gate, SourceGate):
        return any(source.supplier in hit for source in gate.sources)
    return gate.supplier in hit
