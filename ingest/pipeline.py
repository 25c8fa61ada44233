"""From a checked file to rows with ids: known names, what a person decided, and what is left to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from chains.model import Item
from ingest.checking import CheckResult
from ingest.model import FIELDS, CellValue, MatchStatus, Resolution, ValidatedTable
from ingest.names import name_key
from ingest.numbering import Flags, NameKeys, Numbers, view
from ingest.placed_rows import NamedColumn, PlacedRows, ReadRow, no_names
from ingest.placing import Side, certain_id
from ingest.resolution import NameIndex, resolve_name

NameKind: TypeAlias = Literal["supplier", "item"]
NEW: Final = "new"
"""The decision that a name is a firm of its own, not known before."""


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
    result: CheckResult, *, decisions: Mapping[str, str], leave_out: bytearray | None = None
) -> PlacedRows:
    """Give the good rows of a checked file the ids that names, codes and decisions lead to.

    Parameters
    ----------
    result
        A checked file.
    decisions
        Key of a `Question` to an id, or `NEW`, which leaves the id open.
    leave_out
        1 at the number of each row to pass over, see `undecided_rows`.

    Returns
    -------
    PlacedRows
        In the order of the file. A name that was placed by its likeness has an id only when the decisions
        say so too: a person has seen it, or a command took it and says it.
    """
    table = result.table
    if table is None:
        return PlacedRows.of(())
    places, records = result.resolutions, view(table.good)
    numbers = np.asarray(table.staged.raw.rows, np.int64)[records]
    names = (
        _placed(places.supplier, "supplier", decisions),
        _placed(places.item, "item", decisions),
        no_names(len(records)) if places.buyer is None else _placed(places.buyer, "supplier", decisions),
    )
    rows = PlacedRows(numbers, names, _cell_reader(table), records)
    return rows if leave_out is None else rows.subset(_left(numbers, leave_out))


def _placed(side: Side, kind: NameKind, decisions: Mapping[str, str]) -> NamedColumn:
    ids = [certain_id(found) for found in side.found]
    if decisions:
        for at, target in find_decided(side.keys, kind, decisions):
            if ids[at] is None and target != NEW:
                ids[at] = target
    named = np.array([name is not None for name in side.names], np.bool_)
    return NamedColumn(side.names, side.keys, ids, named, view(side.rows))


def _cell_reader(table: ValidatedTable) -> ReadRow:
    raw = table.staged.raw
    values = [(name, table.values[name]) for name in FIELDS if name in table.values]
    extras = [(name, raw.columns[index]) for index, name in table.staged.extras]

    def read(record: int) -> tuple[dict[str, CellValue], dict[str, str | None]]:
        cells: dict[str, CellValue] = {
            name: value for name, column in values if (value := column[record]) is not None
        }
        return cells, {name: column[record] for name, column in extras}

    return read


def _left(numbers: Numbers, leave_out: bytearray) -> Numbers:
    return np.flatnonzero(np.frombuffer(leave_out, np.uint8)[numbers] == 0)


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


def _key(kind: NameKind, name: str) -> str:
    return f"{kind}:{name_key(name)}"


class ManyDecisions(Mapping[str, str]):
    """Decisions of which there are too many for a dictionary."""

    def find(self, keys: NameKeys, head: str) -> Iterator[tuple[int, str]]:
        """Find the names about which something is decided.

        Parameters
        ----------
        keys
            Of the names.
        head
            What stands before a name's key in the key of a `Question`.

        Yields
        ------
        tuple[int, str]
            Place of the name, ascending, and what is decided.
        """
        for at, key in enumerate(keys):
            if key is not None and (target := self.get(head + key)) is not None:
                yield at, target


def find_decided(
    keys: Sequence[str | None], kind: NameKind, decisions: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """Find the names about which something is decided.

    Parameters
    ----------
    keys
        `ingest.names.name_key` of each name; None for no name.
    kind
        supplier (also a buyer) or item.
    decisions
        Key of a `Question` to an id, or `NEW`.

    Yields
    ------
    tuple[int, str]
        Place of the name, ascending, and what is decided.
    """
    head = f"{kind}:"
    if isinstance(keys, NameKeys) and isinstance(decisions, dict):
        targets = {
            key.removeprefix(head): target for key, target in decisions.items() if key.startswith(head)
        }
        yield from ((at, targets[key]) for at, key in keys.find(targets))
        return
    if isinstance(keys, NameKeys) and isinstance(decisions, ManyDecisions):
        yield from decisions.find(keys, head)
        return
    for at, key in enumerate(keys):
        if key is not None and (target := decisions.get(head + key)) is not None:
            yield at, target


def find_questions(result: CheckResult) -> tuple[Question, ...]:
    """List the names of a checked file that a person has to place.

    Parameters
    ----------
    result
        A checked file.

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

    places = result.resolutions
    sides: tuple[tuple[NameKind, Side | None], ...] = (
        ("supplier", places.buyer),
        ("item", places.item),
        ("supplier", places.supplier),
    )
    for kind, side in sides:
        if side is None:
            continue
        for name, resolution, rows in zip(side.names, side.found, side.counts.tolist(), strict=True):
            if certain_id(resolution) is None and name is not None:
                ask(name, kind, resolution, rows, buyer=side is places.buyer)
    return tuple(found.values())


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
    if decisions and waits.any():
        decided = [at for at, _ in find_decided(side.keys, kind, decisions)]
        waits[np.array(decided, np.int64)] = False
    return waits[view(side.rows)]


def _ask(name: str, kind: NameKind, resolution: Resolution, *, buyer: bool) -> Question:
    near = resolution.suggestions if resolution.key is None or resolution.how == "near" else ()
    key = _key(kind, name)
    return Question(
        kind, name, key, resolution.status, near, 0, buyer, taken=resolution.key, score=resolution.score
    )


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
