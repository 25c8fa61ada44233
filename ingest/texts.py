"""Many texts in little memory: the first ones as they are, later ones as blocks of lines.

A text as an object of its own would take eight times its bytes. A block is read whole where a column is
looked at from the front, and a single line of it wherever somebody looks at random.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice
from math import isnan, nan
from operator import lt
from typing import Final, overload

KEPT_AS_TEXT: Final = 1 << 16
BLOCK: Final = 1024
BLOCKS_IN_HAND: Final = 64
# So many columns may keep and read that much each; the more there are, the less each of them does.
COLUMNS_WITHOUT_HASTE: Final = 16
FEWEST_KEPT: Final = 256
LINE: Final = "\n"
NO_TEXT: Final = "\0"
"""Stands for None in a block of lines, which starts with a line's end; any other block is JSON."""
WORTH_A_BLOCK: Final = 32
"""So many texts of a block are read faster with all the others than one by one."""


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
        Blocks of JSON that stay objects for a while after they were read.
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
        self.starts: dict[int, array[int]] = {}
        self.keep_block = lru_cache(maxsize=self.shelf.in_hand)(self._read_block)

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
        return self.last[place] if block == len(self.blocks) else self._read_one(block, place)

    def _read_one(self, block: int, place: int) -> str | None:
        lines = self.blocks[block]
        if not is_lines(lines):
            return self.keep_block(block)[place]
        starts = self.starts.get(block)
        if starts is None:
            starts = array("I", accumulate(len(line) + 1 for line in lines.split(b"\n")))
            self.starts[block] = starts
        text = lines[starts[place] : starts[place + 1] - 1].decode("utf-8", "surrogatepass")
        return None if text == NO_TEXT else text

    def _read_block(self, block: int) -> list[str | None]:
        return load_texts(self.blocks[block])

    def take(self, places: Sequence[int]) -> list[str | None]:
        """Read some texts, each block that many of them lie in once.

        Parameters
        ----------
        places
            0 or more, in any order.

        Returns
        -------
        list
            One a place, as asked.
        """
        is_ascending = all(map(lt, places, islice(places, 1, None)))
        wanted = places if is_ascending else sorted(set(places))
        span = wanted[-1] - wanted[0] if wanted else 0
        if len(wanted) * self.shelf.block < WORTH_A_BLOCK * span:
            texts = [self[place] for place in wanted]
        else:
            texts = list(self._ascending(wanted))
        if is_ascending:
            return texts
        found = dict(zip(wanted, texts, strict=True))
        return [found[place] for place in places]

    def _ascending(self, places: Sequence[int]) -> Iterator[str | None]:
        start, texts = 0, self.first
        for place in places:
            if place - start >= len(texts):
                block = (place - len(self.first)) // self.shelf.block
                start = len(self.first) + block * self.shelf.block
                texts = self.last if block == len(self.blocks) else self._read_block(block)
            yield texts[place - start]

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


def is_lines(block: bytes) -> bool:
    """Tell a block of lines from one of JSON.

    Parameters
    ----------
    block
        From `dump_texts`.

    Returns
    -------
    bool
        True when each text is a line.
    """
    return block.startswith(b"\n")


def dump_texts(texts: Sequence[str | None]) -> bytes:
    r"""Write texts as a block.

    Parameters
    ----------
    texts
        In order.

    Returns
    -------
    bytes
        Lines, or JSON where a text has several of them; half of a pair of signs, which a workbook can hold,
        is an escape there.

    Examples
    --------
    >>> dump_texts(["a", None]), dump_texts(["a\nb"])
    (b'\na\n\x00', b'["a\\nb"]')
    """
    lines = LINE.join(["", *(NO_TEXT if text is None else text for text in texts)])
    if 0 < lines.count(LINE) == len(texts) and lines.count(NO_TEXT) == sum(text is None for text in texts):
        return lines.encode("utf-8", "surrogatepass")
    return json.dumps(texts, ensure_ascii=False).encode("utf-8", "backslashreplace")


def load_texts(block: bytes) -> list[str | None]:
    """Read a block.

    Parameters
    ----------
    block
        From `dump_texts`.

    Returns
    -------
    list
        Its texts.
    """
    if not is_lines(block):
        texts: list[str | None] = json.loads(block)
        return texts
    lines = block.decode("utf-8", "surrogatepass").split(LINE)
    del lines[0]
    if b"\0" in block:
        return [None if line == NO_TEXT else line for line in lines]
    return [*lines]
