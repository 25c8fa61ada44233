"""kill -9 while a list is imported or undone leaves all of it or nothing, and it can be repeated."""

import os
import shutil
import subprocess
import sys
import threading
import time
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, make_url, select

from chains.db import make_engine, read_session
from chains.tables import PurchaseRow, SupplierRow
from desk.attempts import interrupted_imports
from desk.loading import import_chain, initialise
from ingest.tables import ListRowRow, UploadRow
from risk.model import PERSPECTIVES
from risk.tables import RunRow
from settings import Settings
from tests.store_fixtures import database_url, run_sql, start_server

CHILD = Path(__file__).with_name("importing_child.py")
ROOT = Path(__file__).parents[2]
REDUCED = os.environ.get("LIANWEN_SOAK") == "reduced"
ROWS = 300 if REDUCED else 1500
KILLS = 6 if REDUCED else 30
WRITERS = 8
NOTHING = (0, 0, 0, 0, 0, 0)
NUMBERS = count(1)


def start(settings, what="import", number=0):
    command = [sys.executable, str(CHILD), str(settings.home), str(ROWS), what, str(number)]
    environment = os.environ | {"LIANWEN_DATABASE_URL": settings.database_url}
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    return child


def go(child):
    child.stdin.write(b"\n")
    child.stdin.flush()


def counts(settings):
    """Uploads, their rows, runs, current facts, and undone uploads."""
    engine = make_engine(settings.database_url)
    with read_session(engine) as session:
        found = [
            session.scalar(select(func.count()).select_from(table))
            for table in (UploadRow, ListRowRow, RunRow)
        ]
        found += [
            session.scalar(
                select(func.count()).where(table.upload_id.is_not(None), table.superseded_at.is_(None))
            )
            for table in (PurchaseRow, SupplierRow)
        ]
        found.append(session.scalar(select(func.count()).where(UploadRow.undone_at.is_not(None))))
    engine.dispose()
    return tuple(found)


class Homes:
    """Copies of one database, on SQLite as files, on PostgreSQL by template."""

    def __init__(self, folder, backend):
        self.folder, self.backend = folder, backend
        self.first = self.make("first")
        initialise(self.first, empty=True)
        import_chain(self.first, ROOT / "tests" / "golden" / "chains" / "textbook")

    def make(self, name, template=None):
        home = self.folder / name
        home.mkdir()
        (home / "var").mkdir()
        if self.backend == "sqlite":
            if template is not None:
                shutil.copy(template.home / "var" / "lianwen.db", home / "var" / "lianwen.db")
            return Settings(home=home)
        database = f"kills_{os.getpid()}_{next(NUMBERS)}"
        source = "template1" if template is None else make_url(template.database_url).database
        run_sql(start_server(), f"CREATE DATABASE {database} TEMPLATE {source}")
        return Settings(home=home, database_url=database_url(start_server(), database))

    def copy(self, name, template):
        from desk.store import open_engine

        # A template with an open connection cannot be copied, and a file only when its log is written back.
        open_engine(template.database_url).dispose()
        return self.make(name, template)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def homes(request, tmp_path):
    return Homes(tmp_path, request.param)


def run_whole(settings, what="import", number=0):
    child = start(settings, what, number)
    began = time.monotonic()
    go(child)
    assert child.stdout.readline() == b"done\n"
    seconds = time.monotonic() - began
    child.communicate()
    return seconds


def kill_after(settings, seconds, what="import"):
    child = start(settings, what)
    go(child)
    threading.Event().wait(seconds)
    child.kill()
    child.communicate()


@pytest.mark.soak
def test_a_killed_import_leaves_all_rows_or_none_shows_as_interrupted_and_can_be_repeated(homes):
    whole = homes.copy("whole", homes.first)
    seconds = run_whole(whole)
    everything = counts(whole)
    # One run is queued for each perspective.
    assert everything == (1, ROWS, len(PERSPECTIVES), ROWS * 2 // 3, ROWS * 2 // 3, 0)
    ends = set()
    for number in range(KILLS):
        settings = homes.copy(f"home{number}", homes.first)
        kill_after(settings, seconds * number / KILLS)
        found = counts(settings)
        assert found in {everything, NOTHING}
        ends.add(found)
        if found == NOTHING and interrupted_imports(settings):
            run_whole(settings)
            assert counts(settings) == everything
        assert interrupted_imports(settings) == ()
    assert NOTHING in ends


@pytest.mark.soak
def test_a_killed_undo_leaves_the_import_or_nothing_of_it(homes):
    stored = homes.copy("stored", homes.first)
    run_whole(stored)
    imported = counts(stored)
    whole = homes.copy("whole", stored)
    seconds = run_whole(whole, "undo")
    undone = counts(whole)
    assert undone[3:] == (0, 0, 1)
    ends = set()
    for number in range(KILLS):
        settings = homes.copy(f"home{number}", stored)
        kill_after(settings, seconds * number / KILLS, "undo")
        found = counts(settings)
        assert found in {imported, undone}
        ends.add(found)
        if found == imported:
            run_whole(settings, "undo")
        assert counts(settings) == undone
    assert imported in ends


@pytest.mark.soak
def test_eight_writers_at_once_lose_nothing(homes):
    settings = homes.copy("writers", homes.first)
    children = [start(settings, "import", number + 1) for number in range(WRITERS)]
    for child in children:
        go(child)
    assert [child.stdout.readline() for child in children] == [b"done\n"] * WRITERS
    for child in children:
        child.communicate()
    uploads, rows, _, purchases, firms, _ = counts(settings)
    assert (uploads, rows) == (WRITERS, WRITERS * ROWS)
    assert firms == WRITERS * ROWS * 2 // 3
    # Each list replaces the one before of the same buyer and item: exactly one stands.
    assert purchases == ROWS * 2 // 3
