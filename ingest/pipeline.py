"""From a checked file to rows with ids: known names, what a person decided, and what is left to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from chains.model import Item
from ingest.checking import CheckResult
from ingest.model import FIELDS, CellValue, KnownName, MatchStatus, Resolution
from ingest.names import name_key
from ingest.numbering import Flags, different, view
from ingest.placing import Side, certain_id
from ingest.resolution import NameIndex, index_suppliers, resolve_name

NameKind: TypeAlias = Literal["supplier", "item"]
MOST_BUYERS: Final = 10_000
"""So many buyers of a list are looked for among near names; further ones wait for a person."""
NEW: Final = "new"
"""The decision that a name is a firm of its own, not known before."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A good row of a list on its way to a fact.

    Attributes
    ----------
    row
        1-based line or sheet row of the file.
    cells
        Field name to typed value; absent cells are left out.
    extra
        Unknown columns by header, as text.
    supplier_id, item_id, buyer_id
        What the names stand for; None when that is not decided, and for a buyer also when the row has none.
    """

    row: int
    cells: Mapping[str, CellValue]
    extra: Mapping[str, str | None]
    supplier_id: str | None = None
    item_id: str | None = None
    buyer_id: str | None = None

    def text(self, field: str) -> str | None:
        """Text of a field; None when absent."""
        value = self.cells.get(field)
        return None if value is None else str(value)

    def number(self, field: str) -> float | None:
        """Return the number in a field; None when absent."""
        value = self.cells.get(field)
        return value if isinstance(value, float) else None


@dataclass(frozen=True, slots=True)
class Question:
    """A name that only a person can place.

    Attributes
    ----------
    kind
        supplier (also a buyer) or item.
    name
        As in the list, at its first row.
    key
        For the decisions: ``supplier:<name_key>`` or ``item:<name_key>``.
    status
        suggested or unknown.
    suggestions
        Known ids that look near, best first.
    rows
        How many rows wait for the answer.
    is_buyer
        Whether it names the firm whose list it is.
    taken
        The id that its likeness alone led to, above the measured threshold; a person can say otherwise.
    score
        How alike that one is, 0 to 100.
    """

    kind: NameKind
    name: str
    key: str
    status: MatchStatus
    suggestions: tuple[str, ...]
    rows: int
    is_buyer: bool = False
    taken: str | None = None
    score: float | None = None


def list_rows(
    result: CheckResult,
    suppliers: Iterable[KnownName],
    *,
    decisions: Mapping[str, str],
    leave_out: bytearray | None = None,
) -> tuple[ListRow, ...]:
    """Give the good rows of a checked file the ids that names, codes and decisions lead to.

    Parameters
    ----------
    result
        A checked file.
    suppliers
        As given to the check; buyers are looked up here.
    decisions
        Key of a `Question` to an id, or `NEW`, which leaves the id open.
    leave_out
        1 at the number of each row to pass over, see `undecided_rows`.

    Returns
    -------
    tuple of ListRow
        In the order of the file. A name that was placed by its likeness has an id only when the decisions
        say so too: a person has seen it, or a command took it and says it.
    """
    buyers = BuyerNames(index_suppliers(suppliers))
    return tuple(_list_row(row, buyers, decisions) for row in result.good(leave_out=leave_out))


class BuyerNames:
    """Looks up each buyer once.

    Parameters
    ----------
    index
        Known firms.
    """

    def __init__(self, index: NameIndex) -> None:
        self.index = index
        self.seen: dict[str, tuple[str | None, MatchStatus, tuple[str, ...]]] = {}
        self.ids: dict[str, str | None] = {}

    def known_id(self, name: str) -> str | None:
        """Find the id of a buyer that is certain, which needs no search among near names.

        Parameters
        ----------
        name
            As in the list.

        Returns
        -------
        str | None
            None for a buyer that a person has to place.
        """
        if name not in self.ids:
            self.ids[name] = resolve_name(name, self.index, search=False).key
        return self.ids[name]

    def look_up(self, name: str) -> tuple[str | None, MatchStatus, tuple[str, ...]]:
        """Find the id, status and near ids of a buyer's name."""
        if name not in self.seen:
            found = resolve_name(name, self.index)
            self.seen[name] = (found.key, found.status, found.suggestions)
        return self.seen[name]


def _list_row(row: dict[str, Any], buyers: BuyerNames, decisions: Mapping[str, str]) -> ListRow:
    buyer = row["buyer"]
    return ListRow(
        row["row"],
        {name: row[name] for name in FIELDS if row[name] is not None},
        row["extra"],
        _certain_id(row, "supplier") or _decided(decisions, "supplier", row["supplier"]),
        _certain_id(row, "item") or _decided(decisions, "item", row["item"]),
        None if buyer is None else buyers.known_id(buyer) or _decided(decisions, "supplier", buyer),
    )


def _certain_id(row: dict[str, Any], kind: NameKind) -> str | None:
    found: str | None = row[f"{kind}_id"]
    return None if row[f"{kind}_match"] == "near" else found


def _key(kind: NameKind, name: str) -> str:
    return f"{kind}:{name_key(name)}"


def _decided(decisions: Mapping[str, str], kind: NameKind, name: str) -> str | None:
    target = decisions.get(f"{kind}:{name_key(name)}")
    return None if target == NEW else target


def find_questions(result: CheckResult, suppliers: Iterable[KnownName]) -> tuple[Question, ...]:
    """List the names of a checked file that a person has to place.

    Parameters
    ----------
    result
        A checked file.
    suppliers
        As given to the check.

    Returns
    -------
    tuple of Question
        Buyers first, then items and suppliers, each in the order of the file. An unknown buyer is among
        them, though a command takes it for a new firm, and so are names that were placed by likeness.
    """
    found: dict[tuple[bool, str], Question] = {}

    def ask(name: str, kind: NameKind, resolution: Resolution, rows: int, *, buyer: bool = False) -> None:
        question = found.setdefault((buyer, _key(kind, name)), _ask(name, kind, resolution, buyer=buyer))
        found[buyer, question.key] = replace(question, rows=question.rows + rows)

    index = index_suppliers(suppliers)
    for name, rows in _buyers(result).items():
        if (resolution := resolve_name(name, index)).key is None:
            ask(name, "supplier", resolution, rows, buyer=True)
    kinds: tuple[tuple[NameKind, Side], ...] = (
        ("item", result.resolutions.item),
        ("supplier", result.resolutions.supplier),
    )
    for kind, side in kinds:
        for name, resolution, rows in zip(side.names, side.found, side.counts.tolist(), strict=True):
            if certain_id(resolution) is None:
                ask(name, kind, resolution, rows)
    return tuple(found.values())


def _buyers(result: CheckResult) -> dict[str, int]:
    """Count the good rows of each buyer, in the order of the file."""
    table, counts = result.table, Counter[str]()
    if table is None or "buyer" not in table.values:
        return counts
    column = table.values["buyer"]
    codes = view(column.codes)[view(table.good)].astype(np.int64)
    first, which = different(codes)
    for code, rows in zip(codes[first].tolist(), np.bincount(which).tolist(), strict=True):
        name = column.of_code[code]
        if name is not None:
            counts[str(name)] += rows
    return counts


def undecided_rows(result: CheckResult, decisions: Mapping[str, str]) -> bytearray:
    """Tell which good rows name a supplier or an item that nobody has placed, without making the rows.

    Parameters
    ----------
    result
        A checked file.
    decisions
        Key of a question to an id, or `NEW`.

    Returns
    -------
    bytearray
        1 at the number of each such row: a million of them take a megabyte.
    """
    if result.table is None:
        return bytearray()
    places, raw = result.resolutions, result.table.staged.raw
    waits = _waits("supplier", places.supplier, decisions) | _waits("item", places.item, decisions)
    rows = np.asarray(raw.rows, np.int64)
    flags = np.zeros(int(rows.max(initial=0)) + 1, np.uint8)
    flags[rows[view(result.table.good)]] = waits
    return bytearray(flags.tobytes())


def _waits(kind: NameKind, side: Side, decisions: Mapping[str, str]) -> Flags:
    """Tell for each good row whether nobody placed its name."""
    waits = np.array([certain_id(found) is None for found in side.found], np.bool_)
    if decisions:
        waits &= np.array([f"{kind}:{key}" not in decisions for key in side.keys], np.bool_)
    return waits[view(side.rows)]


def _ask(name: str, kind: NameKind, resolution: Resolution, *, buyer: bool) -> Question:
    near = resolution.suggestions if resolution.key is None or resolution.how == "near" else ()
    key = _key(kind, name)
    return Question(
        kind, name, key, resolution.status, near, 0, buyer, taken=resolution.key, score=resolution.score
    )


def decide_unasked(questions: Iterable[Question]) -> dict[str, str]:
    """Decide what a command decides, which can ask nobody.

    Parameters
    ----------
    questions
        From `find_questions`.

    Returns
    -------
    dict
        Buyers like whom nobody is known are new firms, and names placed by their likeness stay so. Buyers
        with near names and all other questions are left for a person.
    """
    questions = tuple(questions)
    fresh = {each.key: NEW for each in questions if each.is_buyer and each.status == "unknown"}
    return fresh | {each.key: each.taken for each in questions if each.taken is not None}


def decide_without_asking(result: CheckResult, suppliers: Iterable[KnownName]) -> dict[str, str]:
    """Decide what `decide_unasked` decides on `find_questions`, without making a question of each name.

    Parameters
    ----------
    result
        A checked file.
    suppliers
        As given to the check.

    Returns
    -------
    dict
        Key of a question to an id, or `NEW`.
    """
    index = index_suppliers(suppliers)
    fresh: dict[str, str] = {}
    asked: set[str] = set()
    for name in islice(_buyers(result), MOST_BUYERS):
        key, found = _key("supplier", name), resolve_name(name, index)
        if found.key is None and key not in asked:
            asked.add(key)
            fresh |= {key: NEW} if found.status == "unknown" else {}
    places = result.resolutions
    return fresh | _taken("item", places.item) | _taken("supplier", places.supplier)


def _taken(kind: NameKind, side: Side) -> dict[str, str]:
    """Find the names that were placed by their likeness; the first row of a name decides."""
    if all(found.how != "near" for found in side.found):
        return {}
    near = {key for key, found in zip(side.keys, side.found, strict=True) if found.how == "near"}
    first: dict[str, str | None] = {}
    for key, found in zip(side.keys, side.found, strict=True):
        if key in near and certain_id(found) is None:
            first.setdefault(f"{kind}:{key}", found.key)
    return {key: target for key, target in first.items() if target is not None}


def find_item(word: str, items: Iterable[Item]) -> str | None:
    """Find an item by id or whole name.

    Parameters
    ----------
    word
        As typed.
    items
        Items to choose from.

    Returns
    -------
    str or None
        None when no item, or more than one, has the name.
    """
    wanted = name_key(word)
    names = ((item.item_id, (item.item_id, item.name_zh, item.name_en)) for item in items)
    found = [item_id for item_id, spellings in names if wanted in map(name_key, filter(None, spellings))]
    return found[0] if len(found) == 1 else word if word in found else None
