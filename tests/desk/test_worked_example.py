"""The worked example that the method page draws: the numbers of the specification."""

import pytest

from chains.defaults import load_defaults
from chains.model import Perspective
from desk.scenario_process import WhatIfProcess
from desk.worked_example import COUNTRIES, answer_example, example_mixes
from settings import load_settings

WANTED = {
    "NLD": ((0.5, 0.5, 0), (0.8, None, 0)),
    "JPN": ((0.4, 0.1544, 51), (0.6, 0.4206, 33)),
    "USA": ((0.2, 0.0, None), (0.3, 0.1622, 67)),
}


def test_cuts_and_stops_give_the_numbers_of_the_specification():
    answers = answer_example(load_defaults(load_settings().data_dir / "defaults.toml"))
    assert [one.plan.perspective for one in answers] == [Perspective.HOME, Perspective.WORLD] * 3
    for place, country in enumerate(COUNTRIES):
        for answer, (exposure, residual, first_day) in zip(
            answers[2 * place : 2 * place + 2], WANTED[country], strict=True
        ):
            found = answer.simulation
            assert found is not None
            assert found.exposure == pytest.approx(exposure, abs=1e-9)
            assert found.first_day == first_day
            if residual is not None:
                assert found.mean_loss == pytest.approx(residual, abs=5e-5)


def test_home_buys_at_home_before_it_imports():
    mixes = {(row.item_id, row.country): (row.home, row.abroad) for row in example_mixes()}
    assert mixes["TOOL", "NLD"] == pytest.approx((0.5, 1.0))
    assert mixes["TOOL", "CHN"] == pytest.approx((0.5, 0.0))
    assert mixes["RESIST", "JPN"] == pytest.approx((0.4, 2 / 3))
    assert mixes["RESIST", "CHN"] == pytest.approx((0.4, 0.0))


def test_the_process_of_what_ifs_answers_the_example(home):  # noqa: ARG001 - a home of its own
    process = WhatIfProcess()
    try:
        answers = process.worked_example()
    finally:
        process.close()
    assert [one.simulation.first_day for one in answers if one.simulation] == [0, 0, 51, 33, None, 67]
