"""Scenarios: several shocks at once, with a beginning and an end."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chains.defaults import Defaults
from chains.errors import UnknownKeyError
from chains.model import ChainRecords, Kind, Mode, Scope
from chains.sources import resolve_sources
from chains.union import join_folders
from risk.errors import ParameterError
from risk.model import Shock
from risk.nodes import find_nodes
from risk.scenarios import simulate
from tests.factories import CHAIN, chain_folders, firm, folder, item, link, one_product, supply


@pytest.fixture
def records() -> ChainRecords:
    rows = one_product(
        supply("J", "PART", 0.6, spare=0.0),
        supply("U", "PART", 0.4, spare=0.3, ramp_days=10.0),
        suppliers=[firm("J", "JPN"), firm("U", "USA")],
    )
    return join_folders([rows], "c1")


def test_shocks_that_act_together_lose_together(records: ChainRecords, defaults: Defaults):
    both = [Shock(Scope.SUPPLIER, "J"), Shock(Scope.SUPPLIER, "U", severity=0.5)]
    assert simulate(records, both, defaults=defaults).exposure == pytest.approx(0.8)


def test_the_larger_of_two_severities_on_one_supplier_counts(records: ChainRecords, defaults: Defaults):
    shocks = [Shock(Scope.SUPPLIER, "J", severity=0.5), Shock(Scope.COUNTRY, "JPN", severity=0.25)]
    assert simulate(records, shocks, defaults=defaults).exposure == pytest.approx(0.3)


def test_a_shock_ends_and_ramps_from_its_own_first_day(records: ChainRecords, defaults: Defaults):
    shock = Shock(Scope.SUPPLIER, "J", start_day=5, days=20)
    path = simulate(records, [shock], defaults=defaults, horizon=40).loss_path
    assert path[:5] == pytest.approx([0.0] * 5)
    assert path[5:15] == pytest.approx([0.6] * 10)
    assert path[15:25] == pytest.approx([0.3] * 10)
    assert path[25:] == pytest.approx([0.0] * 15)


def test_an_unknown_key_and_an_impossible_severity_are_named(records: ChainRecords, defaults: Defaults):
    with pytest.raises(UnknownKeyError, match="no country 'JPX' in this chain; did you mean JPN"):
        simulate(records, [Shock(Scope.COUNTRY, "JPX")], defaults=defaults)
    with pytest.raises(ParameterError, match=r"severity 1\.5 must be above 0 and at most 1"):
        simulate(records, [Shock(Scope.COUNTRY, "JPN", severity=1.5)], defaults=defaults)


@pytest.mark.parametrize("horizon", [0, -1, 10_000])
def test_a_horizon_outside_ten_years_is_refused(horizon: int, records: ChainRecords, defaults: Defaults):
    with pytest.raises(ParameterError, match="give a number of days from 1 to 3650"):
        simulate(records, [Shock(Scope.SUPPLIER, "J")], defaults=defaults, mode=Mode.BUILD, horizon=horizon)


def only_maker(**spare: float) -> ChainRecords:
    """One product of one part that only J makes; no stock."""
    return join_folders([one_product(supply("J", "PART", 1.0, **spare))], "c1")


def test_supply_climbs_back_in_a_straight_line_after_the_end(defaults: Defaults):
    shock = Shock(Scope.SUPPLIER, "J", days=10, recover_days=10)
    path = simulate(only_maker(spare=0.0), [shock], defaults=defaults, horizon=30).loss_path
    assert (path[9], path[10], path[15], path[20]) == pytest.approx((1.0, 1.0, 0.5, 0.0))


def test_a_shock_narrowed_to_an_item_leaves_the_other_items_of_the_firm(defaults: Defaults):
    chain = folder(
        items=[
            item("A", cover_days=0.0),
            item("B", cover_days=0.0),
            item("E", Kind.PRODUCT, weight=0.5),
            item("F", Kind.PRODUCT, weight=0.5),
        ],
        links=[link("A", "E"), link("B", "F")],
        suppliers=[firm("J", "JPN")],
        supplies=[supply("J", "A", 1.0), supply("J", "B", 1.0)],
    )
    records = join_folders([chain], "c1")
    whole = simulate(records, [Shock(Scope.COUNTRY, "JPN")], defaults=defaults)
    narrowed = simulate(records, [Shock(Scope.COUNTRY, "JPN", items=("A",))], defaults=defaults)
    assert (whole.mean_loss, narrowed.mean_loss) == pytest.approx((1.0, 0.5))
    assert {unit.item_id: unit.worst_loss for unit in narrowed.units} == {"A": 1.0, "B": 0.0}


def test_a_unit_has_its_largest_loss_and_the_day_it_is_back(records: ChainRecords, defaults: Defaults):
    shock = Shock(Scope.SUPPLIER, "J", severity=0.5, start_day=5, days=20, recover_days=10)
    found = simulate(records, [shock], defaults=defaults, horizon=60)
    stopped = next(unit for unit in found.units if unit.supplier_id == "J")
    assert (stopped.first_day, stopped.recovery_day) == (5, 35)
    assert stopped.worst_loss == pytest.approx(0.5)
    assert stopped.mean_loss == pytest.approx((20 * 0.5 + sum(0.05 * day for day in range(1, 11))) / 60)


def test_a_unit_that_is_down_to_the_end_has_no_day_of_recovery(records: ChainRecords, defaults: Defaults):
    found = simulate(records, [Shock(Scope.SUPPLIER, "J")], defaults=defaults, horizon=60)
    assert next(unit for unit in found.units if unit.supplier_id == "J").recovery_day is None


def test_spare_takes_over_what_is_missing_from_the_day_it_is_ready(records: ChainRecords, defaults: Defaults):
    shock = Shock(Scope.SUPPLIER, "J", severity=0.25, start_day=5, days=20)
    (taken,) = simulate(records, [shock], defaults=defaults, horizon=40).takeovers
    assert (taken.item_id, taken.supplier_id, taken.buyer_id) == ("PART", "U", None)
    # 0.15 is missing, 0.3 of spare is ready on day 15: half of it flows until day 24.
    assert (taken.first_day, taken.most_day) == (15, 15)
    assert (taken.most, taken.mean) == pytest.approx((0.15, 0.15 * 10 / 40))


def test_the_steps_from_the_bare_loss_add_up(records: ChainRecords, defaults: Defaults):
    found = simulate(records, [Shock(Scope.SUPPLIER, "J", start_day=5)], defaults=defaults, horizon=50)
    assert found.bare_loss == pytest.approx(0.6 * 45 / 50)
    assert found.substituted_loss == pytest.approx((0.6 * 10 + 0.3 * 35) / 50)
    assert found.mean_loss == pytest.approx(found.substituted_loss)
    assert found.worst_loss == pytest.approx(0.6)
    assert found.worst_day == 5


@pytest.mark.parametrize(
    ("shock", "sentence"),
    [
        (Shock(Scope.SUPPLIER, "J", start_day=-1), "starts on day -1"),
        (Shock(Scope.SUPPLIER, "J", start_day=180), "day 180, beyond the horizon of 180 days"),
        (Shock(Scope.SUPPLIER, "J", days=0), "lasts 0 days"),
        (Shock(Scope.SUPPLIER, "J", recover_days=5), "recovers after an end but has none"),
        (Shock(Scope.SUPPLIER, "J", days=1, recover_days=-5), "recovery takes -5 days"),
        (Shock(Scope.ITEM, "PART", items=("PART",)), "cannot be narrowed"),
        (Shock(Scope.SUPPLIER, "J", items=("END",)), "makes none of END"),
    ],
)
def test_an_impossible_day_or_item_is_named(
    shock: Shock, sentence: str, records: ChainRecords, defaults: Defaults
):
    with pytest.raises(ParameterError, match=sentence):
        simulate(records, [shock], defaults=defaults)


def test_an_unknown_item_of_a_shock_is_named_with_near_ones(records: ChainRecords, defaults: Defaults):
    with pytest.raises(UnknownKeyError, match="no item 'PARTS' in this chain; did you mean PART"):
        simulate(records, [Shock(Scope.SUPPLIER, "J", items=("PARTS",))], defaults=defaults)


def test_a_chain_without_end_products_is_named(records: ChainRecords, defaults: Defaults):
    with pytest.raises(ParameterError, match="chain c1 has no end product"):
        simulate(replace(records, end_weights=()), [Shock(Scope.SUPPLIER, "J")], defaults=defaults)


def drawn_node(joined: ChainRecords, data: st.DataObject, defaults: Defaults) -> tuple[Scope, str]:
    members = find_nodes(joined, resolve_sources(joined, defaults))
    node = data.draw(st.sampled_from(members)).node
    return node.scope, node.key


few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(folders=chain_folders(tiers=True, queues=True), mode=st.sampled_from(Mode), data=st.data())
def test_a_longer_recovery_never_lowers_a_loss(folders, mode, data, defaults):
    joined = join_folders(folders, CHAIN)
    node = drawn_node(joined, data, defaults)
    severity, days = data.draw(st.sampled_from((0.3, 1.0))), data.draw(st.integers(1, 6))
    losses = [
        simulate(
            joined,
            [Shock(*node, severity, days=days, recover_days=recover)],
            defaults=defaults,
            mode=mode,
            horizon=16,
        ).loss_path
        for recover in (0, 2, 7)
    ]
    for shorter, longer in pairwise(losses):
        assert all(more >= less - 1e-9 for less, more in zip(shorter, longer, strict=True))


@few
@given(folders=chain_folders(tiers=True, queues=True), mode=st.sampled_from(Mode), data=st.data())
def test_a_recovery_is_a_row_of_ever_milder_days(folders, mode, data, defaults):
    joined = join_folders(folders, CHAIN)
    node = drawn_node(joined, data, defaults)
    climb = [Shock(*node, 1 - day / 5, start_day=3 + day, days=1) for day in range(5)]
    shocks = [
        [Shock(*node, days=3, recover_days=5)],
        [Shock(*node, days=3), *climb],
    ]
    ramp, steps = (simulate(joined, each, defaults=defaults, mode=mode, horizon=14) for each in shocks)
    assert ramp.loss_path == pytest.approx(steps.loss_path, abs=1e-9)
    assert [unit.mean_loss for unit in ramp.units] == pytest.approx([unit.mean_loss for unit in steps.units])
