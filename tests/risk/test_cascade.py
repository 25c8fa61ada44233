"""The firm cascade: worked by hand, equal to its plain twin, and the laws of its definition."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.cascade import compute
from risk.cascade.compute import compute_esri
from risk.cascade.errors import FirmDataError
from risk.cascade.model import FirmShocks
from risk.cascade.network import network_from_arrays, network_from_graph
from risk.errors import ParameterError
from tests.reference.esri import cascade
from tests.risk.esri_cases import random_network


def exactly(found, want) -> bool:
    return np.allclose(found, want, rtol=0.0, atol=1e-12)


def scenarios(*firms_and_shares: dict[int, float]) -> FirmShocks:
    return FirmShocks(
        tuple(f"S{number}" for number in range(len(firms_and_shares))),
        np.concatenate(([0], np.cumsum([len(one) for one in firms_and_shares]))).astype(np.int64),
        np.array([firm for one in firms_and_shares for firm in one], dtype=np.int32),
        np.array([share for one in firms_and_shares for share in one.values()], dtype=np.float64),
    )


def four_firms():
    """A sells 10 to C (essential); B sells 30 to C and 10 to D; C sells 40 to D (all non-essential)."""
    network, _ = network_from_arrays(
        [0, 1, 2, 2],
        ([0, 1, 1, 2], [2, 2, 3, 3], [10.0, 30.0, 10.0, 40.0]),
        essential=[[0, 0, 2], [0, 0, 1], [0, 0, 1]],
    )
    return network


@pytest.mark.parametrize(
    ("shock", "down", "up", "both", "sweeps"),
    [
        # Sales 10, 40, 40, 0 of 90. A fails: C lacks all of an essential input and stops in sweep 1. In
        # sweep 2 nothing is left of C's market, so sigma is 1 and D lacks 40 of its 50: it makes 0.2, but
        # sells nothing. Sweep 3 changes nothing. Down (10 + 40) / 90; up only A itself.
        ({0: 1.0}, 50, 10, 50, 3),
        # B fails: C lacks 30 of 40, D 10 of 50 in sweep 1. In sweep 2 C's market holds 40 · 0.25 = 10, less
        # than C's 40, so sigma is 1 and D lacks 0.2 + 0.8 · 0.75 = 0.8. Down (40 + 40 · 0.75) / 90.
        ({1: 1.0}, 70, 40, 70, 3),
        # D fails: C loses its only customer, B a quarter (10 of 40). In sweep 2 A loses C, and B
        # 0.25 + 0.75 = all. Up (10 + 40 + 40) / 90; nothing lies downstream of D.
        ({3: 1.0}, 0, 90, 90, 3),
        # Half of C: A loses 0.5 and B 0.75 · 0.5 of their sales in sweep 1; sweep 2 changes nothing.
        # Up (5 + 15 + 20) / 90, down 20 / 90.
        ({2: 0.5}, 20, 40, 40, 2),
        # A and half of C: C is capped at 0.5, then stops for want of A. Up: A is down, B loses
        # 0.75 · 0.5 of 40. Each firm counts the worse of its channels: 10 + 15 + 40.
        ({0: 1.0, 2: 0.5}, 50, 45, 65, 3),
        # Nothing fails, nothing falls.
        ({0: 0.0}, 0, 0, 0, 1),
    ],
)
def test_four_firms_fall_as_worked_by_hand(shock, down, up, both, sweeps):
    found = compute_esri(four_firms(), shocks=scenarios(shock))
    got = (found.esri_down[0] * 90, found.esri_up[0] * 90, found.esri[0] * 90)
    assert np.allclose(got, (down, up, both), rtol=0, atol=1e-10)
    assert found.sweeps[0] == sweeps


def test_a_supplier_is_replaced_by_the_rest_of_its_market():
    # X sells 10 and Y 30 in one market; X's buyer cannot do without. X fails: 30 are left, sigma = 10/30,
    # so the buyer loses a third; without replaceability it stops. Its sales are 40 of 80.
    network, _ = network_from_arrays(
        [0, 0, 1, 2],
        ([0, 1, 2], [2, 3, 3], [10.0, 30.0, 40.0]),
        essential=np.diag([0, 0, 0]) + [[0, 2, 0]] * 3,
    )
    shock = scenarios({0: 1.0})
    assert compute_esri(network, shocks=shock).esri_down[0] == pytest.approx((10 + 40 / 3) / 80, abs=1e-15)
    alone = compute_esri(network, shocks=shock, replaceability=False)
    assert alone.esri_down[0] == pytest.approx((10 + 40) / 80, abs=1e-15)


def check_against_twin(network, shocks, options):
    found = compute_esri(network, shocks=scenarios(*shocks), **options)
    for number, shock in enumerate(shocks):
        want = cascade(network, shock, **options)
        got = (found.esri[number], found.esri_down[number], found.esri_up[number])
        assert exactly(got, (want.esri, want.esri_down, want.esri_up))
        assert found.sweeps[number] == want.sweeps


@pytest.mark.parametrize("replaceability", [True, False])
@pytest.mark.parametrize("dense_from", [0.0, compute.DENSE_FROM, 1e9], ids=["lanes", "both", "sparse"])
def test_single_failures_equal_the_plain_twin(dense_from, replaceability, monkeypatch):
    # The sparse start and the lanes of eight are two ways of the same sweeps.
    monkeypatch.setattr(compute, "DENSE_FROM", dense_from)
    network = random_network(11, firms=300, degree=5.0, sectors=12)
    shocks = [{firm: 1.0} for firm in range(0, 300, 7)]
    check_against_twin(network, shocks, {"eps": 0.01, "replaceability": replaceability})


@given(
    seed=st.integers(0, 10_000),
    firms=st.integers(2, 30),
    sectors=st.integers(1, 6),
    replaceability=st.booleans(),
    max_sweeps=st.none() | st.integers(1, 5),
    eps=st.sampled_from([0.01, 1e-3, 0.2, 1.0]),
)
def test_partial_shocks_of_many_firms_equal_the_plain_twin(
    seed, firms, sectors, replaceability, max_sweeps, eps
):
    network = random_network(seed, firms=firms, degree=3.0, sectors=sectors)
    draw = np.random.default_rng(seed)
    shocks = [
        dict(zip(draw.choice(firms, size, replace=False).tolist(), draw.random(size).tolist(), strict=True))
        for size in draw.integers(1, firms + 1, 11)
    ]
    check_against_twin(
        network, shocks, {"eps": eps, "replaceability": replaceability, "max_sweeps": max_sweeps}
    )


def test_a_market_that_all_but_vanishes_is_measured_exactly():
    # Of 1e9 in sales all fails but 1e-2: a difference of sums would be wrong in the fifth digit.
    draw = np.random.default_rng(4)
    weight = np.concatenate((draw.uniform(1e6, 2e6, 600), [3e-2, 2e-2]))
    network, _ = network_from_arrays(
        [0] * 602 + [1] * 602,
        (np.arange(602), 602 + np.arange(602), weight),
        essential=[[0, 1], [0, 0]],
    )
    check_against_twin(network, [dict.fromkeys(range(601), 1.0) | {601: 0.5}], {"eps": 1e-9})


@given(seed=st.integers(0, 1000))
def test_another_currency_changes_nothing(seed):
    network = random_network(seed, firms=40)
    cheap, _ = network_from_arrays(
        network.sector_of_firm,
        (network.supplier_of_link, network.buyer_of_link, network.weight_of_link * 0.001),
        essential=network.essential,
    )
    here, there = compute_esri(network), compute_esri(cheap)
    assert (here.sweeps == there.sweeps).all()
    for name in ("esri", "esri_down", "esri_up"):
        assert exactly(getattr(here, name), getattr(there, name))


def test_results_do_not_depend_on_what_else_is_computed():
    network = random_network(9, firms=200)
    every = compute_esri(network)
    some = compute_esri(network, shocks=scenarios({150: 1.0}, {3: 1.0}, {77: 1.0}))
    assert some.esri.tobytes() == every.esri[[150, 3, 77]].tobytes()


def test_a_graph_gives_what_its_arrays_give():
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from([("mill", {"sector": "steel"}), ("shop", {"sector": "cars"})])
    graph.add_edge("mill", "shop", weight=3.0)
    classes = {(row, column): 2 for row in ("steel", "cars") for column in ("steel", "cars")}
    network, warnings = network_from_graph(graph, classes)
    found = compute_esri(network)
    assert warnings == []
    assert found.ids == ("mill", "shop")
    assert found.esri.tolist() == [1.0, 1.0]
    assert found.as_frame().columns == ["id", "esri", "esri_down", "esri_up", "sweeps"]


def test_a_firm_without_links_is_listed_with_index_zero():
    network, warnings = network_from_arrays([0, 0, 0], ([0], [1], [1.0]), essential=[[1]])
    assert [problem.code for problem in warnings] == ["firm-without-links"]
    assert compute_esri(network).esri[2] == 0.0


def test_rows_of_one_pair_are_added_up_and_told():
    twice, warnings = network_from_arrays([0, 0], ([0, 0], [1, 1], [1.0, 2.0]), essential=[[1]])
    assert twice.weight_of_link.tolist() == [3.0]
    assert warnings[0].code == "repeated-pair"
    assert "0→1" in warnings[0].message


@pytest.mark.parametrize(
    ("links", "code"),
    [
        (([0], [1], [np.nan]), "bad-weight"),
        (([0], [1], [np.inf]), "bad-weight"),
        (([0], [1], [-1.0]), "negative-weight"),
        (([0], [9], [1.0]), "unknown-firm"),
        (([0], [1, 1], [1.0]), "link-shape"),
        (([0], [0], [1.0]), "no-links"),
        (([0, 1], [1, 0], [1e308, 1e308]), "huge-weight"),
    ],
)
def test_links_that_cannot_be_are_refused_with_a_sentence(links, code):
    with pytest.raises(FirmDataError) as caught:
        network_from_arrays([0, 0], links, essential=[[1]])
    assert code in [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    "options", [{"eps": -0.1}, {"eps": float("nan")}, {"eps": 1.5}, {"max_sweeps": 0}, {"workers": 0}]
)
def test_options_that_mean_nothing_are_refused(options):
    with pytest.raises(ParameterError):
        compute_esri(four_firms(), **options)
