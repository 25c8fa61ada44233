"""Scenarios in the database: kept under a name, with every answer, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chains.db import read_session, write_session
from chains.errors import UnknownKeyError
from chains.model import Mode, Perspective, Region, Scope
from chains.repository import load_records
from risk.errors import ScenarioNameError
from risk.mergers import compare_merger
from risk.model import Cut, Shock
from risk.provinces import ProvinceLoss
from risk.scenario_store.model import Answer, Merger, PartLoss, Plan
from risk.scenario_store.repository import (
    add_answer,
    delete_scenario,
    list_scenarios,
    read_scenario,
    save_scenario,
)
from risk.scenario_store.rows import answer_json, plan_json, read_answer, read_plan
from risk.scenarios import simulate
from tests.run_factories import NOON

SHOCK = Shock(Scope.CITY, "南京", 0.5, start_day=3, days=7, recover_days=4, items=("PART",))
PLAN = Plan("c1", shocks=(SHOCK,), mode=Mode.BUILD, horizon=30)


@pytest.fixture
def answer(chain, defaults):
    with read_session(chain) as session:
        records = load_records(session, "c1")
    found = simulate(records, PLAN.shocks, defaults=defaults, mode=PLAN.mode, horizon=PLAN.horizon)
    # Units that lose nothing are not kept.
    found = replace(found, units=tuple(unit for unit in found.units if unit.worst_loss > 0))
    return Answer(PLAN, "data-1", "code-1", "defaults-1", simulation=found)


def test_a_kept_scenario_comes_back_with_its_plan_and_answer(chain, answer):
    with write_session(chain) as session:
        save_scenario(
            session,
            "  南京  停产 ",
            plan=PLAN,
            origin="event:7",
            at=NOON,
            officer=("王工", "工信局"),
            answer=answer,
        )
    with read_session(chain) as session:
        kept = read_scenario(session, "南京 停产")
    assert (kept.name, kept.plan, kept.origin, kept.saved_at) == ("南京 停产", PLAN, "event:7", NOON)
    assert (kept.by_name, kept.by_unit) == ("王工", "工信局")
    assert kept.answers[0].answer == answer


def test_each_rerun_adds_an_answer_the_newest_first(chain, answer):
    with write_session(chain) as session:
        scenario_id = save_scenario(session, "S", plan=PLAN, origin="page", at=NOON)
        for hours in (1, 2):
            add_answer(session, scenario_id, answer=answer, at=NOON + timedelta(hours=hours))
    with read_session(chain) as session:
        (kept,) = list_scenarios(session, chain_id="c1")
        assert list_scenarios(session, chain_id="other") == ()
    assert [one.computed_at for one in kept.answers] == [NOON + timedelta(hours=2), NOON + timedelta(hours=1)]


@pytest.mark.parametrize(
    ("name", "sentence"), [("  ", "give the scenario a name"), ("S" * 81, "81 characters")]
)
def test_a_name_is_given_and_short(chain, name, sentence):
    with write_session(chain) as session, pytest.raises(ScenarioNameError, match=sentence):
        save_scenario(session, name, plan=PLAN, origin="page", at=NOON)


def test_a_name_is_taken_once(chain):
    with write_session(chain) as session:
        save_scenario(session, "S", plan=PLAN, origin="page", at=NOON)
        with pytest.raises(ScenarioNameError, match="is kept already"):
            save_scenario(session, " S ", plan=PLAN, origin="page", at=NOON)


def test_a_removed_scenario_leaves_nothing(chain, answer):
    with write_session(chain) as session:
        save_scenario(session, "日本停供", plan=PLAN, origin="page", at=NOON, answer=answer)
        delete_scenario(session, "日本停供")
        assert list_scenarios(session) == ()
        with pytest.raises(UnknownKeyError, match="no scenario named '日本'"):
            delete_scenario(session, "日本")


def test_a_kept_cut_comes_back_with_its_parts_and_provinces(chain, answer):
    cut = Cut(("NLD", "JPN"), Region.HOME, ("PART",), 0.5, 3, 90, 7)
    plan = Plan("c1", shocks=(SHOCK,), cuts=(cut,), perspective=Perspective.HOME, stock=(("PART", 60.0),))
    found = replace(
        answer,
        plan=plan,
        provinces=(ProvinceLoss("江苏", 3, 1, 2, 0.3, 5), ProvinceLoss("浙江", 1, 0, 0, 0.0, None)),
        parts=(PartLoss("NLD", None, 0.4, 0.2, 3), PartLoss(None, SHOCK, 0.1, 0.0, None)),
    )
    with write_session(chain) as session:
        save_scenario(session, "联合管制", plan=plan, origin="page", at=NOON, answer=found)
    with read_session(chain) as session:
        kept = read_scenario(session, "联合管制")
    assert (kept.plan, kept.answers[0].answer) == (plan, found)
    assert found.interaction == (found.simulation.exposure - 0.4, found.simulation.mean_loss - 0.2)


def test_a_scenario_kept_before_there_were_cuts_is_one_of_the_world():
    stored = plan_json(PLAN)
    for name in ("cuts", "perspective", "stock"):
        del stored[name]
    assert read_plan(stored) == PLAN


def test_plans_and_answers_survive_being_written_as_plain_values(chain, answer, defaults, levels):
    with read_session(chain) as session:
        records = load_records(session, "c1")
    plan = Plan("c1", merger=Merger("A", "B"))
    merged = compare_merger(records, "A", "B", defaults=defaults, levels=levels)
    of_merger = Answer(plan, "d", "c", "f", merger=merged)
    for one in (PLAN, plan):
        assert read_plan(plan_json(one)) == one
    for found in (answer, of_merger):
        assert read_answer(answer_json(found)) == found
