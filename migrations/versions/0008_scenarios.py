"""Scenarios that officers keep, and what each run of them found.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), primary_key=True),
        *texts("name", "chain_id"),
        sa.Column("plan", sa.JSON(), nullable=False),
        *texts("origin"),
        instant("saved_at"),
        sa.Column("by_name", sa.Text()),
        sa.Column("by_unit", sa.Text()),
        sa.CheckConstraint("length(name) >= 1", name="name_not_blank"),
        sa.CheckConstraint("(by_name IS NULL) = (by_unit IS NULL)", name="officer_is_whole"),
    )
    op.create_index("uq_scenario_name", "scenario", ["name"], unique=True)
    op.create_index("ix_scenario_chain_id", "scenario", ["chain_id", "id"])
    op.create_table(
        "scenario_answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("scenario_id", sa.Integer(), sa.ForeignKey("scenario.id"), nullable=False),
        instant("computed_at"),
        *texts("data_version", "code_version", "defaults_digest"),
        sa.Column("answer", sa.JSON(), nullable=False),
    )
    op.create_index("ix_scenario_answer_scenario_id", "scenario_answer", ["scenario_id", "id"])


def downgrade() -> None:
    for table in ("scenario_answer", "scenario"):
        op.drop_table(table)


def texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def instant(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
