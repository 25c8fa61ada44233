"""A case of the corpus: a file, and what a person who knows the rules expects of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ACCEPT, PARTLY, REJECT = "accept", "accept_with_row_errors", "reject"
CODE = "91320200MA0000002K"
OTHER_CODE = "91320200MA0000001G"


@dataclass(frozen=True)
class Case:
    """One file and its expected result.

    Attributes
    ----------
    name
        What the case shows.
    content, filename
        The file.
    good
        Row number to some of its values.
    bad
        Row, field, and the code of the reason.
    status
        Follows from `good` and `bad` unless the file is refused.
    warned
        Words that the warnings hold.
    code
        Why a file is refused.
    """

    name: str
    content: bytes
    filename: str = "list.csv"
    good: dict[int, dict[str, Any]] = field(default_factory=dict)
    bad: tuple[tuple[int, str, str], ...] = ()
    code: str = ""
    warned: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """The status that follows."""
        return REJECT if self.code else PARTLY if self.bad else ACCEPT


def text_case(name: str, text: str, good=None, bad=(), *, code: str = "", warned=(), **options) -> Case:
    """Make a case of a text file in UTF-8."""
    return Case(
        name, text.encode(), good=good or {}, bad=tuple(bad), code=code, warned=tuple(warned), **options
    )


def column_case(name: str, header: str, cells: dict[str, Any], *, field_name: str, warned=()) -> Case:
    """Make a case of one column: each cell's text to its value, or to the reason as ``"!code"``."""
    lines = [f"供应商,物料,{header}"]
    good: dict[int, dict[str, Any]] = {}
    bad: list[tuple[int, str, str]] = []
    for row, (text, value) in enumerate(cells.items(), start=2):
        quoted = '"' + text.replace('"', '""') + '"'
        lines.append(f"甲{row},光刻胶,{quoted}")
        if isinstance(value, str) and value.startswith("!"):
            bad.append((row, field_name, value[1:]))
        else:
            good[row] = {field_name: value}
    return text_case(name, "\n".join(lines) + "\n", good, bad, warned=warned)


def verify(answer: dict[str, Any], case: Case) -> None:
    """Compare an answer with what was expected, word for word."""
    assert answer["status"] == case.status, (case.name, answer["message"], answer["bad"], answer["code"])
    if case.code:
        assert answer["code"] == case.code, case.name
        assert "\n" not in answer["message"]
        assert "/" not in answer["message"].replace("GB18030/GBK", "").replace("UTF-8、", "")
        return
    found = {row["row"]: row for row in answer["good"]}
    assert sorted(found) == sorted(case.good), (case.name, answer["bad"])
    for number, values in case.good.items():
        for name, value in values.items():
            got = found[number][name] if name in found[number] else found[number]["extra"].get(name)
            assert got == value, (case.name, number, name, got)
            assert type(got) is type(value), (case.name, number, name, got)
    bad = [(row["row"], row["field"], row["code"]) for row in answer["bad"]]
    assert bad == sorted(case.bad), case.name
    for words in case.warned:
        assert any(words in warning for warning in answer["warnings"]), (case.name, answer["warnings"])
    if not case.warned:
        assert answer["warnings"] == [], (case.name, answer["warnings"])
