"""Ten thousand seeded mutations of good files: every one is a result or one sentence, in time and memory."""

import os
import random
import time
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from ingest.checking import check
from ingest.model import MIB
from ingest.sandbox import Reader
from tests.ingest.books import HEADER, repack, shared_workbook, workbook

ROUNDS = 300 if os.environ.get("LIANWEN_SOAK") == "reduced" else 10_000
SAMPLES = Path(__file__).parents[2] / "data" / "examples" / "uploads"
ROWS = [(f"供应商{number}", "光刻胶", f"{number}%") for number in range(1, 20)]
SECONDS, RESIDENT = 10.0, 512 * MIB
SIGNS = (
    b"<!--",
    b"]]>",
    b"<!DOCTYPE a>",
    b"&a;",
    b'"',
    b"\x00",
    b"\xff\xfe",
    b"\n",
    b"PK\x03\x04",
    b"PK\x01\x02",
)


def good_files() -> list[tuple[str, bytes]]:
    """Gather workbooks of two writers, lists in three encodings, and the samples."""
    text = "\n".join(",".join(row) for row in (HEADER, *ROWS))
    made = [("list.xlsx", shared_workbook(HEADER, *ROWS)), ("list.xlsx", workbook(HEADER, *ROWS))]
    made += [("list.csv", text.encode(encoding)) for encoding in ("gb18030", "utf-8-sig", "utf-16")]
    shipped = [path for path in sorted(SAMPLES.iterdir()) if path.suffix in {".csv", ".xlsx"}]
    return made + [(path.name, path.read_bytes()) for path in shipped]


def damage(content: bytes, chance: random.Random) -> bytes:
    """Flip bits, cut, drop, turn round, insert or copy bytes."""
    data, at = bytearray(content), chance.randrange(max(len(content), 1))
    kind = chance.randrange(6)
    if kind == 0:
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del data[at:]
    elif kind == 2:
        del data[at : at + chance.randint(1, 200)]
    elif kind == 3:
        end = at + chance.randint(2, 300)
        data[at:end] = data[at:end][::-1]
    elif kind == 4:
        data[at:at] = chance.choice([*SIGNS, chance.randbytes(chance.randint(1, 50))])
    else:
        other = chance.randrange(len(data))
        data[at:at] = data[other : other + chance.randint(1, 4000)] * chance.randint(1, 3)
    return bytes(data)


def damage_parts(content: bytes, chance: random.Random) -> bytes:
    """Damage a part within a zip that is whole, exchange two parts, or leave one out."""
    with zipfile.ZipFile(BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    one, other = chance.choice(list(parts)), chance.choice(list(parts))
    kind = chance.randrange(5)
    if kind == 0:
        parts[one], parts[other] = parts[other], parts[one]
    elif kind == 1:
        del parts[one]
    else:
        parts[one] = damage(parts[one] or b" ", chance)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return repack(stream.getvalue())


def resident(pid: int) -> int:
    """Return the resident memory of a process in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")


@dataclass
class Worst:
    """The most that any file cost so far."""

    seconds: float = 0.0
    resident: int = 0
    readers: int = 0


@pytest.mark.soak
def test_no_mutation_of_a_good_file_brings_more_than_one_sentence(record_property):
    chance, files, worst = random.Random(20261122), good_files(), Worst()
    pids = set()
    started = time.monotonic()
    # What earlier tests of this process left in memory is none of the files' doing.
    before = resident(os.getpid())
    with Reader() as reader:
        for number in range(ROUNDS):
            name, content = files[number % len(files)]
            is_book = name.endswith(".xlsx") and chance.random() < 0.7
            content = (damage_parts if is_book else damage)(content, chance)
            began = time.monotonic()
            result = check(content, name, reader=reader)
            worst.seconds = max(worst.seconds, time.monotonic() - began)
            message = result.message()
            assert message, (number, name)
            assert "\n" not in message
            assert "Traceback" not in message
            assert result.code not in {"reader-died", "reader-timeout"}, (number, name, result.code)
            assert result.good_count + result.bad_count == (result.table.data_rows if result.table else 0)
            process = reader.process
            if process is not None and process.poll() is None:
                pids.add(process.pid)
                grown = max(0, resident(os.getpid()) - before)
                worst.resident = max(worst.resident, grown + resident(process.pid))
    worst.readers = len(pids)
    record_property("worst", worst)
    print(f"{ROUNDS} mutations in {time.monotonic() - started:.0f} s; {worst}")  # noqa: T201 - a figure to report
    assert worst.seconds < SECONDS
    assert worst.resident < RESIDENT
