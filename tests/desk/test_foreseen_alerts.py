"""The preview of an import names the alerts that the run after it opens and closes."""

from chains.model import Perspective
from desk.alerts import list_alerts
from desk.computing import recompute_chains
from desk.effect_words import effect_json
from desk.import_effect import preview_effect
from desk.import_undo import undo_import
from desk.imports import Answers, check_list, import_list, plan_list
from desk.store import reading
from risk.alerts.foresight import table_standings
from risk.alerts.model import AlertState
from risk.alerts.standings import read_standings
from risk.repository import latest_run, read_score_table

WORLD = (Perspective.WORLD,)

SINGLE = (
    "供应商,产品,采购占比,采购方\n苏州胶业,KrF光刻胶,100%,Wuxi Fab\n苏州胶业,KrF光刻胶,100%,Taiwan Fab\n"
).encode()


def foreseen(settings):
    checked = check_list(settings, "textbook", content=SINGLE, name="list.csv")
    plan, standing = plan_list(settings, checked, Answers())
    return checked, preview_effect(settings, "textbook", standing=standing, plan=plan)


def live_alerts(settings):
    return {
        (view.alert.rule, view.alert.scope.value, view.alert.key)
        for view in list_alerts(settings, state=AlertState.OPEN)
    }


def subjects(effect, kind):
    return {(each["rule"], each["scope"], each["key"]) for each in effect_json(effect)["alerts"][kind]}


def test_the_alerts_foreseen_are_those_that_the_run_opens_and_an_undo_closes(example):
    settings = example("textbook")
    recompute_chains(settings, perspectives=WORLD)
    before = live_alerts(settings)
    checked, effect = foreseen(settings)
    done = import_list(settings, checked, Answers())
    recompute_chains(settings, perspectives=WORLD)
    opened = subjects(effect, "opens")
    assert opened
    assert live_alerts(settings) == (before | opened) - subjects(effect, "closes")
    undo_import(settings, done.upload.upload_id, by="李工")
    recompute_chains(settings, perspectives=WORLD)
    assert live_alerts(settings) & opened == before & opened


def test_both_modes_are_told_before_and_after(example):
    settings = example("textbook")
    recompute_chains(settings, perspectives=WORLD)
    _, effect = foreseen(settings)
    move = next(each for each in effect.moves if each.node.key == "C1")
    assert move.before is not None
    assert move.after is not None
    assert move.after.residual_run > move.before.residual_run
    assert move.after.exposure_build > move.before.exposure_build


def test_without_a_run_to_compare_with_no_alert_is_foreseen(example):
    settings = example("textbook")
    _, effect = foreseen(settings)
    assert effect.alerts is None
    assert effect_json(effect)["alerts"] is None


def test_standings_of_a_table_are_those_that_the_stored_run_reads(example):
    settings = example("textbook")
    recompute_chains(settings, perspectives=WORLD)
    with reading(settings) as session:
        run = latest_run(session, "textbook")
        assert run is not None
        stored = read_standings(session, run)
        table = read_score_table(session, run.run_id)
    assert dict(table_standings(table)) == dict(stored)
