"""The scheduler's memory: slots that are done once, a lease that one process has."""

from datetime import UTC, datetime, time, timedelta

import pytest

from chains.db import read_session, write_session
from risk.errors import SchedulerRunningError
from risk.runs.scheduler import (
    NIGHTLY,
    PROCESS_LEASE_SECONDS,
    ZONE,
    DailyJob,
    give_process_lease_back,
    is_taken,
    latest_slot,
    list_slots,
    read_scheduler,
    renew_process_lease,
    take_process_lease,
    take_slot,
)
from tests.run_factories import NOON

LATER = NOON + timedelta(seconds=PROCESS_LEASE_SECONDS + 1)


def in_beijing(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def take(engine, holder, *, at=NOON, is_gone=lambda _holder: False):
    with write_session(engine) as session:
        take_process_lease(session, holder=holder, at=at, is_gone=is_gone)


def renew(engine, holder, at):
    with write_session(engine) as session:
        return renew_process_lease(session, holder=holder, at=at)


def scheduler_of(engine, at=NOON):
    with read_session(engine) as session:
        return read_scheduler(session, at=at)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (in_beijing(22, 1, 59), in_beijing(21, 2)),
        (in_beijing(22, 2), in_beijing(22, 2)),
        (in_beijing(22, 23, 59), in_beijing(22, 2)),
    ],
)
def test_the_nightly_job_is_due_at_two_in_beijing(now, due):
    assert latest_slot(NIGHTLY, now) == due
    assert latest_slot(NIGHTLY, now.astimezone(UTC)).tzinfo is UTC


def test_after_a_week_of_downtime_one_slot_is_missing_and_not_seven(engine):
    holder = "me"
    first, back = in_beijing(1, 3), in_beijing(8, 9)
    with write_session(engine) as session:
        take_slot(session, NIGHTLY, latest_slot(NIGHTLY, first), holder=holder, at=first, run_ids=[])
    with write_session(engine) as session:
        due = latest_slot(NIGHTLY, back)
        assert not is_taken(session, NIGHTLY, due)
        take_slot(session, NIGHTLY, due, holder=holder, at=back, run_ids=[4])
        assert is_taken(session, NIGHTLY, latest_slot(NIGHTLY, back))
    with read_session(engine) as session:
        assert [(slot.slot_at, slot.run_ids) for slot in list_slots(session)] == [
            (in_beijing(8, 2), (4,)),
            (in_beijing(1, 2), ()),
        ]


def test_slots_of_different_jobs_at_one_moment_are_two(engine):
    other = DailyJob("weekly", time(2, 0))
    with write_session(engine) as session:
        take_slot(session, NIGHTLY, NOON, holder="me", at=NOON, run_ids=[])
        assert not is_taken(session, other, NOON)


def test_one_process_is_the_scheduler_and_a_second_is_told_which(engine):
    take(engine, "machine:1:aa")
    with pytest.raises(SchedulerRunningError, match="machine:1:aa"):
        take(engine, "machine:2:bb")
    assert scheduler_of(engine) == "machine:1:aa"


def test_a_lease_that_is_not_renewed_passes_on_and_the_old_holder_learns_it(engine):
    take(engine, "old")
    assert scheduler_of(engine, LATER) is None
    take(engine, "new", at=LATER)
    assert not renew(engine, "old", LATER)
    assert renew(engine, "new", LATER)
    assert scheduler_of(engine, LATER) == "new"


def test_a_renewed_lease_lasts(engine):
    take(engine, "me")
    assert renew(engine, "me", NOON + timedelta(seconds=10))
    with pytest.raises(SchedulerRunningError):
        take(engine, "other", at=NOON + timedelta(seconds=PROCESS_LEASE_SECONDS + 5))


def test_a_holder_that_is_known_to_have_ended_is_not_waited_for(engine):
    take(engine, "crashed")
    take(engine, "next", is_gone=lambda holder: holder == "crashed")
    assert scheduler_of(engine) == "next"


def test_a_lease_given_back_is_free_at_once_and_only_the_holder_gives_it_back(engine):
    take(engine, "me")
    with write_session(engine) as session:
        give_process_lease_back(session, holder="somebody else")
    assert scheduler_of(engine) == "me"
    with write_session(engine) as session:
        give_process_lease_back(session, holder="me")
    take(engine, "next")
