"""Taking uploaded facts out that name firms which are about to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, update

from chains.tables import PurchaseRow, SupplierRow, SupplyRow

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

_FIRM_COLUMNS: Final = (
    (PurchaseRow, ("buyer_id", "supplier_id")),
    (SupplyRow, ("supplier_id",)),
    (SupplierRow, ("supplier_id", "parent")),
)


def withdraw_uploaded(session: Session, firms: Collection[str], *, at: datetime) -> int:
    """Supersede every current uploaded fact of any chain that names one of these firms.

    Parameters
    ----------
    session
        A write session; nothing is committed here.
    firms
        Supplier ids. A few thousand at most, as they travel in one statement.
    at
        When, aware.

    Returns
    -------
    int
        Rows superseded; facts of chain folders are left alone.
    """
    gone = 0
    for row, columns in _FIRM_COLUMNS:
        table: Table = row.__table__  # type: ignore[assignment]
        named = or_(*(table.c[column].in_(sorted(firms)) for column in columns))
        current = table.c.superseded_at.is_(None) & table.c.upload_id.is_not(None) & named
        gone += session.connection().execute(update(table).where(current).values(superseded_at=at)).rowcount
    return gone
