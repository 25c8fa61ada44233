"""The path of the other lists: the same gate, reader and row problems as supplier lists."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ingest.checking import judge
from ingest.choice import Choice
from ingest.errors import UploadRefusedError
from ingest.headers import PERCENT_WORDS, TRADITIONAL, header_key
from ingest.lists.cells import EntryValue, Parse, parser_for
from ingest.lists.columns import LIST_COLUMNS, ListColumn
from ingest.lists.model import Entry, ListCheck
from ingest.model import VALUE_SHOWN, RawTable, RowIssue, Warn
from ingest.names import name_key
from ingest.parsing import CellError, check_note, is_absent, is_excel_error
from ingest.sandbox import Reader, read_table

EXPECTED_ROWS: Final = 278


def check_entries(
    content: bytes,
    filename: str,
    *,
    kind: str,
    expected: int | None = None,
    reader: Reader | None = None,
) -> ListCheck:
    """Check one file of a kind, however broken.

    Parameters
    ----------
    content
        The file.
    filename
        Name as uploaded; only its ending is looked at.
    kind
        Key of `ingest.lists.columns.LIST_COLUMNS`.
    expected
        How many rows a register should have; a warning tells a difference.
    reader
        A reader process to use again.

    Returns
    -------
    ListCheck
        Never raises for what a file holds: a refusal is a value with one sentence.
    """
    digest = hashlib.sha256(content).hexdigest()
    columns = LIST_COLUMNS[kind]
    try:
        raw, found = _read(content, filename, columns, reader)
    except UploadRefusedError as refusal:
        return ListCheck(kind, "reject", refusal.code, refusal.params, digest, issues={})
    entries, issues, warnings = _parse(raw, found, kind)
    entries, repeats = _without_repeats(entries, kind)
    issues |= {line: (issue,) for line, issue in repeats.items()}
    if expected is not None and len(entries) + len(issues) != expected:
        warnings += (Warn("row-count", {"rows": len(entries) + len(issues), "expected": expected}),)
    status, code, params = judge(len(entries), len(issues))
    reading = {
        "kind": raw.kind,
        "sheet": raw.sheet,
        "encoding": raw.encoding,
        "separator": raw.separator,
        "header_row": raw.header_row,
        "columns": {name: raw.header[index].strip() for name, index in found.items()},
    }
    return ListCheck(kind, status, code, params, digest, tuple(entries), issues, warnings, reading)


def refuse_rows(result: ListCheck, found: Mapping[int, RowIssue]) -> ListCheck:
    """Make good rows bad that turned out so when they were compared with the data.

    Parameters
    ----------
    result
        A checked file.
    found
        Line to problem.

    Returns
    -------
    ListCheck
        With new counts and status.
    """
    entries = tuple(entry for entry in result.entries if entry.row not in found)
    issues = dict(result.issues) | {line: (issue,) for line, issue in found.items()}
    status, code, params = judge(len(entries), len(issues))
    return replace(result, status=status, code=code, params=params, entries=entries, issues=issues)


def _aliases(columns: Sequence[ListColumn]) -> dict[str, str]:
    return {
        header_key(alias): column.name
        for column in columns
        for alias in (column.name, column.label_zh, column.label_en, *column.aliases)
    }


def _match(text: str | None, aliases: Mapping[str, str]) -> str | None:
    if not text:
        return None
    key = header_key(text).translate(TRADITIONAL)
    for word in ("(%)", "(天)", "(days)", "[%]", "%"):
        if key not in aliases and key.endswith(word):
            key = key.removesuffix(word)
    return aliases.get(key)


def _read(
    content: bytes, filename: str, columns: Sequence[ListColumn], reader: Reader | None
) -> tuple[RawTable, dict[str, int]]:
    """Find the header in a sketch of the first rows, then read the file by it."""
    aliases = _aliases(columns)
    required = [column for column in columns if column.required]
    choice = Choice()
    sketch = read_table(content, filename, task="sketch", reader=reader)
    named = _find_header(sketch, aliases, required)
    for sheet in sketch.other_sheets if named is None else ():
        other = read_table(content, filename, task="sketch", choice=Choice(sheet=sheet), reader=reader)
        named = _find_header(other, aliases, required)
        if named is not None:
            choice = Choice(sheet=sheet)
            break
    if named is None:
        first, second = required[0], required[1]
        names = {
            name: f"{column.label_zh} / {column.label_en}"
            for name, column in (("first", first), ("second", second))
        }
        raise UploadRefusedError("no-list-header", **names)
    # The reader knows the required columns of a supplier list: here two others stand in their place.
    pair = (("supplier", named[0]), ("item", named[1]))
    raw = read_table(
        content, filename, choice=replace(choice, columns=pair, separator=sketch.separator), reader=reader
    )
    return raw, _place_columns(raw, aliases)


def _find_header(
    sketch: RawTable, aliases: Mapping[str, str], required: Sequence[ListColumn]
) -> tuple[str, str] | None:
    wanted = {column.name for column in required}
    rows = zip(*sketch.columns, strict=True) if sketch.columns else iter(())
    for cells in rows:
        known = {name: str(cell) for cell in cells if (name := _match(cell, aliases)) is not None}
        if wanted <= known.keys():
            return known[required[0].name], known[required[1].name]
    return None


def _place_columns(raw: RawTable, aliases: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, text in enumerate(raw.header):
        name = _match(text, aliases)
        if name is None:
            continue
        if name in found:
            first = raw.header[found[name]].strip()
            raise UploadRefusedError("duplicate-column", first=first, second=text.strip(), label=name)
        found[name] = index
    return found


def _parse(
    raw: RawTable, found: Mapping[str, int], kind: str
) -> tuple[list[Entry], dict[int, tuple[RowIssue, ...]], tuple[Warn, ...]]:
    issues: dict[int, list[RowIssue]] = {}
    values: dict[str, list[EntryValue]] = {}
    warnings = [Warn(code) for code in raw.warnings]
    for column in LIST_COLUMNS[kind]:
        if column.name in found:
            values[column.name] = _parse_column(raw, column, found[column.name], kind, issues, warnings)
    extras = _extras(raw, found.values(), issues)
    if extras:
        warnings.append(Warn("unknown-columns", {"names": "、".join(extras.values())}))
    for mark in raw.marks:
        name = next((name for name, index in found.items() if index == mark.column), "")
        issue = RowIssue(raw.rows[mark.record], name, mark.text[:VALUE_SHOWN], mark.code)
        issues.setdefault(mark.record, []).insert(0, issue)
    entries = [
        Entry(
            raw.rows[record],
            {name: column[record] for name, column in values.items() if column[record] is not None},
            {name: raw.columns[index][record] for index, name in extras.items()},
        )
        for record in range(len(raw.rows))
        if record not in issues
    ]
    bad = {raw.rows[record]: tuple(each) for record, each in sorted(issues.items())}
    return entries, bad, tuple(warnings)


def _parse_column(
    raw: RawTable,
    column: ListColumn,
    index: int,
    kind: str,
    issues: dict[int, list[RowIssue]],
    warnings: list[Warn],
) -> list[EntryValue]:
    cells = raw.columns[index]
    percent = any(word in header_key(raw.header[index]) for word in PERCENT_WORDS)
    parse, warning = parser_for(column, [cell for cell in set(cells) if cell], header_percent=percent)
    if warning:
        warnings.append(Warn(warning, {"column": raw.header[index].strip()}))
    values: list[EntryValue] = []
    for record, text in enumerate(cells):
        value = _parse_cell(text, column, parse, label=f"{kind}.{column.name}")
        if isinstance(value, CellError):
            shown = (text or "")[:VALUE_SHOWN]
            issue = RowIssue(raw.rows[record], column.name, shown, value.code, value.params or None)
            issues.setdefault(record, []).append(issue)
            value = None
        values.append(value)
    return values


def _parse_cell(text: str | None, column: ListColumn, parse: Parse, *, label: str) -> EntryValue | CellError:
    if text is None or is_absent(text):
        return CellError("missing", label=label) if column.required else None
    if is_excel_error(text):
        return CellError("excel-error")
    try:
        return parse(text)
    except CellError as error:
        return error


def _extras(raw: RawTable, known: Iterable[int], issues: dict[int, list[RowIssue]]) -> dict[int, str]:
    """Name the unknown columns that hold something, and look for signs that no text may hold."""
    taken = set(known)
    extras: dict[int, str] = {}
    for index, text in enumerate(raw.header):
        if index in taken or (not text.strip() and not any(raw.columns[index])):
            continue
        name = text.strip() or f"列{index + 1}"
        while name in extras.values():
            name += "_2"
        extras[index] = name
        for record, cell in enumerate(raw.columns[index]):
            try:
                check_note(cell or "")
            except CellError as error:
                issue = RowIssue(raw.rows[record], name, (cell or "")[:VALUE_SHOWN], error.code)
                issues.setdefault(record, []).append(issue)
    return extras


def _without_repeats(entries: Sequence[Entry], kind: str) -> tuple[list[Entry], dict[int, RowIssue]]:
    """Keep the first of rows that say the same."""
    keys: dict[tuple[str, ...], int] = {}
    kept, repeats = [], {}
    for entry in entries:
        issue = None
        for name, code, key in _identities(entry, kind):
            first = keys.setdefault(key, entry.row)
            if first != entry.row and issue is None:
                shown = str(entry.cells.get(name) or "")[:VALUE_SHOWN]
                issue = RowIssue(entry.row, name, shown, code, {"first": first})
        if issue is None:
            kept.append(entry)
        else:
            repeats[entry.row] = issue
    return kept, repeats


def _identities(entry: Entry, kind: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    def said(*names: str) -> tuple[str, ...]:
        return tuple(name_key(entry.text(name) or "") for name in names)

    if kind == "bottlenecks":
        yield "name_zh", "same-name", ("name", *said("name_zh"))
        if entry.text("bottleneck_id"):
            yield "bottleneck_id", "same-number", ("id", *said("bottleneck_id"))
    elif kind == "demand":
        yield "who", "same-row", ("row", *said("who", "item", "needed_on"))
    else:
        yield "what", "same-row", ("row", *said("what", "where", "scope", "starts_on"))
