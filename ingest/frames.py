"""How a table travels between the reader process and us: length-prefixed JSON, one frame a column."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from typing import Any, BinaryIO, Final

from ingest.model import Mark, RawTable

LENGTH: Final = struct.Struct(">Q")
LONGEST_FRAME: Final = 1 << 31
PLAIN_FIELDS: Final = (
    "kind", "header", "header_row", "rows", "sheet", "hidden_sheets", "other_sheets", "encoding", "separator",
    "merged", "warnings",
)  # fmt: skip


def write_frame(stream: BinaryIO, payload: bytes) -> None:
    """Write one frame.

    Parameters
    ----------
    stream
        Binary stream.
    payload
        Content of the frame.
    """
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)


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
    """Write a table: a frame of facts, then one frame a column.

    Parameters
    ----------
    stream
        Binary stream.
    table
        What was read.
    """
    head = {name: getattr(table, name) for name in PLAIN_FIELDS}
    head["marks"] = [asdict(mark) for mark in table.marks]
    head["columns"] = len(table.columns)
    write_frame(stream, json.dumps({"table": head}).encode())
    for column in table.columns:
        write_frame(stream, json.dumps(column, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def decode_table(head: dict[str, Any], frames: list[bytes]) -> RawTable:
    """Build a table from its frames; each frame is let go as soon as it is read.

    Parameters
    ----------
    head
        The decoded first frame.
    frames
        One a column; emptied.

    Returns
    -------
    RawTable
        The table.
    """
    columns = []
    frames.reverse()
    while frames:
        columns.append(_shared(json.loads(frames.pop())))
    return RawTable(
        kind=head["kind"],
        header=tuple(head["header"]),
        header_row=head["header_row"],
        rows=head["rows"],
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


def _shared(column: list[str | None]) -> list[str | None]:
    """Keep one copy of each text of a column."""
    kept: dict[str, str] = {}
    return [kept.setdefault(cell, cell) if cell else None for cell in column]
