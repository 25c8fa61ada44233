import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.errors import UploadRefusedError
from ingest.model import MIB, Limits
from ingest.sandbox import ROOT, Reader

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


def test_a_reader_that_takes_too_long_is_a_refusal():
    with Reader(Limits(seconds=1, large_seconds=1)) as reader:
        started = time.monotonic()
        with pytest.raises(UploadRefusedError) as caught:
            reader.read(LIST + "甲,光刻胶,一二三四五六七\n".encode() * 2_000_000, "a.csv")
        assert caught.value.code in {"reader-timeout", "reader-memory", "too-many-rows"}
        assert time.monotonic() - started < 5


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
