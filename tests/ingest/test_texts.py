"""Texts in blocks, numbers in eight bytes and marks in columns are the lists they stand for."""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import texts
from ingest.frames import decode_table, read_frame, write_table
from ingest.marks import Marks
from ingest.model import Mark, RawTable
from ingest.texts import Floats, Texts

CELLS = st.lists(st.one_of(st.none(), st.text(max_size=3), st.just("\ud83d")), max_size=30)
MARKS = st.lists(
    st.builds(Mark, st.integers(0, 9), st.integers(-1, 3), st.sampled_from(["a", "b"]), st.text(max_size=3))
)


@pytest.fixture(autouse=True, scope="module")
def small_blocks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts, "KEPT_AS_TEXT", 2)
        patch.setattr(texts, "BLOCK", 3)
        yield


@given(CELLS)
def test_texts_in_blocks_read_like_the_list(cells):
    kept = Texts()
    kept.extend(cells)
    assert list(kept) == cells == [kept[at] for at in range(len(cells))]
    assert kept[1:-1] == cells[1:-1]


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_numbers_read_like_the_list(numbers):
    kept = Floats()
    for number in numbers:
        kept.append(number)
    assert list(kept) == numbers
    assert list(kept.copy()) == numbers


@given(MARKS)
def test_marks_stand_in_the_order_of_their_records(marks):
    assert list(Marks.of(marks).by_record()) == sorted(marks, key=lambda mark: mark.record)


@given(st.lists(st.text("ab\ud83d", max_size=2), min_size=1, max_size=12), MARKS)
def test_a_table_comes_out_of_its_frames_as_it_went_in(cells, marks):
    header = ("甲",)
    table = RawTable("csv", header, 1, list(range(2, len(cells) + 2)), [cells], tuple(marks))
    stream = io.BytesIO()
    write_table(stream, table)
    stream.seek(0)
    head = json.loads(read_frame(stream))["table"]
    back = decode_table(head, [read_frame(stream) for _ in range(head["frames"])])
    assert list(back.rows) == table.rows
    assert list(back.columns[0]) == [cell or None for cell in cells]
    assert list(back.marks) == marks
    assert replace(back, rows=[], columns=[], marks=()) == replace(table, rows=[], columns=[], marks=())
