"""Rows that repeat or contradict each other (rule 8), and sums over rows (rule 3)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ingest.messages import Value
from ingest.model import VALUE_SHOWN, CellValue, RowIssue, ValidatedTable, Warn
from ingest.names import name_key

KEY_FIELDS: Final = ("supplier", "item", "buyer")
FIRM_FIELDS: Final = ("supplier", "country", "province", "city")
WARNINGS_SHOWN: Final = 20
SUM_ROUNDING: Final = 1e-9
SPELLINGS_KEPT: Final = 100_000
NUMBER_TYPE: Final = "q"
"""Three numberings of a million rows joined stay below 2 to the 63rd."""


def name_ids(values: Iterable[CellValue]) -> array[int]:
    """Give names numbers; spellings of one name have one.

    Parameters
    ----------
    values
        Names; None for no name.

    Returns
    -------
    array of int
        One a value, 0 for no name.
    """
    numbers: dict[str, int] = {}
    of_value: dict[CellValue, int] = {}
    found = array(NUMBER_TYPE)
    for value in values:
        number = of_value.get(value)
        if number is None:
            key = name_key(value) if isinstance(value, str) else ""
            # A key that is the name itself takes no memory of its own.
            kept = value if isinstance(value, str) and key == value else key
            number = numbers.setdefault(kept, len(numbers) + 1) if isinstance(value, str) else 0
            if len(of_value) < SPELLINGS_KEPT:
                of_value[value] = number
        found.append(number)
    return found


def row_keys(table: ValidatedTable) -> array[int]:
    """Give rows numbers by what makes them one fact: supplier, item and buyer by their name keys.

    Parameters
    ----------
    table
        Parsed values.

    Returns
    -------
    array of int
        One a row; rows of one fact have one number.
    """
    return combine(*(name_ids(table.values[name]) for name in KEY_FIELDS if name in table.values))


def combine(first: Sequence[int], *others: Sequence[int]) -> array[int]:
    """Join several numberings into one.

    Parameters
    ----------
    first, *others
        Numbers of 0 or more, one a row.

    Returns
    -------
    array of int
        Equal where all of them are equal.

    Examples
    --------
    >>> combine([1, 1, 2], [0, 3, 3]).tolist()
    [4, 7, 11]
    """
    joined = array(NUMBER_TYPE, first)
    for other in others:
        size = max(other, default=0) + 1
        joined = array(NUMBER_TYPE, (one * size + two for one, two in zip(joined, other, strict=True)))
    return joined


def find_repeats(
    table: ValidatedTable, records: Sequence[int], keys: Sequence[int]
) -> Iterator[tuple[int, RowIssue]]:
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
    tuple[int, RowIssue]
        Each later row, with the field that differs.
    """
    first_of: dict[int, int] = {}
    firm_of: dict[CellValue, int] = {}
    codes = table.values.get("uscc")
    for record, key in zip(records, keys, strict=True):
        first = first_of.setdefault(key, record)
        if first != record:
            yield record, _compare(table, first, record)
            continue
        code = codes[record] if codes else None
        if code is None:
            continue
        known = firm_of.setdefault(code, record)
        if known != record and (field := _differing_firm(table, known, record)):
            del first_of[key]
            yield record, _issue(table, record, field, "credit-code-conflict", known)


def _compare(table: ValidatedTable, first: int, record: int) -> RowIssue:
    for name, column in table.values.items():
        if name not in KEY_FIELDS and column[first] != column[record]:
            return _issue(table, record, name, "conflict", first)
    return _issue(table, record, "supplier", "duplicate", first)


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


def _issue(table: ValidatedTable, record: int, name: str, code: str, first: int) -> RowIssue:
    raw, columns = table.staged.raw, table.staged.field_columns
    text = raw.columns[columns[name][0]][record] if name in columns else str(table.values[name][record] or "")
    return RowIssue(raw.rows[record], name, (text or "")[:VALUE_SHOWN], code, {"first": raw.rows[first]})


def find_share_sums(table: ValidatedTable, items: Sequence[int]) -> list[Warn]:
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
    buyers = table.values.get("buyer")
    bought = name_ids(buyers[record] for record in table.good) if buyers else [0] * len(table.good)
    first_of: dict[int, int] = {}
    sums: dict[int, float] = {}
    for record, key in zip(table.good, combine(items, bought), strict=True):
        share = shares[record]
        if isinstance(share, float):
            first_of.setdefault(key, record)
            sums[key] = sums.get(key, 0.0) + share
    over = [key for key, total in sums.items() if total > 1 + SUM_ROUNDING][:WARNINGS_SHOWN]
    values = table.values["item"]
    return [
        _sum_warning(values[first_of[key]], buyers[first_of[key]] if buyers else None, sums[key])
        for key in over
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
