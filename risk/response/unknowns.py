"""What is not known and who could say: blank shares and stocks as questions to one respondent each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chains.defaults import DefaultUsed
from chains.model import SupplierKind, Use
from chains.tiers import base_item_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chains.arrays import ChainArrays
    from chains.model import ChainRecords
    from chains.parts import ChainParts
    from risk.ranges.shares import UnsureList


class Asked(StrEnum):
    """What kind of question an unknown is.

    ``market_share``: of a maker, its share of an item. ``purchase_shares``: of a buyer, whom it buys an
    item from and how much. ``stock_days``: of a buyer, how long its stock of an item lasts.
    """

    MARKET_SHARE = "market_share"
    PURCHASE_SHARES = "purchase_shares"
    STOCK_DAYS = "stock_days"


@dataclass(frozen=True, slots=True)
class Unknown:
    """One unknown: what is asked, about which item, and who can answer.

    Attributes
    ----------
    asked
        The kind of question.
    item_id
        About which item.
    respondent
        Supplier id of the maker or buyer asked; ``None`` where no firm can say: the share of a country
        aggregate stands in statistics.
    sellers
        Suppliers whose shares are blank; none for stock.
    list_number
        Number of the unsure list (shares) or of the buyer's list (stock).
    places
        Places of the blanks in the unsure list; none for stock.
    """

    asked: Asked
    item_id: str
    respondent: str | None
    sellers: tuple[str, ...]
    list_number: int
    places: tuple[int, ...]


def find_unknowns(
    records: ChainRecords, arrays: ChainArrays, lists: Sequence[UnsureList]
) -> tuple[Unknown, ...]:
    """List the unknown shares of a chain as questions.

    Parameters
    ----------
    records
        Joined and restricted facts.
    arrays
        Of the same facts.
    lists
        From `risk.ranges.shares.find_unsure_lists`.

    Returns
    -------
    tuple of Unknown
        A market's blank share is a question to its maker, each one of its own; the blanks of a buyer's
        list are one question to the buyer. In order of list, then supplier.
    """
    kinds = {supplier.supplier_id: supplier.kind for supplier in records.suppliers}
    found: list[Unknown] = []
    for number, one in enumerate(lists):
        names = [arrays.supplier_ids[share.supplier] for share in one.shares]
        if one.buyer_id is not None:
            places = tuple(range(len(names)))
            found.append(
                Unknown(Asked.PURCHASE_SHARES, one.item_id, one.buyer_id, tuple(names), number, places)
            )
            continue
        for place, name in enumerate(names):
            maker = name if kinds[name] is SupplierKind.ENTERPRISE else None
            found.append(Unknown(Asked.MARKET_SHARE, one.item_id, maker, (name,), number, (place,)))
    return tuple(found)


def find_unknown_stocks(parts: ChainParts) -> tuple[Unknown, ...]:
    """List the buyers' lists of consumables whose stock is not given.

    Parameters
    ----------
    parts
        A chain with every blank decided.

    Returns
    -------
    tuple of Unknown
        In list order; lists without a stock to speak of by default are left out.
    """
    return tuple(
        Unknown(Asked.STOCK_DAYS, base_item_id(item_id), buyer, (), number, ())
        for number, (buyer, item_id) in enumerate(parts.list_keys)
        for one in [parts.lists[buyer, item_id]]
        if DefaultUsed.STOCK_DAYS in one.used
        and one.stock_days > 0.0
        and parts.use_of(parts.items[base_item_id(item_id)]) is Use.CONSUMABLE
    )
