"""What a scenario can be about: the nodes of a chain, what they make, and every name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.model import Scope, SupplierKind
from chains.sources import resolve_sources
from desk.home import read_records
from desk.home_region import read_home
from risk.nodes import find_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from risk.model import Node
    from settings import Settings

Names = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class ScenarioTargets:
    """Nodes and names of a chain.

    Attributes
    ----------
    nodes
        In canonical order, by ``(scope, key)``.
    made
        Items that each node's suppliers make in this chain, sorted; nothing for items.
    suppliers, items
        Chinese and English name by id.
    aggregates
        Country of each supplier that stands for all makers of a country.
    """

    nodes: Mapping[tuple[Scope, str], Node]
    made: Mapping[tuple[Scope, str], tuple[str, ...]]
    suppliers: Mapping[str, Names]
    items: Mapping[str, Names]
    aggregates: Mapping[str, str | None]


def read_targets(settings: Settings, chain_id: str) -> ScenarioTargets:
    """Read what a scenario of a chain can be about.

    Parameters
    ----------
    settings
        Where database and defaults are.
    chain_id
        Which chain.

    Returns
    -------
    ScenarioTargets
        As the facts are now.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded, or home is no country or province.
    """
    records = read_records(settings, chain_id)
    sources = resolve_sources(records, load_defaults(settings.data_dir / "defaults.toml"))
    members = find_nodes(records, sources, home=read_home(settings))
    makes: dict[str, set[str]] = {}
    for source in sources.values():
        for row in source.supplies:
            makes.setdefault(row.supplier_id, set()).add(row.item_id)
    return ScenarioTargets(
        nodes={(one.node.scope, one.node.key): one.node for one in members if one.node.scored},
        made={
            (one.node.scope, one.node.key): tuple(
                sorted({item for supplier in one.supplier_ids for item in makes.get(supplier, ())})
            )
            for one in members
        },
        suppliers={one.supplier_id: (one.name_zh, one.name_en) for one in records.suppliers},
        items={one.item_id: (one.name_zh, one.name_en) for one in records.items},
        aggregates={
            one.supplier_id: one.country
            for one in records.suppliers
            if one.kind is SupplierKind.COUNTRY_AGGREGATE
        },
    )
