"""Text files: separator, quotes, and the line on which each record starts (rules 1 and 9)."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from ingest.choice import AUTOMATIC, NOTHING_NAMED, Choice
from ingest.coded import is_blank
from ingest.collecting import SKETCHED_ROWS, Budget, Collector, sketch
from ingest.encodings import find_encoding
from ingest.errors import UploadRefusedError
from ingest.headers import HEADER_SEARCHED_ROWS, header_key, is_header
from ingest.model import LIMITS, Limits, RawTable

SEPARATORS: Final = (",", ";", "\t", "|")
SEPARATOR_LINE: Final = re.compile(r'\ufeff?"?sep=(?P<sep>.)"?[,;\t| ]*\r?\n?', re.IGNORECASE)
LONGEST_FIELD: Final = 2**31 - 1
BLOCK_LINES: Final = 20_000
BLOCK_SIGNS: Final = 1 << 20
LINES_AT_ONCE: Final = 500
# Several times what a sheet has columns: lists saved from one may end in as many blank cells.
WIDEST_LINE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a text file.

    Attributes
    ----------
    row
        1-based line where it starts.
    cells
        Texts.
    bad_quotes
        Text follows a closing quotation mark, so `cells` is only the line as it stands.
    """

    row: int
    cells: list[str]
    bad_quotes: bool = False


class LineFeed:
    """Hands out the lines of a text file, singly or in blocks, and knows how many were taken.

    Parameters
    ----------
    content
        The file.
    encoding
        An encoding that decodes all of it.
    """

    def __init__(self, content: bytes, encoding: str) -> None:
        self.stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
        self.ahead: list[str] = []
        self.taken = 0
        # csv does not show the line on which it fails.
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        while line := self.ahead.pop() if self.ahead else self.stream.readline():
            self.taken += 1
            self.last = line
            yield line

    def take_block(self) -> list[str]:
        """Take the next lines.

        Returns
        -------
        list[str]
            Empty at the end of the file.
        """
        lines: list[str] = []
        signs = 0
        # Cells as objects take many times the bytes of their line, so wide lines come in smaller blocks.
        while len(lines) < BLOCK_LINES and signs < BLOCK_SIGNS:
            piece = list(islice(self.stream, LINES_AT_ONCE))
            if not piece:
                break
            lines += piece
            signs += sum(map(len, piece))
        self.taken += len(lines)
        return lines

    def put_back(self, lines: list[str]) -> None:
        """Put a block back to take it line by line.

        Parameters
        ----------
        lines
            The last block.
        """
        self.ahead = lines[::-1]
        self.taken -= len(lines)


def read_records(feed: LineFeed, separator: str, *, until: float = math.inf) -> Iterator[Record]:
    """Split a text file into records.

    Parameters
    ----------
    feed
        Its lines.
    separator
        One character.
    until
        How many lines to take; a record that began before is finished.

    Yields
    ------
    Record
        Every record, blank ones too.

    Raises
    ------
    UploadRefusedError
        ``open-quote`` when a quotation mark swallows several lines, ``too-many-columns`` when a line has more
        cells than any sheet.
    """
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_narrow(feed, separator), delimiter=separator, strict=True)
    while feed.taken < until:
        start = feed.taken + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if feed.taken > start or "unexpected end" in str(error):
                raise UploadRefusedError("open-quote", row=start) from error
            yield Record(start, feed.last.rstrip("\r\n").split(separator), bad_quotes=True)
            continue
        yield Record(start, cells)


def _narrow(lines: Iterable[str], separator: str) -> Iterator[str]:
    """Refuse a line of many millions of cells before they become objects."""
    for line in lines:
        if len(line) > WIDEST_LINE and line.count(separator) > WIDEST_LINE:
            raise UploadRefusedError("too-many-columns", limit=LIMITS.columns)
        yield line


def split_block(lines: list[str], separator: str) -> list[list[str]] | None:
    """Split lines of which each is one record, at the speed of C.

    Parameters
    ----------
    lines
        A block.
    separator
        One character.

    Returns
    -------
    list[list[str]] | None
        None when a record spans lines, has wrong quotes or is very long: then `read_records` tells.
    """
    if max(map(len, lines)) > WIDEST_LINE:
        return None
    csv.field_size_limit(LONGEST_FIELD)
    try:
        records = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return None
    return records if len(records) == len(lines) else None


def find_separator(
    content: bytes, encoding: str, choice: Choice = AUTOMATIC
) -> tuple[str, int, tuple[str, ...]]:
    """Find the separator under which a header row shows itself.

    Parameters
    ----------
    content, encoding
        The file and how it decodes.
    choice
        What a person decided.

    Returns
    -------
    tuple[str, int, tuple[str, ...]]
        Separator, line of the header (0 when none is found), codes of warnings.
    """
    first_line = LineFeed(content, encoding).stream.readline()
    declared = SEPARATOR_LINE.fullmatch(first_line)
    stated = declared["sep"] if declared else None
    candidates = dict.fromkeys((stated, *SEPARATORS) if stated in SEPARATORS else SEPARATORS)
    if choice.separator is not None:
        candidates = {choice.separator: None}
    named = named_headers(choice)
    for separator in candidates:
        row = _header_row(content, encoding, separator or ",", named)
        if row:
            contradicts = stated is not None and separator != stated
            return separator or ",", row, ("separator-line",) if contradicts else ()
    found = choice.separator or (stated if stated in SEPARATORS else None)
    return found or _widest(content, encoding), 0, ()


def named_headers(choice: Choice) -> dict[str, str]:
    """Turn what a person said about columns round, for the comparison with headers.

    Parameters
    ----------
    choice
        With pairs of field and header.

    Returns
    -------
    dict[str, str]
        `ingest.headers.header_key` to field.
    """
    return {header_key(header): field for field, header in choice.columns}


def _header_row(
    content: bytes, encoding: str, separator: str, named: Mapping[str, str] = NOTHING_NAMED
) -> int:
    try:
        for record in islice(read_records(LineFeed(content, encoding), separator), HEADER_SEARCHED_ROWS):
            if is_header(record.cells, named):
                return record.row
    except UploadRefusedError as refusal:
        if refusal.code == "mapped-unit":
            raise
    return 0


def _widest(content: bytes, encoding: str) -> str:
    def width(separator: str) -> int:
        try:
            records = list(islice(read_records(LineFeed(content, encoding), separator), HEADER_SEARCHED_ROWS))
        except UploadRefusedError as refusal:
            return WIDEST_LINE if refusal.code == "too-many-columns" else 0
        return max((len(record.cells) for record in records), default=0)

    return max(SEPARATORS, key=width)


def read_delimited(
    content: bytes,
    *,
    limits: Limits = LIMITS,
    choice: Choice = AUTOMATIC,
    progress: Callable[[float], object] | None = None,
) -> RawTable:
    """Read a text file whole.

    Parameters
    ----------
    content
        The file.
    limits
        What it may cost.
    choice
        What a person decided.
    progress
        Is told how much is read, 0 to 1.

    Returns
    -------
    RawTable
        Without a header when none is recognised: then the first record stands in its place, above the first
        rows.

    Raises
    ------
    UploadRefusedError
        ``encoding``, ``open-quote`` or a limit.
    """
    encoding = find_encoding(content, choice.encoding)
    separator, header_row, warnings = find_separator(content, encoding, choice)
    feed = LineFeed(content, encoding)
    records = read_records(feed, separator)
    header = next((each for each in records if each.row >= header_row and each.cells), Record(0, []))
    collector = Collector(_trim(header.cells), Budget(limits, len(content), progress=progress))
    while lines := feed.take_block():
        block = split_block(lines, separator)
        if block is None:
            feed.put_back(lines)
            for record in read_records(feed, separator, until=feed.taken + len(lines)):
                _add(collector, record, stated=len(header.cells))
        else:
            _add_block(collector, feed.taken - len(lines) + 1, block, stated=len(header.cells))
        collector.budget.advance(feed.stream.buffer.tell() / len(content))
        if not header_row:
            break
    table = collector.finish("csv", header_row)
    return replace(table, encoding=encoding, separator=separator, warnings=warnings)


def sketch_delimited(content: bytes, *, choice: Choice = AUTOMATIC, rows: int = SKETCHED_ROWS) -> RawTable:
    """Read the first records of a text file as they stand, for a person to say what is what.

    Parameters
    ----------
    content
        The file.
    choice
        What a person decided so far.
    rows
        How many records with content.

    Returns
    -------
    RawTable
        All records in its columns, none of them the header; with encoding and separator.

    Raises
    ------
    UploadRefusedError
        ``encoding``, ``chosen-encoding`` or ``open-quote``.
    """
    encoding = find_encoding(content, choice.encoding)
    separator, _, _ = find_separator(content, encoding, choice)
    with_content = (
        (record.row, list(record.cells))
        for record in read_records(LineFeed(content, encoding), separator)
        if not all(map(is_blank, record.cells))
    )
    table = sketch("csv", list(islice(with_content, rows)))
    return replace(table, encoding=encoding, separator=separator)


def _trim(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return cells[:end]


def _add(collector: Collector, record: Record, *, stated: int) -> None:
    """Add a record; cells below a blank header are a column without a name, those past it may be shifted."""
    if not record.bad_quotes:
        collector.widen(len(_trim(record.cells[:stated])))
    width = len(collector.header)
    inside: list[str | None] = list(record.cells[:width])
    outside = [cell for cell in record.cells[width:] if not is_blank(cell)]
    if outside and all(map(is_blank, inside)):
        inside[:1] = outside[:1]
    if not collector.add(record.row, inside):
        return
    if record.bad_quotes:
        collector.mark(-1, "bad-quotes", collector_text(record))
    elif outside:
        collector.mark(-1, "extra-cells", outside[0])


def _add_block(collector: Collector, first_row: int, block: list[list[str]], *, stated: int) -> None:
    """Add records that stand on consecutive lines; those with cells past the header one by one."""
    rows: Sequence[int] = range(first_row, first_row + len(block))
    if not all(block):
        # Blank lines go first: a file may hold millions of them.
        rows = [row for row, record in zip(rows, block, strict=True) if record]
        block = list(filter(None, block))
    if not block:
        return
    width = len(collector.header)
    widths = set(map(len, block))
    longest = max(widths)
    if longest < width or len(widths) > 1:
        longest = max(longest, width)
        block = [record + [""] * (longest - len(record)) for record in block]
    columns = list(zip(*block, strict=True))
    if any(any(column) for column in columns[width:]):
        for row, cells in zip(rows, block, strict=True):
            _add(collector, Record(row, cells), stated=stated)
    else:
        collector.add_block(rows, columns[:width])


def collector_text(record: Record) -> str:
    """Return the cell of a record that broke the quotes, the first that holds one.

    Parameters
    ----------
    record
        A record with bad quotes.

    Returns
    -------
    str
        Text as in the file.
    """
    return next((cell for cell in record.cells if '"' in cell), "")
