"""kill -9 while a list is imported leaves all of its rows and its run, or none."""

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chains.db import make_engine, read_session
from chains.tables import PurchaseRow, SupplierRow
from desk.loading import import_chain, initialise
from ingest.tables import ListRowRow, UploadRow
from risk.tables import RunRow
from settings import Settings

CHILD = Path(__file__).with_name("importing_child.py")
ROOT = Path(__file__).parents[2]
ROWS, KILLS = 1500, 20


def start(home):
    command = [sys.executable, str(CHILD), str(home), str(ROWS)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    return child


def go(child):
    child.stdin.write(b"\n")
    child.stdin.flush()


def counts(home):
    engine = make_engine(Settings(home=home).database_url)
    with read_session(engine) as session:
        found = [
            session.scalar(select(func.count()).select_from(table))
            for table in (UploadRow, ListRowRow, RunRow)
        ]
        found += [
            session.scalar(select(func.count()).where(table.upload_id.is_not(None)))
            for table in (PurchaseRow, SupplierRow)
        ]
    engine.dispose()
    return tuple(found)


@pytest.mark.soak
def test_a_killed_import_leaves_all_rows_or_none(tmp_path):
    first = tmp_path / "first"
    settings = Settings(home=first)
    first.mkdir()
    settings.var_dir.mkdir()
    initialise(settings, empty=True)
    import_chain(settings, ROOT / "tests" / "golden" / "chains" / "textbook")
    homes = [Path(shutil.copytree(first, tmp_path / f"home{n}")) for n in range(KILLS)]
    whole = start(first)
    began = time.monotonic()
    go(whole)
    assert whole.stdout.readline() == b"done\n"
    seconds = time.monotonic() - began
    whole.communicate()
    everything = counts(first)
    assert everything == (1, ROWS, 1, ROWS * 2 // 3, ROWS * 2 // 3)
    ends = set()
    for number, home in enumerate(homes):
        child = start(home)
        go(child)
        threading.Event().wait(seconds * number / KILLS)
        child.kill()
        child.communicate()
        found = counts(home)
        assert found in {everything, (0, 0, 0, 0, 0)}
        ends.add(found)
    assert (0, 0, 0, 0, 0) in ends
