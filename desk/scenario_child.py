"""The process of what-ifs: ``python -m desk.scenario_child`` answers plans until its input ends.

One line of JSON in, one out. It reads the facts, writes nothing, and keeps compiled code loaded.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, TextIO

from chains.errors import LianwenError

WORKED_EXAMPLE = "worked_example"
"""The one word of a request for the worked example in place of a plan."""

if TYPE_CHECKING:
    from settings import Settings


def serve(settings: Settings, requests: TextIO, answers: TextIO) -> None:
    """Answer plans until the stream ends.

    Parameters
    ----------
    settings
        Where database, defaults and levels are.
    requests
        Plans, one a line.
    answers
        An answer or a refusal each, one a line.
    """
    for line in requests:
        answers.write(json.dumps(_answer(settings, line), allow_nan=False) + "\n")
        answers.flush()


def _answer(settings: Settings, line: str) -> dict[str, object]:
    from chains.defaults import load_defaults
    from desk.scenario import answer_plan
    from desk.worked_example import answer_example
    from risk.scenario_store.rows import answer_json, read_plan

    request = json.loads(line)
    try:
        if WORKED_EXAMPLE in request:
            defaults = load_defaults(settings.data_dir / "defaults.toml")
            return {"answers": [answer_json(one) for one in answer_example(defaults)]}
        return {"answer": answer_json(answer_plan(settings, read_plan(request)))}
    except LianwenError as error:
        return {"refused": {"code": error.code, "en": error.message, "zh": error.message_zh}}


if __name__ == "__main__":
    from settings import load_settings, prepare_environment

    own = load_settings()
    prepare_environment(own)
    from risk.scenarios import load_kernel

    # Compiled code is loaded while the page is still being drawn.
    load_kernel()
    serve(own, sys.stdin, sys.stdout)
