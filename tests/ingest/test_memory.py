"""Names and columns that are remembered, on both databases: who said so, taken back, said anew."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chains.db import read_session, write_session
from chains.errors import UnknownKeyError
from ingest.choice import Choice
from ingest.mapping import forget_mapping, read_mappings, remember_mapping
from ingest.memory import forget_name, list_names
from ingest.repository import read_codes, read_decisions
from ingest.resolution import ASK
from tests.ingest.test_commit import LATER, NOON, bring, listed, stored  # noqa: F401

CODE = "91110000600037341L"
NAMED = {"supplier:甲胶业": "A"}


@pytest.fixture
def taught(stored):  # noqa: F811
    row = replace(listed(2, "甲胶业", uscc=CODE), supplier_id="A")
    bring(stored, row, origin=LATER, decisions=NAMED)
    return stored


def test_a_name_and_a_code_are_remembered_with_who_and_when(taught):
    with read_session(taught) as session:
        code, name = sorted(list_names(session), key=lambda each: each.kind)
    assert (code.key, code.target_id) == (CODE, "A")
    assert (name.name, name.target_id, name.officer, name.decided_at) == ("甲胶业", "A", "李工", NOON)


def test_what_is_taken_back_is_asked_again_and_the_trace_stays(taught):
    later = NOON + timedelta(hours=1)
    with write_session(taught) as session:
        for name in list_names(session):
            forget_name(session, name.decision_id, by="赵工", at=later)
    with read_session(taught) as session:
        assert read_decisions(session) == {"supplier:甲胶业": ASK}
        assert read_codes(session) == {}
        assert list_names(session) == ()
        assert {(name.held_by, name.held_at) for name in list_names(session, ended=True)} == {("赵工", later)}
        with pytest.raises(UnknownKeyError):
            forget_name(session, 1, by="赵工", at=later)


def test_a_mapping_said_anew_replaces_the_one_of_the_same_sender_and_form(taught):
    def say(header, at):
        remember_mapping(
            session, 1, Choice("gb18030", ";", None, (("supplier", header),)), headers=["厂家", "东西"],
            sender="某某集团", officer="王工", at=at,
        )  # fmt: skip

    with write_session(taught) as session:
        say("东西", NOON)
        say("厂家", NOON + timedelta(hours=1))
    with read_session(taught) as session:
        (mapping,) = read_mappings(session)
        assert mapping.choice == Choice("gb18030", ";", None, (("supplier", "厂家"),))
        assert len(read_mappings(session, ended=True)) == 2
    with write_session(taught) as session:
        forget_mapping(session, mapping.mapping_id, by="赵工", at=NOON + timedelta(hours=2))
    with read_session(taught) as session:
        assert read_mappings(session) == ()
