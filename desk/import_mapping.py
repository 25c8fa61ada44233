"""Reading a list as a person says, or said of an earlier one: sketch, suggestions, remembered columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from desk.import_facts import read_known
from desk.store import reading, writing
from ingest import mapping as mappings
from ingest.checking import CheckResult, check
from ingest.choice import AUTOMATIC, Choice
from ingest.errors import UploadRefusedError
from ingest.guessing import Guess, find_header_row, guess_columns, row_cells
from ingest.messages import say
from ingest.model import Warn
from ingest.resolution import index_items, index_suppliers
from ingest.sandbox import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from desk.import_facts import KnownFacts
    from desk.imports import CheckedList
    from ingest.mapping import RememberedMapping
    from ingest.messages import Language
    from ingest.model import RawTable
    from ingest.sandbox import Reader
    from settings import Settings

MENDABLE: Final = frozenset(
    ["no-header", "no-header-hidden", "duplicate-column", "encoding", "open-quote", "mapped-headers",
    "mapped-unit", "chosen-encoding"]
)  # fmt: skip
"""Refusals that another encoding, separator or choice of columns may mend."""


@dataclass(frozen=True)
class Sketch:
    """The first rows of a file with suggestions of what is what.

    Attributes
    ----------
    table
        Rows as they stand, with encoding, separator and sheet.
    header_row
        Index of the header in its rows.
    guesses
        What its columns probably are.
    refusal
        Why it cannot be read this way; then there are no rows.
    """

    table: RawTable | None
    header_row: int = 0
    guesses: tuple[Guess, ...] = ()
    refusal: UploadRefusedError | None = None

    def headers(self) -> list[str]:
        """Texts of the header row, one a column."""
        return row_cells(self.table, self.header_row) if self.table and self.table.rows else []

    def say_refusal(self, language: Language) -> str | None:
        """Say why the file cannot be read this way."""
        return None if self.refusal is None else say(self.refusal.code, language, **self.refusal.params)


def sketch_list(
    settings: Settings,
    chain_id: str,
    *,
    content: bytes,
    name: str,
    choice: Choice = AUTOMATIC,
    header_line: int | None = None,
) -> Sketch:
    """Read the first rows of a file and suggest which column is which.

    Parameters
    ----------
    settings
        Where database and shipped data are.
    chain_id
        Whose names the cells are compared with.
    content, name
        The file.
    choice
        Encoding, separator and sheet decided so far.
    header_line
        1-based line or sheet row of the header, when a person said which.

    Returns
    -------
    Sketch
        A refusal is a value.
    """
    try:
        table = read_table(content, name, choice=replace(choice, columns=()), task="sketch")
    except UploadRefusedError as refusal:
        return Sketch(None, refusal=refusal)
    header = table.rows.index(header_line) if header_line in table.rows else find_header_row(table)
    known = read_known(settings, chain_id).names
    suppliers, items = index_suppliers(known.suppliers), index_items(known.items)
    return Sketch(table, header, guess_columns(table, header, suppliers=suppliers, items=items))


def check_as_remembered(
    known: KnownFacts,
    content: bytes,
    name: str,
    *,
    buyer: str | None,
    choice: Choice,
    reader: Reader | None,
) -> tuple[CheckResult, RememberedMapping | None]:
    """Check a file by rule or as a person says; else as was said of an earlier list of its kind.

    Parameters
    ----------
    known
        Names, and what is remembered of columns.
    content, name
        The file.
    buyer
        The firm whose list it is.
    choice
        What a person says now; nothing remembered counts beside it.
    reader
        A reader process to use again.

    Returns
    -------
    tuple
        The result, and the remembered mapping that it rests on; a warning names it.
    """

    def attempt(tried: Choice) -> CheckResult:
        return check(
            content,
            name,
            known_suppliers=known.names.suppliers,
            known_items=known.names.items,
            buyer=buyer,
            remembered=known.remembered,
            choice=tried,
            reader=reader,
        )

    result = attempt(choice)
    mendable = result.table is not None or result.code in MENDABLE
    if not choice.is_automatic or not known.mappings or not mendable:
        return result, None
    for mapping in find_fitting(known.mappings, content, name, sender=buyer, reader=reader):
        again = attempt(mapping.choice)
        if again.table is not None:
            return replace(again, warnings=(_notice(mapping), *again.warnings)), mapping
    return result, None


def find_fitting(
    remembered: Iterable[RememberedMapping],
    content: bytes,
    name: str,
    *,
    sender: str | None,
    reader: Reader | None = None,
) -> tuple[RememberedMapping, ...]:
    """Find the remembered mappings that a file's first rows fit.

    Parameters
    ----------
    remembered
        The newest first.
    content, name
        The file.
    sender
        The firm whose list it is.
    reader
        A reader process to use again.

    Returns
    -------
    tuple of RememberedMapping
        Those of the same header row first.
    """
    sketches: dict[Choice, list[list[str]]] = {}
    found: list[tuple[bool, RememberedMapping]] = []
    for mapping in remembered:
        way = replace(mapping.choice, columns=())
        if way not in sketches:
            sketches[way] = _sketch_rows(content, name, way, reader)
        fitting = [cells for cells in sketches[way] if mapping.fits(cells, sender)]
        if fitting:
            same = any(mappings.fingerprint_of(cells) == mapping.fingerprint for cells in fitting)
            found.append((not same, mapping))
    return tuple(mapping for _, mapping in sorted(found, key=lambda each: each[0]))


def _sketch_rows(content: bytes, name: str, choice: Choice, reader: Reader | None) -> list[list[str]]:
    try:
        table = read_table(content, name, choice=choice, task="sketch", reader=reader)
    except UploadRefusedError:
        return []
    return [row_cells(table, at) for at in range(len(table.rows))]


def _notice(mapping: RememberedMapping) -> Warn:
    who = mapping.officer or "—"
    day = mapping.decided_at.strftime("%Y-%m-%d")
    return Warn("remembered-columns", {"number": mapping.mapping_id, "who": who, "day": day})


def remember_choice(
    session: Session, upload_id: int, checked: CheckedList, *, officer: str, at: datetime
) -> None:
    """Keep what a person said about reading a list, in the transaction that stores it.

    Parameters
    ----------
    session
        The write session.
    upload_id, checked
        The list; nothing is kept when nothing was said about it.
    officer, at
        By whom and when.
    """
    table = checked.result.table
    if table is None or checked.choice.is_automatic:
        return
    headers, sender = table.staged.raw.header, checked.buyer
    mappings.remember_mapping(
        session, upload_id, checked.choice, headers=headers, sender=sender, officer=officer, at=at
    )


def list_mappings(settings: Settings, *, ended: bool = False) -> tuple[RememberedMapping, ...]:
    """List what is remembered about reading lists, the newest first.

    Parameters
    ----------
    settings
        Where the database is.
    ended
        Whether what no longer counts is listed too.

    Returns
    -------
    tuple of RememberedMapping
        With who said so and when.
    """
    with reading(settings) as session:
        return mappings.read_mappings(session, ended=ended)


def forget_mapping(settings: Settings, mapping_id: int, *, by: str) -> RememberedMapping:
    """Take back what was said about reading lists.

    Parameters
    ----------
    settings
        Where the database is.
    mapping_id
        Which.
    by
        Who takes it back.

    Returns
    -------
    RememberedMapping
        As it ended.

    Raises
    ------
    UnknownKeyError
        When there is none of this number that still counts.
    """
    with writing(settings) as session:
        return mappings.forget_mapping(session, mapping_id, by=by or "未署名", at=datetime.now(UTC))
