"""What a file must be before any reader touches it (rule 10): type by content, size and zip structure.

The zip is inflated here by its own directory, because a reader believes sizes that a file only declares.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias
from xml.parsers import expat

from ingest.errors import UploadRefusedError
from ingest.model import LIMITS, MIB, Limits

FileKind: TypeAlias = Literal["csv", "xlsx"]

KIND_OF_ENDING: Final[dict[str, FileKind]] = {"csv": "csv", "tsv": "csv", "txt": "csv", "xlsx": "xlsx"}
WORKBOOK_ENDINGS: Final = frozenset({"xls", "xlsm", "xlsb", "xltx", "xltm", "xlam", "et", "ett", "ods"})
ZIP_START: Final = b"PK\x03\x04"
OLE_START: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY_STARTS: Final = (
    b"PK\x03\x04", b"PK\x05\x06", OLE_START, b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf", b"\x7fELF", b"BZh9", b"\xfd7zXZ", b"SQLite format 3", b"{\\rtf", b"PAR1", b"RIFF",
)  # fmt: skip
# A page saved as .xls or .csv, or a workbook's XML: no list of lines, and a DOCTYPE may stand in it.
MARKUP_STARTS: Final = (
    b"<!--", b"<!doctype", b"<html", b"<?xml", b"<svg", b"<table", b"<head", b"<body", b"<meta", b"<style",
    b"<div",
)  # fmt: skip
BLANK_BYTES: Final = b"\xef\xbb\xbf \t\r\n"
HEAD_BYTES: Final = 4096
STORED: Final = 0
DEFLATED: Final = 8
LONGEST_DESCRIPTOR: Final = 24
LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
UNIX_MODE_SHIFT: Final = 16
STREAMED: Final = 0x8
UNSTATED: Final = frozenset({0, 0xFFFFFFFF})
CENTRAL_START: Final = b"PK\x01\x02"
# The record at the end: parts on this disk and in all, then the size and place of the directory.
END_RECORD: Final = struct.Struct("<4s4H2LH")
END_START: Final = b"PK\x05\x06"
IN_ZIP64: Final = 0xFFFF
CHUNK: Final = MIB
DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
OVERLAP: Final = max(map(len, DOCTYPES)) - 1
DECLARATION_BYTES: Final = 8 * MIB
LONGEST_TOKEN: Final = 4 * MIB
MACRO_MARKS: Final = ("macroenabled", "vbaproject", "macrosheet")
OBJECT_MARKS: Final = ("relationships/oleobject", "relationships/package", "relationships/control", "activex")
ELSEWHERE: Final = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|\\\\|//)")
UTF16_STARTS: Final = (b"\xff\xfe", b"\xfe\xff")
NUL_SHARE_OF_UTF16: Final = 0.2


def kind_by_name(filename: str) -> FileKind:
    """Tell from its ending how a file claims to be read; the name is never used as a path.

    Parameters
    ----------
    filename
        Name as uploaded.

    Returns
    -------
    FileKind
        ``csv`` or ``xlsx``.

    Raises
    ------
    UploadRefusedError
        ``old-workbook`` or ``extension`` for any other ending.
    """
    ending = filename.strip().rpartition(".")[2].lower()
    kind = KIND_OF_ENDING.get(ending) if "." in filename else None
    if kind is None:
        raise UploadRefusedError("macro" if ending in {"xlsm", "xltm", "xlam"} else "extension")
    return kind


def check_file(
    content: bytes, filename: str, *, limits: Limits = LIMITS, encoding: str | None = None
) -> FileKind:
    """Check size, type by content and, for workbooks, every part of the zip.

    Parameters
    ----------
    content
        The file.
    filename
        Name as uploaded; only its ending is looked at.
    limits
        What the file may cost.
    encoding
        The encoding that a person chose, key of `ingest.choice.ENCODINGS`.

    Returns
    -------
    FileKind
        How to read it.

    Raises
    ------
    UploadRefusedError
        With the code of the rule that the file breaks.
    """
    kind = kind_by_name(filename)
    if len(content) > limits.upload_bytes:
        raise UploadRefusedError("file-too-large", limit=limits.upload_bytes // MIB)
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise UploadRefusedError("empty-file")
    if kind == "csv":
        _check_text(content, encoding)
    else:
        _check_workbook(content, limits)
    return kind


def _check_text(content: bytes, encoding: str | None) -> None:
    if content.startswith(BINARY_STARTS):
        raise UploadRefusedError("not-text")
    if not content.startswith(UTF16_STARTS) and encoding != "utf-16":
        if content[:HEAD_BYTES].lstrip(BLANK_BYTES)[:20].lower().startswith(MARKUP_STARTS):
            raise UploadRefusedError("not-text")
        head = content[: 64 * 1024]
        if head.count(0) > NUL_SHARE_OF_UTF16 * len(head):
            raise UploadRefusedError("encoding")


def _check_workbook(content: bytes, limits: Limits) -> None:
    if content.startswith(OLE_START):
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise UploadRefusedError("encrypted" if encrypted else "old-workbook")
    if not content.startswith(ZIP_START):
        raise UploadRefusedError("not-workbook")
    if content.count(CENTRAL_START) > 2 * limits.parts:
        # zipfile would build an object for each before anybody could count them.
        raise UploadRefusedError("too-many-parts", limit=limits.parts)
    entries = list_parts(content, limits)
    _check_names(entries)
    _check_sizes(entries, limits)
    total = 0
    for entry, data_start in entries:
        total += _check_part(content, entry, data_start, limits=limits, room=limits.inflated_bytes - total)


def list_parts(content: bytes, limits: Limits) -> list[tuple[zipfile.ZipInfo, int]]:
    """Read the zip directory and find where each part's data starts.

    Parameters
    ----------
    content
        A zip file.
    limits
        How many parts it may hold.

    Returns
    -------
    list[tuple[zipfile.ZipInfo, int]]
        Entries in the order of their data, with the offset of the data.

    Raises
    ------
    UploadRefusedError
        When the directory is damaged, disagrees with the local headers, or parts overlap.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
            directory_start = archive.start_dir
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError) as error:
        raise UploadRefusedError("damaged") from error
    if len(infos) > limits.parts:
        raise UploadRefusedError("too-many-parts", limit=limits.parts)
    if not infos or infos[0].header_offset or not _is_counted(content, len(infos)):
        raise UploadRefusedError("damaged")
    entries = []
    free_from = 0
    for info in infos:
        start = _data_start(content, info)
        if info.header_offset < free_from or start + info.compress_size > len(content):
            raise UploadRefusedError("damaged")
        _check_gap(content, free_from, info.header_offset)
        free_from = start + info.compress_size
        entries.append((info, start))
    _check_gap(content, free_from, directory_start)
    return entries


def _is_counted(content: bytes, parts: int) -> bool:
    """Tell whether the record at the end counts the parts that the directory lists."""
    start = content.rfind(END_START)
    record = content[start : start + END_RECORD.size]
    if len(record) < END_RECORD.size:
        return False
    stated = END_RECORD.unpack(record)[3:5]
    return all(count in {parts, IN_ZIP64} for count in stated)


def _check_gap(content: bytes, start: int, end: int) -> None:
    """Refuse a part between two others that the directory does not list: another reader would see it."""
    if end - start > LONGEST_DESCRIPTOR or ZIP_START in content[start:end]:
        raise UploadRefusedError("damaged")


def _data_start(content: bytes, info: zipfile.ZipInfo) -> int:
    header = content[info.header_offset : info.header_offset + LOCAL_HEADER.size]
    if len(header) < LOCAL_HEADER.size or not header.startswith(ZIP_START):
        raise UploadRefusedError("damaged")
    _, _, flags, method, _, _, *sizes, name_length, extra_length = LOCAL_HEADER.unpack(header)
    if flags & 0x1 or info.flag_bits & 0x1:
        raise UploadRefusedError("encrypted")
    if method != info.compress_type or method not in {STORED, DEFLATED}:
        raise UploadRefusedError("damaged")
    # Programs that write as they go say so and state nothing that counts; others may leave it to zip64.
    if not flags & STREAMED and any(
        one != other
        for one, other in zip(sizes, (info.CRC, info.compress_size, info.file_size), strict=True)
        if one not in UNSTATED
    ):
        raise UploadRefusedError("damaged")
    name_start = info.header_offset + LOCAL_HEADER.size
    encoding = "utf-8" if flags & 0x800 else "cp437"
    if content[name_start : name_start + name_length].decode(encoding, "replace") != info.orig_filename:
        raise UploadRefusedError("damaged")
    return name_start + int(name_length) + int(extra_length)


def _check_names(entries: list[tuple[zipfile.ZipInfo, int]]) -> None:
    if any(_points_elsewhere(entry) for entry, _ in entries):
        raise UploadRefusedError("damaged")
    names = [entry.orig_filename.replace("\\", "/").casefold() for entry, _ in entries]
    if len(set(names)) < len(names):
        raise UploadRefusedError("duplicate-part")
    for name in names:
        if ".." in name.split("/") or "\x00" in name:
            raise UploadRefusedError("damaged")
        if "vbaproject" in name or "macrosheets/" in name:
            raise UploadRefusedError("macro")
        if "/externallinks/" in name or name.endswith("connections.xml"):
            raise UploadRefusedError("external-link")
        if "/embeddings/" in name or "/activex/" in name or "/ctrlprops/" in name:
            raise UploadRefusedError("embedded-object")
        if name in {"encryptedpackage", "encryptioninfo"}:
            raise UploadRefusedError("encrypted")
    if "[content_types].xml" not in names:
        raise UploadRefusedError("not-workbook")


def _points_elsewhere(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    is_link = stat.S_ISLNK(entry.external_attr >> UNIX_MODE_SHIFT)
    return is_link or name.startswith(("/", "\\")) or ":" in name


def _check_sizes(entries: list[tuple[zipfile.ZipInfo, int]], limits: Limits) -> None:
    for entry, _ in entries:
        _check_size(entry.file_size, entry.compress_size, limits)
    if sum(entry.file_size for entry, _ in entries) > limits.inflated_bytes:
        raise _too_large(limits)


def _check_size(inflated: int, compressed: int, limits: Limits) -> None:
    if inflated > limits.part_bytes:
        raise _too_large(limits)
    if inflated > limits.ratio_from_bytes and inflated > limits.ratio * compressed:
        raise UploadRefusedError("ratio")


def _too_large(limits: Limits) -> UploadRefusedError:
    return UploadRefusedError("inflated", total=limits.inflated_bytes // MIB, part=limits.part_bytes // MIB)


def _check_part(content: bytes, entry: zipfile.ZipInfo, start: int, *, limits: Limits, room: int) -> int:
    name = entry.orig_filename.lower()
    declares = name.endswith((".rels", "[content_types].xml"))
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    compressed = memoryview(content)[start : start + entry.compress_size]
    size, check, unclosed, tail, kept = 0, 0, 0, b"", bytearray()
    for piece in inflate(compressed, entry.compress_type):
        size += len(piece)
        check = zlib.crc32(piece, check)
        _check_size(size, entry.compress_size, limits)
        if size > room:
            raise _too_large(limits)
        is_xml = is_xml or (size == len(piece) and piece.lstrip(BLANK_BYTES).startswith(b"<"))
        seen = tail + piece
        if is_xml and any(mark in seen for mark in DOCTYPES):
            raise UploadRefusedError("doctype")
        tail = seen[-OVERLAP:]
        unclosed = _unclosed(piece, unclosed)
        if is_xml and unclosed > LONGEST_TOKEN:
            raise UploadRefusedError("damaged")
        if declares:
            kept += piece
        if len(kept) > DECLARATION_BYTES:
            raise UploadRefusedError("damaged")
    if size != entry.file_size or check != entry.CRC:
        raise UploadRefusedError("damaged")
    if kept:
        _check_declarations(bytes(kept))
    return size


def _unclosed(piece: bytes, before: int) -> int:
    """Count bytes since the last closed tag: an XML parser rereads an endless one again and again."""
    last = piece.rfind(b">")
    return before + len(piece) if last < 0 else len(piece) - 1 - last


def _check_declarations(part: bytes) -> None:
    """Look for what a part only points to; parsed, for attributes may hide behind references."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _check_declaration
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise UploadRefusedError("damaged") from error


def _refuse_doctype(*_: object) -> None:
    raise UploadRefusedError("doctype")


def _check_declaration(_name: str, attributes: dict[str, str]) -> None:
    stated = " ".join(attributes.values()).casefold()
    if any(mark in stated for mark in MACRO_MARKS):
        raise UploadRefusedError("macro")
    if any(mark in stated for mark in OBJECT_MARKS):
        raise UploadRefusedError("embedded-object")
    if attributes.get("TargetMode", "").strip().casefold() == "external" or "/externallink" in stated:
        raise UploadRefusedError("external-link")
    if ELSEWHERE.match(attributes.get("Target", "")):
        raise UploadRefusedError("external-link")


def inflate(compressed: memoryview, method: int) -> Iterator[bytes]:
    """Inflate a part in pieces of at most 1 MB, to its true end.

    Parameters
    ----------
    compressed
        Raw data of the part.
    method
        0 stored, 8 deflated.

    Yields
    ------
    bytes
        Non-empty pieces.

    Raises
    ------
    UploadRefusedError
        ``damaged`` when the stream is broken, cut, or followed by other bytes.
    """
    if method == STORED:
        for start in range(0, len(compressed), CHUNK):
            yield bytes(compressed[start : start + CHUNK])
        return
    stream = zlib.decompressobj(-15)
    try:
        for start in range(0, len(compressed), CHUNK):
            rest: bytes | memoryview = compressed[start : start + CHUNK]
            while rest:
                piece = stream.decompress(rest, CHUNK)
                rest = stream.unconsumed_tail
                if piece:
                    yield piece
                if stream.eof:
                    break
        while piece := stream.decompress(b"", CHUNK) if not stream.eof else b"":
            yield piece
    except zlib.error as error:
        raise UploadRefusedError("damaged") from error
    if not stream.eof or stream.unused_data:
        raise UploadRefusedError("damaged")
