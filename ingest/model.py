"""What an upload is on its way from bytes to rows we trust, as frozen values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ingest.coded import CodedValues
from ingest.columns import COLUMNS
from ingest.messages import Language, Value, say

Cells: TypeAlias = Sequence[str | None]
CellValue: TypeAlias = str | float | None
Status: TypeAlias = Literal["accept", "accept_with_row_errors", "reject"]
MatchStatus: TypeAlias = Literal["exact", "suggested", "unknown"]
MatchReason: TypeAlias = Literal["", "code", "name", "decided", "near"]
MIB: Final = 1024 * 1024
VALUE_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost.

    Attributes
    ----------
    upload_bytes, inflated_bytes, part_bytes
        Size as uploaded, inflated in sum, and inflated for one part.
    ratio, ratio_from_bytes
        Largest inflation of a part, for parts that inflate above `ratio_from_bytes`.
    parts
        Largest number of zip parts.
    rows, columns, cells
        Size of the table that is read.
    seconds, large_seconds
        Processor time of the reader for uploads up to `small_bytes`, and for larger ones.
    patience
        How many times as long it may take by the clock, so that a busy machine refuses no good file.
    address_bytes
        Address space of the reader.
    small_bytes, small_resident_bytes, resident_bytes
        Resident memory of the reader for uploads up to `small_bytes`, and for larger ones.
    """

    upload_bytes: int = 100 * MIB
    inflated_bytes: int = 600 * MIB
    part_bytes: int = 500 * MIB
    ratio: int = 200
    ratio_from_bytes: int = 10 * MIB
    parts: int = 2000
    rows: int = 1_048_576
    columns: int = 1000
    cells: int = 40_000_000
    seconds: int = 24
    large_seconds: int = 120
    patience: int = 5
    address_bytes: int = 2048 * MIB
    small_bytes: int = 20 * MIB
    small_resident_bytes: int = 320 * MIB
    resident_bytes: int = 900 * MIB

    def resident_for(self, size: int) -> int:
        """Return the resident memory a reader may use for an upload of `size` bytes.

        Parameters
        ----------
        size
            Bytes as uploaded.

        Returns
        -------
        int
            Bytes.
        """
        return self.small_resident_bytes if size <= self.small_bytes else self.resident_bytes

    def seconds_for(self, size: int) -> int:
        """Return the processor time a reader may take for an upload of `size` bytes.

        Parameters
        ----------
        size
            Bytes as uploaded.

        Returns
        -------
        int
            Seconds.
        """
        return self.seconds if size <= self.small_bytes else self.large_seconds


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a cell that its text does not tell.

    Attributes
    ----------
    record
        Index into `RawTable.rows`.
    column
        Index into `RawTable.header`, or -1 for the record as a whole.
    code
        Key of `ingest.messages.ROW_REASONS`.
    text
        The cell as in the file.
    """

    record: int
    column: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """The chosen table of a file, every cell as text.

    Attributes
    ----------
    kind
        ``csv`` or ``xlsx``.
    header, header_row
        Texts of the header row and its 1-based line or sheet row; 0 when no header was recognised.
    rows
        1-based line (where the record starts) or sheet row of each record below the header;
        wholly blank records are left out.
    columns
        One sequence a header cell, each as long as `rows`; None for an absent cell.
    marks
        Cells and records that cannot be good whatever their text says.
    sheet, hidden_sheets, other_sheets
        Where the table was found, and which sheets were not read.
    encoding, separator
        How a text file was read.
    merged
        Columns below the header that hold merged cells which were not filled.
    warnings
        Codes of `ingest.messages.WARNINGS` that reading itself raised.
    """

    kind: str
    header: tuple[str, ...]
    header_row: int
    rows: Sequence[int]
    columns: Sequence[Cells]
    marks: Sequence[Mark] = ()
    sheet: str | None = None
    hidden_sheets: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    encoding: str | None = None
    separator: str | None = None
    merged: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """What one header cell means.

    Attributes
    ----------
    field
        Name of a `Column`.
    percent
        The header says %, so bare numbers are percent.
    factor
        Multiplier that the header's unit asks for (weeks: 7 days), 1 without.
    unit
        Unit named in a capacity header, empty without.
    """

    field: str
    percent: bool = False
    factor: float = 1.0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Warn:
    """Something the officer should know about rows that are good."""

    code: str
    params: dict[str, Value] = dataclasses.field(default_factory=dict)

    def sentence(self, language: Language = "zh") -> str:
        """Say it.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            One sentence.
        """
        return say(self.code, language, **self.params)


@dataclass(frozen=True, slots=True)
class StagedTable:
    """A raw table whose columns have meanings.

    Attributes
    ----------
    raw
        The table as read.
    field_columns
        Field name to column index and what its header said, in the order of `COLUMNS`.
    extras
        Column index and name of every column without a meaning.
    personal
        Names of extras that look like personal names, mail addresses or phone numbers.
    warnings
        What the header and the reading gave rise to.
    """

    raw: RawTable
    field_columns: dict[str, tuple[int, HeaderMatch]]
    extras: tuple[tuple[int, str], ...]
    personal: tuple[str, ...]
    warnings: tuple[Warn, ...]


@dataclass(frozen=True, slots=True)
class RowIssue:
    """Why a row is bad.

    Attributes
    ----------
    row
        1-based line or sheet row.
    field
        Name of a `Column`, or of an unknown column; empty for the row as a whole.
    value
        The cell as in the file, cut at 50 characters.
    code, params
        Stable reason and what its sentence names, if anything.
    """

    row: int
    field: str
    value: str
    code: str
    params: Mapping[str, Value] | None = None

    def reason(self, language: Language = "zh") -> str:
        """Say what is wrong and what to do.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            One sentence.
        """
        return say(self.code, language, **(self.params or {}))


@dataclass(frozen=True, slots=True)
class ValidatedTable:
    """Typed values of the good rows and one or more issues of each bad row.

    Attributes
    ----------
    staged
        The table that was checked.
    values
        Field name to one typed value a record (good and bad); None is absent. Absent columns are missing.
    good
        Record indices of the good rows, ascending.
    issues
        Record index to its issues, first in the order of `COLUMNS`. ``len(good) + len(issues)`` is the
        number of data rows.
    warnings
        All warnings so far.
    """

    staged: StagedTable
    values: Mapping[str, CodedValues[CellValue]]
    good: Sequence[int]
    issues: Mapping[int, tuple[RowIssue, ...]]
    warnings: tuple[Warn, ...]

    @property
    def data_rows(self) -> int:
        """Number of data rows in the file."""
        return len(self.staged.raw.rows)


@dataclass(frozen=True, slots=True)
class KnownName:
    """A supplier or item that the chain has, with every name it goes by.

    Attributes
    ----------
    key
        supplier_id or item_id.
    names
        All spellings, the one to show first.
    uscc
        Credit code, when known.
    country
        ISO alpha-3, when known.
    places
        Province and city, as the data spells them.
    hs_codes
        HS codes that an item's names or description give, digits.
    """

    key: str
    names: tuple[str, ...]
    uscc: str | None = None
    country: str | None = None
    places: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name of the list stands for.

    Attributes
    ----------
    key
        The known id when `status` is exact, else None.
    status
        exact, suggested (a person decides) or unknown.
    suggestions
        Ids worth a look, best first.
    how
        Why `key` was taken: by credit ``code``, ``name``, an earlier decision (``decided``) or ``near``
        likeness; empty without a key.
    score
        How alike a near name is, 0 to 100.
    """

    key: str | None
    status: MatchStatus
    suggestions: tuple[str, ...] = ()
    how: MatchReason = ""
    score: float | None = None


FIELDS: Final[tuple[str, ...]] = tuple(column.name for column in COLUMNS)
