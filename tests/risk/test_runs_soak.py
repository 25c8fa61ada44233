"""Runs under kills and many claimers."""

import contextlib
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chains.db import make_engine, read_session
from risk.model import RunStatus
from risk.repository import (
    list_runs,
)
from risk.tables import ScoreRow
from tests.run_factories import claim, queue


@pytest.mark.soak
@pytest.mark.postgres
def test_many_claimers_of_a_real_server_never_share_a_run(engine, migrated_url):
    from concurrent.futures import ThreadPoolExecutor

    runs = [queue(engine) for _ in range(40)]

    def drain(holder):
        own = make_engine(migrated_url)
        taken = []
        while (run := claim(own, holder)) is not None:
            taken.append(run.run_id)
        own.dispose()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [run_id for mine in pool.map(drain, ("a", "b", "c", "d")) for run_id in mine]
    assert sorted(taken) == runs


@pytest.mark.soak
def test_a_run_killed_at_any_moment_leaves_all_its_rows_or_none(chain, migrated_url, soak_rounds):
    child = Path(__file__).with_name("recording_child.py")
    rng = random.Random(0)
    for hour in range(soak_rounds):
        queue(chain)
        command = [sys.executable, str(child), migrated_url, str(hour)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        assert process.stdout is not None
        assert process.stdout.readline() == b"recording\n"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.0, 0.3))
        process.kill()
        process.communicate()
        for run in newest(chain):
            assert rows_of(chain, run.run_id) == (2 * 3 * 5 * 400 if run.status is RunStatus.SUCCEEDED else 0)


def newest(engine):
    with read_session(engine) as session:
        return list_runs(session, limit=5)


def rows_of(engine, run_id):
    with read_session(engine) as session:
        return session.scalar(select(func.count()).select_from(ScoreRow).where(ScoreRow.run_id == run_id))
