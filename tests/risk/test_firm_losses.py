"""What stops when firms stop: small networks by head, and the same index as the fast computation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.cascade.compute import compute_esri
from risk.cascade.network import network_from_arrays
from risk.firms.losses import find_losses, prepare_network
from tests.risk.esri_cases import random_network

ESSENTIAL, OTHER, NEGLIGIBLE = 2, 1, 0


def follow(links, stopped, *, classes, sectors=None, eps=0.0, replaceability=False):
    firms = 1 + max(max(seller, buyer) for seller, buyer, _weight in links)
    sellers, buyers, weights = zip(*links, strict=True)
    network, _ = network_from_arrays(
        sectors or list(range(firms)), (sellers, buyers, weights), essential=classes
    )
    return find_losses(prepare_network(network), np.array([stopped]), eps=eps, replaceability=replaceability)


def all_of(kind, count):
    return np.full((count, count), kind)


def test_without_an_essential_input_a_chain_of_buyers_stops():
    losses = follow([(0, 1, 10), (1, 2, 10), (2, 0, 10)], 0, classes=all_of(ESSENTIAL, 3))
    assert losses.lost_down.tolist() == [1, 1, 1]
    assert losses.esri == 1.0


def test_a_non_essential_input_costs_its_share_of_all_inputs():
    losses = follow([(0, 2, 30), (1, 2, 70), (2, 0, 1)], 0, classes=all_of(OTHER, 3))
    assert losses.lost_down[2] == pytest.approx(0.3)


def test_a_negligible_input_costs_nothing_but_its_seller_loses_the_customer():
    losses = follow([(0, 1, 30), (1, 2, 30)], 0, classes=all_of(NEGLIGIBLE, 3))
    assert losses.lost.tolist() == [1, 0, 0]
    losses = follow([(0, 1, 30), (0, 2, 10)], 1, classes=all_of(NEGLIGIBLE, 3))
    assert losses.lost_up[0] == pytest.approx(0.75)


def test_a_small_supplier_of_a_large_sector_is_replaced():
    links = [(0, 2, 10), (1, 3, 90), (2, 3, 1), (3, 2, 1)]
    classes = all_of(ESSENTIAL, 2)
    alone = follow(links, 0, classes=classes, sectors=[0, 0, 1, 1])
    replaced = follow(links, 0, classes=classes, sectors=[0, 0, 1, 1], replaceability=True, eps=0.5)
    assert alone.lost_down[2] == 1.0
    # 10 are gone; the sector still sells 90 of 100, so a ninth of the loss stays.
    assert replaced.lost_down[2] == pytest.approx(1 / 9, abs=1e-12)


def test_the_parts_of_all_firms_make_the_index():
    losses = follow([(0, 1, 3), (1, 2, 5), (2, 3, 2)], 1, classes=all_of(OTHER, 4))
    assert losses.weight.sum() == pytest.approx(1.0)
    assert losses.esri == pytest.approx(float((losses.lost * losses.weight).sum()))


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), replaceability=st.booleans(), eps=st.sampled_from([0.01, 1e-6]))
def test_each_failure_has_the_index_and_the_sweeps_of_the_fast_computation(seed, replaceability, eps):
    network = random_network(seed, firms=30)
    result = compute_esri(network, eps=eps, replaceability=replaceability)
    prepared = prepare_network(network)
    for firm in range(0, network.firms, 7):
        losses = find_losses(prepared, np.array([firm]), eps=eps, replaceability=replaceability)
        assert losses.esri == pytest.approx(result.esri[firm], abs=1e-12)
        assert losses.weight @ losses.lost_down == pytest.approx(result.esri_down[firm], abs=1e-12)
        assert losses.sweeps == result.sweeps[firm]


def test_a_limit_of_sweeps_ends_the_cascade():
    network = random_network(3, firms=40)
    prepared = prepare_network(network)
    result = compute_esri(network, eps=0.0, max_sweeps=2)
    losses = find_losses(prepared, np.array([0]), eps=0.0, replaceability=True, max_sweeps=2)
    assert losses.sweeps == result.sweeps[0] <= 2
    assert losses.esri == pytest.approx(result.esri[0], abs=1e-12)
