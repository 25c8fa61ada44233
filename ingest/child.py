"""The reader process: ``python -m ingest.child`` reads files from its standard input until that ends.

It limits itself before the first byte of a file is looked at, opens nothing by name, and answers in frames
(`ingest.frames`). Whatever kills it is seen by `ingest.sandbox` as a refusal.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import sys
import time
from types import ModuleType
from typing import Any, BinaryIO

from ingest.choice import Choice
from ingest.errors import UploadRefusedError
from ingest.frames import read_frame, write_frame, write_table
from ingest.model import MIB, Limits
from ingest.reading import read_here, sketch_here

resource: ModuleType | None = None
with contextlib.suppress(ImportError):  #  # Windows: the parent's clock and the table limits remain
    resource = importlib.import_module("resource")

DATA_MARGIN = 48 * MIB
PROGRESS_SECONDS = 0.3
LARGEST_WRITTEN = 64 * MIB


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until the stream ends.

    Parameters
    ----------
    requests
        Pairs of frames: filename, limits, task and choice as JSON, then the file.
    answers
        A table or a refusal each.
    """
    while True:
        try:
            request = json.loads(read_frame(requests))
        except EOFError:
            return
        limits = Limits(**request["limits"])
        content = read_frame(requests)
        # openpyxl writes each sheet to a temporary file first; reading writes nothing.
        written = LARGEST_WRITTEN if request["task"] == "mark" else 0
        _limit_resources(limits, len(content), written=written)
        _answer(answers, content, request, limits)
        answers.flush()
        # Parsers and their handlers refer to each other: let one file's rows go before the next.
        del content
        gc.collect()


def _answer(answers: BinaryIO, content: bytes, request: dict[str, Any], limits: Limits) -> None:
    if request["task"] in {"mark", "unzip"}:
        (_mark if request["task"] == "mark" else _unzip)(answers, content, request, limits)
        return
    choice = Choice(**request["choice"] | {"columns": tuple(map(tuple, request["choice"]["columns"]))})
    try:
        if request["task"] == "sketch":
            table = sketch_here(content, request["filename"], limits=limits, choice=choice)
        else:
            told = _Progress(answers).tell if request.get("watched") else None
            table = read_here(content, request["filename"], limits=limits, choice=choice, progress=told)
    except UploadRefusedError as refusal:
        _refuse(answers, refusal)
    except MemoryError:
        _refuse(answers, UploadRefusedError("reader-memory"))
    else:
        # What the parser of a workbook still holds, its strings above all, goes before the table travels.
        gc.collect()
        write_table(answers, table)


class _Progress:
    """Says how much is read, a few times a second."""

    def __init__(self, answers: BinaryIO) -> None:
        self.answers, self.next_at = answers, time.monotonic() + PROGRESS_SECONDS

    def tell(self, done: float) -> None:
        if time.monotonic() >= self.next_at:
            self.next_at = time.monotonic() + PROGRESS_SECONDS
            write_frame(self.answers, json.dumps({"done": round(done, 3)}).encode())
            self.answers.flush()


def _mark(answers: BinaryIO, content: bytes, request: dict[str, Any], limits: Limits) -> None:
    from ingest.marking import mark_here  # noqa: PLC0415 - openpyxl only where a workbook is written

    try:
        marked = mark_here(content, request["filename"], request["order"], limits=limits)
    except UploadRefusedError as refusal:
        _refuse(answers, refusal)
    except MemoryError:
        _refuse(answers, UploadRefusedError("reader-memory"))
    else:
        write_frame(answers, b"{}")
        write_frame(answers, marked)


def _unzip(answers: BinaryIO, content: bytes, request: dict[str, Any], limits: Limits) -> None:
    from ingest.lists.chain_zip import open_chain_zip, read_zipped_folder  # noqa: PLC0415 - chains only here

    try:
        name = f"{request['stem']}.{request['filename'].rpartition('.')[2]}"
        chain_id, files = open_chain_zip(content, name, limits=limits)
        # The process that asks reads the same again: it is spared what breaks or fills this one.
        read_zipped_folder(chain_id, files)
    except UploadRefusedError as refusal:
        _refuse(answers, refusal)
    except MemoryError:
        _refuse(answers, UploadRefusedError("reader-memory"))
    else:
        write_frame(answers, json.dumps({"chain": chain_id, "files": list(files)}).encode())
        for file in files.values():
            write_frame(answers, file)


def _refuse(answers: BinaryIO, refusal: UploadRefusedError) -> None:
    write_frame(answers, json.dumps({"refused": refusal.code, "params": refusal.params}).encode())


def _limit_resources(limits: Limits, size: int, *, written: int) -> None:
    """Set the limits of this process for one file; processor time counts from now on."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.seconds_for(size) + 1
    for kind, value in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, limits.address_bytes),
        # A single endless attribute is held whole by the XML parser, past every count of ours.
        (resource.RLIMIT_DATA, limits.resident_for(size) + DATA_MARGIN),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, written),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    # Collecting while millions of texts are made finds nothing and takes a third of the time.
    gc.disable()
    serve(sys.stdin.buffer, sys.stdout.buffer)
