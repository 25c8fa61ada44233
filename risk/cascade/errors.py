"""Broken promises of the firm network, and how many bad rows become one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chains.errors import LianwenError, Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES: Final = 5


class FirmDataError(LianwenError):
    """A firm network breaks a rule, so nothing was computed.

    Parameters
    ----------
    message
        What is wrong, in English.
    zh
        The same in Chinese.
    problems
        Every problem found, errors and warnings.
    """

    code = "firm-data"

    def __init__(self, message: str, *, zh: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, zh=zh)
        self.problems = tuple(problems)


def refusal(problems: Sequence[Problem]) -> FirmDataError:
    """Make one error of the errors among some problems.

    Parameters
    ----------
    problems
        At least one error.

    Returns
    -------
    FirmDataError
        To be raised; says them all.
    """
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    return FirmDataError(
        "the firm network cannot be used: " + "; ".join(problem.message for problem in errors),
        zh="企业网络数据有误:" + ";".join(problem.message_zh for problem in errors),
        problems=problems,
    )


def refuse(
    code: str, en: str, zh: str, *, file: str = "", rows: Sequence[int] = (), found: Sequence[str] = ()
) -> Problem:
    """Make an error of rows that break one rule.

    Parameters
    ----------
    code
        Stable kebab-case name of the rule.
    en, zh
        What is wrong and what to do, with the count.
    file
        Name of the file; blank for arrays.
    rows
        1-based rows; the first few are named.
    found
        What stands there; the first few are quoted.

    Returns
    -------
    Problem
        With places and examples.
    """
    return _problem(Severity.ERROR, code, en, zh, file, rows, found)


def warn(
    code: str, en: str, zh: str, *, file: str = "", rows: Sequence[int] = (), found: Sequence[str] = ()
) -> Problem:
    """Make a warning, as `refuse` makes an error.

    Parameters
    ----------
    code
        Stable kebab-case name of the rule.
    en, zh
        What is wrong and what was done about it, with the count.
    file
        Name of the file; blank for arrays.
    rows
        1-based rows; the first few are named.
    found
        What stands there; the first few are quoted.

    Returns
    -------
    Problem
        With places and examples.
    """
    return _problem(Severity.WARNING, code, en, zh, file, rows, found)


def _problem(
    severity: Severity, code: str, en: str, zh: str, file: str, rows: Sequence[int], found: Sequence[str]
) -> Problem:
    shown = list(dict.fromkeys(found))[:EXAMPLES]
    if shown:
        en, zh = f"{en}; for example {', '.join(shown)}", f"{zh};例如 {'、'.join(shown)}"
    places = tuple(Place(file, int(row)) for row in rows[:EXAMPLES]) if file else ()
    if file and not places:
        places = (Place(file, 0),)
    return Problem(severity, code, en, places, message_zh=zh)
