"""What the reader marked, kept as columns: a file may have a mark in every row."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import overload

from ingest.coded import CODE_TYPE
from ingest.model import VALUE_SHOWN, Mark
from ingest.texts import Texts


class Marks(Sequence[Mark]):
    """Marks in the order in which they were made.

    Parameters
    ----------
    records, columns, codes
        Of each mark: index of the record, 1 + index of the column, index into `reasons`.
    reasons
        Codes of the marks.
    texts
        The cells, cut at what is shown.
    """

    def __init__(
        self,
        records: array[int] | None = None,
        columns: array[int] | None = None,
        codes: array[int] | None = None,
        reasons: Iterable[str] = (),
        texts: Texts | None = None,
    ) -> None:
        self.records = array(CODE_TYPE) if records is None else records
        self.columns = array(CODE_TYPE) if columns is None else columns
        self.codes = array(CODE_TYPE) if codes is None else codes
        self.reasons = list(reasons)
        self.texts = Texts() if texts is None else texts

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Marks:
        """Keep marks as columns.

        Parameters
        ----------
        marks
            In order.

        Returns
        -------
        Marks
            The same.
        """
        kept = cls()
        for mark in marks:
            kept.append(mark)
        return kept

    def append(self, mark: Mark) -> None:
        """Add one mark.

        Parameters
        ----------
        mark
            The next one.
        """
        if mark.code not in self.reasons:
            self.reasons.append(mark.code)
        self.records.append(mark.record)
        self.columns.append(mark.column + 1)
        self.codes.append(self.reasons.index(mark.code))
        self.texts.append(mark.text[:VALUE_SHOWN])

    def by_record(self) -> Marks:
        """Return them in the order of the records.

        Returns
        -------
        Marks
            These when they stand in that order.
        """
        if all(one <= other for one, other in pairwise(self.records)):
            return self
        order = sorted(range(len(self)), key=self.records.__getitem__)
        return Marks.of(self[place] for place in order)

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, index: int) -> Mark: ...

    @overload
    def __getitem__(self, index: slice) -> list[Mark]: ...

    def __getitem__(self, index: int | slice) -> Mark | list[Mark]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        code, text = self.reasons[self.codes[index]], self.texts[index] or ""
        return Mark(self.records[index], self.columns[index] - 1, code, text)

    def __iter__(self) -> Iterator[Mark]:
        parts = zip(self.records, self.columns, self.codes, self.texts, strict=True)
        for record, column, code, text in parts:
            yield Mark(record, column - 1, self.reasons[code], text or "")
