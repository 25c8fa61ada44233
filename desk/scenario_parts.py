"""A scenario taken apart: what each source or shock would do alone; stocks in place of those of the data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.model import Perspective
from chains.regions import HOME_COUNTRY
from chains.sources import resolve_sources
from risk.scenario_store.model import PartLoss

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from risk.scenario_store.model import Plan
    from risk.scenarios import Simulation

MOST_PARTS = 12
"""More parts are not computed apart: an answer should take a second."""


def simulate_plan(
    records: ChainRecords, plan: Plan, *, defaults: Defaults, home: Sequence[str] = (HOME_COUNTRY,)
) -> Simulation:
    """Simulate the shocks and cuts of a plan.

    Parameters
    ----------
    records
        Joined and restricted facts, with the plan's stocks laid over them.
    plan
        No merger.
    defaults
        What blanks mean.
    home
        Countries and provinces of home.

    Returns
    -------
    Simulation
        At the point value of unknown shares.

    Raises
    ------
    UnknownKeyError
        When a shock or cut names what is not in the chain, with near matches.
    ParameterError
        When a severity, a day or the horizon is out of range.
    """
    from risk.scenarios import simulate

    seen: dict[str, Any] = {}
    if plan.cuts or plan.perspective is Perspective.HOME:
        seen = {"cuts": plan.cuts, "perspective": plan.perspective, "home": home}
    return simulate(records, plan.shocks, defaults=defaults, mode=plan.mode, horizon=plan.horizon, **seen)


def simulate_parts(
    records: ChainRecords, plan: Plan, *, defaults: Defaults, home: Sequence[str] = (HOME_COUNTRY,)
) -> tuple[PartLoss, ...]:
    """Simulate each source whose deliveries are cut, and each shock, alone.

    Parameters
    ----------
    records
        As for `simulate_plan`.
    plan
        No merger.
    defaults
        What blanks mean.
    home
        Countries and provinces of home.

    Returns
    -------
    tuple of PartLoss
        The largest mean loss first; empty for a plan of one part, or of more than `MOST_PARTS`.
    """
    parts = list(_split(plan))
    if not 1 < len(parts) <= MOST_PARTS:
        return ()
    found = []
    for part in parts:
        alone = simulate_plan(records, part, defaults=defaults, home=home)
        source = part.cuts[0].sources[0] if part.cuts else None
        shock = None if part.cuts else part.shocks[0]
        found.append(PartLoss(source, shock, alone.exposure, alone.mean_loss, alone.first_day))
    return tuple(sorted(found, key=lambda one: (-one.mean_loss, -one.exposure)))


def find_idle(records: ChainRecords, plan: Plan, *, defaults: Defaults) -> tuple[str, ...]:
    """Find the sources of cuts that deliver nothing of what is cut.

    Parameters
    ----------
    records
        As for `simulate_plan`.
    plan
        With cuts.
    defaults
        What blanks mean.

    Returns
    -------
    tuple of str
        Keys as the plan writes them; cutting them changes nothing, whatever unnamed others do.
    """
    from risk.nodes import find_nodes
    from risk.upsets import suppliers_of_source

    sources = resolve_sources(records, defaults)
    members = find_nodes(records, sources)
    made = {(row.supplier_id, item_id) for item_id, source in sources.items() for row in source.supplies}
    made |= {(row.supplier_id, row.item_id) for row in records.purchases}
    asked = dict.fromkeys((key, cut.items) for cut in plan.cuts for key in cut.sources)
    firms = {key: set(suppliers_of_source(members, key)) for key, _ in asked}
    busy = {
        (key, items)
        for key, items in asked
        for supplier_id, item_id in made
        if supplier_id in firms[key] and (not items or item_id in items)
    }
    return tuple(dict.fromkeys(key for key, items in asked if (key, items) not in busy))


def lay_stock(records: ChainRecords, plan: Plan) -> ChainRecords:
    """Put the stocks that a plan assumes in place of those of the data.

    Parameters
    ----------
    records
        Joined and restricted facts.
    plan
        Any.

    Returns
    -------
    ChainRecords
        With other `cover_days` of the items named.

    Raises
    ------
    UnknownKeyError
        When the chain has no such item, with near matches.
    """
    days = dict(plan.stock)
    known = {item.item_id for item in records.items}
    for item_id in sorted(days.keys() - known):
        raise UnknownKeyError(
            f"no item {item_id!r} in this chain, so no stock of it can be assumed",
            near=near_matches(item_id, known),
            zh=f"这条链里没有物料 {item_id!r},无从假设它的库存",
        )
    items = (replace(one, cover_days=days.get(one.item_id, one.cover_days)) for one in records.items)
    return replace(records, items=tuple(items)) if days else records


def _split(plan: Plan) -> Iterator[Plan]:
    for source in dict.fromkeys(source for cut in plan.cuts for source in cut.sources):
        own = tuple(replace(cut, sources=(source,)) for cut in plan.cuts if source in cut.sources)
        yield replace(plan, shocks=(), cuts=own)
    for shock in plan.shocks:
        yield replace(plan, shocks=(shock,), cuts=())
