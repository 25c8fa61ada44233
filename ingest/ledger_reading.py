"""Blocks of a ledger file as frames of text: CSV in pieces of a fixed size, Parquet in batches.

polars reads a CSV file lazily as a whole, but one stray quotation mark ends that, and rows could not be
counted then. So a file is cut into blocks at line ends; each block is read by polars on all cores, and only a
block with quotation marks that polars cannot place is split by the slower reader of Python.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from ingest.delimited import SEPARATORS
from ingest.encodings import find_encoding
from ingest.errors import UploadRefusedError
from ingest.ledger_columns import LedgerColumns, LedgerError, match_columns, refuse_header

if TYPE_CHECKING:
    from typing import BinaryIO

BLOCK_BYTES: Final = 32 << 20
BATCH_ROWS: Final = 500_000
HEADER_LINES: Final = 20
LONGEST_LINE: Final = 8 << 20
_MOST_LINES_A_RECORD: Final = 50
_SPARE: Final = ("extra", "extra_2")
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a file.

    Attributes
    ----------
    frame
        Columns of the roles (text, or as Parquet types them), ``row`` (1-based line, of Parquet the row)
        and ``broken`` (bool: cells beyond the header, or quotation marks that do not close).
    done
        Bytes of the file read so far, 0 for Parquet.
    """

    frame: pl.DataFrame
    done: int


def read_blocks(
    path: Path, *, named: Mapping[str, str] | None = None, block_bytes: int = BLOCK_BYTES
) -> tuple[LedgerColumns, str, Iterator[Block]]:
    """Open a ledger file.

    Parameters
    ----------
    path
        A ``.parquet`` file, or text with separators in UTF-8, GB18030 or UTF-16 with its mark.
    named
        Columns that a person named, by role.
    block_bytes
        How much text is held at once.

    Returns
    -------
    tuple of LedgerColumns, str, Iterator of Block
        Columns, what is said about the form of the file, and its pieces in order.

    Raises
    ------
    LedgerError
        When the file cannot be opened, has no header of a ledger or one line of many megabytes.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return _read_parquet(path, named)
        return _read_text(path, named, block_bytes)
    except OSError as error:
        raise LedgerError(
            f"the file {path.name} cannot be read: {error.strerror}",
            zh=f"文件 {path.name} 读不出来:{error.strerror}",
        ) from error


def _read_parquet(path: Path, named: Mapping[str, str] | None) -> tuple[LedgerColumns, str, Iterator[Block]]:
    try:
        header = pl.read_parquet_schema(path)
    except pl.exceptions.PolarsError as error:
        raise LedgerError(
            f"{path.name} is not a readable Parquet file", zh=f"{path.name} 不是可读的 Parquet 文件"
        ) from error
    columns = match_columns(list(header), named)
    if columns is None:
        raise refuse_header(path.name, list(header))
    return columns, "parquet", _parquet_blocks(path, columns)


def _parquet_blocks(path: Path, columns: LedgerColumns) -> Iterator[Block]:
    source = list(pl.read_parquet_schema(path))
    lazy = pl.scan_parquet(path).select(
        pl.col(source[place]).alias(role) for role, place in columns.places.items()
    )
    row = 1
    for frame in lazy.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True, engine="streaming"):
        yield Block(_with_rows(frame, row, broken=pl.lit(value=False)), 0)
        row += frame.height


def _with_rows(frame: pl.DataFrame, first: int, *, broken: pl.Expr) -> pl.DataFrame:
    rows = pl.int_range(first, first + frame.height, dtype=pl.UInt32, eager=True).alias("row")
    return frame.with_columns(rows, broken.alias("broken")).drop(_SPARE, strict=False)


@dataclass(slots=True)
class _Text:
    """Decodes a file block by block into UTF-8, and cuts at line ends."""

    stream: BinaryIO
    block_bytes: int
    encoding: str = "ascii"
    done: int = 0
    _decoder: codecs.IncrementalDecoder | None = None
    _tail: bytes = field(default=b"", repr=False)

    def blocks(self) -> Iterator[bytes]:
        """Yield pieces that end with a line, in UTF-8; what does not decode becomes U+FFFD."""
        while content := self.stream.read(self.block_bytes):
            self.done += len(content)
            text = self._tail + self._decode(content)
            cut = _cut(text)
            self._tail = text[cut:]
            if len(self._tail) > LONGEST_LINE and not cut:
                raise LedgerError(
                    f"a line is longer than {LONGEST_LINE >> 20} MB; lines must end with a line feed",
                    zh=f"有一行超过 {LONGEST_LINE >> 20} MB;每行须以换行符结束",
                )
            if cut:
                yield text[:cut]
        if self._tail.strip():
            yield self._tail + b"\n"

    def _decode(self, content: bytes) -> bytes:
        if self._decoder is None:
            if content.isascii():
                return content
            self.encoding = _encoding_of(content)
            self._decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        if self.encoding.startswith("utf-8"):
            return content
        return self._decoder.decode(content).encode()


def _cut(text: bytes) -> int:
    """Cut at the last line end, or a few lines before where that one lies within quotation marks."""
    last = at = text.rfind(b"\n") + 1
    if not text.count(b'"', 0, last) % 2:
        return last
    for _ in range(_MOST_LINES_A_RECORD):
        before = text.rfind(b"\n", 0, max(at - 1, 0)) + 1
        if text.count(b'"', before, last) % 2:
            return before or last
        at = before
    return last


def _encoding_of(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # The block may end inside a character: ask for what ends with a line.
    whole = content[: content.rfind(b"\n") + 1] or content
    try:
        return find_encoding(whole)
    except UploadRefusedError:
        # A few broken bytes must not refuse a hundred million rows: such rows are found by their sign U+FFFD.
        damaged = whole.decode("utf-8", "replace").count("\ufffd")
        return "utf-8" if damaged < whole.decode("gb18030", "replace").count("\ufffd") else "gb18030"


def _read_text(
    path: Path, named: Mapping[str, str] | None, block_bytes: int
) -> tuple[LedgerColumns, str, Iterator[Block]]:
    stream = path.open("rb")
    text = _Text(stream, block_bytes)
    blocks = text.blocks()
    first = next(blocks, b"")
    try:
        columns, separator, lines, rest = _find_header(path.name, first, named)
    except LedgerError:
        stream.close()
        raise
    form = f"csv, {text.encoding}, {separator!r}"
    return columns, form, _text_blocks(text, chain([rest], blocks), columns, separator, lines + 1)


def _find_header(
    file: str, first: bytes, named: Mapping[str, str] | None
) -> tuple[LedgerColumns, str, int, bytes]:
    head = first.split(b"\n", HEADER_LINES)
    lines = [line.decode("utf-8", "replace").lstrip(_BOM).rstrip("\r") for line in head[:HEADER_LINES]]
    for number, line in enumerate(lines):
        for separator in SEPARATORS:
            cells = next(csv.reader([line], delimiter=separator), [])
            columns = match_columns(cells, named) if len(cells) > 1 else None
            if columns is not None:
                rest = first.split(b"\n", number + 1)[number + 1]
                return columns, separator, number + 1, rest
    raise refuse_header(file, lines[0].split(",") if lines else [])


def _text_blocks(
    text: _Text, pieces: Iterator[bytes], columns: LedgerColumns, separator: str, line: int
) -> Iterator[Block]:
    with text.stream:
        for piece in pieces:
            frame, lines = _read_piece(piece, columns, separator, line)
            line += lines
            yield Block(frame, text.done)


def _read_piece(piece: bytes, columns: LedgerColumns, separator: str, line: int) -> tuple[pl.DataFrame, int]:
    """Read lines that start at line number `line`; also tell how many they are."""
    lines = piece.count(b"\n")
    if not lines:
        return _with_rows(_split_slowly(b"", columns, separator), line, broken=pl.lit(value=False)), 0
    frame = _split_fast(piece, columns, separator)
    # Fewer records than lines: cells of several lines, or quotation marks that swallow rows.
    if frame is None or frame.height != lines:
        return _split_slowly(piece, columns, separator, line), lines
    extra = pl.any_horizontal(pl.col(name) != "" for name in _SPARE)
    return _with_rows(frame, line, broken=extra), lines


def _split_fast(piece: bytes, columns: LedgerColumns, separator: str) -> pl.DataFrame | None:
    spare = range(columns.width, columns.width + len(_SPARE))
    header = separator.join(map(str, range(columns.width + len(_SPARE)))).encode() + b"\n"
    try:
        frame = pl.read_csv(
            io.BytesIO(header + piece),
            separator=separator,
            infer_schema=False,
            empty_string_is_null=False,
            truncate_ragged_lines=True,
            encoding="utf8-lossy",
            columns=[str(place) for place in (*columns.places.values(), *spare)],
        )
    except pl.exceptions.ComputeError:
        return None
    names = dict(zip(map(str, spare), _SPARE, strict=True))
    picked = [pl.col(str(place)).alias(role) for role, place in columns.places.items()]
    return frame.select(*picked, *(pl.col(place).alias(name) for place, name in names.items()))


def _split_slowly(piece: bytes, columns: LedgerColumns, separator: str, line: int = 1) -> pl.DataFrame:
    """Split record by record; a record that runs over lines and does not fit the header becomes its lines."""
    text = piece.decode("utf-8", "replace").splitlines(keepends=True)
    cells: dict[str, list[str]] = {role: [] for role in columns.places}
    rows: list[int] = []
    broken: list[bool] = []
    for start, record, is_broken in _records(text, separator, columns.width):
        rows.append(line + start)
        broken.append(is_broken)
        for role, place in columns.places.items():
            cells[role].append(record[place] if place < len(record) else "")
    return pl.DataFrame(
        {**cells, "row": rows, "broken": broken},
        schema={**dict.fromkeys(cells, pl.String), "row": pl.UInt32, "broken": pl.Boolean},
    )


def _records(text: list[str], separator: str, width: int) -> Iterator[tuple[int, list[str], bool]]:
    at = 0
    while at < len(text):
        reader = csv.reader(text[at : at + _MOST_LINES_A_RECORD], delimiter=separator)
        try:
            record, used = next(reader, []), reader.line_num
        except csv.Error:
            record, used = [], 1
        fits = len(record) == width or (used == 1 and not any(record[width:]))
        if fits:
            yield at, record, False
        else:
            used = 1
            yield at, text[at].rstrip("\r\n").split(separator), True
        at += used
