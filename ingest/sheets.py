"""One worksheet, read row by row from its own XML: stored values, formulas, merged cells (rules 6 and 11)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from ingest.coded import TEXT_KEPT
from ingest.collecting import Budget
from ingest.errors import UploadRefusedError
from ingest.formats import PLAIN, number_text
from ingest.parts import Directory, feed, local, new_parser, unescape

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


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
        self.ready: list[SheetRow] = []
        self.row = SheetRow(0)
        self.number_text = ""
        self.column = -1
        self.type = "n"
        self.style = 0
        self.pieces: list[str] = []
        self.length = 0
        self.capture = ""
        self.value: str | None = None
        self.formula: str | None = None
        self.in_guide = False
        self.in_cell = False
        self.names: dict[str, str] = {}
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
        parser = new_parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        for _ in feed(self.archive, self.part, parser):
            yield from self.ready
            self.ready.clear()

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
            self.merges.append(parse_range(attributes.get("ref", "")))

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
            if self.row.texts:
                self.ready.append(self.row)
        elif element == "rPh":
            self.in_guide = False
        elif self.capture:
            text = "".join(self.pieces)
            if element == "f":
                self.formula = text
            else:
                self.value = text if self.value is None else self.value + text
            self.capture = ""

    def _end_cell(self) -> None:
        computed = self.value is not None and (self.value != "" or self.type == "str")
        if self.formula is not None and not computed:
            self.row.formulas.append(self.column)
            self.row.texts[self.column] = f"={self.formula}"[: TEXT_KEPT + 1]
        elif self.value:
            self.row.texts[self.column] = self._cell_text(self.value)

    def _cell_text(self, value: str) -> str:
        if self.type == "n":
            formats = self.directory.formats
            kind = formats[self.style] if self.style < len(formats) else PLAIN
            return number_text(value.strip(), kind, epoch=self.directory.epoch)
        if self.type == "s":
            strings = self.directory.strings
            index = int(value) if value.strip().isdecimal() else len(strings)
            if index >= len(strings):
                raise UploadRefusedError("damaged")
            return strings[index]
        if self.type == "b":
            return "TRUE" if value.strip() in {"1", "true"} else "FALSE"
        return unescape(value)[: TEXT_KEPT + 1]


def column_index(letters: str) -> int:
    """Return the 0-based index of a column.

    Parameters
    ----------
    letters
        ``A`` to ``XFD``.

    Returns
    -------
    int
        Index.

    Raises
    ------
    UploadRefusedError
        ``damaged`` for anything else.

    Examples
    --------
    >>> column_index("A"), column_index("AA")
    (0, 26)
    """
    if not (letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= len("XFD")):
        raise UploadRefusedError("damaged")
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def parse_range(reference: str) -> tuple[int, int, int, int]:
    """Read a range.

    Parameters
    ----------
    reference
        Such as ``A3:B5``.

    Returns
    -------
    tuple[int, int, int, int]
        First and last row (1-based), first and last column (0-based).

    Raises
    ------
    UploadRefusedError
        ``damaged`` for anything else.

    Examples
    --------
    >>> parse_range("A3:B5")
    (3, 5, 0, 1)
    """
    match = RANGE.fullmatch(reference)
    if match is None:
        raise UploadRefusedError("damaged")
    first_column, first_row = column_index(match[1]), int(match[2])
    last_column, last_row = (column_index(match[3]), int(match[4])) if match[3] else (first_column, first_row)
    return first_row, last_row, first_column, last_column
