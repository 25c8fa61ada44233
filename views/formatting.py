"""Numbers, days, times and domain words as people read them; the only place that writes them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chains import regions
from risk.model import Level
from views.i18n import Language, _, current_language
from views.words import (
    NOT_APPLICABLE,
    five_base_name,
    is_missing,
    kind_name,
    known_stages,
    level_name,
    mode_name,
    perspective_name,
    ring_name,
    scope_name,
    side_name,
    stage_name,
    status_name,
    unknown,
    verdict_name,
)

__all__ = [
    "LEVEL_COLOURS",
    "LOCAL_ZONE",
    "NOT_APPLICABLE",
    "age",
    "count",
    "country_name",
    "days",
    "five_base_name",
    "is_missing",
    "kind_name",
    "known_stages",
    "level_name",
    "local_time",
    "mode_name",
    "name_of",
    "percent",
    "perspective_name",
    "ring_name",
    "scope_name",
    "short_version",
    "side_name",
    "spread",
    "stage_name",
    "status_name",
    "unknown",
    "verdict_name",
]

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")

LEVEL_COLOURS = {
    Level.RED: "#B10026",
    Level.ORANGE: "#F4803A",
    Level.YELLOW: "#FFD976",
    Level.NONE: "#E3E9EF",
}
"""ColorBrewer YlOrRd, listed there as safe for colour-blind eyes: lightness alone orders the levels."""


def percent(fraction: float | None, *, missing: str | None = None) -> str:
    """Write a fraction as a percentage with one decimal.

    Parameters
    ----------
    fraction
        0 to 1, or a difference of two such; ``None`` and NaN are missing.
    missing
        What stands for a missing value; 未知 unless told, `NOT_APPLICABLE` where none can exist.

    Returns
    -------
    str
        For example ``12.3%``.

    Examples
    --------
    >>> percent(0.1234), percent(None), percent(math.nan, missing=NOT_APPLICABLE)
    ('12.3%', '未知', '—')
    >>> percent(-0.00001)
    '0.0%'
    """
    if fraction is None or math.isnan(fraction):
        return unknown() if missing is None else missing
    rounded = round(fraction * 100, 1)
    return f"{rounded or 0.0:.1f}%"


def days(number: float | None, *, missing: str | None = None) -> str:
    """Write a number of days, whole ones without decimals.

    Parameters
    ----------
    number
        Calendar days; ``None`` and NaN are missing.
    missing
        What stands for a missing value; 未知 unless told.

    Returns
    -------
    str
        For example ``18 天``.

    Examples
    --------
    >>> days(18.0), days(4.5), days(None, missing="—")
    ('18 天', '4.5 天', '—')
    """
    if number is None or math.isnan(number):
        return unknown() if missing is None else missing
    return _("{days} 天").format(days=f"{number:.1f}".removesuffix(".0"))


def count(number: float | None) -> str:
    """Write a whole number with thousands set apart.

    Parameters
    ----------
    number
        A count; ``None`` and NaN are unknown.

    Returns
    -------
    str
        For example ``1,204``.
    """
    if number is None or math.isnan(number):
        return unknown()
    return f"{number:,.0f}"


def spread(low: float | None, point: float | None, high: float | None) -> str:
    """Write low end, point and high end of a fraction in one line.

    Parameters
    ----------
    low, point, high
        0 to 1 each; equal ends are written once.

    Returns
    -------
    str
        ``12.3%`` or ``low – point – high``.

    Examples
    --------
    >>> spread(0.1, 0.2, 0.3)
    '10.0% – 20.0% – 30.0%'
    >>> spread(0.1, 0.1, 0.1)
    '10.0%'
    """
    written = [percent(low), percent(point), percent(high)]
    return written[0] if len(set(written)) == 1 else " – ".join(written)


def local_time(moment: datetime | None) -> str:
    """Write a moment in the time of Beijing.

    Parameters
    ----------
    moment
        Aware, or naive UTC as some stores return it.

    Returns
    -------
    str
        For example ``2026-01-31 09:05``.

    Examples
    --------
    >>> local_time(datetime(2026, 1, 31, 1, 5, tzinfo=UTC))
    '2026-01-31 09:05'
    """
    if is_missing(moment) or moment is None:
        return unknown()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")


def age(moment: datetime | None, *, now: datetime) -> str:
    """Write how long ago a moment was, in the largest fitting unit.

    Parameters
    ----------
    moment
        Aware, or naive UTC.
    now
        Aware.

    Returns
    -------
    str
        For example ``3 小时前``.
    """
    if is_missing(moment) or moment is None:
        return unknown()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    minutes = max(0, int((now - aware).total_seconds() // 60))
    if minutes < 1:
        return _("刚刚")
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return _("{n} 分钟前").format(n=minutes)
    hours = minutes // 60
    return _("{n} 小时前").format(n=hours) if hours < 48 else _("{n} 天前").format(n=hours // 24)  # noqa: PLR2004 - two days


def short_version(version: str | None) -> str:
    """Write the first ten signs of a data version, enough to tell two apart.

    Parameters
    ----------
    version
        A digest.

    Returns
    -------
    str
        未知 when there is none.
    """
    return version[:10] if version else unknown()


def name_of(name_zh: str | None, name_en: str | None, key: str) -> str:
    """Choose the name to show: the session's language, then the other one, then the key.

    Parameters
    ----------
    name_zh, name_en
        Names as the data give them.
    key
        What is left when there is no name.

    Returns
    -------
    str
        Never empty.
    """
    wanted, other = (name_zh, name_en) if current_language() is Language.ZH else (name_en, name_zh)
    for name in (wanted, other):
        if isinstance(name, str) and name.strip():
            return name
    return key


def country_name(code: str | None) -> str:
    """Name a country or region.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-3.

    Returns
    -------
    str
        未知 without a code, the code itself when it names nothing.

    Examples
    --------
    >>> country_name("NLD"), country_name("TWN"), country_name(None)
    ('荷兰', '中国台湾', '未知')
    """
    if not isinstance(code, str) or not code:
        return unknown()
    return regions.country_name(code, current_language().value)
