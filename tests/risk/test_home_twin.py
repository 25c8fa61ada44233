"""The slow twin of the perspective home gives every number of perspective.md and keeps its laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chains.model import Kind, Mode, Scope
from risk.model import Shock
from tests.factories import CHAIN, firm, folder, item, link, supply
from tests.reference.day import availability
from tests.reference.home_day import Cut
from tests.reference.home_mix import OTHERS, mix_of, read_home_facts
from tests.reference.home_scores import exact_range, province_loss, score_cut, simulate_home
from tests.reference.scores import Scores, score_node

if TYPE_CHECKING:
    from chains.model import ChainFolder, Item
    from tests.reference.home_mix import HomeFacts

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
