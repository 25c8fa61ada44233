"""Pages queue runs, workers execute them, one holder a run."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chains.errors import UnknownKeyError
from chains.model import Perspective
from desk.computing import execute_next, name_holder, queue_recompute, recompute_chains
from desk.reading import run_frame
from desk.store import writing
from risk.model import RunStatus
from risk.runs.queue import claim_next_run

WORLD = (Perspective.WORLD,)

ROOT = Path(__file__).parents[2]


def test_a_page_only_queues_and_a_worker_executes(example):
    settings = example("textbook")
    (run_id,) = queue_recompute(settings, ("textbook",), by="王工", perspectives=WORLD)
    assert run_frame(settings)["status"].tolist() == ["queued"]
    run = execute_next(settings)
    assert run is not None
    assert (run.run_id, run.status, run.request.requested_by) == (run_id, RunStatus.SUCCEEDED, "王工")
    assert execute_next(settings) is None


def test_asking_twice_for_the_same_work_queues_it_once(example):
    settings = example("textbook")
    assert queue_recompute(settings, by="a", perspectives=WORLD) == queue_recompute(
        settings, by="b", perspectives=WORLD
    )


def test_a_run_that_somebody_holds_is_not_executed_by_another(example):
    settings = example("textbook")
    queue_recompute(settings, by="a", perspectives=WORLD)
    with writing(settings) as session:
        claim_next_run(session, holder=name_holder(), at=datetime.now(UTC), lease_seconds=60)
    assert execute_next(settings) is None


def test_a_command_takes_over_the_same_work_that_waits_in_the_queue(example):
    settings = example("textbook")
    (waiting,) = queue_recompute(settings, by="page", perspectives=WORLD)
    (summary,) = recompute_chains(settings, ("textbook",), perspectives=WORLD)
    assert summary.run_id == waiting
    assert run_frame(settings)["status"].tolist() == ["succeeded"]


def test_a_command_with_another_horizon_computes_its_own_run(example):
    settings = example("textbook")
    queue_recompute(settings, by="page", perspectives=WORLD)
    recompute_chains(settings, ("textbook",), horizon=90, perspectives=WORLD)
    assert sorted(run_frame(settings)["status"]) == ["queued", "succeeded"]


def test_two_runs_on_the_same_data_have_the_same_data_version(example):
    settings = example("textbook")
    first, second = (recompute_chains(settings, perspectives=WORLD)[0] for _ in range(2))
    assert first.data_version == second.data_version
    assert first.run_id != second.run_id


def test_queueing_an_unknown_chain_is_refused(example):
    with pytest.raises(UnknownKeyError):
        queue_recompute(example("textbook"), ("tekstbook",), by="a")


def test_the_worker_process_ends_when_the_queue_is_empty(example, monkeypatch):
    settings = example("textbook")
    queue_recompute(settings, by="page", perspectives=WORLD)
    monkeypatch.setenv("LIANWEN_HOME", str(settings.home))
    command = [sys.executable, str(ROOT / "cli.py"), "worker", "--until-empty"]
    subprocess.run(command, check=True, timeout=300)
    assert run_frame(settings)["status"].tolist() == ["succeeded"]
