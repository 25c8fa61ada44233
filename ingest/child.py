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
        _limit_resources(limits, len(content))
        _answer(answers, content, request, limits)
        answers.flush()
        # Parsers and their handlers refer to each other: let one file's rows go before the next.
        del content
        gc.collect()


def _answer(answers: BinaryIO, content: bytes, request: dict[str, Any], limits: Limits) -> None:
    task = sketch_here if request["task"] == "sketch" else read_here
    choice = Choice(**request["choice"] | {"columns": tuple(map(tuple, request["choice"]["columns"]))})
    try:
        table = task(content, request["filename"], limits=limits, choice=choice)
    except UploadRefusedError as refusal:
        _refuse(answers, refusal)
    except MemoryError:
        _refuse(answers, UploadRefusedError("reader-memory"))
    else:
        write_table(answers, table)


def _refuse(answers: BinaryIO, refusal: UploadRefusedError) -> None:
    write_frame(answers, json.dumps({"refused": refusal.code, "params": refusal.params}).encode())


def _limit_resources(limits: Limits, size: int) -> None:
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
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


if __name__ == "__main__":
    # Collecting while millions of texts are made finds nothing and takes a third of the time.
    gc.disable()
    serve(sys.stdin.buffer, sys.stdout.buffer)
