"""What a list of another kind is once it was checked: good rows, bad rows, and the answer as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.lists.cells import EntryValue
from ingest.lists.columns import LIST_COLUMNS
from ingest.messages import Language, Value
from ingest.messages import say as say_code
from ingest.model import RowIssue, Status, Warn


@dataclass(frozen=True, slots=True)
class Entry:
    """A good row of a list.

    Attributes
    ----------
    row
        1-based line or sheet row.
    cells
        Field to value; absent cells are left out.
    extra
        Unknown columns by header, as text.
    target
        What it is about, once that is known: a node as ``scope:key``, or an item.
    """

    row: int
    cells: Mapping[str, EntryValue]
    extra: Mapping[str, str | None]
    target: str | None = None

    def text(self, field: str) -> str | None:
        """Text of a field; None when absent."""
        value = self.cells.get(field)
        return None if value is None else str(value)

    def number(self, field: str) -> float | None:
        """Return the number in a field; None when absent."""
        value = self.cells.get(field)
        return value if isinstance(value, float) else None


@dataclass(frozen=True)
class ListCheck:
    """What a file holds; the same answer as for supplier lists.

    Attributes
    ----------
    kind
        Key of `ingest.lists.columns.LIST_COLUMNS`.
    status, code, params
        As in `ingest.checking.CheckResult`.
    digest
        SHA-256 of the file.
    entries
        Good rows.
    issues
        Bad rows: line to its problems, first in the order of the columns.
    warnings
        What the officer should know.
    reading
        How the file was read.
    """

    kind: str
    status: Status
    code: str
    params: Mapping[str, Value]
    digest: str
    entries: tuple[Entry, ...] = ()
    issues: Mapping[int, tuple[RowIssue, ...]] = ()  # type: ignore[assignment]
    warnings: tuple[Warn, ...] = ()
    reading: Mapping[str, Any] | None = None

    @property
    def refused(self) -> bool:
        """Whether no row can be imported."""
        return self.status == "reject"

    @property
    def good_count(self) -> int:
        """Number of rows that can be imported."""
        return len(self.entries)

    @property
    def bad_count(self) -> int:
        """Number of rows with problems."""
        return len(self.issues)

    def message(self, language: Language = "zh") -> str:
        """Say in one sentence what becomes of the file.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            One sentence without path or traceback.
        """
        return say_code(self.code, language, **self.params)

    def bad(self, language: Language = "zh") -> Iterator[dict[str, Any]]:
        """Yield each bad row once, with its first problem and the others behind it.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Yields
        ------
        dict
            As `ingest.checking.CheckResult.bad`.
        """
        for line in sorted(self.issues):
            first, *others = [_describe(issue, language) for issue in self.issues[line]]
            yield first | {"more": others}

    def to_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the whole answer as plain values.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        dict
            The same fields as for a supplier list, and ``kind``.
        """
        counts = {"rows": self.good_count + self.bad_count, "good": self.good_count, "bad": self.bad_count}
        names = [column.name for column in LIST_COLUMNS[self.kind]]
        good: list[dict[str, Any]] = [
            {
                "row": entry.row,
                **{name: entry.cells.get(name) for name in names},
                "target": entry.target,
                "extra": dict(entry.extra),
            }
            for entry in self.entries
        ]
        answer: dict[str, Any] = {
            "status": self.status,
            "code": self.code,
            "message": self.message(language),
            "digest": self.digest,
            "kind": self.kind,
            "warnings": [warning.sentence(language) for warning in self.warnings],
            "counts": counts,
        }
        if self.reading is not None:
            answer["reading"] = dict(self.reading)
        return answer | {"good": good, "bad": list(self.bad(language))}


def _describe(issue: RowIssue, language: Language) -> dict[str, Any]:
    described: dict[str, Any] = {"row": issue.row, "field": issue.field, "value": issue.value}
    return described | {"reason": issue.reason(language), "code": issue.code}
