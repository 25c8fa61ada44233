"""What an officer should know about names that were placed: by likeness alone, or by a code only."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.messages import Value
from ingest.model import CellValue, KnownName, Resolution, ValidatedTable, Warn
from ingest.names import name_key
from ingest.repeats import WARNINGS_SHOWN


def near_warnings(
    table: ValidatedTable,
    resolutions: Sequence[tuple[Resolution, Resolution]],
    known: Sequence[KnownName],
) -> tuple[Warn, ...]:
    """Say which names were placed by their likeness alone.

    Parameters
    ----------
    table
        A checked table.
    resolutions
        Supplier and item of each good row.
    known
        Known firms and items.

    Returns
    -------
    tuple of Warn
        One or none.
    """
    placed = {
        (str(table.values[field][record]), found.key)
        for record, pair in zip(table.good, resolutions, strict=True)
        for field, found in zip(("supplier", "item"), pair, strict=True)
        if found.how == "near"
    }
    if not placed:
        return ()
    names = {name.key: name.names[0] for name in known}
    told = [f"{name} → {names[key or '']}" for name, key in sorted(placed)[:WARNINGS_SHOWN]]
    return (Warn("near-names", {"n": len(placed), "names": "、".join(told)}),)


def code_warnings(
    table: ValidatedTable,
    resolutions: Sequence[tuple[Resolution, Resolution]],
    suppliers: Sequence[KnownName],
) -> tuple[Warn, ...]:
    """Warn where a credit code led to a firm of another name.

    Parameters
    ----------
    table
        A checked table.
    resolutions
        Supplier and item of each good row.
    suppliers
        Known firms.

    Returns
    -------
    tuple of Warn
        The first 20.
    """
    codes: list[CellValue] | None = table.values.get("uscc")
    if not codes:
        return ()
    known = {supplier.key: supplier for supplier in suppliers if supplier.uscc}
    warnings = []
    for record, (supplier, _) in zip(table.good, resolutions, strict=True):
        match = known.get(supplier.key or "")
        name = str(table.values["supplier"][record])
        if match and match.uscc == codes[record] and name_key(name) not in map(name_key, match.names):
            params: dict[str, Value] = {
                "row": table.staged.raw.rows[record],
                "known": match.names[0],
                "supplier": name,
            }
            warnings.append(Warn("code-name", params))
        if len(warnings) == WARNINGS_SHOWN:
            break
    return tuple(warnings)
