"""Alerts in the database: drafts meet open alerts, and what is kept of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from chains.db import read_session, write_session
from chains.model import Scope
from chains.repository import store_folder
from risk.alerts.model import (
    AlertCriteria,
    AlertState,
    DataAge,
    EventKind,
    ReviewKind,
    UploadRef,
)
from risk.alerts.repository import acknowledge_alert, list_alerts, list_events, list_reviews
from risk.alerts.review import Surroundings, find_previous, review_run
from risk.alerts.rules import RULES
from risk.alerts.standings import read_standings, unreviewed_runs
from risk.alerts.tables import AlertRow
from risk.compute import ScoreRun
from risk.errors import StaleAlertError
from risk.model import Level
from tests.factories import firm, one_product, supply
from tests.run_factories import (
    ALARM,
    CALM,
    NODES,
    NOON,
    REQUEST,
    claim,
    execute,
    look_up,
    made_up_table,
    queue,
    run_with,
    score_for_real,
)

CRITERIA = AlertCriteria(
    rules=tuple(rule.rule_id for rule in RULES),
    critical_from=Level.ORANGE,
    scopes=(Scope.SUPPLIER, Scope.PARENT, Scope.COUNTRY, Scope.PROVINCE, Scope.CITY),
    group_firms=2,
    closes_after=1,
)
OFFICER = ("王工", "工信局")
QUIET = Surroundings(lambda _since, _until: (), lambda _run, _wanted: {})


def table_of(levels, *, structural=False):
    """A made-up table in which the nodes stand at these levels, none structural unless told."""
    table = made_up_table()
    judgements = [
        replace(
            ALARM if level is Level.RED else CALM,
            level=level,
            level_run=level,
            structural_run=structural,
            structural_build=False,
        )
        for level in levels
    ]
    return replace(table, judgements=tuple(judgements))


def calm():
    return table_of([Level.NONE] * len(NODES))


def alarm(level=Level.RED):
    return table_of([level, Level.NONE, Level.NONE])


def record(engine, table, *, request=REQUEST, minutes=0):
    return run_with(engine, table, request=request, at=NOON + timedelta(minutes=minutes))


def review(engine, run, *, surroundings=QUIET, criteria=CRITERIA):
    with write_session(engine) as session:
        return review_run(session, run, criteria=criteria, surroundings=surroundings, at=NOON)


def review_in_turn(engine, *tables):
    runs = [record(engine, table, minutes=at) for at, table in enumerate(tables)]
    return [review(engine, run) for run in runs]


def alerts_of(engine, **wanted):
    with read_session(engine) as session:
        return list_alerts(session, **wanted)


def events_of(engine, alert_id=None):
    with read_session(engine) as session:
        return [(event.kind, event.run_id) for event in list_events(session, alert_id)]


def acknowledge(engine, alert, *, version=None, note="看过"):
    with write_session(engine) as session:
        return acknowledge_alert(
            session, alert.alert_id, version=version or alert.version, by=OFFICER, note=note, at=NOON
        )


def test_the_first_run_of_a_chain_is_a_baseline_that_opens_nothing(chain):
    (found,) = review_in_turn(chain, alarm())
    assert (found.kind, found.previous_run_id, found.opened) == (ReviewKind.BASELINE, None, 0)
    assert found.counts["foreign_red"] == 1
    assert alerts_of(chain) == ()


def test_a_rise_opens_one_alert_with_the_numbers_of_both_runs(chain):
    _, compared = review_in_turn(chain, calm(), alarm())
    assert (compared.kind, compared.previous_run_id, compared.opened) == (ReviewKind.COMPARED, 1, 1)
    (alert,) = alerts_of(chain)
    assert (alert.rule, alert.scope, alert.key, alert.state) == (
        "newly_critical",
        Scope.SUPPLIER,
        "A",
        AlertState.OPEN,
    )
    assert (alert.level, alert.previous_run_id, alert.opened_run_id) == (Level.RED, 1, 2)
    with read_session(chain) as session:
        after = read_standings(session, look_up(chain, 2))
    assert alert.evidence.after == next(each for node, each in after.items() if node.key == "A")
    assert alert.evidence.before is not None
    assert alert.evidence.before.level is Level.NONE
    assert alert.evidence.data_version_before == look_up(chain, 1).data_version
    assert events_of(chain) == [(EventKind.OPENED, 2)]


def test_an_alert_names_the_uploads_between_the_two_runs_and_the_age_of_the_data(chain):
    upload = UploadRef(7, "八月名单", "王工", "2026-11-22T12:00:30Z")
    asked = []

    def uploads(since, until):
        asked.append((since, until))
        return (upload,)

    surroundings = Surroundings(uploads, lambda _run, wanted: dict.fromkeys(wanted, DataAge(2019, 2023, 1)))
    first, second = record(chain, calm()), record(chain, alarm(), minutes=5)
    for run in (first, second):
        review(chain, run, surroundings=surroundings)
    (alert,) = alerts_of(chain)
    assert alert.evidence.uploads == (upload,)
    assert alert.evidence.data_age == DataAge(2019, 2023, 1)
    assert asked == [(first.started_at, second.started_at)]


def test_reviewing_a_run_twice_changes_nothing(chain):
    first, second = record(chain, calm()), record(chain, alarm(), minutes=1)
    review(chain, first)
    assert review(chain, second) is not None
    assert review(chain, second) is None
    assert len(alerts_of(chain)) == 1
    assert len(events_of(chain)) == 1
    with read_session(chain) as session:
        assert unreviewed_runs(session) == ()


def test_an_alert_stays_one_while_the_node_stays_critical(chain):
    reviews = review_in_turn(chain, calm(), alarm(), alarm(), alarm())
    assert [each.opened for each in reviews] == [0, 1, 0, 0]
    (alert,) = alerts_of(chain)
    assert (alert.last_run_id, alert.version) == (4, 1)


def test_a_node_that_leaves_closes_its_alert_and_says_so_once(chain):
    review_in_turn(chain, calm(), alarm(), calm(), calm())
    left, newly = alerts_of(chain)
    assert (newly.rule, newly.state, newly.closed_at) == ("newly_critical", AlertState.CLOSED, NOON)
    assert events_of(chain, newly.alert_id) == [(EventKind.OPENED, 2), (EventKind.CLOSED, 3)]
    assert (left.rule, left.state, left.opened_run_id) == ("left_critical", AlertState.OPEN, 3)


def test_a_node_that_comes_back_opens_a_new_alert_and_ends_the_news_that_it_had_left(chain):
    review_in_turn(chain, calm(), alarm(), calm(), alarm())
    again, left, first = alerts_of(chain)
    assert (again.rule, again.state) == ("newly_critical", AlertState.OPEN)
    assert (left.rule, left.state) == ("left_critical", AlertState.CLOSED)
    assert first.state is AlertState.CLOSED


def test_several_misses_may_be_asked_for_before_an_alert_closes(chain):
    patient = replace(CRITERIA, closes_after=2)
    runs = [record(chain, table, minutes=at) for at, table in enumerate((calm(), alarm(), calm(), calm()))]
    for run in runs[:3]:
        review(chain, run, criteria=patient)
    (newly,) = alerts_of(chain, states=[AlertState.OPEN])[-1:]
    assert (newly.rule, newly.missed_runs) == ("newly_critical", 1)
    review(chain, runs[3], criteria=patient)
    assert alerts_of(chain)[-1].state is AlertState.CLOSED


def test_a_new_structural_single_point_opens_an_alert_of_its_own_rule(chain):
    structural = table_of([Level.NONE] * 3, structural=True)
    review_in_turn(chain, calm(), structural)
    assert [(alert.rule, alert.scope) for alert in alerts_of(chain)] == [
        ("structural_spof", Scope.SUPPLIER),
        ("structural_spof", Scope.CITY),
    ]


def test_orange_that_becomes_red_opens_an_acknowledged_alert_again(chain):
    runs = [
        record(chain, table, minutes=at) for at, table in enumerate((calm(), alarm(Level.ORANGE), alarm()))
    ]
    for run in runs[:2]:
        review(chain, run)
    acknowledge(chain, alerts_of(chain)[0])
    review(chain, runs[2])
    (alert,) = alerts_of(chain)
    assert (alert.state, alert.level, alert.version, alert.previous_run_id) == (
        AlertState.OPEN,
        Level.RED,
        3,
        2,
    )
    assert [kind for kind, _ in events_of(chain)] == [
        EventKind.OPENED,
        EventKind.ACKNOWLEDGED,
        EventKind.WORSENED,
    ]


def test_runs_with_another_horizon_or_other_scopes_neither_open_nor_close(chain):
    review_in_turn(chain, calm(), alarm())
    for at, request in enumerate(
        (replace(REQUEST, main_horizon=30), replace(REQUEST, scopes=(Scope.SUPPLIER,))), start=3
    ):
        for table in (calm(), calm()):
            run = record(chain, table, request=request, minutes=at)
            found = review(chain, run)
    assert found is not None
    assert found.kind is ReviewKind.COMPARED
    (alert,) = alerts_of(chain)
    assert alert.state is AlertState.OPEN


def test_the_first_run_with_another_horizon_is_a_new_basis_and_no_baseline(chain):
    review_in_turn(chain, calm())
    found = review(chain, record(chain, alarm(), request=replace(REQUEST, main_horizon=30), minutes=1))
    assert found is not None
    assert (found.kind, found.opened) == (ReviewKind.NEW_BASIS, 0)


def test_changed_defaults_or_lines_make_a_new_basis(chain):
    review_in_turn(chain, calm())
    later = record(chain, alarm(), minutes=1)
    for changed in (
        replace(later, defaults_digest="other"),
        replace(later, parameters={**later.parameters, "levels": {"run": {"red": 0.2}}}),
    ):
        with read_session(chain) as session:
            assert find_previous(session, changed) is None
    with read_session(chain) as session:
        assert find_previous(session, later) == look_up(chain, 1)


def test_a_run_that_ended_after_a_later_one_was_reviewed_changes_nothing(chain):
    slow = queue(chain)
    claim(chain, "slow", run_id=slow)
    review(chain, record(chain, calm(), minutes=1))
    found = review(chain, execute(chain, slow, lambda *_: ScoreRun(alarm(), 0.5), holder="slow"))
    assert found is not None
    assert found.kind is ReviewKind.OVERTAKEN
    assert alerts_of(chain) == ()


def test_an_acknowledgement_keeps_who_when_and_note(chain):
    review_in_turn(chain, calm(), alarm())
    (alert,) = alerts_of(chain)
    after = acknowledge(chain, alert, note="已联系企业")
    assert (after.state, after.version) == (AlertState.ACKNOWLEDGED, 2)
    with read_session(chain) as session:
        event = list_events(session, alert.alert_id)[-1]
    assert (event.kind, event.by_name, event.by_unit, event.note) == (
        EventKind.ACKNOWLEDGED,
        *OFFICER,
        "已联系企业",
    )
    assert event.at == NOON


def test_two_officers_at_once_do_not_lose_a_note(chain):
    review_in_turn(chain, calm(), alarm())
    (seen,) = alerts_of(chain)
    acknowledge(chain, seen)
    with pytest.raises(StaleAlertError, match="changed by somebody else"):
        acknowledge(chain, seen)
    assert len(events_of(chain)) == 2
    (now,) = alerts_of(chain)
    assert acknowledge(chain, now).version == 3


def test_news_that_asks_for_nothing_more_ends_when_it_is_read(chain):
    review_in_turn(chain, calm(), alarm(), calm())
    left = alerts_of(chain)[0]
    assert acknowledge(chain, left).state is AlertState.CLOSED
    with pytest.raises(StaleAlertError, match="is closed already"):
        acknowledge(chain, alerts_of(chain)[0])
    assert [kind for kind, _ in events_of(chain, left.alert_id)] == [
        EventKind.OPENED,
        EventKind.ACKNOWLEDGED,
        EventKind.CLOSED,
    ]


def test_the_store_refuses_a_second_open_alert_of_one_rule_chain_and_node(chain):
    review_in_turn(chain, calm(), alarm())
    (alert,) = alerts_of(chain)
    with read_session(chain) as session:
        row = dict(session.execute(text("SELECT * FROM alert")).one()._mapping)
    values = {
        "rule": alert.rule,
        "chain_id": alert.chain_id,
        "scope": alert.scope,
        "key": alert.key,
        "name_zh": row["name_zh"],
        "name_en": row["name_en"],
        "state": AlertState.OPEN,
        "level": alert.level,
        "opened_at": NOON,
        "opened_run_id": 2,
        "previous_run_id": 1,
        "last_run_id": 2,
        "evidence": {},
    }
    with pytest.raises(IntegrityError), write_session(chain) as session:
        session.execute(insert(AlertRow).values(values))
    closed = values | {"state": AlertState.CLOSED, "closed_at": NOON, "evidence": {}}
    with write_session(chain) as session:
        session.execute(insert(AlertRow).values(closed))


def test_real_scores_alert_when_a_list_makes_a_firm_the_only_source(chain):
    def run_now():
        run_id = queue(chain)
        claim(chain, run_id=run_id)
        run = execute(chain, run_id, score_for_real)
        return review(chain, run)

    run_now()
    with write_session(chain) as session:
        folder = one_product(supply("A", "PART", 1.0), suppliers=(firm("A", "JPN"),))
        store_folder(session, folder, digest="e", origin="shipped", at=NOON)
    found = run_now()
    assert found is not None
    assert found.kind is ReviewKind.COMPARED
    rules = {(alert.rule, alert.scope, alert.key) for alert in alerts_of(chain)}
    assert ("structural_spof", Scope.SUPPLIER, "A") in rules
    with read_session(chain) as session:
        assert [each.kind for each in list_reviews(session)] == [ReviewKind.COMPARED, ReviewKind.BASELINE]
