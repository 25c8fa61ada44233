"""Severity and days of a shock or a cut, as a person types them behind its name."""

from __future__ import annotations

import re
from datetime import date

from chains.errors import Sentence
from risk.errors import ParameterError

MOST_FIELDS = 4
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIELD = re.compile(r"|[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|[-+]?(nan|inf)|\d{4}-\d{2}-\d{2}", re.IGNORECASE)


def is_field(word: str) -> bool:
    """Tell whether a word is a number, a date or blank.

    Parameters
    ----------
    word
        Between two colons.

    Returns
    -------
    bool
        False for a name.
    """
    return _FIELD.fullmatch(word) is not None


def is_severity(word: str) -> bool:
    """Tell whether a word is a severity, above 0 and at most 1, or blank.

    Parameters
    ----------
    word
        Between two colons.

    Returns
    -------
    bool
        False for other numbers and for names.
    """
    try:
        return not word or 0 < float(word) <= 1
    except ValueError:
        return False


def no_days(word: str, what: Sentence) -> ParameterError:
    """Say that a word is no number of days.

    Parameters
    ----------
    word
        As typed.
    what
        Names the shock or cut.

    Returns
    -------
    ParameterError
        To be raised.
    """
    return ParameterError(
        f"{what.en}: {word!r} is no number of days; write 10 for the tenth day after day 0",
        zh=f"{what.zh}:{word!r} 不是天数;第 10 天写 10",
    )


def read_fields(
    fields: list[str], what: Sentence, *, day_zero: date | None
) -> tuple[float, int, int | None, int]:
    """Read severity, first day, days and recovery.

    Parameters
    ----------
    fields
        At most four; a blank or missing one takes its default.
    what
        Names the shock or cut in sentences.
    day_zero
        The calendar day that is day 0; a start may then be a date.

    Returns
    -------
    tuple
        Severity (0 to 1], first day, days (``None``: through the horizon), recovery days.

    Raises
    ------
    ParameterError
        When the severity is not in (0, 1], or a day is no day.
    """
    severity, start, days, recover = [*fields, *[""] * (MOST_FIELDS - len(fields))]
    return (
        _read_severity(severity, what),
        _read_start(start, what, day_zero),
        _read_days(days, what) if days else None,
        _read_days(recover, what) if recover else 0,
    )


def write_fields(severity: float, start: int, days: int | None, recover: int) -> list[str]:
    """Write severity and days as `read_fields` reads them.

    Parameters
    ----------
    severity, start, days, recover
        As read.

    Returns
    -------
    list of str
        Four.
    """
    shown = repr(float(severity)).removesuffix(".0")
    return [shown, str(start), "" if days is None else str(days), str(recover)]


def drop_defaults(fields: list[str]) -> list[str]:
    """Leave out fields at the end that only say their default.

    Parameters
    ----------
    fields
        From `write_fields`.

    Returns
    -------
    list of str
        As short as it can be said.
    """
    kept = list(fields)
    for default in ("0", "", "0", "1"):
        if not kept or kept[-1] != default:
            break
        kept.pop()
    return kept


def _read_severity(word: str, what: Sentence) -> float:
    if not is_severity(word):
        raise ParameterError(
            f"{what.en}: severity {word} must be above 0 and at most 1; write 1 for all, 0.5 for half",
            zh=f"{what.zh} 的强度 {word} 不在 (0, 1] 之内;全部停供写 1,一半写 0.5",
        )
    return float(word) if word else 1.0


def _read_start(word: str, what: Sentence, day_zero: date | None) -> int:
    if not _DATE.fullmatch(word):
        return _read_days(word, what) if word else 0
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise ParameterError(
            f"{what.en}: there is no date {word}", zh=f"{what.zh}:没有 {word} 这一天"
        ) from error
    if day_zero is None:
        raise ParameterError(
            f"{what.en}: a start on a date needs --from, the date of day 0",
            zh=f"{what.zh}:开始日写成日期时,请用 --from 写明第 0 天是哪一天",
        )
    return (day - day_zero).days


def _read_days(word: str, what: Sentence) -> int:
    try:
        return int(word)
    except ValueError as error:
        raise ParameterError(
            f"{what.en}: {word} is no whole number of days", zh=f"{what.zh}:{word} 不是整数天"
        ) from error


def read_day_zero(text: str) -> date:
    """Read the date of day 0.

    Parameters
    ----------
    text
        As typed, ``2026-12-01``.

    Returns
    -------
    date
        As typed.

    Raises
    ------
    ParameterError
        When it is no date, naming it.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise ParameterError(
            f"--from {text}: there is no such date; write it like 2026-12-01",
            zh=f"--from {text}:没有这一天;请写成 2026-12-01 这样",
        ) from error
