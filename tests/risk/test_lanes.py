"""Lanes are scored block by block; the days that gave the scores are not kept."""

import numpy as np
import pytest

from chains.arrays import to_arrays
from chains.model import Mode
from chains.union import join_folders
from risk.lanes import LANES_A_BLOCK, Lane, run_lanes, score_lanes
from risk.paths import LossPaths
from risk.scores import SCORES
from tests.bench.province import CHAIN, Size, draw_province

HORIZONS = (7, 90)


@pytest.fixture(scope="module")
def network(defaults):
    return to_arrays(join_folders([draw_province(Size(40, 150, 900), seed=3)], CHAIN), defaults).network


@pytest.mark.parametrize("mode", list(Mode))
def test_scores_taken_block_by_block_are_those_of_all_days_at_once(network, mode):
    lanes = [Lane((unit,)) for unit in range(len(network.share_of_unit))]
    assert len(lanes) % LANES_A_BLOCK
    assert len(lanes) > 2 * LANES_A_BLOCK
    done: list[int] = []
    found = score_lanes(network, lanes, mode=mode, scores=SCORES, horizons=HORIZONS, progress=done.append)
    days = run_lanes(network, lanes, mode=mode, horizon=max(HORIZONS))
    paths = LossPaths(*days.loss)
    want = [[score.compute(paths, horizon) for horizon in HORIZONS] for score in SCORES]
    assert found.values.tobytes() == np.array(want).tobytes()
    assert (found.worst_level < 1.0).any()
    for name in ("worst_level", "worst_item", "defaults_used"):
        assert np.array_equal(getattr(found, name), getattr(days, name))
    assert done[-1] == len(lanes)


def test_no_lanes_have_no_scores(network):
    found = score_lanes(network, [], mode=Mode.RUN, scores=SCORES, horizons=HORIZONS)
    assert found.values.shape == (len(SCORES), len(HORIZONS), 0)
