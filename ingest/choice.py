"""How a person says a file is to be read, where reading it by rule failed or went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENCODINGS: Final[dict[str, str]] = {
    "utf-8": "utf-8", "gb18030": "gb18030", "big5": "cp950", "utf-16": "utf-16",
}  # fmt: skip
SEPARATOR_NAMES: Final[dict[str, str]] = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided about reading a file; what is left open is found by rule.

    Attributes
    ----------
    encoding
        Key of `ENCODINGS`.
    separator
        One of the values of `SEPARATOR_NAMES`.
    sheet
        Name of a visible sheet.
    columns
        Pairs of a field of `ingest.columns.COLUMNS` and the header that holds it; fields that are not
        named are recognised by rule, but a named field only by its named header. A blank field says that
        its header has no meaning here.
    """

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    columns: tuple[tuple[str, str], ...] = ()

    @property
    def is_automatic(self) -> bool:
        """Whether nothing was decided."""
        return self == AUTOMATIC


AUTOMATIC: Final = Choice()
NOTHING_NAMED: Final[Mapping[str, str]] = {}
