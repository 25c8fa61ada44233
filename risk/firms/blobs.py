"""A firm network as bytes and back, and the digest of its facts."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from risk.cascade.model import FirmNetwork

if TYPE_CHECKING:
    from collections.abc import Sequence

    from risk.firms.model import FirmAttributes

_SECTOR: Final = "sector"


def pack_edges(network: FirmNetwork) -> bytes:
    """Write the links as Parquet: indices of supplier and buyer, weight.

    Parameters
    ----------
    network
        The firms.

    Returns
    -------
    bytes
        For `unpack_network`.
    """
    return _write(
        pl.DataFrame(
            {
                "supplier": network.supplier_of_link,
                "buyer": network.buyer_of_link,
                "weight": network.weight_of_link,
            }
        )
    )


def pack_essential(network: FirmNetwork) -> bytes:
    """Write the matrix of classes as Parquet, one row and one column a sector.

    Parameters
    ----------
    network
        The firms.

    Returns
    -------
    bytes
        For `unpack_network`.
    """
    columns = {name: network.essential[:, place] for place, name in enumerate(network.sector_ids)}
    return _write(
        pl.DataFrame({_SECTOR: network.sector_ids} | {f"to {name}": cells for name, cells in columns.items()})
    )


def unpack_network(firms: pl.DataFrame, edges: bytes, essential: bytes) -> FirmNetwork:
    """Read a network back.

    Parameters
    ----------
    firms
        ``firm_id`` and ``sector`` in the order of the indices.
    edges, essential
        From `pack_edges` and `pack_essential`.

    Returns
    -------
    FirmNetwork
        Equal to the one packed.
    """
    links = pl.read_parquet(io.BytesIO(edges))
    matrix = pl.read_parquet(io.BytesIO(essential))
    sector_ids = tuple(matrix[_SECTOR].to_list())
    number = {name: place for place, name in enumerate(sector_ids)}
    sectors = firms["sector"].replace_strict(number, return_dtype=pl.Int32)
    return FirmNetwork(
        firm_ids=tuple(firms["firm_id"].to_list()),
        sector_ids=sector_ids,
        sector_of_firm=sectors.to_numpy(),
        supplier_of_link=links["supplier"].to_numpy(),
        buyer_of_link=links["buyer"].to_numpy(),
        weight_of_link=links["weight"].to_numpy(),
        essential=np.ascontiguousarray(matrix.drop(_SECTOR).to_numpy()),
    )


def digest_network(network: FirmNetwork, attributes: Sequence[FirmAttributes]) -> str:
    """Name all facts of a network.

    Parameters
    ----------
    network
        The firms.
    attributes
        One a firm, in the same order.

    Returns
    -------
    str
        64 hexadecimal digits; equal for equal facts.
    """
    digest = hashlib.sha256()
    for name in (*network.firm_ids, "", *network.sector_ids, ""):
        digest.update(name.encode() + b"\0")
    for array in (
        network.sector_of_firm,
        network.supplier_of_link,
        network.buyer_of_link,
        network.weight_of_link,
        network.essential,
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    for one in attributes:
        digest.update(repr((one.name, one.city, one.uscc)).encode())
    return digest.hexdigest()


def _write(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream, compression="zstd")
    return stream.getvalue()
