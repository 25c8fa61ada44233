"""Rows that repeat or contradict each other (rule 8), and sums over rows (rule 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ingest.coded import CodedValues
from ingest.messages import Value
from ingest.model import CellValue, ValidatedTable, Warn
from ingest.names import name_key
from ingest.numbering import (
    Flags,
    Integers,
    Numbers,
    combine,
    different,
    key_facts,
    name_numbers,
    number_keys,
    repeated,
    view,
)
from ingest.texts import Floats

KEY_FIELDS: Final = ("supplier", "item", "buyer")
FIRM_FIELDS: Final = ("supplier", "country", "province", "city")
WARNINGS_SHOWN: Final = 20
SUM_ROUNDING: Final = 1e-9


class Repeat(NamedTuple):
    """A row that says again, or otherwise, what an earlier one says.

    Attributes
    ----------
    record, first
        Indices of the row and of the earlier one.
    field, code
        The field that differs, and the reason.
    """

    record: int
    first: int
    field: str
    code: str


def name_ids(values: CodedValues[CellValue]) -> Numbers:
    """Give names numbers; spellings of one name have one.

    Parameters
    ----------
    values
        Names; None for no name.

    Returns
    -------
    ndarray of int64, one a row
        0 for no name.
    """
    return name_numbers(values)[view(values.codes)].astype(np.int64)


def row_keys(table: ValidatedTable, records: Integers) -> Numbers:
    """Give rows numbers by what makes them one fact: supplier, item and buyer by their name keys.

    Parameters
    ----------
    table
        Parsed values.
    records
        Rows without issues; the names of the others are not looked at, here or later.

    Returns
    -------
    ndarray of int64, one a record
        Rows of one fact have one number.
    """
    columns = [table.values[name] for name in KEY_FIELDS if name in table.values]
    codes = [view(column.codes)[records] for column in columns]
    each = (key_facts(column, used).numbers[used] for column, used in zip(columns, codes, strict=True))
    return combine(*each)


def find_repeats(table: ValidatedTable, records: NDArray[np.integer], keys: Numbers) -> Iterator[Repeat]:
    """Find rows that say again, or otherwise, what an earlier row says.

    Parameters
    ----------
    table
        Parsed values.
    records
        Rows without other issues, ascending; the first of a key counts.
    keys
        What makes two rows one fact, one a record.

    Yields
    ------
    Repeat
        Each later row, with the field that differs.
    """
    codes = table.values.get("uscc")
    numbers = records.astype(np.int64)
    # Rows that share neither key nor code with another have nothing to do with any.
    involved = repeated(keys) if codes is None else repeated(keys) | _shares_code(codes, numbers)
    first_of: dict[int, int] = {}
    firm_of: dict[CellValue, int] = {}
    for record, key in zip(numbers[involved].tolist(), keys[involved].tolist(), strict=True):
        first = first_of.setdefault(key, record)
        if first != record:
            yield _compare(table, first, record)
            continue
        code = codes[record] if codes else None
        if code is None:
            continue
        known = firm_of.setdefault(code, record)
        if known != record and (field := _differing_firm(table, known, record)):
            del first_of[key]
            yield Repeat(record, known, field, "credit-code-conflict")


def _shares_code(codes: CodedValues[CellValue], records: Numbers) -> Flags:
    numbers = number_keys(cast("Sequence[str | None]", codes.of_code))
    of_row = numbers[view(codes.codes)][records]
    return (of_row > 0) & repeated(of_row)


def _compare(table: ValidatedTable, first: int, record: int) -> Repeat:
    for name, column in table.values.items():
        one, other = column.codes[first], column.codes[record]
        if one != other and name not in KEY_FIELDS and column.of_code[one] != column.of_code[other]:
            return Repeat(record, first, name, "conflict")
    return Repeat(record, first, "supplier", "duplicate")


def _differing_firm(table: ValidatedTable, first: int, record: int) -> str | None:
    for name in FIRM_FIELDS:
        one, other = _pair(table, name, first, record)
        if one is not None and other is not None and _key_of(one) != _key_of(other):
            return name
    return None


def _pair(table: ValidatedTable, name: str, first: int, record: int) -> tuple[CellValue, CellValue]:
    column = table.values.get(name)
    return (column[first], column[record]) if column else (None, None)


def _key_of(value: CellValue) -> str:
    return name_key(value) if isinstance(value, str) else ""


def find_share_sums(table: ValidatedTable, items: Numbers) -> list[Warn]:
    """Warn of items whose shares, for one buyer, add up to more than 1; nothing is rescaled.

    Parameters
    ----------
    table
        Parsed values with the good rows.
    items
        A number of the item of each good row.

    Returns
    -------
    list[Warn]
        The first 20.
    """
    shares = table.values.get("share")
    if not shares:
        return []
    good, buyers = view(table.good), table.values.get("buyer")
    keys = combine(items, name_ids(buyers)[good]) if buyers else items
    share = np.asarray(cast("Floats", shares.of_code).numbers)[view(shares.codes)[good]]
    is_known = ~np.isnan(share)
    if not is_known.any():
        return []
    first, which = different(keys[is_known])
    sums = np.bincount(which, weights=share[is_known])
    records = good[is_known][first]
    values = table.values["item"]
    return [
        _sum_warning(values[records[at]], buyers[records[at]] if buyers else None, float(sums[at]))
        for at in np.flatnonzero(sums > 1 + SUM_ROUNDING)[:WARNINGS_SHOWN].tolist()
    ]


def _sum_warning(item: CellValue, buyer: CellValue, total: float) -> Warn:
    whose = f"({buyer})" if buyer else ""
    return Warn("share-sum", {"item": str(item), "buyer": whose, "total": f"{total * 100:.10g}"})


def find_two_codes(table: ValidatedTable) -> list[Warn]:
    """Warn of supplier names that stand with two credit codes.

    Parameters
    ----------
    table
        Parsed values with the good rows.

    Returns
    -------
    list[Warn]
        One a supplier, the first 20.
    """
    codes = table.values.get("uscc")
    if not codes:
        return []
    first_of: dict[str, int] = {}
    warned: dict[str, Warn] = {}
    rows, suppliers = table.staged.raw.rows, table.values["supplier"]
    for record in table.good:
        if codes[record] is None:
            continue
        key = _key_of(suppliers[record])
        first = first_of.setdefault(key, record)
        if codes[first] != codes[record] and key not in warned:
            params: dict[str, Value] = {
                "supplier": str(suppliers[record]),
                "first": rows[first],
                "row": rows[record],
            }
            warned[key] = Warn("two-codes", params)
    return list(warned.values())[:WARNINGS_SHOWN]
