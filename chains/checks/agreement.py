"""Rows of one key must say the same, in one folder and across all that are loaded."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from chains.checks.places import error
from chains.errors import Problem
from chains.model import ChainFolder, Item, Link, Purchase, Source, Supplier, Supply
from chains.union import (
    disagreeing_fields,
    item_key,
    link_key,
    purchase_key,
    source_key,
    supplier_key,
    supply_key,
)

Row = TypeVar("Row", Item, Link, Supplier, Supply, Purchase, Source)


def check_agreement(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find rows of one key that disagree in a column the model reads.

    Parameters
    ----------
    folders
        All folders that are scored together.

    Returns
    -------
    list of Problem
        One error per row that differs from the first row of its key, naming both. Descriptions and
        sources may differ.
    """
    return [
        *_compare(item_key, (row for folder in folders for row in folder.items)),
        *_compare(link_key, (row for folder in folders for row in folder.links)),
        *_compare(supplier_key, (row for folder in folders for row in folder.suppliers)),
        *_compare(supply_key, (row for folder in folders for row in folder.supplies)),
        *_compare(purchase_key, (row for folder in folders for row in folder.purchases)),
        *_compare(source_key, (row for folder in folders for row in folder.sources)),
    ]


def _compare(key_of: Callable[[Row], Hashable], rows: Iterable[Row]) -> list[Problem]:
    problems = []
    first_of: dict[Hashable, Row] = {}
    for row in rows:
        first = first_of.setdefault(key_of(row), row)
        if first != row:
            key, fields = _describe(key_of(row)), _name_fields(first, row)
            message = f"{key} disagrees with an earlier row on {fields}; correct one"
            zh = f"{key} 与前面的行不一致:{fields};请改正其中一行"
            problems.append(error("rows-disagree", message, (row, first), zh=zh))
    return problems


def _describe(key: Hashable) -> str:
    return " ".join(str(part) for part in key if part) if isinstance(key, tuple) else str(key)


def _name_fields(first: Row, second: Row) -> str:
    return ", ".join(
        f"{name} ({getattr(second, name)} / {getattr(first, name)})"
        for name in disagreeing_fields(first, second)
    )
