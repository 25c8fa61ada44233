"""Rows without a buyer: market shares beside those that stand, and where the two differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from chains.errors import Place
from chains.model import ShareScope, Source, Supply
from ingest.placed_rows import ListRow

QUALIFIED: Final = {"yes": True, "no": False, "in_progress": False}
SHARE_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ListOrigin:
    """Where a list comes from, as every fact of it says.

    Attributes
    ----------
    digest
        SHA-256 of the file.
    name
        The upload's name.
    officer, unit
        Who brings it in.
    on
        The day, whose year is that of its shares.
    makes
        Items that a buyer makes of whom nothing is known.
    whole
        Whether the file has no bad rows, so that a buyer's list may name all suppliers.
    """

    digest: str
    name: str
    officer: str
    unit: str
    on: date
    makes: tuple[str, ...] = ()
    whole: bool = True

    @property
    def source_id(self) -> str:
        """The upload as a source of facts."""
        return f"upload-{self.digest[:12]}"

    def as_source(self) -> Source:
        """Describe the upload as a source document."""
        return Source(
            self.source_id, self.name, self.unit or self.officer or None, self.on.year, None, None, self.on
        )


@dataclass(frozen=True, slots=True)
class ShareConflict:
    """Two rows that give one supplier different shares of one item.

    Attributes
    ----------
    supplier_id, item_id
        Whose share of what.
    stated, uploaded
        The row of a chain's folder, which stays as it is, and that of the upload.
    uploaded_counts
        Whether the uploaded row is the one scores rest on: the later year, at a tie the upload.
    """

    supplier_id: str
    item_id: str
    stated: Supply
    uploaded: Supply
    uploaded_counts: bool


@dataclass
class MarketReader:
    """Reads rows without a buyer against the market shares that stand.

    Attributes
    ----------
    supplies
        All that stand.
    origin
        Where the list comes from.
    standing
        Supplier and item to the row that counts: the latest global one, else the latest domestic one.
    """

    supplies: Iterable[Supply]
    origin: ListOrigin
    standing: dict[tuple[str, str], Supply] = field(init=False)

    def __post_init__(self) -> None:
        def order(row: Supply) -> tuple[bool, int]:
            return row.share_scope is ShareScope.GLOBAL, row.year or 0

        self.standing = {(row.supplier_id, row.item_id): row for row in sorted(self.supplies, key=order)}

    def read(self, row: ListRow) -> Supply | None:
        """Make the supply that a row states.

        Parameters
        ----------
        row
            A row without a buyer whose names are placed.

        Returns
        -------
        Supply or None
            What the row leaves blank is taken over from what stands; None when it says nothing new.
        """
        key = (row.supplier_id or "", row.item_id or "")
        before = self.standing.get(key)
        stated = {
            "spare": row.number("spare"),
            "qualified": QUALIFIED.get(row.text("qualified") or ""),
            "qualification_days": row.number("qualification_days"),
        }
        given = {name: value for name, value in stated.items() if value is not None}
        share, place = row.number("share"), Place(self.origin.name, row.row)
        if share is None and before is not None:
            # A blank says nothing about the share: what is known stays, with its own year and source.
            return replace(before, **given, place=place) if given else None  # type: ignore[arg-type]
        fresh = Supply(*key, share, year=self.origin.on.year, source_id=self.origin.source_id, place=place)
        if before is not None:
            kept = (before.spare, before.qualified, before.qualification_days)
            fresh = replace(
                fresh, ramp_days=before.ramp_days, tier=before.tier, unit_weight=before.unit_weight
            )
            given = {
                name: value for name, value in zip(stated, kept, strict=True) if value is not None
            } | given
        return replace(fresh, **given)  # type: ignore[arg-type]


def find_conflicts(stated: Iterable[Supply], uploaded: Iterable[Supply]) -> tuple[ShareConflict, ...]:
    """Find uploaded market shares that differ from other rows of the same supplier and item.

    Parameters
    ----------
    stated
        Rows of folders, or all rows that stand.
    uploaded
        Rows of an upload.

    Returns
    -------
    tuple of ShareConflict
        Blank shares conflict with nothing.
    """
    rows: dict[tuple[str, str], list[Supply]] = defaultdict(list)
    for row in stated:
        if row.share is not None and row.share_scope is ShareScope.GLOBAL:
            rows[row.supplier_id, row.item_id].append(row)
    found = []
    for new in uploaded:
        for old in rows.get((new.supplier_id, new.item_id), ()):
            if new.share is not None and abs((old.share or 0.0) - new.share) > SHARE_SLACK:
                counts = (new.year or 0) >= (old.year or 0)
                found.append(ShareConflict(new.supplier_id, new.item_id, old, new, counts))
    return tuple(found)
