"""Whatever was imported, placed and undone: what is left is what the other imports alone would have left."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from desk.import_review import commit_waiting, read_waiting
from desk.import_undo import undo_import
from desk.imports import Answers, bring_in, check_list
from desk.loading import import_chain, initialise
from desk.store import open_engine
from ingest.sandbox import Reader
from settings import Settings
from tests.desk.conftest import GOLDEN, make_home
from tests.desk.stored_state import counted_state

FULL = os.environ.get("LIANWEN_SOAK") != "reduced"
FIRMS = ("Tokyo Resist", "苏州胶业", "新料公司", "另一家新厂", "大阪某厂")
ITEMS = ("KrF光刻胶", "氖气", "没有的物料")
BUYERS = ("", "Wuxi Fab", "新晶圆厂")
CODES = ("", "91110000600037341L")
ANSWERS = ("new", "J2", "C1", None)

rows = st.tuples(
    st.sampled_from(FIRMS),
    st.sampled_from(ITEMS),
    st.sampled_from(BUYERS),
    st.sampled_from(("", "20%", "35%")),
    st.sampled_from(("", "10%")),
    st.sampled_from(CODES),
)
answers = st.dictionaries(st.sampled_from((*FIRMS, *BUYERS[1:])), st.sampled_from(ANSWERS), max_size=4)
imports = st.tuples(st.just("import"), st.lists(rows, min_size=1, max_size=4), answers)
settles = st.tuples(st.just("settle"), st.integers(0, 5), answers)
undos = st.tuples(st.just("undo"), st.integers(0, 5), st.none())
# A history takes a quarter of a second: shrinking one for minutes tells little more.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
histories = st.lists(st.one_of(imports, imports, settles, undos), min_size=2, max_size=8)


@pytest.fixture(scope="module")
def template():
    folder = Path(tempfile.mkdtemp(prefix="lw-undo-"))
    made = make_home(folder / "template")
    initialise(made, empty=True)
    import_chain(made, GOLDEN / "textbook")
    with Reader() as reader:
        yield made, reader
    shutil.rmtree(folder)


class Story:
    """A database that lives through imports, and remembers what a person answered."""

    def __init__(self, template, reader):
        self.home = Path(tempfile.mkdtemp(prefix="lw-story-"))
        shutil.copytree(template.home, self.home, dirs_exist_ok=True)
        self.settings, self.reader = Settings(home=self.home), reader

    def end(self):
        open_engine(self.settings.database_url).dispose()
        shutil.rmtree(self.home)

    def check(self, number, cells):
        lines = ["供应商,产品,采购方,占比,备用产能占比,信用代码", *(",".join(row) for row in cells)]
        content = ("\n".join(lines) + "\n" * (number + 1)).encode()
        return check_list(
            self.settings, "textbook", content=content, name=f"list{number}.csv", reader=self.reader
        )

    def bring(self, number, cells, said):
        """Import a list as the officer does who answers only what is asked; None for a refused file."""
        checked = self.check(number, cells)
        if checked.refused:
            return None
        asked = {question.key for question in checked.questions if question.kind == "supplier"}
        given_now = {key: target for key, target in said.items() if key in asked}
        done = bring_in(self.settings, checked, Answers(given_now, (), "王工", ""), partial=True)
        return done.upload.upload_id, given_now

    def settle(self, upload_id, said):
        waiting = read_waiting(self.settings, upload_id)
        asked = {question.key for question in waiting.questions if question.kind == "supplier"}
        given_now = {key: target for key, target in said.items() if key in asked}
        commit_waiting(self.settings, waiting, Answers(given_now, (), "赵工", ""))
        return given_now


def keyed(said):
    return {f"supplier:{name}".casefold(): target for name, target in said.items() if target is not None}


def live(story, history):
    """Go through a history; return what is left of it, with the answers that were given."""
    left, ids = [], {}
    for number, (kind, what, said) in enumerate(history):
        if kind == "import":
            done = story.bring(number, what, keyed(said))
            if done is not None:
                ids[number] = done[0]
                left.append(("import", number, what, done[1]))
        elif ids:
            chosen = list(ids)[what % len(ids)]
            if kind == "settle":
                left.append(("settle", chosen, None, story.settle(ids[chosen], keyed(said))))
            else:
                undo_import(story.settings, ids.pop(chosen), by="李工")
                left = [each for each in left if each[1] != chosen]
    return left


def relive(story, left):
    ids = {}
    for kind, number, what, said in left:
        if kind == "import":
            ids[number], _ = story.bring(number, what, said)
        else:
            story.settle(ids[number], said)


def hold(template, history):
    (first, reader), stories = template, []
    try:
        stories.append(Story(first, reader))
        left = live(stories[0], history)
        stories.append(Story(first, reader))
        relive(stories[1], left)
        assert counted_state(stories[0].settings) == counted_state(stories[1].settings)
    finally:
        for story in stories:
            story.end()


@given(history=histories)
@settings(max_examples=8, phases=PHASES)
def test_what_is_left_after_undos_is_what_the_other_imports_alone_leave(template, history):
    hold(template, history)


@pytest.mark.soak
@given(history=histories)
@settings(max_examples=400 if FULL else 40, phases=PHASES)
def test_the_same_holds_for_many_histories(template, history):
    hold(template, history)
