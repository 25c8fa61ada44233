"""Newly systemic firms: the rule on values, and the review of stored runs on both databases."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from chains.db import read_session, write_session
from chains.errors import UnknownKeyError
from risk.alerts.model import AlertState, EventKind, ReviewKind
from risk.alerts.rules.newly_systemic import NewlySystemic
from risk.cascade.model import EsriResult
from risk.cascade.network import network_from_arrays
from risk.errors import ParameterError, StaleAlertError
from risk.firms.criteria import load_firm_criteria
from risk.firms.model import (
    FirmAttributes,
    FirmChange,
    FirmContext,
    FirmCriteria,
    FirmRun,
    NetworkLoad,
)
from risk.firms.repository import find_network, insert_network, list_networks, load_network
from risk.firms.run_repository import latest_run, list_runs, rank_of, read_scores
from risk.firms.watch import (
    acknowledge_firm_alert,
    list_firm_alerts,
    list_firm_events,
    record_firm_run,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CRITERIA = FirmCriteria(systemic_from=0.10, off_ratio=0.8, closes_after=2)
FIRMS = ("A", "B", "C")


def drafts(after, before, *, earlier=None, data_changed=True, has_earlier=True):
    change = FirmChange("A", None, after, before, earlier)
    context = FirmContext(CRITERIA, (change,), data_changed=data_changed, has_earlier=has_earlier)
    return [draft.opens for draft in NewlySystemic().evaluate(context)]


def test_a_firm_that_crosses_the_line_on_new_data_opens_at_once():
    assert drafts(0.10, 0.09) == [True]
    assert drafts(0.30, None) == [True]


def test_a_firm_that_was_systemic_before_opens_nothing():
    assert drafts(0.30, 0.10) == [False]


def test_an_alert_holds_down_to_four_fifths_of_the_line():
    assert drafts(0.09, 0.12) == [False]
    assert drafts(0.0799, 0.12) == []
    assert drafts(None, 0.12) == []


def test_on_unchanged_data_two_runs_must_agree():
    assert drafts(0.2, 0.05, data_changed=False) == [False]
    assert drafts(0.2, 0.2, earlier=0.05, data_changed=False) == [True]
    assert drafts(0.2, 0.2, earlier=0.2, data_changed=False) == [False]
    assert drafts(0.2, 0.2, data_changed=False, has_earlier=False) == [False]


@pytest.fixture
def criteria_file(tmp_path):
    def write(text):
        (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
        return tmp_path / "rules.toml"

    return write


def test_lines_outside_their_range_are_refused_in_both_languages(criteria_file):
    for text in ("", "[firms]\nsystemic_from=0\noff_ratio=0.8\ncloses_after=2", "[firms]\nsystemic_from='x'"):
        with pytest.raises(ParameterError, match=r"firms|systemic_from") as caught:
            load_firm_criteria(criteria_file(text))
        assert caught.value.say("zh") != caught.value.say("en")


def make_network(weight):
    network, _ = network_from_arrays(
        [0, 1, 2], ([0, 1, 2], [1, 2, 0], [weight, 2.0, 3.0]), essential=np.full((3, 3), 1), firm_ids=FIRMS
    )
    return network


def store(engine, weight, *, key="net"):
    attributes = tuple(FirmAttributes(firm_id, name=f"厂{firm_id}") for firm_id in FIRMS)
    with write_session(engine) as session:
        insert_network(
            session, make_network(weight), attributes=attributes, load=NetworkLoad(key, "网络"), at=NOON
        )


def record(engine, indices, *, eps=0.01, key="net", minutes=0):
    """Store a run in which the firms have these indices."""
    values = np.array(indices, dtype=float)
    result = EsriResult(
        FIRMS, values, values, values * 0, np.ones(3, np.int32), eps=eps, replaceability=True, max_sweeps=None
    )
    with write_session(engine) as session:
        network = find_network(session, key)
        run = FirmRun(
            run_id=0,
            network_id=network.network_id,
            network_key=key,
            digest=network.digest,
            eps=eps,
            replaceability=True,
            max_sweeps=None,
            code_version="test",
            started_at=NOON + timedelta(minutes=minutes),
            seconds=0.1,
            largest_sweeps=1,
            review=ReviewKind.BASELINE,
            previous_run_id=None,
            opened=0,
            kept=0,
            closed=0,
        )
        return record_firm_run(session, run, result, criteria=CRITERIA, at=NOON)


def alerts(engine):
    with read_session(engine) as session:
        return {alert.firm_id: alert for alert in reversed(list_firm_alerts(session))}


def counts(run):
    return run.review, run.opened, run.kept, run.closed


def test_the_first_run_is_a_baseline_and_opens_nothing(engine):
    store(engine, 1.0)
    assert counts(record(engine, (0.5, 0.2, 0.01))) == (ReviewKind.BASELINE, 0, 0, 0)
    assert alerts(engine) == {}


def test_an_alert_opens_holds_and_closes_after_two_runs_below_the_lower_line(engine):
    store(engine, 1.0)
    record(engine, (0.5, 0.02, 0.01))
    store(engine, 2.0)
    assert counts(record(engine, (0.5, 0.12, 0.01))) == (ReviewKind.COMPARED, 1, 0, 0)
    (alert,) = alerts(engine).values()
    assert (alert.firm_id, alert.name, alert.before, alert.after) == ("B", "厂B", 0.02, 0.12)
    store(engine, 3.0)
    assert counts(record(engine, (0.5, 0.09, 0.01))) == (ReviewKind.COMPARED, 0, 1, 0)
    assert counts(record(engine, (0.5, 0.05, 0.01))) == (ReviewKind.COMPARED, 0, 1, 0)
    assert alerts(engine)["B"].missed_runs == 1
    assert counts(record(engine, (0.5, 0.05, 0.01))) == (ReviewKind.COMPARED, 0, 0, 1)
    closed = alerts(engine)["B"]
    assert (closed.state, closed.last, closed.closed_at) == (AlertState.CLOSED, 0.05, NOON)
    with read_session(engine) as session:
        kinds = [event.kind for event in list_firm_events(session, closed.alert_id)]
    assert kinds == [EventKind.OPENED, EventKind.CLOSED]


def test_a_run_with_other_parameters_starts_a_basis_of_its_own(engine):
    store(engine, 1.0)
    record(engine, (0.5, 0.02, 0.01))
    store(engine, 2.0)
    assert counts(record(engine, (0.5, 0.3, 0.3), eps=0.001))[:2] == (ReviewKind.NEW_BASIS, 0)
    assert record(engine, (0.5, 0.3, 0.01)).opened == 1
    # A run of the other question neither keeps nor closes what this one opened.
    assert counts(record(engine, (0.5, 0.01, 0.01), eps=0.001)) == (ReviewKind.COMPARED, 0, 0, 0)
    assert alerts(engine)["B"].missed_runs == 0


def test_an_officer_takes_note_once_and_a_stale_view_is_refused(engine):
    store(engine, 1.0)
    record(engine, (0.5, 0.02, 0.01))
    store(engine, 2.0)
    record(engine, (0.5, 0.3, 0.01))
    alert = alerts(engine)["B"]
    with write_session(engine) as session:
        acknowledge_firm_alert(
            session, alert.alert_id, version=1, by=("王工", "工信局"), note="已核实", at=NOON
        )
    assert alerts(engine)["B"].state is AlertState.ACKNOWLEDGED
    with pytest.raises(StaleAlertError), write_session(engine) as session:
        acknowledge_firm_alert(session, alert.alert_id, version=1, by=("李工", "工信局"), note="x", at=NOON)
    with read_session(engine) as session:
        events = list_firm_events(session, alert.alert_id)
    assert [(event.by_name, event.note) for event in events] == [(None, None), ("王工", "已核实")]


def test_a_network_comes_back_as_it_was_stored(engine):
    store(engine, 1.5)
    with read_session(engine) as session:
        stored = find_network(session, None)
        network = load_network(session, stored.network_id)
    expected = make_network(1.5)
    assert network.firm_ids == expected.firm_ids
    for name in ("sector_of_firm", "supplier_of_link", "buyer_of_link", "weight_of_link", "essential"):
        assert np.array_equal(getattr(network, name), getattr(expected, name))
    assert (stored.firms, stored.links, stored.sales) == (3, 3, 6.5)


def test_a_new_load_supersedes_the_former_whose_runs_stay(engine):
    store(engine, 1.0)
    record(engine, (0.1, 0.3, 0.3))
    store(engine, 2.0)
    with read_session(engine) as session:
        (network,) = list_networks(session)
        assert latest_run(session, network) is None
        (run,) = list_runs(session, "net")
        scores = read_scores(session, run)
        assert rank_of(session, run.run_id, 0.1) == 3
    assert scores["firm_id"].to_list() == ["B", "C", "A"]
    assert run.network_id != network.network_id


def test_a_network_that_is_not_there_offers_the_near_ones(engine):
    store(engine, 1.0, key="jiangsu")
    store(engine, 1.0, key="anhui")
    with read_session(engine) as session:
        with pytest.raises(UnknownKeyError, match="did you mean jiangsu"):
            find_network(session, "jiangs")
        with pytest.raises(UnknownKeyError, match="anhui, jiangsu"):
            find_network(session, None)
