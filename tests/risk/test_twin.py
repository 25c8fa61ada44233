"""The engine gives what the slow twin gives, to 1e-9: random chains and the shipped one."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from chains.model import End, Kind, Mode, Scope
from risk.model import MODES, NODE_SCOPES, Shock
from tests.factories import (
    CHAIN,
    chain_folders,
    firm,
    folder,
    item,
    link,
    one_product,
    purchase,
    shock_sets,
    supply,
)
from tests.reference.engine import ask_scores, ask_simulation, compute_table
from tests.reference.facts import node_keys, read_facts, suppliers_in
from tests.reference.reading import read_plain
from tests.reference.scores import is_structural, score_node, simulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chains.model import ChainFolder
    from tests.reference.engine import Key
    from tests.reference.facts import Facts
    from tests.reference.scores import Scores

    Folders = tuple[ChainFolder, ...]
    Flows = dict[tuple[str, str, str], tuple[float, float, int]]

CLOSE = 1e-9
HORIZON = 16
SHIPPED = Path(__file__).parents[2] / "data" / "chains"


def all_nodes(facts: Facts) -> list[tuple[Scope, str]]:
    return [(scope, key) for scope in NODE_SCOPES for key in sorted(node_keys(facts, scope))]


def made_by(facts: Facts, scope: Scope, key: str) -> list[str]:
    stopped = suppliers_in(facts, scope, key)
    return sorted({item for supplier, item in facts.units if supplier in stopped})


def some_nodes(data: st.DataObject, nodes: Sequence[tuple[Scope, str]]) -> list[tuple[Scope, str]]:
    return data.draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=4, unique=True))


def differences(twin: Scores, engine: Scores) -> list[str]:
    """Scores that differ; substitution is a quotient of means that may both be tiny."""
    found = []
    for score in ("exposure", "substitution", "residual", "tts_days", "recovery_day"):
        wanted, got = getattr(twin, score), getattr(engine, score)
        slack = CLOSE if score != "substitution" or (twin.exposure or 0.0) > 1e-3 else 1e-5
        if (wanted is None) != (got is None) or (wanted is not None and abs(wanted - got) > slack):
            found.append(f"{score}: twin {wanted}, engine {got}")
    return found


def compare_scores(folders: Folders, data: st.DataObject) -> None:
    facts = read_facts(folders, CHAIN)
    engine = ask_scores(folders, CHAIN, horizon=HORIZON)
    nodes = all_nodes(facts)
    scored = {(scope, key) for _, _, scope, key in engine}
    assert scored == set(nodes), sorted(scored ^ set(nodes))
    for scope, key in some_nodes(data, nodes):
        for mode in Mode:
            for end in End:
                twin = score_node(facts, scope, key, mode=mode, end=end, horizon=HORIZON)
                found = differences(twin, engine[mode, end, scope, key])
                assert not found, (mode, end, scope, key, found)


def compare_shocks(folders: Folders, mode: Mode, data: st.DataObject) -> None:
    facts = read_facts(folders, CHAIN)
    nodes = all_nodes(facts)
    shocks = data.draw(shock_sets(nodes, {node: made_by(facts, *node) for node in nodes}))
    twin = simulate(facts, shocks, mode=mode, horizon=HORIZON)
    engine = ask_simulation(folders, shocks, mode=mode, horizon=HORIZON)
    assert engine.loss_path == pytest.approx(twin.loss_path, abs=CLOSE)
    assert not differences(replace(twin.scores, substitution=None), engine.scores), shocks
    assert set(engine.unit_loss) == set(twin.unit_loss), set(engine.unit_loss) ^ set(twin.unit_loss)
    for unit, (lost, first) in twin.unit_loss.items():
        assert engine.unit_loss[unit][0] == pytest.approx(lost, abs=CLOSE), unit
        assert engine.unit_loss[unit][1] == first, unit
    for unit, (worst, back) in twin.unit_back.items():
        assert engine.unit_back[unit][0] == pytest.approx(worst, abs=CLOSE), unit
        assert engine.unit_back[unit][1] == back, unit
    compare_flows(twin.spare, engine.spare)


def compare_flows(twin: Flows, engine: Flows) -> None:
    """Spare that flows, above what is rounding."""
    for source in twin.keys() | engine.keys():
        wanted, got = twin.get(source, (0.0, 0.0, 0)), engine.get(source, (0.0, 0.0, 0))
        assert got[:2] == pytest.approx(wanted[:2], abs=1e-8), source
        assert got[2] == wanted[2] or max(wanted[0], got[0]) < 1e-8, source


def compare_structure(folders: Folders, data: st.DataObject) -> None:
    facts = read_facts(folders, CHAIN)
    table = compute_table(folders, CHAIN, horizon=1)
    judged = {(n.scope, n.key): j for n, j in zip(table.nodes, table.judgements, strict=True)}
    for scope, key in some_nodes(data, all_nodes(facts)):
        for mode in MODES:
            flag = is_structural(facts, scope, key, mode=mode)
            event(f"structural {flag}")
            judgement = judged[scope, key]
            got = judgement.structural_run if mode is Mode.RUN else judgement.structural_build
            assert got == flag, (mode, scope, key)


few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
# One chain in both modes and all ends takes the twin about a second; the soak below asks many more.
fewer = settings(few, max_examples=12)
REDUCED = os.environ.get("LIANWEN_SOAK") == "reduced"
many = settings(
    max_examples=100 if REDUCED else 1500,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Making a failure small takes longer than the gate waits; it would report nothing at all.
    phases=[Phase.generate] if REDUCED else [Phase.generate, Phase.shrink],
)


@fewer
@given(folders=chain_folders(tiers=True, queues=True), data=st.data())
def test_the_engine_scores_random_chains_like_the_twin(folders: Folders, data: st.DataObject) -> None:
    compare_scores(folders, data)


@few
@given(folders=chain_folders(tiers=True, queues=True), mode=st.sampled_from(MODES), data=st.data())
def test_the_engine_simulates_random_shocks_like_the_twin(
    folders: Folders, mode: Mode, data: st.DataObject
) -> None:
    compare_shocks(folders, mode, data)


@few
@given(folders=chain_folders(tiers=True, queues=True), data=st.data())
def test_the_engine_flags_structural_single_points_like_the_twin(
    folders: Folders, data: st.DataObject
) -> None:
    compare_structure(folders, data)


@pytest.mark.soak
@many
@given(folders=chain_folders(tiers=True, queues=True), mode=st.sampled_from(MODES), data=st.data())
def test_the_engine_equals_the_twin_on_many_chains(folders: Folders, mode: Mode, data: st.DataObject) -> None:
    compare_scores(folders, data)
    compare_shocks(folders, mode, data)
    compare_structure(folders, data)


def test_spare_begins_to_ramp_on_the_first_day_any_shock_is_active() -> None:
    chain = [
        one_product(supply("S", "PART", 0.5, spare=0.0), supply("T", "PART", 0.5, spare=0.5, ramp_days=3.0))
    ]
    late = Shock(Scope.SUPPLIER, "S", start_day=2)
    early = Shock(Scope.SUPPLIER, "S", severity=0.01, days=1)
    one = ask_simulation(chain, [late], mode=Mode.RUN, horizon=6)
    both = ask_simulation(chain, [late, early], mode=Mode.RUN, horizon=6)
    assert one.loss_path == pytest.approx((0.0, 0.0, 0.5, 0.5, 0.5, 0.0))
    assert both.loss_path == pytest.approx((0.005, 0.0, 0.5, 0.0, 0.0, 0.0))


def test_a_list_of_a_buyer_without_a_plant_makes_no_structural_single_point() -> None:
    chain = folder(
        items=[item("A", cover_days=0.0), item("B", cover_days=0.0), item("E", Kind.PRODUCT, weight=1.0)],
        links=[link("A", "B"), link("B", "E")],
        suppliers=[firm("F1"), firm("F2"), firm("SOURCE", "USA")],
        purchases=[purchase("F1", "B", "F2", 1.0), purchase("F2", "A", "SOURCE", 1.0)],  # F1 makes nothing
    )
    table = compute_table([chain], CHAIN, horizon=1)
    judged = {(n.scope, n.key): j for n, j in zip(table.nodes, table.judgements, strict=True)}
    assert not judged[Scope.COUNTRY, "USA"].structural_build


def test_a_firm_makes_what_only_a_list_outside_the_chain_buys_from_it() -> None:
    chain = folder(
        items=[item("A", cover_days=0.0), item("B", cover_days=0.0), item("E", Kind.PRODUCT, weight=1.0)],
        links=[link("A", "B"), link("B", "E")],
        suppliers=[firm("MAKER"), firm("OUTSIDE"), firm("SOURCE", "USA")],
        supplies=[supply("MAKER", "E", 1.0), supply("SOURCE", "A", 1.0)],
        # OUTSIDE makes nothing of the chain, so its list is left out; but MAKER uses A for that B, not for E.
        purchases=[purchase("MAKER", "A", "SOURCE", 0.5), purchase("OUTSIDE", "B", "MAKER", 1.0)],
    )
    facts = read_facts([chain], CHAIN)
    engine = ask_scores([chain], CHAIN, horizon=4)
    stopped = engine[Mode.BUILD, End.POINT, Scope.COUNTRY, "USA"]
    assert not differences(score_node(facts, Scope.COUNTRY, "USA", mode=Mode.BUILD, horizon=4), stopped)
    assert facts.contracted == set()


SAMPLE = (
    (Scope.COUNTRY, "CHN", Mode.BUILD, End.POINT),
    (Scope.COUNTRY, "DEU", Mode.BUILD, End.LOW),
    (Scope.COUNTRY, "JPN", Mode.RUN, End.HIGH),
    (Scope.SUPPLIER, "tongwei", Mode.BUILD, End.POINT),
    (Scope.CITY, "徐州", Mode.BUILD, End.HIGH),
    (Scope.ITEM, "PV-QUARTZITE", Mode.BUILD, End.POINT),
)


@pytest.fixture(scope="module")
def shipped() -> tuple[Facts, dict[Key, Scores]]:
    folders = [read_plain(SHIPPED / name) for name in ("autochip", "ic", "pv")]
    return read_facts(folders, "pv"), ask_scores(folders, "pv", horizon=60)


@pytest.mark.parametrize(("scope", "key", "mode", "end"), SAMPLE)
def test_the_engine_scores_the_shipped_photovoltaic_chain_like_the_twin(
    shipped: tuple[Facts, dict[Key, Scores]], scope: Scope, key: str, mode: Mode, end: End
) -> None:
    facts, engine = shipped
    twin = score_node(facts, scope, key, mode=mode, end=end, horizon=60)
    assert not differences(twin, engine[mode, end, scope, key])


def test_the_engine_finds_the_nodes_of_the_shipped_chain_like_the_twin(
    shipped: tuple[Facts, dict[Key, Scores]],
) -> None:
    facts, engine = shipped
    assert {(scope, key) for _, _, scope, key in engine} == set(all_nodes(facts))
