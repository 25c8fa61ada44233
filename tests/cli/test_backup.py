"""Backup and restore: every row of every table comes back, on and between both databases."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    delete,
    insert,
    inspect,
    select,
    text,
    type_coerce,
)

from chains.db import alembic_config, make_engine, write_session
from chains.dump import read_tables
from chains.errors import LianwenError
from desk import backups
from desk.archives import BackupError
from desk.backups import restore_backup, write_backup
from desk.example import load_example
from desk.loading import import_chain, initialise
from risk.model import RunRequest
from risk.repository import list_runs
from risk.runs.queue import queue_run
from settings import Settings, prepare_environment
from tests.run_factories import REQUEST

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def settings_at(home: Path, url: str | None = None) -> Settings:
    home.mkdir(exist_ok=True)
    settings = Settings(home=home, database_url=url) if url else Settings(home=home)
    prepare_environment(settings)
    return settings


def all_rows(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table, the JSON of a column as text."""
    engine = make_engine(settings.database_url)
    found = {}
    with engine.connect() as connection:
        postgres = engine.dialect.name == "postgresql"
        for table in read_tables(connection):
            columns = [
                column
                if not isinstance(column.type, JSON)
                else (cast(column, Text) if postgres else type_coerce(column, Text))
                for column in sorted(table.columns, key=lambda column: column.name)
            ]
            rows = connection.execute(select(*columns).order_by(*table.primary_key.columns)).all()
            found[table.name] = [tuple(map(_aware, row)) for row in rows]
    engine.dispose()
    return found


def _aware(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=UTC) if cell.tzinfo is None else cell.astimezone(UTC)
    return cell


def fill(settings: Settings) -> None:
    """Store chains with history, the example, a scored run, a queued one and an uploaded file."""
    from desk.computing import recompute_chains

    initialise(settings, empty=True)
    import_chain(settings, GOLDEN / "fabs")
    import_chain(settings, GOLDEN / "blank")
    load_example(settings)
    recompute_chains(settings, ("blank",), by="张三")
    engine = make_engine(settings.database_url)
    with write_session(engine) as session:
        queue_run(session, REQUEST, at=NOON)
    engine.dispose()
    folder = settings.var_dir / "uploads" / "ab"
    folder.mkdir(mode=0o700, parents=True)
    (folder / "abcdef.csv").write_bytes("供应商,物料\n甲,乙\n".encode("gb18030"))


def wipe(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM source"))
    engine.dispose()


@pytest.fixture
def source(bare_url: str, tmp_path: Path) -> Settings:
    settings = settings_at(tmp_path / "source", bare_url)
    fill(settings)
    return settings


@pytest.fixture
def sqlite_source(tmp_path: Path) -> Settings:
    settings = settings_at(tmp_path / "sqlite-source")
    fill(settings)
    return settings


# -- round trips -------------------------------------------------------------------------------


def test_every_row_of_either_database_comes_back_in_a_new_home(source, tmp_path):
    held = all_rows(source)
    assert all(held[name] for name in ("chain", "item", "purchase", "chain_load", "run", "run_node", "score"))
    done = write_backup(source, tmp_path / "all.zip")
    assert done.rows == sum(map(len, held.values()))
    target = settings_at(tmp_path / "target")
    restored = restore_backup(target, tmp_path / "all.zip")
    assert (restored.rows, restored.files) == (done.rows, 1)
    assert all_rows(target) == held
    copied = target.var_dir / "uploads" / "ab" / "abcdef.csv"
    assert copied.read_bytes() == (source.var_dir / "uploads" / "ab" / "abcdef.csv").read_bytes()
    assert copied.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_sqlite_restores_into_either_database_and_work_goes_on(sqlite_source, bare_url, tmp_path):
    write_backup(sqlite_source, tmp_path / "all.zip")
    target = settings_at(tmp_path / "target", bare_url)
    restore_backup(target, tmp_path / "all.zip")
    assert all_rows(target) == all_rows(sqlite_source)
    engine = make_engine(bare_url)
    with write_session(engine) as session:
        before = {run.run_id for run in list_runs(session)}
        assert queue_run(session, RunRequest("fabs", reason="test"), at=NOON) not in before
    engine.dispose()


def test_replacing_brings_the_rows_of_the_backup_back_and_keeps_a_copy_of_what_was_there(source, tmp_path):
    held = all_rows(source)
    write_backup(source, tmp_path / "all.zip")
    wipe(source)
    (source.var_dir / "uploads" / "later.csv").write_bytes(b"x")
    spoilt = all_rows(source)
    done = restore_backup(source, tmp_path / "all.zip", replace=True)
    assert all_rows(source) == held
    assert not (source.var_dir / "uploads" / "later.csv").exists()
    assert done.copy is not None
    other = settings_at(tmp_path / "other")
    restore_backup(other, done.copy)
    assert all_rows(other) == spoilt
    assert (other.var_dir / "uploads" / "later.csv").exists()


def test_a_backup_is_readable_by_its_owner_only(sqlite_source, tmp_path):
    write_backup(sqlite_source, tmp_path / "all.zip")
    assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600


def test_every_kind_of_column_and_a_row_that_points_to_its_own_table_survive(bare_url, tmp_path):
    settings = settings_at(tmp_path / "kinds", bare_url)
    initialise(settings, empty=True)
    metadata = MetaData()
    kinds = Table(
        "kinds",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("earlier_id", ForeignKey("kinds.id")),
        Column("body", LargeBinary),
        Column("day", Date),
        Column("at", DateTime(timezone=True)),
        Column("share", Float),
        Column("note", Text),
        Column("data", JSON),
    )
    engine = make_engine(bare_url)
    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.execute(
            insert(kinds),
            [
                {"id": 7, "earlier_id": None, "body": b"\x00\xff", "day": date(2026, 2, 28), "at": NOON,
                 "share": 0.1 + 0.2, "note": '两\n行\t"引号" \u2028', "data": {"值": [1, None, 1e-300]}},
                {"id": 8, "earlier_id": 7, "body": b"", "day": None, "at": None,
                 "share": 5e-324, "note": "", "data": None},
            ],
        )  # fmt: skip
    held = all_rows(settings)
    write_backup(settings, tmp_path / "all.zip")
    with engine.begin() as connection:
        connection.execute(delete(kinds))
    engine.dispose()
    restore_backup(settings, tmp_path / "all.zip", replace=True)
    assert all_rows(settings) == held


def test_a_backup_of_an_earlier_revision_is_upgraded_on_the_way_in(bare_url, tmp_path):
    first = ScriptDirectory.from_config(alembic_config()).get_bases()[0]
    engine = make_engine(bare_url)
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, first)
        connection.execute(
            text(
                "INSERT INTO chain (chain_id, name_zh, name_en, recorded_at)"
                " VALUES ('ic', '集成电路', 'Chips', '2026-11-22 00:00:00+00:00')"
                if engine.dialect.name == "postgresql"
                else "INSERT INTO chain (chain_id, name_zh, name_en, recorded_at)"
                " VALUES ('ic', '集成电路', 'Chips', '2026-11-22 00:00:00.000000')"
            )
        )
    backups._write_archive(engine, tmp_path / "none", tmp_path / "old.zip", schema=first)
    engine.dispose()
    target = settings_at(tmp_path / "target")
    restore_backup(target, tmp_path / "old.zip")
    rows = all_rows(target)
    assert len(rows["chain"]) == 1
    opened = make_engine(target.database_url)
    fresh = settings_at(tmp_path / "fresh")
    initialise(fresh, empty=True)
    assert set(rows) == set(all_rows(fresh))
    assert inspect(opened).has_table("alembic_version")
    opened.dispose()


# -- refusals ----------------------------------------------------------------------------------


def test_a_database_with_data_is_not_overwritten_unasked(source, tmp_path):
    held = all_rows(source)
    write_backup(source, tmp_path / "all.zip")
    with pytest.raises(BackupError, match="--replace"):
        restore_backup(source, tmp_path / "all.zip")
    assert all_rows(source) == held


def test_a_backup_never_overwrites_a_file(sqlite_source, tmp_path):
    (tmp_path / "mine.zip").write_bytes(b"mine")
    with pytest.raises(BackupError, match="exists already"):
        write_backup(sqlite_source, tmp_path / "mine.zip")
    assert (tmp_path / "mine.zip").read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.glob("*.part")) == []


def rewrite(file: Path, change) -> Path:
    """Copy an archive, its manifest changed."""
    changed = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(body)
                change(manifest)
                body = json.dumps(manifest).encode()
            new.writestr(name, body)
    return changed


def point_elsewhere(manifest):
    one = next(member for member in manifest["members"] if member["name"].startswith("uploads/"))
    one["name"] = "uploads/../../escaped"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(lambda manifest: manifest.update(format=2), "更新版本", id="newer archive"),
        pytest.param(lambda manifest: manifest.update(schema="9999_future"), "更新版本", id="newer tables"),
        pytest.param(lambda manifest: manifest.pop("members"), "已损坏", id="no list"),
        pytest.param(lambda manifest: manifest["members"].pop(), "已损坏", id="short list"),
        pytest.param(lambda manifest: manifest["members"][0].update(sha256="0" * 64), "已损坏", id="digest"),
        pytest.param(lambda manifest: manifest["members"][0].update(columns=["id"]), "表结构", id="columns"),
        pytest.param(point_elsewhere, "已损坏", id="path"),
    ],
)
def test_a_changed_archive_is_refused_in_one_sentence_and_nothing_is_changed(
    sqlite_source, tmp_path, change, sentence
):
    write_backup(sqlite_source, tmp_path / "all.zip")
    held = all_rows(sqlite_source)
    with pytest.raises(BackupError) as refused:
        restore_backup(sqlite_source, rewrite(tmp_path / "all.zip", change), replace=True)
    assert sentence in refused.value.say("zh")
    assert refused.value.say("en").isascii()
    assert "\n" not in refused.value.say("zh")
    assert all_rows(sqlite_source) == held
    assert (sqlite_source.var_dir / "uploads" / "ab" / "abcdef.csv").exists()


def test_a_cut_a_flipped_and_a_foreign_file_are_refused(sqlite_source, tmp_path):
    write_backup(sqlite_source, tmp_path / "all.zip")
    whole = (tmp_path / "all.zip").read_bytes()
    held = all_rows(sqlite_source)
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 0xFF
    for number, body in enumerate(
        (whole[:-200], whole[: len(whole) // 2], bytes(flipped), b"", b"PK\x03\x04no")
    ):
        spoilt = tmp_path / f"spoilt-{number}.zip"
        spoilt.write_bytes(body)
        with pytest.raises(LianwenError):
            restore_backup(sqlite_source, spoilt, replace=True)
    with pytest.raises(BackupError, match="cannot be opened"):
        restore_backup(sqlite_source, tmp_path / "missing.zip")
    assert all_rows(sqlite_source) == held


def test_the_commands_say_what_they_did_and_leave_with_1_when_they_refuse(lianwen, home, tmp_path):
    lianwen("init", "--empty")
    lianwen("example", "load")
    done = lianwen("backup", tmp_path / "all.zip")
    assert done.exit_code == 0
    assert "已备份" in done.stderr
    assert done.stdout == ""
    refused = lianwen("restore", tmp_path / "all.zip")
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert lianwen("restore", "--replace", tmp_path / "all.zip").exit_code == 0
    shutil.rmtree(home / "var")
    assert lianwen("restore", tmp_path / "all.zip").exit_code == 0
    assert "没有改动" in lianwen("example", "load").stderr
