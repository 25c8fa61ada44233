"""Asking the process of what-ifs, so that no page computes (house rule: a what-if runs beside the pages)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from chains.errors import LianwenError
from desk.scenario_child import WORKED_EXAMPLE
from risk.scenario_store.rows import plan_json, read_answer
from settings import CHECKOUT

if TYPE_CHECKING:
    from risk.scenario_store.model import Answer, Plan

SECONDS: Final = 180.0
"""The first answer may have to wait for a compilation of half a minute."""


class WhatIfRefusedError(LianwenError):
    """A plan that cannot be answered, with the sentence that says why."""

    code = "what-if"


class WhatIfProcess:
    """A process that answers plans; started when needed, anew when it has died.

    Notes
    -----
    One plan at a time: callers wait for each other. The process ends with its input, hence with this one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def warm(self) -> None:
        """Start the process, so that compiled code is loaded before the first question."""
        with self._lock:
            self._running()

    def answer(self, plan: Plan) -> Answer:
        """Answer a plan.

        Parameters
        ----------
        plan
            Shocks or a merger.

        Returns
        -------
        Answer
            Without the units that lose nothing.

        Raises
        ------
        WhatIfRefusedError
            When the plan names what does not exist or means nothing; also when the process died or took
            longer than three minutes.
        """
        with self._lock:
            found = self._ask(json.dumps(plan_json(plan)))
        if "refused" in found:
            raise WhatIfRefusedError(found["refused"]["en"], zh=found["refused"]["zh"])
        return read_answer(found["answer"])

    def worked_example(self) -> tuple[Answer, ...]:
        """Answer the worked example of home and abroad.

        Returns
        -------
        tuple of Answer
            As `desk.worked_example.answer_example`.

        Raises
        ------
        WhatIfRefusedError
            When the process died or took longer than three minutes.
        """
        with self._lock:
            found = self._ask(json.dumps({WORKED_EXAMPLE: True}))
        if "refused" in found:
            raise WhatIfRefusedError(found["refused"]["en"], zh=found["refused"]["zh"])
        return tuple(read_answer(one) for one in found["answers"])

    def _ask(self, line: str) -> dict[str, Any]:
        process = self._running()
        clock = threading.Timer(SECONDS, process.kill)
        clock.start()
        try:
            requests = cast("TextIO", process.stdin)
            requests.write(line + "\n")
            requests.flush()
            found: dict[str, Any] = json.loads(cast("TextIO", process.stdout).readline())
        except (OSError, ValueError) as error:
            self._end()
            raise WhatIfRefusedError(
                "the process of what-ifs ended before it answered; try again, or use lianwen simulate",
                zh="推演进程没有给出结果就结束了;请再试一次,或用 lianwen simulate",
            ) from error
        finally:
            clock.cancel()
        return found

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = start_child()
        return self._process

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def start_child() -> subprocess.Popen[str]:
    """Start a process of what-ifs.

    Returns
    -------
    subprocess.Popen[str]
        With pipes to its input and output; what it says on its error stream is dropped.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "desk.scenario_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=CHECKOUT,
        text=True,
        encoding="utf-8",
    )
