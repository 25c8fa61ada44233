"""Families of minimal cut sets of at most three nodes, and the two ways in which gates join them.

A family holds the minimal sets of nodes whose joint stop empties a gate. Nodes are numbers; single nodes are
the bits of one integer, so that thousands of them cost next to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice, product
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Pair = tuple[int, int]
    Triple = tuple[int, int, int]

Set = TypeVar("Set", bound="tuple[int, ...]")

ORDER_CAP = 3
# Of one size at most so many sets are kept; the family then says up to which order it is whole.
MOST_SETS = 10_000
# After so many combinations of classes looked at, sets of three are given up.
MOST_LOOKS = 100_000


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
        Up to which size no cut set is missing, 1 to 3. Sets of the next size are cut sets, too, and minimal;
        larger ones are not listed.
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
    parts = [part for part in families if not part.always]
    if len(parts) <= 1:
        return parts[0] if parts else ALWAYS
    # No cut set is smaller than the smallest of any part.
    least = max(part.at_least for part in parts)
    if any(part.found is None for part in parts):
        return Family(order=max(min(part.order for part in parts), least - 1))
    joined = _Join(parts).family()
    if joined.order >= least - 1:
        return joined
    return Family(joined.ones, joined.twos, joined.threes, order=least - 1)


def _reduced(ones: int, twos: set[Pair], threes: set[Triple], *, order: int) -> Family:
    """Drop sets that contain smaller ones, and what is too much to keep or beyond what is minimal."""
    kept = {pair for pair in twos if not (ones >> pair[0] | ones >> pair[1]) & 1} if ones else twos
    if len(kept) > MOST_SETS:
        kept, order = set(nsmallest(MOST_SETS, kept)), 1
    if order == 1 or not threes:
        return Family(ones, frozenset(kept), order=order)
    least = {
        (a, b, c)
        for a, b, c in threes
        if not (ones >> a | ones >> b | ones >> c) & 1
        and (a, b) not in kept
        and (a, c) not in kept
        and (b, c) not in kept
    }
    if len(least) > MOST_SETS:
        least, order = set(nsmallest(MOST_SETS, least)), 2
    return Family(ones, frozenset(kept), frozenset(least), order=order)


class _Join:
    """Sets of at most three nodes that hold a cut set of every part; lives only inside `both`.

    Nodes that decide the same parts alone are one class, so that thousands of them are joined by class.
    """

    def __init__(self, parts: Sequence[Family]) -> None:
        shared = parts[0].ones
        for part in parts[1:]:
            shared &= part.ones
        self.shared = shared
        self.order = min(part.order for part in parts)
        self.ones = [part.ones & ~shared for part in parts]
        self.all = (1 << len(parts)) - 1
        self.classes = _classes(self.ones)
        self.pairs = [_apart(part.twos, shared) for part in parts]
        self.triples = [_apart(part.threes, shared) for part in parts]
        self.beside = [_partners(pairs) for pairs in self.pairs]
        self.thirds = [_thirds(triples) for triples in self.triples]

    def family(self) -> Family:
        """Join the parts."""
        twos, threes = self._of_classes()
        for pair in frozenset[tuple[int, int]]().union(*self.pairs):
            third = self._completing(pair)
            if third is None:
                twos.add(pair)
            elif self.order > 1:
                threes |= {_triple(*pair, node) for node in islice(bits_of(third), MOST_SETS + 1)}
        if self.order > 1:
            threes |= {
                triple
                for triple in frozenset[tuple[int, int, int]]().union(*self.triples)
                if self._decides_all(triple)
            }
        return _reduced(self.shared, twos, threes, order=self.order)

    def _of_classes(self) -> tuple[set[Pair], set[Triple]]:
        """Find the sets whose nodes decide all parts one by one."""
        twos: set[Pair] = set()
        threes: set[Triple] = set()
        with_part = [
            [sign for sign in self.classes if sign >> number & 1] for number in range(len(self.ones))
        ]
        looks = 0
        for first in self._scarcest(with_part, self.all):
            rest = self.all & ~first
            for second in self._scarcest(with_part, rest):
                left = rest & ~second
                if not left:
                    twos |= {(a, b) for a, b in self._spelled(first, second)}
                elif self.order == ORDER_CAP:
                    thirds = self._scarcest(with_part, left)
                    looks += len(thirds)
                    for third in thirds:
                        if left & ~third == 0 and (first | third) != self.all != (second | third):
                            threes |= {(a, b, c) for a, b, c in self._spelled(first, second, third)}
                self._watch(len(twos), len(threes), looks)
        return twos, threes

    def _watch(self, twos: int, threes: int, looks: int) -> None:
        """Give up larger sets where there are too many; those found stay cut sets."""
        if twos > MOST_SETS:
            self.order = 1
        elif threes > MOST_SETS or looks > MOST_LOOKS:
            self.order = min(self.order, 2)

    def _scarcest(self, with_part: Sequence[Sequence[int]], parts: int) -> Sequence[int]:
        return min((with_part[number] for number in bits_of(parts)), key=len)

    def _spelled(self, *signs: int) -> Iterator[tuple[int, ...]]:
        """Name the nodes of classes, one of each, in rising order; more than are kept are not needed."""
        nodes = product(*(islice(bits_of(self.classes[sign]), MOST_SETS + 1) for sign in signs))
        return (tuple(sorted(one)) for one in islice(nodes, MOST_SETS + 1))

    def _completing(self, pair: Pair) -> int | None:
        """Nodes that decide with a pair what it leaves; none where it decides all parts."""
        a, b = pair
        third = None
        for number, ones in enumerate(self.ones):
            if (ones >> a | ones >> b) & 1 or pair in self.pairs[number]:
                continue
            beside = self.beside[number]
            nodes = ones | beside.get(a, 0) | beside.get(b, 0) | self.thirds[number].get(pair, 0)
            third = nodes if third is None else third & nodes
        return third

    def _decides_all(self, triple: Triple) -> bool:
        a, b, c = triple
        return all(
            (ones >> a | ones >> b | ones >> c) & 1
            or not pairs.isdisjoint(((a, b), (a, c), (b, c)))
            or triple in triples
            for ones, pairs, triples in zip(self.ones, self.pairs, self.triples, strict=True)
        )


def _triple(a: int, b: int, c: int) -> Triple:
    first, second, third = sorted((a, b, c))
    return first, second, third


def _classes(parts: Sequence[int]) -> dict[int, int]:
    """Group nodes by the parts that each decides alone: nodes by the bits of their parts."""
    classes = {0: 0}
    for nodes in parts:
        classes[0] |= nodes
    for number, nodes in enumerate(parts):
        split = {}
        for sign, members in classes.items():
            if members & nodes:
                split[sign | 1 << number] = members & nodes
            if members & ~nodes:
                split[sign] = members & ~nodes
        classes = split
    return classes


def _apart(sets: Iterable[Set], shared: int) -> frozenset[Set]:
    """Drop the sets that hold a node which decides all parts alone."""
    if not shared:
        return frozenset(sets)
    return frozenset(one for one in sets if not any(shared >> node & 1 for node in one))


def _partners(pairs: Iterable[Pair]) -> dict[int, int]:
    """Give by node the bits of those it is paired with."""
    found: dict[int, int] = defaultdict(int)
    for a, b in pairs:
        found[a] |= 1 << b
        found[b] |= 1 << a
    return dict(found)


def _thirds(triples: Iterable[Triple]) -> dict[Pair, int]:
    """Give by two nodes of a triple the bits of its third."""
    found: dict[Pair, int] = defaultdict(int)
    for a, b, c in triples:
        found[a, b] |= 1 << c
        found[a, c] |= 1 << b
        found[b, c] |= 1 << a
    return dict(found)
