"""The search gives what trying every set gives, on random chains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from chains.model import End, Mode
from chains.union import join_folders
from risk.depth.measure import measure_depths
from risk.depth.model import LISTED_ELSEWHERE, DepthLevel, TargetKind
from tests.factories import CHAIN, chain_folders
from tests.reference.depth import COARSER, find_cut_sets, find_left, slot_target
from tests.reference.facts import read_facts

if TYPE_CHECKING:
    from risk.depth.model import TargetDepth
    from tests.reference.depth import Target
    from tests.reference.facts import Facts

CLOSE = 1e-9
LAW = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def twin_target(facts: Facts, depth: TargetDepth) -> Target:
    target = depth.target
    return target.item_id if target.buyer_id is None else slot_target(facts, target.buyer_id, target.item_id)


@pytest.mark.parametrize("mode", Mode)
@given(folders=chain_folders(tiers=True, queues=True))
@LAW
def test_the_search_finds_the_cut_sets_that_trying_every_set_finds(defaults, mode, folders):
    facts = read_facts(folders, CHAIN)
    depths = measure_depths(join_folders(folders, CHAIN), defaults=defaults, mode=mode)
    targets = {twin_target(facts, depth) for depth in depths}
    known = {level: find_cut_sets(facts, targets, level=level, mode=mode) for level in COARSER}
    free = {
        level: find_cut_sets(facts, targets, level=level, mode=mode, unknown_stop=True) for level in COARSER
    }
    for depth in depths:
        target = twin_target(facts, depth)
        for one in depth.levels:
            sets = known[one.level][target]
            whole = depth.target.kind is TargetKind.END
            wanted = [cut for cut in sets if whole or len(cut) == len(sets[0])]
            found = {cut.keys for cut in one.cuts}
            assert found <= set(wanted), (depth.target, one.level)
            assert one.cut_count == len(wanted)
            assert len(found) == len(wanted) or len(found) >= LISTED_ELSEWHERE
            assert one.most == (len(sets[0]) if sets else None)
            bounds = [free[level][target] for level in (one.level.value, *COARSER[one.level])]
            assert one.least == max(1, *(len(cuts[0]) if cuts else 4 for cuts in bounds))


@given(folders=chain_folders(tiers=True, queues=True))
@LAW
def test_what_a_cut_leaves_is_what_day_zero_of_the_model_serves(defaults, folders):
    facts = read_facts(folders, CHAIN)
    for mode in Mode:
        for depth in measure_depths(join_folders(folders, CHAIN), defaults=defaults, mode=mode):
            for one in depth.levels:
                for cut in one.cuts[:2]:
                    for end, got in ((End.POINT, cut.left), (End.LOW, cut.left_low)):
                        wanted = find_left(
                            facts, twin_target(facts, depth), cut.keys, level=one.level, mode=mode, end=end
                        )
                        assert got == pytest.approx(wanted, abs=CLOSE), (depth.target, cut, end)


@given(folders=chain_folders(tiers=True, queues=True))
@LAW
def test_a_depth_is_never_smaller_by_firm_than_by_country(defaults, folders):
    for depth in measure_depths(join_folders(folders, CHAIN), defaults=defaults):
        assert depth.at(DepthLevel.FIRM).least >= depth.at(DepthLevel.COUNTRY).least
        for one in depth.levels:
            assert 1 <= one.least <= (one.most or 4)
