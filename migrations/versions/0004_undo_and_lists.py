"""Undoing uploads, and lists of other kinds: steps, entries, attempts.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NOT_UNDONE = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.add_column("upload", sa.Column("kind", sa.String(32), nullable=False, server_default="suppliers"))
    op.add_column("upload", instant("undone_at", nullable=True))
    op.add_column("upload", sa.Column("undone_by", sa.Text()))
    op.add_column("upload_row", sa.Column("step", sa.Integer()))
    op.drop_index("uq_upload_digest", "upload")
    op.create_index(
        "uq_upload_digest",
        "upload",
        ["chain_id", "digest", "kind"],
        unique=True,
        sqlite_where=NOT_UNDONE,
        postgresql_where=NOT_UNDONE,
    )
    make_steps()
    make_entries()
    make_attempts()
    remember_earlier_uploads()


def downgrade() -> None:
    for table in ("import_attempt", "list_entry", "upload_step"):
        op.drop_table(table)
    op.drop_index("uq_upload_digest", "upload")
    op.drop_column("upload_row", "step")
    for column in ("undone_by", "undone_at", "kind"):
        op.drop_column("upload", column)
    op.create_index("uq_upload_digest", "upload", ["chain_id", "digest"], unique=True)


def make_steps() -> None:
    op.create_table(
        "upload_step",
        sa.Column(
            "upload_id", sa.Integer(), sa.ForeignKey("upload.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        one_of("kind", "commit", "settle"),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        instant("at"),
    )


def make_entries() -> None:
    op.create_table(
        "list_entry",
        sa.Column(
            "upload_id", sa.Integer(), sa.ForeignKey("upload.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("target", sa.Text()),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
    )


def make_attempts() -> None:
    op.create_table(
        "import_attempt",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("chain_id", "kind", "name", "digest", "officer", "holder")
        ),
        instant("started_at"),
        instant("ended_at", nullable=True),
        sa.CheckConstraint("ended_at >= started_at", name="ended_after_started"),
    )
    op.create_index("ix_import_attempt_ended_at", "import_attempt", ["ended_at"])


def remember_earlier_uploads() -> None:
    """Give every upload of before one step, with the decisions that were kept with it."""
    connection = op.get_bind()
    uploads = sa.table(
        "upload", *(sa.column(name) for name in ("id", "digest", "officer", "state")), moment("committed_at")
    )
    decisions = sa.table(
        "name_decision", *(sa.column(name) for name in ("upload_id", "kind", "name_key", "target_id"))
    )
    steps = sa.table(
        "upload_step",
        *(sa.column(name) for name in ("upload_id", "number", "kind", "officer")),
        sa.column("stated_on", sa.Date()),
        sa.column("decisions", sa.JSON()),
        moment("at"),
    )
    for upload in connection.execute(sa.select(uploads).where(uploads.c.state == "committed")).all():
        taught = sa.select(decisions).where(
            decisions.c.upload_id == upload.id, decisions.c.kind.in_(["supplier", "item"])
        )
        own = f"u-{upload.digest[:8]}-"
        said = {
            f"{row.kind}:{row.name_key}": "new" if row.target_id.startswith(own) else row.target_id
            for row in connection.execute(taught)
        }
        connection.execute(
            sa.insert(steps).values(
                upload_id=upload.id,
                number=1,
                kind="commit",
                officer=upload.officer,
                # The day in China, as the facts say it.
                stated_on=(upload.committed_at + timedelta(hours=8)).date(),
                decisions=said,
                at=upload.committed_at,
            )
        )
    op.execute("UPDATE upload_row SET step = 1 WHERE state = 'committed'")


def moment(name: str) -> sa.ColumnClause[Any]:
    return sa.column(name, sa.DateTime(timezone=True))


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)
