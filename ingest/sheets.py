"""One worksheet, read row by row from its own XML: stored values, formulas, merged cells (rules 6 and 11)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from ingest.cell_places import LAST_COLUMN, LAST_ROW, column_index, parse_range
from ingest.coded import TEXT_KEPT, is_blank
from ingest.collecting import Budget
from ingest.errors import UploadRefusedError
from ingest.formats import PLAIN, number_text
from ingest.parts import Directory, feed, local, new_parser, unescape
from ingest.quick_rows import ROW_END, QuickCell, QuickRows

LONGEST_ROW: Final = 4 * 1024 * 1024


class SheetRow:
    """A row with content: its number, texts by column index, and formulas without a stored value.

    Parameters
    ----------
    number
        1-based sheet row.
    """

    __slots__ = ("formulas", "number", "texts")

    def __init__(self, number: int) -> None:
        self.number = number
        self.texts: dict[int, str] = {}
        self.formulas: list[int] = []

    def cells(self, width: int) -> list[str | None]:
        """Return the texts as a list.

        Parameters
        ----------
        width
            Number of columns.

        Returns
        -------
        list[str | None]
            None where the row has no cell.
        """
        return [self.texts.get(index) for index in range(width)]


@dataclass(frozen=True, slots=True)
class RowBlock:
    """Rows that stand below each other and lie within the header's width.

    Attributes
    ----------
    numbers
        1-based sheet rows, ascending.
    records
        Texts of each row, one a column; None where the row has no cell.
    """

    numbers: list[int]
    records: list[list[str | None]]


class SheetReader:
    """Turns the events of one sheet's XML into rows; what the sheet says about its size is not believed.

    Parameters
    ----------
    archive, part
        The zip and the sheet's part.
    directory
        Strings, formats and date system of the workbook.
    budget
        What may be used.
    """

    def __init__(self, archive: zipfile.ZipFile, part: str, directory: Directory, budget: Budget) -> None:
        self.archive, self.part, self.directory, self.budget = archive, part, directory, budget
        self.merges: list[tuple[int, int, int, int]] = []
        self.ready: list[SheetRow | RowBlock] = []
        self.parser: expat.XMLParserType | None = None
        self.row = SheetRow(0)
        self.number_text = ""
        self.column = -1
        self.type = "n"
        self.style = 0
        self.pieces: list[str] = []
        self.length = 0
        self.capture = ""
        self.value: str | None = None
        self.is_stored = False
        self.formula: str | None = None
        self.in_guide = False
        self.in_cell = False
        self.names: dict[str, str] = {}
        self.quick_width = 0
        self.row_end = -1
        self.letters: dict[str, int] = {}

    def rows(self) -> Iterator[SheetRow]:
        """Read the sheet.

        Yields
        ------
        SheetRow
            Rows that hold at least one cell with content, in ascending order.

        Raises
        ------
        UploadRefusedError
            ``damaged`` when rows or cells stand twice or outside a sheet.
        """
        for each in self.rows_and_blocks():
            if isinstance(each, SheetRow):
                yield each

    def rows_and_blocks(self) -> Iterator[SheetRow | RowBlock]:
        """Read the sheet, regular rows in blocks as soon as `quick_width` says how wide the header is.

        Yields
        ------
        SheetRow | RowBlock
            In ascending order; the same rows as `rows` gives, which never sets `quick_width`.

        Raises
        ------
        UploadRefusedError
            ``damaged`` when rows or cells stand twice or outside a sheet.
        """
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self.parser = parser
        stream = SheetStream(self, parser)
        size = max(self._size(), 1)
        try:
            for _ in feed(self.archive, self.part, stream):
                self.budget.advance(min(stream.seen / size, 1.0))
                yield from self.ready
                self.ready.clear()
        finally:
            # Parser and handlers refer to each other, and nobody collects: a book may have 2,000 sheets.
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.CharacterDataHandler = parser.XmlDeclHandler = None
            self.parser = None
            self.ready.clear()

    def _size(self) -> int:
        try:
            return self.archive.getinfo(self.part).file_size
        except KeyError:
            return 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = self.names.get(name) or self.names.setdefault(name, local(name))
        if element == "c":
            self._start_cell(attributes)
        elif element == "row":
            self._start_row(attributes.get("r"))
        elif self.in_cell and element in {"v", "f", "t"}:
            self.capture = "" if self.in_guide else element
            self.pieces = []
            self.length = 0
        elif element == "rPh":
            self.in_guide = True
        elif element == "mergeCell":
            self._keep_merge(parse_range(attributes.get("ref", "")))

    def _keep_merge(self, merge: tuple[int, int, int, int]) -> None:
        """Keep a range of several rows: one within a row fills nothing, and there may be millions."""
        first, last, *_ = merge
        if last > first:
            self.merges.append(merge)

    def _start_row(self, stated: str | None) -> None:
        number = self.row.number + 1 if stated is None else int(stated) if stated.isdecimal() else 0
        if not self.row.number < number <= LAST_ROW:
            raise UploadRefusedError("damaged")
        self.budget.tick()
        self.row = SheetRow(number)
        self.number_text = str(number)
        self.column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        column = self.column + 1 if reference is None else self._column(reference)
        if column >= LAST_COLUMN or column in self.row.texts:
            raise UploadRefusedError("damaged")
        self.column = column
        self.type = attributes.get("t", "n")
        self.style = int(attributes["s"]) if attributes.get("s", "").isdecimal() else 0
        self.value = self.formula = None
        self.in_cell = True

    def _column(self, reference: str) -> int:
        if not reference.endswith(self.number_text):
            raise UploadRefusedError("damaged")
        letters = reference[: len(reference) - len(self.number_text)]
        column = self.letters.get(letters)
        if column is None:
            column = self.letters[letters] = column_index(letters)
        return column

    def _text(self, data: str) -> None:
        if self.capture and self.length <= TEXT_KEPT:
            self.length += len(data)
            self.pieces.append(data)

    def _end(self, name: str) -> None:
        element = self.names[name]
        if element == "c":
            self.in_cell = False
            self._end_cell()
        elif element == "row":
            self.row_end = self.parser.CurrentByteIndex if self.parser else -1
            if self.row.texts:
                self.ready.append(self.row)
        elif element == "rPh":
            self.in_guide = False
        elif self.capture:
            self._keep_text(element, "".join(self.pieces))
            self.capture = ""

    def _keep_text(self, element: str, text: str) -> None:
        if element == "f":
            self.formula = text
        elif self.value is None:
            self.value, self.is_stored = text, element == "v"
        elif self.is_stored or element == "v":
            # Two values in one cell: programs differ in which they show.
            raise UploadRefusedError("damaged")
        else:
            self.value += text

    def _end_cell(self) -> None:
        computed = self.value is not None and (self.value != "" or self.type == "str")
        if self.formula is not None and not computed:
            self.row.formulas.append(self.column)
            self.row.texts[self.column] = f"={self.formula}"[: TEXT_KEPT + 1]
        elif self.value:
            self.row.texts[self.column] = self.read_text(self.type, self.style, self.value)

    def read_text(self, kind: str, style: int, value: str) -> str:
        """Turn what a cell stores into its text.

        Parameters
        ----------
        kind
            The cell's type.
        style
            Index of its style.
        value
            What is stored, not empty.

        Returns
        -------
        str
            The cell as text.

        Raises
        ------
        UploadRefusedError
            ``damaged`` for a shared string that does not exist.
        """
        if kind == "n":
            formats = self.directory.formats
            shown = formats[style] if style < len(formats) else PLAIN
            return number_text(value.strip(), shown, epoch=self.directory.epoch)
        if kind == "s":
            strings = self.directory.strings
            index = int(value) if value.strip().isdecimal() else len(strings)
            if index >= len(strings):
                raise UploadRefusedError("damaged")
            return strings[index]
        if kind == "b":
            return "TRUE" if value.strip() in {"1", "true"} else "FALSE"
        return unescape(value)[: TEXT_KEPT + 1]


class SheetStream:
    """Stands before the parser of a sheet: takes regular rows itself and hands the rest on.

    Parameters
    ----------
    reader
        Whose rows these are.
    parser
        Sees the sheet without the regular rows.
    """

    def __init__(self, reader: SheetReader, parser: expat.XMLParserType) -> None:
        self.reader, self.parser = reader, parser
        self.quick = QuickRows(reader.read_text)
        self.rest = b""
        self.passed = 0
        self.seen = 0
        self.block = RowBlock([], [])
        # Whether the parser stands right behind a row, so that what follows is read as it would.
        self.behind_row = False
        self.usable = True
        parser.XmlDeclHandler = self._declare

    def _declare(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.usable = encoding is None or encoding.lower() == "utf-8"

    def Parse(self, data: bytes, final: bool) -> None:  # noqa: N802, FBT001 - the parser's own method
        """Take the next piece of the sheet.

        Parameters
        ----------
        data
            Bytes.
        final
            Whether these are the last.
        """
        self.rest += data
        self.seen += len(data)
        if self.usable and self.reader.quick_width:
            self._take_rows()
        if final or not self.behind_row or len(self.rest) > LONGEST_ROW:
            self._pass(len(self.rest))
        if final:
            self.parser.Parse(b"", True)

    def _take_rows(self) -> None:
        start = 0
        while (end := self.rest.find(ROW_END, start)) >= 0:
            row = self.quick.read(self.rest[start:end]) if self.behind_row else None
            if row is None or not self.reader.row.number < row[0] <= LAST_ROW:
                self.rest = self.rest[start:]
                self._pass(end - start + len(ROW_END))
                self.behind_row = self.reader.row_end == self.passed - len(ROW_END)
                start = 0
            else:
                self._keep(*row)
                start = end + len(ROW_END)
        self.rest = self.rest[start:]
        self._flush()

    def _keep(self, number: int, cells: list[QuickCell]) -> None:
        width = self.reader.quick_width
        self.reader.row = SheetRow(number)
        if len(cells) == width == cells[-1][0] + 1:
            record = [text for _, text in cells]
        else:
            record = [None] * width
            for column, text in cells:
                if column < width:
                    record[column] = text
                elif not is_blank(text):
                    self._flush()
                    row = SheetRow(number)
                    row.texts = {place: shown for place, shown in cells if shown is not None}
                    self.reader.ready.append(row)
                    return
        self.block.numbers.append(number)
        self.block.records.append(record)

    def _flush(self) -> None:
        if self.block.numbers:
            self.reader.ready.append(self.block)
            self.block = RowBlock([], [])

    def _pass(self, size: int) -> None:
        """Hand bytes on to the parser."""
        self._flush()
        if size:
            piece, self.rest = self.rest[:size], self.rest[size:]
            self.passed += size
            self.behind_row = False
            self.parser.Parse(piece, False)
