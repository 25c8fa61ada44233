"""From the text of one cell to its value (rules 2, 5, 6, 7); a cell that cannot be read says why."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ingest.messages import Value
from ingest.uscc import is_credit_code

TEXT_LIMIT: Final = 200
ZERO_WIDTH: Final = dict.fromkeys(
    (
        0xAD,
        0x34F,
        0x61C,
        0x180E,
        0x200B,
        0x200C,
        0x200D,
        0x200E,
        0x200F,
        0x2060,
        0x2061,
        0x2062,
        0x2063,
        0x2064,
        0x2065,
        0x206A,
        0x206B,
        0x206C,
        0x206D,
        0x206E,
        0x206F,
        0x2800,
        0xFEFF,
    )
)
_ZERO_WIDTH_SIGNS: Final = re.compile("[" + "".join(map(chr, ZERO_WIDTH)) + "]")
BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]")
# Ends of lines and tabs, which a note may have.
LINES: Final = re.compile("[\n\r\t\u2028\u2029]")
BLANKS: Final = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]{2,}")
STRAY: Final = (
    " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
NO_VALUE: Final = frozenset({"", "-", "--", "–", "—", "——", "/", "n/a", "无", "暂无", "未知"})
EXCEL_ERRORS: Final = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA",
    "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!"]
)  # fmt: skip
FULL_WIDTH: Final = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0x2212: 0x2D,
}
STATUS_WORDS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("是", "已认证", "已通过", "通过", "通过认证", "已通过认证", "合格", "有", "yes", "y", "true", "1",
         "qualified",
         "√", "✓", "✔", "认证通过", "certified"),
        "yes",
    ),
    **dict.fromkeys(
        ("否", "未认证", "未通过", "未通过认证", "不合格", "没有", "no", "n", "false", "0", "notqualified",
         "unqualified",
         "×", "✗", "✘", "认证未通过", "notcertified", "uncertified"),
        "no",
    ),
    **dict.fromkeys(
        ("认证中", "正在认证", "在认证", "进行中", "认证进行中", "验证中", "审核中", "测试中", "inprogress",
         "in_progress",
         "in-progress", "ongoing", "underway"),
        "in_progress",
    ),
}  # fmt: skip

# Signs of these words as the traditional script writes them: 認證中 is 认证中.
TRADITIONAL_STATUS: Final = str.maketrans("認證過進測試審驗沒", "认证过进测试审验没")


class CellError(ValueError):
    """One cell cannot be read; turned into a `RowIssue` by `ingest.validation`.

    Parameters
    ----------
    code
        Key of `ingest.messages.ROW_REASONS`.
    **params
        What the sentence names.
    """

    def __init__(self, code: str, **params: Value) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def drop_zero_width(text: str) -> str:
    """Drop signs that show nothing: zero-width blanks, joiners, marks of direction, byte order marks.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    str
        The same text for the reader's eye.
    """
    # Looking first is several times faster than translating, and nearly no cell has one.
    return text if text.isascii() or not _ZERO_WIDTH_SIGNS.search(text) else text.translate(ZERO_WIDTH)


def fold_width(text: str) -> str:
    """Turn full-width signs into plain ones; nothing else changes, so 10² never becomes 102.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    str
        Stripped text.

    Examples
    --------
    >>> fold_width("　３５％")
    '35%'
    """
    plain = drop_zero_width(text)
    return (plain if plain.isascii() else plain.translate(FULL_WIDTH)).strip(STRAY)


def is_absent(text: str | None) -> bool:
    """Tell whether a cell says that there is no value (rule 2); ``NA`` alone is text.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    bool
        True for blank, ``-``, ``—``, ``/``, ``N/A``, 无, 暂无 and 未知.
    """
    return text is None or fold_width(text).casefold() in NO_VALUE


def is_excel_error(text: str) -> bool:
    """Tell whether a cell holds an error value such as ``#N/A``.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    bool
        True for the error values of Excel and WPS.
    """
    return text.strip(STRAY).upper() in EXCEL_ERRORS


def parse_text(text: str, *, limit: int = TEXT_LIMIT) -> str:
    """Read a name: stray blanks and zero-width characters go, everything else stays as written.

    Parameters
    ----------
    text
        A cell.
    limit
        Largest number of characters.

    Returns
    -------
    str
        The text; HTML, formulas and SQL are text like any other.

    Raises
    ------
    CellError
        ``control-character``, ``replacement-character``, ``bidi-override``, ``excel-error``, ``too-long``.

    Examples
    --------
    >>> parse_text(" 00123\u200b ")
    '00123'
    """
    plain = BLANKS.sub(" ", drop_zero_width(text).strip(STRAY))
    if BIDI.search(plain):
        raise CellError("bidi-override")
    if "\ufffd" in plain:
        raise CellError("replacement-character")
    if CONTROL.search(plain):
        raise CellError("control-character")
    if is_excel_error(plain):
        raise CellError("excel-error")
    if len(plain) > limit:
        raise CellError("too-long", limit=limit)
    return plain


def check_note(text: str) -> None:
    """Check the text of a column without a meaning: notes may be long and have several lines.

    Parameters
    ----------
    text
        A cell.

    Raises
    ------
    CellError
        ``control-character``, ``replacement-character`` or ``bidi-override``.
    """
    if BIDI.search(text):
        raise CellError("bidi-override")
    if "\ufffd" in text:
        raise CellError("replacement-character")
    if CONTROL.search(text) and CONTROL.search(LINES.sub("", text)):
        raise CellError("control-character")


def parse_code(text: str) -> str:
    """Read a unified social credit code (rule 5).

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    str
        18 upper-case characters.

    Raises
    ------
    CellError
        ``credit-code`` when length, characters or check character are wrong.

    Examples
    --------
    >>> parse_code(" 91110000 600037341l ")
    '91110000600037341L'
    """
    code = "".join(unicodedata.normalize("NFKC", drop_zero_width(text)).split()).upper()
    if not is_credit_code(code):
        raise CellError("credit-code")
    return code


def parse_status(text: str) -> str:
    """Read a qualification status.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    str
        ``yes``, ``no`` or ``in_progress``.

    Raises
    ------
    CellError
        ``qualified`` for any other word.
    """
    plain = "".join(fold_width(text).casefold().split())
    word = STATUS_WORDS.get(plain.translate(TRADITIONAL_STATUS))
    if word is None:
        raise CellError("qualified")
    return word
