"""The rows of a checked file as JSON, fast enough for a million of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any, Final

import numpy as np

from ingest.coded import CodedColumn, encode, read_codes
from ingest.issues import IssueTable, ReasonNumbers
from ingest.messages import Language
from ingest.model import FIELDS, VALUE_SHOWN, Resolution, RowIssue, ValidatedTable
from ingest.numbering import Codes, Integers, view
from ingest.placing import Placements, Side

BLOCK_ROWS: Final = 20_000
BLOCK_CELLS: Final = 400_000
BLOCK_BYTES: Final = 1 << 23
FIRST_ROWS: Final = 500
REASON_BITS: Final = 16
REASONS_IN_HAND: Final = 10_000
WIDE: Final = 32
"""Codes that lie so many times farther apart than there are are sorted."""


def describe_resolution(kind: str, resolution: Resolution) -> dict[str, Any]:
    """Say what a name stands for, as fields of a row.

    Parameters
    ----------
    kind
        ``supplier`` or ``item``.
    resolution
        What was found.

    Returns
    -------
    dict[str, Any]
        Id, status, suggestions where no id is certain, and how the id was found.
    """
    near = resolution.key is None or resolution.how == "near"
    return {
        f"{kind}_id": resolution.key,
        f"{kind}_status": resolution.status,
        f"{kind}_suggestions": list(resolution.suggestions) if near else [],
        f"{kind}_match": resolution.how or None,
        f"{kind}_score": resolution.score,
    }


def describe_issues(issues: Sequence[RowIssue], language: Language) -> dict[str, Any]:
    """Say what is wrong with a row: its first problem, and the others behind it.

    Parameters
    ----------
    issues
        At least one.
    language
        ``zh`` or ``en``.

    Returns
    -------
    dict[str, Any]
        ``row``, ``field``, ``value``, ``reason``, ``code`` and ``more`` (a list of the same).
    """
    first, *others = [_describe_issue(issue, language) for issue in issues]
    return first | {"more": others}


def _describe_issue(issue: RowIssue, language: Language) -> dict[str, Any]:
    described: dict[str, Any] = {"row": issue.row, "field": issue.field, "value": issue.value}
    return described | {"reason": issue.reason(language), "code": issue.code}


def good_rows_json(table: ValidatedTable, places: Placements) -> Iterator[bytes]:
    """Write the good rows as JSON objects, a block at a time.

    Parameters
    ----------
    table
        A checked table.
    places
        Supplier and item of each good row.

    Yields
    ------
    bytes
        Rows as `json.dumps` would write them, one a line, with commas between. Each different cell of a
        block is written once.
    """
    rows, good = table.staged.raw.rows, view(table.good)
    most = min(BLOCK_ROWS, BLOCK_CELLS // (len(FIELDS) + len(table.staged.extras)))
    start, at_once = 0, min(most, FIRST_ROWS)
    while start < len(good):
        records = good[start : start + at_once]
        line = _Lines(len(records))
        line.each([f'{{"row": {rows[record]}' for record in records.tolist()])
        for name in FIELDS:
            if name in table.values:
                column = table.values[name]
                line.coded(f', "{name}": ', column.of_code, view(column.codes)[records])
            else:
                line.same(f', "{name}": null')
        for kind, side in (("supplier", places.supplier), ("item", places.item)):
            line.resolved(kind, side, view(side.rows)[start : start + len(records)])
        _add_extras(line, table, records)
        block = line.joined()
        yield block
        start += len(records)
        # A row may take a hundred bytes or as many thousands.
        at_once = max(1, min(most, len(records) * BLOCK_BYTES // len(block)))


class _Lines:
    """Grows the texts of a block of rows from left to right; what all rows share is written once."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.parts: list[list[bytes]] = []
        self.tail = ""

    def same(self, text: str) -> None:
        """Add a text to every row."""
        self.tail += text

    def each(self, texts: Sequence[str]) -> None:
        """Add a text of its own to each row."""
        self._close()
        self.parts.append([_utf8(text) for text in texts])

    def coded(
        self,
        head: str,
        values: Sequence[Any],
        codes: Codes,
        write: Callable[[Any], str] | None = None,
    ) -> None:
        """Add a value to each row, which is written once for each code."""
        used, which = used_codes(codes)
        written = [head + (write or _dump)(value) for value in read_codes(values, used.tolist())]
        if len(written) == 1:
            self.same(written[0])
            return
        self._close()
        texts = [_utf8(text) for text in written]
        self.parts.append(list(map(texts.__getitem__, which.tolist())))

    def resolved(self, kind: str, side: Side, rows: Codes) -> None:
        """Add what a name stands for."""
        ids = np.fromiter((id(side.found[at]) for at in rows.tolist()), np.int64, len(rows))
        _, first, which = np.unique(ids, return_index=True, return_inverse=True)
        found = [side.found[at] for at in rows[first].tolist()]
        self.coded(", ", found, which.astype(np.uint32), lambda each: _described(kind, each))

    def _close(self) -> None:
        if self.tail:
            self.parts.append([_utf8(self.tail)] * self.rows)
            self.tail = ""

    def joined(self) -> bytes:
        """Return all rows, one a line, with commas between."""
        self._close()
        return b",\n".join(map(b"".join, zip(*self.parts, strict=True)))


def _described(kind: str, resolution: Resolution) -> str:
    return json.dumps(describe_resolution(kind, resolution), ensure_ascii=False)[1:-1]


def _add_extras(line: _Lines, table: ValidatedTable, records: Codes) -> None:
    line.same(', "extra": {')
    between = ""
    for index, name in table.staged.extras:
        cells = encode(table.staged.raw.columns[index])
        line.coded(f"{between}{_dump(name)}: ", cells.texts, view(cells.codes)[records])
        between = ", "
    line.same("}}")


def bad_rows_json(table: ValidatedTable, language: Language) -> Iterator[bytes]:
    """Write the bad rows as JSON objects, a block at a time.

    Parameters
    ----------
    table
        A checked table.
    language
        ``zh`` or ``en``.

    Yields
    ------
    bytes
        Rows as `json.dumps` would write what `describe_issues` says, one a line, with commas between.
    """
    issues = table.issues
    if isinstance(issues, IssueTable):
        yield from _IssueTexts(issues, language).write()
    elif issues:
        yield _utf8(",\n".join(_dump(describe_issues(found, language)) for found in issues.values()))


class _IssueTexts:
    """Writes issues; what is said of a cell is put into words once for all cells of a block that share it."""

    def __init__(self, issues: IssueTable, language: Language) -> None:
        self.issues, self.language = issues, language
        self.fields = [(name, issues.columns[name], issues.cells(name)) for name in issues.fields()]
        self.known: dict[tuple[int, int], str] = {}

    def write(self) -> Iterator[bytes]:
        """Write the issues of each bad record as one object, a block of them at a time."""
        bad = np.flatnonzero(self.issues.bad)
        start, at_once = 0, FIRST_ROWS
        while start < len(bad):
            records = bad[start : start + at_once]
            block = _utf8(",\n".join(self._write(records)))
            yield block
            start += len(records)
            at_once = max(1, min(BLOCK_ROWS, len(records) * BLOCK_BYTES // len(block)))

    def _write(self, records: Integers) -> Iterator[str]:
        first: dict[int, str] = {}
        others: dict[int, list[str]] = {}
        for name, column, cells in self.fields:
            concerned = np.flatnonzero(column[records])
            if not len(concerned):
                continue
            tails = self._tails(name, records[concerned], column[records[concerned]], cells)
            for place, tail in zip(concerned.tolist(), tails, strict=True):
                if place in first:
                    others.setdefault(place, []).append(tail)
                else:
                    first[place] = tail
        rows = view(self.issues.staged.raw.rows)[records].tolist()
        for place, row in enumerate(rows):
            head = f'{{"row": {row}'
            more = ", ".join([f"{head}{tail}}}" for tail in others[place]]) if place in others else ""
            yield f'{head}{first[place]}, "more": [{more}]}}'

    def _tails(
        self, field: str, records: Integers, numbers: ReasonNumbers, cells: CodedColumn | None
    ) -> list[str]:
        """Say of some cells what is wrong with them, all but their row."""
        head = f', "field": {encode_basestring(field)}, "value": '
        firsts = self.issues.firsts
        if cells is None or field in self.issues.marks or (firsts is not None and firsts[records].max() >= 0):
            texts = map(encode_basestring, self.issues.texts(records, field))
            each = zip(records.tolist(), numbers.tolist(), texts, strict=True)
            return [f"{head}{text}{self._reason(record, field, number)}" for record, number, text in each]
        pairs = view(cells.codes)[records].astype(np.int64) << REASON_BITS | numbers
        _, at, which = np.unique(pairs, return_index=True, return_inverse=True)
        used = records[at].tolist()
        shown = [encode_basestring((text or "")[:VALUE_SHOWN]) for text in cells.take(used)]
        each = zip(used, numbers[at].tolist(), shown, strict=True)
        tails = [f"{head}{text}{self._reason(record, field, number)}" for record, number, text in each]
        return list(map(tails.__getitem__, which.tolist()))

    def _reason(self, record: int, field: str, number: int) -> str:
        """Put a reason into words, once for each row that it names."""
        firsts = self.issues.firsts
        key = (number, -1 if firsts is None else int(firsts[record]))
        if key not in self.known:
            if len(self.known) > REASONS_IN_HAND:
                self.known.clear()
            reason = self.issues.reason(record, field, self.language)
            code = self.issues.reasons.all[number][0]
            self.known[key] = f', "reason": {encode_basestring(reason)}, "code": {encode_basestring(code)}'
        return self.known[key]


def _dump(value: object) -> str:
    # As `json.dumps` does, without an encoder made for each cell; numbers are finite here.
    if isinstance(value, str):
        return encode_basestring(value)
    return "null" if value is None else repr(value) if isinstance(value, float) else json.dumps(value)


def _utf8(text: str) -> bytes:
    # A workbook can hold half of a pair of signs; JSON writes it as an escape.
    return text.encode("utf-8", "backslashreplace")


def used_codes(codes: Codes) -> tuple[Integers, Integers]:
    """Find the different codes of some cells.

    Parameters
    ----------
    codes
        One a cell, at least one.

    Returns
    -------
    tuple of ndarray
        Each different code, ascending; and for each cell which of them it has.

    Examples
    --------
    >>> [found.tolist() for found in used_codes(np.array([7, 5, 7], np.uint32))]
    [[5, 7], [1, 0, 1]]
    """
    lowest = int(codes.min())
    span = int(codes.max()) - lowest + 1
    if span > WIDE * len(codes):
        used, which = np.unique(codes, return_inverse=True)
        return used, which
    # Counting is many times faster than sorting.
    moved = codes.astype(np.int64) - lowest
    is_used = np.zeros(span, np.bool_)
    is_used[moved] = True
    return np.flatnonzero(is_used) + lowest, (np.cumsum(is_used) - 1)[moved]
