"""A chain folder as a zip: the gate's checks of its parts, then only the files that a chain folder has.

The zip is taken apart in the reader process, which also reads the folder once: what breaks it, or takes too
much time or memory, never reaches the process that asks.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from chains.catalog import read_folder
from chains.errors import Problem
from chains.model import ChainFolder
from ingest.errors import UploadRefusedError
from ingest.gate import CENTRAL_START, ZIP_START, inflate, list_parts
from ingest.model import LIMITS, MIB, Limits

NEEDED: Final = ("items.csv", "links.csv", "suppliers.csv", "supplies.csv")
FILES: Final = frozenset({*NEEDED, "purchases.csv", "sources.csv", "chain.toml"})
IGNORED: Final = frozenset(
    {"sources.md", "readme.md", "readme.txt", ".ds_store", "thumbs.db", "填写说明.txt"}
)
CHAIN_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# A chain folder becomes objects, so it may hold less than a supplier list.
CHAIN_LIMITS: Final = replace(
    LIMITS, upload_bytes=20 * MIB, inflated_bytes=64 * MIB, part_bytes=32 * MIB, parts=100
)


class _File:
    """A file of a folder that lies in memory."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content

    def exists(self) -> bool:
        return self.content is not None

    def read_bytes(self) -> bytes:
        if self.content is None:
            raise FileNotFoundError
        return self.content


class _Folder:
    """A folder that lies in memory: as much of a path as reading it needs."""

    def __init__(self, name: str, files: Mapping[str, bytes]) -> None:
        self.name, self.files = name, files

    def resolve(self) -> _Folder:
        return self

    def __truediv__(self, name: str) -> _File:
        return _File(self.files.get(name))


def read_zipped_folder(chain_id: str, files: Mapping[str, bytes]) -> tuple[ChainFolder, list[Problem]]:
    """Read a chain folder that lies in memory; nothing is written.

    Parameters
    ----------
    chain_id, files
        From `ingest.sandbox.Reader.unzip`.

    Returns
    -------
    tuple
        As `chains.catalog.read_folder`.
    """
    return read_folder(cast("Path", _Folder(chain_id, files)))


def open_chain_zip(
    content: bytes, filename: str, *, limits: Limits = CHAIN_LIMITS
) -> tuple[str, dict[str, bytes]]:
    """Take the files of a chain folder out of a zip; nothing is written.

    Parameters
    ----------
    content
        The file.
    filename
        Its name; names the chain when the zip has no folder. Never used as a path.
    limits
        What it may cost.

    Returns
    -------
    tuple
        The chain's id, and file name to content. Part names are only compared with the names that a chain
        folder has.

    Raises
    ------
    UploadRefusedError
        With the code of the rule that the file breaks.
    """
    if len(content) > limits.upload_bytes:
        raise UploadRefusedError("file-too-large", limit=limits.upload_bytes // MIB)
    if not content.startswith(ZIP_START) or not filename.strip().lower().endswith(".zip"):
        raise UploadRefusedError("chain-zip")
    if content.count(CENTRAL_START) > 2 * limits.parts:
        raise UploadRefusedError("too-many-parts", limit=limits.parts)
    files: dict[str, bytes] = {}
    folders: set[str] = set()
    room = limits.inflated_bytes
    for entry, start in list_parts(content, limits):
        path = entry.orig_filename.replace("\\", "/")
        folder, _, name = path.rpartition("/")
        if not name or folder.startswith("__MACOSX") or name.lower() in IGNORED:
            continue
        if name not in FILES or "/" in folder or ".." in folder:
            raise UploadRefusedError("chain-zip-file", name=name[:50])
        if name in files:
            raise UploadRefusedError("duplicate-part")
        compressed = memoryview(content)[start : start + entry.compress_size]
        files[name] = _inflate(
            compressed, entry.compress_type, limits=limits, room=room, stated=(entry.file_size, entry.CRC)
        )
        room -= len(files[name])
        folders.add(folder)
    if any(name not in files for name in NEEDED) or len(folders) != 1:
        raise UploadRefusedError("chain-zip")
    chain_id = folders.pop() or Path(filename).stem
    if not CHAIN_ID.fullmatch(chain_id):
        raise UploadRefusedError("chain-zip-name")
    return chain_id, files


def _inflate(
    compressed: memoryview, method: int, *, limits: Limits, room: int, stated: tuple[int, int]
) -> bytes:
    """Inflate a part, counting as it grows."""
    pieces, size = [], 0
    for piece in inflate(compressed, method):
        size += len(piece)
        if size > min(limits.part_bytes, room):
            total, part = limits.inflated_bytes // MIB, limits.part_bytes // MIB
            raise UploadRefusedError("inflated", total=total, part=part)
        if size > limits.ratio_from_bytes and size > limits.ratio * len(compressed):
            raise UploadRefusedError("ratio")
        pieces.append(piece)
    whole = b"".join(pieces)
    if (size, zlib.crc32(whole)) != stated:
        raise UploadRefusedError("damaged")
    return whole
