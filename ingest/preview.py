"""What a list would change, worked out on values: the same plan is shown, scored and committed."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from chains.errors import Place
from chains.model import Purchase, Source, Supplier, Supply
from chains.regions import Regions
from chains.union import Joined, UploadedFacts, items_made, purchase_key, source_key, supplier_key, supply_key
from ingest.list_changes import ListChange, find_replaced, find_untouched
from ingest.market import QUALIFIED, ListOrigin, MarketReader, ShareConflict, find_conflicts
from ingest.newcomers import learn_spelling, settle
from ingest.numbering import Flags
from ingest.placed_rows import ListRow, Made, PlacedRows
from ingest.waiting import Waiting, find_waiting


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What committing a list would change; rows and facts are made anew whenever they are looked at.

    Attributes
    ----------
    rows
        Good rows with final ids, in the order of the file.
    waiting
        Row number to why it waits: ``undecided`` names, ``repeated`` after matching, ``own-supplier``,
        ``outdated`` by a later list.
    suppliers, supplies, purchases
        New and changed facts.
    supplier_ids
        Ids of the new firms, in their order.
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

    rows: PlacedRows
    waiting: Mapping[int, str]
    suppliers: Sequence[Supplier]
    supplier_ids: Sequence[str]
    supplies: Sequence[Supply]
    purchases: Sequence[Purchase]
    source: Source
    replaced: Sequence[ListChange]
    untouched: Sequence[ListChange]
    conflicts: tuple[ShareConflict, ...]
    idle_buyers: Sequence[str]

    @property
    def committed(self) -> PlacedRows:
        """Rows that would count."""
        if isinstance(self.waiting, Waiting):
            return self.rows.subset(np.flatnonzero(self.waiting.reasons == 0))
        counts = (row not in self.waiting for row in self.rows.numbers.tolist())
        return self.rows.subset(np.flatnonzero(np.fromiter(counts, np.bool_, len(self.rows))))

    def open_names(self, most: int) -> list[str]:
        """List names of waiting rows that nobody has placed.

        Parameters
        ----------
        most
            How many at most.

        Returns
        -------
        list of str
            The first of them in the order of the signs, each once.
        """
        waits = np.fromiter(
            (row in self.waiting for row in self.rows.numbers.tolist()), np.bool_, len(self.rows)
        )
        rows = self.rows.subset(np.flatnonzero(waits))
        first: list[str] = []
        for column in rows.names:
            for code in np.unique(column.codes).tolist():
                name = column.names[code]
                if name and column.ids[code] is None and name not in first:
                    insort(first, name)
                    del first[most:]
        return first

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
    newcomers = settle(PlacedRows.of(rows), decisions, digest=origin.digest)
    settled = newcomers.rows
    waiting = find_waiting(settled, closed)
    counting = np.flatnonzero(waiting.reasons == 0)
    used = newcomers.used(settled.subset(counting))
    fresh = np.flatnonzero(used)
    with_buyer = settled.buyer.is_named()[counting]
    bought = settled.subset(counting[with_buyer])
    partial = _partial_buyers(settled, waiting)[counting[with_buyer]]
    market = MarketReader(facts.supplies.values(), origin)
    read = (market.read(row) for row in settled.subset(counting[~with_buyer]))
    supplies = tuple(supply for supply in read if supply is not None)
    made = items_made([*facts.supplies.values(), *supplies], facts.purchases.values())
    buyers = _buyers(bought)
    return ImportPlan(
        rows=newcomers.without(~used),
        waiting=waiting,
        suppliers=Made(
            len(fresh), lambda at: newcomers.make(int(fresh[at]), origin=origin, spelling=spelling)
        ),
        supplier_ids=newcomers.ids if used.all() else [newcomers.ids[firm] for firm in fresh.tolist()],
        supplies=_with_makes(supplies, buyers, made, origin),
        purchases=Made(
            len(bought), lambda at: _purchase(bought[at], origin, is_whole=origin.whole and not partial[at])
        ),
        source=origin.as_source(),
        replaced=find_replaced(bought, facts.purchases.values()),
        untouched=find_untouched(bought, facts.purchases.values()),
        conflicts=find_conflicts(facts.supplies.values(), supplies),
        idle_buyers=() if origin.makes else [key for key in buyers if not made.get(key)],
    )


def _partial_buyers(rows: PlacedRows, waiting: Waiting) -> Flags:
    """Tell for each row whether its buyer's list has rows that do not count yet.

    Such a list, and one with rows among the bad ones, names not all suppliers.
    """
    _, _, buyers = rows.number_ids()
    waits = np.zeros(int(buyers.max(initial=0)) + 1, np.bool_)
    waits[buyers[waiting.reasons > 0]] = True
    return waits[buyers]


def _buyers(bought: PlacedRows) -> list[str]:
    """List the buyers of some rows, each once."""
    codes = np.unique(bought.buyer.codes).tolist()
    found = sorted(known for code in codes if (known := bought.buyer.ids[code]) is not None)
    return [known for known, _ in groupby(found)]


def _purchase(row: ListRow, origin: ListOrigin, *, is_whole: bool) -> Purchase:
    return Purchase(
        row.buyer_id or "",
        row.item_id or "",
        row.supplier_id or "",
        row.number("share"),
        stock_days=row.number("stock_days"),
        list_complete=None if is_whole else False,
        spare=row.number("spare"),
        qualified=QUALIFIED.get(row.text("qualified") or ""),
        qualification_days=row.number("qualification_days"),
        source_id=origin.source_id,
        place=Place(origin.name, row.row),
    )


def _with_makes(
    supplies: Sequence[Supply], buyers: Sequence[str], made: Mapping[str, set[str]], origin: ListOrigin
) -> Sequence[Supply]:
    """Add what buyers make, with blank shares; only what is not known already."""
    place = Place(origin.name, 0)
    told = [
        (buyer, item_id) for buyer in buyers for item_id in origin.makes if item_id not in made.get(buyer, ())
    ]

    def make(at: int) -> Supply:
        if at < len(supplies):
            return supplies[at]
        return Supply(*told[at - len(supplies)], source_id=origin.source_id, place=place)

    return Made(len(supplies) + len(told), make) if told else supplies


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
    standing = {(row.buyer_id, row.item_id) for row in uploaded.purchases}
    changed = ((change.buyer_id, change.item_id) for change in plan.replaced) if standing else ()
    named = standing.intersection(changed)
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
