"""What a further row of a long list costs in memory, of the process that asks and of the reader together."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.model import MIB, Limits
from ingest.sandbox import Reader
from tests.ingest.raw_books import DECLARATION, MAIN, pack, parts_of, row

ROOT = Path(__file__).parents[2]
FEW, MANY = 70_000, 220_000
BYTES_A_ROW, BYTES_A_ROW_OF_A_NEW_FIRM = 800, 1200
PROGRAM = """
import resource, sys
from datetime import date
from chains.regions import Regions
from chains.union import join_all
from ingest.checking import check
from ingest.market import ListOrigin
from ingest.model import KnownName
from ingest.pipeline import list_rows
from ingest.preview import plan_import
from ingest.unasked import decide_without_asking

def peak(who):
    return resource.getrusage(who).ru_maxrss * 1024

def cost(rows):
    lines = "".join(sys.argv[1] % number + "\\n" for number in range(rows))
    content = ("供应商,物料,占比" + ",采购方" * (sys.argv[1].count(",") > 2) + "\\n" + lines).encode()
    items, firms = [KnownName("I", ("光刻胶",))], [KnownName("A", ("甲",))]
    result = check(content, "a.csv", known_items=items, known_suppliers=firms)
    result.write_json(lambda piece: None)
    decisions = decide_without_asking(result)
    origin = ListOrigin("d" * 64, "a.csv", "", "", date(2026, 11, 22))
    listed = list_rows(result, decisions=decisions)
    plan = plan_import(listed, join_all(()), origin=origin, decisions=decisions, regions=Regions((), ()))
    assert len(plan.rows) == result.good_count
    assert result.good_count + result.bad_count == rows, result.message()
    return peak(resource.RUSAGE_SELF) + peak(resource.RUSAGE_CHILDREN)

few, many = map(int, sys.argv[2:])
before = cost(few)
print((cost(many) - before) / (many - few))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in kilobytes on Linux only")
@pytest.mark.parametrize(
    ("line", "most"),
    [
        ("厂%06d,光刻胶,1%%", BYTES_A_ROW),
        ("甲,光刻胶,x%06d", BYTES_A_ROW),
        ("%06d,光刻胶,1%%,,多", BYTES_A_ROW),
        ("甲,光刻胶,1%%,厂%06d", BYTES_A_ROW_OF_A_NEW_FIRM),
    ],
    ids=["different names", "different bad cells", "a cell too many", "different buyers, all of them new"],
)
def test_a_row_of_a_long_list_takes_no_more_than_a_few_hundred_bytes(line, most):
    command = [sys.executable, "-c", PROGRAM, line, str(FEW), str(MANY)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(found.stdout) < most


def test_a_sheet_that_was_looked_into_is_let_go():
    pages = [(f"页{number}", "visible") for number in range(300)]
    note = "".join(row(number, "说明" * 20) for number in range(1, 1000))
    page = f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{note}</sheetData></worksheet>'.encode()
    parts = parts_of(row(1, "供应商", "物料") + row(2, "甲", "光刻胶"), sheets=tuple(pages))
    further = {f"xl/worksheets/sheet{number}.xml": page for number in range(2, 301)}
    with Reader(Limits(small_resident_bytes=70 * MIB)) as reader:
        table = reader.read(pack(parts | further), "list.xlsx")
    assert len(table.other_sheets) == 299
