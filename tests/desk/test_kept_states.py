"""A run after an import computes what the import can affect, to the numbers of a full run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

from chains.model import Perspective
from desk import computing, import_effect
from desk.computing import execute_next, queue_recompute
from desk.import_effect import compute_apart, find_scores
from desk.imports import Answers, check_list, import_list, plan_list
from desk.kept_states import KeptStates, basis_of
from desk.store import reading
from ingest.preview import apply_plan
from risk.model import RunRequest
from risk.repository import latest_run, read_score_table

if TYPE_CHECKING:
    from risk.incremental import ScoredChain

SINGLE = "供应商,产品,采购占比,采购方\n苏州胶业,KrF光刻胶,100%,Wuxi Fab\n".encode()


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch):
    """Begin like a process that has scored nothing yet."""
    monkeypatch.setattr(computing, "_KEPT", KeptStates())


def run_queue(settings, perspective):
    queue_recompute(settings, ("textbook",), by="王工", perspectives=(perspective,))
    while execute_next(settings) is not None:
        pass
    with reading(settings) as session:
        run = latest_run(session, "textbook", perspective=perspective)
        assert run is not None
        return run, as_bytes(read_score_table(session, run.run_id))


def as_bytes(table):
    values = [(name, array.tobytes()) for name, array in sorted(table.values.items())]
    return values, table.nodes, table.horizons, repr(table.judgements)


def bring_in_list(settings):
    import_list(settings, check_list(settings, "textbook", content=SINGLE, name="list.csv"), Answers())


@pytest.mark.parametrize("perspective", Perspective)
def test_a_run_after_an_import_starts_from_the_run_before_and_says_so(example, monkeypatch, perspective):
    settings = example("textbook")
    first, _ = run_queue(settings, perspective)
    bring_in_list(settings)
    second, after = run_queue(settings, perspective)
    monkeypatch.setattr(computing, "_KEPT", KeptStates())
    whole, want = run_queue(settings, perspective)
    assert first.parameters["computation"] == {"start": "nothing", "nodes_computed": first.node_count}
    assert second.parameters["computation"]["start"] == "previous run"
    assert second.parameters["computation"]["nodes_computed"] > 0
    assert whole.parameters["computation"]["start"] == "nothing"
    assert second.data_version == whole.data_version != first.data_version
    assert after == want


def test_the_same_facts_again_compute_no_node_and_store_the_same_numbers(example):
    settings = example("textbook")
    _, before = run_queue(settings, Perspective.WORLD)
    again, after = run_queue(settings, Perspective.WORLD)
    assert again.parameters["computation"] == {"start": "previous run", "nodes_computed": 0}
    assert after == before


def test_other_defaults_levels_horizon_or_program_start_from_nothing():
    asked = RunRequest("c1", 180)
    given = {"home": ["CHN"], "defaults": {"spare_ratio": 0.1}, "levels": {"hhi": 0.4}}
    bases = [
        basis_of(asked, given, "0.1.0"),
        basis_of(asked, given, "0.2.0"),
        basis_of(asked, given | {"defaults": {"spare_ratio": 0.2}}, "0.1.0"),
        basis_of(asked, given | {"levels": {"hhi": 0.5}}, "0.1.0"),
        basis_of(replace(asked, main_horizon=90), given, "0.1.0"),
        basis_of(replace(asked, perspective=Perspective.HOME), given, "0.1.0"),
        basis_of(replace(asked, chain_id="c2"), given, "0.1.0"),
    ]
    assert len(set(bases)) == len(bases)
    assert basis_of(asked, dict(reversed(given.items())), "0.1.0") == bases[0]


def test_only_the_chains_used_last_are_kept_and_one_taken_is_gone():
    states = KeptStates(most=2)
    state = cast("ScoredChain", object())
    for basis in ("a", "b", "c"):
        states.put(basis, state)
    assert states.take("a") is None
    assert states.take("b") is not None
    assert states.take("b") is None


def test_a_preview_gives_the_same_tables_from_stored_scores_and_from_nothing(example):
    settings = example("textbook")
    run_queue(settings, Perspective.WORLD)
    checked = check_list(settings, "textbook", content=SINGLE, name="list.csv")
    plan, standing = plan_list(settings, checked, Answers())
    before = standing.records("textbook")
    after = standing.records("textbook", apply_plan(standing.uploaded, plan))
    stored = find_scores(settings, before)
    assert stored is not None
    from_stored = compute_apart(settings, before, after, stored=stored)
    from_nothing = import_effect.compute_apart(settings, before, after)
    assert [as_bytes(table) for table in from_stored] == [as_bytes(table) for table in from_nothing]
