"""Backup and restore: the whole database and the uploaded files in one file, for either database."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from chains.backup import ACCESS
from chains.db import (
    alembic_config,
    check_version,
    explained,
    head_revision,
    make_engine,
    migrate,
    read_session,
)
from chains.dump import (
    advance_sequences,
    delete_rows,
    dump_rows,
    has_rows,
    load_rows,
    lock_tables,
    read_tables,
)
from chains.errors import Sentence
from desk.archives import (
    FORMAT,
    MANIFEST,
    ArchiveWriter,
    BackupError,
    Manifest,
    check_members,
    extract_upload,
    newer_backup,
    read_lines,
    read_manifest,
    reading_archive,
    writing_archive,
)
from settings import VERSION

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from settings import Settings

UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class BackupResult:
    """What a backup or a restore moved.

    Attributes
    ----------
    sentence
        For the person in front of the screen.
    rows, files
        Rows of all tables, uploaded files.
    copy
        After a restore with replacement: the backup of what was there before.
    """

    sentence: Sentence
    rows: int
    files: int
    copy: Path | None = None


def write_backup(settings: Settings, file: Path) -> BackupResult:
    """Write database and uploaded files into one new file while others may go on working.

    Parameters
    ----------
    settings
        Where database and uploads are.
    file
        A ``.zip`` that does not exist yet; mode 600, as it holds business secrets.

    Returns
    -------
    BackupResult
        One state of the whole database.

    Raises
    ------
    BackupError
        When the file exists or cannot be written.
    StoreError
        When the database is missing, older or newer than the program, or cannot be read.
    """
    with _engine(settings) as engine:
        check_version(engine)
        manifest = _write_archive(engine, settings.var_dir / UPLOADS, file, schema=head_revision())
    rows, files = _totals(manifest)
    sentence = Sentence(
        f"backed up to {file.name}: {rows} rows, {files} uploaded files",
        f"已备份到 {file.name}:数据 {rows} 行,上传文件 {files} 个",
    )
    return BackupResult(sentence, rows, files)


def restore_backup(settings: Settings, file: Path, *, replace: bool = False) -> BackupResult:
    """Make the database and the uploaded files those of a backup, all or nothing.

    Parameters
    ----------
    settings
        Where database and uploads are; tables are made when there are none.
    file
        From `write_backup`, of either database and of this or an earlier revision of the tables.
    replace
        Whether data that stand there may go; they are backed up into ``var/backups`` first.

    Returns
    -------
    BackupResult
        What was restored.

    Raises
    ------
    BackupError
        When the file is no backup, damaged or of a newer program, or data stand there already.
    StoreError
        When the database cannot be opened or written.
    """
    with reading_archive(file) as archive, _engine(settings) as engine:
        manifest = read_manifest(archive, file)
        _refuse_newer(manifest, file)
        check_members(archive, manifest, file)
        _prepare_tables(settings, engine)
        copy = _clear_way(settings, engine, replace=replace)
        try:
            with _uploads_replaced(archive, manifest, settings.var_dir / UPLOADS), explained(engine):
                _fill_database(engine, archive, manifest, replace=replace)
        except (ValueError, KeyError) as error:
            raise BackupError(
                f"the rows of {file.name} do not fit its tables; the restore was undone, nothing was changed",
                zh=f"备份文件 {file.name} 与其表结构不符,恢复已撤销,数据没有改动",
            ) from error
    rows, files = _totals(manifest)
    return BackupResult(_tell_restored(file, rows, files, copy), rows, files, copy)


def _tell_restored(file: Path, rows: int, files: int, copy: Path | None) -> Sentence:
    kept = f"; what was there before is in var/backups/{copy.name}" if copy else ""
    kept_zh = f";原有数据已备份到 var/backups/{copy.name}" if copy else ""
    return Sentence(
        f"restored {file.name}: {rows} rows, {files} uploaded files{kept}",
        f"已恢复 {file.name}:数据 {rows} 行,上传文件 {files} 个{kept_zh}",
    )


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    """Open the database apart from the engine that the process shares: its tables may be rebuilt."""
    engine = make_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def _write_archive(engine: Engine, uploads: Path, file: Path, *, schema: str) -> Manifest:
    with read_session(engine) as session, writing_archive(file) as archive:
        writer = ArchiveWriter(archive)
        connection = session.connection()
        for table in read_tables(connection):
            writer.add_table(table.name, table.columns.keys(), dump_rows(connection, table))
        for upload in _list_files(uploads):
            writer.add_upload(upload, PurePosixPath(upload.relative_to(uploads).as_posix()))
        manifest = Manifest(
            FORMAT, VERSION, schema, engine.dialect.name, datetime.now(UTC).isoformat(), tuple(writer.members)
        )
        archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _list_files(folder: Path) -> list[Path]:
    found = folder.rglob("*") if folder.is_dir() else ()
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def _totals(manifest: Manifest) -> tuple[int, int]:
    return (
        sum(member.rows for member in manifest.members),
        sum(not member.is_table for member in manifest.members),
    )


def _refuse_newer(manifest: Manifest, file: Path) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if manifest.schema not in known:
        raise newer_backup(file, manifest.program)


def _now_label() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"


def _prepare_tables(settings: Settings, engine: Engine) -> None:
    with explained(engine):
        empty = not inspect(engine).get_table_names()
    if empty:
        migrate(engine, backup_dir=settings.var_dir / "backups")
    check_version(engine)


def _clear_way(settings: Settings, engine: Engine, *, replace: bool) -> Path | None:
    """Refuse to overwrite unasked; asked to, back up what is there."""
    uploads = settings.var_dir / UPLOADS
    with read_session(engine) as session:
        connection = session.connection()
        held = has_rows(connection, read_tables(connection)) or bool(_list_files(uploads))
    if not held:
        return None
    if not replace:
        raise BackupError(
            "the database or var/uploads holds data, so nothing was restored; "
            "add --replace to replace them (they are backed up first)",
            zh="数据库或 var/uploads 中已有数据,未恢复;确要替换请加 --replace(会先自动备份)",
        )
    folder = settings.var_dir / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = folder / f"before-restore-{_now_label()}.zip"
    _write_archive(engine, uploads, copy, schema=head_revision())
    return copy


def _fill_database(engine: Engine, archive: zipfile.ZipFile, manifest: Manifest, *, replace: bool) -> None:
    """Empty the tables and load the rows, in one transaction."""
    with engine.execution_options(**{ACCESS: "migrate"}).begin() as connection:
        tables = read_tables(connection)
        lock_tables(connection, tables)
        if not replace and has_rows(connection, tables):
            raise BackupError(
                "another process wrote data meanwhile; the restore was undone, stop that process and repeat",
                zh="恢复前有别的进程写入了数据,恢复已撤销;请停止其他进程后重试",
            )
        delete_rows(connection, tables)
        older = manifest.schema != head_revision()
        if older:
            _move_tables(connection, manifest.schema, down=True)
        _load_tables(connection, archive, manifest)
        if older:
            _move_tables(connection, "head", down=False)
        advance_sequences(connection, read_tables(connection))
        _check_references(connection)


def _load_tables(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    members = {member.table: member for member in manifest.members if member.is_table}
    tables = read_tables(connection)
    if sorted(members) != sorted(table.name for table in tables):
        raise ValueError("the tables of the backup are not those of its revision")
    for table in tables:
        member = members[table.name]
        if sorted(member.columns) != sorted(table.columns.keys()):
            raise ValueError(f"the columns of {table.name} are not those of its revision")
        loaded = load_rows(connection, table, read_lines(archive, member), columns=member.columns)
        if loaded != member.rows:
            raise ValueError(f"{table.name} holds {loaded} rows, not {member.rows}")


def _move_tables(connection: Connection, revision: str, *, down: bool) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, revision)


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise ValueError(f"a row of {broken[0]} lacks its {broken[2]}")


@contextmanager
def _uploads_replaced(archive: zipfile.ZipFile, manifest: Manifest, uploads: Path) -> Iterator[None]:
    """Put the uploaded files in place for the block; bring the former ones back when it fails."""
    fresh = uploads.with_name("uploads.restoring")
    # Beside the backups: were the program killed in the block, a person finds the former files there.
    former = uploads.with_name("backups") / f"uploads-before-{_now_label()}"
    former.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for member in manifest.members:
        if not member.is_table:
            extract_upload(archive, member, fresh)
    had = uploads.exists()
    if had:
        uploads.rename(former)
    fresh.rename(uploads)
    try:
        yield
    except BaseException:
        shutil.rmtree(uploads)
        if had:
            former.rename(uploads)
        raise
    shutil.rmtree(former, ignore_errors=True)
