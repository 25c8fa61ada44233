"""Perspective of runs and alerts, source nodes, output value of a unit.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCOPES = ("supplier", "parent", "country", "province", "city", "item")
WITH_SOURCE = (*SCOPES, "source")
SCOPED = ("run_node", "alert")
SEEN = ("run", "alert")
HOME_RUNS = "run_id IN (SELECT id FROM run WHERE perspective = 'home')"


def upgrade() -> None:
    for table in SEEN:
        add_checked(
            table,
            "perspective",
            "VARCHAR(32) DEFAULT 'world' NOT NULL",
            one_of("perspective", "world", "home"),
        )
    number = sa.Double().compile(dialect=op.get_bind().dialect)
    add_checked("supply", "unit_weight", number, "unit_weight > 0", name="unit_weight_positive")
    for table in SCOPED:
        change_check(table, "scope", one_of("scope", *SCOPES), one_of("scope", *WITH_SOURCE))
    make_open_index("rule", "chain_id", "perspective", "scope", "key")


def downgrade() -> None:
    forget_home_and_sources()
    make_open_index("rule", "chain_id", "scope", "key")
    for table in SCOPED:
        change_check(table, "scope", one_of("scope", *WITH_SOURCE), one_of("scope", *SCOPES))
    op.drop_column("supply", "unit_weight")
    for table in SEEN:
        op.drop_column(table, "perspective")


def one_of(column: str, *words: str) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def add_checked(table: str, column: str, kind: str, condition: str, *, name: str | None = None) -> None:
    # In words, since SQLite takes a check with a new column but not afterwards.
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind}"
        f" CONSTRAINT ck_{table}_{name or column} CHECK ({condition})"
    )


def change_check(table: str, name: str, before: str, after: str) -> None:
    full = f"ck_{table}_{name}"
    if op.get_bind().dialect.name == "sqlite":
        rebuild(table, f"CHECK ({before})", f"CHECK ({after})")
        return
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {full}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {full} CHECK ({after})")


def rebuild(table: str, before: str, after: str) -> None:
    """Make a table again with another text; its other constraints stay word for word."""
    bind = op.get_bind()
    found = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :type AND sql IS NOT NULL"
    )
    statement = bind.execute(found, {"name": table, "type": "table"}).scalar_one()
    indexes = bind.execute(found, {"name": table, "type": "index"}).scalars().all()
    if before not in statement:
        raise LookupError(f"table {table} has no {before}")
    opening = statement.index("(")
    fresh = f"{table}_fresh"
    bind.exec_driver_sql(f"CREATE TABLE {fresh} {statement[opening:].replace(before, after)}")
    bind.exec_driver_sql(f"INSERT INTO {fresh} SELECT * FROM {table}")  # noqa: S608  # names of this file
    bind.exec_driver_sql(f"DROP TABLE {table}")
    bind.exec_driver_sql(f"ALTER TABLE {fresh} RENAME TO {table}")
    for index in indexes:
        bind.exec_driver_sql(index)


def make_open_index(*columns: str) -> None:
    is_open = sa.text("closed_at IS NULL")
    op.drop_index("uq_alert_open", "alert")
    op.create_index(
        "uq_alert_open", "alert", list(columns), unique=True, sqlite_where=is_open, postgresql_where=is_open
    )


def forget_home_and_sources() -> None:
    """Remove what the older tables have no words for: runs seen from home, and nodes of scope source."""
    sources = "(run_id, node) IN (SELECT run_id, node FROM run_node WHERE scope = 'source')"
    alerts = "SELECT id FROM alert WHERE perspective = 'home' OR scope = 'source'"
    for statement in (
        f"DELETE FROM alert_event WHERE alert_id IN ({alerts})",  # noqa: S608
        "DELETE FROM alert WHERE perspective = 'home' OR scope = 'source'",
        *(f"DELETE FROM {table} WHERE {HOME_RUNS} OR {sources}" for table in ("band", "score")),  # noqa: S608
        f"DELETE FROM run_node WHERE {HOME_RUNS} OR scope = 'source'",  # noqa: S608
        f"DELETE FROM alert_review WHERE {HOME_RUNS}",  # noqa: S608
        "DELETE FROM run WHERE perspective = 'home'",
    ):
        op.execute(statement)
