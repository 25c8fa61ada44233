"""The slow twin of the perspective home keeps the laws of perspective.md, on random and shipped chains."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, given, reject, settings
from hypothesis import strategies as st

from chains.model import Mode, Scope
from risk.model import MODES, NODE_SCOPES
from tests.factories import CHAIN, chain_folders, shock_sets
from tests.home_factories import all_at_home, cut_sets
from tests.reference.engine import DATA
from tests.reference.facts import node_keys
from tests.reference.home_day import Cut, UnsettledError
from tests.reference.home_mix import read_home_facts
from tests.reference.home_scores import exact_range, score_cut, score_stop, simulate_home
from tests.reference.reading import read_plain
from tests.reference.scores import Scores, score_node, simulate

if TYPE_CHECKING:
    from chains.model import ChainFolder
    from tests.reference.facts import Facts

    Folders = tuple[ChainFolder, ...]

CLOSE = 1e-9
HORIZON = 8

few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def all_nodes(facts: Facts) -> list[tuple[Scope, str]]:
    return [(scope, key) for scope in NODE_SCOPES for key in sorted(node_keys(facts, scope))]


def senders(facts: Facts) -> list[tuple[Scope, str]]:
    scopes = (Scope.SUPPLIER, Scope.PARENT, Scope.COUNTRY)
    return [node for node in all_nodes(facts) if node[0] in scopes]


def assert_equal(found: Scores, wanted: Scores) -> None:
    """Scores that agree; substitution is a quotient of means that may both be tiny."""
    for score in ("exposure", "substitution", "residual", "tts_days", "recovery_day"):
        slack = CLOSE if score != "substitution" or (wanted.exposure or 0.0) > 1e-3 else 1e-5
        assert getattr(found, score) == pytest.approx(getattr(wanted, score), abs=slack), score


def countries(facts: Facts) -> frozenset[str]:
    return frozenset(row.country for row in facts.suppliers.values() if row.country)


@pytest.mark.parametrize("with_lists", [False, True])
@few
@given(folders=chain_folders(), mode=st.sampled_from(MODES), data=st.data())
def test_where_all_countries_are_home_it_sees_what_the_world_sees(
    folders: Folders,
    mode: Mode,
    data: st.DataObject,
    with_lists: bool,  # noqa: FBT001
) -> None:
    folders = tuple(all_at_home(part) for part in folders)
    if not with_lists:
        folders = tuple(replace(part, purchases=()) for part in folders)
    known = read_home_facts(folders, CHAIN)
    home = countries(known.facts)
    event(f"lists {bool(known.facts.lists)}")
    scope, key = data.draw(st.sampled_from(all_nodes(known.facts)))
    stopped = score_stop(known, scope, key, home=home, mode=mode, horizon=HORIZON)
    assert_equal(stopped, score_node(known.facts, scope, key, mode=mode, horizon=HORIZON))
    shocks = data.draw(shock_sets(all_nodes(known.facts)))
    world = simulate(known.facts, shocks, mode=mode, horizon=HORIZON)
    found = simulate_home(known, shocks, [], home=home, mode=mode, horizon=HORIZON)
    assert found.loss_path == pytest.approx(world.loss_path, abs=CLOSE)
    for unit, (lost, first) in world.unit_loss.items():
        if not known.facts.variants[unit[1]]:  # a variant limits what is used, not what is made
            assert found.unit_loss[unit][0] == pytest.approx(lost, abs=CLOSE), unit
            assert found.unit_loss[unit][1] == first, unit


@few
@given(folders=chain_folders(home=True), mode=st.sampled_from(MODES), data=st.data())
def test_a_larger_cut_never_lowers_a_loss(folders: Folders, mode: Mode, data: st.DataObject) -> None:
    known = read_home_facts(folders, CHAIN)
    items = sorted(known.facts.items)
    cuts = data.draw(cut_sets(senders(known.facts), items))
    first = cuts[0]
    more = [replace(one, start_day=9) for one in data.draw(cut_sets(senders(known.facts), items))]
    larger = data.draw(
        st.sampled_from(
            [
                [replace(first, severity=1.0), *cuts[1:]],
                [replace(first, items=None), *cuts[1:]],
                [*cuts, *(replace(one, start_day=first.start_day) for one in more)],
            ]
        )
    )
    try:
        less, most = (
            simulate_home(known, [], some, mode=mode, horizon=HORIZON).loss_path for some in (cuts, larger)
        )
    except UnsettledError:
        reject()
    event(f"loss {max(most) > CLOSE}")
    assert all(0.0 <= a <= b + CLOSE <= 1.0 + 2 * CLOSE for a, b in zip(less, most, strict=True)), (
        less,
        most,
    )


@few
@given(folders=chain_folders(home=True), mode=st.sampled_from(MODES))
def test_nothing_is_lost_where_nothing_is_cut_or_the_cut_supplies_nothing(
    folders: Folders, mode: Mode
) -> None:
    known = read_home_facts(folders, CHAIN)
    nobody = score_cut(known, [Cut(Scope.COUNTRY, "ATA")], mode=mode, horizon=3)
    assert_equal(nobody, Scores(0.0, None, 0.0))


@few
@given(folders=chain_folders(home=True), mode=st.sampled_from(MODES), data=st.data())
def test_the_ends_of_the_mix_hold_the_exposure_of_a_cut(
    folders: Folders, mode: Mode, data: st.DataObject
) -> None:
    # Not with lists: at the high end a list's other sources, which the cut may hit in turn, hold less.
    known = read_home_facts([replace(part, purchases=()) for part in folders], CHAIN)
    scope, key = data.draw(st.sampled_from([(Scope.COUNTRY, "JPN"), *senders(known.facts)]))
    cuts = [Cut(scope, key)]
    try:
        point = score_cut(known, cuts, mode=mode, horizon=1).exposure
        ends = exact_range(known, cuts, mode=mode, horizon=1)
    except UnsettledError:
        reject()
    if point is None or ends.low.exposure is None or ends.high.exposure is None:
        return
    assert ends.low.exposure - CLOSE <= point <= ends.high.exposure + CLOSE


def assert_home_is_the_world(chain: str, country: str, horizon: int) -> None:
    folders = [all_at_home(read_plain(DATA / "chains" / name)) for name in ("ic", "pv")]
    known = read_home_facts(folders, chain)
    home = countries(known.facts)
    for mode in MODES:
        found = score_stop(known, Scope.COUNTRY, country, home=home, mode=mode, horizon=horizon)
        world = score_node(known.facts, Scope.COUNTRY, country, mode=mode, horizon=horizon)
        assert_equal(found, world)


@pytest.mark.parametrize(("chain", "country"), [("ic", "JPN"), ("pv", "USA"), ("pv", "CHN"), ("pv", "NLD")])
def test_a_shipped_chain_all_at_home_scores_as_in_the_world(chain: str, country: str) -> None:
    assert_home_is_the_world(chain, country, horizon=3)


@pytest.mark.soak
@pytest.mark.parametrize("country", ["JPN", "USA", "CHN", "NLD"])
def test_the_shipped_chain_of_circuits_all_at_home_scores_as_in_the_world_for_weeks(country: str) -> None:
    assert_home_is_the_world("ic", country, horizon=20)
