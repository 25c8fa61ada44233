"""Copies of a database: before a migration, and on demand."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chains.db_errors import StoreError
from chains.errors import Sentence

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Engine

KEPT_COPIES: Final = 5
# Execution option that says what a connection is for; the engine's begin event in chains.db reads it.
ACCESS: Final = "lianwen_access"
_DUMP_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a database.

    Attributes
    ----------
    path
        The copy, or None when there is none.
    note
        Why there is none, or None.
    """

    path: Path | None = None
    note: Sentence | None = None


def copy_database(engine: Engine, folder: Path, *, name: str, keep: int = KEPT_COPIES) -> Backup:
    """Copy a whole database into a folder while others may go on using it.

    Parameters
    ----------
    engine
        The database to copy.
    folder
        Made with mode 700 when missing; a database holds business secrets.
    name
        Goes into the file name behind a running number.
    keep
        How many copies of the folder stay, the newest first; at least 1.

    Returns
    -------
    Backup
        On PostgreSQL the path is None, with a note, when ``pg_dump`` is missing or too old.

    Raises
    ------
    StoreError
        When the folder cannot be made.
    sqlalchemy.exc.DBAPIError
        When a SQLite file cannot be copied.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"no copy of the database can be written to {folder}: {error.strerror}",
            zh=f"数据库的副本写不进 {folder}({error.strerror});请检查这个文件夹的权限",
        ) from error
    is_sqlite = engine.dialect.name == "sqlite"
    target = folder / f"{_next_number(folder):05d}-{name}.{'db' if is_sqlite else 'dump'}"
    copy = _copy_sqlite(engine, target) if is_sqlite else _dump_postgresql(engine.url, target)
    if copy.path is not None:
        copy.path.chmod(0o600)
        _prune(folder, keep=keep)
    return copy


def _copy_sqlite(engine: Engine, target: Path) -> Backup:
    # VACUUM cannot run inside a transaction, so the begin event is told to open none.
    partial = target.with_suffix(".part")
    partial.unlink(missing_ok=True)
    try:
        with engine.execution_options(**{ACCESS: "none"}).connect() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(partial),))
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(target)
    return Backup(target)


def _dump_postgresql(url: URL, target: Path) -> Backup:
    program = shutil.which("pg_dump")
    if program is None:
        note = Sentence(
            "no copy was made before the migration: pg_dump is not installed",
            "升级前没有留副本:没有安装 pg_dump",
        )
        return Backup(note=note)
    # The password travels in the environment of the child, where other users cannot read it.
    password = url.password or url.query.get("password")
    plain = url.set(drivername="postgresql", password=None).difference_update_query(["password"])
    command = [program, "--format=custom", f"--file={target}", f"--dbname={plain.render_as_string()}"]
    secret = {"PGPASSWORD": str(password)} if password else {}
    try:
        done = subprocess.run(  # noqa: S603
            command, env=secret, capture_output=True, text=True, timeout=_DUMP_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode != 0:
        target.unlink(missing_ok=True)
        reason = _first_line(done)
        note = Sentence(
            f"no copy was made before the migration: pg_dump failed{reason}",
            f"升级前没有留副本:pg_dump 没有成功{reason}",
        )
        return Backup(note=note)
    return Backup(target)


def _first_line(done: subprocess.CompletedProcess[str] | None) -> str:
    lines = done.stderr.strip().splitlines() if done else []
    return f" ({lines[0]})" if lines else ""


def _copies(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("[0-9]*-*") if path.suffix in {".db", ".dump"})


def _next_number(folder: Path) -> int:
    copies = _copies(folder)
    return int(copies[-1].name.split("-")[0]) + 1 if copies else 1


def _prune(folder: Path, *, keep: int) -> None:
    for old in _copies(folder)[:-keep]:
        old.unlink()
