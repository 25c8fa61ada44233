"""Names that nobody placed wait, and count once somebody has; conflicts and the kept file."""

import pytest

from desk.import_effect import preview_effect
from desk.import_facts import list_conflicts
from desk.import_files import kept_path, list_uploads, remove_kept_file
from desk.import_review import commit_waiting, read_waiting
from desk.imports import Answers, StalePreviewError, bring_in, check_list, import_list, plan_list
from desk.reading import read_data_states
from risk.model import Level

HEAD = "供应商,产品,采购占比\n"
LIST = f"{HEAD}Tokyo Resist,KrF光刻胶,70%\n谁也不认识的厂,KrF光刻胶,30%\n".encode()


def check(settings, content=LIST, buyer="Wuxi Fab", name="list.csv"):
    return check_list(settings, "textbook", content=content, name=name, buyer=buyer)


def test_a_waiting_name_that_is_placed_later_joins_its_list_and_queues_a_run(example):
    settings = example("textbook")
    first = bring_in(settings, check(settings), Answers(), partial=True)
    assert (first.upload.committed, first.upload.waiting) == (1, 1)
    waiting = read_waiting(settings, first.upload.upload_id)
    (question,) = waiting.questions
    assert question.name == "谁也不认识的厂"
    done = commit_waiting(settings, waiting, Answers({question.key: "new"}, (), "王工", "专班"))
    assert (done.upload.committed, done.upload.waiting) == (2, 0)
    assert done.run_ids
    assert done.plan is not None
    assert [p.share for p in done.plan.purchases] == [0.7, 0.3]


def test_a_name_placed_once_is_known_in_the_next_list(example):
    settings = example("textbook")
    checked = check(settings)
    import_list(settings, checked, Answers({checked.questions[0].key: "C1"}, (), "王工", "专班"))
    assert check(settings, LIST + b"\n").questions == ()


def test_a_commit_is_refused_when_the_facts_moved_after_the_preview(example):
    settings = example("textbook")
    checked = check(settings)
    answers = Answers({checked.questions[0].key: "C1"}, (), "王工", "专班")
    plan, _ = plan_list(settings, checked, answers)
    other = check(settings, f"{HEAD}Osaka Resist,KrF光刻胶,100%\n".encode())
    import_list(settings, other, Answers())
    with pytest.raises(StalePreviewError):
        import_list(settings, checked, answers, expected=plan)
    assert len(list_uploads(settings)) == 1


def test_the_preview_of_effect_tells_what_the_run_will_say(example):
    settings = example("textbook")
    checked = check(settings, f"{HEAD}苏州胶业,KrF光刻胶,100%\n".encode())
    plan, standing = plan_list(settings, checked, Answers())
    fractions: list[float] = []
    effect = preview_effect(settings, "textbook", standing=standing, plan=plan, progress=fractions.append)
    moved = {(move.node.scope.value, move.node.key): move for move in effect.moves}
    assert moved["supplier", "C1"].level_after not in {None, Level.NONE}
    assert fractions[-1] == 1.0


def test_an_import_changes_the_data_version_that_pages_compare_with(example):
    settings = example("textbook")
    (before,) = read_data_states(settings)
    import_list(settings, check(settings), Answers())
    (after,) = read_data_states(settings)
    assert before.data_version != after.data_version
    assert after.loaded_at > before.loaded_at


def test_deleting_the_kept_file_leaves_the_upload(example):
    settings = example("textbook")
    upload = import_list(settings, check(settings), Answers()).upload
    assert kept_path(settings, upload.digest).exists()
    assert remove_kept_file(settings, upload.upload_id, by="李工").file_removed_by == "李工"
    assert not kept_path(settings, upload.digest).exists()
    assert list_uploads(settings)[0].committed == 1


def test_a_share_that_differs_from_the_folders_is_listed_for_the_node_page(example):
    settings = example("textbook")
    content = f"{HEAD}Tokyo Resist,KrF光刻胶,50%\n".encode()
    import_list(settings, check(settings, content, buyer=None), Answers())
    (conflict,) = list_conflicts(settings, "textbook")
    assert (conflict.stated.share, conflict.uploaded.share, conflict.uploaded_counts) == (0.6, 0.5, True)
