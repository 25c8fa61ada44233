"""Tiers and priorities seen from home; every number is worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chains.model import Kind, Mode, Perspective, Region, Scope
from chains.union import join_folders
from risk.compute import compute_scores
from risk.levels import load_levels
from risk.model import ENDS, MODES, Cut, Shock
from risk.scenarios import simulate
from tests.factories import CHAIN, firm, folder, item, link, purchase, supply

if TYPE_CHECKING:
    from chains.defaults import Defaults
    from chains.model import ChainFolder, ChainRecords
    from risk.scenarios import Simulation

DATA = Path(__file__).parents[2] / "data"
HOME = Perspective.HOME


def foundries(*, home_use: float | None, own_list: bool = False) -> ChainRecords:
    """A phone needs 7 nm wafers: OLD (home) makes 60 % in 28 nm, NEW (abroad) and ANY (home) 20 % each."""
    known: dict[str, Any] = {"suppliers_complete": True, "spare_ratio": 0.0, "cover_days": 0.0}
    lists = [
        purchase("MAKER", "WAFER", *row, spare=0.0) for row in (("OLD", 0.5), ("NEW", 0.1), ("ANY", 0.4))
    ]
    rows = folder(
        items=[
            item("PHONE", Kind.PRODUCT, weight=1.0, **known),
            item("WAFER", Kind.PROCESS, home_use=home_use, **known),
        ],
        links=[link("WAFER", "PHONE", tier=7)],
        suppliers=[firm("OLD", "CHN"), firm("NEW", "TWN"), firm("ANY", "CHN"), firm("MAKER", "CHN")],
        supplies=[
            supply("OLD", "WAFER", 0.6, tier=3),
            supply("NEW", "WAFER", 0.2, tier=7),
            supply("ANY", "WAFER", 0.2),
            supply("MAKER", "PHONE", 1.0),
        ],
        purchases=lists if own_list else [],
    )
    return join_folders([rows], CHAIN)


def exposures(records: ChainRecords, defaults: Defaults, key: str) -> list[float]:
    table = compute_scores(
        records,
        defaults=defaults,
        levels=load_levels(DATA / "levels.toml", perspective=HOME),
        perspective=HOME,
        scopes=(Scope.SUPPLIER,),
    ).table
    node = next(number for number, one in enumerate(table.nodes) if one.key == key)
    return [float(table.values["exposure"][MODES.index(Mode.BUILD), at, 0, node]) for at in range(len(ENDS))]


@pytest.mark.parametrize(
    ("home_use", "supplier", "wanted"),
    [
        # NEW and ANY are left of the market, half each. Home uses half of it, and ANY makes that half.
        (0.5, "NEW", (0.0, 0.0, 1.0)),
        (0.5, "ANY", (1.0, 1.0, 1.0)),
        # Home uses all of it: ANY half, NEW half, and no other mix is possible.
        (1.0, "NEW", (0.5, 0.5, 0.5)),
        (1.0, "ANY", (0.5, 0.5, 0.5)),
        # 28 nm serves no slot of 7 nm, wherever it is made.
        (0.5, "OLD", (0.0, 0.0, 0.0)),
    ],
)
def test_home_divides_what_reaches_the_tier_as_a_market_of_its_own(defaults, home_use, supplier, wanted):
    assert exposures(foundries(home_use=home_use), defaults, supplier) == pytest.approx(wanted, abs=1e-12)


def test_with_home_use_unknown_a_cut_of_what_reaches_the_tier_may_cost_nothing_or_all(defaults):
    # MAKER makes all phones, so the point takes h = 1: NEW is half of what home buys.
    assert exposures(foundries(home_use=None), defaults, "NEW") == pytest.approx((0.0, 0.5, 1.0))


def test_a_list_of_a_buyer_at_home_is_cut_as_far_as_its_rows_reach_the_tier(defaults):
    # OLD 0.5 goes; NEW 0.1 and ANY 0.4 become 0.2 and 0.8.
    records = foundries(home_use=0.5, own_list=True)
    assert exposures(records, defaults, "NEW") == pytest.approx((0.2, 0.2, 0.2))
    assert exposures(records, defaults, "ANY") == pytest.approx((0.8, 0.8, 0.8))
    assert exposures(records, defaults, "OLD") == pytest.approx((0.0, 0.0, 0.0))
    half = simulate(
        records, [], cuts=[Cut(("TWN",), severity=0.5)], defaults=defaults, horizon=3, perspective=HOME
    )
    assert half.loss_path == pytest.approx([0.1] * 3)


def resin(first: int | None, second: int | None) -> ChainFolder:
    """A (home, 0.6) and B (second country, 0.4) make the product; both buy all resin from PLANT, abroad."""
    known: dict[str, Any] = {"suppliers_complete": True, "spare_ratio": 0.0, "cover_days": 0.0}
    return folder(
        items=[
            item("RESIN", home_use=0.6, **known),
            item("PRODUCT", Kind.PRODUCT, weight=1.0, home_use=0.6, **known),
        ],
        links=[link("RESIN", "PRODUCT")],
        suppliers=[firm("PLANT", "JPN"), firm("A", "CHN"), firm("B", "DEU")],
        supplies=[supply("PLANT", "RESIN", 1.0), supply("A", "PRODUCT", 0.6), supply("B", "PRODUCT", 0.4)],
        purchases=[
            purchase("A", "RESIN", "PLANT", 1.0, stock_days=0.0, spare=0.0, priority=first),
            purchase("B", "RESIN", "PLANT", 1.0, stock_days=0.0, spare=0.0, priority=second),
        ],
    )


def losses(found: Simulation) -> dict[str, float]:
    return {one.supplier_id: one.mean_loss for one in found.units if one.item_id == "PRODUCT"}


@pytest.mark.parametrize(
    ("first", "second", "lost_a", "lost_b"),
    [
        # PLANT makes half; nobody comes first: both lose half.
        (None, None, 0.5, 0.5),
        # A takes 0.6 of 1 and comes first: it gets 0.5 / 0.6, B nothing.
        (2, 1, 1 - 0.5 / 0.6, 1.0),
        # B takes 0.4 and comes first: it gets all, A (0.5 - 0.4) / 0.6.
        (1, 2, 1 - 0.1 / 0.6, 0.0),
    ],
)
def test_a_queue_stands_across_the_border(defaults, first, second, lost_a, lost_b):
    records = join_folders([resin(first, second)], CHAIN)
    stop = [Shock(Scope.SUPPLIER, "PLANT", severity=0.5)]
    found = simulate(records, stop, defaults=defaults, horizon=4, perspective=HOME)
    assert losses(found) == pytest.approx({"A": lost_a, "B": lost_b})
    # Home's output is A's.
    assert found.mean_loss == pytest.approx(lost_a)


def test_a_cut_takes_its_part_of_what_reaches_home_whoever_comes_first(defaults):
    # PLANT runs on in full, so nobody waits; half of what A buys does not cross the border.
    for first, second in ((2, 1), (1, 2)):
        records = join_folders([resin(first, second)], CHAIN)
        cuts = [Cut(("JPN",), Region.HOME, severity=0.5)]
        found = simulate(records, [], cuts=cuts, defaults=defaults, horizon=4, perspective=HOME)
        assert losses(found) == pytest.approx({"A": 0.5, "B": 0.0})


def test_a_cut_and_a_stop_take_one_after_the_other(defaults):
    # The stop leaves A, who is last, (0.5 - 0.4) / 0.6 = 1/6; the cut leaves half of that.
    records = join_folders([resin(1, 2)], CHAIN)
    found = simulate(
        records,
        [Shock(Scope.SUPPLIER, "PLANT", severity=0.5)],
        cuts=[Cut(("JPN",), severity=0.5)],
        defaults=defaults,
        horizon=4,
        perspective=HOME,
    )
    assert losses(found) == pytest.approx({"A": 1 - 1 / 12, "B": 0.0})
