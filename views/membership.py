"""To which stages, classes and places every node belongs, read from the chain's facts.

A supplier, group, place or country belongs to the stages and classes of the items it supplies; an item
belongs to its own, and to no place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from chains.model import Scope, SupplierKind
from views.heatmap import NODE, UNKNOWN_CATEGORY, Dimension

if TYPE_CHECKING:
    from chains.model import ChainRecords
    from chains.regions import Regions

PLACES = ["country", "province", "city"]
_FIRM = ["supplier_id", "group", *PLACES, "ring", "is_aggregate"]


def list_firms(records: ChainRecords, regions: Regions) -> pd.DataFrame:
    """List the suppliers of a chain with their group and place.

    Parameters
    ----------
    records
        What the chain is scored on.
    regions
        Tells in which ring a place lies.

    Returns
    -------
    pandas.DataFrame
        One row a supplier: ``supplier_id``, ``group`` (its topmost parent), ``country``, ``province``,
        ``city``, ``ring`` (``None`` when unknown), ``is_aggregate``.
    """
    parents = {firm.supplier_id: firm.parent for firm in records.suppliers}
    rows = [
        (
            firm.supplier_id,
            _topmost(firm.supplier_id, parents),
            firm.country,
            firm.province,
            firm.city,
            regions.ring_of(firm.country, firm.province),
            firm.kind is SupplierKind.COUNTRY_AGGREGATE,
        )
        for firm in records.suppliers
    ]
    return pd.DataFrame(rows, columns=_FIRM).astype(object)


def list_supplied(records: ChainRecords) -> pd.DataFrame:
    """List which supplier makes which item, from supplies and purchases.

    Parameters
    ----------
    records
        What the chain is scored on.

    Returns
    -------
    pandas.DataFrame
        ``supplier_id``, ``item_id``, each pair once.
    """
    pairs = {(row.supplier_id, row.item_id) for row in records.supplies}
    pairs |= {(row.supplier_id, row.item_id) for row in records.purchases}
    return pd.DataFrame(sorted(pairs), columns=["supplier_id", "item_id"], dtype=object)


def find_firms(nodes: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """Find the suppliers that stop with each node.

    Parameters
    ----------
    nodes
        ``scope``, ``key``, ``country``, ``province``, ``city``, one row a node.
    firms
        From `list_firms`.

    Returns
    -------
    pandas.DataFrame
        ``scope``, ``key`` and the columns of `firms`; a node of scope item has no rows.
    """
    real = firms[~firms["is_aggregate"].astype(bool)]
    found = [
        _match(nodes, Scope.SUPPLIER, real.assign(key=real["supplier_id"])),
        _match(nodes, Scope.PARENT, real.assign(key=real["group"])),
        _match(nodes, Scope.COUNTRY, firms.assign(key=firms["country"])),
        _match_place(nodes, Scope.PROVINCE, firms),
        _match_place(nodes, Scope.CITY, firms),
    ]
    return pd.concat(found, ignore_index=True)


def list_members(
    nodes: pd.DataFrame, records: ChainRecords, regions: Regions, *, chain_id: str
) -> pd.DataFrame:
    """List every category that every node belongs to.

    Parameters
    ----------
    nodes
        ``scope``, ``key``, ``country``, ``province``, ``city``, one row a node.
    records
        What the chain is scored on.
    regions
        Tells in which ring a place lies.
    chain_id
        Whose nodes.

    Returns
    -------
    pandas.DataFrame
        ``chain_id, scope, key, dimension, value``, each once; what the data leave blank is
        `UNKNOWN_CATEGORY`, what does not apply (the province of a foreign firm) has no row.
    """
    firms = find_firms(nodes, list_firms(records, regions))
    classes = pd.DataFrame(
        [(item.item_id, item.stage, item.five_base) for item in records.items],
        columns=["item_id", Dimension.STAGE.value, Dimension.FIVE_BASE.value],
        dtype=object,
    )
    own = nodes.loc[nodes["scope"] == Scope.ITEM.value, ["scope", "key"]]
    items = pd.concat(
        [
            firms[["scope", "key", "supplier_id"]].merge(list_supplied(records), on="supplier_id"),
            own.assign(item_id=own["key"]),
        ]
    )
    placed = items.merge(classes, on="item_id")
    parts = [_member(placed, dimension) for dimension in (Dimension.STAGE, Dimension.FIVE_BASE)]
    parts += [_member(_applicable(firms, place), place) for place in _PLACE_DIMENSIONS]
    parts.append(nodes[["scope", "key"]].assign(dimension=Dimension.SCOPE.value, value=nodes["scope"]))
    parts.append(nodes[["scope", "key"]].assign(dimension=Dimension.CHAIN.value, value=chain_id))
    members = pd.concat(parts, ignore_index=True).assign(chain_id=chain_id)
    return members[[*NODE, "dimension", "value"]].drop_duplicates(ignore_index=True)


_PLACE_DIMENSIONS = (Dimension.COUNTRY, Dimension.RING, Dimension.PROVINCE, Dimension.CITY)
_COARSER_THAN = {
    Dimension.COUNTRY: (),
    Dimension.RING: (),
    Dimension.PROVINCE: (Scope.COUNTRY,),
    Dimension.CITY: (Scope.COUNTRY, Scope.PROVINCE),
}


def _topmost(supplier_id: str, parents: dict[str, str | None]) -> str:
    seen = {supplier_id}
    group = supplier_id
    while (parent := parents.get(group)) and parent not in seen:
        seen.add(parent)
        group = parent
    return group


def _match(nodes: pd.DataFrame, scope: Scope, firms: pd.DataFrame) -> pd.DataFrame:
    wanted = nodes.loc[nodes["scope"] == scope.value, ["scope", "key"]]
    return wanted.merge(firms[["key", *_FIRM]], on="key")


def _match_place(nodes: pd.DataFrame, scope: Scope, firms: pd.DataFrame) -> pd.DataFrame:
    # Two countries may share the name of a place, so the country decides along with the name.
    on = ["country", scope.value]
    wanted = nodes.loc[nodes["scope"] == scope.value, ["scope", "key", *on]].dropna(subset=on)
    return wanted.merge(firms[_FIRM].dropna(subset=on), on=on)[["scope", "key", *_FIRM]]


def _applicable(firms: pd.DataFrame, dimension: Dimension) -> pd.DataFrame:
    """Leave out nodes larger than the place, a group's branches, and blanks that only say "abroad"."""
    kept = firms[~firms["scope"].isin([scope.value for scope in _COARSER_THAN[dimension]])]
    kept = kept[~_is_branch(kept)]
    if dimension in (Dimension.PROVINCE, Dimension.CITY):
        is_abroad = kept["country"].ne("CHN") & kept["country"].notna()
        kept = kept[~(is_abroad & kept[dimension.value].isna())]
    return kept


def _is_branch(firms: pd.DataFrame) -> pd.Series:
    """Tell which rows are firms of a group other than its head, where the head itself is known.

    A group stands where its head is: the stop of a whole foreign group is not a risk of the province
    that hosts one of its plants; the plant is a node of its own.
    """
    is_group = firms["scope"].eq(Scope.PARENT.value)
    is_head = is_group & firms["supplier_id"].eq(firms["key"])
    has_head = firms["key"].isin(firms.loc[is_head, "key"])
    return is_group & has_head & ~is_head


def _member(frame: pd.DataFrame, dimension: Dimension) -> pd.DataFrame:
    values = frame[dimension.value].where(frame[dimension.value].notna(), UNKNOWN_CATEGORY)
    return frame[["scope", "key"]].assign(dimension=dimension.value, value=[str(value) for value in values])
