"""Random chains dealt into two folders that are scored together, and given an end product."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from chains.model import Chain, ChainFolder, Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis.strategies import DrawFn

    from chains.model import Purchase, Supply

OTHER_CHAIN = "c2"


@st.composite
def split_in_two(draw: DrawFn, whole: ChainFolder) -> tuple[ChainFolder, ...]:
    """Draw for each link, each item's sources and each list which of two folders it stands in, or both."""
    sides = st.sampled_from(("1", "1", "12", "2"))

    def deal(keys: Iterable[Any]) -> dict[Any, str]:
        return {key: draw(sides) for key in dict.fromkeys(keys)}

    by_link = deal(whole.links)
    by_item = deal(row.item_id for row in whole.supplies)
    by_list = deal((row.buyer_id, row.item_id) for row in whole.purchases)
    # The last item too: it becomes the end product where all given weights are 0.
    ends = [row.item_id for row in whole.items if row.weight is not None] + [whole.items[-1].item_id]
    return tuple(
        keep_named(
            replace(
                whole,
                chain=Chain(chain_id, chain_id, chain_id),
                links=tuple(row for row in whole.links if side in by_link[row]),
                supplies=tuple(row for row in whole.supplies if side in by_item[row.item_id]),
                purchases=tuple(r for r in whole.purchases if side in by_list[r.buyer_id, r.item_id]),
            ),
            also=ends,
        )
        for side, chain_id in (("1", whole.chain.chain_id), ("2", OTHER_CHAIN))
    )


def keep_named(part: ChainFolder, *, also: Iterable[str]) -> ChainFolder:
    """Keep the items and suppliers that the rows of a folder name, and their owners."""
    rows: list[Supply | Purchase] = [*part.supplies, *part.purchases]
    items = {row.item_id for row in rows} | set(also)
    items |= {end for row in part.links for end in (row.input_item_id, row.output_item_id)}
    firms = {row.supplier_id for row in rows}
    firms |= {row.buyer_id for row in part.purchases}
    for row in reversed(part.suppliers):  # an owner is always an earlier row
        if row.supplier_id in firms and row.parent is not None:
            firms.add(row.parent)
    return replace(
        part,
        items=tuple(row for row in part.items if row.item_id in items),
        suppliers=tuple(row for row in part.suppliers if row.supplier_id in firms),
    )


def ensure_an_end(parts: tuple[ChainFolder, ...], last: str) -> tuple[ChainFolder, ...]:
    """Give the last item a weight where no weight and no link says what the end product is."""
    own = parts[0]
    links = [row for row in own.links if row.relation is not Relation.SUBSTITUTE_OF]
    free = {row.output_item_id for row in links} - {row.input_item_id for row in links}
    given = [row.weight for row in own.items if row.weight is not None]
    if sum(given) > 0 or (free and not given):
        return parts
    return tuple(
        replace(part, items=tuple(replace(i, weight=1.0) if i.item_id == last else i for i in part.items))
        for part in parts
    )
