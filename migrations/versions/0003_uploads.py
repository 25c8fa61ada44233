"""Uploads: lists with their rows, and what names were decided to mean.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_uploads()
    make_rows()
    make_decisions()


def downgrade() -> None:
    for table in ("name_decision", "upload_row", "upload"):
        op.drop_table(table)


def make_uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), primary_key=True),
        *texts("chain_id", "name", "digest"),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("buyer", sa.Text()),
        sa.Column("makes", sa.JSON(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        one_of("state", "waiting", "committed"),
        *texts("officer", "unit"),
        instant("received_at"),
        instant("committed_at", nullable=True),
        instant("file_removed_at", nullable=True),
        sa.Column("file_removed_by", sa.Text()),
        check("committed_has_moment", "(state = 'committed') = (committed_at IS NOT NULL)"),
        check("removal_is_whole", "(file_removed_at IS NULL) = (file_removed_by IS NULL)"),
        check("size_bytes_not_negative", "size_bytes >= 0"),
    )
    op.create_index("uq_upload_digest", "upload", ["chain_id", "digest"], unique=True)
    op.create_index("ix_upload_committed_at", "upload", ["committed_at"])


def make_rows() -> None:
    op.create_table(
        "upload_row",
        sa.Column(
            "upload_id", sa.Integer(), sa.ForeignKey("upload.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=False),
        one_of("state", "committed", "waiting", "bad"),
        *(sa.Column(name, sa.Text()) for name in ("supplier_id", "item_id", "buyer_id")),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("issues", sa.JSON()),
        check("bad_row_has_issues", "(state = 'bad') = (issues IS NOT NULL)"),
        check(
            "committed_row_is_resolved",
            "state <> 'committed' OR (supplier_id IS NOT NULL AND item_id IS NOT NULL)",
        ),
    )


def make_decisions() -> None:
    op.create_table(
        "name_decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        one_of("kind", "supplier", "item", "code"),
        *texts("name_key", "name", "target_id"),
        sa.Column("upload_id", sa.Integer(), sa.ForeignKey("upload.id"), nullable=False),
        *texts("officer"),
        instant("decided_at"),
        instant("superseded_at", nullable=True),
        check("superseded_after_decided", "superseded_at >= decided_at"),
    )
    is_current = sa.text("superseded_at IS NULL")
    op.create_index("ix_name_decision_upload_id", "name_decision", ["upload_id"])
    op.create_index(
        "uq_name_decision_current",
        "name_decision",
        ["kind", "name_key"],
        unique=True,
        sqlite_where=is_current,
        postgresql_where=is_current,
    )


def texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)
