"""Shards on processes of this machine; a process that dies is replaced and its shard run again."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final

from chains.errors import LianwenError
from risk.shared import open_shared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

ATTEMPTS: Final = 3
_END_SECONDS: Final = 2.0


class WorkerLostError(LianwenError):
    """A shard lost its worker process too often."""

    code = "worker-lost"


@dataclass(slots=True, eq=False)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    shard: int | None = None


def _lost(exit_code: int | None) -> WorkerLostError:
    if exit_code is not None and exit_code > 0:
        return WorkerLostError(
            f"worker processes could not start (exit code {exit_code}, see above); a script that asks for "
            "workers must guard its own start with if __name__ == '__main__'",
            zh=f"工作进程无法启动(退出码 {exit_code},原因见上);自己的脚本须写在 __main__ 判断之下",
        )
    return WorkerLostError(
        f"worker processes were ended {ATTEMPTS} times (signal {-(exit_code or 0)}); the memory may not "
        "suffice: use fewer workers",
        zh=f"工作进程 {ATTEMPTS} 次被终止(信号 {-(exit_code or 0)});可能是内存不足,请减少进程数",
    )


@dataclass(slots=True)
class _Crew:
    """The processes at work, and how often each shard lost one."""

    work: Callable[..., Any]
    file: Path
    workers: list[_Worker] = field(default_factory=list)
    losses: dict[int, int] = field(default_factory=dict)

    def hire(self) -> None:
        # Spawned, not forked: threads of numba and of polars do not survive a fork.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, self.work, self.file), daemon=True)
        process.start()
        there.close()
        self.workers.append(_Worker(process, here))

    def replace(self, worker: _Worker) -> int | None:
        """Hire for a worker that died; gives the shard it was at."""
        worker.pipe.close()
        worker.process.join()
        self.workers.remove(worker)
        shard = -1 if worker.shard is None else worker.shard
        self.losses[shard] = self.losses.get(shard, 0) + 1
        if self.losses[shard] >= ATTEMPTS:
            raise _lost(worker.process.exitcode)
        self.hire()
        return worker.shard

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.process.terminate()
            worker.pipe.close()
        for worker in self.workers:
            worker.process.join(_END_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()


def run_on_processes(
    work: Callable[..., Any],
    file: Path,
    shards: Sequence[Any],
    *,
    workers: int,
    collect: Callable[[int, Any], None],
) -> None:
    """Run shards on processes that all map one file.

    Parameters
    ----------
    work
        Called with the shared value and a shard.
    file
        Holds the shared value, packed.
    shards
        What to run.
    workers
        How many processes.
    collect
        Called with the position of a shard and its result, from this thread.

    Raises
    ------
    WorkerLostError
        When one shard lost three processes.
    """
    crew = _Crew(work, file)
    waiting, missing = deque(range(len(shards))), len(shards)
    try:
        for _ in range(workers):
            crew.hire()
        while missing:
            for worker in crew.workers:
                if worker.shard is None and waiting:
                    _give(worker, waiting.popleft(), shards)
            for ready in wait([worker.pipe for worker in crew.workers]):
                worker = next(one for one in crew.workers if one.pipe is ready)
                try:
                    place, result, error = worker.pipe.recv()
                except (EOFError, OSError):
                    lost = crew.replace(worker)
                    if lost is not None:
                        waiting.appendleft(lost)
                    continue
                if error is not None:
                    raise error
                worker.shard = None
                missing -= 1
                collect(place, result)
    finally:
        crew.dismiss()


def _give(worker: _Worker, place: int, shards: Sequence[Any]) -> None:
    worker.shard = place
    # A process that died just now is noticed when its answer is read.
    with contextlib.suppress(OSError):
        worker.pipe.send((place, shards[place]))


def _serve(pipe: Connection, work: Callable[..., Any], file: Path) -> None:
    """Answer shards until the pipe closes; the body of a worker process."""
    # Ctrl-C reaches the whole group; the process that was asked ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shared = open_shared(file)
    with contextlib.suppress(EOFError, OSError):
        while True:
            place, shard = pipe.recv()
            answer: tuple[int, Any, Exception | None]
            try:
                answer = (place, work(shared, shard), None)
            except Exception as error:  # noqa: BLE001 - handed on to the process that asked
                answer = (place, None, error)
            pipe.send(answer)
