"""The small parts of a workbook: which sheets there are, shared strings, number formats."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from xml.parsers import expat

from ingest.coded import TEXT_KEPT
from ingest.collecting import Budget
from ingest.errors import UploadRefusedError
from ingest.formats import EPOCH_1900, EPOCH_1904, PLAIN, format_kind

CHUNK: Final = 256 * 1024
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
SURROGATES: Final = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """What the workbook says about itself.

    Attributes
    ----------
    sheets
        Worksheets in tab order.
    strings
        Shared strings.
    formats
        Kind of number format of each cell style.
    epoch
        Day 0 of dates.
    """

    sheets: tuple[Sheet, ...]
    strings: list[str]
    formats: list[str]
    epoch: datetime


def local(name: str) -> str:
    """Return an element's name without its prefix.

    Parameters
    ----------
    name
        Qualified name.

    Returns
    -------
    str
        Local name.
    """
    return name.rpartition(":")[2]


def new_parser() -> expat.XMLParserType:
    """Make a parser that refuses DOCTYPE, whatever encoding hid it from the gate.

    Returns
    -------
    expat.XMLParserType
        Parser that joins neighbouring text.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise UploadRefusedError("doctype")


class Takes(Protocol):
    """What takes a part piece by piece, as a parser does."""

    def Parse(self, data: bytes, final: bool, /) -> object:  # noqa: N802, FBT001 - the parser's own method
        """Take the next piece."""


def feed(archive: zipfile.ZipFile, part: str, parser: Takes) -> Iterator[None]:
    """Feed one part to a parser, piece by piece.

    Parameters
    ----------
    archive, part
        The zip and the name of the part.
    parser
        With its handlers set.

    Yields
    ------
    None
        After each piece, so the caller can take what is ready.

    Raises
    ------
    UploadRefusedError
        ``damaged`` when the part is missing or not well formed.
    """
    try:
        with archive.open(part) as stream:
            while piece := stream.read(CHUNK):
                parser.Parse(piece, False)
                yield
        parser.Parse(b"", True)
    except (expat.ExpatError, KeyError, zipfile.BadZipFile, EOFError, LookupError, ValueError) as error:
        raise UploadRefusedError("damaged") from error
    yield


def unescape(text: str) -> str:
    """Undo the escapes ``_x000D_`` with which workbooks write control characters.

    Parameters
    ----------
    text
        Text of a string cell.

    Returns
    -------
    str
        The characters meant; escapes of half characters stay as they are.
    """
    if "_x" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return match[0] if code in SURROGATES else chr(code)

    return ESCAPED.sub(replace, text)


def read_directory(archive: zipfile.ZipFile, budget: Budget) -> Directory:
    """Read everything but the sheets.

    Parameters
    ----------
    archive
        A workbook that passed the gate.
    budget
        What may be used.

    Returns
    -------
    Directory
        Sheets, strings and formats.

    Raises
    ------
    UploadRefusedError
        ``damaged``, ``doctype`` or a limit.
    """
    workbook = next(
        (part for kind, part in _relations(archive, "").values() if kind == "officeDocument"), None
    )
    if workbook is None:
        raise UploadRefusedError("damaged")
    relations = _relations(archive, workbook)
    listed, epoch = _listed_sheets(archive, workbook)
    sheets = []
    for name, state, relation in listed:
        kind, part = relations.get(relation, ("", ""))
        if kind == "worksheet":
            sheets.append(Sheet(name, part, hidden=state in {"hidden", "veryHidden"}))
        elif kind != "chartsheet":
            raise UploadRefusedError("damaged")
    if len({sheet.part for sheet in sheets}) < len(sheets):
        raise UploadRefusedError("damaged")
    by_kind = dict(relations.values())
    strings = _strings(archive, by_kind["sharedStrings"], budget) if "sharedStrings" in by_kind else []
    formats = _formats(archive, by_kind["styles"]) if "styles" in by_kind else []
    return Directory(tuple(sheets), strings, formats, epoch)


def _walk(archive: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = new_parser()
    parser.StartElementHandler = start
    for _ in feed(archive, part, parser):
        pass


def _relations(archive: zipfile.ZipFile, source: str) -> dict[str, tuple[str, str]]:
    """Map relation ids of a part to the last word of their type and the part they point to."""
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if local(element) == "Relationship":
            target = attributes.get("Target", "")
            path = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(f"{folder}/{target}").lstrip("/")
            )
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

    _walk(archive, part, start)
    return found


def _listed_sheets(archive: zipfile.ZipFile, part: str) -> tuple[list[tuple[str, str, str]], datetime]:
    sheets: list[tuple[str, str, str]] = []
    epochs = [EPOCH_1900]

    def start(element: str, attributes: dict[str, str]) -> None:
        name = local(element)
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if local(key) == "id"), "")
            sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            epochs.append(EPOCH_1904)

    _walk(archive, part, start)
    return sheets, epochs[-1]


@dataclass(slots=True)
class _StringHandler:
    """Collects shared strings; phonetic guides are not part of the text."""

    budget: Budget
    strings: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    in_text: bool = False
    in_guide: bool = False

    def start(self, name: str, _: dict[str, str]) -> None:
        element = local(name)
        if element == "si":
            self.pieces = []
            self.length = 0
        elif element == "rPh":
            self.in_guide = True
        self.in_text = element == "t" and not self.in_guide

    def end(self, name: str) -> None:
        element = local(name)
        self.in_text = False
        if element == "rPh":
            self.in_guide = False
        elif element == "si":
            self.budget.tick()
            self.strings.append(unescape("".join(self.pieces))[: TEXT_KEPT + 1])

    def text(self, data: str) -> None:
        if self.in_text and self.length <= TEXT_KEPT:
            self.length += len(data)
            self.pieces.append(data)


def _strings(archive: zipfile.ZipFile, part: str, budget: Budget) -> list[str]:
    handler = _StringHandler(budget)
    parser = new_parser()
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    for _ in feed(archive, part, parser):
        pass
    return handler.strings


def _formats(archive: zipfile.ZipFile, part: str) -> list[str]:
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        name = local(element)
        if name == "numFmt":
            codes[_integer(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name in {"cellXfs", "cellStyleXfs"}:
            inside.append(name)
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            styles.append(_integer(attributes.get("numFmtId", "0")))

    _walk(archive, part, start)
    return [format_kind(number, codes.get(number)) if number else PLAIN for number in styles]


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise UploadRefusedError("damaged") from error
