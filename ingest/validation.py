"""Typed values and issues for every data row: good + bad = all (rules 2 to 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ingest.coded import encode
from ingest.columns import COLUMN_OF, REQUIRED, Column, Parser
from ingest.countries import parse_country
from ingest.errors import UploadRefusedError
from ingest.headers import header_key
from ingest.model import (
    FIELDS,
    VALUE_SHOWN,
    Cells,
    CellValue,
    HeaderMatch,
    RowIssue,
    StagedTable,
    ValidatedTable,
    Warn,
)
from ingest.numbers import parse_days, parse_number, split_unit
from ingest.parsing import (
    CellError,
    check_note,
    fold_width,
    is_absent,
    is_excel_error,
    parse_code,
    parse_status,
    parse_text,
)
from ingest.repeats import find_repeats, row_keys
from ingest.shares import ShareReading, parse_fraction, read_column

Issues = dict[int, list[RowIssue]]


def validate(staged: StagedTable, *, buyer: str | None = None) -> ValidatedTable:
    """Parse every cell by its column and check rows against each other.

    Parameters
    ----------
    staged
        Table with known columns.
    buyer
        The firm whose list the whole file is; counts for rows that name no buyer.

    Returns
    -------
    ValidatedTable
        Every data row is either good or has at least one issue.
    """
    values: dict[str, list[CellValue]] = {}
    issues: Issues = {}
    warnings = list(staged.warnings)
    for name, (index, match) in staged.field_columns.items():
        column = COLUMN_OF[name]
        parse, warning = _parser_for(column, staged.raw.columns[index], match)
        if warning:
            warnings.append(Warn(warning, {"column": staged.raw.header[index].strip()}))
        values[name] = _parse_column(staged, column, index, parse=parse, issues=issues)
    _check_notes(staged, issues)
    _accept_written_units(staged, values, issues)
    _fill_from_outside(staged, values, buyer)
    _apply_marks(staged, issues)
    _drop_repeated_headers(staged, issues)
    table = ValidatedTable(staged, values, [], {}, ())
    rows = range(len(staged.raw.rows))
    candidates = [record for record in rows if record not in issues]
    keys = row_keys(table)
    for record, issue in find_repeats(table, candidates, [keys[record] for record in candidates]):
        issues.setdefault(record, []).append(issue)
    good = [record for record in candidates if record not in issues]
    ordered = {record: tuple(issues.pop(record)) for record in sorted(issues)}
    return replace(table, good=good, issues=ordered, warnings=tuple(warnings))


def make_issue(staged: StagedTable, record: int, name: str, error: CellError | str) -> RowIssue:
    """Describe what is wrong with one cell.

    Parameters
    ----------
    staged
        The table.
    record
        Index of the row.
    name
        Field name.
    error
        What the parser said, or a code without parameters.

    Returns
    -------
    RowIssue
        With the cell as in the file.
    """
    index = staged.field_columns[name][0] if name in staged.field_columns else -1
    text = staged.raw.columns[index][record] or "" if index >= 0 else ""
    code, params = (error, None) if isinstance(error, str) else (error.code, error.params or None)
    return RowIssue(staged.raw.rows[record], name, text[:VALUE_SHOWN], code, params)


def _parser_for(
    column: Column, cells: Cells, match: HeaderMatch
) -> tuple[Callable[[str], CellValue], str | None]:
    if column.parser is Parser.FRACTION:
        reading: ShareReading = read_column(
            [text for text in encode(cells).texts if text], header_percent=match.percent
        )
        return (lambda text: parse_fraction(text, reading)), reading.warning
    if column.parser is Parser.NUMBER:
        return (lambda text: parse_number(text, factor=match.factor, maximum=column.maximum)), None
    if column.parser is Parser.DAYS:
        return (lambda text: parse_days(text, factor=match.factor, maximum=column.maximum)), None
    parsers: dict[Parser, Callable[[str], CellValue]] = {
        Parser.TEXT: parse_text,
        Parser.CODE: parse_code,
        Parser.COUNTRY: parse_country,
        Parser.STATUS: parse_status,
    }
    return parsers[column.parser], None


def _parse_column(
    staged: StagedTable, column: Column, index: int, *, parse: Callable[[str], CellValue], issues: Issues
) -> list[CellValue]:
    """Parse each different text of a column once."""
    cells = encode(staged.raw.columns[index])
    outcomes = [_parse_cell(text, column, parse) for text in cells.texts]
    wrong = {code: outcome for code, outcome in enumerate(outcomes) if isinstance(outcome, CellError)}
    for record, code in cells.find(wrong):
        issues.setdefault(record, []).append(make_issue(staged, record, column.name, wrong[code]))
    return cells.spread([None if isinstance(outcome, CellError) else outcome for outcome in outcomes])


def _parse_cell(text: str | None, column: Column, parse: Callable[[str], CellValue]) -> CellValue | CellError:
    if text is None or is_absent(text):
        return CellError("missing", label=column.name) if column.required else None
    if is_excel_error(text):
        return CellError("excel-error")
    try:
        return parse(text)
    except CellError as error:
        return error


def _accept_written_units(staged: StagedTable, values: dict[str, list[CellValue]], issues: Issues) -> None:
    """Read ``1200吨`` as 1200 where the row's own unit column says 吨 as well."""
    if "capacity" not in values or "unit" not in values:
        return
    index, match = staged.field_columns["capacity"]
    maximum = COLUMN_OF["capacity"].maximum
    for record, found in list(issues.items()):
        unit = values["unit"][record]
        text = staged.raw.columns[index][record]
        if text is None or not isinstance(unit, str) or all(issue.field != "capacity" for issue in found):
            continue
        number, written = split_unit(text)
        if written and written == fold_width(unit).casefold():
            try:
                values["capacity"][record] = parse_number(number, factor=match.factor, maximum=maximum)
            except CellError:
                continue
            _keep(issues, record, [issue for issue in found if issue.field != "capacity"])


def _keep(issues: Issues, record: int, left: list[RowIssue]) -> None:
    if left:
        issues[record] = left
    else:
        del issues[record]


def _fill_from_outside(staged: StagedTable, values: dict[str, list[CellValue]], buyer: str | None) -> None:
    """Add what the whole file says: its buyer, and a unit that stands in the capacity's header."""
    rows = len(staged.raw.rows)
    if buyer and not is_absent(buyer):
        try:
            name = parse_text(buyer)
        except CellError as error:
            raise UploadRefusedError("buyer-name") from error
        values["buyer"] = [given or name for given in values.get("buyer", [None] * rows)]
    if "capacity" in values and (unit := staged.field_columns["capacity"][1].unit):
        given_units = values.get("unit", [None] * rows)
        values["unit"] = [
            given if given is not None or capacity is None else unit
            for given, capacity in zip(given_units, values["capacity"], strict=True)
        ]


def _check_notes(staged: StagedTable, issues: Issues) -> None:
    for index, name in staged.extras:
        cells = encode(staged.raw.columns[index])
        problems = {code: _find_problem(text) for code, text in enumerate(cells.texts) if text}
        wrong = {code: problem for code, problem in problems.items() if problem}
        for record, code in cells.find(wrong):
            row, text = staged.raw.rows[record], cells.texts[code] or ""
            issues.setdefault(record, []).append(RowIssue(row, name, text[:VALUE_SHOWN], wrong[code]))


def _find_problem(text: str) -> str | None:
    if text.isprintable() and "\ufffd" not in text:
        return None
    try:
        check_note(text)
    except CellError as error:
        return error.code
    return None


def _apply_marks(staged: StagedTable, issues: Issues) -> None:
    """Turn what reading noticed into issues; they replace what the text alone seemed to say."""
    field_of = {index: name for name, (index, _) in staged.field_columns.items()} | dict(staged.extras)
    place_of = {name: place for place, name in enumerate((*FIELDS, *(name for _, name in staged.extras)))}
    for mark in staged.raw.marks:
        row, name = staged.raw.rows[mark.record], field_of.get(mark.column, "")
        issue = RowIssue(row, name, mark.text[:VALUE_SHOWN], mark.code)
        others = [other for other in issues.get(mark.record, []) if other.field != name]
        issues[mark.record] = sorted([issue, *others], key=lambda each: place_of.get(each.field, -1))


def _drop_repeated_headers(staged: StagedTable, issues: Issues) -> None:
    columns = [staged.field_columns[name][0] for name in REQUIRED]
    header = [header_key(staged.raw.header[index]) for index in columns]
    supplier, item = (staged.raw.columns[index] for index in columns)
    texts = encode(item)
    repeated = [code for code, text in enumerate(texts.texts) if text and header_key(text) == header[1]]
    for record, _ in texts.find(repeated):
        if header_key(supplier[record] or "") == header[0]:
            issues[record] = [make_issue(staged, record, REQUIRED[0], "repeated-header")]
