"""How a table travels between the reader process and us: length-prefixed frames of JSON and of codes."""

from __future__ import annotations

import json
import struct
from array import array
from dataclasses import asdict
from typing import Any, BinaryIO, Final

from ingest.coded import CODE_TYPE, CodedColumn, encode
from ingest.model import Mark, RawTable

LENGTH: Final = struct.Struct(">Q")
LONGEST_FRAME: Final = 1 << 31
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
    """Write a table: a frame of facts, one of row numbers, and two a column, its codes and its texts.

    Parameters
    ----------
    stream
        Binary stream.
    table
        What was read.
    """
    head = {name: getattr(table, name) for name in PLAIN_FIELDS}
    head["marks"] = [asdict(mark) for mark in table.marks]
    head["frames"] = 1 + 2 * len(table.columns)
    write_frame(stream, json.dumps({"table": head}).encode())
    write_frame(stream, array(CODE_TYPE, table.rows))
    for cells in table.columns:
        column = encode(cells)
        write_frame(stream, column.codes)
        write_frame(stream, json.dumps(column.texts, ensure_ascii=False).encode("utf-8", "backslashreplace"))


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
    rows = _codes(frames.pop()).tolist()
    columns = []
    while frames:
        codes = _codes(frames.pop())
        columns.append(CodedColumn(json.loads(frames.pop()), codes))
    return RawTable(
        kind=head["kind"],
        header=tuple(head["header"]),
        header_row=head["header_row"],
        rows=rows,
        columns=columns,
        marks=tuple(Mark(**mark) for mark in head["marks"]),
        sheet=head["sheet"],
        hidden_sheets=tuple(head["hidden_sheets"]),
        other_sheets=tuple(head["other_sheets"]),
        encoding=head["encoding"],
        separator=head["separator"],
        merged=tuple(head["merged"]),
        warnings=tuple(head["warnings"]),
    )


def _codes(frame: bytes) -> array[int]:
    codes: array[int] = array(CODE_TYPE)
    codes.frombytes(frame)
    return codes
