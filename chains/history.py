"""Facts with history: which rows are current, replacing them, and reading them back."""

from __future__ import annotations

import operator
from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table, bindparam, func, insert, select, update

from chains.base import Base
from chains.errors import ChainDataError, Place
from chains.model import Bottleneck, Chain, Item, Link, Purchase, Source, Supplier, Supply
from chains.tables import (
    BottleneckRow,
    ChainLoadRow,
    ChainRow,
    ItemRow,
    LinkRow,
    PurchaseRow,
    SourceRow,
    SupplierRow,
    SupplyRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StoredCounts:
    """What storing changed, in rows of all tables.

    Attributes
    ----------
    kept
        Facts that stand in the database already.
    inserted
        New or changed facts.
    superseded
        Facts that changed or vanished; their rows stay as history.
    """

    kept: int = 0
    inserted: int = 0
    superseded: int = 0

    def __add__(self, other: StoredCounts) -> StoredCounts:
        return StoredCounts(
            self.kept + other.kept, self.inserted + other.inserted, self.superseded + other.superseded
        )

    @property
    def changed(self) -> bool:
        """Whether any fact is new, changed or gone."""
        return self.inserted + self.superseded > 0


class FactKind:
    """How one kind of fact lies in its table: the dataclass's fields are columns, its place is two."""

    def __init__(self, row: type[Base], build: type[Any], key: tuple[str, ...]) -> None:
        table = row.__table__
        if not isinstance(table, Table):
            raise TypeError(f"{row.__name__} is no table")
        self.table = table
        self.build: Callable[..., Any] = build
        self.key = key
        self.names = tuple(field.name for field in fields(build) if field.name != "place")
        self.columns: tuple[ColumnElement[Any], ...] = tuple(table.c[name] for name in self.names)
        self.values_of: Callable[[Any], tuple[Any, ...]] = operator.attrgetter(*self.names)
        self.key_at = tuple(self.names.index(name) for name in key)

    def key_of(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Pick the key out of the values."""
        return tuple(values[at] for at in self.key_at)


CHAIN: Final = FactKind(ChainRow, Chain, ("chain_id",))
BOTTLENECK: Final = FactKind(BottleneckRow, Bottleneck, ("bottleneck_id",))
# The tuples of a ChainFolder, in the order of its fields.
FACTS: Final[dict[str, FactKind]] = {
    "items": FactKind(ItemRow, Item, ("item_id",)),
    "links": FactKind(LinkRow, Link, ("input_item_id", "output_item_id", "relation")),
    "suppliers": FactKind(SupplierRow, Supplier, ("supplier_id",)),
    "supplies": FactKind(SupplyRow, Supply, ("supplier_id", "item_id", "share_scope", "year")),
    "purchases": FactKind(PurchaseRow, Purchase, ("buyer_id", "item_id", "supplier_id")),
    "sources": FactKind(SourceRow, Source, ("source_id",)),
}


def is_current(kind: FactKind) -> ColumnElement[bool]:
    """Condition of the rows that are held today.

    Parameters
    ----------
    kind
        Whose rows.

    Returns
    -------
    ColumnElement
        For a where clause.
    """
    condition: ColumnElement[bool] = kind.table.c.superseded_at.is_(None)
    return condition


def read_current(session: Session, kind: FactKind) -> dict[str, list[Any]]:
    """Read the current facts of one kind by chain, as the chains' folders state them.

    Parameters
    ----------
    session
        A read session.
    kind
        Any but the chains' own and the register's.

    Returns
    -------
    dict
        Chain id to values in the order of their file; uploaded rows are left out.
    """
    # Columns, not ORM entities: four thousand rows in milliseconds.
    table = kind.table
    statement = (
        select(table.c.chain_id, table.c.place_file, table.c.place_row, *kind.columns)
        .where(is_current(kind), table.c.upload_id.is_(None))
        .order_by(func.coalesce(table.c.place_row, 0), table.c.id)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for chain_id, file, row, *values in session.execute(statement):
        found[chain_id].append(kind.build(*values, place=read_place(file, row)))
    return found


def read_uploaded(session: Session, kind: FactKind) -> tuple[Any, ...]:
    """Read the current facts of one kind that came with uploads, of all chains.

    Parameters
    ----------
    session
        A read session.
    kind
        Any but the chains' own and the register's.

    Returns
    -------
    tuple
        The oldest first.
    """
    table = kind.table
    statement = (
        select(table.c.place_file, table.c.place_row, *kind.columns)
        .where(is_current(kind), table.c.upload_id.is_not(None))
        .order_by(table.c.id)
    )
    return tuple(
        kind.build(*values, place=read_place(file, row)) for file, row, *values in session.execute(statement)
    )


def read_place(file: str | None, row: int | None) -> Place | None:
    """Rebuild where a fact stands.

    Parameters
    ----------
    file, row
        As stored.

    Returns
    -------
    Place or None
        None when the fact came from no file.
    """
    return None if file is None else Place(file, row or 0)


def replace_current(
    session: Session, kind: FactKind, facts: Iterable[Any], *, stamp: dict[str, Any]
) -> StoredCounts:
    """Make facts the current ones of a chain (or the register) and supersede the others.

    Parameters
    ----------
    session
        A write session.
    kind
        What the facts are.
    facts
        All that shall be current; uploaded rows are left alone.
    stamp
        Columns of new rows: ``load_id``, ``recorded_at`` and, but for the register, ``chain_id``.

    Returns
    -------
    StoredCounts
        Rows of this kind.

    Raises
    ------
    ChainDataError
        When two facts of one key disagree.
    """
    wanted = _by_key(kind, facts)
    stored = {kind.key_of(tuple(row[3:])): row for row in _stored_rows(session, kind, stamp)}
    same = {key for key, row in stored.items() if key in wanted and wanted[key][0] == tuple(row[3:])}
    gone = [row.id for key, row in stored.items() if key not in same]
    _supersede(session, kind.table, gone, at=stamp["recorded_at"])
    _move(session, kind.table, [(row, wanted[key][1]) for key, row in stored.items() if key in same])
    new = [
        dict(zip(kind.names, values, strict=True)) | stamp | _place_columns(place)
        for key, (values, place) in wanted.items()
        if key not in same
    ]
    if new:
        session.execute(insert(kind.table), new)
    return StoredCounts(kept=len(same), inserted=len(new), superseded=len(gone))


def _place_columns(place: Place | None) -> dict[str, str | int | None]:
    file, row = (None, None) if place is None else (place.file, place.row)
    return {"place_file": file, "place_row": row}


def _by_key(
    kind: FactKind, facts: Iterable[Any]
) -> dict[tuple[Any, ...], tuple[tuple[Any, ...], Place | None]]:
    wanted: dict[tuple[Any, ...], tuple[tuple[Any, ...], Place | None]] = {}
    for fact in facts:
        values = kind.values_of(fact)
        key = kind.key_of(values)
        place: Place | None = getattr(fact, "place", None)
        earlier, earlier_place = wanted.setdefault(key, (values, place))
        if earlier != values:
            label = ", ".join(map(str, key))
            places = [at.say("zh") for at in (earlier_place, place) if at is not None]
            raise ChainDataError(
                f"{earlier_place} and {place}: two rows of {kind.table.name} {label} disagree; correct one",
                zh=f"{' 与 '.join(places)}:{kind.table.name} {label} 的两行不一致;请改正其中一行",
            )
    return wanted


def _stored_rows(session: Session, kind: FactKind, stamp: dict[str, Any]) -> Sequence[Row[Any]]:
    table = kind.table
    statement = select(table.c.id, table.c.place_file, table.c.place_row, *kind.columns).where(
        is_current(kind)
    )
    if "upload_id" in table.c:
        statement = statement.where(table.c.chain_id == stamp["chain_id"], table.c.upload_id.is_(None))
    return session.execute(statement).all()


def _supersede(session: Session, table: Table, ids: Sequence[int], *, at: datetime) -> None:
    if ids:
        statement = update(table).where(table.c.id == bindparam("row_id")).values(superseded_at=at)
        session.connection().execute(statement, [{"row_id": row_id} for row_id in ids])


def _move(session: Session, table: Table, rows: Iterable[tuple[Row[Any], Place | None]]) -> None:
    places = [(row, _place_columns(place)) for row, place in rows]
    moved = [
        {"row_id": row.id, "file": place["place_file"], "line": place["place_row"]}
        for row, place in places
        if (row.place_file, row.place_row) != (place["place_file"], place["place_row"])
    ]
    if moved:
        statement = (
            update(table)
            .where(table.c.id == bindparam("row_id"))
            .values(place_file=bindparam("file"), place_row=bindparam("line"))
        )
        session.connection().execute(statement, moved)


def restore_load(session: Session, chain_id: str, *, without: Collection[datetime], at: datetime) -> bool:
    """Make the facts of a chain's latest load current again that is not to be left out.

    Parameters
    ----------
    session
        A write session.
    chain_id
        Which chain.
    without
        Moments of the loads that are left out.
    at
        Now, aware.

    Returns
    -------
    bool
        False when no load is left: then the chain has no current facts of a folder any more.
    """
    loads = session.execute(
        select(ChainLoadRow).where(ChainLoadRow.chain_id == chain_id).order_by(ChainLoadRow.id.desc())
    ).scalars()
    load = next((each for each in loads if each.loaded_at not in without), None)
    kinds = (CHAIN, *FACTS.values())
    if load is None:
        for kind in kinds:
            own = (is_current(kind), kind.table.c.chain_id == chain_id, kind.table.c.upload_id.is_(None))
            session.execute(update(kind.table).where(*own).values(superseded_at=at))
        return False
    held = {kind.table.name: _held_at(session, kind, chain_id, load.loaded_at) for kind in kinds}
    again = ChainLoadRow(chain_id=chain_id, digest=load.digest, origin=load.origin, loaded_at=at)
    session.add(again)
    session.flush()
    stamp = {"chain_id": chain_id, "load_id": again.id, "recorded_at": at}
    for kind in kinds:
        replace_current(session, kind, held[kind.table.name], stamp=stamp)
    return True


def _held_at(session: Session, kind: FactKind, chain_id: str, moment: datetime) -> list[Any]:
    """Facts of a chain's folder as they were held at a moment, just after what was written then."""
    table = kind.table
    still = table.c.superseded_at.is_(None) | (table.c.superseded_at > moment)
    own = (table.c.chain_id == chain_id, table.c.upload_id.is_(None), table.c.recorded_at <= moment)
    statement = (
        select(table.c.place_file, table.c.place_row, *kind.columns)
        .where(*own, still)
        .order_by(func.coalesce(table.c.place_row, 0), table.c.id)
    )
    rows = session.execute(statement)
    if "place" not in kind.build.__dataclass_fields__:  # type: ignore[attr-defined]
        return [kind.build(*values) for _, _, *values in rows]
    return [kind.build(*values, place=read_place(file, row)) for file, row, *values in rows]
