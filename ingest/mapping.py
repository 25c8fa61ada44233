"""How lists of a sender are to be read, as a person once said: kept, found again, and ended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from chains.errors import UnknownKeyError
from ingest.choice import Choice
from ingest.headers import LONGEST_HEADER, header_key
from ingest.names import name_key
from ingest.tables import ColumnMappingRow


@dataclass(frozen=True, slots=True)
class RememberedMapping:
    """What a person said about reading the lists of one sender or of one set of headers.

    Attributes
    ----------
    mapping_id
        Its number.
    sender
        The firm whose list it was; empty when none was given.
    fingerprint
        Of its header row, see `fingerprint_of`.
    headers
        The header row.
    choice
        What was said.
    upload_id
        With which list.
    officer, decided_at
        By whom and when.
    ended_at, ended_by
        When and by whom it was taken back, or replaced.
    """

    mapping_id: int
    sender: str
    fingerprint: str
    headers: tuple[str, ...]
    choice: Choice
    upload_id: int
    officer: str
    decided_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None

    def fits(self, cells: Sequence[str | None], sender: str | None) -> bool:
        """Tell whether a row is the header that the mapping is about.

        Parameters
        ----------
        cells
            Texts of a row.
        sender
            The firm whose list it is now.

        Returns
        -------
        bool
            True for the same header row, and for another one of the same sender with all mapped headers.
        """
        if fingerprint_of(cells) == self.fingerprint:
            return True
        if not sender or name_key(sender) != name_key(self.sender) or not self.choice.columns:
            return False
        found = {header_key(cell) for cell in cells if cell and len(cell) <= LONGEST_HEADER}
        return all(header_key(header) in found for _, header in self.choice.columns)


def fingerprint_of(cells: Iterable[str | None]) -> str:
    """Reduce a header row to what two lists of one form share.

    Parameters
    ----------
    cells
        Texts of a row.

    Returns
    -------
    str
        32 hexadecimal digits; the same whatever the width, case and blanks of the headers.

    Examples
    --------
    >>> fingerprint_of(["厂家 ", "物 料", ""]) == fingerprint_of(["厂家", "物料"])
    True
    """
    keys = "\x1f".join(header_key(cell) for cell in cells if cell and cell.strip())
    return hashlib.sha256(keys.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read_mappings(session: Session, *, ended: bool = False) -> tuple[RememberedMapping, ...]:
    """Read what is remembered about reading lists, the newest first.

    Parameters
    ----------
    session
        A read session.
    ended
        Whether mappings that were taken back or replaced are listed too.

    Returns
    -------
    tuple of RememberedMapping
        With who said so and when.
    """
    statement = select(ColumnMappingRow).order_by(ColumnMappingRow.id.desc())
    if not ended:
        statement = statement.where(ColumnMappingRow.ended_at.is_(None))
    return tuple(_mapping(row) for row in session.scalars(statement))


def _mapping(row: ColumnMappingRow) -> RememberedMapping:
    columns = tuple((str(field), str(header)) for field, header in row.columns)
    return RememberedMapping(
        row.id,
        row.sender,
        row.fingerprint,
        tuple(row.headers),
        Choice(row.encoding, row.separator, row.sheet, columns),
        row.upload_id,
        row.officer,
        row.decided_at,
        row.ended_at,
        row.ended_by,
    )


def remember_mapping(
    session: Session,
    upload_id: int,
    choice: Choice,
    *,
    headers: Sequence[str],
    sender: str | None,
    officer: str,
    at: datetime,
) -> None:
    """Keep what a person said about reading a list, for the next one of its kind.

    Parameters
    ----------
    session
        A write session.
    upload_id
        Which list.
    choice
        What was said.
    headers
        The header row of the list.
    sender
        The firm whose list it is.
    officer
        By whom.
    at
        Now, aware.
    """
    key, fingerprint = name_key(sender or ""), fingerprint_of(headers)
    session.execute(
        update(ColumnMappingRow)
        .where(
            ColumnMappingRow.sender_key == key,
            ColumnMappingRow.fingerprint == fingerprint,
            ColumnMappingRow.ended_at.is_(None),
        )
        .values(ended_at=at, ended_by=officer)
    )
    said = {
        "sender_key": key,
        "sender": sender or "",
        "fingerprint": fingerprint,
        "headers": [header.strip() for header in headers],
        "columns": [list(pair) for pair in choice.columns],
        "encoding": choice.encoding,
        "separator": choice.separator,
        "sheet": choice.sheet,
    }
    stamp = {"upload_id": upload_id, "officer": officer, "decided_at": at}
    session.execute(insert(ColumnMappingRow), [said | stamp])


def forget_mapping(session: Session, mapping_id: int, *, by: str, at: datetime) -> RememberedMapping:
    """Take back what was said about reading lists; later lists are read by rule again.

    Parameters
    ----------
    session
        A write session.
    mapping_id
        Which.
    by, at
        Who takes it back, and when.

    Returns
    -------
    RememberedMapping
        As it ended.

    Raises
    ------
    UnknownKeyError
        When there is none of this number that still counts.
    """
    row = session.get(ColumnMappingRow, mapping_id)
    if row is None or row.ended_at is not None:
        raise UnknownKeyError(
            f"no remembered columns {mapping_id} that still count",
            zh=f"没有编号为 {mapping_id} 且仍有效的列对应",
        )
    row.ended_at, row.ended_by = at, by
    session.flush()
    return _mapping(row)
