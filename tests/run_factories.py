"""Runs for tests: made-up score tables, and the steps of a run's life in one word each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import func, select

from chains.db import read_session, write_session
from chains.model import Mode, Scope
from risk.compute import ScoreRun, compute_scores
from risk.model import ENDS, MODES, Judgement, Level, Node, RunRequest, ScoreTable, Verdict
from risk.repository import (
    read_run,
)
from risk.runs.execute import execute_run
from risk.runs.queue import claim_next_run, queue_run
from risk.scores import SCORE_NAMES
from tests.factories import CHAIN
from tests.reference.engine import DEFAULTS, LEVELS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REQUEST = RunRequest(CHAIN, reason="test", requested_by="张三")
NODES = (
    Node(Scope.SUPPLIER, "A", "甲", "A", "JPN", None, None, home=False, firms=1),
    Node(Scope.CITY, "南京", "南京", "Nanjing", "CHN", "江苏", "南京", home=True, firms=2),
    Node(Scope.ITEM, "PART", "件", "Part", scored=False),
)
CALM = Judgement(
    level=Level.NONE,
    level_run=Level.NONE,
    level_build=Level.NONE,
    level_point=Level.YELLOW,
    level_high=Level.RED,
    decided_by=Mode.RUN,
    verdict=Verdict.CANNOT_TELL,
    structural_run=False,
    structural_build=True,
    worst_slot=("PART", 0.25),
    defaults=("cover_days", "spare"),
)
ALARM = replace(CALM, level=Level.RED, level_run=Level.RED, worst_slot=None, defaults=())


class Clock:
    """A clock that the test moves; each look takes a second."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


def made_up_table(seed=0, *, nodes=NODES, horizons=(30, 180), judgement=CALM):
    """Make a table with a blank here and there; exposure is the same at every horizon."""
    rng = np.random.default_rng(seed)
    values = {name: rng.random((len(MODES), len(ENDS), len(horizons), len(nodes))) for name in SCORE_NAMES}
    values["exposure"][:] = values["exposure"][:, :, :1]
    values["tts_days"][rng.random(values["tts_days"].shape) < 0.5] = np.nan
    for score in values.values():
        score[..., [not node.scored for node in nodes]] = np.nan
    return ScoreTable(CHAIN, nodes, horizons, values, (judgement,) * len(nodes))


def assert_equal_tables(found, wanted):
    for field in ("chain_id", "nodes", "horizons", "judgements", "main_horizon"):
        assert getattr(found, field) == getattr(wanted, field)
    assert found.values.keys() == wanted.values.keys()
    for name, values in wanted.values.items():
        np.testing.assert_array_equal(found.values[name], values)


def break_off(*_):
    raise LookupError


def queue(engine, request=REQUEST, at=NOON):
    with write_session(engine) as session:
        return queue_run(session, request, at=at)


def claim(engine, holder="me", at=NOON, lease_seconds=60, run_id=None):
    with write_session(engine) as session:
        return claim_next_run(session, holder=holder, at=at, lease_seconds=lease_seconds, run_id=run_id)


def look_up(engine, run_id):
    with read_session(engine) as session:
        return read_run(session, run_id)


def count_rows(engine, row):
    with read_session(engine) as session:
        return session.scalar(select(func.count()).select_from(row))


def execute(engine, run_id, compute, *, holder="me", clock=None):
    return execute_run(
        engine,
        run_id,
        holder=holder,
        compute=compute,
        clock=clock or Clock(),
        code_version="0.1.0+gabc",
        parameters={"home": ["CHN"], "defaults": DEFAULTS.as_dict(), "seed": 0},
    )


def run_with(engine, table, *, request=REQUEST, at=NOON):
    """Queue, claim and execute a run that finds a given table."""
    run_id = queue(engine, request, at)
    claim(engine, run_id=run_id, at=at)
    return execute(engine, run_id, lambda *_: ScoreRun(table, 0.5), clock=Clock(at))


def score_for_real(records, request, progress):
    return compute_scores(
        records,
        defaults=DEFAULTS,
        levels=LEVELS,
        main_horizon=request.main_horizon,
        scopes=request.scopes,
        progress=progress,
    )
