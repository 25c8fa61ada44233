"""The other lists: check a file, tie its rows to what is known, let it count, read it back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from chains.db import lock_writers
from chains.defaults import load_defaults
from chains.errors import ChainDataError, UnknownKeyError
from chains.repository import load_records
from desk.attempts import attempted, new_attempt
from desk.chain_names import require_chain
from desk.event_targets import index_targets, settle_events
from desk.import_facts import load_regions, near_warning, place_items, read_standing
from desk.import_files import keep_file
from desk.register_list import CarriedLink, load_register, settle_register
from desk.store import reading
from ingest.lists.checking import EXPECTED_ROWS, check_entries, refuse_rows
from ingest.lists.model import Entry, ListCheck
from ingest.lists.storing import active_lists, read_entries, store_list
from ingest.model import Warn
from ingest.storing import NewUpload
from ingest.tables import UploadKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from ingest.repository import Upload
    from ingest.sandbox import Reader
    from settings import Settings

REGISTER_CHAIN: Final = ""
KINDS: Final = (UploadKind.BOTTLENECKS, UploadKind.DEMAND, UploadKind.EVENTS)
_NAMES_TOLD: Final = 10
_HOME_ZONE: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class CheckedEntries:
    """A file of another kind that was looked at; nothing is stored.

    Attributes
    ----------
    kind, chain_id, name
        What it is, for which chain (empty for the register), and its name.
    content
        The file.
    result
        What it holds.
    carried
        Rows of a register that have the name of an earlier row with a link to the graph.
    """

    kind: UploadKind
    chain_id: str
    name: str
    content: bytes = field(repr=False)
    result: ListCheck = field(repr=False)
    carried: tuple[CarriedLink, ...] = ()


@dataclass(frozen=True)
class Event:
    """A disruption event as it acts today.

    Attributes
    ----------
    upload_id, row
        Where it stands.
    what, where
        As written.
    target
        ``scope:key`` of the node of the chain; None when the chain has no such node.
    starts_on
        First day.
    days
        How long it lasts; None when nobody knows.
    severity
        The share that stops, 0 to 1.
    shock
        ``SCOPE:KEY:SEVERITY:START:DAYS`` as seen from today, for a scenario; None when it is over or has no
        target. An event of unknown length has no DAYS.
    note
        As written.
    """

    upload_id: int
    row: int
    what: str
    where: str
    target: str | None
    starts_on: date
    days: int | None
    severity: float
    shock: str | None
    note: str | None


def check_entry_list(
    settings: Settings,
    kind: UploadKind,
    chain_id: str,
    *,
    content: bytes,
    name: str,
    expected: int = EXPECTED_ROWS,
    carry: bool = False,
    reader: Reader | None = None,
) -> CheckedEntries:
    """Check a list of bottleneck items, demand or events, however broken.

    Parameters
    ----------
    settings
        Where the database is.
    kind
        Which kind.
    chain_id
        For which chain; not looked at for bottleneck items.
    content, name
        The file; of the name only the ending is looked at.
    expected
        How many rows a list of bottleneck items should have.
    carry
        Whether a person said that rows with exactly the name of an earlier one keep its link to the graph.
    reader
        A reader process to use again.

    Returns
    -------
    CheckedEntries
        A refusal is a value with one sentence.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    """
    is_register = kind is UploadKind.BOTTLENECKS
    chain_id = REGISTER_CHAIN if is_register else chain_id
    with reading(settings) as session:
        if not is_register:
            require_chain(session, chain_id)
    result = check_entries(
        content, name, kind=kind.value, expected=expected if is_register else None, reader=reader
    )
    if result.refused:
        return CheckedEntries(kind, chain_id, name, content, result)
    with reading(settings) as session:
        settled, carried = _settle(session, settings, kind, chain_id, result=result, carry=carry)
    return CheckedEntries(kind, chain_id, name, content, settled, carried)


def _settle(
    session: Session, settings: Settings, kind: UploadKind, chain_id: str, *, result: ListCheck, carry: bool
) -> tuple[ListCheck, tuple[CarriedLink, ...]]:
    standing = read_standing(session)
    if kind is UploadKind.BOTTLENECKS:
        earlier = load_register(session).rows
        entries, carried, near = settle_register(result.entries, standing.folders, earlier, carry=carry)
        lost = [entry.text("item") for entry in entries if entry.text("item") and entry.target is None]
        return _told(replace(result, entries=entries), lost, near), carried
    if kind is UploadKind.DEMAND:
        items = standing.records(chain_id).items
        known = place_items((entry.text("item") or "" for entry in result.entries), items)
        placed = {name: found.key for name, found in known.items()}
        entries = tuple(replace(entry, target=placed[entry.text("item") or ""]) for entry in result.entries)
        lost = [name for name, key in placed.items() if key is None]
        return _told(replace(result, entries=entries), lost, near_warning(known, items)), ()
    targets = index_targets(
        load_records(session, chain_id),
        defaults=load_defaults(settings.data_dir / "defaults.toml"),
        regions=load_regions(settings),
    )
    settled, unclear, unknown = settle_events(result.entries, targets)
    entries = tuple(replace(entry, target=settled.get(entry.row)) for entry in result.entries)
    return _told(refuse_rows(replace(result, entries=entries), unclear), unknown), ()


def _told(result: ListCheck, names: Iterable[str | None], near: Warn | None = None) -> ListCheck:
    """Warn about names that are not in the data, and about those that were placed by likeness alone."""
    if near is not None:
        result = replace(result, warnings=(*result.warnings, near))
    lost = sorted({name for name in names if name})
    if not lost:
        return result
    listed = "、".join(lost[:_NAMES_TOLD]) + ("……" if len(lost) > _NAMES_TOLD else "")
    return replace(result, warnings=(*result.warnings, Warn("not-on-chain", {"names": listed})))


def import_entry_list(settings: Settings, checked: CheckedEntries, *, officer: str, unit: str) -> Upload:
    """Store a list: it counts from now on, in one transaction.

    Parameters
    ----------
    settings
        Where the database and the kept files are.
    checked
        The list.
    officer, unit
        Who brings it in.

    Returns
    -------
    Upload
        As stored. A list of bottleneck items replaces the one so far, which is active again after an undo;
        lists of demand and events stand beside earlier ones.

    Raises
    ------
    ChainDataError
        When the file was refused.
    UploadStateError
        When the file was imported before.
    """
    result = checked.result
    if result.refused:
        raise ChainDataError(result.message("en"), zh=result.message("zh"))
    keep_file(settings, result.digest, checked.content)
    new = NewUpload(
        chain_id=checked.chain_id,
        name=checked.name,
        digest=result.digest,
        size_bytes=len(checked.content),
        buyer=None,
        makes=(),
        reading=dict(result.reading or {}) | {"good": result.good_count, "bad": result.bad_count},
        officer=officer,
        unit=unit,
        kind=checked.kind,
    )
    attempt = new_attempt(
        checked.chain_id, checked.kind.value, name=checked.name, digest=result.digest, officer=officer
    )
    with attempted(settings, attempt) as session:
        lock_writers(session)
        return store_list(session, new, result.entries, bad=result.bad(), at=datetime.now(UTC))


def list_events(settings: Settings, chain_id: str, *, today: date | None = None) -> tuple[Event, ...]:
    """Read the disruption events of a chain that count, as they act today.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.
    today
        The day they are seen from; None for today in China.

    Returns
    -------
    tuple of Event
        Of all lists that were not undone, the latest list first.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    """
    day = datetime.now(_HOME_ZONE).date() if today is None else today
    return tuple(_event(upload, entry, day) for upload, entry in _read(settings, UploadKind.EVENTS, chain_id))


def list_demand(settings: Settings, chain_id: str) -> tuple[tuple[Upload, Entry], ...]:
    """Read what firms of a chain say that they need.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.

    Returns
    -------
    tuple
        Upload and row, of all lists that were not undone, the latest list first. `Entry.target` is the item.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    """
    return _read(settings, UploadKind.DEMAND, chain_id)


def _read(settings: Settings, kind: UploadKind, chain_id: str) -> tuple[tuple[Upload, Entry], ...]:
    with reading(settings) as session:
        require_chain(session, chain_id)
        uploads = active_lists(session, kind, chain_id=chain_id)
        return tuple(
            (upload, entry) for upload in uploads for entry in read_entries(session, upload.upload_id)
        )


def _event(upload: Upload, entry: Entry, today: date) -> Event:
    starts_on = date.fromisoformat(entry.text("starts_on") or "")
    length, severity = entry.number("days"), entry.number("severity")
    days = None if length is None else max(1, round(length))
    severity = 1.0 if severity is None else severity
    return Event(
        upload_id=upload.upload_id,
        row=entry.row,
        what=entry.text("what") or "",
        where=entry.text("where") or "",
        target=entry.target,
        starts_on=starts_on,
        days=days,
        severity=severity,
        shock=shock_words(entry.target, severity, starts_on=starts_on, days=days, today=today),
        note=entry.text("note"),
    )


def shock_words(
    target: str | None, severity: float, *, starts_on: date, days: int | None, today: date
) -> str | None:
    """Write an event as a shock of a scenario that begins today.

    Parameters
    ----------
    target
        ``scope:key``.
    severity
        The share that stops, 0 to 1.
    starts_on
        First day of the event.
    days
        How long it lasts; None when nobody knows: until the end of the horizon.
    today
        Day 0 of the scenario.

    Returns
    -------
    str or None
        ``SCOPE:KEY:SEVERITY:START:DAYS``; None without a target, without effect, or when it is over.

    Examples
    --------
    >>> shock_words("country:JPN", 0.5, starts_on=date(2026, 11, 25), days=14, today=date(2026, 11, 22))
    'country:JPN:0.5:3:14'
    >>> shock_words("country:JPN", 1.0, starts_on=date(2026, 11, 20), days=14, today=date(2026, 11, 22))
    'country:JPN:1:0:12'
    """
    ahead = (starts_on - today).days
    left = None if days is None else days + min(ahead, 0)
    if target is None or severity <= 0 or (left is not None and left < 1):
        return None
    words = f"{target}:{severity:g}:{max(ahead, 0)}"
    return words if left is None else f"{words}:{left}"


def read_kind(word: str) -> UploadKind:
    """Read the kind of a list as a person typed it.

    Parameters
    ----------
    word
        For example ``demand``.

    Returns
    -------
    UploadKind
        Which kind.

    Raises
    ------
    UnknownKeyError
        When there is no such kind.
    """
    try:
        return UploadKind(word.strip().lower())
    except ValueError as error:
        kinds = ", ".join(kind.value for kind in UploadKind)
        raise UnknownKeyError(
            f"no kind of list {word!r}; the kinds are {kinds}", zh=f"没有清单种类 {word!r};可用的种类:{kinds}"
        ) from error
