"""Bands of drawn shares beside the scores of a run.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    mode = sa.Enum("run", "build", name="mode", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "band",
        sa.Column("run_id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("node", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("mode", mode, primary_key=True),
        sa.Column("score", sa.Text(), primary_key=True),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("law", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("q05", "q50", "q95")),
        sa.ForeignKeyConstraint(["run_id", "node"], ["run_node.run_id", "run_node.node"]),
        sa.CheckConstraint("draws >= 1", name="draws_positive"),
        sa.CheckConstraint("seed >= 0", name="seed_not_negative"),
        sa.CheckConstraint("q05 <= q50 AND q50 <= q95", name="quantiles_rise"),
    )


def downgrade() -> None:
    op.drop_table("band")
