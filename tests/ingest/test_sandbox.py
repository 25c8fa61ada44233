import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.errors import UploadRefusedError
from ingest.model import MIB, Limits
from ingest.sandbox import ROOT, Reader
from tests.ingest.books import HEADER, SHEET, part, repack, shared_workbook

LIST = "供应商,物料\n甲,光刻胶\n".encode()
SOAK = 300 if os.environ.get("LIANWEN_SOAK") == "reduced" else 10_000


def test_a_reader_that_dies_is_a_refusal_and_the_next_file_is_read():
    with Reader() as reader:
        assert reader.read(LIST, "a.csv").rows == [2]
        assert reader.process
        os.kill(reader.process.pid, signal.SIGKILL)
        reader.process.wait()
        assert reader.read(LIST, "a.csv").rows == [2]


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


def mutate(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    kind = chance.randrange(5)
    if kind == 0:
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del data[chance.randrange(len(data)) :]
    elif kind == 2:
        start = chance.randrange(len(data))
        del data[start : start + chance.randint(1, 200)]
    elif kind == 3:
        one, other = sorted(chance.sample(range(len(data)), 2))
        data[one:other] = data[one:other][::-1] if other - one < 300 else data[one : one + 300]
    else:
        start = chance.randrange(len(data))
        data[start:start] = chance.randbytes(chance.randint(1, 50))
    return bytes(data)


def mutate_part(content: bytes, chance: random.Random) -> bytes:
    name = chance.choice(
        [
            SHEET,
            "xl/workbook.xml",
            "xl/styles.xml",
            "xl/sharedStrings.xml",
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
        ]
    )
    return repack(content, replace={name: mutate(part(content, name), chance)})


@pytest.mark.soak
def test_no_mutation_of_a_good_file_brings_more_than_one_sentence(checked):
    rows = [(f"供应商{number}", "光刻胶", f"{number}%") for number in range(1, 20)]
    book = shared_workbook(HEADER, *rows)
    text = "\n".join(",".join(row) for row in (HEADER, *rows)).encode("gb18030")
    chance = random.Random(20261122)
    slowest = 0.0
    for number in range(SOAK):
        kind = number % 3
        content = mutate(text, chance) if kind == 0 else (mutate, mutate_part)[kind - 1](book, chance)
        started = time.monotonic()
        answer = checked(content, "list.csv" if kind == 0 else "list.xlsx")
        slowest = max(slowest, time.monotonic() - started)
        assert answer["message"]
        assert "\n" not in answer["message"]
        assert "Traceback" not in answer["message"]
        assert answer["code"] != "reader-died", (number, kind)
    assert slowest < 10
