"""Alerts with their history, reviews of runs, slots and lease of the scheduler.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LEVELS = ("none", "yellow", "orange", "red")
SCOPES = ("supplier", "parent", "country", "province", "city", "item")


def upgrade() -> None:
    make_alerts()
    make_events()
    make_reviews()
    make_schedule()


def downgrade() -> None:
    for table in ("alert_event", "alert_review", "alert", "schedule_slot", "process_lease"):
        op.drop_table(table)


def make_alerts() -> None:
    op.create_table(
        "alert",
        key(),
        *texts("rule", "chain_id"),
        one_of("scope", *SCOPES),
        *texts("key", "name_zh", "name_en"),
        one_of("state", "open", "acknowledged", "closed"),
        one_of("level", *LEVELS),
        sa.Column("version", sa.Integer(), nullable=False),
        instant("opened_at"),
        *(run(name) for name in ("opened_run_id", "previous_run_id", "last_run_id")),
        sa.Column("missed_runs", sa.Integer(), nullable=False),
        instant("closed_at", nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        check("closed_alert_has_end", "(state = 'closed') = (closed_at IS NOT NULL)"),
        check("version_positive", "version >= 1"),
        check("missed_runs_not_negative", "missed_runs >= 0"),
    )
    is_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_alert_open",
        "alert",
        ["rule", "chain_id", "scope", "key"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("ix_alert_chain_id", "alert", ["chain_id", "state", "id"])


def make_events() -> None:
    op.create_table(
        "alert_event",
        key(),
        sa.Column("alert_id", sa.Integer(), sa.ForeignKey("alert.id"), nullable=False),
        one_of("kind", "opened", "worsened", "acknowledged", "closed"),
        instant("at"),
        run("run_id", nullable=True),
        *(sa.Column(name, sa.Text()) for name in ("by_name", "by_unit", "note")),
        one_of("level", *LEVELS),
        check("officer_is_whole", "(by_name IS NULL) = (by_unit IS NULL)"),
        check("event_has_cause", "by_name IS NOT NULL OR run_id IS NOT NULL"),
    )
    op.create_index("ix_alert_event_alert_id", "alert_event", ["alert_id", "id"])


def make_reviews() -> None:
    op.create_table(
        "alert_review",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("run.id"), primary_key=True, autoincrement=False),
        one_of("kind", "baseline", "compared", "new_basis", "overtaken"),
        run("previous_run_id", nullable=True),
        instant("reviewed_at"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("opened", "kept", "closed")),
        sa.Column("counts", sa.JSON(), nullable=False),
        check("compared_has_previous", "(kind = 'compared') = (previous_run_id IS NOT NULL)"),
    )


def make_schedule() -> None:
    op.create_table(
        "schedule_slot",
        sa.Column("job", sa.Text(), primary_key=True),
        sa.Column("slot_at", sa.DateTime(timezone=True), primary_key=True),
        instant("taken_at"),
        *texts("taken_by"),
        sa.Column("run_ids", sa.JSON(), nullable=False),
    )
    op.create_table(
        "process_lease",
        sa.Column("role", sa.Text(), primary_key=True),
        *texts("holder"),
        instant("taken_at"),
        instant("until"),
        check("lease_ends_after_begin", "until >= taken_at"),
    )


def key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def run(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey("run.id"), nullable=nullable)


def texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)
