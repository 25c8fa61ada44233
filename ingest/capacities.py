"""Capacities and their units (rule 4), which may stand behind the number, in a column, or in the header."""

from __future__ import annotations

from typing import Final, cast

import numpy as np

from ingest.coded import CodedValues, encode
from ingest.columns import COLUMN_OF
from ingest.issues import IssueTable
from ingest.model import CellValue, HeaderMatch, StagedTable
from ingest.numbering import combine, different, packed, view
from ingest.numbers import MULTIPLIERS, parse_number, split_unit
from ingest.parsing import CellError, fold_width
from ingest.texts import Floats

MAXIMUM: Final = COLUMN_OF["capacity"].maximum


def settle_capacities(
    staged: StagedTable, values: dict[str, CodedValues[CellValue]], issues: IssueTable
) -> None:
    """Read capacities again whose unit stands in a column of its own.

    Parameters
    ----------
    staged
        Table with known columns.
    values
        Its typed values; capacities are replaced.
    issues
        Issues so far; those of capacities are taken back or added.
    """
    if "capacity" not in values or "unit" not in values:
        return
    match = staged.field_columns["capacity"][1]
    if match.factor != 1.0:
        _settle_header_unit(staged, values, issues, match)
    _accept_written_units(staged, values, issues)


def _settle_header_unit(
    staged: StagedTable, values: dict[str, CodedValues[CellValue]], issues: IssueTable, match: HeaderMatch
) -> None:
    """Take 万吨 in the row for the 万吨 of the header, once; a row that says otherwise is not certain."""
    words = {(scale + match.unit).casefold() for scale, size in MULTIPLIERS.items() if size == match.factor}
    units, capacities = values["unit"], values["capacity"]
    says_so = np.array([_key(unit) in words for unit in units.of_code], np.bool_)[view(units.codes)]
    says = np.array([unit is not None for unit in units.of_code], np.bool_)[view(units.codes)]
    cells, read = encode(staged.raw.columns[staged.field_columns["capacity"][0]]), Floats()
    for text in cells.texts:
        read.append(_read(text))
    start = len(capacities.of_code)
    both = cast("Floats", capacities.of_code).copy()
    both.numbers.extend(read.numbers)
    is_read = ~np.isnan(np.asarray(both.numbers))[view(capacities.codes)]
    number = issues.reasons.number("unit-conflict")
    issues.add("capacity", np.where(says & ~says_so & is_read, number, 0).astype(np.uint16))
    codes = np.where(says_so & is_read, start + view(cells.codes), view(capacities.codes))
    values["capacity"] = CodedValues(both, packed(codes))


def _accept_written_units(
    staged: StagedTable, values: dict[str, CodedValues[CellValue]], issues: IssueTable
) -> None:
    """Read ``1200吨`` as 1200 where the row's own unit column says 吨 as well."""
    if "capacity" not in issues.columns:
        return
    cells, units = encode(staged.raw.columns[staged.field_columns["capacity"][0]]), values["unit"]
    records = np.flatnonzero(issues.columns["capacity"])
    codes, unit_codes = view(cells.codes)[records], view(units.codes)[records]
    first, which = different(combine(codes, unit_codes))
    read = cast("Floats", values["capacity"].of_code).copy()
    start = len(read)
    for code, unit_code in zip(codes[first].tolist(), unit_codes[first].tolist(), strict=True):
        read.append(_read_with_unit(cells.texts[code], units.of_code[unit_code]))
    is_read = ~np.isnan(np.asarray(read.numbers[start:]))[which]
    changed = view(values["capacity"].codes).copy()
    changed[records[is_read]] = start + which[is_read]
    values["capacity"] = CodedValues(read, packed(changed))
    issues.clear(records[is_read], "capacity")


def _read_with_unit(text: str | None, unit: CellValue) -> float | None:
    """Read a number whose own unit is that of its row: like days, it stands above the header's."""
    number, written = split_unit(text or "")
    return _read(number) if written and written == _key(unit) else None


def _read(text: str | None) -> float | None:
    try:
        return parse_number(text or "", maximum=MAXIMUM)
    except CellError:
        return None


def _key(unit: CellValue) -> str:
    return fold_width(unit).casefold() if isinstance(unit, str) else ""
