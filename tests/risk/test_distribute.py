"""Shards on processes and on a cluster: the same bytes, and a killed worker changes nothing."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest
from distributed import LocalCluster

from risk.cascade.compute import compute_esri
from risk.cluster import ClusterError
from risk.distribute import check_place, cut, run_shards
from risk.errors import ParameterError
from risk.shared import pack, unpack
from risk.workers import WorkerLostError
from tests.risk import shard_work
from tests.risk.esri_cases import random_network

NUMBERS = np.arange(100.0)
SPANS = cut(100, shards=10)
SUMS = [float(NUMBERS[slice(*span)].sum()) for span in SPANS]


@pytest.fixture(scope="module")
def cluster():
    """Start two worker processes on the loopback address."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as started:
        yield started


@pytest.mark.parametrize("count", [0, 1, 5, 200, 1001])
def test_spans_cover_every_number_once(count):
    spans = cut(count)
    assert [number for span in spans for number in range(*span)] == list(range(count))
    assert len(spans) == min(count, 200)


def test_results_stand_in_the_order_of_the_shards():
    seen: list[tuple[int, int]] = []
    found = run_shards(
        shard_work.add_up, NUMBERS, SPANS, workers=2, progress=lambda done, total: seen.append((done, total))
    )
    assert found == SUMS
    assert seen == [(done, 10) for done in range(1, 11)]


def test_a_process_killed_in_the_middle_is_replaced_and_its_shard_run_again(tmp_path):
    shared = (NUMBERS, str(tmp_path / "died"))
    assert run_shards(shard_work.die_once, shared, SPANS, workers=2) == SUMS
    assert (tmp_path / "died").exists()


def test_a_shard_that_always_kills_its_process_ends_with_a_sentence():
    with pytest.raises(WorkerLostError) as caught:
        run_shards(shard_work.die, None, [1, 2], workers=1)
    assert "内存不足" in caught.value.say("zh")


def test_an_error_of_the_work_is_the_error_of_the_call():
    with pytest.raises(ValueError, match="shard 7"):
        run_shards(shard_work.fail, None, [7], workers=1)


def test_shared_arrays_are_of_the_kind_that_compiled_code_knows():
    assert run_shards(shard_work.write, NUMBERS, [0], workers=1) == [True]
    value = {"text": "链", "numbers": (NUMBERS, np.arange(3, dtype=np.int32)), "none": np.empty(0)}
    found = unpack(pack(value))
    assert found["text"] == "链"
    assert all((a == b).all() for a, b in zip(found["numbers"], value["numbers"], strict=True))
    assert found["none"].size == 0


@pytest.mark.parametrize("where", [{}, {"workers": 2, "cluster": "tcp://127.0.0.1:1"}, {"workers": 0}])
def test_one_place_must_be_named(where):
    with pytest.raises(ParameterError):
        run_shards(shard_work.add_up, NUMBERS, SPANS, **where)


@pytest.mark.parametrize("address", ["nonsense://x", "tcp://10.0.0.7:8786", "cluster.example:8786"])
def test_an_address_that_is_none_or_not_safe_is_said(address):
    with pytest.raises(ClusterError):
        run_shards(shard_work.add_up, NUMBERS, SPANS, cluster=address)


def test_an_address_of_another_machine_without_encryption_is_refused_before_anything_is_computed():
    for address in ("tcp://10.0.0.7:8786", "cluster.example:8786"):
        with pytest.raises(ClusterError, match="encryption"):
            check_place(None, address)
    check_place(None, "tls://10.0.0.7:8786")


def test_the_index_is_equal_byte_for_byte_however_it_is_computed(cluster):
    network = random_network(5, firms=300)
    want = compute_esri(network)
    for where in ({"workers": 2}, {"cluster": cluster.scheduler_address}):
        found = compute_esri(network, **where)
        for name in ("esri", "esri_down", "esri_up", "sweeps"):
            assert getattr(found, name).tobytes() == getattr(want, name).tobytes()


def test_a_cluster_worker_killed_in_the_middle_changes_no_byte(cluster):
    network = random_network(6, firms=1500, degree=12)
    want = compute_esri(network, eps=1e-9, max_sweeps=40)
    victims = [worker.pid for worker in cluster.workers.values()]
    killed = threading.Event()

    def kill_one(done: int, _total: int) -> None:
        if done >= 100 and not killed.is_set():
            killed.set()
            os.kill(victims[0], signal.SIGKILL)

    found = compute_esri(
        network, eps=1e-9, max_sweeps=40, cluster=cluster.scheduler_address, progress=kill_one
    )
    assert killed.is_set()
    assert found.esri.tobytes() == want.esri.tobytes()
    assert found.sweeps.tobytes() == want.sweeps.tobytes()
