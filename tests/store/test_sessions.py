"""What a session promises, on both databases."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from chains.db import check_version, make_engine, read_session, write_session
from chains.db_errors import (
    DatabaseAddressError,
    DatabaseFullError,
    DatabaseOutdatedError,
    DatabaseReadOnlyError,
    DatabaseRefusedError,
    DatabaseUnreachableError,
    NotADatabaseError,
    StoreError,
)
from chains.tables import ChainLoadRow, ItemRow

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def add_load(session, chain_id="ic", at=NOON):
    session.execute(
        insert(ChainLoadRow).values(chain_id=chain_id, digest="d", origin="shipped", loaded_at=at)
    )


def break_off(_):
    raise LookupError


def loads(engine):
    with read_session(engine) as session:
        return session.scalars(select(ChainLoadRow.chain_id).order_by(ChainLoadRow.id)).all()


def test_a_block_that_fails_leaves_nothing_behind(engine):
    with pytest.raises(LookupError), write_session(engine) as session:
        break_off(add_load(session))
    assert loads(engine) == []


def test_a_read_session_cannot_write(engine):
    with pytest.raises((StoreError, DBAPIError)), read_session(engine) as session:
        add_load(session)
    assert loads(engine) == []


def test_a_connection_that_has_read_may_write_again(engine):
    loads(engine)
    with write_session(engine) as session:
        add_load(session)
    assert loads(engine) == ["ic"]


def test_a_reader_keeps_seeing_the_state_it_began_with(engine):
    with read_session(engine) as reader:
        assert reader.scalars(select(ChainLoadRow.chain_id)).all() == []
        with write_session(engine) as writer:
            add_load(writer)
        assert reader.scalars(select(ChainLoadRow.chain_id)).all() == []
    assert loads(engine) == ["ic"]


def test_an_instant_comes_back_as_the_same_instant_in_utc(engine):
    in_shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    with write_session(engine) as session:
        add_load(session, at=in_shanghai)
    with read_session(engine) as session:
        stored = session.scalars(select(ChainLoadRow.loaded_at)).one()
    assert stored == in_shanghai
    assert stored.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(engine):
    with pytest.raises(StatementError, match="no time zone"), write_session(engine) as session:
        add_load(session, at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "gadget"},
        {"home_use": 1.5},
        {"cover_days": -1.0},
        {"load_id": 99},
        {"superseded_at": NOON - timedelta(days=1)},
    ],
)
def test_constraints_repeat_the_rules_of_the_domain(engine, broken):
    row = {"chain_id": "ic", "item_id": "x", "name_en": "x", "name_zh": "x", "kind": "material"}
    with pytest.raises((IntegrityError, StatementError)), write_session(engine) as session:
        session.execute(insert(ItemRow).values({**row, "recorded_at": NOON, **broken}))


def test_two_current_rows_of_one_key_are_refused_but_history_is_not(engine):
    row = {"chain_id": "ic", "item_id": "x", "name_en": "x", "name_zh": "x", "kind": "material"}
    with write_session(engine) as session:
        for superseded_at in (NOON, NOON, None):
            session.execute(insert(ItemRow).values(**row, recorded_at=NOON, superseded_at=superseded_at))
    with pytest.raises(IntegrityError), write_session(engine) as session:
        session.execute(insert(ItemRow).values(**row, recorded_at=NOON))


def test_sqlite_is_durable_waits_for_locks_and_keeps_references(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


def test_a_second_sqlite_writer_waits_from_its_first_word_on(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/a.db")
    with write_session(engine):
        other = sqlite3.connect(tmp_path / "a.db", timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://ada:secret@db/x", ""])
def test_a_foreign_address_is_a_sentence(url):
    with pytest.raises(DatabaseAddressError, match="LIANWEN_DATABASE_URL") as caught:
        make_engine(url)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_postgresql_address_means_psycopg_3(scheme):
    assert make_engine(f"{scheme}://ada@db.local/x").dialect.driver == "psycopg"


def test_a_file_that_is_no_database_is_a_sentence(tmp_path):
    (tmp_path / "letter.docx").write_bytes(b"Dear Sir or Madam, " * 100)
    with (
        pytest.raises(NotADatabaseError, match=r"letter\.docx: the file is not a SQLite"),
        read_session(make_engine(f"sqlite:///{tmp_path}/letter.docx")) as session,
    ):
        session.execute(text("SELECT 1"))


def test_a_missing_folder_is_a_sentence(tmp_path):
    with (
        pytest.raises(DatabaseUnreachableError, match="create its folder"),
        write_session(make_engine(f"sqlite:///{tmp_path}/none/a.db")) as session,
    ):
        session.execute(text("SELECT 1"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_a_sentence(tmp_path):
    make_engine(f"sqlite:///{tmp_path}/a.db").connect().close()
    (tmp_path / "a.db").chmod(0o400)
    with pytest.raises(DatabaseReadOnlyError), write_session(make_engine(f"sqlite:///{tmp_path}/a.db")):
        pass


def test_a_full_disk_is_a_sentence_and_changes_nothing(tmp_path, sqlite_template):
    target = tmp_path / "a.db"
    target.write_bytes(Path(sqlite_template).read_bytes())
    engine = make_engine(f"sqlite:///{target}")
    with pytest.raises(DatabaseFullError, match="disk is full"), write_session(engine) as session:
        fill_the_disk(session)
    assert loads(engine) == []


def fill_the_disk(session):
    session.execute(text("PRAGMA max_page_count = 1"))
    add_load(session, chain_id="x" * 10_000_000)


def test_missing_tables_are_a_sentence(bare_url):
    engine = make_engine(bare_url)
    with pytest.raises(DatabaseOutdatedError, match="lianwen init"), read_session(engine) as session:
        session.execute(select(ChainLoadRow.id))
    with pytest.raises(DatabaseOutdatedError, match="lianwen init"):
        check_version(engine)
    engine.dispose()


def test_migrated_tables_pass_the_version_check(engine):
    check_version(engine)


def test_no_server_is_a_sentence_without_the_password():
    engine = make_engine("postgresql://ada:secret@127.0.0.1:9/lianwen?connect_timeout=2")
    with (
        pytest.raises(DatabaseUnreachableError, match="no server answers") as caught,
        read_session(engine) as session,
    ):
        session.execute(text("SELECT 1"))
    assert "secret" not in caught.value.message
    assert "ada@127.0.0.1" in caught.value.message


@pytest.mark.postgres
def test_an_unknown_database_or_user_is_a_sentence(postgres_url):
    address = make_engine(postgres_url).url
    for wrong, error in (
        (address.set(database="nowhere"), DatabaseUnreachableError),
        (address.set(username="nobody"), DatabaseRefusedError),
    ):
        engine = make_engine(wrong.render_as_string(hide_password=False))
        with pytest.raises(error), read_session(engine) as session:
            session.execute(text("SELECT 1"))


@pytest.mark.postgres
@pytest.mark.parametrize("password", ["wrong-secret", None])
def test_a_wrong_or_missing_password_is_a_sentence_that_does_not_show_it(guarded_url, password):
    address = make_url(guarded_url).set(password=password, database="postgres")
    engine = make_engine(address.render_as_string(hide_password=False))
    with pytest.raises(DatabaseRefusedError, match="refuses this user or password") as caught:
        ask_until_the_new_rules_hold(engine)
    assert "wrong-secret" not in caught.value.message


def ask_until_the_new_rules_hold(engine):
    for _ in range(1000):
        with read_session(engine) as session:
            session.execute(text("SELECT 1"))
        engine.dispose()
