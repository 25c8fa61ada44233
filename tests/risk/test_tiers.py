"""Tiers: 28 nm supply does not serve a 7 nm slot; every number is worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chains.arrays import to_arrays
from chains.checks import check_folder
from chains.errors import ChainDataError
from chains.model import End, Kind, Mode, Scope
from chains.union import join_folders
from chains.version import data_version, folder_digest
from risk.model import Shock
from tests.factories import CHAIN, firm, folder, item, link, purchase, supply
from tests.reference.engine import DEFAULTS, ask_scores, ask_simulation, compute_table


def foundries(*, tier=7, mature=3, purchases=()):
    """A phone needs 7 nm wafers: OLD makes 60 % of all in 28 nm, NEW 20 %, ANY 20 % of unknown tier."""
    return folder(
        items=[
            item("PHONE", Kind.PRODUCT, weight=1.0),
            item("WAFER", Kind.PROCESS, suppliers_complete=True),
        ],
        links=[link("WAFER", "PHONE", tier=tier)],
        suppliers=[firm("OLD"), firm("NEW"), firm("ANY"), firm("MAKER")],
        supplies=[
            supply("OLD", "WAFER", 0.6, spare=0.0, tier=mature),
            supply("NEW", "WAFER", 0.2, spare=0.0, tier=7),
            supply("ANY", "WAFER", 0.2, spare=0.0),
            *([supply("MAKER", "PHONE", 1.0)] if purchases else []),
        ],
        purchases=purchases,
    )


def exposure_of(chain, supplier):
    table = ask_scores([chain], CHAIN, horizon=10)
    return table[Mode.BUILD, End.POINT, Scope.SUPPLIER, supplier].exposure


@pytest.mark.parametrize(("supplier", "lost"), [("OLD", 0.0), ("NEW", 0.5), ("ANY", 0.5)])
def test_a_slot_lives_on_the_sources_that_reach_its_tier(supplier, lost):
    # NEW 0.2 and ANY 0.2 are left, scaled to sum 1: half each. OLD serves nothing.
    assert exposure_of(foundries(), supplier) == pytest.approx(lost, abs=1e-12)


@pytest.mark.parametrize(("supplier", "lost"), [("OLD", 0.6), ("NEW", 0.2), ("ANY", 0.2)])
@pytest.mark.parametrize("chain", [foundries(tier=None), foundries(mature=None), foundries(tier=3)])
def test_a_blank_tier_refuses_nobody(chain, supplier, lost):
    assert exposure_of(chain, supplier) == pytest.approx(lost, abs=1e-12)


def test_rows_of_a_list_below_the_tier_are_left_out_and_the_others_scaled():
    # OLD 0.5 goes; NEW 0.1 and ANY 0.4 become 0.2 and 0.8 of the same sum 1.
    rows = [purchase("MAKER", "WAFER", *row, spare=0.0) for row in (("OLD", 0.5), ("NEW", 0.1), ("ANY", 0.4))]
    chain = foundries(purchases=rows)
    assert [exposure_of(chain, one) for one in ("OLD", "NEW", "ANY")] == pytest.approx([0.0, 0.2, 0.8])
    assert [problem.code for problem in check_folder(chain)] == ["below-tier"]


def test_a_list_of_lower_tiers_only_stays_as_it_is():
    chain = foundries(purchases=[purchase("MAKER", "WAFER", "OLD", 1.0, spare=0.0)])
    assert exposure_of(chain, "OLD") == pytest.approx(1.0)


def test_an_item_stop_stops_it_for_every_tier_and_results_name_the_item():
    chain = foundries()
    table = compute_table([chain], CHAIN, horizon=1)
    slots = [judgement.worst_slot[0] for judgement in table.judgements if judgement.worst_slot]
    assert set(slots) == {"WAFER"}
    assert ask_scores([chain], CHAIN, horizon=10)[
        Mode.RUN, End.POINT, Scope.ITEM, "WAFER"
    ].exposure == pytest.approx(1.0)
    told = ask_simulation([chain], [Shock(Scope.ITEM, "WAFER")], mode=Mode.RUN, horizon=3)
    assert told.loss_path == pytest.approx([1.0] * 3)
    assert sorted(told.unit_loss) == [("ANY", "WAFER"), ("NEW", "WAFER"), ("OLD", "WAFER")]


def test_a_tier_that_nobody_reaches_is_an_error_of_the_table():
    chain = foundries(tier=9)
    beyond = replace(chain, supplies=tuple(replace(row, tier=7) for row in chain.supplies))
    found = [problem for problem in check_folder(beyond) if problem.code == "tier-unserved"]
    assert "WAFER to PHONE" in found[0].message
    with pytest.raises(ChainDataError, match="reaches tier 9"):
        to_arrays(join_folders([beyond], CHAIN), DEFAULTS)


def test_a_blank_tier_leaves_digests_as_they_were_and_a_tier_changes_them():
    blank = foundries(tier=None, mature=None)
    assert folder_digest(blank) != folder_digest(foundries())
    versions = {data_version(join_folders([one], CHAIN)) for one in (blank, foundries(), foundries(mature=2))}
    assert len(versions) == 3
