"""Words a person types, read into values and written back: scopes and shocks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from chains.model import Perspective, Scope
from risk.errors import ParameterError
from risk.model import PERSPECTIVES, SCOPES, Shock
from risk.scenario_store.model import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_FIELDS = 4
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIELD = re.compile(r"|[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?|[-+]?(nan|inf)|\d{4}-\d{2}-\d{2}", re.IGNORECASE)


def parse_scopes(text: str) -> tuple[Scope, ...]:
    """Read a comma-separated list of scopes.

    Parameters
    ----------
    text
        For example ``supplier,country``.

    Returns
    -------
    tuple of Scope
        In canonical order, each once.

    Raises
    ------
    ParameterError
        When a word is no scope, or none is given.

    Examples
    --------
    >>> parse_scopes("country, supplier")
    (<Scope.SUPPLIER: 'supplier'>, <Scope.COUNTRY: 'country'>)
    """
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    if not words:
        raise ParameterError(
            f"no scope is given; choose from {_scope_words()}, separated by commas",
            zh=f"没有给出节点范围;可选 {_scope_words()},用逗号分隔",
        )
    wanted = {parse_scope(word) for word in words}
    return tuple(scope for scope in SCOPES if scope in wanted)


def parse_scope(word: str) -> Scope:
    """Read one scope.

    Parameters
    ----------
    word
        Any case.

    Returns
    -------
    Scope
        The scope of that name.

    Raises
    ------
    ParameterError
        When there is no such scope.
    """
    try:
        return Scope(word.strip().lower())
    except ValueError as error:
        raise ParameterError(
            f"there is no scope {word!r}; choose from {_scope_words()}",
            zh=f"没有节点范围 {word!r};可选 {_scope_words()}",
        ) from error


def parse_perspectives(word: str | None) -> tuple[Perspective, ...]:
    """Read one perspective, or both.

    Parameters
    ----------
    word
        ``world``, ``home`` or ``both`` in any case; ``None`` for what is computed unless asked.

    Returns
    -------
    tuple of Perspective
        World first.

    Raises
    ------
    ParameterError
        When it is another word.
    """
    if word is None:
        return PERSPECTIVES
    wanted = word.strip().lower()
    if wanted == "both":
        return tuple(Perspective)
    if wanted not in set(Perspective):
        raise ParameterError(
            f"there is no perspective {word!r}; choose world, home or both",
            zh=f"没有视角 {word!r};可选 world 全球、home 本土、both 两种",
        )
    return (Perspective(wanted),)


def parse_shock(text: str, *, day_zero: date | None = None) -> Shock:
    """Read ``SCOPE:KEY[@ITEM[,ITEM…]][:SEVERITY[:START[:DAYS[:RECOVER]]]]``.

    Parameters
    ----------
    text
        A key may itself hold colons: up to four numbers at the end are read off, a blank one takes its
        default. Items narrow the shock to what the node makes of them.
    day_zero
        The calendar day that is day 0; a start may then be a date such as ``2026-12-01``.

    Returns
    -------
    Shock
        Fully stopped from day 0 through the horizon unless the text says otherwise. Days are checked against
        the horizon when it is simulated.

    Raises
    ------
    ParameterError
        When scope or key is missing, the severity is not in (0, 1], or a day is no day.

    Examples
    --------
    >>> parse_shock("country:JPN:0.5").severity
    0.5
    >>> shock = parse_shock("country:JPN@IC-N31:1:10:30:20")
    >>> shock.items, shock.start_day, shock.days, shock.recover_days
    (('IC-N31',), 10, 30, 20)
    >>> parse_shock("supplier:lei:5493").key  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    risk.errors.ParameterError: shock supplier:lei:5493: severity 5493 must be above 0 and at most 1; ...
    >>> parse_shock("supplier:lei:5493:1").key
    'lei:5493'
    """
    word, _, rest = text.partition(":")
    key, listed, fields = _split_fields(rest.strip(), text)
    if not key.strip():
        raise ParameterError(
            f"{text!r} is no shock; write scope:key[:severity[:start[:days]]], such as country:JPN:1:10:30",
            zh=f"看不懂冲击 {text!r};请写成 范围:键[:强度[:开始日[:天数]]],例如 country:JPN:1:10:30",
        )
    given = [*fields, *[""] * (_MOST_FIELDS - len(fields))]
    return Shock(
        parse_scope(word),
        key.strip(),
        severity=_read_severity(given[0], text),
        start_day=_read_start(given[1], text, day_zero),
        days=_read_days(given[2], text) if given[2] else None,
        recover_days=_read_days(given[3], text) if given[3] else 0,
        items=tuple(sorted({item.strip() for item in listed.split(",") if item.strip()})),
    )


def read_plan(
    chain_id: str, texts: Sequence[str], *, recover_days: int = 0, day_zero: date | None = None
) -> Plan:
    """Read the shocks of a scenario.

    Parameters
    ----------
    chain_id
        Whose end output is looked at.
    texts
        One shock each, as `parse_shock` reads it.
    recover_days
        Days of recovery of every shock that has an end and names no recovery of its own.
    day_zero
        The calendar day that is day 0.

    Returns
    -------
    Plan
        Mode run over the main horizon.

    Raises
    ------
    ParameterError
        When there is no text or one is no shock, or there is a recovery and no shock has an end.
    """
    shocks = [parse_shock(text, day_zero=day_zero) for text in texts]
    if not shocks:
        raise ParameterError(
            "no shock is given; name what stops, such as country:JPN",
            zh="没有给出冲击;请写明停什么,例如 country:JPN",
        )
    if recover_days and all(shock.days is None for shock in shocks):
        raise ParameterError(
            "--recover-days needs a shock that ends; give its days, such as country:JPN:1:0:30",
            zh="--recover-days 需要有结束日的冲击;请写持续天数,例如 country:JPN:1:0:30",
        )
    recovering = (
        shock if shock.days is None or shock.recover_days else replace(shock, recover_days=recover_days)
        for shock in shocks
    )
    return Plan(chain_id, shocks=tuple(recovering))


def format_shock(shock: Shock) -> str:
    """Write a shock as `parse_shock` reads it.

    Parameters
    ----------
    shock
        Any.

    Returns
    -------
    str
        As short as it can be said; the severity is written wherever anything follows the key.

    Examples
    --------
    >>> format_shock(Shock(Scope.COUNTRY, "JPN"))
    'country:JPN'
    >>> format_shock(Shock(Scope.CITY, "无锡", severity=0.5, start_day=10, days=7, recover_days=5))
    'city:无锡:0.5:10:7:5'
    """
    items = f"@{','.join(shock.items)}" if shock.items else ""
    days = "" if shock.days is None else str(shock.days)
    severity = repr(float(shock.severity)).removesuffix(".0")
    fields = [severity, str(shock.start_day), days, str(shock.recover_days)]
    # Behind a key with colons all numbers are written, else its own end might be read as one.
    for default in ("0", "", "0", "1") if ":" not in shock.key else ():
        if fields[-1] != default:
            break
        fields.pop()
    return ":".join([shock.scope.value, f"{shock.key}{items}", *fields])


def _split_fields(rest: str, text: str) -> tuple[str, str, list[str]]:
    """Part the key from the items and the numbers behind it."""
    key, at, tail = rest.partition("@")
    if at:
        listed, colon, numbers = tail.partition(":")
        fields = [field.strip() for field in numbers.split(":")] if colon else []
        for field in fields[_MOST_FIELDS:] or [field for field in fields if not _FIELD.fullmatch(field)]:
            raise _no_days(field, text)
        return key, listed, fields
    parts = [part.strip() for part in rest.split(":")]
    length = 0
    while length < min(_MOST_FIELDS, len(parts) - 1) and _FIELD.fullmatch(parts[-1 - length]):
        length += 1
    runs = [parts[len(parts) - count :] for count in range(length, 0, -1)]
    fields = next((run for run in runs if _is_severity(run[0])), runs[0] if runs else [])
    words = parts[: len(parts) - len(fields)]
    for word, after in pairwise(words[1:]):
        if word and _is_severity(word) and not _FIELD.fullmatch(after):
            raise _no_days(after, text)
    return ":".join(words), "", fields


def _no_days(word: str, text: str) -> ParameterError:
    return ParameterError(
        f"shock {text}: {word!r} is no number of days; write 10 for the tenth day after day 0",
        zh=f"冲击 {text}:{word!r} 不是天数;第 10 天写 10",
    )


def _is_severity(word: str) -> bool:
    try:
        return not word or 0 < float(word) <= 1
    except ValueError:
        return False


def _read_severity(word: str, text: str) -> float:
    if not _is_severity(word):
        raise ParameterError(
            f"shock {text}: severity {word} must be above 0 and at most 1; write 1 for all, 0.5 for half",
            zh=f"冲击 {text} 的强度 {word} 不在 (0, 1] 之内;全部停供写 1,一半写 0.5",
        )
    return float(word) if word else 1.0


def _read_start(word: str, text: str, day_zero: date | None) -> int:
    if not _DATE.fullmatch(word):
        return _read_days(word, text) if word else 0
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise ParameterError(
            f"shock {text}: there is no date {word}", zh=f"冲击 {text}:没有 {word} 这一天"
        ) from error
    if day_zero is None:
        raise ParameterError(
            f"shock {text}: a start on a date needs --from, the date of day 0",
            zh=f"冲击 {text}:开始日写成日期时,请用 --from 写明第 0 天是哪一天",
        )
    return (day - day_zero).days


def _read_days(word: str, text: str) -> int:
    try:
        return int(word)
    except ValueError as error:
        raise ParameterError(
            f"shock {text}: {word} is no whole number of days", zh=f"冲击 {text}:{word} 不是整数天"
        ) from error


def _scope_words() -> str:
    return ", ".join(scope.value for scope in SCOPES)
