"""Rows that are read without a parser are the rows that the parser would read, whatever the bytes."""

import random
from xml.parsers.expat import ExpatError

from hypothesis import given
from hypothesis import strategies as st

from ingest.collecting import Budget
from ingest.errors import UploadRefusedError
from ingest.formats import EPOCH_1900
from ingest.model import LIMITS
from ingest.parts import Directory, new_parser
from ingest.quick_rows import QuickRows
from ingest.sheets import RowBlock, SheetReader, SheetRow, SheetStream
from tests.ingest.raw_books import DECLARATION, formula, row, stored

STRINGS = ["东京电子", "光刻胶", "00123", ""]
FORMATS = ["", "%", "date", "周"]
CELLS = st.sampled_from(
    [
        None,
        "甲",
        "A & B",
        'x2"',
        "",
        "_x0007_",
        stored("0.3"),
        stored("0.12", style=1),
        stored("45356", style=2),
        stored("4", style=3),
        stored("1", "s"),
        stored("2", "s", 12),
        stored("1", "b"),
        stored("#N/A", "e"),
        stored("12345678901234567"),
        stored("1E5"),
        formula("A1+1", "3"),
        formula("A1"),
        formula('IF(A2="2",1)', "x", "str"),
        '<c r="@"/>',
        '<c r="@" s="2"></c>',
        '<c r="@" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>',
        '<c r="@" t="inlineStr"><is><t><![CDATA[甲]]></t></is></c>',
        '<c s="1" r="@"><v>5</v></c>',
        "<!-- -->",
    ]
)


def read(data: bytes, *, width: int, size: int = 10**9):
    """Read a sheet's XML in pieces; with a width regular rows go past the parser."""
    directory = Directory((), STRINGS, FORMATS, EPOCH_1900)
    reader = SheetReader(None, "", directory, Budget(LIMITS, len(data)))  # type: ignore[arg-type]
    parser = new_parser()
    reader.parser = parser
    parser.StartElementHandler, parser.EndElementHandler = reader._start, reader._end
    parser.CharacterDataHandler = reader._text
    stream = SheetStream(reader, parser)
    reader.quick_width = width
    try:
        for start in range(0, len(data), size):
            stream.Parse(data[start : start + size], False)
        stream.Parse(b"", True)
    except (UploadRefusedError, ExpatError, LookupError):
        # `feed` turns what expat raises into the same refusal.
        return None
    rows: list[tuple[int, dict[int, str], list[int]]] = []
    for each in reader.ready:
        if isinstance(each, RowBlock):
            found = zip(each.numbers, each.records, strict=True)
            rows += [
                (number, {i: text for i, text in enumerate(texts) if text is not None}, [])
                for number, texts in found
            ]
        else:
            assert isinstance(each, SheetRow)
            rows.append((each.number, each.texts, each.formulas))
    return [each for each in rows if each[1]]


def sheet(rows) -> bytes:
    written = "".join(row(number, *cells) for number, cells in enumerate(rows, start=1))
    return f"{DECLARATION}<worksheet><sheetData>{written}</sheetData></worksheet>".encode()


@given(st.lists(st.lists(CELLS, max_size=6), max_size=20), st.integers(1, 7), st.integers(1, 400))
def test_every_sheet_reads_the_same_with_and_without_the_parser(rows, width, size):
    data = sheet(rows)
    assert read(data, width=width, size=size) == read(data, width=0)


@given(st.integers(0, 10**9))
def test_every_damaged_sheet_reads_the_same_with_and_without_the_parser(seed):
    chance = random.Random(seed)
    rows = [
        [chance.choice(["甲", "乙", stored("0.5"), stored("1", "s"), stored("7", style=1)]) for _ in range(4)]
        for _ in range(30)
    ]
    data = bytearray(sheet(rows))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[at : at + chance.randint(1, 30)]
        elif kind == 2:
            data[at:at] = chance.choice(
                [
                    b"<!--",
                    b"-->",
                    b"<![CDATA[",
                    b"]]>",
                    b"&amp;",
                    b"<",
                    b'"',
                    b"</row>",
                    b'<row r="9">',
                    b"\xff",
                    b"\x00",
                ]
            )
        else:
            other = chance.randrange(len(data))
            data[at:at] = data[other : other + chance.randint(1, 60)]
    assert read(bytes(data), width=4, size=chance.choice([50, 500, 10**6])) == read(bytes(data), width=0)


def test_regular_rows_are_taken():
    quick = QuickRows(lambda kind, style, value: f"{kind}{style}{value}")
    assert quick.read(
        b'<row r="12" spans="1:3"><c r="A12"><v>5</v></c><c r="C12" s="2" t="s"><v>0</v></c>'
    ) == (12, [(0, "n05"), (2, "s20")])
    assert quick.read(b'<row r="12"><c r="A13"><v>5</v></c>') is None
    assert quick.read(b'<row r="2"><c r="A2" s="12"><v>5</v></c>') is None
