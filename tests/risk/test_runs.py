"""Runs: queued, claimed by one holder, recorded whole or not at all, and read back as recorded."""

import contextlib
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from chains.db import make_engine, read_session, write_session
from chains.errors import ChainDataError, UnknownKeyError
from chains.model import End, Mode, Scope
from chains.repository import store_folder
from risk.compute import ScoreRun, compute_scores
from risk.errors import ParameterError, RunStateError
from risk.model import ENDS, MODES, Judgement, Level, Node, RunRequest, RunStatus, ScoreTable, Verdict
from risk.repository import (
    SCORE_NAMES,
    latest_run,
    list_runs,
    read_node_history,
    read_run,
    read_score_table,
    read_scores,
    stored_horizons,
)
from risk.runs.diff import ScoreChanges, diff_runs
from risk.runs.execute import execute_run
from risk.runs.lease import renew_lease
from risk.runs.queue import MAX_ATTEMPTS, claim_next_run, queue_run
from risk.tables import RunNodeRow, ScoreRow
from tests.factories import CHAIN, firm, one_product, supply
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


@pytest.fixture
def chain(engine):
    """Store the smallest chain: A makes 0.6 of the only part of the product."""
    with write_session(engine) as session:
        store_folder(
            session,
            one_product(
                supply("A", "PART", 0.6),
                supply("B", "PART", 0.4),
                suppliers=(firm("A", "JPN"), firm("B", "CHN", province="江苏", city="南京")),
            ),
            digest="d",
            origin="shipped",
            at=NOON,
        )
    return engine


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


def test_two_runs_on_the_same_data_do_not_differ():
    changes = diff_runs(made_up_table(), made_up_table())
    assert changes == ScoreChanges(appeared=(), vanished=(), scores=(), judgements=())


def test_a_difference_names_node_number_and_both_values():
    before = made_up_table()
    values = {name: score.copy() for name, score in before.values.items()}
    values["residual"][1, 0, 1, 1] = 0.75
    after = replace(before, values=values, judgements=(CALM, ALARM, CALM))
    changes = diff_runs(before, after)
    (change,) = changes.scores
    assert (change.node, change.mode, change.end, change.horizon) == (NODES[1], Mode.BUILD, End.LOW, 180)
    assert (change.score, change.after) == ("residual", 0.75)
    (judged,) = changes.judgements
    assert judged.rises
    assert (judged.before, judged.after) == (CALM, ALARM)


def test_a_difference_compares_nodes_by_key_and_horizons_that_both_have():
    before = made_up_table(nodes=NODES, horizons=(30, 180))
    kept = {name: score[:, :, 1:, [0, 2]] for name, score in before.values.items()}
    after = ScoreTable(CHAIN, (NODES[0], NODES[2]), (180,), kept, (CALM, CALM))
    changes = diff_runs(before, after)
    assert changes.vanished == (NODES[1],)
    assert changes.scores == ()
    assert diff_runs(after, before).appeared == (NODES[1],)


def test_a_value_that_becomes_none_is_a_difference():
    before = made_up_table()
    values = {name: score.copy() for name, score in before.values.items()}
    values["substitution"][0, 1, 0, 0] = np.nan
    (change,) = diff_runs(before, replace(before, values=values)).scores
    assert np.isnan(change.after)


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


def test_the_database_itself_refuses_a_run_that_ended_without_an_end(engine):
    run_id = queue(engine)
    with pytest.raises(Exception, match="ended_run_has_end"), write_session(engine) as session:
        session.execute(text("UPDATE run SET status = 'failed' WHERE id = :id"), {"id": run_id})


def test_a_thousand_nodes_are_recorded_and_read_fast(chain):
    nodes = tuple(Node(Scope.SUPPLIER, f"S{n:04}", "名", "n", "JPN") for n in range(1000))
    table = made_up_table(nodes=nodes, horizons=(30, 60, 90, 180, 365, 730))
    began = time.perf_counter()
    run = run_with(chain, table)
    recorded_in = time.perf_counter() - began
    began = time.perf_counter()
    with read_session(chain) as session:
        assert read_scores(session, run.run_id, mode=Mode.RUN, horizon=180, end=End.LOW).height == 1000
    read_in = time.perf_counter() - began
    # Generous, since the machine of the tests is shared: 0.6 s and 0.05 s on SQLite when it is idle.
    assert recorded_in < 8.0
    assert read_in < 1.0


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
