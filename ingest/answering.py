"""The rows of a checked file as JSON, fast enough for a million of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any, Final

import numpy as np

from ingest.coded import encode
from ingest.issues import IssueTable
from ingest.messages import Language
from ingest.model import FIELDS, VALUE_SHOWN, Resolution, RowIssue, ValidatedTable
from ingest.numbering import Codes, Integers, view
from ingest.placing import Placements, Side

BLOCK_ROWS: Final = 20_000
BLOCK_CELLS: Final = 400_000
BLOCK_BYTES: Final = 1 << 23
FIRST_ROWS: Final = 500


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
        used, which = np.unique(codes, return_inverse=True)
        written = [head + (write or _dump)(values[code]) for code in used.tolist()]
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
        texts: Iterable[str] = _IssueTexts(issues, language).write()
    else:
        texts = (_dump(describe_issues(found, language)) for found in issues.values())
    block: list[str] = []
    signs = 0
    for text in texts:
        block.append(text)
        signs += len(text)
        if signs > BLOCK_BYTES // 4:
            yield _utf8(",\n".join(block))
            block, signs = [], 0
    if block:
        yield _utf8(",\n".join(block))


class _IssueTexts:
    """Writes issues; a reason that names nothing of its row is put into words once."""

    def __init__(self, issues: IssueTable, language: Language) -> None:
        self.issues, self.language = issues, language
        self.fields = [(name, issues.columns[name]) for name in issues.fields()]
        self.known: dict[int, str] = {}

    def write(self) -> Iterator[str]:
        """Write the issues of each bad record as one object."""
        bad = np.flatnonzero(self.issues.bad)
        for start in range(0, len(bad), BLOCK_ROWS):
            block = bad[start : start + BLOCK_ROWS]
            texts = {name: self._texts(name, block[column[block] > 0]) for name, column in self.fields}
            for record in block.tolist():
                names = [(name, column[record]) for name, column in self.fields if column[record]]
                first, *others = (
                    self._write(record, name, int(number), next(texts[name])) for name, number in names
                )
                yield f'{first}, "more": [{", ".join(text + "}" for text in others)}]}}'

    def _texts(self, field: str, records: Integers) -> Iterator[str]:
        """Read the cells of a field that are wrong, in their order."""
        column = self.issues.cells(field)
        if column is None or field in self.issues.marks:
            return (self.issues.text(record, field) for record in records.tolist())
        return iter([(text or "")[:VALUE_SHOWN] for text in column.take(records.tolist())])

    def _write(self, record: int, field: str, number: int, text: str) -> str:
        issues = self.issues
        row, value = issues.staged.raw.rows[record], encode_basestring(text)
        head = f'{{"row": {row}, "field": {encode_basestring(field)}, "value": {value}'
        if issues.firsts is not None and issues.firsts[record] >= 0:
            return head + self._reason(record, field, number)
        if number not in self.known:
            self.known[number] = self._reason(record, field, number)
        return head + self.known[number]

    def _reason(self, record: int, field: str, number: int) -> str:
        reason = self.issues.reason(record, field, self.language)
        code = self.issues.reasons.all[number][0]
        return f', "reason": {encode_basestring(reason)}, "code": {encode_basestring(code)}'


def _dump(value: object) -> str:
    # As `json.dumps` does, without an encoder made for each cell; numbers are finite here.
    if isinstance(value, str):
        return encode_basestring(value)
    return "null" if value is None else repr(value) if isinstance(value, float) else json.dumps(value)


def _utf8(text: str) -> bytes:
    # A workbook can hold half of a pair of signs; JSON writes it as an escape.
    return text.encode("utf-8", "backslashreplace")
