"""Run migrations on the connection that the program gives, or on the database of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context

import ingest.tables  # noqa: F401
import risk.alerts.tables
import risk.firms.tables
import risk.ranges.tables
import risk.runs.tables
import risk.scenario_store.tables
import risk.tables  # noqa: F401
from chains.base import Base, UtcDateTime
from chains.db import make_engine
from settings import load_settings

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Connection
    from sqlalchemy.schema import SchemaItem


def keep(item: SchemaItem, name: str | None, kind: str, reflected: bool, other: SchemaItem | None) -> bool:  # noqa: FBT001
    """Leave the bookkeeping table of Alembic out of comparisons."""
    del item, reflected, other
    return not (kind == "table" and name == "alembic_version")


def render(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type as the plain one, so that old migrations outlive it."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run_on(connection: Connection, **options: Any) -> None:  # noqa: ANN401
    """Upgrade or downgrade inside one transaction; SQLite tables are rebuilt in batches."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        include_object=keep,
        compare_type=True,
        render_item=render,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Use the open connection, else `-x url=...`, else the settings."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run_on(given)
        return
    url = context.get_x_argument(as_dictionary=True).get("url") or load_settings().database_url
    engine = make_engine(url)
    with engine.begin() as connection:
        run_on(connection)
    engine.dispose()


run()
