"""Columns of text kept as codes: each different text once and four bytes a cell.

A list repeats itself (items, places, units), so what is worked out for a text once holds for every cell that
has it, and a million rows fit into memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeVar, overload

from ingest.parsing import STRAY, drop_zero_width
from ingest.texts import Texts, shelf_for

# A longer text is bad in every column of ours and shown cut; kept whole, a few cells could fill the memory.
TEXT_KEPT: Final = 4000
# Beyond this many different texts a column shares further ones only when it has repeated itself.
SHARED_TEXTS: Final = 1 << 16
CODE_TYPE: Final = "I"
READ_AT_ONCE: Final = 1 << 15
Value = TypeVar("Value")


def is_blank(text: str | None) -> bool:
    """Tell whether a cell shows nothing.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    bool
        True for None, blanks and zero-width characters.
    """
    if not text:
        return True
    return not text[0].isalnum() and not drop_zero_width(text).strip(STRAY)


def read_codes(of_code: Sequence[Value], codes: Sequence[int]) -> list[Value]:
    """Read what some codes stand for, in the order in which it lies.

    Parameters
    ----------
    of_code
        Values by code.
    codes
        Which of them.

    Returns
    -------
    list
        One a code.
    """
    if isinstance(of_code, Texts):
        return of_code.take(codes)  # type: ignore[return-value]
    return [of_code[code] for code in codes]


def _read_all(of_code: Sequence[Value], codes: Sequence[int]) -> Iterator[Value]:
    values: Sequence[Value] = of_code
    if not isinstance(of_code, Texts):
        return map(values.__getitem__, codes)
    if not of_code.blocks:
        return map([*values].__getitem__, codes)
    parts = (codes[start : start + READ_AT_ONCE] for start in range(0, len(codes), READ_AT_ONCE))
    return chain.from_iterable(read_codes(values, part) for part in parts)


class CodedColumn(Sequence["str | None"]):
    """The cells of one column, read like a list.

    Parameters
    ----------
    texts
        Texts by code; the first is None. A text may stand under several codes.
    codes
        One code a cell.
    """

    __slots__ = ("codes", "texts")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, texts: Sequence[str | None], codes: array[int]) -> None:
        self.texts, self.codes = texts, codes

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, index: int) -> str | None: ...

    @overload
    def __getitem__(self, index: slice) -> list[str | None]: ...

    def __getitem__(self, index: int | slice) -> str | list[str | None] | None:
        if isinstance(index, slice):
            return read_codes(self.texts, self.codes[index])
        return self.texts[self.codes[index]]

    def __iter__(self) -> Iterator[str | None]:
        return _read_all(self.texts, self.codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def take(self, indices: Sequence[int]) -> list[str | None]:
        """Read some cells, in the order in which their texts lie.

        Parameters
        ----------
        indices
            Of the cells.

        Returns
        -------
        list
            One a cell, as asked.
        """
        return read_codes(self.texts, [self.codes[index] for index in indices])

    def find(self, wanted: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Find the cells that have one of some codes.

        Parameters
        ----------
        wanted
            Codes.

        Yields
        ------
        tuple[int, int]
            Index of the cell and its code.
        """
        codes = frozenset(wanted)
        # Most columns have no such cell, and the set can tell at the speed of C.
        if codes and not codes.isdisjoint(self.codes):
            yield from ((index, code) for index, code in enumerate(self.codes) if code in codes)


class CodedValues(Sequence[Value]):
    """The typed values of one column, read like a list: what was worked out for each code, once.

    Parameters
    ----------
    of_code
        Values by code.
    codes
        One code a cell; may be those of a `CodedColumn`.

    Notes
    -----
    `keyed` keeps what `ingest.numbering.key_facts` found for the names of a column.
    """

    __slots__ = ("codes", "keyed", "of_code")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, of_code: Sequence[Value], codes: array[int]) -> None:
        self.of_code, self.codes = of_code, codes
        self.keyed: Any = None

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, index: int) -> Value: ...

    @overload
    def __getitem__(self, index: slice) -> list[Value]: ...

    def __getitem__(self, index: int | slice) -> Value | list[Value]:
        if isinstance(index, slice):
            return read_codes(self.of_code, self.codes[index])
        return self.of_code[self.codes[index]]

    def __iter__(self) -> Iterator[Value]:
        return _read_all(self.of_code, self.codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)


class Coder(dict["str | None", int]):
    """Gives each text of a growing column its code.

    Parameters
    ----------
    columns
        How many columns grow beside each other.
    """

    def __init__(self, columns: int = 1) -> None:
        super().__init__({None: 0, "": 0})
        self.texts = Texts([None], shelf=shelf_for(columns))
        self.used = 1
        self.codes: array[int] = array(CODE_TYPE)
        self.blanks = {0}
        self.cut: set[int] = set()
        self.room = min(SHARED_TEXTS, self.texts.shelf.kept)

    def __missing__(self, text: str) -> int:
        code = self.used
        self.used += 1
        if len(self) >= self.room and len(self.codes) > 4 * self.room:
            self.room *= 2
        if len(self) < self.room:
            self[text] = code
        if len(text) > TEXT_KEPT:
            self.cut.add(code)
            text = text[:TEXT_KEPT]
        if is_blank(text):
            self.blanks.add(code)
        self.texts.append(text)
        return code

    def extend(self, cells: Iterable[str | None]) -> array[int]:
        """Add cells.

        Parameters
        ----------
        cells
            Texts.

        Returns
        -------
        array[int]
            Their codes.
        """
        codes = array(CODE_TYPE, map(self.__getitem__, cells))
        self.codes.extend(codes)
        return codes

    def column(self) -> CodedColumn:
        """Return what was added.

        Returns
        -------
        CodedColumn
            The column; it shares its memory with this coder.
        """
        return CodedColumn(self.texts, self.codes)


def encode(cells: Sequence[str | None]) -> CodedColumn:
    """Keep any column as codes.

    Parameters
    ----------
    cells
        Texts; a coded column is returned as it is.

    Returns
    -------
    CodedColumn
        The same cells.
    """
    if isinstance(cells, CodedColumn):
        return cells
    coder = Coder()
    coder.room = len(cells) + 2
    texts = Texts([None])
    for text in cells:
        if text is not None and text not in coder:
            coder[text] = len(texts)
            texts.append(text)
    coder.texts = texts
    coder.extend(cells)
    return coder.column()
