"""Every file is read in a child process under limits of processor time and memory (rule 12).

A crafted file that aborts, fills or hangs the reader ends the child: the upload is refused in one sentence.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Literal, Self, TypeAlias, TypeVar, cast

from ingest.choice import AUTOMATIC, Choice
from ingest.errors import UploadRefusedError
from ingest.frames import decode_table, read_frame, write_frame
from ingest.gate import kind_by_name
from ingest.model import LIMITS, MIB, Limits, RawTable

Answer = TypeVar("Answer")
Task: TypeAlias = Literal["read", "sketch"]
LARGE_ANSWER: Final = 8 * MIB
ENDING_SECONDS: Final = 2
"""A child whose pipe has closed is gone as soon as its memory is given back."""
COUNTS_PROCESSOR_TIME: Final = hasattr(signal, "SIGXCPU")
"""Elsewhere (Windows) the clock alone limits a reader."""
ROOT: Final = Path(__file__).resolve().parent.parent


class Reader:
    """A reader process that handles files until it dies, and is then started anew.

    Parameters
    ----------
    limits
        What each file may cost.
    progress
        Is told how much of a file is read, 0 to 1.
    """

    def __init__(self, limits: Limits = LIMITS, *, progress: Callable[[float], object] | None = None) -> None:
        self.limits = limits
        self.progress = progress
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(
        self, content: bytes, filename: str, *, choice: Choice = AUTOMATIC, task: Task = "read"
    ) -> RawTable:
        """Read one file in the child.

        Parameters
        ----------
        content
            The file.
        filename
            Name as uploaded; only its ending is looked at.
        choice
            What a person decided about reading it.
        task
            ``read`` all of it, or ``sketch`` its first rows without a header.

        Returns
        -------
        RawTable
            All cells as text.

        Raises
        ------
        UploadRefusedError
            With the rule that the file breaks; ``reader-died`` or ``reader-timeout`` when the child ends.
        """

        def exchange(process: subprocess.Popen[bytes]) -> RawTable:
            return self._exchange(process, content, filename, choice=choice, task=task)

        kind_by_name(filename)
        return self._within_limits(content, exchange)

    def mark(self, content: bytes, filename: str, order: Mapping[str, Any]) -> bytes:
        """Mark cells of a workbook in the child.

        Parameters
        ----------
        content, filename
            The file.
        order
            What `ingest.marking.mark_here` is to do.

        Returns
        -------
        bytes
            The workbook with its marks.

        Raises
        ------
        UploadRefusedError
            With the rule that the file breaks, or when the child ends.
        """

        def exchange(process: subprocess.Popen[bytes]) -> bytes:
            self._ask(process, content, filename, {"task": "mark", "order": order})
            return read_frame(cast("BinaryIO", process.stdout))

        kind_by_name(filename)
        return self._within_limits(content, exchange)

    def unzip(self, content: bytes, filename: str) -> tuple[str, dict[str, bytes]]:
        """Take the files of a chain folder out of a zip in the child, which reads them once for itself.

        Parameters
        ----------
        content
            The zip.
        filename
            Its name, which names the chain when the zip has no folder; never used as a path.

        Returns
        -------
        tuple
            The chain's id, and file name to content.

        Raises
        ------
        UploadRefusedError
            With the rule that the zip breaks, or when the child ends.
        """

        def exchange(process: subprocess.Popen[bytes]) -> tuple[str, dict[str, bytes]]:
            stem, _, ending = filename.strip().rpartition(".")
            answer = self._ask(process, content, f"upload.{ending}", {"task": "unzip", "stem": stem})
            answers = cast("BinaryIO", process.stdout)
            return answer["chain"], {name: read_frame(answers) for name in answer["files"]}

        try:
            return self._within_limits(content, exchange)
        finally:
            # What the child read of the folder goes before it is read here.
            self.close()

    def _within_limits(self, content: bytes, exchange: Callable[[subprocess.Popen[bytes]], Answer]) -> Answer:
        if len(content) > self.limits.upload_bytes:
            raise UploadRefusedError("file-too-large", limit=self.limits.upload_bytes // MIB)
        process = self._running()
        late = threading.Event()
        seconds = self.limits.seconds_for(len(content))
        patience = seconds * self.limits.patience if COUNTS_PROCESSOR_TIME else seconds
        clock = threading.Timer(patience, _stop, (process, late))
        clock.start()
        try:
            return exchange(process)
        except (EOFError, OSError, ValueError, KeyError, TypeError) as error:
            used_up = _used_up(process)
            self.close()
            if late.is_set() or used_up:
                raise UploadRefusedError("reader-timeout", limit=seconds if used_up else patience) from error
            raise UploadRefusedError("reader-died") from error
        finally:
            clock.cancel()

    def _exchange(
        self, process: subprocess.Popen[bytes], content: bytes, filename: str, *, choice: Choice, task: Task
    ) -> RawTable:
        answer = self._ask(process, content, filename, {"task": task, "choice": asdict(choice)})
        answers = cast("BinaryIO", process.stdout)
        frames = [read_frame(answers) for _ in range(answer["table"]["frames"])]
        if sum(map(len, frames)) > LARGE_ANSWER:
            # The child's copy goes before ours is built, so that a large table is in memory once.
            self.close()
        return decode_table(answer["table"], frames)

    def _ask(
        self, process: subprocess.Popen[bytes], content: bytes, filename: str, request: Mapping[str, Any]
    ) -> dict[str, Any]:
        requests, answers = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
        ending = filename.strip().rpartition(".")[2]
        head = {"filename": f"upload.{ending}", "limits": asdict(self.limits)} | dict(request)
        head["watched"] = self.progress is not None
        write_frame(requests, json.dumps(head).encode())
        write_frame(requests, content)
        requests.flush()
        answer: dict[str, Any] = json.loads(read_frame(answers))
        while "done" in answer:
            if self.progress is not None:
                self.progress(answer["done"])
            answer = json.loads(read_frame(answers))
        if "refused" in answer:
            raise UploadRefusedError(answer["refused"], **answer["params"])
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.close()
            self.process = start_child()
        return self.process

    def close(self) -> None:
        """End the child, if there is one."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)


def _close(stream: Any) -> None:  # noqa: ANN401 - Popen types its pipes as IO[bytes]
    try:
        stream.close()
    except OSError:
        # What was still buffered for a dead child cannot be delivered, and need not be.
        return


def _used_up(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a child that ends has used up its processor time."""
    try:
        return COUNTS_PROCESSOR_TIME and process.wait(ENDING_SECONDS) == -signal.SIGXCPU
    except subprocess.TimeoutExpired:
        return False


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def start_child() -> subprocess.Popen[bytes]:
    """Start a reader process.

    Returns
    -------
    subprocess.Popen[bytes]
        With pipes to its input and output; what it says on its error stream is dropped.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "ingest.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        # The child is given nothing of this process's environment, which may hold secrets.
        env={"PYTHONIOENCODING": "utf-8"},
        start_new_session=True,
    )


def read_table(
    content: bytes,
    filename: str,
    *,
    limits: Limits = LIMITS,
    choice: Choice = AUTOMATIC,
    task: Task = "read",
    reader: Reader | None = None,
) -> RawTable:
    """Read a file in a child process of its own, or in a given one.

    Parameters
    ----------
    content
        The file.
    filename
        Name as uploaded; only its ending is looked at, and it is never used as a path.
    limits
        What the file may cost.
    choice
        What a person decided about reading it.
    task
        ``read`` all of it, or ``sketch`` its first rows without a header.
    reader
        A reader to use again; its own limits count.

    Returns
    -------
    RawTable
        All cells as text.

    Raises
    ------
    UploadRefusedError
        With the rule that the file breaks.
    """
    if reader is not None:
        return reader.read(content, filename, choice=choice, task=task)
    with Reader(limits) as own:
        return own.read(content, filename, choice=choice, task=task)
