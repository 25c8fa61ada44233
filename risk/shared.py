"""One value and its arrays as one block of bytes that many processes read without copying it."""

from __future__ import annotations

import mmap
import pickle
import struct
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

_LINE: Final = 64
_COUNT: Final = struct.Struct("<q")


def pack(value: object) -> bytearray:
    """Write a value to one block; its arrays begin at multiples of 64 bytes.

    Parameters
    ----------
    value
        Anything that can be pickled.

    Returns
    -------
    bytearray
        For `unpack`.
    """
    buffers: list[pickle.PickleBuffer] = []
    text = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    parts = [memoryview(text), *(buffer.raw() for buffer in buffers)]
    block = bytearray(_COUNT.pack(len(parts)) + b"".join(_COUNT.pack(len(part)) for part in parts))
    for part in parts:
        block.extend(bytes(-len(block) % _LINE))
        block.extend(part)
    return block


def unpack(block: bytearray | mmap.mmap) -> Any:  # noqa: ANN401 - whatever was packed
    """Read a value back; its arrays are the block's own memory.

    Parameters
    ----------
    block
        What `pack` wrote, writable: compiled code takes arrays that are read-only for another type.

    Returns
    -------
    Any
        An equal value.
    """
    view = memoryview(block)
    (count,) = _COUNT.unpack_from(view)
    sizes = [_COUNT.unpack_from(view, _COUNT.size * (1 + part))[0] for part in range(count)]
    at, parts = _COUNT.size * (1 + count), []
    for size in sizes:
        at += -at % _LINE
        parts.append(view[at : at + size])
        at += size
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 - written by `pack`, by our own program


def open_shared(file: Path) -> Any:  # noqa: ANN401 - whatever was packed
    """Map a file that holds a packed value; what is written to its arrays stays in this process.

    Parameters
    ----------
    file
        Holds the block.

    Returns
    -------
    Any
        The value; the map lives as long as its arrays.
    """
    with file.open("rb") as stream:
        return unpack(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY))
