"""Shards of one computation on the processes of this machine or on a dask.distributed cluster.

The same function does the work in both places, on the same shared values, and results are put
together in the order of the shards: what comes out is equal byte for byte however it ran.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from risk.errors import ParameterError
from risk.shared import pack
from risk.workers import run_on_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Shared = TypeVar("Shared")
Shard = TypeVar("Shard")
Result = TypeVar("Result")

SHARDS: Final = 200
"""About as many as this: few enough to cost nothing, enough that a lost one is soon done again."""


def cut(count: int, *, shards: int = SHARDS) -> list[tuple[int, int]]:
    """Cut a range into spans of nearly equal length.

    Parameters
    ----------
    count
        Length of the range, 0 or more.
    shards
        How many spans at most.

    Returns
    -------
    list of tuple
        First and one past the last of each span, in rising order, none empty.

    Examples
    --------
    >>> cut(5, shards=2)
    [(0, 2), (2, 5)]
    """
    spans = max(1, min(shards, count))
    edges = [count * number // spans for number in range(spans + 1)]
    return [(first, last) for first, last in pairwise(edges) if last > first]


def run_shards(
    work: Callable[[Shared, Shard], Result],
    shared: Shared,
    shards: Sequence[Shard],
    *,
    workers: int | None = None,
    cluster: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep: Callable[[int, Result], None] | None = None,
) -> list[Result]:
    """Run every shard, somewhere, once or more, and return the results in order.

    Parameters
    ----------
    work
        A function of a module: called with the shared value and one shard, without side effects. A
        shard whose worker dies is run again.
    shared
        What every shard reads. It is sent once: its arrays lie in one file that all processes of this
        machine map, or once on each worker of a cluster.
    shards
        What differs, small.
    workers
        Processes on this machine, 1 or more; not with `cluster`.
    cluster
        Address of a scheduler, ``tcp://…`` or ``tls://…``.
    progress
        Called with the number of shards done and of all, from the calling thread.
    keep
        Called with the position of a shard and its result as soon as it is there, in any order.

    Returns
    -------
    list
        One result a shard.

    Raises
    ------
    ParameterError
        When neither or both of `workers` and `cluster` are given.
    WorkerLostError
        When the same shard lost its worker again and again.
    ClusterError
        When the cluster cannot be used.
    """
    check_place(workers, cluster)
    results: list[Any] = [None] * len(shards)
    done = 0

    def collect(place: int, result: Result) -> None:
        nonlocal done
        results[place] = result
        done += 1
        if keep:
            keep(place, result)
        if progress:
            progress(done, len(shards))

    if cluster is not None:
        from risk.cluster import run_on_cluster

        run_on_cluster(work, pack(shared), shards, address=cluster, collect=collect)
        return results
    with tempfile.TemporaryDirectory(prefix="lianwen-shards-") as folder:
        file = Path(folder) / "shared"
        file.write_bytes(pack(shared))
        run_on_processes(work, file, shards, workers=min(workers or 1, max(1, len(shards))), collect=collect)
    return results


def check_place(workers: int | None, cluster: str | None) -> None:
    """Refuse a place to compute that is none.

    Raises
    ------
    ParameterError
        When neither or both are given, or `workers` is below 1.
    ClusterError
        When the cluster is on another machine without encryption.
    """
    if (workers is None) == (cluster is None):
        raise ParameterError(
            "give a number of workers or the address of a cluster, not both",
            zh="请给出进程数或集群地址,二者只选其一",
        )
    check_workers(workers)
    if cluster is not None:
        from risk.cluster import check_address

        check_address(cluster)


def check_workers(workers: int | None) -> None:
    """Refuse a number of workers that is none.

    Raises
    ------
    ParameterError
        When it is below 1.
    """
    if workers is not None and workers < 1:
        raise ParameterError(f"{workers} workers: give 1 or more", zh=f"进程数 {workers}:请给 1 或更大的整数")
