"""What an officer should know about names that were placed: by likeness alone, or by a code only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ingest.hs_codes import hs_column
from ingest.messages import Value
from ingest.model import KnownName, ValidatedTable, Warn
from ingest.names import name_key
from ingest.numbering import view
from ingest.placing import Placements
from ingest.repeats import WARNINGS_SHOWN


def near_warnings(resolutions: Placements, known: Sequence[KnownName]) -> tuple[Warn, ...]:
    """Say which names were placed by their likeness alone.

    Parameters
    ----------
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
        (side.names[at], found.key)
        for side in (resolutions.supplier, resolutions.item)
        for at, found in enumerate(side.found)
        if found.how == "near"
    }
    if not placed:
        return ()
    names = {name.key: name.names[0] for name in known}
    told = [f"{name} → {names[key or '']}" for name, key in sorted(placed)[:WARNINGS_SHOWN]]
    return (Warn("near-names", {"n": len(placed), "names": "、".join(told)}),)


def explain_hs_column(table: ValidatedTable, *, is_used: bool) -> tuple[Warn, ...]:
    """Say what a column of HS codes is used for, instead of listing it among those without a meaning.

    Parameters
    ----------
    table
        A checked table.
    is_used
        Whether any known item gives a code.

    Returns
    -------
    tuple of Warn
        The table's warnings.
    """
    staged = table.staged
    index = hs_column(staged.raw, staged.extras)
    if index is None:
        return table.warnings
    column = dict(staged.extras)[index]
    told = Warn("hs-column" if is_used else "hs-column-idle", {"column": column})
    others = "、".join(name for at, name in staged.extras if at != index)
    left = (Warn("unknown-columns", {"names": others}),) if others else ()
    found: list[Warn] = []
    for warning in table.warnings:
        found += (*left, told) if warning.code == "unknown-columns" else (warning,)
    return tuple(found)


def hs_warnings(resolutions: Placements, known: Sequence[KnownName]) -> tuple[Warn, ...]:
    """Say which items were placed by their HS code.

    Parameters
    ----------
    resolutions
        Supplier and item of each good row.
    known
        Known items.

    Returns
    -------
    tuple of Warn
        One or none.
    """
    side = resolutions.item
    pairs = enumerate(side.found)
    placed = sorted({(side.names[at], found.key or "") for at, found in pairs if found.how == "code"})
    if not placed:
        return ()
    names = {name.key: name.names[0] for name in known}
    told = [f"{name} → {names[key]}" for name, key in placed[:WARNINGS_SHOWN]]
    return (Warn("hs-codes", {"n": len(placed), "names": "、".join(told)}),)


def code_warnings(
    table: ValidatedTable,
    resolutions: Placements,
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
    codes = table.values.get("uscc")
    known = {supplier.key: supplier for supplier in suppliers if supplier.uscc}
    if not codes or not known:
        return ()
    side, warnings = resolutions.supplier, []
    concerned = np.array([found.key in known for found in side.found], np.bool_)[view(side.rows)]
    for place in np.flatnonzero(concerned).tolist():
        record, name = table.good[place], side.names[side.rows[place]]
        match = known[side.found[side.rows[place]].key or ""]
        if match.uscc == codes[record] and name_key(name) not in map(name_key, match.names):
            params: dict[str, Value] = {
                "row": table.staged.raw.rows[record],
                "known": match.names[0],
                "supplier": name,
            }
            warnings.append(Warn("code-name", params))
        if len(warnings) == WARNINGS_SHOWN:
            break
    return tuple(warnings)
