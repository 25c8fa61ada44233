"""In which order gates can be settled: strongly connected components, what is read before who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNSEEN = -1


def find_components(reads: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Group gates that depend on each other in a loop, and order the groups.

    Parameters
    ----------
    reads
        By gate, the gates it depends on.

    Returns
    -------
    tuple of tuple of int
        Each gate once; a group reads only itself and earlier ones, and within it most gates come after those
        they read.

    Notes
    -----
    Tarjan's algorithm without recursion, linear in gates and dependencies. networkx does the same;
    its import alone takes longer than measuring the shipped chains.

    Examples
    --------
    >>> find_components([[1], [2], [1], [0]])
    ((2, 1), (0,), (3,))
    """
    return _Tarjan(reads).components()


class _Tarjan:
    """What is known of each gate; lives only inside `find_components`."""

    def __init__(self, reads: Sequence[Sequence[int]]) -> None:
        self.reads = reads
        self.seen_at = [UNSEEN] * len(reads)
        self.reaches = [UNSEEN] * len(reads)
        self.is_open = [False] * len(reads)
        self.opened: list[int] = []
        self.left_at = [UNSEEN] * len(reads)
        self.clock = 0
        self.found: list[tuple[int, ...]] = []

    def components(self) -> tuple[tuple[int, ...], ...]:
        for start in range(len(self.reads)):
            if self.seen_at[start] == UNSEEN:
                self._explore(start)
        return tuple(self.found)

    def _explore(self, start: int) -> None:
        path = [(start, self._open(start))]
        while path:
            gate, rest = path[-1]
            for read in rest:
                if self.seen_at[read] == UNSEEN:
                    path.append((read, self._open(read)))
                    break
                if self.is_open[read]:
                    self.reaches[gate] = min(self.reaches[gate], self.seen_at[read])
            else:
                path.pop()
                self.left_at[gate] = self.clock
                self.clock += 1
                if path:
                    above = path[-1][0]
                    self.reaches[above] = min(self.reaches[above], self.reaches[gate])
                self._close(gate)

    def _open(self, gate: int) -> Iterator[int]:
        self.seen_at[gate] = self.reaches[gate] = self.clock
        self.clock += 1
        self.opened.append(gate)
        self.is_open[gate] = True
        return iter(self.reads[gate])

    def _close(self, gate: int) -> None:
        """Close the component of a gate when nothing opened before it can be reached from it."""
        if self.reaches[gate] != self.seen_at[gate]:
            return
        members = []
        while self.is_open[gate]:
            member = self.opened.pop()
            self.is_open[member] = False
            members.append(member)
        self.found.append(tuple(sorted(members, key=self.left_at.__getitem__)))
