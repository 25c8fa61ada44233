"""Families of minimal cut sets of at most three nodes, and the two ways in which gates join them.

A family holds the minimal sets of nodes whose joint stop empties a gate. Nodes are numbers; single nodes are
the bits of one integer, so that thousands of them cost next to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Pair = tuple[int, int]
    Triple = tuple[int, int, int]

ORDER_CAP = 3
# A product of large families is cut off here; the family then says up to which order it is whole.
MOST_SETS = 200_000


@dataclass(frozen=True, slots=True)
class Family:
    """Minimal cut sets of one gate.

    Attributes
    ----------
    ones
        Bit v is set when node v alone is a cut set.
    twos, threes
        Cut sets of two and three nodes, in rising order; none contains a smaller cut set.
    always
        Whether the gate is empty whatever fails; then no set is listed.
    order
        Up to which size no cut set is missing, 1 to 3.
    """

    ones: int = 0
    twos: frozenset[Pair] = frozenset()
    threes: frozenset[Triple] = frozenset()
    always: bool = False
    order: int = ORDER_CAP

    @property
    def found(self) -> int | None:
        """Size of the smallest cut set found, 0 when always empty; none when nothing was found."""
        if self.always:
            return 0
        sizes = (self.ones, self.twos, self.threes)
        return next((size for size, sets in enumerate(sizes, start=1) if sets), None)

    @property
    def at_least(self) -> int:
        """What the size of the smallest cut set is at least, 0 to 4."""
        return min(self.order + 1, ORDER_CAP + 1 if self.found is None else self.found)

    def sets_of_size(self, size: int) -> list[tuple[int, ...]]:
        """Cut sets of a size, 1 to 3, in rising order."""
        if size == 1:
            return [(node,) for node in bits_of(self.ones)]
        return sorted(self.twos if size == 2 else self.threes)  # noqa: PLR2004


NEVER = Family()
ALWAYS = Family(always=True)


def single(node: int) -> Family:
    """Make the family of a gate that one node alone decides."""
    return Family(ones=1 << node)


def bits_of(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def either(families: Iterable[Family]) -> Family:
    """Join the families of a gate that is empty as soon as one of its parts is.

    Parameters
    ----------
    families
        Of the parts; none gives a gate that nothing empties.

    Returns
    -------
    Family
        The union without sets that contain smaller ones.

    Examples
    --------
    >>> either([single(0), Family(twos=frozenset({(0, 1), (1, 2)}))]).sets_of_size(2)
    [(1, 2)]
    """
    parts = list(families)
    if any(part.always for part in parts):
        return ALWAYS
    ones = 0
    for part in parts:
        ones |= part.ones
    twos = {pair for part in parts for pair in part.twos}
    threes = {triple for part in parts for triple in part.threes}
    return _reduced(ones, twos, threes, order=min((part.order for part in parts), default=ORDER_CAP))


def both(families: Iterable[Family]) -> Family:
    """Join the families of a gate that is empty only when all of its parts are.

    Parameters
    ----------
    families
        Of the parts; none gives a gate that is always empty.

    Returns
    -------
    Family
        The minimal unions of one set of each part, as far as they have at most three nodes.

    Examples
    --------
    >>> both([single(0), either([single(1), single(2)])]).sets_of_size(2)
    [(0, 1), (0, 2)]
    """
    joined = ALWAYS
    for part in families:
        joined = _product(joined, part)
        if joined.found is None:
            # An incomplete part may hide a set, but no set of an order in which all parts so far are whole.
            return Family(order=joined.order)
    return joined


def _product(first: Family, second: Family) -> Family:
    if first.always:
        return second
    if second.always:
        return first
    shared = first.ones & second.ones
    one, two = _without(first, shared), _without(second, shared)
    order = min(first.order, second.order)
    left, right = list(bits_of(one.ones)), list(bits_of(two.ones))
    if len(left) * len(right) > MOST_SETS:
        return Family(shared, order=1)
    twos = {_pair(a, b) for a in left for b in right}
    twos |= one.twos & two.twos
    twos |= {pair for pair in one.twos if _hits(pair, two.ones)}
    twos |= {pair for pair in two.twos if _hits(pair, one.ones)}
    if len(left) * len(two.twos) + len(right) * len(one.twos) > MOST_SETS:
        return _reduced(shared, twos, set(), order=min(order, 2))
    threes = {_triple(a, *pair) for a in left for pair in two.twos if a not in pair}
    threes |= {_triple(a, *pair) for a in right for pair in one.twos if a not in pair}
    threes |= _chained(one.twos, two.twos)
    threes |= _contained(one.threes, two) | _contained(two.threes, one)
    return _reduced(shared, twos, threes, order=order)


def _without(family: Family, nodes: int) -> Family:
    """Drop all sets that hold one of these nodes: the product has the node alone."""
    if not nodes:
        return family
    return Family(
        family.ones & ~nodes,
        frozenset(pair for pair in family.twos if not _hits(pair, nodes)),
        frozenset(triple for triple in family.threes if not _hits(triple, nodes)),
        order=family.order,
    )


def _chained(first: frozenset[Pair], second: frozenset[Pair]) -> set[Triple]:
    """Unions of two pairs that share one node."""
    by_node: dict[int, list[int]] = defaultdict(list)
    for a, b in second:
        by_node[a].append(b)
        by_node[b].append(a)
    found = set()
    for a, b in first:
        found |= {_triple(a, b, c) for c in by_node.get(a, ()) if c != b}
        found |= {_triple(a, b, c) for c in by_node.get(b, ()) if c != a}
    return found


def _contained(triples: frozenset[Triple], family: Family) -> set[Triple]:
    """Triples that hold a cut set of the family."""
    return {
        triple
        for triple in triples
        if triple in family.threes
        or _hits(triple, family.ones)
        or any(pair in family.twos for pair in combinations(triple, 2))
    }


def _reduced(ones: int, twos: set[Pair], threes: set[Triple], *, order: int) -> Family:
    kept = frozenset(pair for pair in twos if not _hits(pair, ones))
    least = frozenset(
        triple
        for triple in threes
        if not _hits(triple, ones) and not any(pair in kept for pair in combinations(triple, 2))
    )
    if len(least) > MOST_SETS:
        return Family(ones, kept, frozenset(), order=min(order, 2))
    return Family(ones, kept, least, order=order)


def _hits(nodes: tuple[int, ...], mask: int) -> bool:
    return any(mask >> node & 1 for node in nodes)


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _triple(a: int, b: int, c: int) -> Triple:
    first, second, third = sorted((a, b, c))
    return (first, second, third)
