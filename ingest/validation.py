"""Typed values and issues for every data row: good + bad = all (rules 2 to 8)."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, cast

import numpy as np

from ingest.capacities import settle_capacities
from ingest.coded import CODE_TYPE, CodedColumn, CodedValues, encode
from ingest.columns import COLUMN_OF, REQUIRED, Column, Parser
from ingest.countries import parse_country
from ingest.errors import UploadRefusedError
from ingest.headers import ALIASES, cut_name, header_key
from ingest.issues import IssueTable, reasons_of_cells
from ingest.marks import Marks
from ingest.model import CellValue, HeaderMatch, StagedTable, ValidatedTable, Warn
from ingest.numbering import packed, view
from ingest.numbers import parse_days, parse_number
from ingest.parsing import (
    TEXT_LIMIT,
    CellError,
    check_note,
    is_absent,
    is_excel_error,
    parse_code,
    parse_status,
    parse_text,
)
from ingest.repeats import find_repeats, row_keys
from ingest.shares import ShareReading, parse_fraction, read_column
from ingest.texts import Floats, Texts

# Names that need no second look: nothing to strip, nothing that shows nothing, no control character. Words
# that say "no value" are looked up apart.
PLAIN_NAME: Final = re.compile(r"\w[\w()\uff08\uff09,.·&-]*(?: [\w()\uff08\uff09,.·&-]+)*")
NUMERIC: Final = frozenset({Parser.FRACTION, Parser.NUMBER, Parser.DAYS})
ABSENT_WORDS: Final = frozenset({"无", "暂无", "未知"})


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
    values: dict[str, CodedValues[CellValue]] = {}
    issues = IssueTable(staged, values)
    warnings = list(staged.warnings)
    for name, (index, match) in staged.field_columns.items():
        cells = encode(staged.raw.columns[index])
        parse, warning = _parser_for(COLUMN_OF[name], cells, match)
        if warning:
            warnings.append(Warn(warning, {"column": cut_name(staged.raw.header[index])}))
        values[name] = _parse_column(cells, COLUMN_OF[name], parse=parse, issues=issues)
    _check_notes(staged, issues)
    settle_capacities(staged, values, issues)
    _fill_from_outside(staged, values, buyer)
    _apply_marks(staged, issues)
    _drop_repeated_headers(staged, issues)
    table = ValidatedTable(staged, values, array(CODE_TYPE), issues, tuple(warnings))
    candidates = np.flatnonzero(~issues.bad)
    for repeat in find_repeats(table, candidates, row_keys(table, candidates)):
        issues.put_repeat(repeat.record, repeat.field, repeat.code, first=repeat.first)
    return replace(table, good=packed(np.flatnonzero(~issues.bad)))


def _parser_for(
    column: Column, cells: CodedColumn, match: HeaderMatch
) -> tuple[Callable[[str], CellValue], str | None]:
    if column.parser is Parser.FRACTION:
        texts = (text for text in cells.texts if text)
        reading: ShareReading = read_column(texts, header_percent=match.percent)
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
    cells: CodedColumn, column: Column, *, parse: Callable[[str], CellValue], issues: IssueTable
) -> CodedValues[CellValue]:
    """Parse each different text of a column once."""
    wrong: array[int] = array("H", bytes(2 * len(cells.texts)))
    values: Any = Floats() if column.parser in NUMERIC else Texts()
    is_name = parse is parse_text
    for code, text in enumerate(cells.texts):
        if (
            is_name
            and text
            and len(text) <= TEXT_LIMIT
            and PLAIN_NAME.fullmatch(text)
            and text not in ABSENT_WORDS
        ):
            values.append(text)
            continue
        value = _parse_cell(text, column, parse)
        if isinstance(value, CellError):
            wrong[code] = issues.reasons.number(value.code, value.params)
            value = None
        values.append(value)
    reasons = reasons_of_cells(cells, wrong)
    if reasons is not None:
        issues.add(column.name, reasons)
    return CodedValues(values, cells.codes)


def _parse_cell(text: str | None, column: Column, parse: Callable[[str], CellValue]) -> CellValue | CellError:
    if text is None or is_absent(text):
        return CellError("missing", label=column.name) if column.required else None
    if is_excel_error(text):
        return CellError("excel-error")
    try:
        return parse(text)
    except CellError as error:
        return error


def _fill_from_outside(
    staged: StagedTable, values: dict[str, CodedValues[CellValue]], buyer: str | None
) -> None:
    """Add what the whole file says: its buyer, and a unit that stands in the capacity's header."""
    absent = CodedValues[CellValue]([None], array(CODE_TYPE, bytes(4 * len(staged.raw.rows))))
    if buyer and not is_absent(buyer):
        try:
            name = parse_text(buyer)
        except CellError as error:
            raise UploadRefusedError("buyer-name") from error
        given = values.get("buyer", absent)
        values["buyer"] = CodedValues([value or name for value in given.of_code], given.codes)
    if "capacity" in values and (unit := staged.field_columns["capacity"][1].unit):
        given, capacities = values.get("unit", absent), values["capacity"]
        values["unit"] = _fill(given, unit, where=capacities)


def _fill(
    given: CodedValues[CellValue], value: CellValue, *, where: CodedValues[CellValue]
) -> CodedValues[CellValue]:
    """Put a value where a cell is blank and another column's is not."""
    is_blank = np.array([each is None for each in given.of_code], np.bool_)[view(given.codes)]
    is_there = np.array([each is not None for each in where.of_code], np.bool_)[view(where.codes)]
    codes = np.where(is_blank & is_there, len(given.of_code), view(given.codes))
    return CodedValues([*given.of_code, value], packed(codes))


def _check_notes(staged: StagedTable, issues: IssueTable) -> None:
    for index, name in staged.extras:
        cells = encode(staged.raw.columns[index])
        problems = (_find_problem(text) for text in cells.texts)
        numbers = array(CODE_TYPE, (issues.reasons.number(each) if each else 0 for each in problems))
        reasons = reasons_of_cells(cells, numbers)
        if reasons is not None:
            issues.add(name, reasons)


def _find_problem(text: str | None) -> str | None:
    if text is None or (text.isprintable() and "\ufffd" not in text):
        return None
    try:
        check_note(text)
    except CellError as error:
        return error.code
    return None


def _apply_marks(staged: StagedTable, issues: IssueTable) -> None:
    """Turn what reading noticed into issues; they replace what the text alone seemed to say."""
    field_of = {index: name for name, (index, _) in staged.field_columns.items()} | dict(staged.extras)
    marks = cast("Marks", staged.raw.marks)
    if not len(marks):
        return
    columns = view(marks.columns)
    used = np.unique(columns).tolist()
    fields = list(dict.fromkeys(field_of.get(column - 1, "") for column in used))
    of_column = np.zeros(used[-1] + 1, np.int64)
    of_column[used] = [fields.index(field_of.get(column - 1, "")) for column in used]
    reasons = np.array([issues.reasons.number(code) for code in marks.reasons], np.uint16)
    field_at = of_column[columns]
    for number, field in enumerate(fields):
        places = np.flatnonzero(field_at == number)
        issues.put_marks(field, places, reasons=reasons[view(marks.codes)[places]])


def _drop_repeated_headers(staged: StagedTable, issues: IssueTable) -> None:
    """Refuse rows that say the header again, in its own words or in those of the other language."""
    columns = {name: staged.field_columns[name][0] for name in REQUIRED}
    header = {name: header_key(staged.raw.header[index]) for name, index in columns.items()}

    def repeats(name: str, text: str | None) -> bool:
        key = header_key(text or "")
        return bool(key) and (key == header[name] or ALIASES.get(key) == name)

    supplier, item = (staged.raw.columns[columns[name]] for name in ("supplier", "item"))
    texts = encode(item)
    repeated = [code for code, text in enumerate(texts.texts) if repeats("item", text)]
    for record, _ in texts.find(repeated):
        if repeats("supplier", supplier[record]):
            issues.clear(np.array([record]))
            issues.put(record, REQUIRED[0], "repeated-header")
