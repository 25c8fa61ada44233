"""Runs: queued, claimed by one holder, recorded whole or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from chains.db import read_session, write_session
from chains.errors import ChainDataError
from chains.model import End, Mode, Scope
from risk.compute import ScoreRun
from risk.errors import ParameterError, RunStateError
from risk.model import RunStatus
from risk.repository import (
    list_runs,
    read_score_table,
    read_scores,
    stored_horizons,
)
from risk.runs.lease import renew_lease
from risk.runs.queue import MAX_ATTEMPTS, claim_next_run
from risk.tables import RunNodeRow, ScoreRow
from tests.factories import CHAIN
from tests.run_factories import (
    NODES,
    NOON,
    REQUEST,
    Clock,
    assert_equal_tables,
    break_off,
    claim,
    count_rows,
    execute,
    look_up,
    made_up_table,
    queue,
    run_with,
    score_for_real,
)


def test_a_queued_run_waits_with_all_that_was_asked(engine):
    run_id = queue(engine, replace(REQUEST, scopes=(Scope.ITEM, Scope.SUPPLIER), main_horizon=60))
    run = look_up(engine, run_id)
    assert (run.status, run.queued_at, run.progress) == (RunStatus.QUEUED, NOON, 0.0)
    assert run.request == replace(REQUEST, scopes=(Scope.SUPPLIER, Scope.ITEM), main_horizon=60)


@pytest.mark.parametrize("wrong", [{"main_horizon": 0}, {"scopes": ()}])
def test_a_request_that_asks_for_nothing_is_refused(engine, wrong):
    with pytest.raises(ParameterError):
        queue(engine, replace(REQUEST, **wrong))


def test_the_oldest_run_is_claimed_first_and_only_once(engine):
    first, second = queue(engine), queue(engine)
    assert claim(engine, "one").run_id == first
    assert claim(engine, "two").run_id == second
    assert claim(engine, "three") is None


def test_a_certain_run_is_claimed_past_older_ones(engine):
    queue(engine)
    mine = queue(engine)
    assert claim(engine, run_id=mine).run_id == mine
    assert claim(engine, "other", run_id=mine) is None


def test_a_claim_that_is_not_committed_leaves_the_run_to_others(engine):
    run_id = queue(engine)
    with pytest.raises(LookupError), write_session(engine) as session:
        break_off(claim_next_run(session, holder="one", at=NOON, lease_seconds=60))
    assert claim(engine, "two").run_id == run_id


def test_an_expired_run_fails_and_its_work_is_queued_again(engine):
    run_id = queue(engine)
    claim(engine, "gone", lease_seconds=60)
    assert claim(engine, "next", at=NOON + timedelta(seconds=60)) is None
    again = claim(engine, "next", at=NOON + timedelta(seconds=61))
    given_up = look_up(engine, run_id)
    assert (given_up.status, given_up.ended_at) == (RunStatus.FAILED, NOON + timedelta(seconds=61))
    assert (
        given_up.message == f"run {run_id}: 'gone' stopped before the end; queued again as run {again.run_id}"
    )
    assert again.request == REQUEST


def test_work_that_takes_its_holder_down_each_time_is_not_queued_for_ever(engine):
    queue(engine)
    at = NOON
    claimed = []
    while (run := claim(engine, at=at)) is not None:
        claimed.append(run.run_id)
        at += timedelta(hours=1)
    assert len(claimed) == MAX_ATTEMPTS
    assert "not queued again" in look_up(engine, claimed[-1]).message


def test_a_renewed_lease_does_not_expire_and_shows_the_progress(engine):
    run_id = queue(engine)
    claim(engine, lease_seconds=60)
    with write_session(engine) as session:
        renew_lease(
            session, run_id, holder="me", at=NOON + timedelta(seconds=50), lease_seconds=60, progress=0.4
        )
    assert claim(engine, "other", at=NOON + timedelta(seconds=100)) is None
    assert look_up(engine, run_id).progress == pytest.approx(0.4)


def test_a_lost_lease_cannot_be_renewed(engine):
    run_id = queue(engine)
    claim(engine, "slow")
    claim(engine, "next", at=NOON + timedelta(hours=1))
    with pytest.raises(RunStateError, match="not held by 'slow'"), write_session(engine) as session:
        renew_lease(session, run_id, holder="slow", at=NOON + timedelta(hours=1), lease_seconds=60)


def test_a_run_on_a_real_chain_is_recorded_with_all_it_rests_on(chain):
    run_id = queue(chain)
    claim(chain)
    run = execute(chain, run_id, score_for_real)
    assert run.message is None
    assert run.status is RunStatus.SUCCEEDED
    assert (run.code_version, run.progress) == ("0.1.0+gabc", 1.0)
    assert stored_horizons(run) == (30, 90, 180, 365, 730)
    assert run.parameters["home"] == ["CHN"]
    assert run.data_version
    assert len(run.defaults_digest or "") == 64
    assert run.total_seconds is not None
    assert run.total_seconds >= 1
    with read_session(chain) as session:
        frame = read_scores(
            session, run_id, mode=Mode.RUN, horizon=180, end=End.POINT, scopes=[Scope.SUPPLIER]
        )
    assert frame.select("key", "exposure").rows() == [("A", pytest.approx(0.6)), ("B", pytest.approx(0.4))]


def test_a_replayed_run_gives_equal_rows(chain):
    tables = []
    for _ in range(2):
        run_id = queue(chain)
        claim(chain, run_id=run_id)
        execute(chain, run_id, score_for_real)
        with read_session(chain) as session:
            tables.append(read_score_table(session, run_id))
    assert_equal_tables(tables[1], tables[0])
    with read_session(chain) as session:
        first, second = reversed(list_runs(session))
    assert first.data_version == second.data_version
    assert first.defaults_digest == second.defaults_digest
    assert first.parameters == second.parameters


def test_progress_is_seen_by_readers_while_computing_at_most_twice_a_second(chain):
    run_id = queue(chain)
    claim(chain)
    clock = Clock()
    seen = []

    def compute(_records, _request, progress):
        for fraction, pause in ((0.1, 1.0), (0.2, -0.9), (0.3, 1.0)):
            clock.now += timedelta(seconds=pause)
            progress(fraction)
            seen.append(look_up(chain, run_id).progress)
        return ScoreRun(made_up_table(), 0.5)

    execute(chain, run_id, compute, clock=clock)
    assert seen == [0.1, 0.1, 0.3]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ChainDataError("items.csv row 3: correct it"), "items.csv row 3: correct it"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: the computation broke off; see the log"),
    ],
)
def test_a_computation_that_breaks_off_fails_the_run_with_a_sentence(chain, error, message, caplog):
    run_id = queue(chain)
    claim(chain)

    def compute(*_):
        raise error

    run = execute(chain, run_id, compute)
    assert run.status is RunStatus.FAILED
    assert run.message is not None
    assert run.message.startswith(message)
    assert ("Traceback" in caplog.text) == isinstance(error, ZeroDivisionError)
    assert count_rows(chain, RunNodeRow) == 0


def test_an_interrupted_run_fails_and_the_interrupt_goes_on(chain):
    run_id = queue(chain)
    claim(chain)

    def compute(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(chain, run_id, compute)
    assert look_up(chain, run_id).status is RunStatus.FAILED


def test_a_chain_that_is_not_loaded_fails_the_run(engine):
    run_id = queue(engine)
    claim(engine)
    run = execute(engine, run_id, score_for_real)
    assert run.status is RunStatus.FAILED
    assert run.message == f"chain '{CHAIN}' is not loaded; loaded: none"


def test_a_holder_that_lost_its_lease_writes_nothing(chain):
    run_id = queue(chain)
    claim(chain, "slow")

    def compute(*_):
        claim(chain, "next", at=NOON + timedelta(hours=1))
        return ScoreRun(made_up_table(), 0.5)

    with pytest.raises(RunStateError, match="not held by 'slow'"):
        execute(chain, run_id, compute, holder="slow")
    assert count_rows(chain, RunNodeRow) == 0
    assert count_rows(chain, ScoreRow) == 0
    assert "stopped before the end" in look_up(chain, run_id).message


def test_scores_that_cannot_be_recorded_leave_no_row_behind(chain):
    run_id = queue(chain)
    claim(chain)
    broken = replace(made_up_table(), nodes=(NODES[0], NODES[0], NODES[2]))
    run = execute(chain, run_id, lambda *_: ScoreRun(broken, 0.5))
    assert run.status is RunStatus.FAILED
    assert count_rows(chain, RunNodeRow) == 0
    assert count_rows(chain, ScoreRow) == 0


def test_a_run_that_has_ended_cannot_be_executed_again(chain):
    run = run_with(chain, made_up_table())
    with pytest.raises(RunStateError):
        execute(chain, run.run_id, lambda *_: ScoreRun(made_up_table(1), 0.5))
    with read_session(chain) as session:
        assert_equal_tables(read_score_table(session, run.run_id), made_up_table())


def test_the_database_itself_refuses_a_run_that_ended_without_an_end(engine):
    run_id = queue(engine)
    with pytest.raises(Exception, match="ended_run_has_end"), write_session(engine) as session:
        session.execute(text("UPDATE run SET status = 'failed' WHERE id = :id"), {"id": run_id})
