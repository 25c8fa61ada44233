"""The scheduler process: nightly runs of what changed, once a slot; one process; a quick end."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chains.model import Perspective
from desk.computing import execute_next, queue_recompute, recompute_chains
from desk.loading import import_chain
from desk.reading import run_frame
from desk.schedule import is_gone, start_clock, take_due_slot
from desk.store import reading
from risk.runs.scheduler import NIGHTLY, list_slots
from tests.patience import patience

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "chains"
FIRST_NIGHT = datetime(2026, 11, 22, 18, tzinfo=UTC)


def tick(settings, *, days=0.0, holder="me"):
    return take_due_slot(settings, NIGHTLY, holder=holder, clock=lambda: FIRST_NIGHT + timedelta(days=days))


def test_a_night_queues_the_chains_whose_data_changed_and_only_once(example):
    settings = example("textbook")
    assert tick(settings) == (1, 2)
    assert tick(settings) is None
    assert tick(settings, holder="another") is None
    rows = run_frame(settings).to_dict("records")
    assert [row["perspective"] for row in rows] == ["home", "world"]
    for row in rows:
        assert (row["reason"], row["requested_by"], row["status"]) == ("nightly", "scheduler", "queued")


def test_a_chain_that_only_the_world_has_seen_is_seen_from_home_the_next_night(example):
    settings = example("textbook")
    recompute_chains(settings, perspectives=(Perspective.WORLD,))
    (run_id,) = tick(settings)
    run = execute_next(settings)
    assert run is not None
    assert (run.run_id, run.request.perspective, run.status) == (run_id, Perspective.HOME, "succeeded")
    assert tick(settings, days=1) == ()


def test_a_night_without_changes_queues_nothing_and_is_remembered(example):
    settings = example("textbook")
    recompute_chains(settings)
    assert tick(settings) == ()
    assert tick(settings) is None


def test_a_chain_that_was_loaded_after_its_last_run_is_computed_the_next_night(example):
    settings = example("textbook")
    recompute_chains(settings)
    assert tick(settings) == ()
    import_chain(settings, GOLDEN / "blank")
    run_id, _ = tick(settings, days=1)
    run = execute_next(settings)
    assert run is not None
    assert (run.run_id, run.request.chain_id) == (run_id, "blank")


def test_a_run_that_waits_already_is_not_queued_again(example):
    settings = example("textbook")
    queue_recompute(settings, by="page")
    assert tick(settings) == ()


def test_a_run_at_another_horizon_does_not_count_as_the_chains_run(example):
    settings = example("textbook")
    recompute_chains(settings, horizon=30)
    assert len(tick(settings) or ()) == 2


def test_after_a_week_of_downtime_there_is_one_catch_up_run(example):
    settings = example("textbook")
    assert tick(settings, days=7.3) == (1, 2)
    assert tick(settings, days=7.4) is None
    with reading(settings) as session:
        assert len(list_slots(session)) == 1


def test_a_late_tick_of_the_clock_is_still_a_tick():
    ticked = threading.Event()
    clock = start_clock(ticked.set, lambda: None)
    try:
        assert ticked.wait(10)
    finally:
        clock.shutdown(wait=False)


@pytest.mark.parametrize(
    ("holder", "gone"),
    [
        (f"{socket.gethostname()}:{os.getppid()}:aa", False),
        (f"{socket.gethostname()}:{os.getpid()}:aa", True),
        (f"{socket.gethostname()}:4194399:aa", True),
        ("elsewhere:4194399:aa", False),
        ("nonsense", False),
    ],
    ids=["running", "own", "no such process", "another machine", "no process number"],
)
def test_only_a_process_of_this_machine_can_be_known_to_have_ended(holder, gone):
    assert is_gone(holder) is gone


@pytest.fixture
def loaded(example):
    return example("textbook")


@pytest.fixture
def start(loaded, monkeypatch):
    """Start schedulers on one database; what is left of them ends with the test."""
    monkeypatch.setenv("LIANWEN_HOME", str(loaded.home))
    started = []

    def begin():
        command = [sys.executable, str(ROOT / "cli.py"), "scheduler"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_scheduler_is_refused_in_one_sentence_and_a_signal_ends_the_first(start, number):
    first = start()
    assert "计划进程已启动" in first.stderr.readline()
    second = start()
    assert second.wait(60) == 1
    (sentence,) = second.stderr.read().splitlines()
    assert "已有一个计划进程在运行" in sentence
    first.send_signal(number)
    assert first.wait(patience(5)) == 0
    assert first.stdout.read() == first.stderr.read() == ""
    third = start()
    assert "计划进程已启动" in third.stderr.readline()


def test_a_scheduler_that_was_killed_is_followed_by_the_next_at_once(start):
    first = start()
    assert "计划进程已启动" in first.stderr.readline()
    first.kill()
    first.wait()
    second = start()
    assert "计划进程已启动" in second.stderr.readline()


def test_the_scheduler_executes_what_is_queued_and_what_was_missed(loaded, start):
    first = start()
    assert "计划进程已启动" in first.stderr.readline()
    deadline = time.monotonic() + 120
    pause = threading.Event()
    while run_frame(loaded)["status"].tolist() != ["succeeded"] * 2:
        assert time.monotonic() < deadline
        assert first.poll() is None
        pause.wait(0.2)
    assert run_frame(loaded)["reason"].tolist() == ["nightly"] * 2
