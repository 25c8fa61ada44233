"""Why rows are bad, as columns of numbers: a million bad rows take a few bytes each until somebody looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from ingest.coded import CodedColumn, encode
from ingest.messages import Language, Value, say
from ingest.model import FIELDS, VALUE_SHOWN, CellValue, RowIssue, StagedTable
from ingest.numbering import Flags, Integers, view

if TYPE_CHECKING:
    from ingest.marks import Marks

Reason: TypeAlias = tuple[str, Mapping[str, Value] | None]
ReasonNumbers: TypeAlias = NDArray[np.uint16]


class Reasons:
    """Gives each reason with its parameters a number; 0 is no reason."""

    def __init__(self) -> None:
        self.all: list[Reason] = [("", None)]
        self.numbers: dict[tuple[str, tuple[tuple[str, Value], ...]], int] = {}

    def number(self, code: str, params: Mapping[str, Value] | None = None) -> int:
        """Return the number of a reason.

        Parameters
        ----------
        code
            Key of `ingest.messages.ROW_REASONS`.
        params
            What its sentence names.

        Returns
        -------
        int
            1 or more.
        """
        key = (code, tuple((params or {}).items()))
        if key not in self.numbers:
            self.numbers[key] = len(self.all)
            self.all.append((code, params or None))
        return self.numbers[key]


class IssueTable(Mapping[int, tuple[RowIssue, ...]]):
    """The issues of the bad rows, by record index in ascending order.

    Parameters
    ----------
    staged
        The table.
    values
        Its typed values by field.

    Notes
    -----
    A field has at most one issue a row. `columns` holds two bytes a row for every field that has any,
    `marks` four bytes for fields that the reader marked, `firsts` eight for rows that repeat others.
    """

    def __init__(self, staged: StagedTable, values: Mapping[str, Sequence[CellValue]]) -> None:
        self.staged, self.typed = staged, values
        self.reasons = Reasons()
        self.columns: dict[str, ReasonNumbers] = {}
        self.marks: dict[str, NDArray[np.uint32]] = {}
        self.firsts: NDArray[np.int64] | None = None
        self.bad: Flags = np.zeros(len(staged.raw.rows), np.bool_)

    def column(self, field: str) -> ReasonNumbers:
        """Return the reasons of one field.

        Parameters
        ----------
        field
            Name of a `Column` or of an unknown column; empty for rows as a whole.

        Returns
        -------
        ndarray of uint16, one a record
            0 where nothing is wrong. `put` and `add` write it, so that `bad` says the same.
        """
        if field not in self.columns:
            self.columns[field] = np.zeros(len(self.bad), np.uint16)
        return self.columns[field]

    def add(self, field: str, reasons: ReasonNumbers) -> None:
        """Add the issues of a whole field.

        Parameters
        ----------
        field
            Its name.
        reasons
            One a record, 0 for none.
        """
        earlier = self.columns.get(field)
        self.columns[field] = reasons if earlier is None else np.where(earlier > 0, earlier, reasons)
        self.bad |= reasons > 0

    def put(self, record: int, field: str, code: str) -> None:
        """Note one issue; it replaces another one of the same field.

        Parameters
        ----------
        record, field, code
            Where and what.
        """
        self.column(field)[record] = self.reasons.number(code)
        self.bad[record] = True

    def put_marks(self, field: str, places: Integers, *, reasons: ReasonNumbers) -> None:
        """Note what the reader marked; of several marks of one cell the last counts.

        Parameters
        ----------
        field
            Where.
        places
            Of the marks in `RawTable.marks`, which holds the cells' texts; ascending.
        reasons
            One a mark.
        """
        marks = cast("Marks", self.staged.raw.marks)
        records = view(marks.records)[places]
        self.column(field)[records] = reasons
        self.bad[records] = True
        if field not in self.marks:
            self.marks[field] = np.zeros(len(self.bad), np.uint32)
        self.marks[field][records] = places + 1

    def put_repeat(self, record: int, field: str, code: str, *, first: int) -> None:
        """Note that a row repeats or contradicts an earlier one.

        Parameters
        ----------
        record, field, code
            Where and what.
        first
            Index of the earlier record.
        """
        self.put(record, field, code)
        if self.firsts is None:
            self.firsts = np.full(len(self.bad), -1, np.int64)
        self.firsts[record] = first

    def clear(self, records: NDArray[np.integer], field: str | None = None) -> None:
        """Take back the issues of a field, or all of some rows.

        Parameters
        ----------
        records
            Indices of the rows.
        field
            None for all fields.
        """
        left = np.zeros(len(records), np.bool_)
        for name, column in self.columns.items():
            if field is None or name == field:
                column[records] = 0
            left |= column[records] > 0
        self.bad[records] = left

    def copy(self) -> IssueTable:
        """Return a table of its own with the same issues.

        Returns
        -------
        IssueTable
            Writing to it leaves this one as it is.
        """
        other = IssueTable(self.staged, self.typed)
        other.reasons = self.reasons
        other.columns = {name: column.copy() for name, column in self.columns.items()}
        other.marks = dict(self.marks)
        other.firsts = None if self.firsts is None else self.firsts.copy()
        other.bad = self.bad.copy()
        return other

    def __len__(self) -> int:
        return int(np.count_nonzero(self.bad))

    def __iter__(self) -> Iterator[int]:
        yield from np.flatnonzero(self.bad).tolist()

    def __contains__(self, record: object) -> bool:
        return isinstance(record, int) and 0 <= record < len(self.bad) and bool(self.bad[record])

    def __getitem__(self, record: int) -> tuple[RowIssue, ...]:
        if record not in self:
            raise KeyError(record)
        return tuple(self._issue(record, name) for name in self.fields() if self.columns[name][record])

    def fields(self) -> list[str]:
        """List the fields with any issue, in the order in which they are told."""
        order = ["", *FIELDS, *(name for _, name in self.staged.extras)]
        place_of = {name: place for place, name in reversed(list(enumerate(order)))}
        return sorted(self.columns, key=lambda name: place_of.get(name, -1))

    def _issue(self, record: int, field: str) -> RowIssue:
        code, params = self.reasons.all[self.columns[field][record]]
        text = self.text(record, field)
        return RowIssue(self.staged.raw.rows[record], field, text, code, self._params(record, params))

    def _params(self, record: int, params: Mapping[str, Value] | None) -> Mapping[str, Value] | None:
        if self.firsts is None or self.firsts[record] < 0:
            return params
        return {"first": self.staged.raw.rows[self.firsts[record]]}

    def text(self, record: int, field: str) -> str:
        """Return the cell that is wrong, as in the file, cut at 50 characters.

        Parameters
        ----------
        record, field
            Where.

        Returns
        -------
        str
            Empty for a row as a whole, unless the reader marked a cell of it.
        """
        raw = self.staged.raw
        if field in self.marks and (position := int(self.marks[field][record])):
            return raw.marks[position - 1].text[:VALUE_SHOWN]
        index = self._column_of(field)
        if index >= 0:
            return (raw.columns[index][record] or "")[:VALUE_SHOWN]
        return str(self.typed[field][record] or "")[:VALUE_SHOWN] if field in self.typed else ""

    def texts(self, records: Integers, field: str) -> list[str]:
        """Return cells that are wrong, as `text` does.

        Parameters
        ----------
        records, field
            Where.

        Returns
        -------
        list of str
            One a record.
        """
        cells = self.cells(field)
        if cells is not None:
            found = [(text or "")[:VALUE_SHOWN] for text in cells.take(records.tolist())]
        elif field in self.typed:
            found = [str(self.typed[field][record] or "")[:VALUE_SHOWN] for record in records.tolist()]
        else:
            found = [""] * len(records)
        if field in self.marks:
            positions = self.marks[field][records]
            marked = np.flatnonzero(positions)
            told = cast("Marks", self.staged.raw.marks).texts.take((positions[marked] - 1).tolist())
            for place, text in zip(marked.tolist(), told, strict=True):
                found[place] = (text or "")[:VALUE_SHOWN]
        return found

    def _column_of(self, field: str) -> int:
        if field in self.staged.field_columns:
            return self.staged.field_columns[field][0]
        return next((index for index, name in self.staged.extras if name == field), -1)

    def cells(self, field: str) -> CodedColumn | None:
        """Return the cells of a field.

        Parameters
        ----------
        field
            Its name.

        Returns
        -------
        CodedColumn | None
            None for a field that is no column of the file.
        """
        index = self._column_of(field)
        return encode(self.staged.raw.columns[index]) if index >= 0 else None

    def reason(self, record: int, field: str, language: Language) -> str:
        """Say what is wrong with a field of a row.

        Parameters
        ----------
        record, field
            Where.
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            One sentence.
        """
        code, params = self.reasons.all[self.columns[field][record]]
        return say(code, language, **(self._params(record, params) or {}))


def reasons_of_cells(cells: CodedColumn, reasons_of_text: Sequence[int]) -> ReasonNumbers | None:
    """Give each cell the reason that was found for its text.

    Parameters
    ----------
    cells
        A column.
    reasons_of_text
        One a text, 0 for none.

    Returns
    -------
    ndarray of uint16, one a cell
        None when no cell has one.
    """
    of_text = np.asarray(reasons_of_text, np.uint16)
    if not of_text.any():
        return None
    found: ReasonNumbers = of_text[view(cells.codes)]
    return found if found.any() else None
