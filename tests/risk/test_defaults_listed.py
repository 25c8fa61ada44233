"""Every default that a score rests on is listed with it: a default that moves a score bears its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chains.model import Use
from chains.union import join_folders
from risk.compute import compute_scores
from tests.factories import CHAIN, chain_folders, firm, folder, item, link, purchase, supply
from tests.reference.engine import DEFAULTS, LEVELS

if TYPE_CHECKING:
    from chains.defaults import Defaults, KindDefaults
    from chains.model import ChainFolder, ChainRecords
    from risk.model import ScoreTable

HORIZON = 12
law = settings(max_examples=settings().max_examples, suppress_health_check=list(HealthCheck))


def score(records: ChainRecords, defaults: Defaults) -> ScoreTable:
    return compute_scores(
        records, defaults=defaults, levels=LEVELS, horizons=(HORIZON,), main_horizon=HORIZON
    ).table


def of_kinds(defaults: Defaults, **change: Any) -> Defaults:
    def moved(entry: KindDefaults) -> KindDefaults:
        return replace(entry, **{name: how(getattr(entry, name)) for name, how in change.items()})

    return replace(defaults, kinds={kind: moved(entry) for kind, entry in defaults.kinds.items()})


def other_use(use: Use) -> Use:
    return Use.CAPITAL if use is Use.CONSUMABLE else Use.CONSUMABLE


# A changed default, and the names one of which must stand with every score that it moves.
CHANGES = {
    "spare_ratio": (replace(DEFAULTS, spare_ratio=0.6), {"spare"}),
    "nonessential_weight": (replace(DEFAULTS, nonessential_weight=0.9), {"link_weight"}),
    "attrition": (
        of_kinds(replace(DEFAULTS, attrition_other=1.0), attrition=lambda old: None if old is None else 1.0),
        {"attrition"},
    ),
    "blank_cap": (replace(DEFAULTS, blank_cap=0.4), {"share"}),
    "qualified": (replace(DEFAULTS, qualified=False), {"qualified"}),
    "suppliers_complete": (replace(DEFAULTS, suppliers_complete=True), {"suppliers_complete"}),
    "list_complete": (replace(DEFAULTS, list_complete=False), {"list_complete"}),
    "essential": (replace(DEFAULTS, essential=False), {"essential"}),
    "ramp_days": (of_kinds(DEFAULTS, ramp_days=lambda _old: 1.0), {"ramp_days"}),
    "qualification_days": (of_kinds(DEFAULTS, qualification_days=lambda _old: 1.0), {"qualification_days"}),
    "cover_days": (
        of_kinds(DEFAULTS, cover_days=lambda old: None if old is None else 3.0),
        {"cover_days", "stock_days"},
    ),
    "use": (of_kinds(DEFAULTS, use=other_use), {"use"}),
}


@law
@given(folders=chain_folders(), name=st.sampled_from(sorted(CHANGES)))
def test_a_default_that_moves_a_score_is_listed_with_it(folders: tuple[ChainFolder, ...], name: str) -> None:
    records = join_folders(folders, CHAIN)
    changed, names = CHANGES[name]
    before, after = score(records, DEFAULTS), score(records, changed)
    for place, (node, judgement) in enumerate(zip(before.nodes, before.judgements, strict=True)):
        moved = any(
            not np.allclose(values[..., place], after.values[key][..., place], atol=1e-9, equal_nan=True)
            for key, values in before.values.items()
        )
        listed = {*judgement.defaults, *after.judgements[place].defaults}
        assert not moved or names & listed, (name, node, judgement.defaults)


def test_a_link_behind_a_buyers_own_plant_counts_too(defaults: Defaults):
    # FAB's plant runs on its own list of GAS; whether GAS is essential is a blank.
    chain = folder(
        items=[item("END", weight=1.0), item("GAS", cover_days=0.0)],
        links=[link("GAS", "END")],
        suppliers=[firm("FAB"), firm("AIR")],
        supplies=[supply("FAB", "END", 1.0), supply("AIR", "GAS", 0.0)],
        purchases=[purchase("FAB", "GAS", "AIR", 1.0, stock_days=0.0)],
    )
    table = score(join_folders([chain], CHAIN), defaults)
    (air,) = (
        j
        for n, j in zip(table.nodes, table.judgements, strict=True)
        if (n.scope, n.key) == ("supplier", "AIR")
    )
    assert "essential" in air.defaults


def test_a_blank_on_a_list_that_does_not_say_whether_it_is_whole_rests_on_that_default(defaults: Defaults):
    chain = folder(
        items=[item("END", weight=1.0), item("GAS", cover_days=0.0)],
        links=[link("GAS", "END", essential=True)],
        suppliers=[firm("FAB"), firm("AIR")],
        supplies=[supply("FAB", "END", 1.0)],
        purchases=[purchase("FAB", "GAS", "AIR", stock_days=0.0)],
    )
    table = score(join_folders([chain], CHAIN), defaults)
    (air,) = (
        j
        for n, j in zip(table.nodes, table.judgements, strict=True)
        if (n.scope, n.key) == ("supplier", "AIR")
    )
    assert {"share", "list_complete"} <= set(air.defaults)
