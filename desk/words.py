"""Words a person types, read into values and written back: scopes and shocks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from chains.errors import Sentence, UnknownKeyError
from chains.matching import near_matches
from chains.model import Perspective, Scope
from desk.cut_words import parse_cut, parse_stock
from desk.day_words import (
    MOST_FIELDS,
    drop_defaults,
    is_field,
    is_severity,
    no_days,
    read_fields,
    write_fields,
)
from risk.errors import ParameterError
from risk.model import PERSPECTIVES, SCOPES, Cut, Shock
from risk.scenario_store.model import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


Part = TypeVar("Part", Shock, Cut)


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
    UnknownKeyError
        When a word is no scope, with near matches.
    ParameterError
        When none is given.

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
    UnknownKeyError
        When there is no such scope, with near matches.
    """
    try:
        return Scope(word.strip().lower())
    except ValueError as error:
        raise UnknownKeyError(
            f"there is no scope {word!r}; choose from {_scope_words()}",
            near=near_matches(word, SCOPES),
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
    UnknownKeyError
        When there is no such scope, with near matches.
    ParameterError
        When scope or key is missing, no item stands behind ``@``, there are more than four numbers, the
        severity is not in (0, 1], or a day is no day.

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
    scope = parse_scope(word)
    severity, start, days, recover = read_fields(fields, _named(text), day_zero=day_zero)
    return Shock(
        scope,
        key.strip(),
        severity=severity,
        start_day=start,
        days=days,
        recover_days=recover,
        items=tuple(sorted({item.strip() for item in listed.split(",") if item.strip()})),
    )


def read_plan(
    chain_id: str,
    texts: Sequence[str],
    *,
    cuts: Sequence[str] = (),
    stock: Sequence[str] = (),
    perspective: Perspective | None = None,
    recover_days: int = 0,
    day_zero: date | None = None,
) -> Plan:
    """Read the shocks and cuts of a scenario.

    Parameters
    ----------
    chain_id
        Whose end output is looked at.
    texts
        One shock each, as `parse_shock` reads it.
    cuts
        One cut each, as `desk.cut_words.parse_cut` reads it.
    stock
        One stock each, as `desk.cut_words.parse_stock` reads it.
    perspective
        Whose loss is measured; ``None``: home's where something is cut, else the world's.
    recover_days
        Days of recovery of every shock and cut that has an end and names no recovery of its own.
    day_zero
        The calendar day that is day 0.

    Returns
    -------
    Plan
        Mode run over the main horizon.

    Raises
    ------
    ParameterError
        When there is no text or one means nothing, the recovery is below 0 or nothing has an end, or a cut
        is to be seen from the world.
    """
    shocks = [parse_shock(text, day_zero=day_zero) for text in texts]
    cut = [parse_cut(text, day_zero=day_zero) for text in cuts]
    both: list[Shock | Cut] = [*shocks, *cut]
    if not both:
        raise ParameterError(
            "no shock is given; name what stops, such as country:JPN",
            zh="没有给出冲击;请写明停什么,例如 country:JPN",
        )
    if recover_days < 0:
        raise ParameterError(
            f"--recover-days {recover_days} is below 0; write 0 for at once",
            zh=f"--recover-days {recover_days} 小于 0;立即恢复写 0",
        )
    if recover_days and all(one.days is None for one in both):
        raise ParameterError(
            "--recover-days needs a shock that ends; give its days, such as country:JPN:1:0:30",
            zh="--recover-days 需要有结束日的冲击;请写持续天数,例如 country:JPN:1:0:30",
        )
    if cut and perspective is Perspective.WORLD:
        raise ParameterError(
            "a cut is seen from home; leave --perspective out or write --perspective home",
            zh="断供要从本土看;请去掉 --perspective,或写 --perspective home",
        )
    seen = Perspective.HOME if cut else Perspective.WORLD
    return Plan(
        chain_id,
        shocks=tuple(_recovering(one, recover_days) for one in shocks),
        cuts=tuple(_recovering(one, recover_days) for one in cut),
        stock=tuple(parse_stock(text) for text in stock),
        perspective=seen if perspective is None else perspective,
    )


def _recovering(one: Part, recover_days: int) -> Part:
    return one if one.days is None or one.recover_days else replace(one, recover_days=recover_days)


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
    fields = write_fields(shock.severity, shock.start_day, shock.days, shock.recover_days)
    # Behind a key with colons all numbers are written, else its own end might be read as one.
    shown = fields if ":" in shock.key else drop_defaults(fields)
    return ":".join([shock.scope.value, f"{shock.key}{items}", *shown])


def _split_fields(rest: str, text: str) -> tuple[str, str, list[str]]:
    """Part the key from the items and the numbers behind it."""
    key, at, tail = rest.partition("@")
    if at:
        listed, colon, numbers = tail.partition(":")
        if not any(item.strip() for item in listed.split(",")):
            raise ParameterError(
                f"shock {text}: no item stands behind @; name one, or leave @ out to stop everything",
                zh=f"冲击 {text}:@ 后面没有物料;请写明物料,全部停供则去掉 @",
            )
        fields = [field.strip() for field in numbers.split(":")] if colon else []
        for field in fields[MOST_FIELDS:] or [field for field in fields if not is_field(field)]:
            raise no_days(field, _named(text))
        return key, listed, fields
    parts = [part.strip() for part in rest.split(":")]
    length = 0
    while length < min(MOST_FIELDS, len(parts) - 1) and is_field(parts[-1 - length]):
        length += 1
    runs = [parts[len(parts) - count :] for count in range(length, 0, -1)]
    fields = next((run for run in runs if is_severity(run[0])), runs[0] if runs else [])
    if fields and not is_severity(fields[0]) and is_severity(parts[1]) and all(map(is_field, parts[1:])):
        raise ParameterError(
            f"shock {text}: behind the key stand at most severity, start, days and recovery days",
            zh=f"冲击 {text}:键后面最多写 强度:开始日:天数:恢复天数",
        )
    words = parts[: len(parts) - len(fields)]
    for word, after in pairwise(words[1:]):
        if word and is_severity(word) and not is_field(after):
            raise no_days(after, _named(text))
    return ":".join(words), "", fields


def _named(text: str) -> Sentence:
    return Sentence(f"shock {text}", f"冲击 {text}")


def _scope_words() -> str:
    return ", ".join(scope.value for scope in SCOPES)
