"""Values kept per data version, bands beside the scores of the same data, questions in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chains.model import Mode, Perspective, Scope
from desk import bands, visits
from desk.apart import ApartError
from desk.computing import recompute_chains
from risk.errors import RunStateError
from risk.ranges.bands import DEFAULT_SEED

WORLD = (Perspective.WORLD,)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from settings import Settings


def files(settings: Settings) -> list[str]:
    return sorted(file.name for file in (settings.var_dir / "visits").glob("*"))


def test_values_are_kept_until_the_data_change(example: Callable[[str], Settings]):
    settings = example("blank")
    assert not visits.values_file(settings, "blank").exists()
    first = visits.plan_visits(settings, "blank")
    assert visits.values_file(settings, "blank").exists()
    (kept,) = files(settings)
    assert visits.plan_visits(settings, "blank") == first
    # A file cut off by a stopped machine is computed again.
    (settings.var_dir / "visits" / kept).write_text("{", encoding="utf-8")
    assert visits.plan_visits(settings, "blank") == first
    assert files(settings) == [kept]


def test_a_plan_says_whom_to_ask_what_in_both_languages(example: Callable[[str], Settings]):
    plan = visits.plan_visits(example("blank"), "blank")
    assert plan.sentence[1] == "ask 1 firm 1 question; 1 of 1 open verdicts become decidable"
    (visit,) = plan.visits
    (question,) = visit.questions
    assert question.zh.startswith("贵公司的密封胶占全球市场的多少")
    assert question.en.startswith("Share of the world market of Sealant")
    (settled,) = visit.settles
    assert (settled.scope, settled.key, settled.low, settled.high) == (Scope.SUPPLIER, "S1", 0.0, 1.0)
    assert settled.also == (
        (Scope.PARENT, "S1"),
        (Scope.COUNTRY, "CHN"),
        (Scope.PROVINCE, "湖北"),
        (Scope.CITY, "襄阳"),
    )
    # The point value, 0.1, is past the orange line of the running stock that the low end is not.
    assert plan.point_past == (settled,)


def test_a_band_is_stored_with_its_seed_and_read_for_its_node(example: Callable[[str], Settings]):
    settings = example("blank")
    recompute_chains(settings, ("blank",), perspectives=WORLD)
    found = bands.compute_chain_bands(settings, "blank", node=(Scope.SUPPLIER, "S1"), draws=40)
    stored = bands.read_node_bands(settings, found.run.run_id, scope=Scope.SUPPLIER, key="S1")
    assert [(one.mode, one.score) for one in stored] == [
        (mode, score) for mode in Mode for score in ("exposure", "residual")
    ]
    assert {(one.draws, one.seed) for one in stored} == {(40, DEFAULT_SEED)}
    assert [(one.q05, one.q50, one.q95) for one in stored] == [
        (one.q05, one.q50, one.q95) for one in found.bands
    ]
    assert bands.read_node_bands(settings, found.run.run_id, scope=Scope.ITEM, key="END") == ()
    bands.compute_chain_bands(settings, "blank", node=(Scope.SUPPLIER, "S1"), draws=20, seed=1)
    stored = bands.read_node_bands(settings, found.run.run_id, scope=Scope.SUPPLIER, key="S1")
    assert {(one.draws, one.seed) for one in stored} == {(20, 1)}


def test_no_band_is_set_beside_scores_of_other_defaults(example: Callable[[str], Settings], tmp_path: Path):
    settings = example("blank")
    recompute_chains(settings, ("blank",), perspectives=WORLD)
    data = tmp_path / "data"
    data.mkdir()
    text = (settings.data_dir / "defaults.toml").read_text(encoding="utf-8")
    (data / "defaults.toml").write_text(
        text.replace("blank_cap = 0.10", "blank_cap = 0.20"), encoding="utf-8"
    )
    edited = settings.model_copy(update={"data_dir": data})
    with pytest.raises(RunStateError):
        bands.compute_chain_bands(edited, "blank", node=(Scope.SUPPLIER, "S1"))


def test_a_process_beside_a_page_keeps_the_same_values_and_tells_how_far_it_is(
    example: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch
):
    settings = example("blank")
    monkeypatch.setenv("LIANWEN_HOME", str(settings.home))
    told: list[float] = []
    visits.compute_values_apart("blank", progress=told.append)
    assert visits.values_file(settings, "blank").exists()
    assert told
    assert told == sorted(told)
    assert told[-1] <= 1.0


def test_what_goes_wrong_beside_a_page_is_said_in_both_languages(
    example: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LIANWEN_HOME", str(example("blank").home))
    with pytest.raises(ApartError) as refused:
        visits.compute_values_apart("blink")
    assert "blank" in refused.value.say("en")
    assert "已装入:blank" in refused.value.say("zh")
