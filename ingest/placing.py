"""Resolves the names of a whole list: each different name once, rows as numbers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias, cast, overload

import numpy as np

from ingest.coded import CODE_TYPE, CodedValues, encode
from ingest.hs_codes import hs_column, read_hs_code
from ingest.many_names import ManyNames
from ingest.model import CellValue, Resolution, ValidatedTable
from ingest.numbering import (
    Codes,
    NameKeys,
    Numbers,
    combine,
    different,
    key_facts,
    number_keys,
    packed,
    view,
)
from ingest.resolution import UNKNOWN, NameIndex
from ingest.texts import Texts

Pair: TypeAlias = tuple[Resolution, Resolution]


@dataclass(frozen=True)
class Side:
    """What the suppliers, or the items, of the good rows stand for.

    Attributes
    ----------
    names
        Each different name as in the list; of one name with two credit codes or countries there are two.
    keys
        Its `name_key`.
    found
        What it stands for.
    rows
        For each good row, which of them it names.
    of_key
        A number of each key: equal keys have one.
    """

    names: Sequence[str]
    keys: Sequence[str]
    found: Sequence[Resolution]
    rows: array[int]
    of_key: Numbers

    @cached_property
    def counts(self) -> Numbers:
        """How many good rows have each name."""
        return np.bincount(view(self.rows), minlength=len(self.names))

    def keep(self, kept: Numbers) -> Side:
        """Keep some of the good rows.

        Parameters
        ----------
        kept
            Their places, ascending.

        Returns
        -------
        Side
            Names that no row has any more are gone.
        """
        left = view(self.rows)[kept].astype(np.int64)
        first, rows = different(left)
        used = left[first].tolist()
        keys = cast("NameKeys", self.keys).take(left[first])
        found = [self.found[at] for at in used]
        names, texts = cast("Sequence[str]", keys.names), cast("Sequence[str]", keys)
        return Side(names, texts, found, packed(rows), self.of_key[used])

    def certain_ids(self) -> Numbers:
        """Return numbers of what is named: by known id, else by name.

        Returns
        -------
        ndarray of int64, one a good row
            Equal for names of one thing. A name that was placed by likeness stands for itself, because a
            person may still say that it is another firm.
        """
        return self.numbers[view(self.rows)]

    @cached_property
    def numbers(self) -> Numbers:
        """A number of what each name stands for, above those of names where it is known for certain."""
        numbers, of_id = self.of_key.astype(np.int64), dict[str, int]()
        above = int(numbers.max(initial=0))
        for at, found in enumerate(self.found):
            if found is not UNKNOWN and (known := certain_id(found)) is not None:
                numbers[at] = above + of_id.setdefault(known, len(of_id) + 1)
        return numbers


def certain_id(resolution: Resolution) -> str | None:
    """Return the id that needs no second look.

    Parameters
    ----------
    resolution
        What a name stands for.

    Returns
    -------
    str | None
        None also for a name that was placed by its likeness.
    """
    return None if resolution.how == "near" else resolution.key


class Placements(Sequence[Pair]):
    """Supplier and item of each good row, read like a list of pairs.

    Parameters
    ----------
    supplier, item
        The two sides.
    buyer
        Whose list each row is of; None for a table without buyers.
    """

    def __init__(self, supplier: Side, item: Side, buyer: Side | None = None) -> None:
        self.supplier, self.item, self.buyer = supplier, item, buyer

    def __len__(self) -> int:
        return len(self.supplier.rows)

    @overload
    def __getitem__(self, index: int) -> Pair: ...

    @overload
    def __getitem__(self, index: slice) -> list[Pair]: ...

    def __getitem__(self, index: int | slice) -> Pair | list[Pair]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        one, other = self.supplier, self.item
        return one.found[one.rows[index]], other.found[other.rows[index]]

    def __iter__(self) -> Iterator[Pair]:
        for one, other in zip(self.supplier.rows, self.item.rows, strict=True):
            yield self.supplier.found[one], self.item.found[other]

    def keep(self, kept: Numbers) -> Placements:
        """Keep some of the good rows.

        Parameters
        ----------
        kept
            Their places, ascending.

        Returns
        -------
        Placements
            The rest.
        """
        buyer = None if self.buyer is None else self.buyer.keep(kept)
        return Placements(self.supplier.keep(kept), self.item.keep(kept), buyer)


NO_SIDE: Final = Side((), (), (), array(CODE_TYPE), np.zeros(0, np.int64))
NO_PLACEMENTS: Final = Placements(NO_SIDE, NO_SIDE)


def place_names(
    table: ValidatedTable, suppliers: NameIndex, items: NameIndex, remembered: Mapping[str, str] | None
) -> Placements:
    """Resolve the names of the good rows, each different one once.

    Parameters
    ----------
    table
        A validated table.
    suppliers, items
        What is known.
    remembered
        Decisions of earlier uploads, see `ingest.many_names.ManyNames`.

    Returns
    -------
    Placements
        Supplier, item and buyer of each good row. Buyers are never placed by their likeness, and what was
        decided about a supplier's name counts for a buyer only where a person says so again.
    """
    good = view(table.good)
    columns = [table.values.get(name) for name in ("supplier", "uscc", "country")]
    codes = _read_hs_codes(table) if items.by_code else None
    return Placements(
        _place(columns, good, ManyNames("supplier", suppliers, remembered).resolve_all),
        _place([table.values["item"], codes], good, ManyNames("item", items, remembered).resolve_items),
        _place([table.values["buyer"]], good, ManyNames("buyer", suppliers, None).suggest_all)
        if "buyer" in table.values
        else None,
    )


def _read_hs_codes(table: ValidatedTable) -> CodedValues[CellValue] | None:
    raw = table.staged.raw
    index = hs_column(raw, table.staged.extras)
    if index is None:
        return None
    cells, codes = encode(raw.columns[index]), Texts()
    codes.extend(map(read_hs_code, cells.texts))
    return CodedValues(cast("Sequence[CellValue]", codes), cells.codes)


def _place(
    columns: Sequence[CodedValues[CellValue] | None],
    good: Codes,
    resolve: Callable[..., list[Resolution]],
) -> Side:
    """Resolve one kind of name: a name alone, or with the codes and country beside it."""
    given = [column for column in columns if column is not None]
    codes = [view(column.codes)[good] for column in given]
    numberings = (
        number_keys(cast("Texts", column.of_code))[at] for column, at in zip(given, codes, strict=True)
    )
    first, rows = different(combine(*numberings))
    beside = [None if column is None else _at(column, good[first]) for column in columns]
    names = cast("Sequence[str]", beside[0])
    facts = key_facts(given[0]).take(codes[0][first])
    keys = cast("Sequence[str]", NameKeys(names, facts))
    of_key = facts.numbers.astype(np.int64)
    return Side(names, keys, resolve(names, keys, *beside[1:]), packed(rows), of_key)


def _at(column: CodedValues[CellValue], records: Codes) -> Sequence[str | None]:
    """Read a column of texts at some records."""
    return CodedValues(cast("Texts", column.of_code), packed(view(column.codes)[records]))
