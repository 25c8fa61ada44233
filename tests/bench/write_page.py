"""Run the benchmarks and write docs/benchmarks.md with its plot; a script, not a test.

``python -m tests.bench.write_page`` takes about five minutes on two quiet cores; ``--whole`` adds a whole
province and 100,000 firms; ``--from FILE`` writes the page again from a run that was kept.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.page import render

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
PLOT = ROOT / "docs" / "images" / "benchmarks.svg"
PACKAGES = ("numpy", "scipy", "numba", "networkx")
BUSY = 0.5


@dataclass(frozen=True)
class Run:
    """Benchmarks of one run: cases by name, and the machine in words."""

    cases: dict[str, dict[str, Any]]
    machine: str


def run_benchmarks(*, whole: bool, kept: Path) -> None:
    """Run every case once and keep what pytest-benchmark says, with the machine as it was found."""
    load = os.getloadavg()[0]
    marks = "soak or not soak" if whole else "not soak"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "tests/bench",
        "-q",
        "-m",
        marks,
        "-o",
        "faulthandler_timeout=0",
    ]
    options = ["--benchmark-min-rounds=1", "--benchmark-max-time=0.5", f"--benchmark-json={kept}"]
    columns = "--benchmark-columns=min,median,rounds"
    subprocess.run([*command, "--benchmark-enable", columns, *options], cwd=ROOT, check=True)
    told = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps(told | {"load": load}), encoding="utf-8")


def read_run(kept: Path) -> Run:
    """Read a kept run."""
    told = json.loads(kept.read_text(encoding="utf-8"))
    return Run({case["name"]: case for case in told["benchmarks"]}, describe(told))


def describe(told: dict[str, Any]) -> str:
    """Name the machine: processor, cores, memory, versions, and whether it was quiet."""
    machine = told["machine_info"]
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    cores, load = os.cpu_count() or 1, float(told["load"])
    quiet = "quiet" if load < BUSY else "shared with other work, so wall times are too long"
    day = datetime.fromisoformat(told["datetime"]).astimezone(UTC).date()
    return (
        f"{machine['cpu'].get('brand_raw', platform.machine())}, {cores} cores, {pages / 2**30:.0f} GiB, "
        f"{platform.system()}; Python {machine['python_version']}, {versions}; {day}; commit "
        f"{told['commit_info']['id'][:7]}; load {load:.1f} at the start ({quiet})"
    )


def main() -> None:
    """Run, then write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--from", dest="kept", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = given.kept or Path(folder) / "run.json"
        if given.kept is None:
            run_benchmarks(whole=given.whole, kept=kept)
        run = read_run(kept)
    page, plot = render(run.cases, run.machine)
    PAGE.write_text(page, encoding="utf-8")
    PLOT.write_text(plot, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}, {PLOT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
