"""Tiers of supplies and links, priority of purchases.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = (("link", "tier"), ("supply", "tier"), ("purchase", "priority"))


def upgrade() -> None:
    for table, name in COLUMNS:
        op.add_column(table, sa.Column(name, sa.Integer()))


def downgrade() -> None:
    for table, name in reversed(COLUMNS):
        op.drop_column(table, name)
