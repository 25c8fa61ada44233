"""What the upload page asks the desk for about lists of other kinds; nothing here is cached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk import chain_zips, computing, event_scenarios, lists, register_list
from desk.lists import CheckedEntries
from ingest.tables import UploadKind
from views import queries

if TYPE_CHECKING:
    from desk.chain_zips import CheckedZip
    from desk.event_scenarios import KeptEvent
    from desk.lists import Event
    from desk.officer import Officer
    from ingest.messages import Language
    from ingest.repository import Upload


@dataclass(frozen=True)
class Stored:
    """What was stored: the upload, its rows, and the runs queued."""

    upload: Upload
    rows: int
    run_ids: tuple[int, ...] = ()


def check_file(
    kind: UploadKind, chain_id: str, *, content: bytes, name: str, expected: int, carry: bool
) -> CheckedEntries | CheckedZip:
    """Check a file of a kind.

    Parameters
    ----------
    kind
        Any but supplier lists.
    chain_id
        The chain that demand and events are for.
    content, name
        The file.
    expected, carry
        For bottleneck items.

    Returns
    -------
    CheckedEntries or CheckedZip
        A refusal is a value.
    """
    settings = queries.get_settings()
    if kind is UploadKind.CHAIN:
        return chain_zips.check_zip(settings, content=content, name=name)
    return lists.check_entry_list(
        settings, kind, chain_id, content=content, name=name, expected=expected, carry=carry
    )


def describe(checked: CheckedEntries | CheckedZip, language: Language) -> dict[str, Any]:
    """Say what a file holds as plain values.

    Parameters
    ----------
    checked
        From `check_file`.
    language
        ``zh`` or ``en``.

    Returns
    -------
    dict
        As the command line writes it.
    """
    result = checked.result if isinstance(checked, CheckedEntries) else checked
    return result.to_json(language)


def item_names() -> dict[str, tuple[str | None, str | None]]:
    """Read the names of the items that a list may be tied to.

    Returns
    -------
    dict
        Item id to its Chinese and English name.
    """
    folders = register_list.load_all_folders(queries.get_settings())
    return {item.item_id: (item.name_zh, item.name_en) for folder in folders for item in folder.items}


def import_file(checked: CheckedEntries | CheckedZip, *, officer: str, unit: str) -> Stored:
    """Store a checked file and start a process that computes the queued runs.

    Parameters
    ----------
    checked
        From `check_file`.
    officer, unit
        Who brings it in.

    Returns
    -------
    Stored
        With the upload's number.
    """
    settings = queries.get_settings()
    if isinstance(checked, CheckedEntries):
        upload = lists.import_entry_list(settings, checked, officer=officer, unit=unit)
        return Stored(upload, checked.result.good_count)
    upload, runs = chain_zips.import_zip(settings, checked, officer=officer, unit=unit)
    if runs:
        computing.start_worker()
    return Stored(upload, checked.rows, runs)


def list_events(chain_id: str) -> tuple[Event, ...]:
    """List the disruption events of a chain that count, as they act today.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    tuple of Event
        The latest list first.
    """
    return lists.list_events(queries.get_settings(), chain_id)


def events_kept(chain_id: str) -> dict[str, str]:
    """Tell which events of a chain are scenarios already.

    Parameters
    ----------
    chain_id
        Which chain.

    Returns
    -------
    dict
        Event id to the name of the scenario.
    """
    return event_scenarios.events_kept(queries.get_settings(), chain_id)


def keep_event(chain_id: str, wanted: str, *, officer: Officer) -> KeptEvent:
    """Keep an event as a scenario.

    Parameters
    ----------
    chain_id
        Which chain.
    wanted
        Its id.
    officer
        Who keeps it.

    Returns
    -------
    KeptEvent
        With the name of the scenario.
    """
    return event_scenarios.keep_event(queries.get_settings(), chain_id, wanted, officer=officer)
