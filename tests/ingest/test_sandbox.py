import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ingest.errors import UploadRefusedError
from ingest.model import MIB, Limits
from ingest.sandbox import COUNTS_PROCESSOR_TIME, ROOT, Reader

LIST = "供应商,物料\n甲,光刻胶\n".encode()


def test_a_reader_that_dies_is_a_refusal_and_the_next_file_is_read():
    with Reader() as reader:
        assert list(reader.read(LIST, "a.csv").rows) == [2]
        assert reader.process
        os.kill(reader.process.pid, signal.SIGKILL)
        reader.process.wait()
        assert list(reader.read(LIST, "a.csv").rows) == [2]


def test_a_reader_out_of_address_space_is_a_refusal():
    with Reader(Limits(address_bytes=150 * MIB)) as reader:
        with pytest.raises(UploadRefusedError) as caught:
            reader.read(LIST + b"".join(b"%d,%d\n" % (n, n) for n in range(2 * MIB)), "a.csv")
        assert caught.value.code in {"reader-died", "reader-memory"}


needs_signals = pytest.mark.skipif(not COUNTS_PROCESSOR_TIME, reason="the clock alone limits a reader here")


def read_while_stopped(reader, *later):
    """Stop the child, ask it to read a file, and send it signals a moment later."""
    reader.read(LIST, "a.csv")
    pid = reader.process.pid
    os.kill(pid, signal.SIGSTOP)

    def send():
        for each in later:
            os.kill(pid, each)

    clock = threading.Timer(0.2, send)
    clock.start()
    try:
        with pytest.raises(UploadRefusedError) as caught:
            reader.read(LIST, "a.csv")
    finally:
        clock.join()
    return caught.value.code, caught.value.params


@needs_signals
def test_a_reader_that_uses_up_its_processor_time_is_a_refusal():
    with Reader(Limits(seconds=30)) as reader:
        told = read_while_stopped(reader, signal.SIGXCPU, signal.SIGCONT)
        assert told == ("reader-timeout", {"limit": 30})
        assert list(reader.read(LIST, "a.csv").rows) == [2]
        resource = pytest.importorskip("resource")
        assert reader.process
        if hasattr(resource, "prlimit"):
            assert 30 < resource.prlimit(reader.process.pid, resource.RLIMIT_CPU)[0] < 40


@needs_signals
def test_a_reader_that_hangs_is_a_refusal_once_patience_ends():
    with Reader(Limits(seconds=1, patience=3)) as reader:
        assert read_while_stopped(reader) == ("reader-timeout", {"limit": 3})
        assert list(reader.read(LIST, "a.csv").rows) == [2]


def test_a_table_that_would_fill_the_memory_is_a_refusal():
    rows = "".join(f"供应商{number},物料{number}\n" for number in range(400_000))
    with Reader(Limits(small_resident_bytes=60 * MIB)) as reader, pytest.raises(UploadRefusedError) as caught:
        reader.read(LIST + rows.encode(), "a.csv")
    assert caught.value.code == "reader-memory"


def test_the_reader_gets_no_secret_of_the_environment(monkeypatch):
    monkeypatch.setenv("LIANWEN_DATABASE_URL", "postgresql://ada:secret@db/x")
    with Reader() as reader:
        reader.read(LIST, "a.csv")
        assert reader.process
        assert b"secret" not in Path(f"/proc/{reader.process.pid}/environ").read_bytes()


def test_the_reader_loads_neither_frames_nor_the_database():
    script = "import sys, ingest.child; print(' '.join(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"polars", "pandas", "sqlalchemy", "streamlit", "openpyxl", "numpy"} & set(
        answer.stdout.split()
    )
