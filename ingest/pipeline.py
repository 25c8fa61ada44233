"""From a checked file to rows with ids: known names, what a person decided, and what is left to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from chains.model import Item
from ingest.checking import CheckResult
from ingest.model import FIELDS, CellValue, KnownName, MatchStatus, Resolution
from ingest.names import name_key
from ingest.resolution import NameIndex, index_suppliers, resolve_name

NameKind: TypeAlias = Literal["supplier", "item"]
_KINDS: Final[tuple[NameKind, NameKind]] = ("supplier", "item")
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
    leave_out: Container[int] = (),
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
        Row numbers to pass over.

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
        None if buyer is None else buyers.look_up(buyer)[0] or _decided(decisions, "supplier", buyer),
    )


def _certain_id(row: dict[str, Any], kind: NameKind) -> str | None:
    found: str | None = row[f"{kind}_id"]
    return None if row[f"{kind}_match"] == "near" else found


def _certain(resolution: Resolution) -> str | None:
    return None if resolution.how == "near" else resolution.key


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
    for name, rows in Counter(_cells(result, "buyer")).items():
        if name is not None and (resolution := resolve_name(str(name), index)).key is None:
            ask(str(name), "supplier", resolution, rows, buyer=True)
    kinds: tuple[tuple[NameKind, int], ...] = (("item", 1), ("supplier", 0))
    for kind, side in kinds:
        by_id = {id(pair[side]): pair[side] for pair in result.resolutions}
        named = zip(_cells(result, kind), (id(pair[side]) for pair in result.resolutions), strict=True)
        for (name, which), rows in Counter(named).items():
            if _certain(by_id[which]) is None:
                ask(str(name), kind, by_id[which], rows)
    return tuple(found.values())


def _cells(result: CheckResult, field: str) -> list[CellValue]:
    """Return one field of the good rows."""
    table = result.table
    values = table.values.get(field) if table else None
    return [values[record] for record in table.good] if table and values else []


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
    placed = {
        (side, name)
        for side, kind in enumerate(_KINDS)
        for name in (set(_cells(result, kind)) if decisions else ())
        if decisions.get(_key(kind, str(name))) is not None
    }
    rows = result.table.staged.raw.rows
    flags = bytearray(max(rows, default=0) + 1)
    named = zip(_cells(result, "supplier"), _cells(result, "item"), strict=True)
    for record, pair, (supplier, item) in zip(result.table.good, result.resolutions, named, strict=True):
        flags[rows[record]] = (_certain(pair[0]) is None and (0, supplier) not in placed) or (
            _certain(pair[1]) is None and (1, item) not in placed
        )
    return flags


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
    buyers = [str(name) for name in dict.fromkeys(_cells(result, "buyer")) if name is not None]
    fresh: dict[str, str] = {}
    asked: set[str] = set()
    for name in buyers:
        key, found = _key("supplier", name), resolve_name(name, index)
        if found.key is None and key not in asked:
            asked.add(key)
            fresh |= {key: NEW} if found.status == "unknown" else {}
    return fresh | _taken(result, "item", 1) | _taken(result, "supplier", 0)


def _taken(result: CheckResult, kind: NameKind, side: int) -> dict[str, str]:
    """Find the names that were placed by their likeness; the first row of a name decides."""
    if not any(pair[side].how == "near" for pair in result.resolutions):
        return {}
    names = _cells(result, kind)
    rows = zip(names, result.resolutions, strict=True)
    near = {_key(kind, str(name)) for name, pair in rows if pair[side].how == "near"}
    first: dict[str, str | None] = {}
    for name, pair in zip(names, result.resolutions, strict=True):
        found = pair[side]
        if _certain(found) is None and (key := _key(kind, str(name))) in near:
            first.setdefault(key, found.key)
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
