"""Undoing an import leaves what would be there without it, and says first who built on it."""

import shutil
from datetime import UTC, datetime

import pytest

from chains.model import Perspective
from chains.withdrawal import withdraw_uploaded
from desk.computing import recompute_chains
from desk.import_facts import read_standing
from desk.import_review import commit_waiting, read_waiting
from desk.import_undo import preview_undo, undo_import
from desk.imports import Answers, StalePreviewError, bring_in, check_list, import_list
from desk.store import reading, writing
from ingest.commit import UploadStateError
from ingest.repository import read_upload
from ingest.tables import UploadState
from settings import Settings
from tests.desk.stored_state import counted_state

WORLD = (Perspective.WORLD,)

BUYER = "供应商,产品,采购占比,采购方\n"
MARKET = "供应商,产品,份额,备用产能占比\n"


def bring(settings, text, answers=None, name="list.csv"):
    checked = check_list(settings, "textbook", content=text.encode(), name=name)
    decisions = {f"supplier:{key}": target for key, target in (answers or {}).items()}
    return bring_in(settings, checked, Answers(decisions, (), "王工", "专班"), partial=True)


def twin_of(settings, tmp_path):
    """Copy the database, for the world in which one import never happened."""
    home = tmp_path / "twin"
    shutil.copytree(settings.home, home)
    return Settings(home=home)


A = BUYER + "Tokyo Resist,KrF光刻胶,70%,Wuxi Fab\nOsaka Resist,KrF光刻胶,30%,Wuxi Fab\n"
B = BUYER + "Osaka Resist,KrF光刻胶,100%,Wuxi Fab\n"
C = MARKET + "Osaka Resist,KrF光刻胶,20%,10%\n"


def test_undoing_the_second_of_three_equals_the_first_and_the_third(example, tmp_path):
    settings = example("textbook")
    twin = twin_of(settings, tmp_path)
    for text in (A, B, C):
        bring(settings, text)
    for text in (A, C):
        bring(twin, text)
    assert counted_state(settings) != counted_state(twin)
    done = undo_import(settings, 2, by="李工")
    assert counted_state(settings) == counted_state(twin)
    assert (done.upload.undone_by, done.upload.committed) == ("李工", 1)
    assert done.run_ids
    assert done.preview.restored == {"purchases": 2}


def test_a_share_that_a_later_list_took_over_is_read_anew(example, tmp_path):
    settings = example("textbook")
    twin = twin_of(settings, tmp_path)
    spare_only = MARKET + "Osaka Resist,KrF光刻胶,,40%\n"
    bring(settings, C)
    bring(settings, spare_only)
    bring(twin, spare_only)
    (later,) = preview_undo(settings, 1).later
    assert (later.upload.upload_id, later.shared) == (2, 1)
    undo_import(settings, 1, by="李工")
    assert counted_state(settings) == counted_state(twin)


def test_rows_that_only_the_undone_list_had_placed_wait_again_and_are_listed_first(example, tmp_path):
    settings = example("textbook")
    twin = twin_of(settings, tmp_path)
    bring(settings, MARKET + "新料公司,KrF光刻胶,5%,\n", {"新料公司": "new"})
    later = BUYER + "新料公司,KrF光刻胶,60%,Wuxi Fab\nTokyo Resist,KrF光刻胶,40%,Wuxi Fab\n"
    assert bring(settings, later).upload.waiting == 0
    assert bring(twin, later).upload.waiting == 1
    (told,) = preview_undo(settings, 1).later
    assert told.waits_again == 1
    undo_import(settings, 1, by="李工")
    assert counted_state(settings) == counted_state(twin)


def test_a_name_placed_by_an_undone_list_is_forgotten(example, tmp_path):
    settings = example("textbook")
    twin = twin_of(settings, tmp_path)
    bring(settings, MARKET + "大阪某厂,KrF光刻胶,5%,\n", {"大阪某厂": "C1"})
    later = BUYER + "大阪某厂,KrF光刻胶,100%,Wuxi Fab\n"
    assert bring(settings, later).upload.committed == 1
    assert bring(twin, later).upload.state is UploadState.WAITING
    undo_import(settings, 1, by="李工")
    assert counted_state(settings) == counted_state(twin)


def test_names_placed_by_hand_later_are_listed_before_the_undo(example):
    settings = example("textbook")
    before = counted_state(settings)
    first = bring(
        settings, BUYER + "谁也不认识的厂,KrF光刻胶,60%,Wuxi Fab\nTokyo Resist,KrF光刻胶,,Wuxi Fab\n"
    )
    waiting = read_waiting(settings, first.upload.upload_id)
    (question,) = waiting.questions
    commit_waiting(settings, waiting, Answers({question.key: "new"}, (), "赵工", "专班"))
    preview = preview_undo(settings, 1)
    assert [(each.officer, each.names) for each in preview.decisions] == [("赵工", 1)]
    undo_import(settings, 1, by="李工")
    assert counted_state(settings) == before


def test_the_same_file_can_be_imported_again_after_its_undo(example):
    settings = example("textbook")
    bring(settings, A)
    stated = counted_state(settings)
    with pytest.raises(UploadStateError):
        import_list(settings, check_list(settings, "textbook", content=A.encode(), name="x.csv"), Answers())
    undo_import(settings, 1, by="李工")
    bring(settings, A)
    assert counted_state(settings) == stated


def test_an_upload_is_undone_once(example):
    settings = example("textbook")
    bring(settings, A)
    undo_import(settings, 1, by="李工")
    with pytest.raises(UploadStateError, match="undone already"):
        undo_import(settings, 1, by="李工")
    with reading(settings) as session:
        assert read_upload(session, 1).committed == 2


def test_an_undo_is_refused_when_the_facts_moved_after_its_preview(example):
    settings = example("textbook")
    bring(settings, A)
    shown = preview_undo(settings, 1)
    bring(settings, B)
    with pytest.raises(StalePreviewError):
        undo_import(settings, 1, by="李工", expected=shown)
    with reading(settings) as session:
        assert read_upload(session, 1).undone_at is None


def test_what_somebody_took_out_by_other_means_stays_out_and_is_counted(example):
    settings = example("textbook")
    bring(settings, A)
    bring(settings, B)
    with writing(settings) as session:
        withdraw_uploaded(session, {"J2"}, at=datetime.now(UTC))
    preview = preview_undo(settings, 2)
    undo_import(settings, 2, by="李工")
    with reading(settings) as session:
        left = {row.supplier_id for row in read_standing(session).uploaded.purchases}
    assert preview.edited == 1
    assert left == {"J1"}


def test_the_run_after_an_undo_gives_the_scores_of_before(example):
    settings = example("textbook")
    (first,) = recompute_chains(settings, perspectives=WORLD)
    bring(settings, A)
    undo_import(settings, 1, by="李工")
    (last,) = recompute_chains(settings, perspectives=WORLD)
    assert last.data_version == first.data_version
