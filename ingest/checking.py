"""The whole pure path of one file: read, match, validate, resolve; the answer as a value and as JSON."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from ingest.answering import describe_resolution, good_rows_json
from ingest.choice import AUTOMATIC, Choice
from ingest.coded import CODE_TYPE
from ingest.delimited import named_headers
from ingest.errors import UploadRefusedError
from ingest.headers import match_headers
from ingest.messages import Language, Value, say
from ingest.model import (
    FIELDS,
    LIMITS,
    CellValue,
    KnownName,
    Limits,
    Resolution,
    RowIssue,
    Status,
    ValidatedTable,
    Warn,
)
from ingest.name_warnings import code_warnings, near_warnings
from ingest.repeats import (
    combine,
    find_repeats,
    find_share_sums,
    find_two_codes,
    name_ids,
)
from ingest.resolution import Named, NameIndex, index_items, index_suppliers, resolve_different
from ingest.sandbox import Reader, read_table
from ingest.validation import validate

Key = TypeVar("Key")


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
    resolutions: tuple[tuple[Resolution, Resolution], ...] = ()
    warnings: tuple[Warn, ...] = ()

    @property
    def good_count(self) -> int:
        """Number of rows that can be imported."""
        return len(self.table.good) if self.table else 0

    @property
    def bad_count(self) -> int:
        """Number of rows with problems."""
        return len(self.table.issues) if self.table else 0

    def good(self, *, leave_out: Container[int] = ()) -> Iterator[dict[str, Any]]:
        """Yield each good row.

        Parameters
        ----------
        leave_out
            Row numbers to pass over.

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
        for record, (supplier, item) in zip(table.good, self.resolutions, strict=True):
            if raw.rows[record] in leave_out:
                continue
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
            first, *others = [_describe(issue, language) for issue in issues]
            yield first | {"more": others}

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
        write: Callable[[str], object],
        language: Language = "zh",
        *,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one JSON object piece by piece, so that a million rows need no second copy.

        Parameters
        ----------
        write
            Takes the pieces in order.
        language
            ``zh`` or ``en``.
        told
            Facts to put instead of, or beside, those of the check.
        """
        write(json.dumps(self._facts(language) | dict(told or {}), ensure_ascii=False)[:-1])
        good = good_rows_json(self.table, self.resolutions) if self.table else iter(())
        bad = ([json.dumps(row, ensure_ascii=False)] for row in self.bad(language))
        for name, blocks in (("good", good), ("bad", bad)):
            write(f', "{name}": [')
            between = "\n"
            for block in blocks:
                write(between + ",\n".join(block))
                between = ",\n"
            write("]")
        write("}\n")

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


def _describe(issue: RowIssue, language: Language) -> dict[str, Any]:
    described: dict[str, Any] = {"row": issue.row, "field": issue.field, "value": issue.value}
    return described | {"reason": issue.reason(language), "code": issue.code}


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
        Decisions of earlier uploads, see `ingest.resolution.resolve`.
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
    pairs = _resolve(table, index_suppliers(suppliers), index_items(items), remembered)
    table, resolutions = _without_repeats(table, pairs)
    items_of_rows = _ids(table, resolutions, "item")
    warnings = [*table.warnings, *find_share_sums(table, items_of_rows), *find_two_codes(table)]
    warnings += code_warnings(table, resolutions, suppliers)
    warnings += near_warnings(table, resolutions, (*suppliers, *items))
    status, code, params = judge(len(table.good), len(table.issues))
    return CheckResult(status, code, params, digest, table, resolutions, tuple(warnings))


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


def _resolve(
    table: ValidatedTable, suppliers: NameIndex, items: NameIndex, remembered: Mapping[str, str] | None
) -> list[tuple[Resolution, Resolution]]:
    """Resolve the names of the good rows, each different one once."""
    absent = [None] * table.data_rows
    columns = [table.values.get(name, absent) for name in ("supplier", "uscc", "country")]
    firms, firm_of = _numbered(_named(*(column[record] for column in columns)) for record in table.good)
    found = resolve_different("supplier", firms, suppliers, remembered)
    del firms
    things, thing_of = _numbered(str(table.values["item"][record]) for record in table.good)
    found_things = resolve_different("item", things, items, remembered)
    # Most names of a long list stand for nothing known: their rows share one pair.
    shared: dict[tuple[int, int], tuple[Resolution, Resolution]] = {}
    return [
        shared.setdefault((id(found[firm]), id(found_things[thing])), (found[firm], found_things[thing]))
        for firm, thing in zip(firm_of, thing_of, strict=True)
    ]


def _named(supplier: CellValue, uscc: CellValue, country: CellValue) -> str | Named:
    """Take a name alone where nothing stands beside it."""
    name = _text(supplier) or ""
    return name if uscc is None and country is None else (name, _text(uscc), _text(country))


def _numbered(keys: Iterable[Key]) -> tuple[list[Key], array[int]]:
    """Return the different keys, and the number of each key among them."""
    first: dict[Key, int] = {}
    numbers = array(CODE_TYPE, (first.setdefault(key, len(first)) for key in keys))
    return list(first), numbers


def _text(value: CellValue) -> str | None:
    return value if isinstance(value, str) else None


def _ids(
    table: ValidatedTable, pairs: Sequence[tuple[Resolution, Resolution]], name: Literal["supplier", "item"]
) -> array[int]:
    """Give the firms or things of the good rows numbers: by known id, else by name."""
    side = 0 if name == "supplier" else 1
    values = table.values[name]
    # A known id and a written name never meet: ids carry a mark that no name has.
    return name_ids(
        f"\0{pair[side].key}" if _is_certain(pair[side]) else values[record]
        for record, pair in zip(table.good, pairs, strict=True)
    )


def _without_repeats(
    table: ValidatedTable, pairs: Sequence[tuple[Resolution, Resolution]]
) -> tuple[ValidatedTable, tuple[tuple[Resolution, Resolution], ...]]:
    """Drop later rows that name the same known supplier and item in other words (rule 8)."""
    buyers = table.values.get("buyer")
    bought = name_ids(buyers[record] for record in table.good) if buyers else [0] * len(table.good)
    keys = combine(_ids(table, pairs, "supplier"), _ids(table, pairs, "item"), bought)
    found = dict(find_repeats(table, table.good, keys)) if len(set(keys)) < len(keys) else {}
    if not found:
        return table, tuple(pairs)
    pair_of = dict(zip(table.good, pairs, strict=True))
    good = [record for record in table.good if record not in found]
    issues = table.issues | {record: (issue,) for record, issue in found.items()}
    ordered = dict(sorted(issues.items()))
    return replace(table, good=good, issues=ordered), tuple(pair_of[record] for record in good)


def _is_certain(resolution: Resolution) -> bool:
    # A person may still say that a near name is another firm, so its rows are no repeats yet.
    return resolution.key is not None and resolution.how != "near"
