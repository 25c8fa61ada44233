"""What a list would change, worked out on values: the same plan is shown, scored and committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from chains.errors import Place
from chains.model import Purchase, Source, Supplier, Supply
from chains.regions import Regions
from chains.union import Joined, UploadedFacts, items_made, purchase_key, source_key, supplier_key, supply_key
from ingest.market import QUALIFIED, ListOrigin, MarketReader, ShareConflict, find_conflicts
from ingest.newcomers import Newcomers, learn_spelling
from ingest.pipeline import ListRow

UNDECIDED: Final = "undecided"
REPEATED: Final = "repeated"
OWN_SUPPLIER: Final = "own-supplier"
OUTDATED: Final = "outdated"


@dataclass(frozen=True, slots=True)
class ListChange:
    """A buyer's list of one item: how many rows it had and would have."""

    buyer_id: str
    item_id: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What committing a list would change.

    Attributes
    ----------
    rows
        Good rows with final ids, in the order of the file.
    waiting
        Row number to why it waits: ``undecided`` names, ``repeated`` after matching, ``own-supplier``,
        ``outdated`` by a later list.
    suppliers, supplies, purchases
        New and changed facts.
    source
        The upload as a source.
    replaced
        Buyers' lists that the file names.
    untouched
        Lists of the same buyers that it does not name; they stay.
    conflicts
        Uploaded market shares that differ from a folder's.
    idle_buyers
        Buyers of whom nobody knows what they make: their lists move no score yet.
    """

    rows: tuple[ListRow, ...]
    waiting: Mapping[int, str]
    suppliers: tuple[Supplier, ...]
    supplies: tuple[Supply, ...]
    purchases: tuple[Purchase, ...]
    source: Source
    replaced: tuple[ListChange, ...]
    untouched: tuple[ListChange, ...]
    conflicts: tuple[ShareConflict, ...]
    idle_buyers: tuple[str, ...]

    @property
    def committed(self) -> tuple[ListRow, ...]:
        """Rows that would count."""
        return tuple(row for row in self.rows if row.row not in self.waiting)

    @property
    def stated_on(self) -> date:
        """The day that the facts carry."""
        if self.source.accessed_on is None:
            raise ValueError(f"the source {self.source.source_id} of an upload has no day")
        return self.source.accessed_on

    @property
    def changes_facts(self) -> bool:
        """Whether any fact would be new or changed."""
        return bool(self.suppliers or self.supplies or self.purchases)


def plan_import(
    rows: Sequence[ListRow],
    facts: Joined,
    *,
    origin: ListOrigin,
    decisions: Mapping[str, str],
    regions: Regions,
    closed: Collection[tuple[str, str]] = (),
) -> ImportPlan:
    """Work out what a list would change.

    Parameters
    ----------
    rows
        Good rows of the file.
    facts
        All chains and uploads joined, as they are.
    origin
        Where the list comes from.
    decisions
        What names stand for, see `ingest.pipeline.list_rows`; `NEW` makes a firm.
    regions
        For the spelling of places.
    closed
        Buyers and items whose lists a later upload has replaced.

    Returns
    -------
    ImportPlan
        The same for the same facts, so that a preview can be compared with what is about to be committed.
    """
    spelling = learn_spelling(regions, facts.suppliers.values())
    newcomers = Newcomers(origin.digest, origin.name, origin.source_id, spelling)
    settled = tuple(
        replace(
            row,
            supplier_id=newcomers.settle(row, "supplier", row.supplier_id, decisions),
            buyer_id=newcomers.settle(row, "buyer", row.buyer_id, decisions),
        )
        for row in rows
    )
    waiting = find_waiting(settled, closed)
    counting = [row for row in settled if row.row not in waiting]
    used = {key for row in counting for key in (row.supplier_id, row.buyer_id)}
    unused = newcomers.firms.keys() - used
    purchases = _purchases(counting, settled, waiting, origin)
    market = MarketReader(facts.supplies.values(), origin)
    read = (market.read(row) for row in counting if row.text("buyer") is None)
    supplies = [supply for supply in read if supply is not None]
    buyers = sorted({purchase.buyer_id for purchase in purchases})
    made = items_made([*facts.supplies.values(), *supplies], facts.purchases.values())
    told = _makes(buyers, made, origin)
    return ImportPlan(
        rows=tuple(_without(row, unused) for row in settled),
        waiting=waiting,
        suppliers=tuple(firm for key, firm in newcomers.firms.items() if key in used),
        supplies=(*supplies, *told),
        purchases=purchases,
        source=origin.as_source(),
        replaced=_replaced(purchases, facts.purchases.values()),
        untouched=_untouched(purchases, facts.purchases.values()),
        conflicts=find_conflicts(facts.supplies.values(), supplies),
        idle_buyers=tuple(key for key in buyers if not made.get(key) and not origin.makes),
    )


def _without(row: ListRow, unused: Collection[str]) -> ListRow:
    """Take back the id of a new firm that no counting row names."""
    if unused and (row.supplier_id in unused or row.buyer_id in unused):
        supplier_id = None if row.supplier_id in unused else row.supplier_id
        return replace(
            row, supplier_id=supplier_id, buyer_id=None if row.buyer_id in unused else row.buyer_id
        )
    return row


def find_waiting(rows: Iterable[ListRow], closed: Collection[tuple[str, str]] = ()) -> dict[int, str]:
    """Find the rows that cannot count yet.

    Parameters
    ----------
    rows
        With the ids that are known.
    closed
        Buyers and items whose lists a later upload has replaced.

    Returns
    -------
    dict
        Row number to the reason.
    """
    waiting: dict[int, str] = {}
    seen: set[tuple[str | None, ...]] = set()
    for row in rows:
        key = (row.buyer_id, row.item_id, row.supplier_id)
        if row.supplier_id is None or row.item_id is None or (row.text("buyer") and row.buyer_id is None):
            waiting[row.row] = UNDECIDED
        elif row.supplier_id == row.buyer_id:
            waiting[row.row] = OWN_SUPPLIER
        elif row.buyer_id is not None and (row.buyer_id, row.item_id) in closed:
            waiting[row.row] = OUTDATED
        elif key in seen:
            waiting[row.row] = REPEATED
        else:
            seen.add(key)
    return waiting


def _purchases(
    counting: Iterable[ListRow], rows: Iterable[ListRow], waiting: Mapping[int, str], origin: ListOrigin
) -> tuple[Purchase, ...]:
    # A list with rows that do not count yet, or may be among the bad ones, names not all suppliers.
    partial = {row.buyer_id for row in rows if row.row in waiting}
    found = []
    for row in counting:
        if row.buyer_id is None or row.item_id is None or row.supplier_id is None:
            continue
        purchase = Purchase(
            row.buyer_id,
            row.item_id,
            row.supplier_id,
            row.number("share"),
            stock_days=row.number("stock_days"),
            list_complete=None if origin.whole and row.buyer_id not in partial else False,
            spare=row.number("spare"),
            qualified=QUALIFIED.get(row.text("qualified") or ""),
            qualification_days=row.number("qualification_days"),
            source_id=origin.source_id,
            place=Place(origin.name, row.row),
        )
        found.append(purchase)
    return tuple(found)


def _makes(buyers: Iterable[str], made: Mapping[str, set[str]], origin: ListOrigin) -> tuple[Supply, ...]:
    """Say what buyers make, with blank shares; only what is not known already."""
    place = Place(origin.name, 0)
    return tuple(
        Supply(buyer, item_id, source_id=origin.source_id, place=place)
        for buyer in buyers
        for item_id in origin.makes
        if item_id not in made.get(buyer, ())
    )


def _counts(purchases: Iterable[Purchase]) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for purchase in purchases:
        counts[purchase.buyer_id, purchase.item_id] += 1
    return counts


def _replaced(new: Iterable[Purchase], standing: Iterable[Purchase]) -> tuple[ListChange, ...]:
    before, after = _counts(standing), _counts(new)
    return tuple(ListChange(*key, before.get(key, 0), after[key]) for key in sorted(after))


def _untouched(new: Sequence[Purchase], standing: Iterable[Purchase]) -> tuple[ListChange, ...]:
    buyers = {purchase.buyer_id for purchase in new}
    named = _counts(new)
    before = _counts(row for row in standing if row.buyer_id in buyers)
    return tuple(ListChange(*key, before[key], before[key]) for key in sorted(before) if key not in named)


def apply_plan(uploaded: UploadedFacts, plan: ImportPlan) -> UploadedFacts:
    """Say what uploads would state after a plan is committed.

    Parameters
    ----------
    uploaded
        What they state now.
    plan
        What would change.

    Returns
    -------
    UploadedFacts
        Rows that stay are the same objects.
    """
    named = {(purchase.buyer_id, purchase.item_id) for purchase in plan.purchases}
    kept = {purchase_key(row): row for row in uploaded.purchases if (row.buyer_id, row.item_id) not in named}
    return UploadedFacts(
        tuple(
            (
                {supplier_key(s): s for s in uploaded.suppliers}
                | {supplier_key(s): s for s in plan.suppliers}
            ).values()
        ),
        tuple(
            (
                {supply_key(s): s for s in uploaded.supplies} | {supply_key(s): s for s in plan.supplies}
            ).values()
        ),
        tuple((kept | {purchase_key(p): p for p in plan.purchases}).values()),
        tuple(({source_key(s): s for s in uploaded.sources} | {plan.source.source_id: plan.source}).values()),
    )


class FlaggedRows(Mapping[int, str]):
    """Rows that wait because nobody placed their names, a byte each.

    Parameters
    ----------
    flags
        1 at the number of each such row.
    others
        Why other rows wait.
    """

    def __init__(self, flags: bytearray, others: Mapping[int, str]) -> None:
        self.flags, self.others = flags, others

    def __getitem__(self, row: int) -> str:
        if row in self.others:
            return self.others[row]
        if not 0 <= row < len(self.flags) or not self.flags[row]:
            raise KeyError(row)
        return UNDECIDED

    def __iter__(self) -> Iterator[int]:
        yield from (row for row, flag in enumerate(self.flags) if flag)
        yield from self.others

    def __len__(self) -> int:
        return self.flags.count(1) + len(self.others)
