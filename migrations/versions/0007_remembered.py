"""What is remembered of lists: names taken back, and which column is which.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_holds()
    make_mappings()


def downgrade() -> None:
    op.drop_table("column_mapping")
    op.drop_table("name_hold")


def make_holds() -> None:
    kinds = sa.Enum(
        "supplier", "item", "code", name="kind", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "name_hold",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", kinds, nullable=False),
        *texts("name_key", "name", "target_id", "officer"),
        instant("held_at"),
        instant("lifted_at", nullable=True),
        sa.CheckConstraint("lifted_at >= held_at", name="lifted_after_held"),
    )
    make_current("name_hold", "lifted_at", "kind", "name_key")


def make_mappings() -> None:
    op.create_table(
        "column_mapping",
        sa.Column("id", sa.Integer(), primary_key=True),
        *texts("sender_key", "sender", "fingerprint"),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("headers", "columns")),
        *(sa.Column(name, sa.Text()) for name in ("encoding", "separator", "sheet")),
        sa.Column("upload_id", sa.Integer(), sa.ForeignKey("upload.id"), nullable=False),
        *texts("officer"),
        instant("decided_at"),
        instant("ended_at", nullable=True),
        sa.Column("ended_by", sa.Text()),
        sa.CheckConstraint("ended_at >= decided_at", name="ended_after_decided"),
    )
    op.create_index("ix_column_mapping_upload_id", "column_mapping", ["upload_id"])
    make_current("column_mapping", "ended_at", "sender_key", "fingerprint")


def make_current(table: str, ended: str, *columns: str) -> None:
    is_current = sa.text(f"{ended} IS NULL")
    op.create_index(
        f"uq_{table}_current",
        table,
        list(columns),
        unique=True,
        sqlite_where=is_current,
        postgresql_where=is_current,
    )


def texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
