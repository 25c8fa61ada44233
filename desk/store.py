"""Opening the database for the desk: one engine a process, checked once, sessions by use."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chains.db import check_version, make_engine, read_session, write_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from settings import Settings


@contextmanager
def reading(settings: Settings) -> Iterator[Session]:
    """Open a session that sees one state of the database and cannot write.

    Parameters
    ----------
    settings
        Where the database is.

    Yields
    ------
    Session
        Valid inside the block.

    Raises
    ------
    StoreError
        When the database is missing, older or newer than the program, or cannot be read.
    """
    with read_session(open_engine(settings.database_url)) as session:
        yield session


@contextmanager
def writing(settings: Settings) -> Iterator[Session]:
    """Open a session whose changes are committed together at the end of the block, or not at all.

    Parameters
    ----------
    settings
        Where the database is.

    Yields
    ------
    Session
        Valid inside the block.

    Raises
    ------
    StoreError
        When the database is missing, older or newer than the program, or cannot be written.
    """
    with write_session(open_engine(settings.database_url)) as session:
        yield session


@functools.cache
def open_engine(database_url: str) -> Engine:
    """Make the engine of a database whose tables fit the program; shared by the whole process.

    Parameters
    ----------
    database_url
        A SQLAlchemy URL.

    Returns
    -------
    Engine
        Safe for threads.

    Raises
    ------
    StoreError
        When the tables are missing, older or newer than the program.
    """
    engine = make_engine(database_url)
    check_version(engine)
    return engine
