"""The ends against every corner of what is unknown; verdicts at each line; the band inside the range."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chains.model import End, Mode, Scope
from chains.union import join_folders
from risk.errors import ParameterError
from risk.levels import Lines
from risk.model import NODE_SCOPES, Level, Shock, Verdict
from risk.ranges.bands import compute_bands
from risk.ranges.draws import draw_shares
from risk.ranges.shares import UnsureList, UnsureShare
from risk.ranges.verdicts import LINE_LEVELS, line_verdicts
from tests.factories import CHAIN, chain_folders, one_product, supply
from tests.reference.engine import DEFAULTS, ask_scores
from tests.reference.facts import node_keys, read_facts, suppliers_in
from tests.reference.lists import Sourced, fill_lists
from tests.reference.meaning import spare_of
from tests.reference.scores import play

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chains.defaults import Defaults
    from chains.model import ChainFolder, Purchase, Supply
    from tests.reference.facts import Facts
    from tests.reference.lists import Lists

    Folders = tuple[ChainFolder, ...]
    Rows = dict[str, Supply] | dict[str, Purchase]

HORIZON = 12
CLOSE = 1e-9
MOST_LISTS = 3
law = settings(max_examples=settings().max_examples // 2, suppress_health_check=list(HealthCheck))


# -- every corner, by the slow twin ---------------------------------------------------------------


def corners(facts: Facts, rows: Rows, sourced: Sourced, item_id: str, stopped: set[str]) -> list[Sourced]:
    """List what the unsure shares of the stopped sources of one list can be at the most."""
    blanks = [name for name, row in rows.items() if row.share is None]
    rest = 1.0 - sum(row.share for row in rows.values() if row.share is not None)
    settled = len(blanks) == 1 and sourced.others <= CLOSE
    hit = [name for name in blanks if name in stopped]
    if not hit or settled or rest <= CLOSE:
        return [sourced]
    kept = sum(sourced.share[name] for name in blanks if name not in stopped)

    def given(shares: dict[str, float], others: float) -> Sourced:
        share = sourced.share | shares
        item = facts.items[item_id]
        spare = {
            name: spare_of(item, share[name], given=row.spare, qualified=row.qualified)
            for name, row in rows.items()
        }
        return replace(sourced, share=share, spare=sourced.spare | spare, others=others)

    none = dict.fromkeys(hit, 0.0)
    found = [given(none, rest - kept)]
    for name in hit:
        found.append(given(none | {name: rest - kept}, 0.0))
        found.append(given(dict.fromkeys(blanks, 0.0) | {name: rest}, 0.0))
    return found


def every_corner(facts: Facts, stopped: set[str]) -> Iterator[Lists]:
    """Combine the corners of all lists that the stop hits."""
    base = fill_lists(facts)
    choices: list[tuple[tuple[str, object], list[Sourced]]] = [
        (("market", name), corners(facts, facts.rows[name], base.market[name], name, stopped))
        for name in facts.items
    ]
    choices += [
        (("bought", key), corners(facts, rows, base.bought[key], key[1], stopped))
        for key, rows in facts.lists.items()
    ]
    open_lists = [(where, found) for where, found in choices if len(found) > 1]
    assume(0 < len(open_lists) <= MOST_LISTS)
    for picked in itertools.product(*(found for _, found in open_lists)):
        market, bought = dict(base.market), dict(base.bought)
        for (where, _), sourced in zip(open_lists, picked, strict=True):
            side, key = where
            (market if side == "market" else bought)[key] = sourced  # type: ignore[index]
        yield replace(base, market=market, bought=bought)


@law
@given(folders=chain_folders(queues=True), mode=st.sampled_from(tuple(Mode)), data=st.data())
def test_the_ends_are_the_least_and_the_most_over_every_corner(
    folders: Folders, mode: Mode, data: st.DataObject
) -> None:
    facts = read_facts(folders, CHAIN)
    scopes = [scope for scope in NODE_SCOPES if scope is not Scope.ITEM and node_keys(facts, scope)]
    assume(scopes)
    scope = data.draw(st.sampled_from(scopes))
    table = ask_scores(folders, CHAIN, horizon=HORIZON, scopes=(scope,))
    keys = [key for (_, end, _, key), got in table.items() if end is End.LOW and got.exposure is not None]
    assume(keys)
    key = data.draw(st.sampled_from(sorted(set(keys))))
    shocks = [Shock(scope, key)]
    found = [
        play(facts, lists, shocks, mode=mode, horizon=HORIZON).scores
        for lists in every_corner(facts, set(suppliers_in(facts, scope, key)))
    ]
    for score in ("exposure", "residual"):
        values = [getattr(one, score) for one in found]
        assert getattr(table[mode, End.LOW, scope, key], score) == pytest.approx(min(values), abs=CLOSE)
        assert getattr(table[mode, End.HIGH, scope, key], score) == pytest.approx(max(values), abs=CLOSE)


# -- verdicts -------------------------------------------------------------------------------------

LINES = Lines(red=0.5, orange=0.25, yellow=0.1)


@pytest.mark.parametrize(
    ("low", "high", "red", "orange", "yellow"),
    [
        (0.0, 0.05, "below", "below", "below"),
        (0.0, 0.3, "below", "cannot_tell", "cannot_tell"),
        (0.2, 0.6, "cannot_tell", "cannot_tell", "above"),
        (0.6, 0.9, "above", "above", "above"),
        (0.1, 0.1 + 5e-10, "below", "below", "below"),
        (float("nan"), float("nan"), "country_only", "country_only", "country_only"),
    ],
)
def test_each_line_has_a_verdict_of_its_own(low: float, high: float, red: str, orange: str, yellow: str):
    found = line_verdicts(LINES, np.array([low]), np.array([high]))
    assert [found[level] for level in LINE_LEVELS] == [[Verdict(word)] for word in (red, orange, yellow)]


def test_a_loss_that_comes_late_is_not_red_at_either_end():
    late = replace(LINES, red_first_day=90)
    never, early, tardy = np.array([np.nan]), np.array([30.0]), np.array([120.0])
    low, high = np.array([0.6]), np.array([0.9])
    found = line_verdicts(late, low, high, first_day_low=tardy, first_day_high=tardy)
    assert found[Level.RED] == [Verdict.BELOW]
    assert found[Level.ORANGE] == [Verdict.ABOVE]
    found = line_verdicts(late, low, high, first_day_low=tardy, first_day_high=early)
    assert found[Level.RED] == [Verdict.CANNOT_TELL]
    found = line_verdicts(late, low, high, first_day_low=never, first_day_high=early)
    assert found[Level.RED] == [Verdict.CANNOT_TELL]


# -- draws and bands ------------------------------------------------------------------------------


def two_blanks(*, complete: bool) -> UnsureList:
    return UnsureList(
        "market", 0, "PART", None, 0.6, complete, (UnsureShare(0, 0, 0.1, None), UnsureShare(1, 1, 0.1, None))
    )


def test_blanks_of_a_complete_list_share_the_whole_rest_in_every_draw():
    (shares,) = draw_shares([two_blanks(complete=True)], draws=500, seed=1, blank_cap=0.1)
    assert shares.sum(axis=1) == pytest.approx(np.full(500, 0.6))
    # The split of two is uniform: a quarter of the draws lies in each quarter.
    assert np.histogram(shares[:, 0], bins=4, range=(0.0, 0.6))[0] == pytest.approx([125] * 4, abs=40)


def test_a_blank_of_an_open_list_never_gets_more_than_the_cap():
    (shares,) = draw_shares([two_blanks(complete=False)], draws=500, seed=1, blank_cap=0.1)
    assert shares.max() == pytest.approx(0.1)
    assert shares.min() >= 0.0


def test_more_draws_keep_the_first_and_a_new_list_changes_none():
    other = replace(two_blanks(complete=False), item_id="GLUE")
    few = draw_shares([two_blanks(complete=False)], draws=20, seed=7, blank_cap=0.1)[0]
    many = draw_shares([other, two_blanks(complete=False)], draws=50, seed=7, blank_cap=0.1)
    assert np.array_equal(few, many[1][:20])
    assert not np.array_equal(many[0], many[1])


def test_the_band_of_one_blank_in_a_complete_pair_can_be_read_off_its_draws(defaults: Defaults):
    # A known 0.4; B and C share 0.6 at random. Nothing replaces PART, so B's exposure is its share.
    chain = one_product(supply("A", "PART", 0.4), supply("B", "PART"), supply("C", "PART"))
    records = join_folders([chain], CHAIN)
    bands = compute_bands(records, [(Scope.SUPPLIER, "B")], defaults=defaults, horizon=1, draws=400)
    band = next(one for one in bands if one.score == "exposure" and one.mode is Mode.BUILD)
    assert (band.low, band.point, band.high) == pytest.approx((0.0, 0.3, 0.6))
    assert (band.q05, band.q50, band.q95) == pytest.approx((0.03, 0.3, 0.57), abs=0.05)


def test_firms_that_share_a_list_are_drawn_together(defaults: Defaults):
    chain = one_product(supply("A", "PART", 0.4), supply("B", "PART"), supply("C", "PART"))
    nodes = [(Scope.SUPPLIER, "B"), (Scope.SUPPLIER, "C")]
    bands = compute_bands(join_folders([chain], CHAIN), nodes, defaults=defaults, horizon=1, draws=100)
    b, c = (one for one in bands if one.score == "exposure" and one.mode is Mode.BUILD)
    # Common draws: what B does not have of the 0.6, C has.
    assert b.q05 + c.q95 == pytest.approx(0.6, abs=0.02)


def test_a_node_without_a_blank_has_a_band_of_no_width(defaults: Defaults):
    chain = one_product(supply("A", "PART", 0.4), supply("B", "PART"))
    bands = compute_bands(join_folders([chain], CHAIN), [(Scope.SUPPLIER, "A")], defaults=defaults, horizon=9)
    assert all(one.low == one.q05 == one.point == one.q95 == one.high for one in bands)
    assert len(bands) == 4


@law
@given(folders=chain_folders(queues=True))
def test_the_band_lies_inside_the_exact_range(folders: Folders) -> None:
    table = ask_scores(folders, CHAIN, horizon=HORIZON)
    nodes = sorted(
        {(scope, key) for (_, end, scope, key), got in table.items() if got.exposure is not None}, key=str
    )
    bands = compute_bands(
        join_folders(folders, CHAIN), nodes, defaults=DEFAULTS, horizon=HORIZON, draws=20, seed=3
    )
    for band in bands:
        assert band.low <= band.q05 + CLOSE, band
        assert band.q05 <= band.q50 <= band.q95, band
        assert band.q95 <= band.high + CLOSE, band
        for end in End:
            assert getattr(band, end) == pytest.approx(
                getattr(table[band.mode, end, band.scope, band.key], band.score), abs=CLOSE
            )


def test_the_same_seed_gives_the_same_bits_and_another_seed_another_band(defaults: Defaults):
    records = join_folders([one_product(supply("A", "PART"), supply("B", "PART"))], CHAIN)
    nodes = [(Scope.SUPPLIER, "A")]
    first, again, other = (
        compute_bands(records, nodes, defaults=defaults, horizon=30, draws=40, seed=seed)
        for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize(("draws", "seed"), [(19, 1), (10_001, 1), (200, -1)])
def test_too_few_draws_and_a_negative_seed_are_refused(defaults: Defaults, draws: int, seed: int):
    records = join_folders([one_product(supply("A", "PART"))], CHAIN)
    with pytest.raises(ParameterError):
        compute_bands(records, [(Scope.SUPPLIER, "A")], defaults=defaults, horizon=9, draws=draws, seed=seed)
