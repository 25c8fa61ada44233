"""Tables of what the network is: loads, the facts of each chain with their history, the register.

A fact is never overwritten: when it changes or vanishes, its row gets `superseded_at` and a new
row is inserted. Current rows are those with `superseded_at` null, at most one a key and origin
(folder or upload). Only the place where an unchanged fact stands is updated, since it describes
the newest file.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.sql.schema import SchemaItem

from chains.base import Base, UtcDateTime
from chains.model import FiveBase, Kind, Relation, ShareScope, SupplierKind, Use

_FROM_FOLDER: Final = "superseded_at IS NULL AND upload_id IS NULL"
_FROM_UPLOAD: Final = "superseded_at IS NULL AND upload_id IS NOT NULL"


def enum_text(kind: type[StrEnum], *, name: str) -> Enum:
    """Make a text column type that accepts the values of an enumeration only.

    Parameters
    ----------
    kind
        The enumeration; its values are stored.
    name
        Name of the check constraint, without the table.

    Returns
    -------
    Enum
        The same on both databases.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def fraction(column: str) -> CheckConstraint:
    """Require a column to be between 0 and 1, or unknown.

    Parameters
    ----------
    column
        Its name.

    Returns
    -------
    CheckConstraint
        For the table's arguments.
    """
    return CheckConstraint(f"{column} >= 0 AND {column} <= 1", name=f"{column}_is_fraction")


def not_negative(column: str) -> CheckConstraint:
    """Require a column to be 0 or more, or unknown.

    Parameters
    ----------
    column
        Its name.

    Returns
    -------
    CheckConstraint
        For the table's arguments.
    """
    return CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative")


def positive(column: str) -> CheckConstraint:
    """Require a column to be above 0, or unknown.

    Parameters
    ----------
    column
        Its name.

    Returns
    -------
    CheckConstraint
        For the table's arguments.
    """
    return CheckConstraint(f"{column} > 0", name=f"{column}_positive")


def current_key(table: str, *columns: str) -> tuple[SchemaItem, ...]:
    """Allow one current row a key, apart for folders and uploads, and find current rows fast.

    Parameters
    ----------
    table
        Name of the table.
    *columns
        The key.

    Returns
    -------
    tuple of SchemaItem
        Partial unique indexes, which both databases know.
    """
    return tuple(
        _unique_where(f"uq_{table}_current_{origin}", *columns, where=where)
        for origin, where in (("folder", _FROM_FOLDER), ("upload", _FROM_UPLOAD))
    )


def _unique_where(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class ChainLoadRow(Base):
    """One load of a chain's folder; append-only."""

    __tablename__ = "chain_load"
    __table_args__ = (Index("ix_chain_load_chain_id", "chain_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Fact:
    """Columns of every fact: whose it is, where it was read, and from when to when it was held."""

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[str] = mapped_column(Text)
    upload_id: Mapped[int | None]
    place_file: Mapped[str | None] = mapped_column(Text)
    place_row: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    @classmethod
    def load_id(cls) -> Mapped[int | None]:
        """Point to the load that brought the fact; None for an uploaded one."""
        return mapped_column(ForeignKey("chain_load.id"), index=True)


def _fact(table: str, *key: str, checks: tuple[SchemaItem, ...] = ()) -> tuple[SchemaItem, ...]:
    held = CheckConstraint("superseded_at >= recorded_at", name="superseded_after_recorded")
    return (*current_key(table, "chain_id", *key), held, *checks)


class ChainRow(Fact, Base):
    """A chain's own facts."""

    __tablename__ = "chain"
    __table_args__ = _fact("chain", checks=(fraction("home_use"),))

    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    tier_531: Mapped[str | None] = mapped_column(Text)
    cluster: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    home_use: Mapped[float | None]


class ItemRow(Fact, Base):
    """An item as one chain's folder states it."""

    __tablename__ = "item"
    __table_args__ = _fact(
        "item",
        "item_id",
        checks=(
            not_negative("weight"),
            not_negative("attrition"),
            not_negative("cover_days"),
            not_negative("spare_ratio"),
            fraction("home_use"),
        ),
    )

    item_id: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    kind: Mapped[Kind] = mapped_column(enum_text(Kind, name="kind"))
    five_base: Mapped[FiveBase | None] = mapped_column(enum_text(FiveBase, name="five_base"))
    stage: Mapped[str | None] = mapped_column(Text)
    weight: Mapped[float | None]
    use: Mapped[Use | None] = mapped_column(enum_text(Use, name="use"))
    attrition: Mapped[float | None]
    cover_days: Mapped[float | None]
    spare_ratio: Mapped[float | None]
    suppliers_complete: Mapped[bool | None]
    home_use: Mapped[float | None]
    description: Mapped[str | None] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(Text)


class LinkRow(Fact, Base):
    """A link as one chain's folder states it."""

    __tablename__ = "link"
    __table_args__ = _fact(
        "link",
        "input_item_id",
        "output_item_id",
        "relation",
        # A variant's weight is a market weight of any unit; it is scaled to sum 1 when used.
        checks=(
            CheckConstraint(
                "weight >= 0 AND (weight <= 1 OR relation = 'variant_of')", name="weight_in_range"
            ),
        ),
    )

    input_item_id: Mapped[str] = mapped_column(Text)
    output_item_id: Mapped[str] = mapped_column(Text)
    relation: Mapped[Relation] = mapped_column(enum_text(Relation, name="relation"))
    essential: Mapped[bool | None]
    weight: Mapped[float | None]
    group: Mapped[str | None] = mapped_column(Text)
    tier: Mapped[int | None]
    source_id: Mapped[str | None] = mapped_column(Text)


class SupplierRow(Fact, Base):
    """A supplier as one chain's folder states it."""

    __tablename__ = "supplier"
    __table_args__ = _fact(
        "supplier", "supplier_id", checks=(CheckConstraint("length(country) = 3", name="country_is_alpha3"),)
    )

    supplier_id: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[SupplierKind] = mapped_column(enum_text(SupplierKind, name="kind"))
    country: Mapped[str | None] = mapped_column(Text)
    province: Mapped[str | None] = mapped_column(Text)
    city: Mapped[str | None] = mapped_column(Text)
    parent: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[str | None] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(Text)


def _delivery() -> tuple[CheckConstraint, ...]:
    return (
        fraction("share"),
        not_negative("spare"),
        not_negative("ramp_days"),
        not_negative("qualification_days"),
    )


def _undated(table: str, *columns: str) -> tuple[Index, ...]:
    return tuple(
        _unique_where(f"uq_{table}_undated_{origin}", "chain_id", *columns, where=f"{where} AND year IS NULL")
        for origin, where in (("folder", _FROM_FOLDER), ("upload", _FROM_UPLOAD))
    )


class SupplyRow(Fact, Base):
    """A supply as one chain's folder states it."""

    __tablename__ = "supply"
    __table_args__ = _fact(
        "supply",
        "supplier_id",
        "item_id",
        "share_scope",
        "year",
        # To an index two unknown years differ, to the model they are one.
        checks=(
            *_delivery(),
            positive("unit_weight"),
            *_undated("supply", "supplier_id", "item_id", "share_scope"),
        ),
    )

    supplier_id: Mapped[str] = mapped_column(Text)
    item_id: Mapped[str] = mapped_column(Text)
    share: Mapped[float | None]
    share_scope: Mapped[ShareScope] = mapped_column(enum_text(ShareScope, name="share_scope"))
    spare: Mapped[float | None]
    ramp_days: Mapped[float | None]
    qualified: Mapped[bool | None]
    qualification_days: Mapped[float | None]
    year: Mapped[int | None]
    is_estimate: Mapped[bool | None]
    tier: Mapped[int | None]
    unit_weight: Mapped[float | None]
    source_id: Mapped[str | None] = mapped_column(Text)


class PurchaseRow(Fact, Base):
    """A line of a buyer's supplier list."""

    __tablename__ = "purchase"
    __table_args__ = _fact(
        "purchase", "buyer_id", "item_id", "supplier_id", checks=(*_delivery(), not_negative("stock_days"))
    )

    buyer_id: Mapped[str] = mapped_column(Text)
    item_id: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[str] = mapped_column(Text)
    share: Mapped[float | None]
    stock_days: Mapped[float | None]
    list_complete: Mapped[bool | None]
    spare: Mapped[float | None]
    ramp_days: Mapped[float | None]
    qualified: Mapped[bool | None]
    qualification_days: Mapped[float | None]
    priority: Mapped[int | None]
    source_id: Mapped[str | None] = mapped_column(Text)


class SourceRow(Fact, Base):
    """A document that facts of a chain were read from."""

    __tablename__ = "source"
    __table_args__ = _fact("source", "source_id")

    source_id: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None]
    url: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    accessed_on: Mapped[date | None]


class RegisterLoadRow(Base):
    """One load of the register of bottleneck items; append-only."""

    __tablename__ = "register_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BottleneckRow(Base):
    """A row of 工作目录(公开资料), with history like a fact."""

    __tablename__ = "bottleneck"
    __table_args__ = (
        _unique_where("uq_bottleneck_current", "bottleneck_id", where="superseded_at IS NULL"),
        CheckConstraint("superseded_at >= recorded_at", name="superseded_after_recorded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(ForeignKey("register_load.id"), index=True)
    bottleneck_id: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    five_base: Mapped[FiveBase] = mapped_column(enum_text(FiveBase, name="five_base"))
    chain: Mapped[str] = mapped_column(Text)
    item_id: Mapped[str | None] = mapped_column(Text)
    link_kind: Mapped[str | None] = mapped_column(Text)
    evidence_grade: Mapped[str] = mapped_column(Text)
    foreign_dependence: Mapped[str | None] = mapped_column(Text)
    main_foreign_suppliers: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    place_file: Mapped[str | None] = mapped_column(Text)
    place_row: Mapped[int | None]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
