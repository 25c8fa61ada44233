"""The one root error of the project, and the problems a user can correct."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class LianwenError(Exception):
    """A promise that could not be kept; `code` is stable, the message names thing, place and remedy.

    Parameters
    ----------
    message
        One sentence for the person in front of the screen, in English; ``str(error)`` is this one.
    zh
        The same sentence in Chinese. Left out only by a sentence that is spoken in one language.
    """

    code = "lianwen"

    def __init__(self, message: str, *, zh: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.message_zh = message if zh is None else zh

    def say(self, language: str) -> str:
        """Say what is wrong and what to do.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            One sentence.
        """
        return self.message_zh if language == "zh" else self.message


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
    zh
        `message` in Chinese; the hint at `near` is added to both.

    Examples
    --------
    >>> UnknownKeyError("no chain 'ice'", near=("ic",), zh="没有产业链 'ice'").say("zh")
    "没有产业链 'ice';你是不是要找 ic?"
    """

    code = "unknown-key"

    def __init__(self, message: str, *, near: tuple[str, ...] = (), zh: str | None = None) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        hint_zh = f";你是不是要找 {'、'.join(near)}?" if near else ""
        super().__init__(message + hint, zh=(message if zh is None else zh) + hint_zh)
        self.near = near


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in both languages, for what is neither an error nor a problem."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en

    def say(self, language: str) -> str:
        """Return the Chinese sentence for ``zh``, else the English one."""
        return self.zh if language == "zh" else self.en


class Severity(StrEnum):
    """How much a problem stops."""

    ERROR = "error"
    WARNING = "warning"

    def say(self, language: str) -> str:
        """Name it for people: 错误 or 警告 in Chinese (``zh``), else the value itself."""
        return _SEVERITY_WORDS[self] if language == "zh" else self.value


_SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row was read: the file as the user knows it and the 1-based line of that file."""

    file: str
    row: int

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: str) -> str:
        """Name the place for people.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            The file alone when the whole file is meant.

        Examples
        --------
        >>> Place("pv/items.csv", 7).say("zh")
        'pv/items.csv 第 7 行'
        """
        row = f" 第 {self.row} 行" if language == "zh" else f" row {self.row}"
        return self.file + row if self.row else self.file


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
        What is wrong and what to do, without the place, in English.
    places
        Every file and row involved, the one to correct first.
    message_zh
        `message` in Chinese.
    """

    severity: Severity
    code: str
    message: str
    places: tuple[Place, ...] = ()
    message_zh: str = field(kw_only=True)

    def __str__(self) -> str:
        return self.say("en")

    def say(self, language: str) -> str:
        """Say how grave it is, where, what is wrong and what to do.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            One line that ends with the code of the rule.
        """
        comma, message = ("、", self.message_zh) if language == "zh" else (", ", self.message)
        where = comma.join(place.say(language) for place in self.places)
        parts = (self.severity.say(language), where, f"{message} [{self.code}]")
        return ": ".join(filter(None, parts))
