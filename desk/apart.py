"""Heavy work of a page in a process of its own: a module of the desk that tells how far it is."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from chains.errors import LianwenError
from settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SECONDS = 600
_TOLD = 2


class ApartError(LianwenError):
    """A computation beside a page failed."""

    code = "apart"


def run_apart(
    module: str, words: Sequence[str], *, progress: Callable[[float], object] | None = None
) -> None:
    """Run a module of ours in a process of its own, to its end.

    Parameters
    ----------
    module
        Its name; it stores what it finds and calls `tell_done`.
    words
        Its arguments.
    progress
        Called with the fraction done, 0 to 1, from this thread.

    Raises
    ------
    ApartError
        With what the process said last, when it fails or takes longer than ten minutes.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=CHECKOUT,
        encoding="utf-8",
        errors="replace",
    )
    said: list[str] = []
    clock = threading.Timer(_SECONDS, process.kill)
    clock.start()
    heard = threading.Thread(target=lambda: said.extend(process.stderr or ()), daemon=True)
    heard.start()
    try:
        for line in process.stdout or ():
            told = line.split()
            if progress is not None and len(told) == _TOLD and told[0] == "done":
                progress(min(1.0, max(0.0, float(told[1]))))
        failed = process.wait() != 0
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        heard.join(timeout=5)
    if failed:
        # The child's last two lines are its sentence in English and in Chinese.
        lines = [line.strip() for line in said if line.strip()]
        en, zh = (lines[-2], lines[-1]) if len(lines) > 1 else ("the computation failed", "计算没有完成")
        raise ApartError(en, zh=zh)


def tell_done(fraction: float) -> None:
    """Tell the starting process how far this one is."""
    sys.stdout.write(f"done {fraction:.3f}\n")
    sys.stdout.flush()


def run_child(work: Callable[[Sequence[str]], None]) -> None:
    """Do the work of a child process, or leave with its error in both languages on stderr.

    Parameters
    ----------
    work
        Called with the arguments.
    """
    try:
        work(sys.argv[1:])
    except LianwenError as error:
        sys.stderr.write(f"{error.say('en')}\n{error.say('zh')}\n")
        sys.exit(1)
