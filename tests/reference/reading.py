"""Chain folders read with nothing but the csv module; a row that cannot be read is an error."""

from __future__ import annotations

import csv
import types
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from chains.model import Chain, ChainFolder, Item, Link, Purchase, Supplier, Supply

if TYPE_CHECKING:
    from pathlib import Path


def read_plain(folder: Path) -> ChainFolder:
    """Read a chain folder; its name is the chain's id, chain.toml is not looked at."""
    return ChainFolder(
        chain=Chain(folder.name, folder.name, folder.name),
        items=read_rows(folder / "items.csv", Item),
        links=read_rows(folder / "links.csv", Link),
        suppliers=read_rows(folder / "suppliers.csv", Supplier),
        supplies=read_rows(folder / "supplies.csv", Supply),
        purchases=read_rows(folder / "purchases.csv", Purchase),
    )


def read_rows(path: Path, row_type: type[Any]) -> tuple[Any, ...]:
    """Read one table into values of one type; columns that it does not know are left out."""
    if not path.exists():
        return ()
    hints = get_type_hints(row_type)
    known = {field.name: hints[field.name] for field in fields(row_type) if field.name != "place"}
    empty: dict[str, object] = {"name_zh": None} if row_type is Supplier else {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(row_type(**empty | read_cells(row, known)) for row in csv.DictReader(lines))


def read_cells(row: dict[str, str], known: dict[str, Any]) -> dict[str, object]:
    """Read the cells of one row that are filled and known."""
    return {name: read_cell(cell, known[name]) for name, cell in row.items() if name in known and cell}


def read_cell(cell: str, hint: Any) -> object:
    """Read one cell as the type of its field; a union is an optional value."""
    optional = isinstance(hint, types.UnionType)
    wanted = next(part for part in get_args(hint) if part is not type(None)) if optional else hint
    if wanted is bool:
        return {"true": True, "false": False}[cell]
    if issubclass(wanted, StrEnum):
        return wanted(cell)
    return wanted(cell)
