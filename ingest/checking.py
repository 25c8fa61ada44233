"""The whole pure path of one file: read, match, validate, resolve; the answer as a value and as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from ingest.answering import bad_rows_json, describe_issues, describe_resolution, good_rows_json
from ingest.choice import AUTOMATIC, Choice
from ingest.delimited import named_headers
from ingest.errors import UploadRefusedError
from ingest.headers import match_headers
from ingest.issues import IssueTable
from ingest.messages import Language, Value, say
from ingest.model import FIELDS, LIMITS, KnownName, Limits, Status, ValidatedTable, Warn
from ingest.name_warnings import code_warnings, explain_hs_column, hs_warnings, near_warnings
from ingest.numbering import combine, packed, repeated, view
from ingest.placing import NO_PLACEMENTS, Placements, place_names
from ingest.repeats import find_repeats, find_share_sums, find_two_codes, name_ids
from ingest.resolution import index_items, index_suppliers
from ingest.sandbox import Reader, read_table
from ingest.validation import validate


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a file holds and what becomes of its rows.

    Attributes
    ----------
    status
        accept, accept_with_row_errors (perhaps without a good row), or reject (a refused file, or one without
        a single data row).
    code
        Stable code of the message.
    params
        What the message names.
    digest
        SHA-256 of the file.
    table
        The checked table; None when the file was refused.
    resolutions
        Supplier and item of each good row, in order.
    warnings
        What the officer should know.
    """

    status: Status
    code: str
    params: dict[str, Value]
    digest: str
    table: ValidatedTable | None = None
    resolutions: Placements = NO_PLACEMENTS
    warnings: tuple[Warn, ...] = ()

    @property
    def good_count(self) -> int:
        """Number of rows that can be imported."""
        return len(self.table.good) if self.table else 0

    @property
    def bad_count(self) -> int:
        """Number of rows with problems."""
        return len(self.table.issues) if self.table else 0

    def good(self, *, leave_out: bytearray | None = None) -> Iterator[dict[str, Any]]:
        """Yield each good row.

        Parameters
        ----------
        leave_out
            1 at the number of each row to pass over; as long as the greatest row number.

        Yields
        ------
        dict[str, Any]
            ``row``, every field of `COLUMNS` (None when absent), ``supplier_id``, ``supplier_status``,
            ``item_id``, ``item_status``, their suggestions, ``…_match`` (why an id was taken), ``…_score`` of
            a near name, and ``extra`` with the unknown columns as text.
        """
        table = self.table
        if table is None:
            return
        raw, extras = table.staged.raw, table.staged.extras
        for place in _places(table, leave_out):
            record, (supplier, item) = table.good[place], self.resolutions[place]
            row: dict[str, Any] = {"row": raw.rows[record]}
            row |= {name: table.values[name][record] if name in table.values else None for name in FIELDS}
            row |= describe_resolution("supplier", supplier) | describe_resolution("item", item)
            row["extra"] = {name: raw.columns[index][record] for index, name in extras}
            yield row

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
        return say(self.code, language, **self.params)

    def bad(self, language: Language = "zh") -> Iterator[dict[str, Any]]:
        """Yield each bad row once, with its first problem and the others behind it.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Yields
        ------
        dict[str, Any]
            ``row``, ``field``, ``value``, ``reason``, ``code`` and ``more`` (a list of the same).
        """
        for issues in self.table.issues.values() if self.table else ():
            yield describe_issues(issues, language)

    def _facts(self, language: Language) -> dict[str, Any]:
        facts: dict[str, Any] = {"status": self.status, "code": self.code, "message": self.message(language)}
        facts["digest"] = self.digest
        facts["warnings"] = [warning.sentence(language) for warning in self.warnings]
        facts["counts"] = {
            "rows": self.good_count + self.bad_count,
            "good": self.good_count,
            "bad": self.bad_count,
        }
        if self.table:
            raw = self.table.staged.raw
            facts["reading"] = {
                "kind": raw.kind,
                "sheet": raw.sheet,
                "encoding": raw.encoding,
                "separator": raw.separator,
                "header_row": raw.header_row,
                "personal_columns": list(self.table.staged.personal),
            }
        return facts

    def write_json(
        self,
        write: Callable[[bytes], object],
        language: Language = "zh",
        *,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one JSON object piece by piece, so that a million rows need no second copy.

        Parameters
        ----------
        write
            Takes the pieces in order, UTF-8.
        language
            ``zh`` or ``en``.
        told
            Facts to put instead of, or beside, those of the check.
        """
        write(json.dumps(self._facts(language) | dict(told or {}), ensure_ascii=False)[:-1].encode())
        good = good_rows_json(self.table, self.resolutions) if self.table else iter(())
        bad = bad_rows_json(self.table, language) if self.table else iter(())
        for name, blocks in ((b"good", good), (b"bad", bad)):
            write(b', "' + name + b'": [')
            between = b"\n"
            for block in blocks:
                write(between)
                write(block)
                between = b",\n"
            write(b"]")
        write(b"}\n")

    def to_json(self, language: Language = "zh") -> dict[str, Any]:
        """Return the whole answer as plain values.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        dict[str, Any]
            What `write_json` writes.
        """
        return self._facts(language) | {"good": list(self.good()), "bad": list(self.bad(language))}


def _places(table: ValidatedTable, leave_out: bytearray | None) -> Iterable[int]:
    """List the places of the good rows but those to be passed over."""
    if leave_out is None:
        return range(len(table.good))
    numbers = np.asarray(table.staged.raw.rows, np.int64)[view(table.good)]
    places: list[int] = np.flatnonzero(np.frombuffer(leave_out, np.uint8)[numbers] == 0).tolist()
    return places


def check(  # noqa: PLR0913 - a file, all that is known, and how it is read
    content: bytes,
    filename: str,
    *,
    known_suppliers: Iterable[KnownName] = (),
    known_items: Iterable[KnownName] = (),
    limits: Limits = LIMITS,
    buyer: str | None = None,
    remembered: Mapping[str, str] | None = None,
    choice: Choice = AUTOMATIC,
    reader: Reader | None = None,
) -> CheckResult:
    """Check one uploaded file, however broken.

    Parameters
    ----------
    content
        The file.
    filename
        Name as uploaded; only its ending is looked at, and it is never used as a path.
    known_suppliers, known_items
        What the chain knows.
    limits
        What the file may cost.
    buyer
        The firm whose list the whole file is, for rows that name none.
    remembered
        Decisions of earlier uploads, see `ingest.many_names.ManyNames`.
    choice
        What a person decided about reading it.
    reader
        A reader process to use again.

    Returns
    -------
    CheckResult
        Never raises for what a file holds: a refusal is a value with one sentence.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        raw = read_table(content, filename, limits=limits, choice=choice, reader=reader)
        table = validate(match_headers(raw, named=named_headers(choice)), buyer=buyer)
    except UploadRefusedError as refusal:
        return CheckResult("reject", refusal.code, refusal.params, digest)
    suppliers, items = tuple(known_suppliers), tuple(known_items)
    item_index = index_items(items)
    places = place_names(table, index_suppliers(suppliers), item_index, remembered)
    table, places = _without_repeats(table, places)
    told = explain_hs_column(table, is_used=bool(item_index.by_code))
    warnings = [*told, *find_share_sums(table, places.item.certain_ids()), *find_two_codes(table)]
    warnings += code_warnings(table, places, suppliers)
    warnings += [*near_warnings(places, (*suppliers, *items)), *hs_warnings(places, items)]
    status, code, params = judge(len(table.good), len(table.issues))
    return CheckResult(status, code, params, digest, table, places, tuple(warnings))


def judge(good: int, bad: int) -> tuple[Status, str, dict[str, Value]]:
    """Decide what becomes of a file that could be read.

    Parameters
    ----------
    good, bad
        Numbers of rows.

    Returns
    -------
    tuple[Status, str, dict[str, Value]]
        Status, code of the sentence and what it names. A file whose rows are all bad was read: its rows are
        refused one by one, the file is not.
    """
    if not good + bad:
        return "reject", "no-rows", {}
    if not good:
        return "accept_with_row_errors", "no-good-rows", {"bad": bad}
    if bad:
        return "accept_with_row_errors", "rows-partly", {"good": good, "bad": bad}
    return "accept", "rows-accepted", {"good": good}


def _without_repeats(table: ValidatedTable, places: Placements) -> tuple[ValidatedTable, Placements]:
    """Drop later rows that name the same known supplier and item in other words (rule 8)."""
    buyers, good = table.values.get("buyer"), view(table.good)
    keys = combine(places.supplier.certain_ids(), places.item.certain_ids())
    if buyers is not None:
        keys = combine(keys, name_ids(buyers)[good])
    found = tuple(find_repeats(table, good, keys)) if repeated(keys).any() else ()
    if not found:
        return table, places
    issues = cast("IssueTable", table.issues).copy()
    for repeat in found:
        issues.put_repeat(repeat.record, repeat.field, repeat.code, first=repeat.first)
    kept = np.flatnonzero(~issues.bad[good])
    return replace(table, good=packed(good[kept]), issues=issues), places.keep(kept)
