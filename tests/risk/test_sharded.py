"""The chain engine on processes and on a cluster: the score table keeps every byte."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from distributed import LocalCluster

from chains.catalog import read_folder
from chains.union import join_folders
from risk.compute import compute_scores
from risk.sharded import ShardedLanes

GOLDEN = Path(__file__).parents[1] / "golden" / "chains"


def score(name, defaults, levels, **where):
    folder, _ = read_folder(GOLDEN / name)
    return compute_scores(join_folders([folder], name), defaults=defaults, levels=levels, **where).table


def as_bytes(table):
    values = [(name, array.tobytes()) for name, array in sorted(table.values.items())]
    return values, table.nodes, table.horizons, repr(table.judgements)


@pytest.mark.parametrize("name", ["fabs", "textbook"])
def test_processes_give_the_same_score_table(name, defaults, levels):
    want = score(name, defaults, levels)
    found = score(name, defaults, levels, simulate=ShardedLanes(workers=2))
    assert as_bytes(found) == as_bytes(want)


def test_a_cluster_gives_the_same_score_table_with_a_worker_killed_in_the_middle(defaults, levels):
    want = score("fabs", defaults, levels)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as cluster:
        victims = [worker.pid for worker in cluster.workers.values()]

        def kill_one(done: float) -> None:
            if done >= 0.2 and victims:
                os.kill(victims.pop(), signal.SIGKILL)
                victims.clear()

        found = score(
            "fabs",
            defaults,
            levels,
            simulate=ShardedLanes(cluster=cluster.scheduler_address),
            progress=kill_one,
        )
    assert victims == []
    assert as_bytes(found) == as_bytes(want)
