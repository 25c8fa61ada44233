"""Suggestions of which column is which, by name and by what stands below; a person confirms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from rapidfuzz import fuzz

from ingest.columns import COLUMNS
from ingest.countries import parse_country
from ingest.headers import ALIASES, LONGEST_HEADER, header_key, match_header
from ingest.legal_forms import chinese_form, latin_form
from ingest.likeness import take_apart
from ingest.model import RawTable
from ingest.names import HAN, WORDS, name_key, pinyin, split_legal_form
from ingest.numbers import parse_number
from ingest.parsing import CellError, is_absent, parse_code, parse_status
from ingest.places import CITIES_OF_PROVINCE, find_place
from ingest.resolution import NameIndex

Reason: TypeAlias = Literal["rule", "name", "content"]
HEADER_ROWS: Final = 30
SAMPLE: Final = 50
LEAST_SCORE: Final = 60.0
CONTAINED: Final = 84.0
SAME_SOUND: Final = 90.0
OF_CONTENT: Final = 95.0
DAYS: Final = re.compile(r"\d+(\.\d+)?\s*(天|日|周|个月|月|days?|weeks?|months?)", re.IGNORECASE)
PERCENT: Final = re.compile(r"\d+(\.\d+)?\s*[%％]")
FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column probably is.

    Attributes
    ----------
    field
        Name of a column of ours.
    column
        Index of the file's column.
    reason
        Recognised by ``rule``, by likeness of its ``name``, or by its ``content``.
    score
        0 to 100; 100 by rule.
    """

    field: str
    column: int
    reason: Reason
    score: float


def find_header_row(sketch: RawTable) -> int:
    """Find the row that most looks like a header.

    Parameters
    ----------
    sketch
        First rows of a file.

    Returns
    -------
    int
        Index into `RawTable.rows`, 0 when none stands out.
    """
    scores = [_header_score(row_cells(sketch, at)) for at in range(min(len(sketch.rows), HEADER_ROWS))]
    return scores.index(max(scores)) if scores else 0


def row_cells(sketch: RawTable, at: int) -> list[str]:
    """Read one row of a sketch.

    Parameters
    ----------
    sketch
        First rows of a file.
    at
        Index into `RawTable.rows`.

    Returns
    -------
    list[str]
        One text a column, blank where there is none.
    """
    return [(column[at] or "").strip() for column in sketch.columns]


def _header_score(cells: Sequence[str]) -> float:
    texts = [cell for cell in cells if cell]
    if len(texts) < 2:  # noqa: PLR2004 - a title stands alone
        return 0.0
    hits = sum(1 for cell in texts if match_header(cell) or _by_name(cell)[1] >= LEAST_SCORE)
    numbers = sum(1 for cell in texts if _reads(parse_number, cell) or PERCENT.fullmatch(cell))
    return 3 * hits + len(set(texts)) - 3 * numbers


def guess_columns(
    sketch: RawTable, header_row: int, *, suppliers: NameIndex, items: NameIndex
) -> tuple[Guess, ...]:
    """Suggest what the columns of a file are.

    Parameters
    ----------
    sketch
        First rows of a file.
    header_row
        Index of its header in `RawTable.rows`.
    suppliers, items
        Known names.

    Returns
    -------
    tuple[Guess, ...]
        At most one a field and one a column, in the order of `COLUMNS`.
    """
    headers = row_cells(sketch, header_row)
    keys = Counter(map(header_key, headers))
    found: list[Guess] = []
    for column, header in enumerate(headers):
        # A mapping is kept by header, so a blank one or one that stands twice cannot be tied to anything.
        if header and len(header) <= LONGEST_HEADER and keys[header_key(header)] == 1:
            values = [cell.strip() for cell in sketch.columns[column][header_row + 1 :] if cell]
            sample = [value for value in values if not is_absent(value)][:SAMPLE]
            found.extend(_guess_column(column, header, sample, suppliers=suppliers, items=items))
    return _best_of_each(found)


def _best_of_each(found: Iterable[Guess]) -> tuple[Guess, ...]:
    taken: dict[str, Guess] = {}
    columns: set[int] = set()
    for guess in sorted(found, key=lambda each: (-each.score, each.column)):
        if guess.field not in taken and guess.column not in columns:
            taken[guess.field] = guess
            columns.add(guess.column)
    return tuple(taken[column.name] for column in COLUMNS if column.name in taken)


def _guess_column(
    column: int, header: str, sample: Sequence[str], *, suppliers: NameIndex, items: NameIndex
) -> Iterable[Guess]:
    match = match_header(header)
    if match is not None:
        yield Guess(match.field, column, "rule", 100.0)
        return
    field, score = _by_name(header)
    if score >= LEAST_SCORE:
        yield Guess(field, column, "name", score)
    for field, share in _by_content(sample, suppliers, items).items():
        if OF_CONTENT * share >= LEAST_SCORE:
            yield Guess(field, column, "content", OF_CONTENT * share)


def _by_name(header: str) -> tuple[str, float]:
    """Find the field whose header is most like one."""
    key = "".join(WORDS.findall(name_key(header_key(header))))
    if not key:
        return "", 0.0
    best, field = 0.0, ""
    for alias, name in ALIASES.items():
        plain = "".join(WORDS.findall(alias))
        if not plain:
            continue
        score = fuzz.ratio(key, plain)
        if plain in key and len(plain) >= (2 if HAN.search(plain) else 4):
            score = max(score, CONTAINED * min(1.0, 0.9 + len(plain) / 10 / len(key)))
        if HAN.search(key) and pinyin(key) == pinyin(plain):
            score = max(score, SAME_SOUND)
        if score > best:
            best, field = score, name
    return field, best


def _by_content(sample: Sequence[str], suppliers: NameIndex, items: NameIndex) -> dict[str, float]:
    """Measure which share of a column's cells could stand in each field."""
    if not sample:
        return {}

    def share(is_such: Callable[[str], bool]) -> float:
        return sum(1 for value in sample if is_such(value)) / len(sample)

    firms = share(lambda value: _is_firm(value, suppliers))
    # One firm all the way down is whose list it is, not its suppliers.
    whose = "buyer" if len(set(sample)) == 1 and len(sample) >= FEW else "supplier"
    return {
        "uscc": share(lambda value: _reads(parse_code, value)),
        whose: firms,
        "item": share(lambda value: name_key(value) in items.by_key),
        "country": share(lambda value: len(value) > 1 and _reads(parse_country, value)),
        "province": share(lambda value: find_place(name_key(value)) in CITIES_OF_PROVINCE),
        "city": share(lambda value: find_place(name_key(value)) is not None) * 0.9,
        "share": share(lambda value: PERCENT.fullmatch(value) is not None),
        "lead_time_days": share(lambda value: DAYS.fullmatch(value) is not None),
        "qualified": share(lambda value: _reads(parse_status, value)),
    }


def _is_firm(value: str, suppliers: NameIndex) -> bool:
    if name_key(value) in suppliers.by_key or split_legal_form(value)[0] in suppliers.by_core:
        return True
    if HAN.search(value):
        return chinese_form(name_key(value))[1] != ""
    words = [word.casefold() for word in WORDS.findall(value)]
    return len(words) > 1 and latin_form(words)[1] != "" and bool(take_apart(value).core)


def _reads(parse: Callable[[str], object], value: str) -> bool:
    try:
        parse(value)
    except CellError:
        return False
    return True
