"""Finished spans of a long computation in a file, so that it can be stopped and resumed."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from risk.cascade.errors import FirmDataError

if TYPE_CHECKING:
    from pathlib import Path

    from risk.cascade.model import FirmNetwork, FirmShocks
    from risk.kernels.cascade.layout import FloatArray, IndexArray, Limits

_MAGIC: Final = b"lianwen-esri-1\n"
_RECORD: Final = struct.Struct("<qqI")


@dataclass(frozen=True, slots=True)
class KeptSpan:
    """Results of the scenarios `first` to `last` − 1.

    Attributes
    ----------
    first, last
        Half-open range of scenarios.
    losses
        Shape (last − first, 3): by either channel, by inputs, by customers.
    sweeps
        Shape (last − first,).
    """

    first: int
    last: int
    losses: FloatArray
    sweeps: IndexArray


def name_computation(network: FirmNetwork, shocks: FirmShocks, limits: Limits) -> bytes:
    """Digest everything that the results rest on.

    Parameters
    ----------
    network, shocks
        What is computed.
    limits
        When a scenario stops.

    Returns
    -------
    bytes
        32 bytes; the same for the same numbers.
    """
    digest = hashlib.sha256(repr((limits.eps, limits.most_sweeps, limits.replaceability)).encode())
    for array in (
        network.sector_of_firm,
        network.supplier_of_link,
        network.buyer_of_link,
        network.weight_of_link,
        network.essential,
        shocks.shock_start,
        shocks.firm_of_shock,
        shocks.share_of_shock,
    ):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


def read_kept(file: Path, name: bytes, *, scenarios: int) -> list[KeptSpan]:
    """Read what an earlier, stopped computation finished, and make the file ready for more.

    Parameters
    ----------
    file
        The file; made when it is not there.
    name
        The computation (`name_computation`); what another one left is forgotten.
    scenarios
        How many there are.

    Returns
    -------
    list of KeptSpan
        In the order in which they were finished; a record that was cut off is left out.

    Raises
    ------
    FirmDataError
        When the file cannot be written.
    """
    spans, good = [], 0
    try:
        content = file.read_bytes() if file.exists() else b""
        if content.startswith(_MAGIC + name):
            good = len(_MAGIC) + len(name)
            while (span := _read_span(content, good, scenarios)) is not None:
                spans.append(span)
                good += _RECORD.size + span.losses.nbytes + span.sweeps.nbytes
        with file.open("r+b" if file.exists() else "wb") as stream:
            stream.truncate(good)
            if not good:
                stream.write(_MAGIC + name)
    except OSError as error:
        raise FirmDataError(
            f"the file {file.name} that keeps the state cannot be written: {error.strerror}",
            zh=f"无法写入保存进度的文件 {file.name}:{error.strerror}",
        ) from error
    return spans


def keep_span(file: Path, span: KeptSpan) -> None:
    """Append a finished span.

    Parameters
    ----------
    file
        Made ready by `read_kept`.
    span
        What was finished.
    """
    body = span.losses.tobytes() + span.sweeps.tobytes()
    with file.open("ab") as stream:
        stream.write(_RECORD.pack(span.first, span.last, zlib.crc32(body)) + body)


def _read_span(content: bytes, at: int, scenarios: int) -> KeptSpan | None:
    if len(content) < at + _RECORD.size:
        return None
    first, last, check = _RECORD.unpack_from(content, at)
    count, at = last - first, at + _RECORD.size
    if not 0 <= first < last <= scenarios:
        return None
    body = content[at : at + count * 28]
    if len(body) < count * 28 or zlib.crc32(body) != check:
        return None
    losses = np.frombuffer(body, dtype=np.float64, count=count * 3).reshape(count, 3)
    return KeptSpan(first, last, losses, np.frombuffer(body, dtype=np.int32, offset=count * 24))
