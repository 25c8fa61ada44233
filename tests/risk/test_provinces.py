"""Output of a province: what its units lose, weighed by what their output is worth."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.union import join_folders
from risk.provinces import province_losses
from risk.scenarios import UnitLoss
from tests.factories import CHAIN, firm, one_product, supply


def lost(supplier, loss, first_day=None):
    return UnitLoss(supplier, "PART", loss, loss, first_day, None)


def losses_of(weights, *losses, places=("江苏",) * 9):
    names = "ABCDEFGHI"[: len(losses)]
    folder = one_product(
        *(supply(name, "PART", unit_weight=w) for name, w in zip(names, weights, strict=True))
    )
    makers = {name: firm(name, "CHN", province=place) for name, place in zip(names, places, strict=False)}
    folder = replace(folder, suppliers=tuple(makers.get(s.supplier_id, s) for s in folder.suppliers))
    records = join_folders([folder], CHAIN)
    return province_losses(records, [lost(name, *loss) for name, loss in zip(names, losses, strict=True)])


def test_weights_of_three_and_one_make_three_tenths_of_losses_of_two_and_six_tenths():
    (one,) = losses_of([3.0, 1.0], (0.2, 7), (0.6, 3))
    assert one.mean_loss == pytest.approx(0.3)
    assert (one.province, one.units, one.weighed, one.hit, one.first_day) == ("江苏", 2, 2, 2, 3)


def test_without_output_values_all_units_count_alike():
    (one,) = losses_of([None, None], (0.2,), (0.6,))
    assert one.mean_loss == pytest.approx(0.4)
    assert (one.weighed, one.hit, one.first_day) == (0, 0, None)


def test_a_unit_without_output_value_counts_as_the_mean_of_the_others():
    (one,) = losses_of([3.0, 1.0, None], (0.2,), (0.6,), (0.9,))
    assert one.mean_loss == pytest.approx((3 * 0.2 + 1 * 0.6 + 2 * 0.9) / 6)
    assert one.weighed == 2


def test_jiangsu_comes_first_then_the_province_that_loses_most():
    found = losses_of([None] * 4, (0.1,), (0.2,), (0.9,), (0.9,), places=("江苏", "浙江", "上海", None))
    assert [one.province for one in found] == ["江苏", "上海", "浙江"]


@given(
    weights=st.lists(st.none() | st.floats(0.01, 1e6), min_size=1, max_size=6),
    data=st.data(),
)
def test_the_loss_of_a_province_lies_between_those_of_its_units(weights, data):
    losses = [data.draw(st.floats(0, 1)) for _ in weights]
    (one,) = losses_of(weights, *((loss,) for loss in losses))
    assert min(losses) - 1e-9 <= one.mean_loss <= max(losses) + 1e-9


def test_plants_behind_the_shares_of_countries_are_told_and_not_counted_as_running():
    folder = one_product(supply("A", "PART"), supply("B", "PART"))
    makers = (firm("A", "CHN", province="江苏"), firm("B", "CHN", province="浙江"))
    own = {one.supplier_id for one in makers}
    rest = tuple(one for one in folder.suppliers if one.supplier_id not in own)
    records = join_folders([replace(folder, suppliers=(*makers, *rest))], CHAIN)
    jiangsu, zhejiang = province_losses(records, [lost("A", 0.2)])
    assert (jiangsu.units, jiangsu.left_out) == (1, 0)
    assert jiangsu.mean_loss == pytest.approx(0.2)
    assert (zhejiang.units, zhejiang.mean_loss, zhejiang.left_out) == (0, None, 1)
