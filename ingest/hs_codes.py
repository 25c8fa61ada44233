"""HS codes (海关商品编码): in the names and descriptions of items, and in a column of a list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ingest.headers import header_key
from ingest.parsing import fold_width

if TYPE_CHECKING:
    from ingest.model import RawTable

HEADERS: Final = frozenset(
    ["hs", "hs编码", "hs码", "hs代码", "hscode", "hs_code", "海关编码", "海关商品编码", "海关hs编码",
     "商品编码(hs)", "税则号列", "税则号", "customscode", "tariffcode"]
)  # fmt: skip
DIGITS: Final = r"\d{4}(?:[. ]?\d{2}){0,3}"
NAMED: Final = re.compile(rf"(?<![a-z])hs\s*(?:编码|code)?\s*[::]?\s*({DIGITS})(?!\d)", re.IGNORECASE)
WRITTEN: Final = re.compile(rf"(?:hs\s*)?({DIGITS})", re.IGNORECASE)
SHORTEST: Final = 6
"""A heading of four digits is no product: 8542 are all integrated circuits."""


def find_hs_codes(*texts: str | None) -> tuple[str, ...]:
    """Find the HS codes that texts name.

    Parameters
    ----------
    *texts
        Names or a description of an item.

    Returns
    -------
    tuple[str, ...]
        Digits of each, at least six.

    Examples
    --------
    >>> find_hs_codes("处理器 HS 8542.31", "HS854232; HS 8542")
    ('854231', '854232')
    """
    found = (match for text in texts if text for match in NAMED.findall(text))
    codes = (re.sub(r"\D", "", code) for code in found)
    return tuple(dict.fromkeys(code for code in codes if len(code) >= SHORTEST))


def read_hs_code(text: str | None) -> str | None:
    """Read one cell of a column of HS codes.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    str | None
        Digits, at least six; None for anything else.

    Examples
    --------
    >>> read_hs_code("8542.31"), read_hs_code("HS 85423100"), read_hs_code("8542"), read_hs_code("x")
    ('854231', '85423100', None, None)
    """
    match = WRITTEN.fullmatch(fold_width(text)) if text else None
    code = re.sub(r"\D", "", match[1]) if match else ""
    return code if len(code) >= SHORTEST else None


def hs_column(raw: RawTable, extras: tuple[tuple[int, str], ...]) -> int | None:
    """Find the column of a list that holds HS codes.

    Parameters
    ----------
    raw
        The table.
    extras
        Its columns without a meaning of their own.

    Returns
    -------
    int | None
        None when there is none, or more than one.
    """
    found = [index for index, _ in extras if header_key(raw.header[index]) in HEADERS]
    return found[0] if len(found) == 1 else None
