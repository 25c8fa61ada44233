"""Numbers and durations as officers type them (rule 4): one certain reading, or none."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final

from ingest.parsing import CellError, fold_width

NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)?(?P<part>\.[0-9]+)?(?P<power>[eE][+-]?[0-9]{1,4})?"
)
SCALES: Final = "十百千万萬亿億"
MULTIPLIERS: Final[dict[str, Decimal]] = {
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "萬": Decimal(10) ** 4,
    "十万": Decimal(10) ** 5,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "億": Decimal(10) ** 8,
    "十亿": Decimal(10) ** 9,
    "百亿": Decimal(10) ** 10,
    "千亿": Decimal(10) ** 11,
    "万亿": Decimal(10) ** 12,
}
DAYS_OF_UNIT: Final[dict[str, int]] = {
    **dict.fromkeys(("天", "日", "d", "day", "days"), 1),
    **dict.fromkeys(("周", "週", "星期", "w", "wk", "wks", "week", "weeks"), 7),
    **dict.fromkeys(("月", "个月", "個月", "month", "months"), 30),
    **dict.fromkeys(("年", "y", "yr", "year", "years"), 365),
}
# Units that no column converts.
UNCERTAIN_UNITS: Final = re.compile(r"工作日|小时|working|business|hour|\bh\b")
LONGEST_NUMBER: Final = 60
LARGEST_EXPONENT: Final = 308
_TAIL: Final = re.compile(r"[0-9.]\s*(?P<tail>[^0-9.,\s+-][^0-9.,]*)$")


def parse_decimal(text: str) -> Decimal:
    """Read one plain number: full-width digits, thousands separators by three, 万, 千, 亿.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    Decimal
        The exact value.

    Raises
    ------
    CellError
        ``not-a-number`` for words, ranges, decimal commas, NaN and infinities.

    Examples
    --------
    >>> parse_decimal("１,200"), parse_decimal("1.2万")
    (Decimal('1200'), Decimal('12000.0'))
    """
    plain = fold_width(text)
    digits = plain.rstrip(SCALES)
    scale = plain[len(digits) :]
    if len(plain) > LONGEST_NUMBER or (scale and scale not in MULTIPLIERS):
        raise CellError("not-a-number")
    match = NUMBER.fullmatch(digits.rstrip())
    if match is None or not (match["whole"] or match["part"]):
        raise CellError("not-a-number")
    value = Decimal(digits.replace(",", ""))
    if value and abs(value.adjusted()) > LARGEST_EXPONENT:
        raise CellError("not-a-number")
    return value * MULTIPLIERS[scale] if scale else value


def split_unit(text: str) -> tuple[str, str]:
    """Split a cell into its number and the unit written behind it.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    tuple[str, str]
        Number part and unit, the unit in lower case and empty when there is none.

    Examples
    --------
    >>> split_unit("4 周"), split_unit("1.2万"), split_unit("30")
    (('4', '周'), ('1.2万', ''), ('30', ''))
    """
    plain = fold_width(text)
    match = _TAIL.search(plain)
    if match is None:
        return plain, ""
    tail = match["tail"]
    unit = tail.lstrip(SCALES)
    number = plain[: len(plain) - len(unit)]
    return number.strip(), unit.strip().casefold()


def parse_number(text: str, *, factor: float = 1.0, maximum: float | None = None) -> float:
    """Read a number that cannot be below 0.

    Parameters
    ----------
    text
        A cell.
    factor
        Multiplier from the header.
    maximum
        Largest value accepted.

    Returns
    -------
    float
        0 or more.

    Raises
    ------
    CellError
        ``not-a-number``, ``negative``, ``too-large``; ``unit-conflict`` when cell and header multiply.

    Examples
    --------
    >>> parse_number("1.2万")
    12000.0
    """
    value = parse_decimal(text)
    if factor != 1.0 and fold_width(text)[-1] in SCALES:
        # 1.2万 below 产能(万吨) is 12,000 t to one reader and 120,000,000 t to another.
        raise CellError("unit-conflict")
    return _bounded(value * Decimal(factor), maximum)


def parse_days(text: str, *, factor: float = 1.0, maximum: float | None = None) -> float:
    """Read a duration; a unit behind the number counts before the header's.

    Parameters
    ----------
    text
        A cell such as ``30``, ``4周`` or ``2 months``.
    factor
        Days of one unit of the header, 1 when the header names none.
    maximum
        Longest duration accepted, in days.

    Returns
    -------
    float
        Calendar days, 0 or more.

    Raises
    ------
    CellError
        ``not-a-number``, ``unknown-unit`` (working days, hours), ``negative`` or ``too-large``.

    Examples
    --------
    >>> parse_days("4周")
    28.0
    """
    number, unit = split_unit(text)
    days = Decimal(factor)
    if unit:
        value = parse_decimal(number)
        if unit not in DAYS_OF_UNIT:
            raise CellError("unknown-unit")
        days = Decimal(DAYS_OF_UNIT[unit])
    else:
        value = parse_decimal(text)
    return _bounded(value * days, maximum)


def _bounded(value: Decimal, maximum: float | None) -> float:
    if value < 0:
        raise CellError("negative")
    if maximum is not None and value > Decimal(maximum):
        raise CellError("too-large", limit=f"{maximum:,.0f}")
    number = float(value) + 0.0
    if math.isinf(number):
        raise CellError("not-a-number")
    return number
