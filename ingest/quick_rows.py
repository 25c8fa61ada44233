"""Rows of a sheet as programs write them, read without an XML parser; anything else is left to the parser.

A row is taken only when every sign of it is one of a few forms, so that the parser would say the same. What
a cell's XML says besides its row number is worked out once for each different cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ingest.cell_places import LAST_COLUMN, column_index
from ingest.coded import TEXT_KEPT

ROW_START: Final = b'<row r="'
ROW_END: Final = b"</row>"
CELL_START: Final = b'<c r="'
PLACE_MARK: Final = b'!"'
ATTRIBUTES: Final = re.compile(rb'(?: (?P<name>[A-Za-z][A-Za-z0-9:]*)="[^"<&\x00-\x1f\x7f-\xff]*")*')
NAMES: Final = re.compile(rb" ([A-Za-z][A-Za-z0-9:]*)=")
PLAIN: Final = rb"[^<&\x00-\x1f\x7f]*"
FORMULA: Final = rb"(?:<f>(?:[^<&\x00-\x1f\x7f]|&(?:amp|lt|gt|quot|apos);)*</f>)?"
CELL: Final = re.compile(
    rb'(?P<letters>[A-Z]{1,3})!"(?: s="(?P<style>[0-9]{1,6})")?(?: t="(?P<type>n|s|str|b|e|inlineStr)")?'
    rb"(?:/>|></c>|>" + FORMULA + rb"<v>(?P<value>" + PLAIN + rb")</v></c>"
    rb'|><is><t(?: xml:space="preserve")?>(?P<text>' + PLAIN + rb")</t></is></c>)"
)
# What XML does not allow in text, though UTF-8 can write it.
FORBIDDEN: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
CACHED_CELLS: Final = 200_000

QuickCell = tuple[int, str | None]
ReadText = Callable[[str, int, str], str]


class QuickRows:
    """Reads regular rows.

    Parameters
    ----------
    read_text
        From a cell's type, style and value to its text, as for any other cell.
    """

    def __init__(self, read_text: ReadText) -> None:
        self.read_text = read_text
        self.cells: dict[bytes, QuickCell] = {}
        self.columns: dict[bytes, int] = {}
        self.heads: set[bytes] = set()

    def read(self, row: bytes) -> tuple[int, list[QuickCell]] | None:
        """Read one row.

        Parameters
        ----------
        row
            From ``<row`` up to, but without, ``</row>``.

        Returns
        -------
        tuple[int, list] | None
            Row number and its cells (column, text; None for a cell without content) in ascending order;
            None when the row is not regular.
        """
        if not row.startswith(ROW_START):
            return None
        head, closed, body = row[len(ROW_START) :].partition(b">")
        number, quote, rest = head.partition(b'"')
        if not (closed and quote and number.isdigit() and len(number) <= len("1048576")):
            return None
        if rest not in self.heads and not self._is_head(rest):
            return None
        # Each cell names its row again; without that name equal cells are equal bytes.
        mark = number + b'"'
        pieces = body.replace(mark, PLACE_MARK).split(CELL_START)
        if pieces[0] or body.count(mark) != len(pieces) - 1:
            return None
        cells = self._read_cells(pieces)
        return None if cells is None else (int(number), cells)

    def _is_head(self, rest: bytes) -> bool:
        names = NAMES.findall(rest)
        if ATTRIBUTES.fullmatch(rest) is None or b"r" in names or len(set(names)) < len(names):
            return False
        self.heads.add(rest)
        return True

    def _read_cells(self, pieces: list[bytes]) -> list[QuickCell] | None:
        known = self.cells
        cells = []
        before = -1
        for piece in pieces[1:]:
            cell = known.get(piece) or self._read_cell(piece)
            if cell is None or cell[0] <= before:
                return None
            before = cell[0]
            cells.append(cell)
        return cells

    def _read_cell(self, piece: bytes) -> QuickCell | None:
        match = CELL.fullmatch(piece)
        if match is None or b"]]>" in piece or not (piece.isascii() or _is_allowed(piece)):
            return None
        letters, style, kind, value, text = match.groups()
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_index(letters.decode())
        if column >= LAST_COLUMN or len(piece) > TEXT_KEPT or (value == b"" and b"<f>" in piece):
            return None
        # A value inside <is> counts as text whatever the type says, like one inside <v>.
        stored = text if value is None else value
        shown = (
            self.read_text(kind.decode() if kind else "n", int(style or 0), stored.decode())
            if stored
            else None
        )
        if len(self.cells) >= CACHED_CELLS:
            self.cells.clear()
        cell = self.cells[piece] = (column, shown)
        return cell


def _is_allowed(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return False
    return not any(sign in piece for sign in FORBIDDEN)
