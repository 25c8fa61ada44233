"""Rows of any table as lines of JSON and back, the same from SQLite and from PostgreSQL."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Float,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Column, ColumnElement, Connection

# Alembic's own table: a restore sets it by migrating.
REVISION_TABLE: Final = "alembic_version"
_BATCH: Final = 1000


def read_tables(connection: Connection) -> tuple[Table, ...]:
    """Read from the database which tables it has, whatever module declares them.

    Parameters
    ----------
    connection
        An open connection.

    Returns
    -------
    tuple of Table
        Those that others refer to first; without Alembic's own.
    """
    found = MetaData()
    found.reflect(connection)
    return tuple(table for table in found.sorted_tables if table.name != REVISION_TABLE)


def has_rows(connection: Connection, tables: Sequence[Table]) -> bool:
    """Tell whether any table holds a row.

    Parameters
    ----------
    connection
        An open connection.
    tables
        Which tables.

    Returns
    -------
    bool
        False for a database that was only initialised.
    """
    return any(connection.execute(select(text("1")).select_from(one).limit(1)).first() for one in tables)


def dump_rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """Give each row as one line of JSON.

    Parameters
    ----------
    connection
        A connection that sees one state for all tables.
    table
        From `read_tables`.

    Yields
    ------
    bytes
        A JSON array in the order of the table's columns, with a line feed: instants in UTC and dates
        as ISO 8601, bytes as base64, the JSON of a column as the text it is stored as.

    Notes
    -----
    Rows are ordered by primary key and fetched in portions, so memory stays bounded.
    """
    readers = [_reader(column) for column in table.columns]
    statement = select(*(_readable(connection, column) for column in table.columns))
    statement = statement.order_by(*table.primary_key.columns)
    streamed = connection.execution_options(stream_results=True, yield_per=_BATCH)
    for row in streamed.execute(statement):
        cells = [None if cell is None else read(cell) for read, cell in zip(readers, row, strict=True)]
        yield json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def load_rows(connection: Connection, table: Table, lines: Iterable[bytes], *, columns: Sequence[str]) -> int:
    """Insert the rows that `dump_rows` gave.

    Parameters
    ----------
    connection
        A connection in a transaction.
    table
        Of the database that is filled, with the same columns in any order.
    lines
        One row each.
    columns
        Names of the columns in the order of the cells.

    Returns
    -------
    int
        Rows inserted.

    Raises
    ------
    ValueError
        When a line is no row of this table.
    """
    filled = [table.c[name] for name in columns]
    writers = [_writer(column) for column in filled]
    names = [f"cell_{number}" for number in range(len(filled))]
    values = {
        column.name: _bound(connection, column, name) for column, name in zip(filled, names, strict=True)
    }
    statement = insert(table).values(values)
    count = 0
    for portion in _portions(lines):
        rows = [
            {
                name: None if cell is None else write(cell)
                for name, write, cell in zip(names, writers, _cells(line, len(filled)), strict=True)
            }
            for line in portion
        ]
        connection.execute(statement, rows)
        count += len(rows)
    return count


def delete_rows(connection: Connection, tables: Sequence[Table]) -> None:
    """Delete every row of every table.

    Parameters
    ----------
    connection
        A connection in a transaction.
    tables
        In the order of `read_tables`.
    """
    for table in reversed(tables):
        connection.execute(delete(table))


def lock_tables(connection: Connection, tables: Sequence[Table]) -> None:
    """Keep everybody else out of the tables until the transaction ends.

    Parameters
    ----------
    connection
        A connection in a transaction; on SQLite it holds the write lock already.
    tables
        Which tables.
    """
    if connection.dialect.name == "postgresql" and tables:
        quote = connection.dialect.identifier_preparer.format_table
        names = ", ".join(quote(table) for table in tables)
        connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def advance_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """Let the next generated id follow the largest that is stored.

    Parameters
    ----------
    connection
        A connection in a transaction; SQLite needs nothing.
    tables
        Which tables.
    """
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            quoted = connection.dialect.identifier_preparer.format_table(table)
            found = func.pg_get_serial_sequence(quoted, column.name)
            sequence = connection.scalar(select(found))
            if sequence is not None:
                last = connection.scalar(select(func.max(column)))
                connection.execute(select(func.setval(sequence, last or 1, last is not None)))


def _readable(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    if not isinstance(column.type, JSON):
        return column
    # The text as stored: parsed and written again, SQL NULL and JSON null would become one.
    return cast(column, Text) if connection.dialect.name == "postgresql" else type_coerce(column, Text)


def _bound(connection: Connection, column: Column[Any], name: str) -> ColumnElement[Any]:
    if not isinstance(column.type, JSON):
        return bindparam(name, type_=column.type)
    plain = bindparam(name, type_=Text())
    return cast(plain, column.type) if connection.dialect.name == "postgresql" else plain


def _reader(column: Column[Any]) -> Any:  # noqa: ANN401 - a function of one cell
    kind = column.type
    if isinstance(kind, DateTime):
        return _instant_text
    if isinstance(kind, Date):
        return date.isoformat
    if isinstance(kind, LargeBinary):
        return lambda cell: base64.b64encode(cell).decode()
    if isinstance(kind, Numeric) and not isinstance(kind, Float):
        raise TypeError(f"column {column} is a decimal; teach chains.dump to write it")
    return _plain


def _writer(column: Column[Any]) -> Any:  # noqa: ANN401 - a function of one cell
    kind = column.type
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    return base64.b64decode if isinstance(kind, LargeBinary) else _plain


def _plain(cell: Any) -> Any:  # noqa: ANN401 - text, number or truth value
    return cell


def _instant_text(instant: datetime) -> str:
    # SQLite forgets the zone of what was stored in UTC.
    aware = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return aware.isoformat()


def _portions(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    portion: list[bytes] = []
    for line in lines:
        portion.append(line)
        if len(portion) == _BATCH:
            yield portion
            portion = []
    if portion:
        yield portion


def _cells(line: bytes, width: int) -> list[Any]:
    cells = json.loads(line)
    if not isinstance(cells, list) or len(cells) != width:
        raise ValueError("a line does not hold one cell a column")
    return cells
