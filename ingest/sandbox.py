"""Every file is read in a child process under limits of time and memory (rule 12).

A crafted file that aborts, fills or hangs the reader ends the child: the upload is refused in one sentence.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Literal, Self, TypeAlias, cast

from ingest.choice import AUTOMATIC, Choice
from ingest.errors import UploadRefusedError
from ingest.frames import decode_table, read_frame, write_frame
from ingest.gate import kind_by_name
from ingest.model import LIMITS, MIB, Limits, RawTable

Task: TypeAlias = Literal["read", "sketch"]
LARGE_ANSWER: Final = 8 * MIB
ROOT: Final = Path(__file__).resolve().parent.parent


class Reader:
    """A reader process that handles files until it dies, and is then started anew.

    Parameters
    ----------
    limits
        What each file may cost.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.limits = limits
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
        kind_by_name(filename)
        if len(content) > self.limits.upload_bytes:
            raise UploadRefusedError("file-too-large", limit=self.limits.upload_bytes // MIB)
        process = self._running()
        late = threading.Event()
        seconds = self.limits.seconds_for(len(content))
        clock = threading.Timer(seconds, _stop, (process, late))
        clock.start()
        try:
            return self._exchange(process, content, filename, choice=choice, task=task)
        except (EOFError, OSError, ValueError, KeyError, TypeError) as error:
            self.close()
            if late.is_set():
                raise UploadRefusedError("reader-timeout", limit=seconds) from error
            raise UploadRefusedError("reader-died") from error
        finally:
            clock.cancel()

    def _exchange(
        self, process: subprocess.Popen[bytes], content: bytes, filename: str, *, choice: Choice, task: Task
    ) -> RawTable:
        requests, answers = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
        ending = filename.strip().rpartition(".")[2]
        head = {"filename": f"upload.{ending}", "limits": asdict(self.limits), "task": task}
        head["choice"] = asdict(choice)
        write_frame(requests, json.dumps(head).encode())
        write_frame(requests, content)
        requests.flush()
        answer: dict[str, Any] = json.loads(read_frame(answers))
        if "refused" in answer:
            raise UploadRefusedError(answer["refused"], **answer["params"])
        frames = [read_frame(answers) for _ in range(answer["table"]["frames"])]
        if sum(map(len, frames)) > LARGE_ANSWER:
            # The child's copy goes before ours is built, so that a large table is in memory once.
            self.close()
        return decode_table(answer["table"], frames)

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
