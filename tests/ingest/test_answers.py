"""The fast writing of good rows says the same as the plain one, and coded columns are the cells they code."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ingest.checking import check
from ingest.coded import Coder, encode

LIST = '''供应商,物料,份额,产能,备注,联系人
中芯国际,光刻胶,30%,1.2万,"一
""二""",王
SMIC,半导体硅片,20%,,,李
甲\\乙,光刻胶,5%,1e3,\u200b,
东京电子,光刻胶,x,,,
'''


def test_a_written_answer_is_the_answer_as_values(reader):
    result = check(LIST.encode(), "a.csv", reader=reader)
    pieces: list[bytes] = []
    result.write_json(pieces.append, "en")
    assert json.loads(b"".join(pieces)) == result.to_json("en")
    assert result.good_count == 3


def test_told_facts_stand_instead_of_those_of_the_check(reader):
    pieces: list[bytes] = []
    check(LIST.encode(), "a.csv", reader=reader).write_json(pieces.append, told={"message": "x", "upload": 1})
    answer = json.loads(b"".join(pieces))
    assert (answer["message"], answer["upload"], answer["counts"]["bad"]) == ("x", 1, 1)


@given(st.lists(st.one_of(st.none(), st.text(max_size=4))))
def test_a_coded_column_reads_like_the_list_it_codes(cells):
    column, plain = encode(cells), [cell or None for cell in cells]
    assert list(column) == plain
    assert [column[index] for index in range(len(column))] == plain
    assert column[1:3] == plain[1:3]


@given(st.lists(st.one_of(st.none(), st.text("ab", max_size=2)), max_size=40), st.integers(2, 6))
def test_a_column_that_stops_sharing_loses_no_text(cells, room):
    coder = Coder()
    coder.room = room
    coder.extend(cells)
    assert list(coder.column()) == [cell or None for cell in cells]
