"""Records of a file become columns of text, within the limits of memory."""

from __future__ import annotations

import contextlib
import importlib
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Final

from ingest.coded import CODE_TYPE, TEXT_KEPT, Coder, is_blank
from ingest.errors import UploadRefusedError
from ingest.marks import Marks
from ingest.model import Cells, Limits, Mark, RawTable

resource: ModuleType | None = None
with contextlib.suppress(ImportError):  #  # Windows has no resource limits; time and table size still hold
    resource = importlib.import_module("resource")

CHECK_EVERY: Final = 50_000
SKETCHED_ROWS: Final = 60
SKETCHED_COLUMNS: Final = 100
SKETCHED_TEXT: Final = 200


class Budget:
    """Counts what reading costs and refuses in time.

    Parameters
    ----------
    limits
        Rows, columns and cells.
    upload_size
        Bytes as uploaded; decides how much resident memory is allowed.
    progress
        Is told how much is read, 0 to 1.
    """

    def __init__(
        self, limits: Limits, upload_size: int, *, progress: Callable[[float], object] | None = None
    ) -> None:
        self.progress = progress
        self.limits = limits
        self.resident = limits.resident_for(upload_size)
        self.ticks = 0

    def advance(self, done: float) -> None:
        """Tell how much of the file is read.

        Parameters
        ----------
        done
            0 to 1.
        """
        if self.progress is not None:
            self.progress(done)

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
    """Grows the columns of a table; wholly blank records are left out.

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
        self.rows: array[int] = array(CODE_TYPE)
        self.columns = [Coder(len(self.header)) for _ in self.header]
        self.marks = Marks()
        self._check_width(len(self.header))

    def _check_width(self, width: int) -> None:
        limits = self.budget.limits
        if width > limits.columns:
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
        self._check_width(width)
        while len(self.columns) < width:
            self.header.append("")
            coder = Coder(width)
            coder.extend([None] * len(self.rows))
            self.columns.append(coder)

    def add(self, row: int, cells: Sequence[str | None]) -> bool:
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
        """
        self.budget.tick(len(cells) + 1)
        if all(map(is_blank, cells)):
            return False
        for coder, cell in zip(self.columns, cells, strict=False):
            coder.codes.append(coder[cell])
        for coder in self.columns[len(cells) :]:
            coder.codes.append(0)
        self._count([row])
        return True

    def add_block(self, rows: Sequence[int], block: Sequence[Sequence[str | None]]) -> None:
        """Add several records at once, column by column.

        Parameters
        ----------
        rows
            1-based lines or sheet rows, ascending.
        block
            The records' cells, one sequence a column; columns that are missing at the end are blank.

        Raises
        ------
        UploadRefusedError
            ``too-many-rows`` or ``reader-memory``.
        """
        self.budget.tick(len(rows) * (len(block) + 1))
        codes = [coder.extend(cells) for coder, cells in zip(self.columns, block, strict=False)]
        for coder in self.columns[len(block) :]:
            coder.codes.extend([0] * len(rows))
        blank = self._find_blank(codes, len(rows))
        kept = [row for place, row in enumerate(rows) if place not in blank] if blank else rows
        if blank:
            self._leave_out(blank, len(rows))
        self._count(kept)

    def _count(self, rows: Sequence[int]) -> None:
        self.rows.extend(rows)
        limits = self.budget.limits
        if len(self.rows) > limits.rows:
            raise UploadRefusedError("too-many-rows", limit=limits.rows)
        if len(self.rows) * len(self.columns) > limits.cells:
            raise UploadRefusedError("reader-memory")

    def _find_blank(self, codes: list[array[int]], count: int) -> set[int]:
        blank: set[int] | None = None
        for coder, column in zip(self.columns, codes, strict=False):
            if coder.blanks.isdisjoint(column):
                return set()
            found = {place for place, code in enumerate(column) if code in coder.blanks}
            blank = found if blank is None else blank & found
            if not blank:
                return blank
        return set(range(count)) if blank is None else blank

    def _leave_out(self, blank: set[int], count: int) -> None:
        for coder in self.columns:
            start = len(coder.codes) - count
            coder.codes[start:] = array(
                CODE_TYPE, (code for place, code in enumerate(coder.codes[start:]) if place not in blank)
            )

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
        columns = [coder.column() for coder in self.columns]
        for index, (coder, column) in enumerate(zip(self.columns, columns, strict=True)):
            for record, code in column.find(coder.cut):
                self.marks.append(Mark(record, index, "cell-too-long", column.texts[code] or ""))
        marks = self.marks.by_record()
        return RawTable(kind, tuple(self.header), header_row, self.rows, columns, marks)


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
