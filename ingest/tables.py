"""Tables of uploads: each list with its rows, and what names were decided to mean.

Facts that came with an upload lie in the tables of `chains.tables` with its `upload_id`; here lies what the
file said, so that every fact can be walked back to a row and every row to its fate.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base, UtcDateTime
from chains.tables import enum_text


class UploadState(StrEnum):
    """Whether any row of an upload counts yet."""

    WAITING = "waiting"
    COMMITTED = "committed"


class UploadKind(StrEnum):
    """What an upload is a list of."""

    SUPPLIERS = "suppliers"
    BOTTLENECKS = "bottlenecks"
    DEMAND = "demand"
    CHAIN = "chain"
    EVENTS = "events"


class StepKind(StrEnum):
    """How rows of an upload came to count: with the upload, or when waiting names were placed."""

    COMMIT = "commit"
    SETTLE = "settle"


class RowState(StrEnum):
    """What became of a row of a list."""

    COMMITTED = "committed"
    WAITING = "waiting"
    BAD = "bad"


class NameKind(StrEnum):
    """What a decided name is a name of."""

    SUPPLIER = "supplier"
    ITEM = "item"
    CODE = "code"


_NOT_UNDONE = text("undone_at IS NULL")


class UploadRow(Base):
    """One list as uploaded; its kept file is named after its digest.

    An upload that was undone stays with its rows, and counts for nothing. The register of bottleneck items
    belongs to no chain: its `chain_id` is empty.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index(
            "uq_upload_digest",
            "chain_id",
            "digest",
            "kind",
            unique=True,
            sqlite_where=_NOT_UNDONE,
            postgresql_where=_NOT_UNDONE,
        ),
        Index("ix_upload_committed_at", "committed_at"),
        CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name="committed_has_moment"),
        CheckConstraint("(file_removed_at IS NULL) = (file_removed_by IS NULL)", name="removal_is_whole"),
        CheckConstraint("size_bytes >= 0", name="size_bytes_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int]
    buyer: Mapped[str | None] = mapped_column(Text)
    makes: Mapped[list[str]] = mapped_column(JSON)
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[UploadState] = mapped_column(enum_text(UploadState, name="state"))
    officer: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_removed_by: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[UploadKind] = mapped_column(
        Enum(
            UploadKind,
            native_enum=False,
            length=32,
            values_callable=lambda members: [member.value for member in members],
        ),
        server_default=UploadKind.SUPPLIERS.value,
    )
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(Text)


class StepRow(Base):
    """A moment at which rows of an upload came to count, with what a person decided then; append-only.

    Replaying all steps in the order of their moments gives what the uploads state; leaving out those of one
    upload gives what they would state without it.
    """

    __tablename__ = "upload_step"

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[StepKind] = mapped_column(enum_text(StepKind, name="kind"))
    stated_on: Mapped[date]
    officer: Mapped[str] = mapped_column(Text)
    decisions: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EntryRow(Base):
    """A good row of a list that is no supplier list: of bottleneck items, of demand, of events."""

    __tablename__ = "list_entry"

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True, autoincrement=False)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    target: Mapped[str | None] = mapped_column(Text)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON)


class AttemptRow(Base):
    """An import that began; one that never ended was interrupted and may be repeated."""

    __tablename__ = "import_attempt"
    __table_args__ = (
        CheckConstraint("ended_at >= started_at", name="ended_after_started"),
        Index("ix_import_attempt_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    officer: Mapped[str] = mapped_column(Text)
    holder: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ListRowRow(Base):
    """One data row of a list, good or bad."""

    __tablename__ = "upload_row"
    __table_args__ = (
        CheckConstraint("(state = 'bad') = (issues IS NOT NULL)", name="bad_row_has_issues"),
        CheckConstraint(
            "state <> 'committed' OR (supplier_id IS NOT NULL AND item_id IS NOT NULL)",
            name="committed_row_is_resolved",
        ),
    )

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True, autoincrement=False)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[RowState] = mapped_column(enum_text(RowState, name="state"))
    supplier_id: Mapped[str | None] = mapped_column(Text)
    item_id: Mapped[str | None] = mapped_column(Text)
    buyer_id: Mapped[str | None] = mapped_column(Text)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    extra: Mapped[dict[str, Any]] = mapped_column(JSON)
    issues: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    step: Mapped[int | None]


class NameDecisionRow(Base):
    """What a person decided that a name or credit code stands for; a changed mind supersedes."""

    __tablename__ = "name_decision"
    __table_args__ = (
        Index(
            "uq_name_decision_current",
            "kind",
            "name_key",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
        CheckConstraint("superseded_at >= decided_at", name="superseded_after_decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NameKind] = mapped_column(enum_text(NameKind, name="kind"))
    name_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    target_id: Mapped[str] = mapped_column(Text)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), index=True)
    officer: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NameHoldRow(Base):
    """A remembered name that a person took back: ask about it again, until it is placed once more."""

    __tablename__ = "name_hold"
    __table_args__ = (
        Index(
            "uq_name_hold_current",
            "kind",
            "name_key",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        CheckConstraint("lifted_at >= held_at", name="lifted_after_held"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NameKind] = mapped_column(enum_text(NameKind, name="kind"))
    name_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    target_id: Mapped[str] = mapped_column(Text)
    officer: Mapped[str] = mapped_column(Text)
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ColumnMappingRow(Base):
    """How a person said that lists of one sender, or with one set of headers, are to be read."""

    __tablename__ = "column_mapping"
    __table_args__ = (
        Index(
            "uq_column_mapping_current",
            "sender_key",
            "fingerprint",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at >= decided_at", name="ended_after_decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sender_key: Mapped[str] = mapped_column(Text)
    sender: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    headers: Mapped[list[str]] = mapped_column(JSON)
    columns: Mapped[list[Any]] = mapped_column(JSON)
    encoding: Mapped[str | None] = mapped_column(Text)
    separator: Mapped[str | None] = mapped_column(Text)
    sheet: Mapped[str | None] = mapped_column(Text)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), index=True)
    officer: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(Text)
