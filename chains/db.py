"""The database: engines for SQLite and PostgreSQL, sessions, migration.

SQLite is the default; PostgreSQL is chosen by URL. A read session sees one consistent state and
cannot write; a write session takes the write lock when it begins, so two writers queue up instead
of failing at commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from chains.backup import ACCESS, Backup, copy_database
from chains.db_errors import (
    OUTDATED,
    DatabaseAddressError,
    DatabaseNewerError,
    NotADatabaseError,
    explain,
    label,
)

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from chains.errors import Sentence

MIGRATIONS: Final = Path(__file__).resolve().parent.parent / "migrations"
BUSY_SECONDS: Final = 30
# Any fixed number: the one advisory lock of this program on a PostgreSQL server.
_ADVISORY_LOCK: Final = 0x6C77


@dataclass(frozen=True, slots=True)
class MigrationResult:
    """What a migration did.

    Attributes
    ----------
    before, after
        Revisions; `before` is None for a database that was empty.
    backup
        The copy made before, or None.
    note
        Why no copy was made although there was something to copy.
    """

    before: str | None
    after: str
    backup: Path | None = None
    note: Sentence | None = None

    @property
    def changed(self) -> bool:
        """Whether anything had to be done."""
        return self.before != self.after


def make_engine(url: str) -> Engine:
    """Make the engine of a database; nothing is opened yet.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://user:password@host/name`` (psycopg 3 is meant).

    Returns
    -------
    Engine
        Share one per process; it is safe for threads.

    Raises
    ------
    DatabaseAddressError
        When the URL is neither.

    Examples
    --------
    >>> make_engine("postgresql://ada@db.local/lianwen").url.drivername
    'postgresql+psycopg'
    """
    address = _read_address(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # A hint of ours, overruled by the same option in the URL.
    options = {} if "connect_timeout" in address.query else {"connect_timeout": 10}
    engine = create_engine(address, connect_args=options, pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


@contextmanager
def read_session(engine: Engine) -> Iterator[Session]:
    """Open a session that sees one state of the database and cannot write.

    Parameters
    ----------
    engine
        From `make_engine`.

    Yields
    ------
    Session
        Valid inside the block.

    Raises
    ------
    StoreError
        When the database cannot be read; one sentence.
    """
    options: dict[str, Any] = {ACCESS: "read"}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with explained(engine), Session(engine.execution_options(**options)) as session, session.begin():
        session.connection()
        yield session


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """Open a session whose changes are committed together at the end, or not at all.

    Parameters
    ----------
    engine
        From `make_engine`.

    Yields
    ------
    Session
        Valid inside the block; an exception in the block rolls back.

    Raises
    ------
    StoreError
        When the database cannot be written; one sentence.
    """
    marked = engine.execution_options(**{ACCESS: "write"})
    with explained(engine), Session(marked) as session, session.begin():
        # At once: a writer that reads first and locks later could lose to another one.
        session.connection()
        yield session


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn errors of the driver inside the block into sentences.

    Parameters
    ----------
    engine
        Whose address the sentence names, without the password.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    StoreError
        For what a user can remedy; every other error passes unchanged.
    """
    try:
        yield
    except DBAPIError as error:
        sentence = explain(error, url=engine.url)
        if sentence is None:
            raise
        raise sentence from error


def migrate(database: Engine | str, *, backup_dir: Path) -> MigrationResult:
    """Bring the tables up to the program's revision, after a copy of what is there.

    Parameters
    ----------
    database
        An engine or a URL.
    backup_dir
        Where the copy goes; the last five copies are kept.

    Returns
    -------
    MigrationResult
        Unchanged when the tables are current already.

    Raises
    ------
    DatabaseNewerError
        When a newer program made the tables.
    StoreError
        When the database cannot be opened, read or written; nothing was changed then.
    """
    engine = make_engine(database) if isinstance(database, str) else database
    try:
        with explained(engine):
            return _migrate(engine, backup_dir=backup_dir)
    finally:
        if isinstance(database, str):
            engine.dispose()


def check_version(engine: Engine) -> None:
    """Refuse a database whose tables are not those of this program.

    Parameters
    ----------
    engine
        From `make_engine`.

    Raises
    ------
    DatabaseNewerError
        When a newer program made the tables.
    DatabaseOutdatedError
        When they are missing or older.
    """
    with explained(engine), engine.connect() as connection:
        revision = _revision(connection)
    _refuse_newer(engine, revision)
    if revision != head_revision():
        raise OUTDATED.about(engine.url)


def head_revision() -> str:
    """Name the newest revision that this program knows.

    Returns
    -------
    str
        The one head of the migrations.
    """
    head = _scripts().get_current_head()
    if head is None:
        raise LookupError(f"{MIGRATIONS} holds no migration")
    return head


def alembic_config() -> Config:
    """Configure Alembic from code, independent of the working directory.

    Returns
    -------
    Config
        Pass an open connection in ``attributes["connection"]``.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def lock_writers(session: Session) -> None:
    """Let one writer at a time pass until the transaction ends.

    Parameters
    ----------
    session
        A write session. On SQLite it holds the lock already; on PostgreSQL an advisory lock is taken.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def _read_address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseAddressError(
            "LIANWEN_DATABASE_URL is not a database URL; see the README",
            zh="LIANWEN_DATABASE_URL 不是数据库地址;写法见 README",
        ) from error
    backend = address.get_backend_name()
    if backend == "sqlite":
        return address.set(drivername="sqlite")
    if backend in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    raise DatabaseAddressError(
        f"LIANWEN_DATABASE_URL names '{backend}'; use sqlite:/// or postgresql://",
        zh=f"LIANWEN_DATABASE_URL 写的是 '{backend}';请用 sqlite:/// 或 postgresql://",
    )


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN comes too late and is never IMMEDIATE; the begin event speaks instead.
    if not isinstance(connection, sqlite3.Connection):
        raise TypeError("the SQLite engine needs the driver of the standard library")
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    if journal not in {"wal", "memory"}:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    access = connection.get_execution_options().get(ACCESS)
    if access == "none":
        return
    # Foreign keys rest while tables are rebuilt; the pragma is deaf inside a transaction.
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if access == 'migrate' else 'ON'}")
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if access == 'read' else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if access in {"read", None} else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(ACCESS) == "write":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")


def _migrate(engine: Engine, *, backup_dir: Path) -> MigrationResult:
    with engine.connect() as connection:
        before = _revision(connection)
        tables = inspect(connection).get_table_names()
    _refuse_newer(engine, before)
    head = head_revision()
    if before == head:
        return MigrationResult(before, head)
    if before is None and tables:
        raise NotADatabaseError(
            f"database {label(engine.url)}: it holds tables of another program ({tables[0]}); choose another",
            zh=f"数据库 {label(engine.url)}:里面是别的程序的表({tables[0]});请换一个数据库",
        )
    copy = copy_database(engine, backup_dir, name=f"before-{head}") if before else Backup()
    _upgrade(engine)
    return MigrationResult(before, head, backup=copy.path, note=copy.note)


def _upgrade(engine: Engine) -> None:
    with engine.execution_options(**{ACCESS: "migrate"}).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise LookupError(f"the migration left a row of {broken[0]} without its {broken[2]}")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config())


def _refuse_newer(engine: Engine, revision: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseNewerError(
            f"database {label(engine.url)} is newer than the program ({revision}); update the program",
            zh=f"数据库 {label(engine.url)} 比程序新({revision});请升级程序",
        )
