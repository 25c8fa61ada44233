"""Words a person types, read into values: scopes and shocks."""

from __future__ import annotations

import math

from chains.model import Scope
from risk.errors import ParameterError
from risk.model import SCOPES, Shock


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


def parse_shock(text: str) -> Shock:
    """Read ``SCOPE:KEY[:SEVERITY]``.

    Parameters
    ----------
    text
        A key may itself hold colons; what follows the last one is the severity when it is a number.

    Returns
    -------
    Shock
        From day 0 through the horizon.

    Raises
    ------
    ParameterError
        When scope or key is missing or the severity is not in (0, 1].

    Examples
    --------
    >>> parse_shock("country:JPN:0.5")
    Shock(scope=<Scope.COUNTRY: 'country'>, key='JPN', severity=0.5, start_day=0, days=None)
    >>> parse_shock("supplier:lei:5493").key  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    risk.errors.ParameterError: shock supplier:lei:5493: severity 5493 must be above 0 and at most 1; ...
    >>> parse_shock("supplier:lei:5493:1").key
    'lei:5493'
    """
    word, colon, rest = text.partition(":")
    key, severity = _split_severity(rest, text)
    if not colon or not key:
        raise ParameterError(
            f"{text!r} is no shock; write scope:key[:severity], such as country:JPN or supplier:asml:0.5",
            zh=f"看不懂冲击 {text!r};请写成 范围:键[:强度],例如 country:JPN 或 supplier:asml:0.5",
        )
    return Shock(parse_scope(word), key, severity)


def _split_severity(rest: str, text: str) -> tuple[str, float]:
    key, colon, last = rest.rpartition(":")
    if not colon:
        return rest.strip(), 1.0
    try:
        severity = float(last)
    except ValueError:
        return rest.strip(), 1.0
    if math.isnan(severity) or not 0 < severity <= 1:
        raise ParameterError(
            f"shock {text}: severity {last} must be above 0 and at most 1; write 1 for all, 0.5 for half",
            zh=f"冲击 {text} 的强度 {last} 不在 (0, 1] 之内;全部停供写 1,一半写 0.5",
        )
    return key.strip(), severity


def _scope_words() -> str:
    return ", ".join(scope.value for scope in SCOPES)
