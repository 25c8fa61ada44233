"""The firm cascade equals its plain twin."""

from __future__ import annotations

import numpy as np
import pytest

from risk.cascade.compute import compute_esri
from tests.reference.esri import cascade
from tests.risk.esri_cases import random_network


@pytest.mark.parametrize("replaceability", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_every_single_failure_equals_the_plain_twin(seed, replaceability):
    network = random_network(seed, firms=40)
    found = compute_esri(network, eps=1e-3, replaceability=replaceability)
    for firm in range(network.firms):
        want = cascade(network, {firm: 1.0}, eps=1e-3, replaceability=replaceability)
        assert found.sweeps[firm] == want.sweeps
        got = (found.esri[firm], found.esri_down[firm], found.esri_up[firm])
        assert np.allclose(got, (want.esri, want.esri_down, want.esri_up), rtol=0, atol=1e-12)
