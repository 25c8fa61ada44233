"""What is remembered of lists: columns by sender and form, names by who placed them; all of it reversible."""

import pytest

from chains.errors import UnknownKeyError
from desk.import_mapping import forget_mapping, list_mappings, sketch_list
from desk.import_memory import forget_name, list_names
from desk.imports import Answers, bring_in, check_list, import_list
from ingest.choice import AUTOMATIC, Choice
from ingest.unasked import decide_unasked

STRANGE = "厂家,东西,多少\nTokyo Resist,KrF光刻胶,70%\n苏州胶业,KrF光刻胶,30%\n"
NAMED = Choice(columns=(("supplier", "厂家"), ("item", "东西"), ("share", "多少")))
WANG = Answers({}, (), "王工", "专班")


def check(settings, text=STRANGE, buyer="Wuxi Fab", choice=AUTOMATIC):
    return check_list(
        settings, "textbook", content=text.encode(), name="list.csv", buyer=buyer, choice=choice
    )


def test_columns_named_for_a_sender_count_for_its_next_list_with_a_notice(example):
    settings = example("textbook")
    assert check(settings).result.code == "no-header"
    import_list(settings, check(settings, choice=NAMED), WANG)
    later = check(settings, STRANGE.replace("多少", "多少,备注").replace("30%", "25%,好"))
    assert later.result.good_count == 2
    assert "王工" in later.result.warnings[0].sentence()
    assert later.recalled is not None


def test_they_count_for_the_same_form_of_anybody_but_not_for_other_headers(example):
    settings = example("textbook")
    import_list(settings, check(settings, choice=NAMED), WANG)
    assert check(settings, STRANGE + "\n", buyer=None).result.good_count == 2
    other = STRANGE.replace("多少", "多少,备注").replace("70%", "70%,")
    assert check(settings, other, buyer=None).result.code == "no-header"


def test_what_a_person_says_now_stands_above_what_is_remembered(example):
    settings = example("textbook")
    import_list(settings, check(settings, choice=NAMED), WANG)
    now = check(settings, STRANGE + "\n", choice=Choice(columns=NAMED.columns[:2]))
    assert now.recalled is None
    assert "share" not in now.result.table.values


def test_forgotten_columns_count_no_more_and_leave_a_trace(example):
    settings = example("textbook")
    import_list(settings, check(settings, choice=NAMED), WANG)
    (mapping,) = list_mappings(settings)
    forget_mapping(settings, mapping.mapping_id, by="李工")
    assert check(settings, STRANGE + "\n").result.code == "no-header"
    (ended,) = list_mappings(settings, ended=True)
    assert (ended.officer, ended.ended_by) == ("王工", "李工")
    with pytest.raises(UnknownKeyError):
        forget_mapping(settings, mapping.mapping_id, by="李工")


def test_a_sketch_of_what_cannot_be_decoded_says_why(example):
    settings = example("textbook")
    sketch = sketch_list(
        settings, "textbook", content="厂家\n".encode("gbk"), name="a.csv", choice=Choice(encoding="utf-8")
    )
    assert sketch.table is None
    assert "utf-8" in (sketch.say_refusal("zh") or "")


NEAR = "供应商,产品,采购占比\n江苏苏州胶业有限公司,KrF光刻胶,30%\n"


def test_a_near_name_is_placed_shown_as_such_and_remembered(example):
    settings = example("textbook")
    checked = check(settings, NEAR)
    (question,) = checked.questions
    assert (question.taken, question.score) == ("C1", 96)
    assert "按相近自动对上" in checked.result.warnings[-1].sentence()
    done = bring_in(settings, checked, WANG, partial=False)
    assert done.upload.committed == 1
    (name,) = list_names(settings)
    assert (name.name, name.target_id, name.officer) == ("江苏苏州胶业有限公司", "C1", "王工")
    assert check(settings, NEAR + "\n").questions == ()


def test_without_a_decision_a_near_name_waits(example):
    settings = example("textbook")
    done = import_list(settings, check(settings, NEAR), WANG)
    assert (done.upload.committed, done.upload.waiting) == (0, 1)


def test_a_near_name_can_be_said_to_be_another_firm(example):
    settings = example("textbook")
    checked = check(settings, NEAR)
    done = import_list(settings, checked, Answers({checked.questions[0].key: "new"}, (), "王工", "专班"))
    assert done.plan is not None
    assert [firm.name_en for firm in done.plan.suppliers] == ["江苏苏州胶业有限公司"]


def test_a_name_that_was_taken_back_is_asked_about_until_it_is_placed_again(example):
    settings = example("textbook")
    checked = check(settings, NEAR)
    import_list(settings, checked, Answers(decide_unasked(checked.questions), (), "王工", "专班"))
    (name,) = list_names(settings)
    assert forget_name(settings, name.decision_id, by="李工").held_by == "李工"
    assert list_names(settings) == ()
    again = check(settings, NEAR + "\n")
    (question,) = again.questions
    assert (question.taken, question.suggestions) == (None, ("C1",))
    import_list(settings, again, Answers({question.key: "C1"}, (), "赵工", "专班"))
    (name,) = list_names(settings)
    assert name.officer == "赵工"
    assert check(settings, NEAR + "\n\n").questions == ()
    with pytest.raises(UnknownKeyError):
        forget_name(settings, 999, by="李工")


def test_a_near_name_makes_no_row_a_repeat_of_another(example):
    settings = example("textbook")
    text = "供应商,产品,采购占比\n苏州胶业,KrF光刻胶,40%\n江苏苏州胶业有限公司,KrF光刻胶,30%\n"
    checked = check(settings, text)
    assert (checked.result.good_count, checked.result.bad_count) == (2, 0)
