"""Work for shards in tests; a module of its own, so that other processes can import it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np


def add_up(shared: np.ndarray, shard: tuple[int, int]) -> float:
    """Sum of a span."""
    return float(shared[slice(*shard)].sum())


def die_once(shared: tuple[np.ndarray, str], shard: tuple[int, int]) -> float:
    """Sum of a span; the process that takes the third one is killed in the middle, the first time."""
    numbers, mark = shared
    if shard[0] >= 30 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return add_up(numbers, shard)


def die(_shared: object, _shard: object) -> None:
    """Die whenever asked."""
    os.kill(os.getpid(), signal.SIGKILL)


def write(shared: np.ndarray, _shard: object) -> bool:
    """Whether compiled code may take the shared array as its own kind."""
    return bool(shared.flags.writeable and shared.flags.aligned and shared.ctypes.data % 64 == 0)


def fail(_shared: object, shard: int) -> None:
    """Refuse."""
    raise ValueError(f"shard {shard}")
