"""The minimal cut sets of all gates of a chain by one level, as the least set of failures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import SupplierKind
from risk.depth.families import ALWAYS, NEVER, both, either, single
from risk.depth.gates import ALWAYS_SERVED, SourceGate, reads
from risk.depth.model import DepthLevel, Why
from risk.nodes import listed_suppliers, topmost_parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chains.model import ChainRecords, Supplier
    from risk.depth.families import Family
    from risk.depth.gates import Gate, Gates, LimitGate


@dataclass(frozen=True, slots=True)
class Grouping:
    """The nodes of one level and the suppliers that stop with each.

    Attributes
    ----------
    level
        Of the nodes.
    keys
        Key of each node, as in `risk.nodes`.
    node_of_supplier
        By number of supplier; ``None`` where the data do not say: a country's makers by firm, a firm whose
        city or country is blank. Also ``None`` for a group that is only the parent of others: it supplies
        nothing and makes no node.
    """

    level: DepthLevel
    keys: tuple[str, ...]
    node_of_supplier: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class LevelFound:
    """All cut sets of a chain by one level.

    Attributes
    ----------
    grouping
        What can stop.
    known
        Cut sets of known nodes, by gate.
    free
        Cut sets when suppliers of no known node have stopped already, by gate; bounds depths from below.
    unknown
        By gate, what upstream of it is not known.
    """

    grouping: Grouping
    known: tuple[Family, ...]
    free: tuple[Family, ...]
    unknown: tuple[frozenset[Why], ...]


def find_level(gates: Gates, level: DepthLevel) -> LevelFound:
    """Find all cut sets of a chain by one level.

    Parameters
    ----------
    gates
        The chain in one mode.
    level
        By whom.

    Returns
    -------
    LevelFound
        By gate.
    """
    grouping = group_suppliers(gates.parts.records, level)
    return LevelFound(
        grouping,
        known=tuple(find_families(gates, grouping, unknown_stop=False)),
        free=tuple(find_families(gates, grouping, unknown_stop=True)),
        unknown=tuple(_find_unknown(gates, grouping)),
    )


def _find_unknown(gates: Gates, grouping: Grouping) -> list[frozenset[Why]]:
    found = [_own_unknown(gates, grouping, gate) for gate in gates.gates]
    for component in gates.components:
        whole = frozenset[Why]().union(
            *(found[number] for number in component),
            *(found[read] for number in component for read in reads(gates.gates[number])),
        )
        for number in component:
            found[number] = whole
    return found


def _own_unknown(gates: Gates, grouping: Grouping, gate: Gate) -> frozenset[Why]:
    if not isinstance(gate, SourceGate):
        return frozenset()
    suppliers = gates.parts.records.suppliers
    unplaced = [s.supplier for s in gate.sources if grouping.node_of_supplier[s.supplier] is None]
    firms = {suppliers[number].kind is SupplierKind.ENTERPRISE for number in unplaced}
    found = {
        Why.NO_PLACE if firm or grouping.level is DepthLevel.COUNTRY else Why.COUNTRY_ROWS for firm in firms
    }
    return frozenset(found | ({Why.NO_SOURCES} if gate.unknown else set()))


def group_suppliers(records: ChainRecords, level: DepthLevel) -> Grouping:
    """Group the suppliers of a chain by the nodes of one level.

    Parameters
    ----------
    records
        Joined and restricted facts.
    level
        By whom.

    Returns
    -------
    Grouping
        Cities that share a name are told apart by their country, as in `risk.nodes`.
    """
    by_id = {supplier.supplier_id: supplier for supplier in records.suppliers}
    listed = {supplier.supplier_id for supplier in listed_suppliers(records)}
    places = [
        _place(level, supplier, by_id) if supplier.supplier_id in listed else None
        for supplier in records.suppliers
    ]
    known = sorted({place for place in places if place is not None})
    names = Counter(name for _, name in known)
    number = {place: at for at, place in enumerate(known)}
    keys = tuple(name if names[name] == 1 else f"{country}/{name}" for country, name in known)
    return Grouping(level, keys, tuple(None if place is None else number[place] for place in places))


def _place(level: DepthLevel, supplier: Supplier, by_id: Mapping[str, Supplier]) -> tuple[str, str] | None:
    if level is DepthLevel.COUNTRY:
        return ("", supplier.country) if supplier.country else None
    if supplier.kind is not SupplierKind.ENTERPRISE:
        return None
    if level is DepthLevel.FIRM:
        return ("", supplier.supplier_id)
    if level is DepthLevel.PARENT:
        return ("", topmost_parent(supplier.supplier_id, by_id))
    return (supplier.country or "", supplier.city) if supplier.city else None


def find_families(gates: Gates, grouping: Grouping, *, unknown_stop: bool) -> list[Family]:
    """Find the minimal cut sets of every gate.

    Parameters
    ----------
    gates
        The chain in one mode.
    grouping
        What can stop.
    unknown_stop
        Whether suppliers of no known node count as stopped already, which bounds every depth from below;
        else they never stop, which bounds it from above.

    Returns
    -------
    list of Family
        By gate.

    Notes
    -----
    Failures are the least fixed point: from none, a gate fails when its parts do, until nothing changes. What
    is left running is the greatest fixed point, so a loop does not kill itself.
    """
    search = _Search(gates, grouping, ALWAYS if unknown_stop else NEVER)
    for component in gates.components:
        search.settle(component)
    return search.families


class _Search:
    """Families found so far; lives only inside `find_families`."""

    def __init__(self, gates: Gates, grouping: Grouping, unknown: Family) -> None:
        self.gates = gates
        self.grouping = grouping
        self.unknown = unknown
        self.families: list[Family] = [NEVER] * len(gates.gates)

    def settle(self, component: Sequence[int]) -> None:
        """Iterate the gates of one component from "nothing fails" until none changes."""
        moved = True
        while moved:
            moved = False
            for number in component:
                found = self._family(self.gates.gates[number])
                if found != self.families[number]:
                    self.families[number] = found
                    moved = len(component) > 1

    def _family(self, gate: Gate) -> Family:
        if isinstance(gate, SourceGate):
            return self._source_family(gate)
        return self._limit_family(gate)

    def _source_family(self, gate: SourceGate) -> Family:
        if not gate.sources:
            passed = NEVER if gate.passes < 0 else self.families[gate.passes]
            return either([passed, self.unknown]) if gate.unknown else passed
        plants = [self.families[source.plant] for source in gate.sources if source.plant >= 0]
        market = [source for source in gate.sources if source.plant < 0]
        if not market:
            return both(plants)
        # All sources at the market make the same item and share its input limit.
        limit = self.families[market[0].limit]
        return both([*plants, either([limit, both(self._stop(source.supplier) for source in market)])])

    def _stop(self, supplier: int) -> Family:
        node = self.grouping.node_of_supplier[supplier]
        return self.unknown if node is None else single(node)

    def _limit_family(self, gate: LimitGate) -> Family:
        parts = [self._alternatives(group) for group in gate.groups]
        if gate.variants:
            parts.append(self._alternatives(variant for variant, weight in gate.variants if weight > 0))
        if gate.supplier >= 0:
            parts.append(self._stop(gate.supplier))
        return either(parts)

    def _alternatives(self, members: Iterable[int]) -> Family:
        return both(NEVER if member == ALWAYS_SERVED else self.families[member] for member in members)
