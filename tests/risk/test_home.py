"""Home and abroad: the worked example of perspective.md, its laws, and what a cut is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from chains.errors import UnknownKeyError
from chains.home_parts import HomeParts
from chains.model import ChainRecords, End, Kind, Mode, Perspective, Region, Scope, ShareScope, Use
from chains.sources import resolve_sources
from chains.union import join_folders
from risk.compute import compute_scores
from risk.errors import ParameterError
from risk.levels import load_levels
from risk.model import ENDS, MODES, Cut, Shock, Verdict
from risk.scenarios import simulate
from tests.factories import CHAIN, firm, folder, item, link, purchase, supply
from tests.reference.reading import read_plain

if TYPE_CHECKING:
    from chains.model import ChainFolder
    from risk.model import ScoreTable

DATA = Path(__file__).parents[2] / "data"
HOME = Perspective.HOME


def worked() -> ChainFolder:
    """The worked example of perspective.md."""
    known: dict[str, Any] = {"spare_ratio": 0.0, "suppliers_complete": True}
    return folder(
        items=[
            item("TOOL", Kind.EQUIPMENT, use=Use.CONSUMABLE, cover_days=0.0, home_use=0.4, **known),
            item("RESIST", cover_days=20.0, home_use=0.25, **known),
            item("CHIP", Kind.PRODUCT, weight=1.0, cover_days=0.0, home_use=0.3, **known),
        ],
        links=[link("TOOL", "CHIP"), link("RESIST", "CHIP")],
        suppliers=[
            *(firm("NL", "NLD"), firm("CT", "CHN"), firm("JP", "JPN"), firm("US", "USA")),
            *(firm("CR", "CHN"), firm("CF", "CHN"), firm("TF", "TWN")),
        ],
        supplies=[
            *(supply("NL", "TOOL", 0.8), supply("CT", "TOOL", 0.2), supply("JP", "RESIST", 0.6)),
            supply("US", "RESIST", 0.3, spare=0.05, ramp_days=30.0),
            supply("CR", "RESIST", 0.1, spare=0.04, ramp_days=60.0),
            *(supply("CF", "CHIP", 0.3), supply("TF", "CHIP", 0.7)),
        ],
    )


def scored(records: ChainRecords, defaults, perspective=HOME, **given) -> ScoreTable:
    levels = load_levels(DATA / "levels.toml", perspective=perspective)
    return compute_scores(
        records, defaults=defaults, levels=levels, perspective=perspective, scopes=tuple(Scope), **given
    ).table


def score(table: ScoreTable, name: str, key: str, mode=Mode.RUN, end=End.POINT) -> float:
    node = next(n for n, one in enumerate(table.nodes) if one.key == key)
    horizon = table.horizons.index(180)
    return float(table.values[name][MODES.index(mode), ENDS.index(end), horizon, node])


@pytest.fixture(scope="module")
def shipped_folders() -> list[ChainFolder]:
    return [read_plain(DATA / "chains" / name) for name in ("autochip", "ic", "pv")]


@pytest.fixture
def records() -> ChainRecords:
    return join_folders([worked()], CHAIN)


def test_home_buys_at_home_before_it_imports(records, defaults):
    parts = HomeParts(records, defaults, home=("CHN",))
    mixes: dict[tuple[str, Region], float] = {}
    for market in parts.markets:
        names = [parts.units[unit].supplier_id for unit in market.units]
        for region, mix in zip(Region, market.mixes(market.shares, market.others), strict=True):
            mixes |= {(name, region): part for name, part in zip(names, mix.parts, strict=True)}
    home = {"NL": 0.5, "CT": 0.5, "JP": 0.4, "US": 0.2, "CR": 0.4}
    abroad = {"NL": 1.0, "CT": 0.0, "JP": 2 / 3, "US": 1 / 3, "CR": 0.0}
    for region, wanted in ((Region.HOME, home), (Region.ABROAD, abroad)):
        assert {name: mixes[name, region] for name in wanted} == pytest.approx(wanted)


CUTS = {"NLD": (0.5, 0.0, 0.5, 0), "JPN": (0.4, 0.3361, 0.1544, 51), "USA": (0.2, 0.5333, 0.0, None)}
RANGES = {"NLD": (0.5, 1.0), "JPN": (0.0, 1.0), "USA": (0.0, 1.0)}


@pytest.mark.parametrize("country", CUTS)
def test_a_cut_into_home_gives_the_numbers_of_the_worked_example(records, defaults, country):
    table = scored(records, defaults)
    exposure, substitution, residual, first_day = CUTS[country]
    assert score(table, "exposure", country) == pytest.approx(exposure)
    assert score(table, "substitution", country) == pytest.approx(substitution, abs=5e-5)
    assert score(table, "residual", country) == pytest.approx(residual, abs=5e-5)
    found = score(table, "tts_days", country)
    assert np.isnan(found) if first_day is None else found == first_day
    ends = tuple(score(table, "exposure", country, end=end) for end in (End.LOW, End.HIGH))
    assert ends == pytest.approx(RANGES[country])


def test_in_the_world_view_the_same_countries_stop(records, defaults):
    table = scored(records, defaults, Perspective.WORLD)
    assert [score(table, "exposure", key) for key in ("NLD", "JPN", "USA")] == pytest.approx([0.8, 0.6, 0.3])
    assert score(table, "substitution", "JPN") == pytest.approx(0.1139, abs=5e-5)
    assert score(table, "residual", "JPN") == pytest.approx(0.4206, abs=5e-5)
    assert (score(table, "tts_days", "JPN"), score(table, "tts_days", "USA")) == (33, 67)


def test_a_source_node_is_a_cut_of_that_item_at_home_and_a_stop_in_the_world(records, defaults):
    home, world = scored(records, defaults), scored(records, defaults, Perspective.WORLD)
    for table in (home, world):
        assert score(table, "residual", "JPN/RESIST") == score(table, "residual", "JPN")
    node = next(one for one in home.nodes if one.key == "JPN/RESIST")
    assert (node.scope, node.home, node.country) == (Scope.SOURCE, False, "JPN")
    assert node.name_zh.startswith("日本 · ")


def test_what_is_at_home_stops_and_is_not_cut(records, defaults):
    table = scored(records, defaults)
    assert score(table, "exposure", "CF/CHIP") == 1.0
    assert score(table, "exposure", "CR/RESIST") == pytest.approx(0.4)


def test_a_blank_home_use_leaves_the_whole_range_open(records, defaults):
    blank = replace(records, items=tuple(replace(one, home_use=None) for one in records.items))
    table = scored(blank, defaults)
    assert score(table, "exposure", "JPN", end=End.LOW) == 0.0
    assert score(table, "exposure", "JPN", end=End.HIGH) == 1.0
    judged = dict(zip((one.key for one in table.nodes), table.judgements, strict=True))
    assert judged["JPN"].verdict is Verdict.CANNOT_TELL
    assert "home_use" in judged["JPN"].defaults


def test_the_ends_meet_the_level_lines_of_home(records, defaults):
    table = scored(records, defaults)
    judged = dict(zip((one.key for one in table.nodes), table.judgements, strict=True))
    assert judged["NLD"].level.value == "red"
    assert judged["JPN"].level.value == "none"


def test_shares_of_home_use_stand_for_the_mix_where_half_of_it_is_known(defaults):
    chain = worked()
    own = [
        supply("JP", "RESIST", 0.7, share_scope=ShareScope.DOMESTIC),
        supply("CR", "RESIST", 0.3, share_scope=ShareScope.DOMESTIC),
    ]
    records = join_folders([replace(chain, supplies=(*chain.supplies, *own))], CHAIN)
    table = scored(records, defaults)
    for end in End:
        assert score(table, "exposure", "JPN", end=end) == pytest.approx(0.7)
    assert score(table, "exposure", "USA") == 0.0


def test_a_list_of_a_home_buyer_is_cut_off_and_that_of_a_buyer_abroad_is_not(defaults):
    chain = folder(
        items=[
            item("PART", cover_days=0.0, home_use=0.5, suppliers_complete=True),
            item("END", Kind.PRODUCT, weight=1.0, home_use=0.5, suppliers_complete=True),
        ],
        links=[link("PART", "END")],
        suppliers=[firm("H", "CHN"), firm("F", "DEU"), firm("J", "JPN"), firm("C", "CHN")],
        supplies=[
            *(supply("H", "END", 0.5, spare=0.0), supply("F", "END", 0.5, spare=0.0)),
            *(supply("J", "PART", 0.5, spare=0.0), supply("C", "PART", 0.5, spare=0.0)),
        ],
        purchases=[
            *(purchase("H", "PART", "J", 0.6, spare=0.0), purchase("H", "PART", "C", 0.4, spare=0.0)),
            purchase("F", "PART", "J", 1.0, spare=0.0),
        ],
    )
    records = join_folders([chain], CHAIN)
    table = scored(records, defaults)
    assert score(table, "exposure", "JPN") == pytest.approx(0.6)
    away = simulate(
        records, [], cuts=[Cut(("JPN",), Region.ABROAD)], defaults=defaults, perspective=HOME, horizon=10
    )
    lost = {unit.supplier_id: unit.mean_loss for unit in away.units if unit.item_id == "END"}
    assert lost == pytest.approx({"F": 1.0, "H": 0.0})


def resolved_without_others(records: ChainRecords, defaults) -> ChainRecords:
    """Give every source its filled share of a complete list, so that nothing is left to others."""
    kept = {}
    for source in resolve_sources(records, defaults).values():
        total = sum(source.filled.shares) or 1.0
        for row, share in zip(source.supplies, source.filled.shares, strict=True):
            kept[row.supplier_id, row.item_id] = replace(
                row, share=share / total, share_scope=ShareScope.GLOBAL, spare=None
            )
    return replace(
        records,
        supplies=tuple(kept[key] for key in sorted(kept)),
        items=tuple(replace(one, home_use=1.0, suppliers_complete=True) for one in records.items),
    )


@pytest.mark.parametrize("chain_id", ["ic", "pv", "autochip"])
def test_with_every_country_at_home_the_numbers_are_those_of_the_world(defaults, shipped_folders, chain_id):
    records = resolved_without_others(join_folders(shipped_folders, chain_id), defaults)
    home = tuple({one.country for one in records.suppliers if one.country})
    records = replace(
        records, suppliers=tuple(replace(one, country=one.country or "CHN") for one in records.suppliers)
    )
    ours, world = (
        scored(records, defaults, view, home=(*home, "CHN"), horizons=(180,), main_horizon=180)
        for view in (HOME, Perspective.WORLD)
    )
    for name, values in world.values.items():
        close = 1e-9 if name != "substitution" else 1e-6
        assert np.isnan(ours.values[name]).sum() == np.isnan(values).sum()
        assert np.abs(np.nan_to_num(ours.values[name]) - np.nan_to_num(values)).max() <= close, name


def test_a_cut_is_refused_in_the_world_view(records, defaults):
    with pytest.raises(ParameterError, match="seen from home"):
        simulate(records, [], cuts=[Cut(("JPN",))], defaults=defaults)


def test_a_cut_of_an_unknown_country_names_near_ones(records, defaults):
    with pytest.raises(UnknownKeyError) as caught:
        simulate(records, [], cuts=[Cut(("JPM",))], defaults=defaults, perspective=HOME)
    assert "JPN" in caught.value.near


def test_a_larger_cut_loses_no_less(records, defaults):
    def loss(*cuts: Cut) -> float:
        return simulate(records, [], cuts=cuts, defaults=defaults, perspective=HOME).mean_loss

    assert loss(Cut(("JPN",), severity=0.5)) <= loss(Cut(("JPN",))) <= loss(Cut(("JPN", "USA")))
    assert loss(Cut(("TWN",))) == 0.0


def test_a_cut_and_a_stop_act_together(records, defaults):
    both = simulate(
        records,
        [Shock(Scope.SUPPLIER, "CT")],
        cuts=[Cut(("NLD",), items=("TOOL",))],
        defaults=defaults,
        perspective=HOME,
    )
    assert both.mean_loss == pytest.approx(1.0)


def test_a_cut_may_come_from_a_place_where_home_is_another(defaults):
    chain = worked()
    places = {"CT": "上海", "CR": "江苏", "CF": "江苏"}
    chain = replace(
        chain, suppliers=tuple(replace(one, province=places.get(one.supplier_id)) for one in chain.suppliers)
    )
    records = join_folders([chain], CHAIN)

    def loss(key: str) -> float:
        cuts = [Cut((key,))]
        found = simulate(records, [], cuts=cuts, defaults=defaults, perspective=HOME, home=("CHN/江苏",))
        return found.exposure

    # Nobody in Jiangsu makes tools: it buys a fifth in Shanghai, as the world does.
    assert [loss(key) for key in ("上海", "CHN/上海", "CT")] == pytest.approx([0.2] * 3)
