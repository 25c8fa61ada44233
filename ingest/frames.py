"""How a table travels between the reader process and us: length-prefixed frames of JSON and of codes."""

from __future__ import annotations

import json
import struct
from array import array
from dataclasses import astuple
from typing import Any, BinaryIO, Final

from ingest.coded import CODE_TYPE, CodedColumn, encode
from ingest.marks import Marks
from ingest.model import RawTable
from ingest.texts import Shelf, Texts, dump_texts, load_texts

LENGTH: Final = struct.Struct(">Q")
LONGEST_FRAME: Final = 1 << 31
NARROW_FROM_COLUMNS: Final = 64
BYTE_CODES: Final = 256
PLAIN_FIELDS: Final = (
    "kind", "header", "header_row", "sheet", "hidden_sheets", "other_sheets", "encoding", "separator",
    "merged", "warnings",
)  # fmt: skip


def write_frame(stream: BinaryIO, payload: bytes | array[int]) -> None:
    """Write one frame.

    Parameters
    ----------
    stream
        Binary stream.
    payload
        Content of the frame.
    """
    data = memoryview(payload).cast("B")
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)


def read_frame(stream: BinaryIO) -> bytes:
    """Read one frame.

    Parameters
    ----------
    stream
        Binary stream.

    Returns
    -------
    bytes
        Content of the frame.

    Raises
    ------
    EOFError
        When the stream ends first, or the length cannot be.
    """
    (length,) = LENGTH.unpack(_read_exactly(stream, LENGTH.size))
    if length > LONGEST_FRAME:
        raise EOFError
    return _read_exactly(stream, length)


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def write_table(stream: BinaryIO, table: RawTable) -> None:
    """Write a table: a frame of facts, those of row numbers, marks and codes, and the texts in blocks.

    Parameters
    ----------
    stream
        Binary stream.
    table
        What was read.
    """
    head = {name: getattr(table, name) for name in PLAIN_FIELDS}
    marks = table.marks if isinstance(table.marks, Marks) else Marks.of(table.marks)
    columns = [encode(cells) for cells in table.columns]
    texts = [marks.texts, *(column.texts for column in columns)]
    packed = [each if isinstance(each, Texts) else Texts(each) for each in texts]
    head["reasons"] = marks.reasons
    # Codes of a wide table travel in a byte where that holds them: both processes have them at once.
    narrow = len(columns) > NARROW_FROM_COLUMNS
    head["kinds"] = ["B" if narrow and len(each.texts) <= BYTE_CODES else CODE_TYPE for each in columns]
    head["blocks"] = [len(each.blocks) for each in packed]
    head["shelves"] = [astuple(each.shelf) for each in packed]
    head["frames"] = 4 + len(columns) + sum(2 + len(each.blocks) for each in packed)
    write_frame(stream, json.dumps({"table": head}).encode())
    for numbers in (array(CODE_TYPE, table.rows), marks.records, marks.columns, marks.codes):
        write_frame(stream, numbers)
    for column, kind in zip(columns, head["kinds"], strict=True):
        write_frame(stream, column.codes if kind == CODE_TYPE else array(kind, column.codes))
    for each in packed:
        for part in (dump_texts(each.first), *each.blocks, dump_texts(each.last)):
            write_frame(stream, part)


def decode_table(head: dict[str, Any], frames: list[bytes]) -> RawTable:
    """Build a table from its frames; each frame is let go as soon as it is read.

    Parameters
    ----------
    head
        The decoded first frame.
    frames
        Those that follow; emptied.

    Returns
    -------
    RawTable
        The table.
    """
    frames.reverse()
    rows, records, marked, reasons = (_codes(frames.pop()) for _ in range(4))
    codes = [_codes(frames.pop(), kind) for kind in head["kinds"]]
    shelves = (Shelf(*each) for each in head["shelves"])
    packed = zip(head["blocks"], shelves, strict=True)
    mark_texts, *texts = (_texts(frames, blocks, shelf) for blocks, shelf in packed)
    columns = [CodedColumn(each, numbers) for each, numbers in zip(texts, codes, strict=True)]
    return RawTable(
        kind=head["kind"],
        header=tuple(head["header"]),
        header_row=head["header_row"],
        rows=rows,
        columns=columns,
        marks=Marks(records, marked, reasons, head["reasons"], mark_texts),
        sheet=head["sheet"],
        hidden_sheets=tuple(head["hidden_sheets"]),
        other_sheets=tuple(head["other_sheets"]),
        encoding=head["encoding"],
        separator=head["separator"],
        merged=tuple(head["merged"]),
        warnings=tuple(head["warnings"]),
    )


def _texts(frames: list[bytes], blocks: int, shelf: Shelf) -> Texts:
    first = load_texts(frames.pop())
    return Texts(first, [frames.pop() for _ in range(blocks)], load_texts(frames.pop()), shelf=shelf)


def _codes(frame: bytes, kind: str = CODE_TYPE) -> array[int]:
    if kind != CODE_TYPE:
        return array(CODE_TYPE, memoryview(frame))
    codes: array[int] = array(CODE_TYPE)
    codes.frombytes(frame)
    return codes
