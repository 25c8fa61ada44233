"""Problems from rows: where they stand and how grave they are."""

from collections.abc import Iterable
from typing import Protocol

from chains.errors import Place, Problem, Severity


class Placed(Protocol):
    """A row that may know where it was read."""

    @property
    def place(self) -> Place | None:
        """File and line; None for a row made in code."""


def error(code: str, message: str, rows: Iterable[Placed], *, zh: str) -> Problem:
    """Make a problem that stops an import.

    Parameters
    ----------
    code
        Stable name of the rule.
    message
        What is wrong and what to do, in English.
    rows
        The rows involved, the one to correct first.
    zh
        `message` in Chinese.

    Returns
    -------
    Problem
        With the places of the rows that have one.
    """
    return Problem(Severity.ERROR, code, message, _places(rows), message_zh=zh)


def warning(code: str, message: str, rows: Iterable[Placed], *, zh: str) -> Problem:
    """Make a problem that does not stop an import.

    Parameters
    ----------
    code
        Stable name of the rule.
    message
        What is wrong and what to do, in English.
    rows
        The rows involved, the one to correct first.
    zh
        `message` in Chinese.

    Returns
    -------
    Problem
        With the places of the rows that have one.
    """
    return Problem(Severity.WARNING, code, message, _places(rows), message_zh=zh)


def _places(rows: Iterable[Placed]) -> tuple[Place, ...]:
    return tuple(row.place for row in rows if row.place is not None)
