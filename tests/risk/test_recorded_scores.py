"""Scores in the database: read back as they were recorded, fast and by key."""

import time
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from chains.db import read_session
from chains.errors import UnknownKeyError
from chains.model import End, Mode, Scope
from risk.errors import ParameterError
from risk.model import Node, RunStatus
from risk.repository import (
    latest_run,
    list_runs,
    read_node_history,
    read_score_table,
    read_scores,
)
from risk.scores import SCORE_NAMES
from risk.tables import ScoreRow
from tests.factories import CHAIN
from tests.run_factories import (
    ALARM,
    NOON,
    REQUEST,
    assert_equal_tables,
    claim,
    look_up,
    made_up_table,
    queue,
    run_with,
)


def test_a_recorded_table_comes_back_equal(chain):
    table = made_up_table()
    run = run_with(chain, table)
    with read_session(chain) as session:
        assert_equal_tables(read_score_table(session, run.run_id), table)


@given(seed=st.integers(0, 10_000), horizons=st.sets(st.integers(1, 999), min_size=1, max_size=4))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_comes_back_equal(chain, seed, horizons):
    table = made_up_table(seed, horizons=tuple(sorted(horizons)))
    run = run_with(chain, table)
    with read_session(chain) as session:
        assert_equal_tables(read_score_table(session, run.run_id), table)


def test_a_run_without_nodes_comes_back_empty(chain):
    run = run_with(chain, made_up_table(nodes=()))
    with read_session(chain) as session:
        assert read_score_table(session, run.run_id).nodes == ()
        assert read_scores(session, run.run_id, mode=Mode.RUN, horizon=30).height == 0


def test_what_does_not_depend_on_the_horizon_is_stored_once(chain):
    run_with(chain, made_up_table())
    with read_session(chain) as session:
        found = session.execute(
            select(ScoreRow.score, ScoreRow.horizon).where(ScoreRow.horizon == 0).distinct()
        ).all()
    assert [tuple(row) for row in found] == [("exposure", 0)]


def test_a_score_without_any_end_has_no_row(chain):
    run_with(chain, made_up_table())
    with read_session(chain) as session:
        blank = ScoreRow.low.is_(None) & ScoreRow.point.is_(None) & ScoreRow.high.is_(None)
        assert session.scalar(select(func.count()).select_from(ScoreRow).where(blank)) == 0
        # The third node is not scored.
        assert session.scalar(select(func.count()).select_from(ScoreRow).where(ScoreRow.node == 2)) == 0


def test_the_wide_frame_holds_one_end_or_all_three(chain):
    table = made_up_table()
    run = run_with(chain, table)
    with read_session(chain) as session:
        low = read_scores(session, run.run_id, mode=Mode.BUILD, horizon=180, end=End.LOW)
        wide = read_scores(session, run.run_id, mode=Mode.BUILD, horizon=180)
    assert low.columns[:2] == ["scope", "key"]
    assert low.columns[10:15] == list(SCORE_NAMES)
    assert wide.columns[10:13] == ["exposure_low", "exposure_point", "exposure_high"]
    expected = [None if np.isnan(x) else x for x in table.values["tts_days"][1, 0, 1].tolist()]
    assert low["tts_days"].to_list() == expected
    assert wide["tts_days_low"].to_list() == expected
    assert low["exposure"].to_list()[:2] == table.values["exposure"][1, 0, 1].tolist()[:2]
    assert low["defaults"].to_list() == ["cover_days;spare"] * 3
    assert low.row(2, named=True) | {"home": None, "residual": None, "scored": False} == low.row(
        2, named=True
    )
    assert low.row(1, named=True)["level_high"] == "red"


def test_a_frame_of_chosen_scopes_keeps_each_node_with_its_own_scores(chain):
    table = made_up_table()
    run = run_with(chain, table)
    with read_session(chain) as session:
        frame = read_scores(session, run.run_id, mode=Mode.RUN, horizon=30, end=End.HIGH, scopes=[Scope.CITY])
    assert frame["key"].to_list() == ["南京"]
    assert frame["residual"].to_list() == [table.values["residual"][0, 2, 0, 1]]


def test_a_horizon_that_was_not_stored_is_a_sentence(chain):
    run = run_with(chain, made_up_table())
    with (
        pytest.raises(ParameterError, match=r"no horizon of 60 days \(stored: 30, 180\)"),
        read_session(chain) as session,
    ):
        read_scores(session, run.run_id, mode=Mode.RUN, horizon=60)


def test_an_unknown_run_is_a_sentence(engine):
    with pytest.raises(UnknownKeyError, match="run 7 does not exist"):
        look_up(engine, 7)


def test_the_latest_run_is_the_newest_successful_one_of_the_chain(chain):
    short = run_with(chain, made_up_table(horizons=(60, 180)), request=replace(REQUEST, main_horizon=60))
    usual = run_with(chain, made_up_table())
    queue(chain)
    claim(chain)
    with read_session(chain) as session:
        assert latest_run(session, CHAIN) == usual
        assert latest_run(session, CHAIN, main_horizon=60) == short
        assert latest_run(session, CHAIN, horizon=60) == short
        assert latest_run(session, CHAIN, horizon=61) is None
        assert latest_run(session, "c2") is None
        assert [run.run_id for run in list_runs(session, status=RunStatus.SUCCEEDED)] == [
            usual.run_id,
            short.run_id,
        ]
        assert len(list_runs(session, limit=2)) == 2
        assert list_runs(session, chain_id="c2") == ()


def test_the_history_of_a_node_runs_from_the_oldest_run_to_the_newest(chain):
    tables = [made_up_table(1), made_up_table(2, judgement=ALARM)]
    for day, table in enumerate(tables):
        run_with(chain, table, at=NOON + timedelta(days=day))
    with read_session(chain) as session:
        history = read_node_history(session, CHAIN, scope=Scope.CITY, key="南京", mode=Mode.RUN, horizon=180)
        nobody = read_node_history(session, CHAIN, scope=Scope.CITY, key="苏州", mode=Mode.RUN, horizon=180)
    assert history["level"].to_list() == ["none", "red"]
    assert history["residual_low"].to_list() == [table.values["residual"][0, 0, 1, 1] for table in tables]
    assert history["ended_at"].is_sorted()
    assert nobody.height == 0
    assert nobody.columns == history.columns


def test_a_thousand_nodes_are_recorded_and_read_fast(chain):
    nodes = tuple(Node(Scope.SUPPLIER, f"S{n:04}", "名", "n", "JPN") for n in range(1000))
    table = made_up_table(nodes=nodes, horizons=(30, 60, 90, 180, 365, 730))
    began = time.process_time()
    run = run_with(chain, table)
    recorded_in = time.process_time() - began
    began = time.process_time()
    with read_session(chain) as session:
        assert read_scores(session, run.run_id, mode=Mode.RUN, horizon=180, end=End.LOW).height == 1000
    read_in = time.process_time() - began
    # Seconds of this process, generous for a shared machine: 0.6 and 0.05 on SQLite when it is idle.
    assert recorded_in < 8.0
    assert read_in < 1.0
