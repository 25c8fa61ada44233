"""What an event is about: the place, firm, group or item of a chain that a name stands for."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.model import Scope
from chains.regions import HOME_COUNTRY
from ingest.countries import parse_country
from ingest.model import VALUE_SHOWN, RowIssue
from ingest.names import name_key
from ingest.parsing import CellError
from risk.model import SCOPE_NAMES_ZH
from risk.nodes import find_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chains.defaults import Defaults
    from chains.model import ChainRecords
    from chains.regions import Regions
    from ingest.lists.model import Entry
    from risk.model import Node


@dataclass(frozen=True)
class EventTargets:
    """Nodes of a chain by any name they go by.

    Attributes
    ----------
    by_name
        `name_key` to nodes.
    """

    by_name: dict[str, tuple[Node, ...]]

    def find(self, where: str, scope: str | None) -> tuple[Node, ...]:
        """Find the nodes that a name may stand for.

        Parameters
        ----------
        where
            As written.
        scope
            Kind of target, when it is given.

        Returns
        -------
        tuple of Node
            None, one, or several that a person has to choose from.
        """
        found = dict.fromkeys(node for key in _keys(where) for node in self.by_name.get(key, ()))
        return tuple(node for node in found if scope in {None, node.scope.value})


def index_targets(records: ChainRecords, *, defaults: Defaults, regions: Regions) -> EventTargets:
    """Collect the nodes of a chain by name.

    Parameters
    ----------
    records
        What the chain is scored on.
    defaults
        What blanks mean.
    regions
        Spellings of provinces and cities.

    Returns
    -------
    EventTargets
        A firm that is a group of its own is found as a firm only.
    """
    from chains.sources import resolve_sources

    groups: dict[str, dict[Node, None]] = defaultdict(dict)
    for member in find_nodes(records, resolve_sources(records, defaults)):
        node = member.node
        if node.scope is Scope.PARENT and node.firms < 2:  # noqa: PLR2004 - one firm stands for itself
            continue
        for name in _names(node, regions):
            groups[name_key(name)][node] = None
    return EventTargets({name: tuple(nodes) for name, nodes in groups.items()})


def _keys(where: str) -> Iterator[str]:
    yield name_key(where)
    with contextlib.suppress(CellError):
        yield name_key(parse_country(where))


def _names(node: Node, regions: Regions) -> Iterator[str]:
    yield from (name for name in (node.key, node.name_zh, node.name_en) if name)
    if node.country not in {None, HOME_COUNTRY}:
        return
    if node.scope is Scope.PROVINCE:
        known = regions.find_province(node.key)
        if known is not None:
            yield from (known.name_zh, known.short_zh, known.name_en)
    if node.scope is Scope.CITY:
        town = regions.find_city(node.city or node.key, node.province)
        if town is not None:
            yield from (town.name_zh, town.short_zh, town.name_en)
        yield f"{node.city or node.key}市"


def settle_events(
    entries: Iterable[Entry], targets: EventTargets
) -> tuple[dict[int, str], dict[int, RowIssue], tuple[str, ...]]:
    """Tell what events are about.

    Parameters
    ----------
    entries
        Good rows of an event list.
    targets
        Nodes of the chain.

    Returns
    -------
    tuple
        Row to ``scope:key``; row to the problem of a name that stands for several; names that stand for
        nothing on this chain.
    """
    settled: dict[int, str] = {}
    unclear: dict[int, RowIssue] = {}
    unknown: dict[str, None] = {}
    for entry in entries:
        where = entry.text("where") or ""
        found = targets.find(where, entry.text("scope"))
        if len(found) == 1:
            settled[entry.row] = f"{found[0].scope.value}:{found[0].key}"
        elif found:
            kinds = "、".join(f"{SCOPE_NAMES_ZH[node.scope]} {node.scope.value}" for node in found[:5])
            unclear[entry.row] = RowIssue(
                entry.row, "where", where[:VALUE_SHOWN], "where-ambiguous", {"found": kinds}
            )
        else:
            unknown[where] = None
    return settled, unclear, tuple(unknown)
