"""Many texts in little memory: the first ones as they are, later ones as blocks of JSON.

A column that holds a million different texts is looked at from the front, so a block is read once; a text as
an object of its own would take eight times its bytes.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan
from typing import Final, overload

KEPT_AS_TEXT: Final = 1 << 16
BLOCK: Final = 1024
BLOCKS_IN_HAND: Final = 64
# So many columns may keep and read that much each; the more there are, the less each of them does.
COLUMNS_WITHOUT_HASTE: Final = 16
FEWEST_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many texts of a column lie about as objects.

    Attributes
    ----------
    kept
        The first ones, which stay objects.
    block
        Further ones to a block.
    in_hand
        Blocks that stay objects for a while after they were read.
    """

    kept: int
    block: int
    in_hand: int


def shelf_for(columns: int) -> Shelf:
    """Choose how many texts each of some columns may keep as objects.

    Parameters
    ----------
    columns
        How many columns there are.

    Returns
    -------
    Shelf
        Together they keep no more than sixteen columns would, and less the more there are, because each
        column costs something too.

    Examples
    --------
    >>> shelf_for(16), shelf_for(1000)
    (Shelf(kept=65536, block=1024, in_hand=64), Shelf(kept=256, block=128, in_hand=2))
    """
    parts = (-(-columns // COLUMNS_WITHOUT_HASTE)) ** 2
    kept = max(KEPT_AS_TEXT // parts, min(FEWEST_KEPT, KEPT_AS_TEXT))
    return Shelf(kept, max(BLOCK // parts, min(128, BLOCK)), max(BLOCKS_IN_HAND // parts, 2))


class Texts(Sequence["str | None"]):
    """A sequence of texts that only grows.

    Parameters
    ----------
    first
        The first texts, at most as many as the shelf keeps.
    blocks
        Later ones, from `blocks` of another one.
    last
        The texts behind them.
    shelf
        How many of them lie about; a sequence made from parts of another one needs that one's.
    """

    def __init__(
        self,
        first: Iterable[str | None] = (),
        blocks: Iterable[bytes] = (),
        last: Iterable[str | None] = (),
        *,
        shelf: Shelf | None = None,
    ) -> None:
        self.first, self.blocks, self.last = list(first), list(blocks), list(last)
        self.shelf = shelf or shelf_for(1)
        self.read_block = lru_cache(maxsize=self.shelf.in_hand)(self._read_block)

    def append(self, text: str | None) -> None:
        """Add one text.

        Parameters
        ----------
        text
            The next one.
        """
        if len(self.first) < self.shelf.kept:
            self.first.append(text)
            return
        self.last.append(text)
        if len(self.last) == self.shelf.block:
            self.blocks.append(dump_texts(self.last))
            self.last.clear()

    def extend(self, texts: Iterable[str | None]) -> None:
        """Add texts.

        Parameters
        ----------
        texts
            In order.
        """
        for text in texts:
            self.append(text)

    def __len__(self) -> int:
        return len(self.first) + self.shelf.block * len(self.blocks) + len(self.last)

    @overload
    def __getitem__(self, index: int) -> str | None: ...

    @overload
    def __getitem__(self, index: slice) -> list[str | None]: ...

    def __getitem__(self, index: int | slice) -> str | list[str | None] | None:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if index < len(self.first):
            return self.first[index]
        block, place = divmod(index - len(self.first), self.shelf.block)
        return self.last[place] if block == len(self.blocks) else self.read_block(block)[place]

    def _read_block(self, block: int) -> list[str | None]:
        texts: list[str | None] = json.loads(self.blocks[block])
        return texts

    def __iter__(self) -> Iterator[str | None]:
        yield from self.first
        for block in range(len(self.blocks)):
            yield from self._read_block(block)
        yield from self.last


class Floats(Sequence["float | None"]):
    """A sequence of numbers that only grows, eight bytes each; None is not a number there."""

    def __init__(self) -> None:
        self.numbers = array("d")

    def append(self, value: float | None) -> None:
        """Add one number.

        Parameters
        ----------
        value
            The next one.
        """
        self.numbers.append(nan if value is None else value)

    def copy(self) -> Floats:
        """Return the same numbers, to add others.

        Returns
        -------
        Floats
            Of its own.
        """
        other = Floats()
        other.numbers = self.numbers[:]
        return other

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> float | None: ...

    @overload
    def __getitem__(self, index: slice) -> list[float | None]: ...

    def __getitem__(self, index: int | slice) -> float | list[float | None] | None:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        number = self.numbers[index]
        return None if isnan(number) else number


def dump_texts(texts: Sequence[str | None]) -> bytes:
    """Write texts as a block.

    Parameters
    ----------
    texts
        In order.

    Returns
    -------
    bytes
        JSON; half of a pair of signs, which a workbook can hold, is an escape there.
    """
    return json.dumps(texts, ensure_ascii=False).encode("utf-8", "backslashreplace")
