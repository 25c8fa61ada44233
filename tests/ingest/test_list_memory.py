"""What a further row of a long list costs in memory, of the process that asks and of the reader together."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FEW, MANY = 70_000, 220_000
BYTES_A_ROW = 800
PROGRAM = """
import resource, sys
from ingest.checking import check
from ingest.model import KnownName

def peak(who):
    return resource.getrusage(who).ru_maxrss * 1024

def cost(rows):
    lines = "".join(sys.argv[1] % number + "\\n" for number in range(rows))
    content = ("供应商,物料,占比\\n" + lines).encode()
    items = [KnownName("I", ("光刻胶",))]
    result = check(content, "a.csv", known_items=items)
    result.write_json(lambda piece: None)
    assert result.good_count + result.bad_count == rows, result.message()
    return peak(resource.RUSAGE_SELF) + peak(resource.RUSAGE_CHILDREN)

few, many = map(int, sys.argv[2:])
before = cost(few)
print((cost(many) - before) / (many - few))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peaks are told in kilobytes on Linux only")
@pytest.mark.parametrize(
    "line",
    ["厂%06d,光刻胶,1%%", "甲,光刻胶,x%06d", "%06d,光刻胶,1%%,多"],
    ids=["different names", "different bad cells", "a cell too many"],
)
def test_a_row_of_a_long_list_takes_no_more_than_a_few_hundred_bytes(line):
    command = [sys.executable, "-c", PROGRAM, line, str(FEW), str(MANY)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(found.stdout) < BYTES_A_ROW
