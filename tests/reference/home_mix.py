"""Home and abroad: who buys what from whom (perspective.md, Files, Mix and Range), by plain dictionaries.

Readings chosen where the page is silent:

* h is worked out from the point shares, whatever end is asked for. An item goes into k by a link
  ``input_of`` only. A variant of several parents takes their mean; round a loop of variants the second
  visit counts as an item that goes nowhere.
* h = 1 leaves nobody abroad to buy: its mix is then the world's shares, so that without a shock nothing
  is lost there either.
* Domestic rows count in the view (firms or countries) that the world chose for the item, latest year
  first; their sum is compared with 0.5 with a slack of 1e-9; `suppliers_complete` holds for them too.
* What a tier leaves of a market is divided like a market of its own with the item's h; domestic rows are
  about the whole item and say nothing of it.
* At an end of the range of a mix the other sources share the rest home first, as far as h allows. A
  foreign X without any share covers nothing, one that has all of them everything, h known or not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chains.model import End, ShareScope
from tests.reference.facts import Facts, asked_tiers, join, latest_years, read_facts, supply_key
from tests.reference.lists import Narrowed, Sourced, fill_list, fill_lists, narrow
from tests.reference.meaning import TOLERANCE, fill_shares, fill_variant_weights

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from chains.model import ChainFolder
    from tests.reference.facts import Unit
    from tests.reference.priorities import Queue

HOME, ABROAD = "home", "abroad"
REGIONS = (HOME, ABROAD)
OTHERS = ""  # the source "others" in a mix
CHINA = frozenset({"CHN"})
CHAIN_HOME_USE = 0.35
ALL_OF_IT = 1.0 - 1e-12

Mix = dict[str, float]
Name = str | tuple[str, int]  # an item, or what a tier of it leaves


@dataclass(frozen=True)
class HomeFacts:
    """The facts of a chain and what only the perspective home reads."""

    facts: Facts
    domestic: dict[str, dict[str, float | None]]  # item -> source -> share of home use
    chain_use: float  # home_use of the chain


@dataclass(frozen=True)
class HomeLists:
    """Every list filled, and what each region buys from whom."""

    market: dict[str, Sourced]
    bought: dict[Unit, Sourced]
    variants: dict[str, dict[str, float]]
    mix: dict[str, dict[Name, Mix]]  # region -> market -> source -> m
    region: dict[str, str]  # of each supplier
    narrowed: dict[Narrowed, Sourced]  # what a slot's tier leaves of a market or a list
    queues: dict[Unit, Queue]  # at the sources that hand out by priority

    @cached_property
    def markets(self) -> dict[Name, Sourced]:
        """Every market: of each item, and what a tier leaves of it."""
        found: dict[Name, Sourced] = {(j, tier): one for (b, j, tier), one in self.narrowed.items() if not b}
        return dict(self.market.items()) | found


@dataclass(frozen=True)
class Hit:
    """Whom a node stops or cuts: item -> suppliers; `pinned` is the end of the mix's range, if asked."""

    suppliers: Mapping[str, Collection[str]]
    end: End = End.POINT
    pinned: End = End.POINT

    def of(self, item: str) -> Collection[str]:
        """Give the suppliers hit in one item."""
        return self.suppliers.get(item, ())


NOBODY = Hit({})


def read_home_facts(folders: Sequence[ChainFolder], chain_id: str) -> HomeFacts:
    """Read a chain with the domestic rows that the world leaves out."""
    facts = read_facts(folders, chain_id)
    supplies = join((f.supplies for f in folders), supply_key)
    domestic: dict[str, dict[str, float | None]] = {}
    for item, sources in facts.rows.items():
        rows = latest_years(row for row in supplies.values() if row.item_id == item)
        domestic[item] = {
            row.supplier_id: row.share
            for row in rows
            if row.share_scope is ShareScope.DOMESTIC and row.supplier_id in sources
        }
    own = next(folder.chain.home_use for folder in folders if folder.chain.chain_id == chain_id)
    return HomeFacts(facts, domestic, CHAIN_HOME_USE if own is None else own)


def region_of(facts: Facts, supplier: str, home: Collection[str]) -> str:
    """Say where a supplier stands; `home` names countries, or provinces as ``CHN/name``."""
    row = facts.suppliers.get(supplier)
    if row is None or row.country is None:
        return ABROAD
    return HOME if row.country in home or f"{row.country}/{row.province}" in home else ABROAD


def home_use_of(
    known: HomeFacts, item: str, *, home: Collection[str] = CHINA, seen: tuple[str, ...] = ()
) -> float:
    """Give h: the share of the world's use of an item that happens at home."""
    facts = known.facts
    given = facts.items[item].home_use
    if given is not None:
        return given
    parents = [k for k, parts in facts.variants.items() if item in parts]
    if parents and item not in seen:
        found = [home_use_of(known, k, home=home, seen=(*seen, item)) for k in parents]
        return math.fsum(found) / len(found)
    users = [k for k, slots in facts.slots.items() if any(slot.item == item for slot in slots)]
    if parents:
        users = []
    found = [home_share(known, k, home=home) for k in users or [item]]
    return math.fsum(found) / len(found)


def home_share(known: HomeFacts, item: str, *, home: Collection[str] = CHINA) -> float:
    """Give N of home at the point shares, or the chain's home_use for an item without sources."""
    if item not in known.facts.with_sources:
        return known.chain_use
    shares, _ = shares_of(known.facts, item, NOBODY)
    return math.fsum(share for s, share in shares.items() if region_of(known.facts, s, home) == HOME)


def shares_of(facts: Facts, item: str, hit: Hit) -> tuple[dict[str, float], float]:
    """Fill the world shares of one item."""
    blank = {source: row.share for source, row in facts.rows[item].items()}
    complete = bool(facts.items[item].suppliers_complete)
    return fill_shares(blank, complete=complete, stopped=hit.of(item), end=hit.end)


def has_domestic_mix(known: HomeFacts, item: str) -> bool:
    """Whether the domestic rows of an item say enough to be its mix."""
    given = [share for share in known.domestic[item].values() if share is not None]
    return bool(given) and math.fsum(given) >= 0.5 - TOLERANCE


def mix_of(
    known: HomeFacts, item: str, *, home: Collection[str] = CHINA, hit: Hit = NOBODY
) -> tuple[Mix, Mix]:
    """Give the shares of home's and of abroad's use that each source and others cover."""
    shares, others = shares_of(known.facts, item, hit)
    return divide(known, item, shares | {OTHERS: others}, home=home, hit=hit)


def divide(
    known: HomeFacts, item: str, shares: Mix, *, home: Collection[str], hit: Hit, is_whole: bool = True
) -> tuple[Mix, Mix]:
    """Divide a market between home and abroad; what a tier leaves of it has no domestic rows of its own."""
    facts = known.facts
    homes = {source for source in shares if region_of(facts, source, home) == HOME}
    h = home_use_of(known, item, home=home)
    if is_whole and has_domestic_mix(known, item):
        complete = bool(facts.items[item].suppliers_complete)
        own, rest = fill_shares(known.domestic[item], complete=complete, stopped=hit.of(item), end=hit.end)
        at_home = dict.fromkeys(shares, 0.0) | own | {OTHERS: rest}
    else:
        foreign = {source for source in hit.of(item) if source in shares} - homes
        covered = pinned_mix(known, item, math.fsum(shares[s] for s in foreign), hit.pinned)
        if foreign and covered is not None:
            at_home = end_of_mix(shares, homes, h, foreign, covered)
        else:
            at_home = buy_home_first(shares, homes, h)
    return at_home, what_is_left(shares, at_home, h)


def buy_home_first(shares: Mapping[str, float], homes: Collection[str], h: float) -> Mix:
    """Home buys from its own sources before it imports."""
    own = math.fsum(shares[source] for source in homes)
    kappa = 0.0 if own <= 0.0 else 1.0 if h <= 0.0 else min(1.0, own / h)
    inside = kappa / own if own > 0.0 else 0.0
    outside = (1.0 - kappa) / (1.0 - own) if own < 1.0 else 0.0
    return {s: share * (inside if s in homes else outside) for s, share in shares.items()}


def what_is_left(shares: Mapping[str, float], at_home: Mapping[str, float], h: float) -> Mix:
    """Abroad buys what home leaves, scaled to sum 1."""
    left = {source: max(0.0, share - h * at_home[source]) for source, share in shares.items()}
    total = math.fsum(left.values())
    if h >= 1.0 or total <= 0.0:
        return dict(shares)
    return {source: part / total for source, part in left.items()}


def pinned_mix(known: HomeFacts, item: str, share: float, end: End) -> float | None:
    """Give the least or the most that a foreign X can cover of home's use; None: not asked."""
    if end is End.POINT:
        return None
    if share <= 0.0 or share >= ALL_OF_IT:
        return min(1.0, max(0.0, share))
    h = known.facts.items[item].home_use
    if h is None or h <= 0.0:
        return 0.0 if end is End.LOW else 1.0
    return max(0.0, 1.0 - (1.0 - share) / h) if end is End.LOW else min(1.0, share / h)


def end_of_mix(
    shares: Mapping[str, float],
    homes: Collection[str],
    h: float,
    foreign: Collection[str],
    covered: float,
) -> Mix:
    """X covers so much of home's use; the others share the rest, home first."""
    cut = math.fsum(shares[source] for source in foreign)
    own = math.fsum(shares[source] for source in homes)
    far = {source for source in shares if source not in homes and source not in foreign}
    beyond = math.fsum(shares[source] for source in far)
    rest = 1.0 - covered
    inside = min(rest, own / h) if h > 0.0 and own > 0.0 and beyond > 0.0 else rest if own > 0.0 else 0.0
    parts = [(foreign, cut, covered), (homes, own, inside), (far, beyond, rest - inside)]
    return {
        source: shares[source] * part / total if total > 0.0 else 0.0
        for names, total, part in parts
        for source in names
    }


def fill_home(known: HomeFacts, *, home: Collection[str] = CHINA, hit: Hit = NOBODY) -> HomeLists:
    """Fill every list as seen from the node that hits these suppliers."""
    facts = known.facts
    market: dict[str, Sourced] = {}
    mixes: dict[str, dict[Name, Mix]] = {HOME: {}, ABROAD: {}}
    for name, item in facts.items.items():
        rows = facts.rows[name]
        sourced = fill_list(item, rows, bool(item.suppliers_complete), hit.of(name), hit.end)
        mixes[HOME][name], mixes[ABROAD][name] = mix_of(known, name, home=home, hit=hit)
        for supplier, made in facts.units:
            if made == name and supplier not in rows:  # named in purchases only
                sourced.share[supplier] = sourced.spare[supplier] = sourced.ready[supplier] = 0.0
                mixes[HOME][name][supplier] = mixes[ABROAD][name][supplier] = 0.0
        market[name] = sourced
    bought = {
        (buyer, j): fill_list(
            facts.items[j],
            rows,
            all(row.list_complete is not False for row in rows.values()),
            hit.of(j),
            hit.end,
        )
        for (buyer, j), rows in facts.lists.items()
    }
    variants = {i: fill_variant_weights(w) for i, w in facts.variants.items() if w}
    regions = {supplier: region_of(facts, supplier, home) for supplier in facts.present}
    narrowed = {
        (buyer, j, tier): found
        for j, tier in asked_tiers(facts)
        for buyer in ("", *sorted(b for b, bought_item in facts.lists if bought_item == j))
        if (found := narrow(facts, buyer, j, tier, stopped=hit.of(j), end=hit.end)) is not None
    }
    for (buyer, j, tier), one in narrowed.items():
        if not buyer:
            shares = one.share | {OTHERS: one.others}
            mixes[HOME][j, tier], mixes[ABROAD][j, tier] = divide(
                known, j, shares, home=home, hit=hit, is_whole=False
            )
    queues = fill_lists(facts).queues
    return HomeLists(market, bought, variants, mixes, regions, narrowed, queues)
