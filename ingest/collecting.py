"""Records of a file become columns of text, within the limits of memory."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Final

from ingest.errors import UploadRefusedError
from ingest.model import Cells, Limits, Mark, RawTable
from ingest.parsing import STRAY, drop_zero_width

resource: ModuleType | None = None
with contextlib.suppress(ImportError):  #  # Windows has no resource limits; time and table size still hold
    resource = importlib.import_module("resource")

SHARED_TEXTS: Final = 20_000
CHECK_EVERY: Final = 50_000
# A longer text is bad in every column of ours and shown cut; kept whole, a few cells could fill the memory.
TEXT_KEPT: Final = 4000
SKETCHED_ROWS: Final = 60
SKETCHED_COLUMNS: Final = 100
SKETCHED_TEXT: Final = 200


def is_blank(text: str | None) -> bool:
    """Tell whether a cell shows nothing.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    bool
        True for None, blanks and zero-width characters.
    """
    if not text:
        return True
    return not text[0].isalnum() and not drop_zero_width(text).strip(STRAY)


class Budget:
    """Counts what reading costs and refuses in time.

    Parameters
    ----------
    limits
        Rows, columns and cells.
    upload_size
        Bytes as uploaded; decides how much resident memory is allowed.
    """

    def __init__(self, limits: Limits, upload_size: int) -> None:
        self.limits = limits
        self.resident = limits.resident_for(upload_size)
        self.ticks = 0

    def tick(self, weight: int = 1) -> None:
        """Count what was read; now and then look at the memory.

        Parameters
        ----------
        weight
            Cells, or strings.

        Raises
        ------
        UploadRefusedError
            ``reader-memory`` when the process holds more than allowed.
        """
        self.ticks += weight
        if self.ticks < CHECK_EVERY:
            return
        self.ticks = 0
        if resident_bytes() > self.resident:
            raise UploadRefusedError("reader-memory")


def resident_bytes() -> int:
    """Return the resident memory of this process in bytes, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * 4096
    except OSError:
        pass
    if resource is None:
        return 0
    peak: int = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Collector:
    """Grows the columns of a table record by record; wholly blank records are left out.

    Parameters
    ----------
    header
        Texts of the header row, one a column.
    budget
        What may be used.
    """

    def __init__(self, header: Iterable[str], budget: Budget) -> None:
        self.header = list(header)
        self.budget = budget
        self.rows: list[int] = []
        self.columns: list[Cells] = [[] for _ in self.header]
        self.shared: list[dict[str, str]] = [{} for _ in self.header]
        self.marks: list[Mark] = []
        self._check_width()

    def _check_width(self) -> None:
        limits = self.budget.limits
        if len(self.header) > limits.columns:
            raise UploadRefusedError("too-many-columns", limit=limits.columns)

    def widen(self, width: int) -> None:
        """Add nameless columns up to `width`.

        Parameters
        ----------
        width
            Number of columns.

        Raises
        ------
        UploadRefusedError
            ``too-many-columns``.
        """
        if width > self.budget.limits.columns:
            raise UploadRefusedError("too-many-columns", limit=self.budget.limits.columns)
        while len(self.columns) < width:
            self.header.append("")
            self.columns.append([None] * len(self.rows))
            self.shared.append({})

    def add(self, row: int, cells: list[str | None]) -> bool:
        """Add one record; cells past the header are the caller's to mark.

        Parameters
        ----------
        row
            1-based line or sheet row.
        cells
            Texts, possibly fewer than columns.

        Returns
        -------
        bool
            False when the record is wholly blank and was left out.

        Raises
        ------
        UploadRefusedError
            ``too-many-rows`` or ``reader-memory``.
        """
        self.budget.tick(len(cells) + 1)
        if all(map(is_blank, cells)):
            return False
        limits = self.budget.limits
        if len(self.rows) >= limits.rows:
            raise UploadRefusedError("too-many-rows", limit=limits.rows)
        if len(self.rows) * len(self.columns) > limits.cells:
            raise UploadRefusedError("reader-memory")
        self.rows.append(row)
        for index, (column, text, shared) in enumerate(zip(self.columns, cells, self.shared, strict=False)):
            column.append(_share(text, shared) if text else None)
            if text and len(text) > TEXT_KEPT:
                self.mark(index, "cell-too-long", text)
        for column in self.columns[len(cells) :]:
            column.append(None)
        return True

    def mark(self, column: int, code: str, text: str) -> None:
        """Note that a cell of the last record cannot be good.

        Parameters
        ----------
        column
            Column index, -1 for the whole record.
        code
            Reason.
        text
            The cell as in the file.
        """
        self.marks.append(Mark(len(self.rows) - 1, column, code, text[:TEXT_KEPT]))

    def finish(self, kind: str, header_row: int) -> RawTable:
        """Close the table.

        Parameters
        ----------
        kind
            ``csv`` or ``xlsx``.
        header_row
            1-based place of the header, 0 when there is none.

        Returns
        -------
        RawTable
            Without what only the caller knows (sheet, encoding).
        """
        return RawTable(kind, tuple(self.header), header_row, self.rows, self.columns, tuple(self.marks))


def sketch(kind: str, records: Sequence[tuple[int, Sequence[str | None]]]) -> RawTable:
    """Lay the first records of a file side by side, without a header.

    Parameters
    ----------
    kind
        ``csv`` or ``xlsx``.
    records
        1-based line or sheet row, and the texts of each.

    Returns
    -------
    RawTable
        `header_row` is 0 and the header blank; long texts are cut.
    """
    width = min(max((len(cells) for _, cells in records), default=0), SKETCHED_COLUMNS)
    columns: list[Cells] = [
        [cells[at][:SKETCHED_TEXT] if at < len(cells) and cells[at] else None for _, cells in records]  # type: ignore[index]
        for at in range(width)
    ]
    return RawTable(kind, ("",) * width, 0, [row for row, _ in records], columns)


def _share(text: str, shared: dict[str, str]) -> str:
    """Keep one copy of a text that a column repeats."""
    known = shared.get(text)
    if known is not None:
        return known
    kept = text if len(text) <= TEXT_KEPT else text[:TEXT_KEPT]
    if len(shared) < SHARED_TEXTS:
        shared[kept] = kept
    return kept
