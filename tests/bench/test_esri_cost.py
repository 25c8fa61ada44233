"""What the index costs: against the size of the network, and against the plain twin.

`make bench` runs it and writes docs/benchmarks.md; alone it runs with `python -m pytest
tests/bench/test_esri_cost.py --benchmark-enable`. Earlier figures stand in docs/national.md.
"""

from __future__ import annotations

import numpy as np
import pytest

from risk.cascade.compute import compute_esri
from risk.cascade.model import FirmShocks
from risk.cascade.planning import plan_network
from tests.bench.firm_networks import scale_free_network
from tests.reference.esri import cascade

SIZES = (2_000, 10_000, pytest.param(100_000, marks=pytest.mark.soak))
SAMPLE = 200


def sample_of(firms: int) -> FirmShocks:
    chosen = np.sort(np.random.default_rng(5).choice(firms, SAMPLE, replace=False)).astype(np.int32)
    return FirmShocks(tuple(map(str, chosen)), np.arange(SAMPLE + 1, dtype=np.int64), chosen, np.ones(SAMPLE))


@pytest.mark.parametrize("firms", SIZES)
def test_cost_of_200_failures_against_size(benchmark, firms):
    network, shocks = scale_free_network(1, firms=firms), sample_of(firms)
    found = benchmark(compute_esri, network, shocks=shocks)
    assert ((found.esri >= 0.0) & (found.esri <= 1.0)).all()


@pytest.mark.parametrize("firms", SIZES)
def test_cost_of_preparation_against_size(benchmark, firms):
    planned = benchmark(plan_network, scale_free_network(1, firms=firms))
    assert len(planned.plan.up_buyer) > firms


@pytest.mark.parametrize("way", ["compiled", "plain twin"])
def test_cost_of_five_failures_against_the_plain_twin(benchmark, way):
    network = scale_free_network(3, firms=1_000, sectors=60)
    firms = [0, 250, 500, 750, 999]
    shocks = FirmShocks(
        tuple(map(str, firms)), np.arange(6, dtype=np.int64), np.array(firms, dtype=np.int32), np.ones(5)
    )
    if way == "compiled":
        found = benchmark(compute_esri, network, shocks=shocks).esri.tolist()
    else:
        found = benchmark(lambda: [cascade(network, {firm: 1.0}).esri for firm in firms])
    assert found == pytest.approx([cascade(network, {firm: 1.0}).esri for firm in firms], abs=1e-12)


@pytest.mark.soak
@pytest.mark.parametrize("replaceability", [True, False])
def test_ten_thousand_firms_equal_the_plain_twin_where_they_are_asked(replaceability):
    network = scale_free_network(1, firms=10_000)
    found = compute_esri(network, replaceability=replaceability)
    for firm in np.random.default_rng(7).choice(10_000, 2, replace=False).tolist():
        want = cascade(network, {firm: 1.0}, replaceability=replaceability)
        got = (found.esri[firm], found.esri_down[firm], found.esri_up[firm])
        assert got == pytest.approx((want.esri, want.esri_down, want.esri_up), abs=1e-12, rel=0)
        assert found.sweeps[firm] == want.sweeps
