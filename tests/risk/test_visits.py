"""Which answers settle which verdicts, by hand; and whom to visit, against every choice."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.model import Mode, Scope
from chains.union import join_folders
from risk.errors import ParameterError
from risk.model import Level
from risk.response.unknowns import Asked, Unknown
from risk.response.value import value_unknowns
from risk.response.visits import choose_visits
from risk.response.worth import OpenVerdict, Values, Worth, read_values
from tests.factories import CHAIN, aggregate, firm, folder, item, link, one_product, purchase, supply

if TYPE_CHECKING:
    from chains.defaults import Defaults
    from chains.model import ChainFolder
    from risk.levels import Levels


def value(chain: ChainFolder, defaults: Defaults, levels: Levels, **given: Any) -> Values:
    return value_unknowns(
        join_folders([chain], CHAIN), defaults=defaults, levels=levels, horizon=180, **given
    )


def verdict_of(values: Values, scope: Scope, key: str) -> int:
    (number,) = (n for n, one in enumerate(values.verdicts) if (scope, key) in one.nodes)
    return number


def chances(values: Values, verdict: int) -> dict[str | None, float]:
    return {
        one.respondent: one.chance for one in values.worths if one.verdict == verdict and one.unknown is None
    }


def test_a_firms_own_blank_is_one_question_that_settles_its_verdict(defaults: Defaults, levels: Levels):
    chain = one_product(supply("A", "PART", 0.4, spare=0.0), supply("B", "PART", spare=0.0), complete=False)
    values = value(chain, defaults, levels)
    assert values.unknowns == (Unknown(Asked.MARKET_SHARE, "PART", "B", ("B",), 0, (0,)),)
    (verdict,) = values.verdicts
    # Between nothing and the whole rest; B is its own group, one stop and one verdict.
    assert (verdict.low, verdict.point, verdict.high) == pytest.approx((0.0, 0.1, 0.6))
    assert verdict.nodes == ((Scope.SUPPLIER, "B"), (Scope.PARENT, "B"))
    assert (verdict.level_low, verdict.level_high) == (Level.NONE, Level.RED)
    assert chances(values, 0) == {"B": 1.0}
    assert values.value_of_unknowns() == {0: pytest.approx(0.6)}


def test_a_country_of_two_blanks_is_settled_by_both_and_by_neither_alone(defaults: Defaults, levels: Levels):
    firms = [firm("A"), firm("B", "JPN"), firm("C", "JPN")]
    rows = [
        supply("A", "PART", 0.4, spare=0.0),
        supply("B", "PART", spare=0.0),
        supply("C", "PART", spare=0.0),
    ]
    values = value(one_product(*rows, complete=False, suppliers=firms), defaults, levels)
    japan = verdict_of(values, Scope.COUNTRY, "JPN")
    assert values.verdicts[japan].needs == (0, 1)
    # What the other may still hold leaves the high end where it is.
    assert chances(values, japan) == {}
    plan = choose_visits(values, top=2, allowed={"B", "C"})
    assert [visit.respondent for visit in plan.visits] == ["B", "C"]
    assert set(plan.decidable) == set(range(3))
    assert choose_visits(values, top=1, allowed={"B", "C"}).decidable == (
        verdict_of(values, Scope.SUPPLIER, "B"),
    )


def test_the_chance_of_an_answer_is_the_share_of_draws_that_settle_the_verdict(
    defaults: Defaults, levels: Levels
):
    # Japan stops B (PART, 0 to 0.5 at random) and D (GLUE, 0 to 0.06). B's answer x settles Japan once
    # x > 0.05, the orange line: then 0.06 of GLUE adds no level. That is 9 draws in 10.
    chain = folder(
        items=[
            item("END", weight=1.0),
            item("PART", cover_days=0.0, suppliers_complete=True),
            item("GLUE", cover_days=0.0, suppliers_complete=False),
        ],
        links=[link("PART", "END"), link("GLUE", "END")],
        suppliers=[firm("A"), firm("C"), firm("E"), firm("B", "JPN"), firm("D", "JPN")],
        supplies=[
            *(
                supply(name, "PART", share, spare=0.0)
                for name, share in (("A", 0.5), ("B", None), ("C", None))
            ),
            *(supply(name, "GLUE", share, spare=0.0) for name, share in (("E", 0.94), ("D", None))),
        ],
    )
    values = value(chain, defaults, levels, draws=400)
    japan = verdict_of(values, Scope.COUNTRY, "JPN")
    found = chances(values, japan)
    assert found.keys() == {"B"}
    assert found["B"] == pytest.approx(0.9, abs=0.04)


def test_a_country_aggregate_is_no_one_to_visit(defaults: Defaults, levels: Levels):
    rows = [supply("CC-JPN", "PART", spare=0.0), supply("CC-CHN", "PART", 0.4, spare=0.0)]
    sums = [aggregate("CC-JPN", "JPN"), aggregate("CC-CHN", "CHN")]
    values = value(one_product(*rows, complete=False, suppliers=sums), defaults, levels)
    assert [one.respondent for one in values.unknowns] == [None]
    plan = choose_visits(values, top=5, allowed={"CC-JPN", "CC-CHN"})
    assert (plan.visits, plan.open_verdicts) == ((), 1)


def fab_on_gas(**given: Any) -> ChainFolder:
    """Make END 11 % by FAB, which buys all its GAS from AIR."""
    return folder(
        items=[item("END", weight=1.0), item("GAS")],
        links=[link("GAS", "END")],
        suppliers=[firm("FAB"), firm("AIR")],
        supplies=[supply("FAB", "END", 0.11, spare=0.0), supply("AIR", "GAS", 0.0, spare=0.0)],
        purchases=[purchase("FAB", "GAS", "AIR", 1.0, spare=0.0, **given)],
    )


def test_an_assumed_stock_that_decides_a_level_is_a_question_to_the_buyer(defaults: Defaults, levels: Levels):
    # 30 days assumed: 0.11 · 150/180 = 0.092, orange. With 0 or 15 days 0.11 and 0.101, red; with 45 and
    # 60 days orange. Two values in five differ.
    values = value(fab_on_gas(), defaults, levels)
    assert values.unknowns == (Unknown(Asked.STOCK_DAYS, "GAS", "FAB", (), 0, ()),)
    air = values.verdicts[verdict_of(values, Scope.SUPPLIER, "AIR")]
    assert air.on_stock
    assert (air.level_low, air.level_point, air.level_high) == (Level.ORANGE, Level.ORANGE, Level.RED)
    assert (air.low, air.high) == pytest.approx((0.11 * 120 / 180, 0.11))
    assert chances(values, 0) == {"FAB": pytest.approx(0.4)}
    plan = choose_visits(values, top=3, allowed={"FAB", "AIR"})
    assert (plan.decidable, plan.stocks) == ((), (0,))


def test_a_stock_that_is_given_is_no_question(defaults: Defaults, levels: Levels):
    values = value(fab_on_gas(stock_days=30.0), defaults, levels)
    assert (values.unknowns, values.verdicts) == ((), ())


def test_a_buyers_list_of_blanks_is_one_question_to_the_buyer(defaults: Defaults, levels: Levels):
    chain = folder(
        items=[item("END", weight=1.0), item("GAS", cover_days=0.0)],
        links=[link("GAS", "END")],
        suppliers=[firm("FAB"), firm("AIR"), firm("GASCO")],
        supplies=[supply("FAB", "END", 1.0, spare=0.0)],
        purchases=[purchase("FAB", "GAS", name, stock_days=0.0, spare=0.0) for name in ("AIR", "GASCO")],
    )
    values = value(chain, defaults, levels)
    assert values.unknowns == (Unknown(Asked.PURCHASE_SHARES, "GAS", "FAB", ("AIR", "GASCO"), 0, (0, 1)),)
    plan = choose_visits(values, top=1, allowed={"FAB"})
    assert (len(plan.visits), len(plan.decidable)) == (1, 2)


def test_values_survive_being_written_and_read(defaults: Defaults, levels: Levels):
    values = value(fab_on_gas(), defaults, levels)
    assert read_values(json.loads(json.dumps(asdict(values)))) == values


# -- choosing -------------------------------------------------------------------------------------


def made_up(needs: list[tuple[str, ...]]) -> Values:
    """Make values of one unknown a firm and verdicts that need some firms each."""
    firms = sorted({name for names in needs for name in names})
    unknowns = tuple(Unknown(Asked.MARKET_SHARE, "X", name, (name,), 0, (0,)) for name in firms)
    verdicts = tuple(
        OpenVerdict(
            ((Scope.CITY, f"V{number}"),),
            Level.NONE,
            Level.NONE,
            Level.RED,
            Mode.RUN,
            0.0,
            0.1,
            0.5,
            tuple(firms.index(name) for name in names),
        )
        for number, names in enumerate(needs)
    )
    worths = tuple(
        Worth(None, names[0], number, 1.0) for number, names in enumerate(needs) if len(names) == 1
    )
    return Values(CHAIN, 180, 24, 1, unknowns, verdicts, worths)


def test_two_firms_that_only_together_settle_three_beat_one_that_settles_one():
    values = made_up([("A", "B"), ("A", "B"), ("A", "B"), ("C",)])
    plan = choose_visits(values, top=2, allowed={"A", "B", "C"})
    assert [visit.respondent for visit in plan.visits] == ["A", "B"]
    assert plan.decidable == (0, 1, 2)
    assert plan.visits[0].alone == ()
    assert plan.proven


def test_nobody_outside_the_allowed_is_sent_for():
    plan = choose_visits(made_up([("A",), ("B",)]), top=2, allowed={"B"})
    assert [visit.respondent for visit in plan.visits] == ["B"]
    assert plan.open_verdicts == 2


def test_a_plan_of_no_firm_is_refused():
    with pytest.raises(ParameterError):
        choose_visits(made_up([("A",)]), top=0, allowed={"A"})


@given(
    needs=st.lists(
        st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=3, unique=True).map(tuple), max_size=9
    ),
    top=st.integers(1, 4),
)
def test_no_other_choice_of_as_many_firms_settles_more(needs: list[tuple[str, ...]], top: int):
    plan = choose_visits(made_up(needs), top=top, allowed=set("ABCDEF"))
    best = max(
        sum(set(names) <= set(chosen) for names in needs)
        for size in range(top + 1)
        for chosen in combinations("ABCDEF", size)
    )
    assert len(plan.decidable) == best
    assert len(plan.visits) <= top
