"""Source lists as they are concentrated: each view of an item's market, and each buyer's own list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chains.defaults import DefaultUsed
from chains.model import ShareScope, SupplierKind
from chains.shares import fill_shares
from chains.sources import ResolvedBy, resolve_sources, world_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chains.defaults import Defaults
    from chains.model import ChainRecords, Item, Purchase, Supplier, Supply

HOME_SHARES_ENOUGH = 0.5
_SLACK = 1e-9


class Basis(StrEnum):
    """Of which use shares are shares."""

    WORLD = "world"
    HOME = "home"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Holding:
    """One named source of a list.

    Attributes
    ----------
    supplier
        Who.
    known
        Share that the data settle, 0 to 1; ``None`` for a blank that may be anything up to the rest.
    filled
        Share that the model reckons with, 0 to 1.
    """

    supplier: Supplier
    known: float | None
    filled: float


@dataclass(frozen=True, slots=True)
class SourceList:
    """One view of one market, or one buyer's list of one item.

    Attributes
    ----------
    item_id, buyer_id
        Whose; `buyer_id` is ``None`` for the market.
    view
        Firm rows or country rows; these are never added. A buyer's list is read as firm rows.
    basis
        Shares of world use, of home use or of the buyer's purchases.
    used
        Whether the model reckons with this view.
    holdings
        Named sources, in order of id.
    rest
        What the known shares leave, 0 to 1.
    defaults
        Defaults that the filled shares rest on.
    """

    item_id: str
    buyer_id: str | None
    view: ResolvedBy
    basis: Basis
    used: bool
    holdings: tuple[Holding, ...]
    rest: float
    defaults: DefaultUsed

    @property
    def known_sum(self) -> float:
        """Sum of the known shares, 0 to 1."""
        return 1.0 - self.rest


def list_markets(records: ChainRecords, defaults: Defaults) -> tuple[SourceList, ...]:
    """List both views of every item's market and every buyer's list.

    Parameters
    ----------
    records
        Joined and restricted facts.
    defaults
        What blanks mean.

    Returns
    -------
    tuple of SourceList
        Markets in order of item, firm view before country view, home use last; then lists in order of buyer
        and item. A view without rows is left out.
    """
    reader = _Reader(records, defaults)
    return (*reader.markets(), *reader.lists())


class _Reader:
    """What lists are read from; lives only inside `list_markets`."""

    def __init__(self, records: ChainRecords, defaults: Defaults) -> None:
        self.records = records
        self.defaults = defaults
        self.suppliers = {supplier.supplier_id: supplier for supplier in records.suppliers}
        self.sources = resolve_sources(records, defaults)
        self.supplies: dict[str, list[Supply]] = defaultdict(list)
        for supply in records.supplies:
            self.supplies[supply.item_id].append(supply)

    def markets(self) -> Iterator[SourceList]:
        for item in self.records.items:
            used = self.sources[item.item_id].resolved_by
            for view, rows in self._views(world_rows(self.supplies[item.item_id])):
                yield self._market(item, view, Basis.WORLD, rows, used=view is used)
            home = [row for row in self.supplies[item.item_id] if row.share_scope is ShareScope.DOMESTIC]
            for view, rows in self._views(world_rows(home)):
                known = sum(row.share for row in rows if row.share is not None)
                if known >= HOME_SHARES_ENOUGH - _SLACK:
                    yield self._market(item, view, Basis.HOME, rows, used=False)

    def lists(self) -> Iterator[SourceList]:
        rows: dict[tuple[str, str], list[Purchase]] = defaultdict(list)
        for purchase in self.records.purchases:
            rows[purchase.buyer_id, purchase.item_id].append(purchase)
        for buyer_id, item_id in sorted(rows):
            yield self._list(buyer_id, item_id, rows[buyer_id, item_id])

    def _views(self, rows: Sequence[Supply]) -> Iterator[tuple[ResolvedBy, list[Supply]]]:
        of_firms = {
            SupplierKind.ENTERPRISE: ResolvedBy.FIRM,
            SupplierKind.COUNTRY_AGGREGATE: ResolvedBy.COUNTRY,
        }
        for kind, view in of_firms.items():
            found = [row for row in rows if self.suppliers[row.supplier_id].kind is kind]
            if found:
                yield view, found

    def _market(
        self, item: Item, view: ResolvedBy, basis: Basis, rows: Sequence[Supply], *, used: bool
    ) -> SourceList:
        given = item.suppliers_complete
        complete = self.defaults.suppliers_complete if given is None else given
        unsaid = DefaultUsed.SUPPLIERS_COMPLETE if given is None else DefaultUsed(0)
        holdings, rest, blank = self._holdings(rows, complete=complete)
        flags = DefaultUsed.SHARE | unsaid if blank else DefaultUsed(0)
        return SourceList(item.item_id, None, view, basis, used, holdings, rest, flags)

    def _list(self, buyer_id: str, item_id: str, rows: Sequence[Purchase]) -> SourceList:
        given = [row.list_complete for row in rows if row.list_complete is not None]
        complete = all(given) if given else self.defaults.list_complete
        holdings, rest, blank = self._holdings(rows, complete=complete)
        unsaid = DefaultUsed(0) if given else DefaultUsed.LIST_COMPLETE
        flags = DefaultUsed.SHARE | unsaid if blank else DefaultUsed(0)
        return SourceList(item_id, buyer_id, ResolvedBy.FIRM, Basis.LIST, True, holdings, rest, flags)

    def _holdings(
        self, rows: Sequence[Supply | Purchase], *, complete: bool
    ) -> tuple[tuple[Holding, ...], float, bool]:
        """Read the sources, what their known shares leave, and whether any share is blank."""
        given = [row.share for row in rows]
        filled = fill_shares(given, complete=complete, blank_cap=self.defaults.blank_cap)
        holdings = tuple(
            Holding(self.suppliers[row.supplier_id], None if unsure else share, share)
            for row, share, unsure in zip(rows, filled.shares, filled.unsure, strict=True)
        )
        known = sum(one.known for one in holdings if one.known is not None)
        return holdings, max(0.0, 1.0 - known), None in given
