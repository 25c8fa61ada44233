"""What uploaded lists say about a node beyond what scores use: capacities, delivery times, other shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from chains.model import Scope
from desk.import_facts import list_conflicts, read_standing
from desk.store import reading
from ingest.tables import ListRowRow, RowState, StepRow, UploadRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ingest.market import ShareConflict
    from settings import Settings

_FIELDS: Final = ("capacity", "unit", "lead_time_days")
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class UploadedDetail:
    """Capacity and delivery time as a list states them; neither moves a score.

    Attributes
    ----------
    upload_id, upload_name, row, at
        Which list, which row, since when it counts.
    supplier_id, item_id, buyer_id
        Who delivers what to whom; no buyer for a market list.
    supplier, buyer
        Names as written.
    capacity, unit
        As written, in the row's own unit.
    lead_time_days
        Calendar days from order to arrival.
    """

    upload_id: int
    upload_name: str
    row: int
    at: datetime
    supplier_id: str
    item_id: str
    buyer_id: str | None
    supplier: str
    buyer: str | None
    capacity: float | None
    unit: str | None
    lead_time_days: float | None


@dataclass(frozen=True)
class UploadedFactsOfNode:
    """What uploaded lists say about a node beyond what scores use.

    Attributes
    ----------
    details
        The latest list first; at most `MOST_ROWS`.
    conflicts
        Uploaded market shares that differ from the folder's row of the same supplier and item.
    labels
        Id of a firm or item in either to its Chinese and English name.
    """

    details: tuple[UploadedDetail, ...] = ()
    conflicts: tuple[ShareConflict, ...] = ()
    labels: Mapping[str, tuple[str | None, str]] = field(default_factory=dict)


def uploads_stamp(settings: Settings) -> str:
    """Name the state of all uploads.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    str
        Equal exactly when no row came to count and no upload was undone in between.
    """
    with reading(settings) as session:
        counted = session.scalar(select(func.max(StepRow.at)))
        undone = session.scalar(select(func.max(UploadRow.undone_at)))
    return f"{counted} {undone}"


def read_uploaded_details(
    settings: Settings, chain_id: str, *, scope: Scope, key: str
) -> UploadedFactsOfNode:
    """Read what uploaded lists say about a supplier or an item.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain, for the shares that differ.
    scope, key
        Which node; places and groups have nothing of their own.

    Returns
    -------
    UploadedFactsOfNode
        Rows that count, of uploads that were not undone.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    """
    if scope not in {Scope.SUPPLIER, Scope.ITEM}:
        return UploadedFactsOfNode()
    is_item = scope is Scope.ITEM
    conflicts = tuple(
        each
        for each in list_conflicts(settings, chain_id)
        if key == (each.item_id if is_item else each.supplier_id)
    )
    details = _read_details(settings, key, is_item=is_item)
    named = {key for each in details for key in (each.item_id, each.buyer_id) if key}
    named |= {key for each in conflicts for key in (each.supplier_id, each.item_id)}
    return UploadedFactsOfNode(details, conflicts, _labels(settings, named) if named else {})


def _labels(settings: Settings, named: Collection[str]) -> dict[str, tuple[str | None, str]]:
    with reading(settings) as session:
        everything = read_standing(session).everything
    labels: dict[str, tuple[str | None, str]] = {
        key: (firm.name_zh, firm.name_en) for key, firm in everything.suppliers.items() if key in named
    }
    items = everything.items.items()
    return labels | {key: (item.name_zh, item.name_en) for key, item in items if key in named}


def _read_details(settings: Settings, key: str, *, is_item: bool) -> tuple[UploadedDetail, ...]:
    row, upload = ListRowRow, UploadRow
    about = (row.item_id == key) if is_item else (row.supplier_id == key) | (row.buyer_id == key)
    statement = (
        select(row, upload.name, upload.committed_at)
        .join(upload, upload.id == row.upload_id)
        .where(about, row.state == RowState.COMMITTED, upload.undone_at.is_(None))
        .order_by(row.upload_id.desc(), row.row)
    )
    found: list[UploadedDetail] = []
    with reading(settings) as session:
        for stored, name, at in session.execute(statement):
            says = any(stored.cells.get(field) is not None for field in _FIELDS)
            if says and at is not None and len(found) < MOST_ROWS:
                found.append(_detail(stored, name, at))
    return tuple(found)


def _detail(stored: ListRowRow, name: str, at: datetime) -> UploadedDetail:
    cells = stored.cells
    return UploadedDetail(
        upload_id=stored.upload_id,
        upload_name=name,
        row=stored.row,
        at=at,
        supplier_id=stored.supplier_id or "",
        item_id=stored.item_id or "",
        buyer_id=stored.buyer_id,
        supplier=cells.get("supplier") or "",
        buyer=cells.get("buyer"),
        capacity=cells.get("capacity"),
        unit=cells.get("unit"),
        lead_time_days=cells.get("lead_time_days"),
    )
