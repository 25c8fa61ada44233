"""Whose list of bottleneck items is active: the task force's upload, else 工作目录(公开资料)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chains.model import Bottleneck, FiveBase
from chains.repository import load_bottlenecks, load_folders
from desk.import_facts import near_warning, place_items
from desk.store import reading
from ingest.lists.storing import active_lists, read_entries
from ingest.names import name_key
from ingest.tables import UploadKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from chains.model import ChainFolder
    from ingest.lists.model import Entry
    from ingest.model import Resolution, Warn
    from ingest.repository import Upload
    from settings import Settings

NO_EVIDENCE = ""
SAME = "same"


@dataclass(frozen=True)
class ActiveRegister:
    """The list of bottleneck items that counts.

    Attributes
    ----------
    rows
        In the order of the file.
    upload
        The upload it came with; None for the shipped 工作目录(公开资料).
    """

    rows: tuple[Bottleneck, ...]
    upload: Upload | None = None


def load_register(session: Session) -> ActiveRegister:
    """Load the list of bottleneck items that counts now.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    ActiveRegister
        The latest uploaded list that was not undone, else the shipped one.
    """
    uploads = active_lists(session, UploadKind.BOTTLENECKS)
    if not uploads:
        return ActiveRegister(load_bottlenecks(session))
    entries = read_entries(session, uploads[0].upload_id)
    return ActiveRegister(tuple(_bottleneck(entry) for entry in entries), uploads[0])


def active_register(settings: Settings) -> ActiveRegister:
    """Read the list of bottleneck items that counts now.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    ActiveRegister
        With the upload it came with.
    """
    with reading(settings) as session:
        return load_register(session)


@dataclass(frozen=True, slots=True)
class CarriedLink:
    """A row of a new list with the name of an earlier one, whose link to the graph may be carried over."""

    row: int
    name_zh: str
    earlier: Bottleneck


def settle_register(
    entries: Sequence[Entry], folders: Sequence[ChainFolder], earlier: Iterable[Bottleneck], *, carry: bool
) -> tuple[tuple[Entry, ...], tuple[CarriedLink, ...], Warn | None]:
    """Give the rows of a list their numbers and tie them to the items they name, else to their namesakes.

    Parameters
    ----------
    entries
        Good rows of the new list.
    folders
        Chains, for the items that rows name.
    earlier
        Rows of the list so far.
    carry
        Whether a person said that links of rows with exactly the same name are carried over.

    Returns
    -------
    tuple
        The rows with number and item, which links are, or could be, carried over, and what was tied by
        likeness alone.
    """
    items = [item for folder in folders for item in folder.items]
    places = place_items((name for entry in entries for name in _names(entry)), items)
    used: dict[str, Resolution] = {}
    linked = {name_key(row.name_zh): row for row in earlier if row.item_id is not None}
    settled, carried = [], []
    for number, entry in enumerate(entries, start=1):
        cells = dict(entry.cells)
        cells.setdefault("bottleneck_id", f"L{number:03d}")
        name = next((each for each in _names(entry) if places[each].key is not None), None)
        target = None if name is None else places[name].key
        if name is not None:
            used[name] = places[name]
        before = linked.get(name_key(entry.text("name_zh") or ""))
        if target is None and before is not None:
            carried.append(CarriedLink(entry.row, str(cells["name_zh"]), before))
            if carry:
                target, cells["link_kind"] = before.item_id, before.link_kind
        settled.append(replace(entry, cells=cells, target=target))
    return tuple(settled), tuple(carried), near_warning(used, items)


def _names(entry: Entry) -> tuple[str, ...]:
    """List the names that may say which item a row is about: what it says it is counts alone."""
    said = entry.text("item")
    names = (said,) if said else (entry.text("name_zh"), entry.text("name_en"))
    return tuple(name for name in names if name)


def _bottleneck(entry: Entry) -> Bottleneck:
    name_zh = entry.text("name_zh") or ""
    return Bottleneck(
        bottleneck_id=entry.text("bottleneck_id") or f"L{entry.row:03d}",
        name_zh=name_zh,
        name_en=entry.text("name_en") or name_zh,
        five_base=FiveBase(entry.text("five_base") or ""),
        chain=entry.text("chain") or "",
        item_id=entry.target,
        link_kind=None if entry.target is None else entry.text("link_kind") or SAME,
        evidence_grade=NO_EVIDENCE,
        foreign_dependence=entry.text("foreign_dependence"),
        main_foreign_suppliers=entry.text("main_foreign_suppliers"),
        status=entry.text("status") or "open",
        source_id=None,
        note=entry.text("note"),
    )


def load_all_folders(settings: Settings) -> tuple[ChainFolder, ...]:
    """Load the chains whose items a list may name.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    tuple of ChainFolder
        All loaded chains.
    """
    with reading(settings) as session:
        return load_folders(session)
