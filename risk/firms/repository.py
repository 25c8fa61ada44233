"""Firm networks in the database: loads, their firms and links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
from sqlalchemy import insert, or_, select, update

from chains.errors import UnknownKeyError
from chains.matching import near_matches
from risk.firms.blobs import digest_network, pack_edges, pack_essential, unpack_network
from risk.firms.model import StoredNetwork
from risk.firms.tables import FirmNetworkRow, FirmRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from risk.cascade.model import FirmNetwork
    from risk.firms.model import FirmAttributes, NetworkLoad

_BATCH: Final = 5000
_NETWORK: Final = tuple(
    getattr(FirmNetworkRow, name)
    for name in (
        "key",
        "title",
        "origin",
        "digest",
        "loaded_at",
        "firms",
        "links",
        "sectors",
        "sales",
        "warnings",
    )
)


def insert_network(
    session: Session,
    network: FirmNetwork,
    *,
    attributes: Sequence[FirmAttributes],
    load: NetworkLoad,
    at: datetime,
) -> int:
    """Store a load; the current load of the same key is superseded.

    Parameters
    ----------
    session
        A write session.
    network
        The firms.
    attributes
        What their list says of each, in the same order.
    load
        Name and origin.
    at
        Now, aware.

    Returns
    -------
    int
        Number of the load.
    """
    retire_network(session, load.key, at=at)
    row = {
        "key": load.key,
        "title": load.title,
        "origin": load.origin,
        "digest": digest_network(network, attributes),
        "loaded_at": at,
        "firms": network.firms,
        "links": network.links,
        "sectors": len(network.sector_ids),
        "sales": float(network.weight_of_link.sum()),
        "warnings": [list(pair) for pair in load.warnings],
        "edges": pack_edges(network),
        "essential": pack_essential(network),
    }
    network_id = session.scalars(insert(FirmNetworkRow).values(row).returning(FirmNetworkRow.id)).one()
    for rows in portions(list(_firm_rows(network_id, network, attributes))):
        session.execute(insert(FirmRow), rows)
    return network_id


def _firm_rows(
    network_id: int, network: FirmNetwork, attributes: Sequence[FirmAttributes]
) -> Iterator[dict[str, Any]]:
    sales, purchases = network.sales, network.purchases
    for place, one in enumerate(attributes):
        yield {
            "network_id": network_id,
            "firm": place,
            "firm_id": one.firm_id,
            "name": one.name,
            "sector": network.sector_ids[network.sector_of_firm[place]],
            "city": one.city,
            "uscc": one.uscc,
            "sales": float(sales[place]),
            "purchases": float(purchases[place]),
        }


def retire_network(session: Session, key: str, *, at: datetime) -> bool:
    """Take a network out of use; its runs stay as history.

    Parameters
    ----------
    session
        A write session.
    key
        Which network.
    at
        Now, aware.

    Returns
    -------
    bool
        Whether there was one.
    """
    statement = (
        update(FirmNetworkRow)
        .where(FirmNetworkRow.key == key, FirmNetworkRow.superseded_at.is_(None))
        .values(superseded_at=at)
        .returning(FirmNetworkRow.id)
    )
    return session.scalars(statement).first() is not None


def list_networks(session: Session) -> tuple[StoredNetwork, ...]:
    """List the networks in use, in order of key."""
    query = select(FirmNetworkRow.id, *_NETWORK).where(FirmNetworkRow.superseded_at.is_(None))
    return tuple(_network(row) for row in session.execute(query.order_by(FirmNetworkRow.key)))


def find_network(session: Session, key: str | None) -> StoredNetwork:
    """Find a network in use.

    Parameters
    ----------
    session
        Any session.
    key
        Which one; the only one when None.

    Returns
    -------
    StoredNetwork
        Its current load.

    Raises
    ------
    UnknownKeyError
        When there is none of that key, or `key` is None and there are none or several.
    """
    networks = list_networks(session)
    if key is None and len(networks) == 1:
        return networks[0]
    found = {network.key: network for network in networks}
    if key in found:
        return found[key]
    listed, listed_zh = ", ".join(found) or "none", "、".join(found) or "没有"
    if key is None:
        raise UnknownKeyError(
            f"name the firm network with --network (loaded: {listed})",
            zh=f"请用 --network 指明企业网络(已装入:{listed_zh})",
        )
    raise UnknownKeyError(
        f"no firm network {key!r}", near=near_matches(key, found), zh=f"没有企业网络 {key!r}"
    )


def load_network(session: Session, network_id: int) -> FirmNetwork:
    """Read the links of a load.

    Parameters
    ----------
    session
        Any session.
    network_id
        Which load.

    Returns
    -------
    FirmNetwork
        As it was stored.
    """
    row = session.execute(
        select(FirmNetworkRow.edges, FirmNetworkRow.essential).where(FirmNetworkRow.id == network_id)
    ).one()
    firms = session.execute(
        select(FirmRow.firm_id, FirmRow.sector).where(FirmRow.network_id == network_id).order_by(FirmRow.firm)
    ).all()
    frame = pl.DataFrame(firms, schema={"firm_id": pl.String, "sector": pl.String}, orient="row")
    return unpack_network(frame, row.edges, row.essential)


def match_firms(
    session: Session, network_id: int, *, ids: Collection[str], codes: Collection[str], names: Collection[str]
) -> pl.DataFrame:
    """Find firms of a load by id, credit code or exact name.

    Parameters
    ----------
    session
        Any session.
    network_id
        Which load.
    ids, codes, names
        What may stand in each of the three columns.

    Returns
    -------
    polars.DataFrame
        ``firm``, ``firm_id``, ``name``, ``uscc``; in the order of the network.
    """
    columns = (FirmRow.firm, FirmRow.firm_id, FirmRow.name, FirmRow.uscc)
    wanted = ((FirmRow.firm_id, ids), (FirmRow.uscc, codes), (FirmRow.name, names))
    hits = or_(*(column.in_(sorted(values)) for column, values in wanted if values))
    schema = {"firm": pl.Int64} | dict.fromkeys(("firm_id", "name", "uscc"), pl.String)
    if not any(values for _column, values in wanted):
        return pl.DataFrame(schema=schema)
    query = select(*columns).where(FirmRow.network_id == network_id, hits).order_by(FirmRow.firm)
    return pl.DataFrame(session.execute(query).all(), schema=schema, orient="row")


def _network(row: Row[Any]) -> StoredNetwork:
    cells = {column.key: getattr(row, column.key) for column in _NETWORK}
    return StoredNetwork(
        network_id=row.id, **cells | {"warnings": tuple((zh, en) for zh, en in row.warnings)}
    )


def portions(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut rows into portions that one statement can insert."""
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
