"""Runs and alerts know whose loss they measure: the world's and home's never mix."""

from dataclasses import replace

import numpy as np
import pytest
from alembic import command
from sqlalchemy.exc import IntegrityError

from chains.backup import ACCESS
from chains.db import alembic_config, read_session, write_session
from chains.model import Mode, Perspective, Scope
from risk.alerts.model import ReviewKind
from risk.alerts.repository import list_alerts, list_reviews
from risk.alerts.standings import unreviewed_runs
from risk.model import Level, Node
from risk.repository import latest_run, list_runs, read_node_history, read_score_table
from risk.runs.queue import queue_once
from tests.factories import CHAIN
from tests.risk.test_kept_alerts import alarm, calm, record, review
from tests.run_factories import NODES, NOON, REQUEST, assert_equal_tables, made_up_table, queue, run_with

AT_HOME = replace(REQUEST, perspective=Perspective.HOME)
SOURCE = Node(Scope.SOURCE, "JPN/PART", "日本 · 件", "Japan · Part", "JPN", home=False, firms=1)


def latest(engine, perspective):
    with read_session(engine) as session:
        return latest_run(session, CHAIN, perspective=perspective)


def test_the_latest_run_is_found_for_each_perspective_apart(chain):
    home = run_with(chain, made_up_table(1), request=AT_HOME)
    world = run_with(chain, made_up_table(2))
    assert latest(chain, Perspective.HOME).run_id == home.run_id
    assert latest(chain, Perspective.WORLD).run_id == world.run_id
    assert home.request == AT_HOME
    with read_session(chain) as session:
        assert [run.run_id for run in list_runs(session, perspective=Perspective.HOME)] == [home.run_id]


def test_a_chain_seen_only_from_the_world_has_no_latest_run_from_home(chain):
    run_with(chain, made_up_table())
    assert latest(chain, Perspective.HOME) is None


def test_the_same_work_in_another_perspective_is_other_work(engine):
    first = queue(engine)
    with write_session(engine) as session:
        second = queue_once(session, AT_HOME, at=NOON)
        assert queue_once(session, REQUEST, at=NOON) == first
        assert queue_once(session, AT_HOME, at=NOON) == second != first


def test_source_nodes_are_stored_and_come_back(chain):
    table = made_up_table(nodes=(*NODES, SOURCE))
    run = run_with(chain, table, request=AT_HOME)
    with read_session(chain) as session:
        assert_equal_tables(read_score_table(session, run.run_id), table)


def test_the_history_of_a_node_keeps_to_one_perspective(chain):
    run_with(chain, made_up_table(1))
    home = run_with(chain, made_up_table(2), request=AT_HOME)
    with read_session(chain) as session:
        found = read_node_history(
            session,
            CHAIN,
            scope=Scope.SUPPLIER,
            key="A",
            mode=Mode.RUN,
            horizon=180,
            perspective=Perspective.HOME,
        )
    assert found["run_id"].to_list() == [home.run_id]
    assert np.isfinite(found["exposure_low"].to_list()).all()


def test_the_first_run_from_home_is_a_baseline_of_its_own(chain):
    runs = [
        record(chain, calm()),
        record(chain, alarm(), request=AT_HOME, minutes=1),
        record(chain, calm(), minutes=2),
    ]
    kinds = [review(chain, run).kind for run in runs]
    assert kinds == [ReviewKind.BASELINE, ReviewKind.BASELINE, ReviewKind.COMPARED]
    with read_session(chain) as session:
        assert list_alerts(session) == ()
        assert [each.perspective for each in list_reviews(session)] == ["world", "home", "world"]
        assert unreviewed_runs(session) == ()


def test_a_node_may_alert_in_both_perspectives_and_each_run_closes_its_own(chain):
    for at, (table, request) in enumerate(
        [(calm(), REQUEST), (calm(), AT_HOME), (alarm(), REQUEST), (alarm(), AT_HOME)]
    ):
        review(chain, record(chain, table, request=request, minutes=at))
    with read_session(chain) as session:
        assert {alert.perspective for alert in list_alerts(session)} == set(Perspective)
    closing = review(chain, record(chain, calm(), request=AT_HOME, minutes=5))
    assert closing.closed == 1
    with read_session(chain) as session:
        still = [a.perspective for a in list_alerts(session) if a.closed_at is None and a.level is Level.RED]
        assert still == [Perspective.WORLD]
        assert len(list_alerts(session, perspective=Perspective.WORLD)) == 1


def test_runs_of_before_source_nodes_are_compared_with_later_ones(chain):
    review(chain, record(chain, calm()))
    later = record(chain, alarm(), request=replace(REQUEST, scopes=tuple(Scope)), minutes=1)
    assert review(chain, later).kind is ReviewKind.COMPARED


def migrate_to(engine, step, revision):
    with engine.execution_options(**{ACCESS: "migrate"}).begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        step(config, revision)


def test_an_older_program_is_left_the_runs_it_has_words_for(chain):
    table = made_up_table(nodes=(*NODES, SOURCE))
    for at, (request, level) in enumerate(
        [(REQUEST, Level.NONE), (AT_HOME, Level.NONE), (REQUEST, Level.RED), (AT_HOME, Level.RED)]
    ):
        judged = alarm(level).judgements
        review(
            chain,
            record(chain, replace(table, judgements=(*judged, judged[-1])), request=request, minutes=at),
        )
    migrate_to(chain, command.downgrade, "0009")
    migrate_to(chain, command.upgrade, "head")
    with read_session(chain) as session:
        runs = list_runs(session)
        assert [run.request.perspective for run in runs] == [Perspective.WORLD] * 2
        assert [alert.perspective for alert in list_alerts(session)] == [Perspective.WORLD]
        assert read_score_table(session, runs[0].run_id).nodes == NODES
    with pytest.raises(IntegrityError), write_session(chain) as session:
        session.connection().exec_driver_sql("UPDATE run_node SET scope = 'planet'")
