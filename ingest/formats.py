"""What a number format of a workbook shows, so that a cell is read as the officer sees it."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from ingest.numbers import DAYS_OF_UNIT, MULTIPLIERS, UNCERTAIN_UNITS

BUILTIN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
BUILTIN_PERCENTS: Final = frozenset({9, 10})
PLAIN: Final = ""
PERCENT: Final = "%"
# A sign behind the number that multiplies nothing: 35 is shown as 35%.
PERCENT_SIGN: Final = '"%"'
DATE: Final = "date"
EPOCH_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates know no zone
EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
DATE_SIGNS: Final = re.compile(r"[ymdhs]", re.IGNORECASE)
_NUMERAL: Final = r"(?:General|[#0]+(?:,[#0]+)*(?:\.[#0]+)?)\s*"
SUFFIX: Final = re.compile(_NUMERAL + r'"?\s*(?P<unit>[^"#0.,;@%]+)"?\s*', re.IGNORECASE)
SIGN_SUFFIX: Final = re.compile(_NUMERAL + r'(?:"\s*%\s*"|\\%)\s*', re.IGNORECASE)
STORED: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
WHOLE: Final = re.compile(r"[0-9]{1,400}")
LONGEST_CODE: Final = 255
ZEROS: Final = "zeros:"
EXACT_INTEGERS: Final = 10**15
LONGEST_PLAIN: Final = Decimal("1e30")


def format_kind(number: int, code: str | None) -> str:
    """Tell what a number format shows.

    Parameters
    ----------
    number
        numFmtId.
    code
        Format code when the workbook defines it.

    Returns
    -------
    str
        ``%``, ``"%"`` for a sign that multiplies nothing, ``date``, ``zeros:5`` for a code shown with leading
        zeros, what is written behind the number and changes its value (周, 万, 工作日), or empty.

    Examples
    --------
    >>> (
    ...     format_kind(9, None),
    ...     format_kind(164, 'yyyy"年"m"月"'),
    ...     format_kind(165, '0"周"'),
    ...     format_kind(166, "[Red]0.0"),
    ... )
    ('%', 'date', '周', '')
    """
    if code is None:
        return PERCENT if number in BUILTIN_PERCENTS else DATE if number in BUILTIN_DATES else PLAIN
    if len(code) > LONGEST_CODE:
        return PLAIN
    if len(code) > 1 and not code.strip("0"):
        return f"{ZEROS}{len(code)}"
    if written := _written_behind(code.split(";")[0]):
        return written
    bare = LITERALS.sub("", code)
    if "%" in bare:
        return PERCENT
    return DATE if DATE_SIGNS.search(bare.casefold().replace("general", "")) else PLAIN


def _written_behind(section: str) -> str:
    suffix = SUFFIX.fullmatch(section)
    unit = suffix["unit"].strip() if suffix else ""
    if unit.casefold() in DAYS_OF_UNIT or unit in MULTIPLIERS or UNCERTAIN_UNITS.search(unit.casefold()):
        return unit
    return PERCENT_SIGN if SIGN_SUFFIX.fullmatch(section) else ""


def number_text(stored: str, kind: str, *, epoch: datetime = EPOCH_1900) -> str:
    """Write a stored number as text, digit for digit as far as the file keeps digits.

    Parameters
    ----------
    stored
        Text of the value element.
    kind
        From `format_kind`.
    epoch
        Day 0 of the workbook's dates.

    Returns
    -------
    str
        ``0.35`` shown as percent becomes ``35%``, a date its ISO form; what is no number stays as it is.

    Examples
    --------
    >>> number_text("0.35", "%"), number_text("45356", "date"), number_text("1E3", ""), number_text("4", "周")
    ('35%', '2024-03-05', '1000', '4周')
    """
    # Python reads more as a number than a sheet may store: 1_000, infinity.
    if STORED.fullmatch(stored) is None or math.isinf(value := float(stored)):
        return stored
    if kind == PERCENT:
        return f"{_decimal_text(Decimal(repr(value)) * 100)}%"
    if kind == DATE and abs(value) < EXACT_INTEGERS:
        return _date_text(value, epoch) or _plain(value)
    suffix = "" if kind == DATE or kind.startswith(ZEROS) else kind.strip('"')
    if abs(value) >= EXACT_INTEGERS or kind.startswith(ZEROS):
        return (_code_text(stored, kind) or _plain(value)) + suffix
    return _plain(value) + suffix


def _code_text(stored: str, kind: str) -> str | None:
    """Keep the digits of a long number as they are stored: those that a float would make up are none."""
    shown = int(kind.removeprefix(ZEROS)) if kind.startswith(ZEROS) else 0
    if WHOLE.fullmatch(stored):
        return str(int(stored)).zfill(shown)
    return None if shown else stored


def _plain(value: float) -> str:
    if value == int(value):
        return str(int(value))
    return _decimal_text(Decimal(repr(value)))


def _decimal_text(value: Decimal) -> str:
    if value and not Decimal("1e-30") < abs(value) < LONGEST_PLAIN:
        return f"{value:e}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date_text(serial: float, epoch: datetime) -> str | None:
    if serial < 0:
        return None
    try:
        moment = epoch + timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return None
    if serial < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d}" if serial == int(serial) else f"{moment:%Y-%m-%d %H:%M:%S}"
