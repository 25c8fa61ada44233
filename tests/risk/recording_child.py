"""A program that executes one run and is killed meanwhile: `python recording_child.py URL HOLDER`."""

import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np

from chains.db import make_engine, write_session
from chains.model import Mode, Scope
from risk.model import ENDS, MODES, Judgement, Level, Node, ScoreTable, Verdict
from risk.runs.execute import execute_run
from risk.runs.queue import claim_next_run
from risk.scores import SCORE_NAMES

NODES = 400
HORIZONS = (30, 90, 180)
CALM = Judgement(
    *(Level.NONE,) * 5,
    Mode.RUN,
    Verdict.BELOW,
    structural_run=False,
    structural_build=False,
    worst_slot=None,
    defaults=(),
)


def table():
    """Make scores without a blank, so that all rows are NODES * modes * horizons * scores."""
    values = np.random.default_rng(0).random((len(MODES), len(ENDS), len(HORIZONS), NODES))
    nodes = tuple(Node(Scope.ITEM, f"I{n}", "名", "n") for n in range(NODES))
    return ScoreTable("c1", nodes, HORIZONS, dict.fromkeys(SCORE_NAMES, values), (CALM,) * NODES)


def main(url, holder, at):
    """Claim the oldest run and record it; say when recording is about to begin."""
    engine = make_engine(url)
    with write_session(engine) as session:
        claimed = claim_next_run(session, holder=holder, at=at, lease_seconds=60)
    if claimed is None:
        raise LookupError("no run is queued")

    def compute(*_):
        print("recording", flush=True)  # noqa: T201
        return SimpleNamespace(table=table(), engine_seconds=0.0)

    execute_run(
        engine,
        claimed.run_id,
        holder=holder,
        compute=compute,
        clock=lambda: at,
        code_version="x",
        parameters={},
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], datetime(2026, 11, 22, tzinfo=UTC) + timedelta(hours=int(sys.argv[2])))
