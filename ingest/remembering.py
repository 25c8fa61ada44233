"""What was decided about names, remembered for later lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from ingest.memory import lift_holds, read_held
from ingest.names import name_key
from ingest.preview import ImportPlan
from ingest.tables import NameDecisionRow, NameKind

NAMES_AT_ONCE: Final = 5000


def remember(
    session: Session,
    upload_id: int,
    plan: ImportPlan,
    decisions: Mapping[str, str],
    *,
    officer: str,
    at: datetime,
) -> None:
    """Keep what was decided about names, and which firm has which credit code.

    Parameters
    ----------
    session
        A write session.
    upload_id
        With which list it was decided.
    plan
        Its rows; only those that count teach anything.
    decisions
        Keys of the names that a person placed.
    officer
        By whom.
    at
        Now, aware.
    """
    wanted = find_taught(plan, decisions)
    taken_back = read_held(session)
    held = {
        (row.kind, row.name_key): row.target_id
        for row in session.scalars(select(NameDecisionRow).where(NameDecisionRow.superseded_at.is_(None)))
    }
    stamp = {"upload_id": upload_id, "officer": officer, "decided_at": at}
    taught = iter(wanted.items())
    while block := list(islice(taught, NAMES_AT_ONCE)):
        new = []
        for (kind, key), (name, target) in block:
            if held.get((kind, key)) == target and (kind, key) not in taken_back:
                continue
            if (kind, key) in held:
                _supersede_decision(session, kind, key, at=at)
            new.append({"kind": kind, "name_key": key, "name": name, "target_id": target} | stamp)
        if new:
            session.execute(insert(NameDecisionRow), new)
    lift_holds(session, wanted.keys(), at=at)


def find_taught(
    plan: ImportPlan, decisions: Mapping[str, str]
) -> dict[tuple[NameKind, str], tuple[str, str]]:
    """List what the rows of a list teach about names and credit codes.

    Parameters
    ----------
    plan
        Its rows; only those that count teach anything.
    decisions
        Keys of the names that a person placed.

    Returns
    -------
    dict
        Kind and key of the name to the name as written and the id it stands for.
    """
    wanted: dict[tuple[NameKind, str], tuple[str, str]] = {}
    for row in plan.committed:
        for kind, field, target in (
            (NameKind.SUPPLIER, "supplier", row.supplier_id),
            (NameKind.ITEM, "item", row.item_id),
            (NameKind.SUPPLIER, "buyer", row.buyer_id),
        ):
            name = row.text(field)
            if name and target and f"{kind.value}:{name_key(name)}" in decisions:
                wanted[kind, name_key(name)] = (name, target)
        code = row.text("uscc")
        if code and row.supplier_id:
            wanted[NameKind.CODE, code] = (row.text("supplier") or code, row.supplier_id)
    return wanted


def _supersede_decision(session: Session, kind: NameKind, key: str, *, at: datetime) -> None:
    current = (NameDecisionRow.kind == kind, NameDecisionRow.name_key == key)
    session.execute(
        update(NameDecisionRow)
        .where(*current, NameDecisionRow.superseded_at.is_(None))
        .values(superseded_at=at)
    )
