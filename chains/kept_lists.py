"""Buyers' lists with their blanks decided, kept from one state of a chain's facts to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chains.defaults import Defaults
    from chains.model import Item, Purchase
    from chains.parts import BuyersList


class KeptLists:
    """What the blanks of each list were decided to be, and what that rested on.

    Given to `chains.arrays.to_arrays` for one state of the facts after another, it saves deciding the lists
    that stayed as they were. Not to be shared by threads.
    """

    def __init__(self) -> None:
        self._defaults: Defaults | None = None
        self._lists: dict[tuple[str, str], tuple[Item, BuyersList]] = {}

    def decide(
        self,
        item: Item,
        rows: Sequence[Purchase],
        defaults: Defaults,
        make: Callable[[Item, Sequence[Purchase]], BuyersList],
    ) -> BuyersList:
        """Give the list kept for the same rows, item and defaults, else one newly made.

        Parameters
        ----------
        item
            What is bought.
        rows
            All rows of one buyer for the item, at least one.
        defaults
            What blanks mean.
        make
            Decides the blanks.

        Returns
        -------
        BuyersList
            As `make` gives it.
        """
        if defaults is not self._defaults and defaults != self._defaults:
            self._lists.clear()
        self._defaults = defaults
        key = (rows[0].buyer_id, rows[0].item_id)
        kept = self._lists.get(key)
        if kept is None or kept[0] != item or kept[1].rows != tuple(rows):
            kept = self._lists[key] = (item, make(item, rows))
        return kept[1]
