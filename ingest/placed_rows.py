"""Good rows of a list with the ids that their names lead to, as columns: a row is made when looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, TypeAlias, TypeVar, overload

import numpy as np

from ingest.model import CellValue
from ingest.numbering import Codes, Flags, Integers, NameKeys, Numbers, number_keys, packed

Value = TypeVar("Value")
Cells: TypeAlias = Mapping[str, CellValue]
Extra: TypeAlias = Mapping[str, str | None]
ReadRow: TypeAlias = Callable[[int], tuple[Cells, Extra]]
ABSENT: Final = np.iinfo(np.int64).max
"""The first row of a name that no row has."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A good row of a list on its way to a fact.

    Attributes
    ----------
    row
        1-based line or sheet row of the file.
    cells
        Field name to typed value; absent cells are left out.
    extra
        Unknown columns by header, as text.
    supplier_id, item_id, buyer_id
        What the names stand for; None when that is not decided, and for a buyer also when the row has none.
    """

    row: int
    cells: Cells
    extra: Extra
    supplier_id: str | None = None
    item_id: str | None = None
    buyer_id: str | None = None

    def text(self, field: str) -> str | None:
        """Text of a field; None when absent."""
        value = self.cells.get(field)
        return None if value is None else str(value)

    def number(self, field: str) -> float | None:
        """Return the number in a field; None when absent."""
        value = self.cells.get(field)
        return value if isinstance(value, float) else None


class Made(Sequence[Value]):
    """Values that are made anew whenever they are looked at.

    Parameters
    ----------
    length
        How many.
    make
        From a place, 0 or more, to the value.

    Examples
    --------
    >>> squares = Made(3, lambda at: at * at)
    >>> list(squares), squares == (0, 1, 4)
    ([0, 1, 4], True)
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, length: int, make: Callable[[int], Value]) -> None:
        self.length, self.make = length, make

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> Value: ...

    @overload
    def __getitem__(self, index: slice) -> list[Value]: ...

    def __getitem__(self, index: int | slice) -> Value | list[Value]:
        if isinstance(index, slice):
            return [self.make(at) for at in range(*index.indices(self.length))]
        return self.make(range(self.length)[index])

    def __iter__(self) -> Iterator[Value]:
        return map(self.make, range(self.length))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return False
        return all(one == each for one, each in zip(self, other, strict=True))


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """One of the names of each row, and what it stands for.

    Attributes
    ----------
    names, keys, ids
        By code: as in the list, its `name_key`, and the id, None when that is not decided.
    named
        By code whether there is a name.
    codes
        One code a row.
    """

    names: Sequence[str | None]
    keys: Sequence[str | None]
    ids: Sequence[str | None]
    named: Flags
    codes: Codes

    def is_named(self) -> Flags:
        """Tell for each row whether it has a name."""
        return self.named[self.codes]

    def first_rows(self) -> Numbers:
        """Find the first row of each code.

        Returns
        -------
        ndarray of int64, one a code
            `ABSENT` where no row has it.
        """
        first = np.full(len(self.names), ABSENT, np.int64)
        # Of several values for one place the last stays, which here is the first row.
        first[self.codes[::-1]] = np.arange(len(self.codes) - 1, -1, -1)
        return first


def no_names(rows: int) -> NamedColumn:
    """Make a column without any name.

    Parameters
    ----------
    rows
        How many rows.

    Returns
    -------
    NamedColumn
        All blank.
    """
    return NamedColumn((None,), (None,), (None,), np.zeros(1, np.bool_), np.zeros(rows, np.uint32))


class PlacedRows(Sequence[ListRow]):
    """Good rows of a list, read like a tuple of `ListRow`.

    Parameters
    ----------
    numbers
        1-based line or sheet row of each.
    names
        Suppliers, items and buyers with their ids.
    read
        From a place in the list to its cells and its unknown columns.
    places
        Place of each row for `read`.
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        numbers: Integers,
        names: tuple[NamedColumn, NamedColumn, NamedColumn],
        read: ReadRow,
        places: Integers,
    ) -> None:
        self.numbers, self.names, self.read, self.places = numbers, names, read, places
        self.supplier, self.item, self.buyer = names

    @classmethod
    def of(cls, rows: Sequence[ListRow]) -> PlacedRows:
        """Lay rows out as columns.

        Parameters
        ----------
        rows
            Rows; columns are returned as they are.

        Returns
        -------
        PlacedRows
            The same rows.
        """
        if isinstance(rows, cls):
            return rows
        at = np.arange(len(rows), dtype=np.uint32)

        def column(field: str, ids: list[str | None]) -> NamedColumn:
            names = [row.text(field) for row in rows]
            named = np.array([name is not None for name in names], np.bool_)
            return NamedColumn(names, NameKeys(names), ids, named, at)

        names = (
            column("supplier", [row.supplier_id for row in rows]),
            column("item", [row.item_id for row in rows]),
            column("buyer", [row.buyer_id for row in rows]),
        )
        numbers = np.array([row.row for row in rows], np.int64)
        return cls(numbers, names, lambda place: (rows[place].cells, rows[place].extra), at)

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> ListRow: ...

    @overload
    def __getitem__(self, index: slice) -> list[ListRow]: ...

    def __getitem__(self, index: int | slice) -> ListRow | list[ListRow]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        ids = (column.ids[column.codes[index]] for column in self.names)
        return ListRow(int(self.numbers[index]), *self.read(int(self.places[index])), *ids)

    def __iter__(self) -> Iterator[ListRow]:
        ids = [map(column.ids.__getitem__, packed(column.codes)) for column in self.names]
        numbers, places = packed(self.numbers), packed(self.places)
        for row, place, supplier_id, item_id, buyer_id in zip(numbers, places, *ids, strict=True):
            yield ListRow(row, *self.read(place), supplier_id, item_id, buyer_id)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return False
        return all(one == each for one, each in zip(self, other, strict=True))

    def subset(self, kept: Integers) -> PlacedRows:
        """Keep some of the rows.

        Parameters
        ----------
        kept
            Their places here, ascending.

        Returns
        -------
        PlacedRows
            The others are gone.
        """
        supplier, item, buyer = (replace(column, codes=column.codes[kept]) for column in self.names)
        return PlacedRows(self.numbers[kept], (supplier, item, buyer), self.read, self.places[kept])

    def with_firms(self, supplier_ids: Sequence[str | None], buyer_ids: Sequence[str | None]) -> PlacedRows:
        """Give suppliers and buyers other ids.

        Parameters
        ----------
        supplier_ids, buyer_ids
            By code of the two columns.

        Returns
        -------
        PlacedRows
            The same rows.
        """
        names = (replace(self.supplier, ids=supplier_ids), self.item, replace(self.buyer, ids=buyer_ids))
        return PlacedRows(self.numbers, names, self.read, self.places)

    def number_ids(self) -> tuple[Numbers, Numbers, Numbers]:
        """Give ids numbers.

        Returns
        -------
        tuple of ndarray
            For each row of its supplier, item and buyer; 0 for none. Equal ids have one number, suppliers
            and buyers by the same count.
        """
        firms = number_keys(list(chain(self.supplier.ids, self.buyer.ids)))
        items = number_keys(self.item.ids)
        suppliers = len(self.supplier.ids)
        return (
            firms[:suppliers][self.supplier.codes],
            items[self.item.codes],
            firms[suppliers:][self.buyer.codes],
        )
