"""Names that are remembered: what they stand for, who said so, and taking a decision back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desk.store import reading, writing
from ingest import memory

if TYPE_CHECKING:
    from ingest.memory import RememberedName
    from settings import Settings


def list_names(settings: Settings, *, ended: bool = False) -> tuple[RememberedName, ...]:
    """List what is remembered about names, the newest first.

    Parameters
    ----------
    settings
        Where the database is.
    ended
        Whether what no longer counts is listed too.

    Returns
    -------
    tuple of RememberedName
        With who decided it, and who took it back.
    """
    with reading(settings) as session:
        return memory.list_names(session, ended=ended)


def forget_name(settings: Settings, decision_id: int, *, by: str) -> RememberedName:
    """Take back what was decided about a name; later lists ask about it again.

    Parameters
    ----------
    settings
        Where the database is.
    decision_id
        Which.
    by
        Who takes it back.

    Returns
    -------
    RememberedName
        As it is now; rows that count already stay.

    Raises
    ------
    UnknownKeyError
        When there is none of this number that still counts.
    """
    with writing(settings) as session:
        return memory.forget_name(session, decision_id, by=by or "未署名", at=datetime.now(UTC))
