"""How old the facts behind a node are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.sources import resolve_sources
from risk.alerts.model import DataAge
from risk.nodes import find_nodes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chains.defaults import Defaults
    from chains.model import ChainRecords, Scope
    from risk.nodes import NodeMembers


def data_ages(
    records: ChainRecords, wanted: Collection[tuple[Scope, str]], *, defaults: Defaults, home: Collection[str]
) -> Mapping[tuple[Scope, str], DataAge]:
    """Tell the years of the supplies that stop with each node.

    Parameters
    ----------
    records
        The facts that the run rests on.
    wanted
        Scope and key of the nodes asked for.
    defaults
        What blanks mean; decides which rows are sources.
    home
        ISO alpha-3 codes of the home countries.

    Returns
    -------
    Mapping
        By scope and key; a node that the facts do not hold is left out.
    """
    if not wanted:
        return {}
    sources = resolve_sources(records, defaults)
    scopes = {scope for scope, _ in wanted}
    members = find_nodes(records, sources, scopes=scopes, home=home)
    asked = {(one.node.scope, one.node.key): one for one in members}
    return {subject: _age(records, asked[subject]) for subject in wanted if subject in asked}


def _age(records: ChainRecords, members: NodeMembers) -> DataAge:
    firms = set(members.supplier_ids)
    years = [
        row.year for row in records.supplies if row.supplier_id in firms or row.item_id == members.item_id
    ]
    dated = [year for year in years if year is not None]
    return DataAge(min(dated, default=None), max(dated, default=None), len(years) - len(dated))
