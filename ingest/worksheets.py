"""Workbooks: which sheet holds the list, and what merged cells cover (rules 1 and 11)."""

from __future__ import annotations

import io
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Final

from ingest.choice import AUTOMATIC, NOTHING_NAMED, Choice
from ingest.coded import is_blank
from ingest.collecting import SKETCHED_ROWS, Budget, Collector, sketch
from ingest.delimited import named_headers
from ingest.errors import UploadRefusedError
from ingest.headers import HEADER_SEARCHED_ROWS, is_header, match_header
from ingest.model import LIMITS, Limits, RawTable
from ingest.parts import Directory, Sheet, read_directory
from ingest.sheets import RowBlock, SheetReader, SheetRow

# The help sheet of our own template is no list that anyone could miss.
HELP_SHEETS: Final = frozenset({"填写说明", "Help"})
# Words that plainly hold for each row a merged cell covers. A merged number may be a sum over those rows.
FILLED: Final = frozenset({"supplier", "item", "uscc", "buyer", "country", "province", "city"})


def read_workbook(
    content: bytes,
    *,
    limits: Limits = LIMITS,
    choice: Choice = AUTOMATIC,
    progress: Callable[[float], object] | None = None,
) -> RawTable:
    """Read the first visible sheet that has a header row and rows below it.

    Parameters
    ----------
    content
        A workbook that passed the gate.
    limits
        What it may cost.
    choice
        What a person decided.
    progress
        Is told how much is read, 0 to 1.

    Returns
    -------
    RawTable
        Without a header when no visible sheet has one: then the first rows of the first sheet with content.

    Raises
    ------
    UploadRefusedError
        ``damaged``, ``doctype`` or a limit.
    """
    budget = Budget(limits, len(content), progress=progress)
    named = named_headers(choice)
    with _opened(content) as archive:
        directory = read_directory(archive, budget)
        visible = [sheet for sheet in directory.sheets if not sheet.hidden]
        hidden = tuple(sheet.name for sheet in directory.sheets if sheet.hidden)
        readers = (
            (sheet, SheetReader(archive, sheet.part, directory, budget))
            for sheet in visible
            if choice.sheet in {None, sheet.name}
        )
        found = _first_with_rows(
            (sheet, _read_sheet(reader, budget, need_header=True, named=named)) for sheet, reader in readers
        )
        if found is None:
            return replace(_preview(archive, visible, directory, budget), hidden_sheets=hidden)
        sheet, table = found
        unread = [other for other in visible if other is not sheet and other.name not in HELP_SHEETS]
        others = _with_content(archive, unread, directory, budget)
        return replace(table, sheet=sheet.name, hidden_sheets=hidden, other_sheets=others)


def _first_with_rows(tables: Iterable[tuple[Sheet, RawTable | None]]) -> tuple[Sheet, RawTable] | None:
    """Choose the first sheet with rows below its header, else the first with a header."""
    first: tuple[Sheet, RawTable] | None = None
    for sheet, table in tables:
        if table is not None and table.rows:
            return sheet, table
        if table is not None and first is None:
            first = sheet, table
    return first


@contextmanager
def _opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise UploadRefusedError("damaged") from error
    with archive:
        yield archive


def sketch_workbook(
    content: bytes, *, limits: Limits = LIMITS, choice: Choice = AUTOMATIC, rows: int = SKETCHED_ROWS
) -> RawTable:
    """Read the first rows of a sheet as they stand, for a person to say what is what.

    Parameters
    ----------
    content
        A workbook that passed the gate.
    limits
        What it may cost.
    choice
        What a person decided so far.
    rows
        How many rows with content.

    Returns
    -------
    RawTable
        Of the chosen sheet, else of the first visible one with content; `other_sheets` are the visible ones
        beside it.

    Raises
    ------
    UploadRefusedError
        ``damaged``, ``doctype`` or a limit.
    """
    budget = Budget(limits, len(content))
    with _opened(content) as archive:
        directory = read_directory(archive, budget)
        visible = [sheet for sheet in directory.sheets if not sheet.hidden]
        table, name = sketch("xlsx", []), None
        for sheet in visible:
            if table.rows or choice.sheet not in {None, sheet.name}:
                continue
            reader, name = SheetReader(archive, sheet.part, directory, budget), sheet.name
            found = (
                (row.number, row.cells(max(row.texts) + 1))
                for row in reader.rows()
                if any(not is_blank(text) for text in row.texts.values())
            )
            table = sketch("xlsx", list(islice(found, rows)))
    others = tuple(sheet.name for sheet in visible if sheet.name != name and sheet.name not in HELP_SHEETS)
    return replace(table, sheet=name, other_sheets=others)


def _read_sheet(
    reader: SheetReader, budget: Budget, *, need_header: bool, named: Mapping[str, str] = NOTHING_NAMED
) -> RawTable | None:
    found = reader.rows_and_blocks()
    rows = (each for each in found if isinstance(each, SheetRow))
    header = _find_header(rows, named) if need_header else next(rows, None)
    if header is None:
        return None
    collector = Collector([text or "" for text in header.cells(_shown_width(header))], budget)
    reader.quick_width = len(collector.columns)
    for row in found:
        if isinstance(row, RowBlock):
            collector.add_block(row.numbers, list(zip(*row.records, strict=True)))
            continue
        width = _shown_width(row)
        if width > len(collector.columns):
            collector.widen(width)
            reader.quick_width = width
        if collector.add(row.number, row.cells(len(collector.columns))):
            for column in row.formulas:
                collector.mark(column, "formula-without-value", row.texts[column])
    merged = fill_merged(collector, reader.merges, header.number, named=named)
    return replace(collector.finish("xlsx", header.number if need_header else 0), merged=merged)


def _shown_width(row: SheetRow) -> int:
    """Count the columns up to the last cell that shows something: blanks far to the right are none."""
    return 1 + max((column for column, text in row.texts.items() if not is_blank(text)), default=-1)


def _find_header(rows: Iterator[SheetRow], named: Mapping[str, str]) -> SheetRow | None:
    for row in islice(rows, HEADER_SEARCHED_ROWS):
        if is_header(list(row.texts.values()), named):
            return row
    return None


def _with_content(
    archive: zipfile.ZipFile, sheets: list[Sheet], directory: Directory, budget: Budget
) -> tuple[str, ...]:
    def has_content(sheet: Sheet) -> bool:
        rows = SheetReader(archive, sheet.part, directory, budget).rows()
        return any(not is_blank(text) for row in rows for text in row.texts.values())

    return tuple(sheet.name for sheet in sheets if has_content(sheet))


def _preview(archive: zipfile.ZipFile, sheets: list[Sheet], directory: Directory, budget: Budget) -> RawTable:
    for sheet in sheets:
        table = _read_sheet(SheetReader(archive, sheet.part, directory, budget), budget, need_header=False)
        if table is not None:
            return replace(table, sheet=sheet.name)
    return RawTable("xlsx", (), 0, [], [])


def fill_merged(
    collector: Collector,
    merges: list[tuple[int, int, int, int]],
    header_row: int,
    *,
    named: Mapping[str, str] = NOTHING_NAMED,
) -> tuple[int, ...]:
    """Let merged names count for each row they cover.

    Parameters
    ----------
    collector
        The table so far; its columns are filled in place.
    merges
        Ranges as `ingest.sheets.parse_range` gives them.
    header_row
        Ranges that start at or above it are titles.
    named
        `header_key` to field, as a person said.

    Returns
    -------
    tuple[int, ...]
        Indices of columns whose merged cells were left as they are.
    """
    filled = {
        index
        for index, text in enumerate(collector.header)
        if (match := match_header(text, named)) and match.field in FILLED
    }
    left = set()
    done = dict.fromkeys(filled, 0)
    marked = {(mark.record, mark.column): mark for mark in collector.marks} if merges else {}
    for first_row, last_row, column, _ in sorted(merges):
        if first_row <= header_row or last_row == first_row or column >= len(collector.columns):
            continue
        if column not in filled:
            left.add(column)
            continue
        first = bisect_left(collector.rows, first_row)
        if first == len(collector.rows) or collector.rows[first] != first_row:
            continue
        last = bisect_right(collector.rows, last_row)
        coder, source = collector.columns[column], marked.get((first, column))
        # Ranges that overlap are looked through once, or a few thousand of them would take minutes.
        start, done[column] = max(first + 1, done[column]), max(last, done[column])
        for record in range(start, last):
            if coder.codes[record] in coder.blanks:
                coder.codes[record] = coder.codes[first]
                if source:
                    collector.marks.append(replace(source, record=record))
    return tuple(sorted(left))
