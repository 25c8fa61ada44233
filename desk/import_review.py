"""The review queue: rows of stored lists whose names are still to be placed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from chains.db import lock_writers
from desk.import_facts import closed_lists, load_regions, read_known, read_standing
from desk.import_runs import queue_affected
from desk.imports import Answers, ImportOutcome
from desk.store import reading, writing
from ingest import commit as committing
from ingest import repository
from ingest.market import ListOrigin
from ingest.names import name_key
from ingest.pipeline import NEW, BuyerNames, NameKind, Question
from ingest.preview import ImportPlan, plan_import
from ingest.resolution import ASK, index_items, index_suppliers, resolve_name
from ingest.tables import RowState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from desk.import_facts import KnownFacts, Standing
    from ingest.placed_rows import ListRow
    from ingest.repository import Upload
    from settings import Settings

_HOME_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class WaitingList:
    """A stored list with rows that wait.

    Attributes
    ----------
    upload
        Which.
    rows
        The waiting rows.
    questions
        What has to be placed.
    known
        Names to choose from.
    """

    upload: Upload
    rows: tuple[ListRow, ...]
    questions: tuple[Question, ...]
    known: KnownFacts


def read_waiting(settings: Settings, upload_id: int) -> WaitingList:
    """Read what waits of an upload, with near names searched anew.

    Parameters
    ----------
    settings
        Where the database is.
    upload_id
        Which upload.

    Returns
    -------
    WaitingList
        Names that became known meanwhile are no question any more.

    Raises
    ------
    UnknownKeyError
        When there is no such upload.
    """
    with reading(settings) as session:
        upload = repository.read_upload(session, upload_id)
        rows = repository.read_rows(session, upload_id, state=RowState.WAITING)
    known = read_known(settings, upload.chain_id)
    settled = settle_rows(rows, known, {})
    return WaitingList(upload, rows, _questions(settled, known), known)


def commit_waiting(settings: Settings, waiting: WaitingList, answers: Answers) -> ImportOutcome:
    """Let the rows of a stored list count whose names are placed now.

    Parameters
    ----------
    settings
        Where the database is.
    waiting
        What was shown.
    answers
        What a person said.

    Returns
    -------
    ImportOutcome
        Rows that are still not placed go on waiting, and so do rows of lists that a later upload replaced.
    """
    with writing(settings) as session:
        lock_writers(session)
        now = datetime.now(UTC)
        standing = read_standing(session)
        plan = _plan(session, settings, waiting, answers, standing)
        done = committing.commit_waiting(
            session,
            waiting.upload.upload_id,
            plan,
            decisions=answers.decisions,
            officer=answers.officer,
            at=now,
        )
        runs = queue_affected(session, standing, plan, by=answers.officer, at=now)
    return ImportOutcome(done.upload, plan, runs)


def settle_rows(
    rows: Iterable[ListRow], known: KnownFacts, decisions: Mapping[str, str]
) -> tuple[ListRow, ...]:
    """Give stored rows the ids that are known or decided by now.

    Parameters
    ----------
    rows
        As stored.
    known
        Names of the chain and remembered decisions.
    decisions
        What a person says now.

    Returns
    -------
    tuple of ListRow
        Ids that stand already stay.
    """
    suppliers, items = index_suppliers(known.names.suppliers), index_items(known.names.items)
    buyers = BuyerNames(suppliers)
    placed = {**known.remembered, **decisions}

    def decide(kind: str, name: str | None) -> str | None:
        target = placed.get(f"{kind}:{name_key(name)}") if name else None
        return None if target in {NEW, ASK} else target

    def settle(row: ListRow) -> ListRow:
        supplier, item, buyer = (row.text(name) for name in ("supplier", "item", "buyer"))
        found = resolve_name(
            supplier or "", suppliers, uscc=row.text("uscc"), country=row.text("country"), search=False
        )
        return replace(
            row,
            supplier_id=row.supplier_id or found.key or decide("supplier", supplier),
            item_id=row.item_id or resolve_name(item or "", items, search=False).key or decide("item", item),
            buyer_id=row.buyer_id
            or ((buyers.look_up(buyer)[0] or decide("supplier", buyer)) if buyer else None),
        )

    return tuple(settle(row) for row in rows)


def _questions(rows: Iterable[ListRow], known: KnownFacts) -> tuple[Question, ...]:
    suppliers, items = index_suppliers(known.names.suppliers), index_items(known.names.items)
    open_names: Counter[tuple[bool, str, str]] = Counter()
    for row in rows:
        for field, kind, settled in (
            ("buyer", "supplier", row.buyer_id),
            ("item", "item", row.item_id),
            ("supplier", "supplier", row.supplier_id),
        ):
            name = row.text(field)
            if name and settled is None:
                open_names[field != "buyer", kind, name] += 1
    found = []
    for (not_buyer, kind, name), count in open_names.items():
        near = resolve_name(name, items if kind == "item" else suppliers)
        asked: NameKind = "item" if kind == "item" else "supplier"
        found.append(
            Question(
                asked, name, f"{kind}:{name_key(name)}", near.status, near.suggestions, count, not not_buyer
            )
        )
    return tuple(found)


def _plan(
    session: Session, settings: Settings, waiting: WaitingList, answers: Answers, standing: Standing
) -> ImportPlan:
    upload = repository.read_upload(session, waiting.upload.upload_id)
    origin = ListOrigin(
        digest=upload.digest,
        name=upload.name,
        officer=upload.officer,
        unit=upload.unit,
        on=upload.received_at.astimezone(_HOME_ZONE).date(),
        makes=upload.makes,
        whole=upload.bad == 0,
    )
    stored = repository.read_rows(session, upload.upload_id)
    counting = {row.row for row in repository.read_rows(session, upload.upload_id, state=RowState.COMMITTED)}
    # Shares that count already stand; only a buyer's list is stated anew as a whole.
    wanted = [row for row in stored if row.row not in counting or row.buyer_id is not None]
    rows = settle_rows(wanted, waiting.known, answers.decisions)
    return plan_import(
        rows,
        standing.everything,
        origin=origin,
        decisions=answers.decisions,
        regions=load_regions(settings),
        closed=closed_lists(standing.uploaded, upload, origin.source_id),
    )
