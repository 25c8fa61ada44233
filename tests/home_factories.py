"""Chains for the perspective home: random cuts, and a chain whose only users and makers are at home."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from chains.model import Scope, ShareScope, SupplierKind
from tests.factories import SEVERITIES
from tests.reference.home_day import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

    from chains.model import ChainFolder, Supply


@st.composite
def cut_sets(draw: DrawFn, keys: Sequence[tuple[Scope, str]], items: Sequence[str]) -> list[Cut]:
    """Draw one to three cuts from given nodes or two countries: all or some items, into home or abroad."""
    cuts = []
    for _ in range(draw(st.integers(1, 3))):
        scope, key = draw(st.sampled_from([*keys, (Scope.COUNTRY, "JPN"), (Scope.COUNTRY, "USA")]))
        several = scope is Scope.COUNTRY and draw(st.booleans())
        days = draw(st.sampled_from((None, None, 1, 3, 7)))
        some = draw(st.lists(st.sampled_from(items), min_size=1, max_size=3, unique=True))
        cuts.append(
            Cut(
                scope,
                tuple(sorted({key, draw(st.sampled_from(("JPN", "USA", "CHN")))})) if several else key,
                items=draw(st.sampled_from((None, frozenset(some)))),
                to_region=draw(st.sampled_from(("home", "home", "home", "abroad"))),
                severity=draw(st.sampled_from(SEVERITIES)),
                start_day=draw(st.sampled_from((0, 0, 1, 4))),
                days=days,
                recover_days=0 if days is None else draw(st.sampled_from((0, 0, 1, 4))),
            )
        )
    return cuts


def all_at_home(whole: ChainFolder) -> ChainFolder:
    """Make a chain all of whose use is at home and none of whose makers is unnamed or without a country.

    Blank shares keep the sum of each view of an item at 1. A source without a share has no spare: its
    spare reaches the world, but no region (perspective.md: 0 if share is 0).
    """
    rows: dict[tuple[str, str], Supply] = {}
    for row in whole.supplies:
        spare = row.spare if row.share else None
        now = replace(row, share_scope=ShareScope.GLOBAL, year=None, spare=spare)
        rows.setdefault((row.supplier_id, row.item_id), now)
    sums = {row.supplier_id for row in whole.suppliers if row.kind is SupplierKind.COUNTRY_AGGREGATE}
    for item in whole.items:
        for is_sum in (False, True):
            keys = [key for key in rows if key[1] == item.item_id and (key[0] in sums) == is_sum]
            shares = [rows[key].share for key in keys]
            if keys and None not in shares and sum(share or 0.0 for share in shares) < 1.0:
                rows[keys[0]] = replace(rows[keys[0]], share=None, spare=None)
    return replace(
        whole,
        items=tuple(replace(row, home_use=1.0, suppliers_complete=True) for row in whole.items),
        suppliers=tuple(replace(row, country=row.country or "CHN") for row in whole.suppliers),
        supplies=tuple(rows.values()),
    )
