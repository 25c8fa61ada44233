"""The picture exposure − substitution − stock = residual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rows import EndScores
from desk.waterfall import build_waterfall

fraction = st.floats(0, 1)


@given(fraction, st.none() | fraction, fraction)
def test_the_steps_always_add_up(exposure, substitution, residual):
    steps = build_waterfall(EndScores(exposure, substitution, residual, None, None))
    assert steps is not None
    assert steps.exposure - steps.by_substitution - steps.by_stock == pytest.approx(steps.residual, abs=1e-12)


def test_an_installed_base_that_wears_out_shows_as_a_negative_help_of_stock():
    steps = build_waterfall(EndScores(0.0, 0.0, 0.0196, 46, None))
    assert steps is not None
    assert steps.by_stock == pytest.approx(-0.0196)


def test_a_node_without_scores_has_no_waterfall():
    assert build_waterfall(EndScores(None, None, None, None, None)) is None
