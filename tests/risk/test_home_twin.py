"""The slow twin of the perspective home gives every number of perspective.md."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chains.model import Kind, Mode, Relation, Scope, ShareScope
from risk.levels import Lines, load_levels
from risk.model import Shock
from tests.factories import (
    CHAIN,
    firm,
    folder,
    item,
    link,
    one_product,
    purchase,
    supply,
)
from tests.reference.day import availability
from tests.reference.engine import DATA
from tests.reference.home_day import Cut
from tests.reference.home_mix import OTHERS, home_use_of, mix_of, read_home_facts
from tests.reference.home_scores import (
    exact_range,
    province_loss,
    score_cut,
    score_source,
    score_stop,
    simulate_home,
)
from tests.reference.scores import Scores, score_node, simulate

if TYPE_CHECKING:
    from chains.model import ChainFolder, Item
    from tests.reference.home_mix import HomeFacts

    Folders = tuple[ChainFolder, ...]

NEVER = None


def listed(item_id: str, kind: Kind = Kind.COMPONENT, cover_days: float = 0.0, **given: object) -> Item:
    """Make an item with a complete list and no spare but what is given."""
    return item(item_id, kind, cover_days=cover_days, suppliers_complete=True, spare_ratio=0.0, **given)


def worked_example() -> ChainFolder:
    return folder(
        items=[
            listed("TOOL", home_use=0.4),
            listed("RESIST", cover_days=20.0, home_use=0.25),
            listed("CHIP", Kind.PRODUCT, weight=1.0, home_use=0.3),
        ],
        links=[link("TOOL", "CHIP"), link("RESIST", "CHIP")],
        suppliers=[
            *(firm("NL", "NLD"), firm("CT", "CHN")),
            *(firm("JP", "JPN"), firm("US", "USA"), firm("CR", "CHN")),
            *(firm("CF", "CHN", province="江苏"), firm("TF", "TWN")),
        ],
        supplies=[
            *(supply("NL", "TOOL", 0.8), supply("CT", "TOOL", 0.2), supply("JP", "RESIST", 0.6)),
            supply("US", "RESIST", 0.3, spare=0.05, ramp_days=30.0),
            supply("CR", "RESIST", 0.1, spare=0.04, ramp_days=60.0),
            *(supply("CF", "CHIP", 0.3), supply("TF", "CHIP", 0.7)),
        ],
    )


@pytest.fixture(scope="module")
def example() -> HomeFacts:
    return read_home_facts([worked_example()], CHAIN)


def about(**shares: float) -> dict[str, object]:
    return {source: pytest.approx(share, abs=5e-5) for source, share in {OTHERS: 0.0, **shares}.items()}


@pytest.mark.parametrize(
    ("bought", "at_home", "abroad"),
    [
        ("TOOL", {"NL": 0.5, "CT": 0.5}, {"NL": 1.0, "CT": 0.0}),
        ("RESIST", {"JP": 0.4, "US": 0.2, "CR": 0.4}, {"JP": 0.6667, "US": 0.3333, "CR": 0.0}),
    ],
)
def test_home_buys_at_home_before_it_imports(
    example: HomeFacts, bought: str, at_home: dict[str, float], abroad: dict[str, float]
) -> None:
    assert mix_of(example, bought) == (about(**at_home), about(**abroad))


CUTS = (
    ("NLD", Scores(0.5, 0.0, 0.5, 0), (0.5, 1.0)),
    ("JPN", Scores(0.4, 0.3361, 0.1544, 51), (0.0, 1.0)),
    ("USA", Scores(0.2, 0.5333, 0.0, NEVER), (0.0, 1.0)),
)
STOPS = (
    ("NLD", Scores(0.8, 0.0, 0.8, 0)),
    ("JPN", Scores(0.6, 0.1139, 0.4206, 33)),
    ("USA", Scores(0.3, 0.0889, 0.1622, 67)),
)


def assert_scores(found: Scores, wanted: Scores) -> None:
    for score in ("exposure", "substitution", "residual"):
        assert getattr(found, score) == pytest.approx(getattr(wanted, score), abs=5e-5), score
    assert found.tts_days == wanted.tts_days


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("country", "wanted", "ends"), CUTS)
def test_a_cut_into_home_scores_as_on_the_page(
    example: HomeFacts, country: str, wanted: Scores, ends: tuple[float, float], mode: Mode
) -> None:
    cuts = [Cut(Scope.COUNTRY, country)]
    assert_scores(score_cut(example, cuts, mode=mode), wanted)
    found = exact_range(example, cuts, mode=mode)
    assert (found.low.exposure, found.high.exposure) == pytest.approx(ends)
    assert found.is_use_known


@pytest.mark.parametrize(("country", "wanted"), STOPS)
def test_a_stop_in_the_world_scores_as_on_the_page(example: HomeFacts, country: str, wanted: Scores) -> None:
    assert_scores(score_node(example.facts, Scope.COUNTRY, country, mode=Mode.RUN), wanted)


def test_a_source_stops_with_its_units_of_one_item_in_the_world(example: HomeFacts) -> None:
    found = score_source(example.facts, Scope.COUNTRY, "JPN", "RESIST", mode=Mode.RUN)
    assert_scores(found, STOPS[1][1])
    chips = score_source(example.facts, Scope.COUNTRY, "CHN", "CHIP", mode=Mode.RUN)
    tools = score_source(example.facts, Scope.COUNTRY, "CHN", "TOOL", mode=Mode.RUN)
    assert chips.exposure == pytest.approx(0.3)
    assert tools.exposure == pytest.approx(0.2)


def test_japan_by_hand(example: HomeFacts) -> None:
    path = simulate_home(example, [], [Cut(Scope.COUNTRY, "JPN")], mode=Mode.RUN, horizon=180).loss_path
    assert path[:52] == pytest.approx([0.0] * 51 + [0.0666667], abs=1e-6)
    assert path[52:60] == pytest.approx([0.3666667] * 8, abs=1e-6)
    assert path[60:] == pytest.approx([0.2066667] * 120, abs=1e-6)


def test_a_province_weighs_its_plants_by_what_they_put_out() -> None:
    losses = {("A", "X"): (0.2, 4), ("B", "X"): (0.6, 2), ("C", "X"): (0.0, None)}
    weights = {("A", "X"): 3.0, ("B", "X"): 1.0, ("C", "X"): 0.0}
    found = province_loss(losses, weights)
    assert found.loss == pytest.approx(0.3)
    assert (found.units, found.first_day) == (2, 2)


def test_a_stop_recovers_in_a_straight_line(example: HomeFacts) -> None:
    stop = [Shock(Scope.SUPPLIER, "CF", days=10, recover_days=10)]
    runs = [availability(example.facts, stop, day)[0]["CF", "CHIP"] for day in (10, 15, 20)]
    assert runs == pytest.approx([0.0, 0.5, 1.0])


def test_the_shipped_lines_at_home_are_those_of_the_page() -> None:
    found = load_levels(DATA / "levels.toml", perspective="home")
    assert found.run == Lines(red=0.20, orange=0.10, yellow=0.03, red_first_day=90)
    assert found.build == Lines(red=0.50, orange=0.25, yellow=0.10)


def used_by(*, user: float | None = None, relation: Relation = Relation.INPUT_OF) -> HomeFacts:
    """Make PART, with blank home use, for END, 0.3 of which is made at home, and SIDE, with 0.1."""
    return read_home_facts(
        [
            folder(
                items=[
                    listed("PART"),
                    listed("END", Kind.PRODUCT, weight=1.0),
                    listed("SIDE", home_use=user),
                ],
                links=[link("PART", "END", relation), link("PART", "SIDE", relation), link("SIDE", "END")],
                suppliers=[firm("C", "CHN"), firm("J", "JPN"), firm("N")],
                supplies=[
                    *(supply("C", "END", 0.3), supply("J", "END", 0.7)),
                    *(supply("C", "SIDE", 0.1), supply("N", "SIDE", 0.9)),
                ],
            )
        ],
        CHAIN,
    )


def test_blank_home_use_is_what_home_makes_of_what_the_item_goes_into() -> None:
    assert home_use_of(used_by(), "PART") == pytest.approx(0.2)
    assert home_use_of(used_by(), "SIDE") == pytest.approx(0.3)
    assert home_use_of(used_by(), "END") == pytest.approx(0.3)


def test_a_variant_takes_the_home_use_of_its_parents() -> None:
    assert home_use_of(used_by(user=0.5, relation=Relation.VARIANT_OF), "PART") == pytest.approx(0.4)


def test_home_use_of_what_goes_into_an_item_without_sources_is_the_chains() -> None:
    chain = one_product(supply("A", "PART", 1.0))
    assert home_use_of(read_home_facts([chain], CHAIN), "PART") == 0.35
    own = replace(chain, chain=replace(chain.chain, home_use=0.2))
    assert home_use_of(read_home_facts([own], CHAIN), "PART") == 0.2


@pytest.mark.parametrize(
    ("known", "at_home", "abroad"),
    [
        (0.5, {"J": 0.5, "C": 0.5}, {"J": 0.7, "C": 0.3}),
        (0.4, {"J": 0.2, "C": 0.8}, {"J": 1.0, "C": 0.0}),
    ],
)
def test_shares_of_home_use_are_the_mix_where_half_of_it_is_known(
    known: float, at_home: dict[str, float], abroad: dict[str, float]
) -> None:
    chain = folder(
        items=[listed("END", Kind.PRODUCT, weight=1.0), listed("PART", home_use=0.5)],
        links=[link("PART", "END")],
        suppliers=[firm("J", "JPN"), firm("C", "CHN")],
        supplies=[
            *(supply("J", "PART", 0.6), supply("C", "PART", 0.4)),
            supply("J", "PART", known, share_scope=ShareScope.DOMESTIC),
            supply("C", "PART", share_scope=ShareScope.DOMESTIC),
        ],
    )
    assert mix_of(read_home_facts([chain], CHAIN), "PART") == (about(**at_home), about(**abroad))


def plants(*, spare_c: float = 0.0, spare_o: float = 0.0, in_two_parts: bool = False) -> ChainFolder:
    """Make PART, half by C, who has its own source of RAW, half by O, who buys from M and X like all."""
    parts = ("V1", "V2") if in_two_parts else ()
    sources = {"M": "RAW", "X": "RAW", "W1": "V1", "W2": "V2"}
    made = {source: bought for source, bought in sources.items() if bought in ("RAW", *parts)}
    return folder(
        items=[
            *(listed(name, home_use=1.0) for name in ("RAW", "PART", *parts)),
            listed("END", Kind.PRODUCT, weight=1.0, home_use=1.0),
        ],
        links=[
            *(link("RAW", "PART"), link("PART", "END")),
            *(link(name, "PART", Relation.VARIANT_OF, weight=0.5) for name in parts),
        ],
        suppliers=[firm(name, "CHN") for name in ("C", "O", *made)],
        supplies=[
            supply("C", "PART", 0.5, spare=spare_c, ramp_days=0.0),
            supply("O", "PART", 0.5, spare=spare_o, ramp_days=0.0),
            *(supply(name, bought, 0.5 if bought == "RAW" else 1.0) for name, bought in made.items()),
        ],
        purchases=[purchase("C", "RAW", "X", 1.0)],
    )


PLANTS = (
    (plants(spare_o=0.2), [Shock(Scope.SUPPLIER, "M")], 0.25),  # as written: 0.15
    (plants(spare_c=0.2), [Shock(Scope.SUPPLIER, "M")], 0.25),  # 0.05
    (plants(in_two_parts=True), [Shock(Scope.SUPPLIER, "W1")], 0.25),  # 0.5
    (
        plants(in_two_parts=True),
        [Shock(Scope.SUPPLIER, "W1"), Shock(Scope.ITEM, "PART", severity=0.5)],
        0.6875,  # 0.5
    ),
)


@pytest.mark.parametrize(("chain", "shocks", "wanted"), PLANTS)
def test_where_the_page_breaks_its_first_law_for_plants_with_lists_the_law_counts(
    chain: ChainFolder, shocks: list[Shock], wanted: float
) -> None:
    known = read_home_facts([chain], CHAIN)
    world = simulate(known.facts, shocks, mode=Mode.BUILD, horizon=1)
    found = simulate_home(known, shocks, [], mode=Mode.BUILD, horizon=1)
    assert world.loss_path == pytest.approx((wanted,))
    assert found.loss_path == pytest.approx((wanted,))


def test_the_spare_of_a_source_without_a_share_reaches_the_world_but_no_region() -> None:
    chain = one_product(
        supply("A", "PART", 1.0),
        supply("B", "PART", 0.0, spare=0.5, ramp_days=0.0),
        suppliers=[firm("A", "CHN"), firm("B", "CHN")],
    )
    known = read_home_facts([chain], CHAIN)
    stop = [Shock(Scope.SUPPLIER, "A")]
    assert simulate(known.facts, stop, mode=Mode.BUILD, horizon=1).loss_path == pytest.approx((0.5,))
    assert simulate_home(known, stop, [], mode=Mode.BUILD, horizon=1).loss_path == pytest.approx((1.0,))


def test_a_cut_holds_for_lists_by_the_region_of_the_buyer() -> None:
    chain = folder(
        items=[listed("RAW", home_use=0.5), listed("PART", home_use=0.5), listed("END", weight=1.0)],
        links=[link("RAW", "PART"), link("PART", "END")],
        suppliers=[firm("C", "CHN"), firm("J", "JPN"), firm("X", "USA")],
        supplies=[supply("C", "PART", 0.5), supply("J", "PART", 0.5), supply("X", "RAW", 1.0)],
        purchases=[purchase("C", "RAW", "X", 1.0), purchase("J", "RAW", "X", 1.0)],
    )
    known = read_home_facts([chain], CHAIN)

    def outputs(to: str) -> dict[tuple[str, str], float]:
        cut = Cut(Scope.COUNTRY, "USA", to_region=to)
        return simulate_home(known, [], [cut], mode=Mode.BUILD, horizon=1).days[0].unit

    assert (outputs("home")["C", "PART"], outputs("home")["J", "PART"]) == (0.0, 1.0)
    assert (outputs("abroad")["C", "PART"], outputs("abroad")["J", "PART"]) == (1.0, 0.0)


def test_a_stopped_maker_may_harm_less_than_one_that_is_cut_off() -> None:
    # Home alone makes B out of A and lends it to the makers of A; who stops needs none of it.
    chain = folder(
        items=[listed("A", home_use=0.5), listed("B"), listed("END", Kind.PRODUCT, weight=1.0)],
        links=[link("A", "B"), link("B", "A"), link("A", "END")],
        suppliers=[firm("X", "JPN"), firm("Z", "USA"), firm("C", "CHN")],
        supplies=[supply("X", "A", 0.5), supply("Z", "A", 0.5), supply("C", "B", 1.0)],
    )
    known = read_home_facts([chain], CHAIN)
    cut = score_cut(known, [Cut(Scope.SUPPLIER, "X")], mode=Mode.BUILD, horizon=1)
    stop = score_stop(known, Scope.SUPPLIER, "X", mode=Mode.BUILD, horizon=1)
    assert cut.exposure == pytest.approx(1.0)
    assert stop.exposure == pytest.approx(0.5)
