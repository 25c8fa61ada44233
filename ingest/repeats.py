"""Rows that repeat or contradict each other (rule 8), and sums over rows (rule 3)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Final

from ingest.messages import Value
from ingest.model import VALUE_SHOWN, CellValue, RowIssue, ValidatedTable, Warn
from ingest.names import name_key
from ingest.shares import sum_by_key

KEY_FIELDS: Final = ("supplier", "item", "buyer")
FIRM_FIELDS: Final = ("supplier", "country", "province", "city")
WARNINGS_SHOWN: Final = 20


def row_key(table: ValidatedTable, record: int) -> tuple[str, ...]:
    """Return what makes a row one fact: supplier, item and buyer as name keys.

    Parameters
    ----------
    table
        Parsed values.
    record
        Index of the row.

    Returns
    -------
    tuple[str, ...]
        Keys, empty for no buyer.
    """
    values = table.values
    buyer = name_key(str(values["buyer"][record])) if "buyer" in values and values["buyer"][record] else ""
    return (_key_of(values["supplier"][record]), _key_of(values["item"][record]), buyer)


def _key_of(value: CellValue) -> str:
    return name_key(value) if isinstance(value, str) else ""


def find_repeats(
    table: ValidatedTable, records: Sequence[int], key_of: Callable[[int], Hashable | None]
) -> Iterator[tuple[int, RowIssue]]:
    """Find rows that say again, or otherwise, what an earlier row says.

    Parameters
    ----------
    table
        Parsed values.
    records
        Rows without other issues, ascending; the first of a key counts.
    key_of
        What makes two rows one fact; None for rows that are not compared.

    Yields
    ------
    tuple[int, RowIssue]
        Each later row, with the field that differs.
    """
    first_of: dict[Hashable, int] = {}
    firm_of: dict[CellValue, int] = {}
    codes = table.values.get("uscc")
    for record in records:
        key = key_of(record)
        first = first_of.setdefault(key, record) if key is not None else record
        if first != record:
            yield record, _compare(table, first, record)
            continue
        code = codes[record] if codes else None
        if code is None:
            continue
        known = firm_of.setdefault(code, record)
        if known != record and (field := _differing_firm(table, known, record)):
            if key is not None:
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


def _issue(table: ValidatedTable, record: int, name: str, code: str, first: int) -> RowIssue:
    raw, columns = table.staged.raw, table.staged.field_columns
    text = raw.columns[columns[name][0]][record] if name in columns else str(table.values[name][record] or "")
    return RowIssue(raw.rows[record], name, (text or "")[:VALUE_SHOWN], code, {"first": raw.rows[first]})


def find_share_sums(table: ValidatedTable, records: Sequence[int]) -> list[Warn]:
    """Warn of items whose shares, for one buyer, add up to more than 1; nothing is rescaled.

    Parameters
    ----------
    table
        Parsed values.
    records
        Good rows.

    Returns
    -------
    list[Warn]
        The first 20.
    """
    shares = table.values.get("share")
    if not shares:
        return []
    names: dict[tuple[str, str], tuple[CellValue, CellValue]] = {}
    parts: dict[tuple[str, str], list[float]] = {}
    buyers = table.values.get("buyer") or [None] * len(shares)
    items = table.values["item"]
    for record in records:
        share = shares[record]
        if isinstance(share, float):
            key = (_key_of(items[record]), _key_of(buyers[record]))
            names.setdefault(key, (items[record], buyers[record]))
            parts.setdefault(key, []).append(share)
    return [
        _sum_warning(*names[item, buyer], total) for item, buyer, total in sum_by_key(parts)[:WARNINGS_SHOWN]
    ]


def _sum_warning(item: CellValue, buyer: CellValue, total: float) -> Warn:
    whose = f"({buyer})" if buyer else ""
    return Warn("share-sum", {"item": str(item), "buyer": whose, "total": f"{total * 100:.10g}"})


def find_two_codes(table: ValidatedTable, records: Sequence[int]) -> list[Warn]:
    """Warn of supplier names that stand with two credit codes.

    Parameters
    ----------
    table
        Parsed values.
    records
        Good rows.

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
    for record in records:
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
