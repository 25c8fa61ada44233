"""The one root error of the project, and the problems a user can correct."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LianwenError(Exception):
    """A promise that could not be kept; `code` is stable, the message names thing, place and remedy.

    Parameters
    ----------
    message
        One sentence for the person in front of the screen.
    """

    code = "lianwen"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ChainDataError(LianwenError):
    """Chain data breaks a rule, so nothing was stored or computed."""

    code = "chain-data"


class UnknownKeyError(LianwenError):
    """A chain, node, item or supplier key that does not exist; `near` lists close matches.

    Parameters
    ----------
    message
        What was asked for and where.
    near
        Up to five existing keys that look similar, best first.
    """

    code = "unknown-key"

    def __init__(self, message: str, *, near: tuple[str, ...] = ()) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(message + hint)
        self.near = near


class Severity(StrEnum):
    """How much a problem stops."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row was read: the file as the user knows it and the 1-based line of that file."""

    file: str
    row: int

    def __str__(self) -> str:
        return f"{self.file} row {self.row}" if self.row else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the data that a user can correct.

    Attributes
    ----------
    severity
        An error stops the import, a warning does not.
    code
        Stable kebab-case name of the rule, for example ``unknown-item``.
    message
        What is wrong and what to do, without the place.
    places
        Every file and row involved, the one to correct first.
    """

    severity: Severity
    code: str
    message: str
    places: tuple[Place, ...] = ()

    def __str__(self) -> str:
        where = ", ".join(map(str, self.places))
        return (
            f"{self.severity}: {where}: {self.message} [{self.code}]"
            if where
            else f"{self.severity}: {self.message} [{self.code}]"
        )
