"""Benchmarks run when they are asked for: `make bench`, or pytest with ``--benchmark-enable``."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CLEAR_PEAK = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out of ordinary runs; soak tests of the index run with ``-m soak``."""
    is_soak = config.getoption("markexpr") == "soak" and collection_path.name != "test_chain_cost.py"
    return None if is_soak or config.getoption("benchmark_enable") else True


@pytest.fixture
def weigh(benchmark) -> Callable[..., Any]:
    """Run work, and keep beside its wall time the CPU seconds and the peak of resident memory."""

    def run(work: Callable[..., Any], *given: Any, rounds: int = 1, **named: Any) -> Any:
        with contextlib.suppress(OSError):
            CLEAR_PEAK.write_text("5", encoding="ascii")
        began = time.process_time()
        result = benchmark.pedantic(work, given, named, rounds=rounds)
        benchmark.extra_info["cpu_seconds"] = (time.process_time() - began) / rounds
        benchmark.extra_info["peak_bytes"] = peak_bytes()
        return result

    return run


def peak_bytes() -> int:
    """Peak of resident memory: since it was last cleared on Linux, since the process began elsewhere."""
    if STATUS.exists():
        lines = dict(line.split(":", 1) for line in STATUS.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
