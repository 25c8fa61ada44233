"""Data versions: short digests of the facts, the same for the same facts in any order."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from chains.union import item_key, link_key, purchase_key, source_key, supplier_key, supply_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chains.model import ChainFolder, ChainRecords

DIGITS = 16
# Columns that older folders do not have: blank they leave the digest as it was.
LATER_FIELDS = frozenset({"tier", "priority", "unit_weight"})


def data_version(records: ChainRecords) -> str:
    """Digest of all facts that a chain's scores rest on.

    Parameters
    ----------
    records
        Joined and restricted facts.

    Returns
    -------
    str
        Sixteen hexadecimal digits; changes when any compared field of any fact upstream does.
    """
    facts = [records.items, records.links, records.suppliers, records.supplies, records.purchases]
    own = [records.chain.chain_id, list(records.end_weights), *map(list, records.also_made)]
    # As `LATER_FIELDS`: what a chain says of home's use moves its scores seen from home.
    use = records.chain.home_use
    later = [] if use is None else [["home_use", use]]
    return _digest([*own, *(_compared(rows) for rows in facts), *later])


def folder_digest(folder: ChainFolder) -> str:
    """Digest of everything one folder states, texts and sources included.

    Parameters
    ----------
    folder
        As read or as stored; the order of its rows does not matter.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    parts: list[tuple[Iterable[Any], Callable[[Any], Any]]] = [
        (folder.items, item_key),
        (folder.links, link_key),
        (folder.suppliers, supplier_key),
        (folder.supplies, supply_key),
        (folder.purchases, purchase_key),
        (folder.sources, source_key),
    ]
    rows = [[_values(row, compared_only=False) for row in sorted(part, key=key)] for part, key in parts]
    return _digest([_values(folder.chain, compared_only=False), *rows])


def _compared(rows: Iterable[Any]) -> list[list[Any]]:
    return [_values(row, compared_only=True) for row in rows]


def _values(row: Any, *, compared_only: bool) -> list[Any]:  # noqa: ANN401 - any of the model's records
    names = [
        spec.name for spec in fields(row) if spec.compare or (not compared_only and spec.name != "place")
    ]
    values = [getattr(row, name) for name in names if name not in LATER_FIELDS]
    later = [name for name in names if name in LATER_FIELDS and getattr(row, name) is not None]
    return [*values, *([name, getattr(row, name)] for name in later)]


def _digest(value: Any) -> str:  # noqa: ANN401 - nested lists of plain values
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]
