"""From good rows to stored facts: what replaces what, what waits, what is remembered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chains.catalog import read_regions
from chains.db import read_session, write_session
from chains.model import Relation
from chains.repository import load_folders, load_records, load_uploaded, store_folder
from chains.tables import PurchaseRow, SupplyRow
from chains.union import join_all
from ingest.commit import UploadStateError, commit, commit_waiting, hold
from ingest.market import ListOrigin
from ingest.pipeline import NEW
from ingest.placed_rows import ListRow
from ingest.preview import plan_import
from ingest.repository import list_uploads, read_codes, read_decisions, read_rows
from ingest.storing import NewUpload, remove_file
from ingest.tables import RowState, UploadState
from tests.factories import CHAIN, firm, folder, item, link, purchase, supply

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REGIONS = read_regions(Path(__file__).parents[2] / "data")
ORIGIN = ListOrigin("a" * 64, "三月名录.csv", "王工", "专班", date(2026, 11, 22))
LATER = ListOrigin("b" * 64, "四月名录.csv", "李工", "专班", date(2026, 12, 22))


def chain(*, purchases=(), supplies=()):
    return folder(
        items=[item("GLUE"), item("GAS"), item("END", weight=1.0)],
        links=[link("GLUE", "END", Relation.INPUT_OF), link("GAS", "END", Relation.INPUT_OF)],
        suppliers=[firm("A", "JPN"), firm("B", "CHN", province="江苏", city="苏州"), firm("FAB", "CHN")],
        supplies=[supply("A", "GLUE", 0.6, year=2025), supply("FAB", "END", 0.5, year=2025), *supplies],
        purchases=purchases,
    )


def listed(number, supplier, item_id="GLUE", *, buyer=None, **cells):
    """Make a row whose names are placed where they are ids of the chain."""
    named = {"supplier": supplier, "item": item_id} | ({"buyer": buyer} if buyer else {})
    known = supplier if supplier in {"A", "B", "FAB"} else None
    return ListRow(number, named | cells, {}, known, item_id or None, buyer)


def planned(session, rows, *, origin=ORIGIN, decisions=None, closed=()):
    facts = join_all(load_folders(session), uploaded=load_uploaded(session))
    return plan_import(rows, facts, origin=origin, decisions=decisions or {}, regions=REGIONS, closed=closed)


def upload_of(origin):
    return NewUpload(
        CHAIN, origin.name, origin.digest, 10, None, origin.makes, {}, origin.officer, origin.unit
    )


def bring(engine, *rows, origin=ORIGIN, decisions=None, at=NOON, bad=()):
    with write_session(engine) as session:
        plan = planned(session, rows, origin=origin, decisions=decisions)
        commit(session, upload_of(origin), plan, bad=bad, decisions=decisions or {}, at=at)
    return plan


@pytest.fixture
def stored(engine):
    with write_session(engine) as session:
        store_folder(session, chain(), digest="d", origin="shipped", at=NOON - timedelta(days=1))
    return engine


def records(engine):
    with read_session(engine) as session:
        return load_records(session, CHAIN)


def list_of(engine, item_id="GLUE"):
    return {p.supplier_id: p.share for p in records(engine).purchases if p.item_id == item_id}


def test_a_list_with_a_buyer_becomes_its_purchases_with_upload_and_row(stored):
    bring(stored, listed(4, "A", buyer="FAB", share=0.7, stock_days=20.0, qualified="in_progress"))
    (row,) = records(stored).purchases
    assert (row.buyer_id, row.supplier_id, row.share, row.stock_days) == ("FAB", "A", 0.7, 20.0)
    assert row.qualified is False
    assert (row.place.file, row.place.row) == ("三月名录.csv", 4)
    with read_session(stored) as session:
        assert session.scalars(select(PurchaseRow.upload_id)).all() == [1]
        (upload,) = list_uploads(session, since=NOON - timedelta(1), until=NOON)
        assert (upload.officer, upload.unit, upload.committed) == ("王工", "专班", 1)


def test_a_later_list_replaces_the_items_it_names_and_leaves_the_others(stored):
    bring(
        stored,
        listed(2, "A", buyer="FAB", share=0.7),
        listed(3, "B", buyer="FAB", share=0.3),
        listed(4, "B", "GAS", buyer="FAB", share=1.0),
    )
    plan = bring(stored, listed(2, "A", buyer="FAB", share=1.0), origin=LATER, at=NOON + timedelta(days=1))
    assert [(c.item_id, c.before, c.after) for c in plan.replaced] == [("GLUE", 2, 1)]
    assert [(c.item_id, c.before) for c in plan.untouched] == [("GAS", 1)]
    assert list_of(stored) == {"A": 1.0}
    assert list_of(stored, "GAS") == {"B": 1.0}
    with read_session(stored) as session:
        assert session.scalar(select(func.count()).select_from(PurchaseRow)) == 4


def test_an_uploaded_list_stands_instead_of_a_folders_which_stays_in_the_store(engine):
    with write_session(engine) as session:
        store_folder(
            session, chain(purchases=[purchase("FAB", "GLUE", "B", 1.0)]), digest="d", origin="x", at=NOON
        )
    bring(engine, listed(2, "A", buyer="FAB", share=1.0))
    assert list_of(engine) == {"A": 1.0}
    with read_session(engine) as session:
        (found,) = load_folders(session)
        assert [p.supplier_id for p in found.purchases] == ["B"]


def test_a_market_share_counts_beside_the_shipped_row_and_the_conflict_is_told(stored):
    plan = bring(stored, listed(2, "A", share=0.4))
    (conflict,) = plan.conflicts
    assert (conflict.stated.share, conflict.uploaded.share, conflict.uploaded_counts) == (0.6, 0.4, True)
    rows = {(s.supplier_id, s.year): s.share for s in records(stored).supplies if s.item_id == "GLUE"}
    assert rows == {("A", 2025): 0.6, ("A", 2026): 0.4}


def test_a_blank_share_does_not_hide_a_known_one(stored):
    bring(stored, listed(2, "A", spare=0.25))
    (row,) = [s for s in records(stored).supplies if s.item_id == "GLUE"]
    assert (row.share, row.year, row.spare) == (0.6, 2025, 0.25)
    assert bring(stored, listed(2, "A"), origin=LATER).supplies == ()


def test_a_buyer_of_whom_nothing_is_known_moves_no_score_until_someone_says_what_it_makes(stored):
    row = replace(listed(2, "A"), cells={"supplier": "A", "item": "GLUE", "buyer": "新厂", "share": 1.0})
    decisions = {"supplier:新厂": NEW}
    with read_session(stored) as session:
        idle = planned(session, [row], decisions=decisions)
        told = planned(session, [row], decisions=decisions, origin=replace(ORIGIN, makes=("END",)))
    assert len(idle.idle_buyers) == 1
    assert told.idle_buyers == ()
    assert [(s.item_id, s.share) for s in told.supplies] == [("END", None)]
    bring(stored, row, decisions=decisions)
    assert records(stored).purchases == ()


def test_a_new_supplier_gets_its_place_from_the_row_and_its_name_is_remembered(stored):
    row = listed(7, "新料公司", country="CHN", province="江苏省", city="苏州市", uscc="91110000600037341L")
    plan = bring(stored, row, decisions={"supplier:新料公司": NEW})
    (made,) = plan.suppliers
    assert (made.supplier_id, made.country, made.province, made.city) == (
        "u-aaaaaaaa-7",
        "CHN",
        "江苏",
        "苏州",
    )
    with read_session(stored) as session:
        assert read_decisions(session) == {"supplier:新料公司": "u-aaaaaaaa-7"}
        assert read_codes(session) == {"91110000600037341L": "u-aaaaaaaa-7"}


def test_rows_whose_names_nobody_placed_wait_and_the_list_is_not_taken_for_complete(stored):
    plan = bring(stored, listed(2, "A", buyer="FAB", share=0.5), listed(3, "谁", buyer="FAB"))
    assert dict(plan.waiting) == {3: "undecided"}
    assert [p.list_complete for p in plan.purchases] == [False]
    with read_session(stored) as session:
        assert [row.row for row in read_rows(session, 1, state=RowState.WAITING)] == [3]


def test_two_names_decided_to_be_one_firm_count_once(stored):
    twin = replace(listed(3, "甲", buyer="FAB", share=0.2), supplier_id="A")
    plan = bring(stored, listed(2, "A", buyer="FAB", share=0.5), twin)
    assert dict(plan.waiting) == {3: "repeated"}


def test_waiting_rows_join_their_list_once_they_are_placed(stored):
    bring(stored, listed(2, "A", buyer="FAB", share=0.5), listed(3, "谁", buyer="FAB", share=0.5))
    with write_session(stored) as session:
        rows = [row if row.supplier_id else replace(row, supplier_id="B") for row in read_rows(session, 1)]
        plan = planned(session, rows)
        done = commit_waiting(session, 1, plan, decisions={"supplier:谁": "B"}, officer="李工", at=NOON)
    assert (done.upload.committed, done.upload.waiting) == (2, 0)
    assert list_of(stored) == {"A": 0.5, "B": 0.5}


def test_waiting_rows_of_a_list_that_a_later_upload_replaced_stay_out(stored):
    with read_session(stored) as session:
        plan = planned(session, [listed(2, "A", buyer="FAB")], closed={("FAB", "GLUE")})
    assert dict(plan.waiting) == {2: "outdated"}


def test_the_same_file_counts_once_and_a_second_try_says_when_and_by_whom(stored):
    bring(stored, listed(2, "A", buyer="FAB"))
    with pytest.raises(UploadStateError, match=r"王工.*专班.*2026-11-22 20:00.*#1"):
        bring(stored, listed(2, "A", buyer="FAB"))


def test_a_list_that_only_waits_can_still_be_committed(stored):
    with write_session(stored) as session:
        upload = hold(session, upload_of(ORIGIN), [listed(2, "A", buyer="FAB")], bad=(), at=NOON)
    assert (upload.state, upload.waiting) == (UploadState.WAITING, 1)
    assert records(stored).purchases == ()
    bring(stored, listed(2, "A", buyer="FAB"))
    assert list_of(stored) == {"A": None}


def test_bad_rows_are_kept_with_their_reasons(stored):
    problem = {"row": 5, "field": "share", "value": "x", "code": "not-a-number", "reason": "", "more": []}
    bring(stored, listed(2, "A"), bad=[problem])
    with read_session(stored) as session:
        assert list_uploads(session)[0].bad == 1


def test_deleting_the_file_leaves_a_trace_and_the_rows(stored):
    bring(stored, listed(2, "A", share=0.4))
    with write_session(stored) as session:
        upload, alone = remove_file(session, 1, by="李工", at=NOON)
    assert (upload.file_removed_by, upload.file_removed_at, alone) == ("李工", NOON, True)
    with read_session(stored) as session:
        assert session.scalar(select(func.count()).where(SupplyRow.upload_id == 1)) == 1


def test_loading_the_folder_again_leaves_uploaded_rows_alone(stored):
    bring(stored, listed(2, "A", buyer="FAB", share=0.7))
    with write_session(stored) as session:
        store_folder(session, chain(supplies=[supply("B", "GLUE")]), digest="e", origin="x", at=NOON)
    assert list_of(stored) == {"A": 0.7}


def test_uploaded_rows_about_an_item_that_is_gone_are_left_out(stored):
    bring(stored, listed(2, "A", "GAS", buyer="FAB", share=0.7), listed(3, "A", "GAS", share=0.2))
    slim = folder(
        items=[item("GLUE"), item("END", weight=1.0)],
        links=[link("GLUE", "END")],
        suppliers=[firm("A", "JPN"), firm("FAB")],
        supplies=[supply("A", "GLUE", 0.6)],
    )
    with write_session(stored) as session:
        store_folder(session, slim, digest="e", origin="x", at=NOON)
    found = records(stored)
    assert found.purchases == ()
    assert [s.item_id for s in found.supplies] == ["GLUE"]
