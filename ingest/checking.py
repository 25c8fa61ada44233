"""The whole pure path of one file: read, match, validate, resolve; the answer as a value and as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TextIO

from ingest.choice import AUTOMATIC, Choice
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
from ingest.names import name_key
from ingest.repeats import WARNINGS_SHOWN, find_repeats, row_key
from ingest.resolution import index_items, index_suppliers, resolve
from ingest.sandbox import Reader, read_table
from ingest.validation import validate


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a file holds and what becomes of its rows.

    Attributes
    ----------
    status
        accept, accept_with_row_errors, or reject (a refused file, or one without a single good row).
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

    def good(self) -> Iterator[dict[str, Any]]:
        """Yield each good row.

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
            row: dict[str, Any] = {"row": raw.rows[record]}
            row |= {name: table.values[name][record] if name in table.values else None for name in FIELDS}
            row |= _resolved("supplier", supplier) | _resolved("item", item)
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

    def write_json(self, stream: TextIO, language: Language = "zh") -> None:
        """Write one JSON object row by row, so that a million rows need no second copy.

        Parameters
        ----------
        stream
            Text stream.
        language
            ``zh`` or ``en``.
        """
        stream.write(json.dumps(self._facts(language), ensure_ascii=False)[:-1])
        for name, rows in (("good", self.good()), ("bad", self.bad(language))):
            stream.write(f', "{name}": [')
            for number, row in enumerate(rows):
                text = json.dumps(row, ensure_ascii=False)
                stream.write(f",\n{text}" if number else f"\n{text}")
            stream.write("]")
        stream.write("}\n")

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


def _resolved(kind: str, resolution: Resolution) -> dict[str, Any]:
    near = resolution.key is None or resolution.how == "near"
    return {
        f"{kind}_id": resolution.key,
        f"{kind}_status": resolution.status,
        f"{kind}_suggestions": list(resolution.suggestions) if near else [],
        f"{kind}_match": resolution.how or None,
        f"{kind}_score": resolution.score,
    }


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
    pairs = resolve(_names(table), index_suppliers(suppliers), index_items(items), remembered)
    table, resolutions = _without_repeats(table, pairs)
    warnings = table.warnings + _code_warnings(table, resolutions, suppliers)
    warnings += _near_warnings(table, resolutions, (*suppliers, *items))
    status, code, params = judge(len(table.good), len(table.issues))
    return CheckResult(status, code, params, digest, table, resolutions, warnings)


def judge(good: int, bad: int) -> tuple[Status, str, dict[str, Value]]:
    """Decide what becomes of a file that could be read.

    Parameters
    ----------
    good, bad
        Numbers of rows.

    Returns
    -------
    tuple[Status, str, dict[str, Value]]
        Status, code of the sentence and what it names. A file without a good row is rejected: an exit
        code of 0 would tell a script that something can be imported.
    """
    if not good + bad:
        return "reject", "no-rows", {}
    if not good:
        return "reject", "no-good-rows", {"bad": bad}
    if bad:
        return "accept_with_row_errors", "rows-partly", {"good": good, "bad": bad}
    return "accept", "rows-accepted", {"good": good}


class _NameRows(Sequence[Mapping[str, str | None]]):
    """The names of the good rows, made when they are looked at."""

    def __init__(self, table: ValidatedTable) -> None:
        self.table = table

    def __len__(self) -> int:
        return len(self.table.good)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - Sequence asks for int and slice
        record, values = self.table.good[index], self.table.values
        return {
            name: values[name][record] if name in values else None
            for name in ("supplier", "item", "uscc", "country")
        }


def _names(table: ValidatedTable) -> Sequence[Mapping[str, str | None]]:
    return _NameRows(table)


def _without_repeats(
    table: ValidatedTable, pairs: Sequence[tuple[Resolution, Resolution]]
) -> tuple[ValidatedTable, tuple[tuple[Resolution, Resolution], ...]]:
    """Drop later rows that name the same known supplier and item in other words (rule 8)."""
    pair_of = dict(zip(table.good, pairs, strict=True))

    def key_of(record: int) -> tuple[str, ...]:
        supplier, item, buyer = row_key(table, record)
        supplier_pair, item_pair = pair_of[record]
        # A known id and a written name never meet: ids carry a mark that no name key has.
        return (
            f"\0{supplier_pair.key}" if _is_certain(supplier_pair) else supplier,
            f"\0{item_pair.key}" if _is_certain(item_pair) else item,
            buyer,
        )

    found = dict(find_repeats(table, table.good, key_of))
    if not found:
        return table, tuple(pairs)
    good = [record for record in table.good if record not in found]
    issues = table.issues | {record: (issue,) for record, issue in found.items()}
    ordered = dict(sorted(issues.items()))
    return replace(table, good=good, issues=ordered), tuple(pair_of[record] for record in good)


def _is_certain(resolution: Resolution) -> bool:
    # A person may still say that a near name is another firm, so its rows are no repeats yet.
    return resolution.key is not None and resolution.how != "near"


def _near_warnings(
    table: ValidatedTable,
    resolutions: Sequence[tuple[Resolution, Resolution]],
    known: Sequence[KnownName],
) -> tuple[Warn, ...]:
    """Say which names were placed by their likeness alone."""
    placed = {
        (str(table.values[field][record]), found.key)
        for record, pair in zip(table.good, resolutions, strict=True)
        for field, found in zip(("supplier", "item"), pair, strict=True)
        if found.how == "near"
    }
    if not placed:
        return ()
    names = {name.key: name.names[0] for name in known}
    told = [f"{name} → {names[key or '']}" for name, key in sorted(placed)[:WARNINGS_SHOWN]]
    return (Warn("near-names", {"n": len(placed), "names": "、".join(told)}),)


def _code_warnings(
    table: ValidatedTable,
    resolutions: Sequence[tuple[Resolution, Resolution]],
    suppliers: Sequence[KnownName],
) -> tuple[Warn, ...]:
    """Warn where a credit code led to a firm of another name."""
    codes: list[CellValue] | None = table.values.get("uscc")
    if not codes:
        return ()
    known = {supplier.key: supplier for supplier in suppliers if supplier.uscc}
    warnings = []
    for record, (supplier, _) in zip(table.good, resolutions, strict=True):
        match = known.get(supplier.key or "")
        name = str(table.values["supplier"][record])
        if match and match.uscc == codes[record] and name_key(name) not in map(name_key, match.names):
            params: dict[str, Value] = {
                "row": table.staged.raw.rows[record],
                "known": match.names[0],
                "supplier": name,
            }
            warnings.append(Warn("code-name", params))
    return tuple(warnings[:WARNINGS_SHOWN])
