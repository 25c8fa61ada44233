"""Export cuts and stocks as a person types them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chains.errors import Sentence
from chains.matching import near_matches
from chains.model import Region
from desk.day_words import MOST_FIELDS, drop_defaults, is_field, no_days, read_fields, write_fields
from risk.errors import ParameterError
from risk.model import Cut

if TYPE_CHECKING:
    from datetime import date

_REGIONS = {"home": Region.HOME, "本土": Region.HOME, "abroad": Region.ABROAD, "境外": Region.ABROAD}
_EXAMPLE = "NLD+JPN>home:IC-N31:0.5:0:90"


def parse_cut(text: str, *, day_zero: date | None = None) -> Cut:
    """Read ``FROM[+FROM…]>REGION[:ITEM[,ITEM…]][:SEVERITY[:START[:DAYS[:RECOVER]]]]``.

    Parameters
    ----------
    text
        Whose deliveries (countries, groups, suppliers, provinces, cities) no longer arrive where, of which
        items, how much, and when. Without items all they deliver is cut; a number right behind the region is
        the severity.
    day_zero
        The calendar day that is day 0; a start may then be a date.

    Returns
    -------
    Cut
        Whole and from day 0 through the horizon unless the text says otherwise. Whether the chain knows the
        names is told when it is simulated.

    Raises
    ------
    ParameterError
        When no source or region is given, the region is none, the severity is not in (0, 1], or a day is no
        day.

    Examples
    --------
    >>> cut = parse_cut("NLD+JPN>home:IC-N31,IC-N26:0.5:0:90")
    >>> cut.sources, cut.region.value, cut.items, cut.severity, cut.days
    (('NLD', 'JPN'), 'home', ('IC-N26', 'IC-N31'), 0.5, 90)
    >>> parse_cut("CHN>abroad").items
    ()
    """
    named, arrow, rest = text.partition(">")
    sources = tuple(dict.fromkeys(word.strip() for word in named.split("+") if word.strip()))
    if not arrow or not sources:
        raise ParameterError(
            f"{text!r} is no cut; write from>region[:items[:severity[:start[:days]]]], such as {_EXAMPLE}",
            zh=f"看不懂断供 {text!r};请写成 来源>区域[:物料[:强度[:开始日[:天数]]]],例如 {_EXAMPLE}",
        )
    word, *parts = (part.strip() for part in rest.split(":"))
    what = Sentence(f"cut {text}", f"断供 {text}")
    region = _read_region(word, what)
    listed = parts.pop(0) if parts and (not parts[0] or not is_field(parts[0])) else ""
    for field in parts[MOST_FIELDS:] or [part for part in parts if not is_field(part)]:
        raise no_days(field, what)
    severity, start, days, recover = read_fields(parts, what, day_zero=day_zero)
    items = tuple(sorted({item.strip() for item in listed.split(",") if item.strip()}))
    return Cut(sources, region, items, severity, start, days, recover)


def format_cut(cut: Cut) -> str:
    """Write a cut as `parse_cut` reads it.

    Parameters
    ----------
    cut
        Any.

    Returns
    -------
    str
        As short as it can be said.

    Examples
    --------
    >>> format_cut(Cut(("NLD", "JPN"), Region.HOME, ("IC-N31",), 0.5, 0, 90))
    'NLD+JPN>home:IC-N31:0.5:0:90'
    >>> format_cut(Cut(("CHN",), Region.ABROAD))
    'CHN>abroad'
    """
    fields = drop_defaults(write_fields(cut.severity, cut.start_day, cut.days, cut.recover_days))
    listed = ",".join(cut.items)
    # An item whose id looks like a number would be read as a severity.
    items = [f"{listed},"] if listed and is_field(listed) else [listed] if listed else []
    return ":".join([f"{'+'.join(cut.sources)}>{cut.region.value}", *items, *fields])


def parse_stock(text: str) -> tuple[str, float]:
    """Read ``ITEM:DAYS``.

    Parameters
    ----------
    text
        An item and for how many days its users hold stock of it.

    Returns
    -------
    tuple of str and float
        Item id and days, at least 0.

    Raises
    ------
    ParameterError
        When there is no item, or the days are no number from 0.

    Examples
    --------
    >>> parse_stock("PV-HPQ:60")
    ('PV-HPQ', 60.0)
    """
    item, colon, word = text.rpartition(":")
    try:
        days = float(word)
    except ValueError:
        days = math.nan
    if not colon or not item.strip() or not 0 <= days < math.inf:
        raise ParameterError(
            f"{text!r} is no stock; write item:days, such as PV-HPQ:60",
            zh=f"看不懂库存 {text!r};请写成 物料:天数,例如 PV-HPQ:60",
        )
    return item.strip(), days


def format_stock(stock: tuple[str, float]) -> str:
    """Write a stock as `parse_stock` reads it.

    Parameters
    ----------
    stock
        Item id and days.

    Returns
    -------
    str
        Whole days without a point.
    """
    item, days = stock
    return f"{item}:{days:g}"


def _read_region(word: str, what: Sentence) -> Region:
    if word.lower() not in _REGIONS:
        shown = word or "''"
        close = [near for near in near_matches(word, _REGIONS) if word]
        near, near_zh = (
            f"; did you mean {close[0]}?" if close else "",
            f";是不是 {close[0]}?" if close else "",
        )
        raise ParameterError(
            f"{what.en}: there is no region {shown}; write home or abroad behind '>'{near}",
            zh=f"{what.zh}:没有区域 {shown};“>”后面请写 home(本土)或 abroad(境外){near_zh}",
        )
    return _REGIONS[word.lower()]
