"""Shards on a dask.distributed cluster; the extra ``cluster`` installs what it needs."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from chains.errors import LianwenError
from risk.shared import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from distributed import Client

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
ROUNDS: Final = 5
WAIT_SECONDS: Final = 30.0


class ClusterError(LianwenError):
    """The cluster cannot be reached or lost its workers."""

    code = "cluster"


class _Opened:
    """The shared value that this worker process unpacked last."""

    lock = threading.Lock()
    name = ""
    value: Any = None


def run_on_cluster(
    work: Callable[..., Any],
    block: bytearray,
    shards: Sequence[Any],
    *,
    address: str,
    collect: Callable[[int, Any], None],
) -> None:
    """Run shards on the workers of a cluster.

    Parameters
    ----------
    work
        A function that the workers can import; called with the shared value and a shard.
    block
        The shared value, packed; sent to every worker once.
    shards
        What to run.
    address
        Of the scheduler.
    collect
        Called with the position of a shard and its result, from this thread.

    Raises
    ------
    ClusterError
        When the extra is not installed, the address is of another machine and not encrypted, nobody
        answers there, or all workers are lost again and again.
    """
    client = _connect(address)
    try:
        missing = dict(enumerate(shards))
        for _ in range(ROUNDS):
            _run_round(client, work, block, missing, collect)
            if not missing:
                return
        raise ClusterError(
            f"the cluster at {address} lost its workers {ROUNDS} times; start workers that stay",
            zh=f"集群 {address} 的工作进程 {ROUNDS} 次全部失联;请检查工作进程",
        )
    finally:
        client.close()


def check_address(address: str) -> None:
    """Refuse a plain connection to another machine: whoever reaches it can run code on the workers.

    Parameters
    ----------
    address
        Of a scheduler.

    Raises
    ------
    ClusterError
        When it is neither ``tls://`` nor of this machine.

    Examples
    --------
    >>> check_address("tcp://127.0.0.1:8786")
    """
    scheme, _, place = address.rpartition("://")
    host = urlsplit(f"//{place}").hostname or ""
    if scheme in {"", "tcp"} and host not in LOOPBACK:
        raise ClusterError(
            f"the cluster at {address} is on another machine without encryption; start it with TLS and "
            "give tls://…",
            zh=f"集群 {address} 在另一台机器上且未加密;请用 TLS 启动,并写成 tls://…",
        )


def _connect(address: str) -> Client:
    check_address(address)
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "for --cluster the extra is needed: pip install 'lianwen[cluster]'",
            zh="使用 --cluster 需要安装附加组件:pip install 'lianwen[cluster]'",
        ) from error
    try:
        client: Client = Client(address, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"no scheduler answers at {address}; start one with dask scheduler, or correct the address",
            zh=f"{address} 没有调度程序应答;请先用 dask scheduler 启动,或更正地址",
        ) from error
    _await_workers(client, address)
    return client


def _await_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
    except TimeoutError as error:
        client.close()
        raise ClusterError(
            f"the scheduler at {address} has no workers; start some with dask worker {address}",
            zh=f"{address} 的调度程序没有工作进程;请用 dask worker {address} 启动",
        ) from error


def _run_round(
    client: Client,
    work: Callable[..., Any],
    block: bytearray,
    missing: dict[int, Any],
    collect: Callable[[int, Any], None],
) -> None:
    """Run what is missing; a round ends early when the shared value was lost with its last worker."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker, as_completed

    client.wait_for_workers(1, timeout=WAIT_SECONDS)
    name = uuid.uuid4().hex
    shared = client.scatter(bytes(block), broadcast=True, hash=False)
    places = {
        client.submit(_run_shard, work, shared, name, shard, pure=False, retries=ROUNDS): place
        for place, shard in missing.items()
    }
    try:
        for future in as_completed(places, loop=client.loop):
            try:
                result = future.result()
            except (CancelledError, KilledWorker):
                return
            collect(places[future], result)
            del missing[places[future]]
            future.release()
    finally:
        client.cancel([*places, shared], force=True)


def _run_shard(work: Callable[..., Any], block: bytes, name: str, shard: Any) -> Any:  # noqa: ANN401
    """Run one shard on a worker, which unpacks the shared value once."""
    with _Opened.lock:
        if _Opened.name != name:
            # A copy, because arrays that lie in bytes are read-only.
            _Opened.value, _Opened.name = unpack(bytearray(block)), name
        shared = _Opened.value
    return work(shared, shard)
