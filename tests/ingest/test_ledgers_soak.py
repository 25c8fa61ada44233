"""A large ledger stays within its memory: read in a process of its own, which tells its peak."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRMS = 50_000
ROWS_A_ROUND = 50_000
READ = """
import json, resource, sys
from pathlib import Path
from ingest.ledgers import read_ledgers
report = read_ledgers([Path(sys.argv[1])], Path(sys.argv[2]), pairs_in_memory=int(sys.argv[3]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([report.rows, report.good, sum(report.left_out.values()), report.edges, peak]))
"""


def write_ledger(path, rows):
    """Write sales of random firms; one row in a hundred has no amount."""
    draw = np.random.default_rng(7)
    ids = pl.Series([f"91320{number:08d}MA{number % 97:02d}X" for number in range(FIRMS)])
    with path.open("wb") as file:
        file.write("销方识别号,购方识别号,开票日期,金额\n".encode())
        for start in range(0, rows, 500_000):
            count = min(500_000, rows - start)
            amount = pl.Series(draw.integers(1, 10**7, count)).cast(pl.String)
            block = pl.DataFrame(
                {
                    "supplier": ids.gather(draw.integers(0, FIRMS, count)),
                    "buyer": ids.gather(draw.integers(0, FIRMS, count)),
                    "date": pl.Series(["2025-01-01"]).new_from_index(0, count),
                    "amount": amount.set(pl.Series(draw.random(count) < 0.01), ""),
                }
            )
            block.write_csv(file, include_header=False)


@pytest.mark.soak
def test_every_row_is_accounted_for_within_two_gigabytes(tmp_path, soak_rounds):
    rows = soak_rounds * ROWS_A_ROUND
    write_ledger(tmp_path / "a.csv", rows)
    # Nearly every pair is new, so this many go to disk several times.
    words = [tmp_path / "a.csv", tmp_path / "e.parquet", rows // 5]
    told = subprocess.run(
        [sys.executable, "-c", READ, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    read, good, left_out, edges, peak_kilobytes = json.loads(told.stdout)
    assert read == good + left_out == rows
    assert edges == pl.scan_parquet(tmp_path / "e.parquet").select(pl.len()).collect().item()
    assert peak_kilobytes < 2 * 10**6
