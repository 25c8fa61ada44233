"""Tables of uploads: each list with its rows, and what names were decided to mean.

Facts that came with an upload lie in the tables of `chains.tables` with its `upload_id`; here lies what the
file said, so that every fact can be walked back to a row and every row to its fate.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from chains.base import Base, UtcDateTime
from chains.tables import enum_text


class UploadState(StrEnum):
    """Whether any row of an upload counts yet."""

    WAITING = "waiting"
    COMMITTED = "committed"


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


class UploadRow(Base):
    """One list as uploaded; its kept file is named after its digest."""

    __tablename__ = "upload"
    __table_args__ = (
        Index("uq_upload_digest", "chain_id", "digest", unique=True),
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
