"""What the uploads state when their steps are taken again, with or without one of them: pure values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from chains.model import ChainFolder, ChainRecords
from chains.regions import Regions
from chains.union import (
    NO_UPLOADS,
    Joined,
    UploadedFacts,
    join_all,
    join_folders,
    lay_over,
    purchase_key,
    source_key,
    supplier_key,
    supply_key,
)
from ingest.known_names import chain_names, no_facts
from ingest.market import ListOrigin
from ingest.names import name_key
from ingest.newcomers import ID_DIGITS
from ingest.placed_rows import ListRow
from ingest.preview import ImportPlan, apply_plan, plan_import
from ingest.remembering import find_taught
from ingest.repository import Upload
from ingest.resolution import NameIndex, index_items, index_suppliers, resolve_name
from ingest.steps import Step
from ingest.tables import NameKind, StepKind

FactKey: TypeAlias = tuple[str, Any]
NameKey: TypeAlias = tuple[NameKind, str]
StepKey: TypeAlias = tuple[int, int]
KEYS: Final[dict[str, Any]] = {
    "suppliers": supplier_key,
    "supplies": supply_key,
    "purchases": purchase_key,
    "sources": source_key,
}


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A good row as stored.

    Attributes
    ----------
    row
        With the ids it has.
    step
        The step of its upload with which it came to count; None while it waits.
    """

    row: ListRow
    step: int | None


@dataclass(frozen=True, slots=True)
class StoredList:
    """An upload with its good rows."""

    upload: Upload
    rows: tuple[StoredRow, ...]


@dataclass(frozen=True, slots=True)
class Taught:
    """What a name or credit code stands for, and who said so with which upload."""

    name: str
    target: str
    upload_id: int
    officer: str
    at: datetime


@dataclass(frozen=True)
class World:
    """What uploads state after some steps.

    Attributes
    ----------
    uploaded
        The facts.
    owners
        Kind and key of a fact to the upload that stated it last.
    taught
        Names and credit codes that were placed.
    rows
        Upload to row number to the row as it is then.
    touched
        Upload to what it stated: lists by buyer and item, shares by supplier and item, firms.
    """

    uploaded: UploadedFacts = NO_UPLOADS
    owners: Mapping[FactKey, int] = field(default_factory=dict)
    taught: Mapping[NameKey, Taught] = field(default_factory=dict)
    rows: Mapping[int, Mapping[int, StoredRow]] = field(default_factory=dict)
    touched: Mapping[int, frozenset[tuple[str, ...]]] = field(default_factory=dict)


class Replay:
    """Takes the steps of stored lists again.

    Parameters
    ----------
    folders
        Facts of the chains' folders, as they are now.
    lists
        Uploads with their rows.
    regions
        Spellings of places.
    """

    def __init__(
        self, folders: Sequence[ChainFolder], lists: Iterable[StoredList], *, regions: Regions
    ) -> None:
        self.folders = tuple(folders)
        self.lists = {each.upload.upload_id: each for each in lists}
        self.regions = regions
        self.base = join_all(self.folders)

    def play(self, steps: Iterable[Step], world: World) -> tuple[World, dict[StepKey, World]]:
        """Take steps one after the other, as they were taken.

        Parameters
        ----------
        steps
            In the order of their moments.
        world
            What is stated before.

        Returns
        -------
        tuple
            The world after the last step, and by upload and number of a step the world before it.
        """
        before: dict[StepKey, World] = {}
        for step in steps:
            before[step.upload_id, step.number] = world
            world = self._take(step, world, own=(), lost=())
        return world, before

    def play_without(self, steps: Iterable[Step], world: World, *, told: Mapping[StepKey, World]) -> World:
        """Take steps one after the other, though others that came between them are missing.

        Parameters
        ----------
        steps
            Those that are left.
        world
            What is stated before.
        told
            From `play`, of all steps: rows that were placed by a name or code that nobody has placed in this
            world are placed anew.

        Returns
        -------
        World
            After the last step.
        """
        said: dict[int, set[str]] = {}
        for step in steps:
            own = said.setdefault(step.upload_id, set())
            own.update(step.decisions)
            known = told[step.upload_id, step.number].taught
            lost = {key for key, each in known.items() if not _says_same(each, world.taught.get(key))}
            world = self._take(step, world, own=own, lost=lost)
        return world

    def _take(self, step: Step, world: World, *, own: Collection[str], lost: Collection[NameKey]) -> World:
        stored = self.lists[step.upload_id]
        upload, before = stored.upload, world.rows.get(step.upload_id, {})
        standing = lay_over(self.base, world.uploaded)
        placing = _Placing(self, world, standing, upload, frozenset(own), frozenset(lost))
        wanted = [each for each in stored.rows if step.kind is StepKind.COMMIT or _is_wanted(each, before)]
        placed = [placing.place(each, step) for each in wanted]
        origin = origin_of(step, upload)
        plan = plan_import(
            placed,
            standing,
            origin=origin,
            decisions=step.decisions,
            regions=self.regions,
            closed=_closed(world, origin, before) if step.kind is StepKind.SETTLE else (),
        )
        fates = (
            _commit_fates(plan, step) if step.kind is StepKind.COMMIT else _fates(placed, plan, step, before)
        )
        world = replace(world, rows=dict(world.rows) | {upload.upload_id: dict(before) | fates})
        return _apply(world, plan, step) if plan.committed else world


def _says_same(said: Taught, other: Taught | None) -> bool:
    return other is not None and said.target == other.target


def origin_of(step: Step, upload: Upload) -> ListOrigin:
    """Tell where the facts of a step come from.

    Parameters
    ----------
    step
        Which step.
    upload
        Of which upload.

    Returns
    -------
    ListOrigin
        As it was when the step was taken.
    """
    return ListOrigin(
        digest=upload.digest,
        name=upload.name,
        officer=upload.officer,
        unit=upload.unit,
        on=step.stated_on,
        makes=upload.makes,
        whole=upload.bad == 0,
    )


def _is_wanted(each: StoredRow, before: Mapping[int, StoredRow]) -> bool:
    """Shares that count already stand; only a buyer's list is stated anew as a whole."""
    known = before.get(each.row.row)
    return known is None or known.step is None or each.row.buyer_id is not None


def _closed(world: World, origin: ListOrigin, before: Mapping[int, StoredRow]) -> set[tuple[str, str]]:
    if all(each.step is None for each in before.values()):
        return set()
    return {
        (row.buyer_id, row.item_id) for row in world.uploaded.purchases if row.source_id != origin.source_id
    }


def _commit_fates(plan: ImportPlan, step: Step) -> dict[int, StoredRow]:
    return {row.row: StoredRow(row, None if row.row in plan.waiting else step.number) for row in plan.rows}


def _fates(
    placed: Iterable[ListRow], plan: ImportPlan, step: Step, before: Mapping[int, StoredRow]
) -> dict[int, StoredRow]:
    """Rows that do not count stay as they were stored."""
    found = {row.row: StoredRow(row, None) for row in placed if row.row not in before}
    for row in plan.committed:
        known = before.get(row.row)
        found[row.row] = StoredRow(row, (known.step if known else None) or step.number)
    return found


def _apply(world: World, plan: ImportPlan, step: Step) -> World:
    after = apply_plan(world.uploaded, plan)
    owners: dict[FactKey, int] = {}
    for name, key_of in KEYS.items():
        kept = {id(row) for row in getattr(world.uploaded, name)}
        for row in getattr(after, name):
            key = (name, key_of(row))
            owners[key] = world.owners[key] if id(row) in kept else step.upload_id
    taught = dict(world.taught)
    for name_of, (name, target) in find_taught(plan, step.decisions).items():
        if name_of not in taught or taught[name_of].target != target:
            taught[name_of] = Taught(name, target, step.upload_id, step.officer, step.at)
    touched = world.touched.get(step.upload_id, frozenset()) | _touched(plan)
    return replace(
        world,
        uploaded=after,
        owners=owners,
        taught=taught,
        touched=dict(world.touched) | {step.upload_id: touched},
    )


def _touched(plan: ImportPlan) -> frozenset[tuple[str, ...]]:
    lists = {("list", row.buyer_id, row.item_id) for row in plan.purchases}
    shares = {("share", row.supplier_id, row.item_id) for row in plan.supplies}
    firms = {("firm", row.supplier_id) for row in plan.suppliers}
    return frozenset(lists | shares | firms)


@dataclass
class _Placing:
    """Gives the rows of one step the ids that they have in a world."""

    replay: Replay
    world: World
    standing: Joined
    upload: Upload
    own: frozenset[str]
    lost: frozenset[NameKey]
    names: tuple[NameIndex, NameIndex] | None = None

    def place(self, each: StoredRow, step: Step) -> ListRow:
        row = each.row
        if each.step is not None and each.step > step.number:
            # Placed later only.
            return replace(row, supplier_id=None)
        supplier_id, buyer_id = self._firm(row, "supplier"), self._firm(row, "buyer")
        return replace(row, supplier_id=supplier_id, buyer_id=buyer_id, item_id=self._item(row))

    def _firm(self, row: ListRow, field_name: str) -> str | None:
        known = row.supplier_id if field_name == "supplier" else row.buyer_id
        name = row.text(field_name)
        if known is None or name is None:
            return known
        is_there = known in self.standing.suppliers
        if not is_there and known.startswith(f"u-{self.upload.digest[:ID_DIGITS]}-"):
            # A firm that this very list makes known: the decision makes it again.
            return None
        code = row.text("uscc") if field_name == "supplier" else None
        if is_there and not self._is_forgotten(NameKind.SUPPLIER, name, code):
            return known
        suppliers, _ = self._indexes()
        country = row.text("country") if field_name == "supplier" else None
        found = resolve_name(name, suppliers, uscc=code, country=country, search=False).key
        return self._decided(NameKind.SUPPLIER, name) or found

    def _item(self, row: ListRow) -> str | None:
        name = row.text("item")
        if row.item_id is None or name is None or not self._is_forgotten(NameKind.ITEM, name, None):
            return row.item_id
        return self._decided(NameKind.ITEM, name) or resolve_name(name, self._indexes()[1], search=False).key

    def _is_forgotten(self, kind: NameKind, name: str, code: str | None) -> bool:
        if not self.lost or f"{kind.value}:{name_key(name)}" in self.own:
            return False
        return (kind, name_key(name)) in self.lost or (
            code is not None and (NameKind.CODE, code) in self.lost
        )

    def _decided(self, kind: NameKind, name: str) -> str | None:
        taught = self.world.taught.get((kind, name_key(name)))
        is_there = self.standing.suppliers if kind is NameKind.SUPPLIER else self.standing.items
        return taught.target if taught is not None and taught.target in is_there else None

    def _chain(self) -> tuple[ChainFolder, ChainRecords, Joined]:
        chain_id = self.upload.chain_id
        for folder in self.replay.folders:
            if folder.chain.chain_id == chain_id:
                records = join_folders(self.replay.folders, chain_id, uploaded=self.world.uploaded)
                return folder, records, self.standing
        return no_facts(chain_id)

    def _indexes(self) -> tuple[NameIndex, NameIndex]:
        if self.names is None:
            folder, records, _ = self._chain()
            taught = self.world.taught.items()
            codes = {key: said.target for (kind, key), said in taught if kind is NameKind.CODE}
            names = chain_names(folder, records, self.standing, codes=codes)
            self.names = index_suppliers(names.suppliers), index_items(names.items)
        return self.names
