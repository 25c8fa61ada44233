"""What a column of a table is, and how its cells look on screen and in files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from views import formatting
from views.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

ColumnKind: TypeAlias = Literal["text", "percent", "days", "count", "level", "time", "bool"]
Width: TypeAlias = Literal["small", "medium", "large"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    field
        Column of the frame.
    label
        Heading in the session's language.
    kind
        How a cell is written; ``percent`` cells are fractions, ``days`` are numbers, ``level`` are values
        of `risk.model.Level`, ``time`` are aware moments.
    missing
        What stands for a missing cell: 未知 when empty, `formatting.NOT_APPLICABLE` where none can exist.
    help_text
        Behind the heading.
    width
        How wide the column is; ``None`` lets the content decide.
    """

    field: str
    label: str
    kind: ColumnKind = "text"
    missing: str | None = None
    help_text: str | None = None
    width: Width | int | None = None


def show_cell(value: object, column: Column) -> str:
    """Write a cell for the screen.

    Parameters
    ----------
    value
        The cell.
    column
        Where it stands.

    Returns
    -------
    str
        Never empty, never ``None`` or ``nan``.
    """
    if formatting.is_missing(value) or value == "":
        return formatting.unknown() if column.missing is None else column.missing
    return _WRITERS[column.kind](value)


def export_cell(value: object, column: Column) -> str | int | float | None:
    """Prepare a cell for a file: numbers stay numbers, unknown stays blank.

    Parameters
    ----------
    value
        The cell.
    column
        Where it stands.

    Returns
    -------
    str, int, float or None
        Fractions are 0 to 1; words are those of the screen.
    """
    if formatting.is_missing(value) or value == "":
        return None
    if column.kind in ("percent", "days", "count"):
        return float(value)  # type: ignore[arg-type]
    return _WRITERS[column.kind](value)


def _show_time(value: object) -> str:
    return formatting.local_time(value) if isinstance(value, datetime) else str(value)


_WRITERS: dict[str, Callable[..., str]] = {
    "text": str,
    "percent": formatting.percent,
    "days": formatting.days,
    "count": formatting.count,
    "level": formatting.level_name,
    "time": _show_time,
    "bool": lambda value: _("是") if value else _("否"),
}
