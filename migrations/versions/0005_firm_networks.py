"""Firm networks: loads with their firms, runs with their index, alerts with their events.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("closed_at IS NULL")
IS_CURRENT = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    make_networks()
    make_runs()
    make_alerts()


def downgrade() -> None:
    for table in ("firm_alert_event", "firm_alert", "firm_score", "firm_run", "firm", "firm_network"):
        op.drop_table(table)


def make_networks() -> None:
    op.create_table(
        "firm_network",
        sa.Column("id", sa.Integer(), primary_key=True),
        *texts("key", "title"),
        one_of("origin", "imported", "example"),
        *texts("digest"),
        instant("loaded_at"),
        instant("superseded_at", nullable=True),
        *integers("firms", "links", "sectors"),
        *floats("sales"),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("edges", sa.LargeBinary(), nullable=False),
        sa.Column("essential", sa.LargeBinary(), nullable=False),
        check("superseded_after_loaded", "superseded_at >= loaded_at"),
        check("network_is_not_empty", "firms >= 1 AND links >= 1 AND sectors >= 1"),
        check("sales_positive", "sales > 0"),
    )
    op.create_index(
        "uq_firm_network_current",
        "firm_network",
        ["key"],
        unique=True,
        sqlite_where=IS_CURRENT,
        postgresql_where=IS_CURRENT,
    )
    op.create_table(
        "firm",
        key_of("network_id", "firm_network"),
        sa.Column("firm", sa.Integer(), primary_key=True, autoincrement=False),
        *texts("firm_id"),
        sa.Column("name", sa.Text()),
        *texts("sector"),
        sa.Column("city", sa.Text()),
        sa.Column("uscc", sa.Text()),
        *floats("sales", "purchases"),
        check("sales_not_negative", "sales >= 0"),
        check("purchases_not_negative", "purchases >= 0"),
    )
    op.create_index("uq_firm_id", "firm", ["network_id", "firm_id"], unique=True)


def make_runs() -> None:
    op.create_table(
        "firm_run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("network_id", sa.Integer(), sa.ForeignKey("firm_network.id"), nullable=False),
        *floats("eps"),
        sa.Column("replaceability", sa.Boolean(), nullable=False),
        sa.Column("max_sweeps", sa.Integer()),
        *texts("code_version"),
        instant("started_at"),
        *floats("seconds"),
        *integers("largest_sweeps"),
        one_of("review", "baseline", "compared", "new_basis", "overtaken"),
        sa.Column("previous_run_id", sa.Integer(), sa.ForeignKey("firm_run.id")),
        *integers("opened", "kept", "closed"),
        check("compared_has_previous", "(review = 'compared') = (previous_run_id IS NOT NULL)"),
        check("max_sweeps_positive", "max_sweeps >= 1"),
        check("eps_is_fraction", "eps >= 0 AND eps <= 1"),
    )
    op.create_index("ix_firm_run_network_id", "firm_run", ["network_id", "id"])
    op.create_table(
        "firm_score",
        key_of("run_id", "firm_run"),
        sa.Column("firm", sa.Integer(), primary_key=True, autoincrement=False),
        *floats("esri", "esri_down", "esri_up"),
        *integers("sweeps"),
        check("sweeps_positive", "sweeps >= 1"),
        sqlite_with_rowid=False,
    )


def make_alerts() -> None:
    op.create_table(
        "firm_alert",
        sa.Column("id", sa.Integer(), primary_key=True),
        *texts("rule", "network_key", "firm_id"),
        sa.Column("name", sa.Text()),
        one_of("state", "open", "acknowledged", "closed"),
        *integers("version"),
        instant("opened_at"),
        sa.Column("opened_run_id", sa.Integer(), sa.ForeignKey("firm_run.id"), nullable=False),
        sa.Column("last_run_id", sa.Integer(), sa.ForeignKey("firm_run.id"), nullable=False),
        sa.Column("before", sa.Double()),
        *floats("after"),
        sa.Column("last", sa.Double()),
        *integers("missed_runs"),
        instant("closed_at", nullable=True),
        check("closed_alert_has_end", "(state = 'closed') = (closed_at IS NOT NULL)"),
        check("version_positive", "version >= 1"),
        check("missed_runs_not_negative", "missed_runs >= 0"),
    )
    op.create_index(
        "uq_firm_alert_open",
        "firm_alert",
        ["rule", "network_key", "firm_id"],
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    )
    op.create_table(
        "firm_alert_event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("alert_id", sa.Integer(), sa.ForeignKey("firm_alert.id"), nullable=False),
        one_of("kind", "opened", "worsened", "acknowledged", "closed"),
        instant("at"),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("firm_run.id")),
        *(sa.Column(name, sa.Text()) for name in ("by_name", "by_unit", "note")),
        sa.Column("esri", sa.Double()),
        check("officer_is_whole", "(by_name IS NULL) = (by_unit IS NULL)"),
        check("event_has_cause", "by_name IS NOT NULL OR run_id IS NOT NULL"),
    )
    op.create_index("ix_firm_alert_event_alert_id", "firm_alert_event", ["alert_id", "id"])


def key_of(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), primary_key=True, autoincrement=False)


def texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def integers(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.Integer(), nullable=False) for name in names)


def floats(*names: str) -> tuple[sa.Column[float], ...]:
    return tuple(sa.Column(name, sa.Double(), nullable=False) for name in names)


def instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=name)
