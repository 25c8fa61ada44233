"""Numbers, days, times and domain words as people read them; the only place that writes them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chains import regions
from chains.model import FiveBase, Kind, Mode, Scope
from risk.model import Level, RunStatus, Verdict
from views.i18n import Language, _, current_language

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
NOT_APPLICABLE = "—"

LEVEL_COLOURS = {
    Level.RED: "#B10026",
    Level.ORANGE: "#F4803A",
    Level.YELLOW: "#FFD976",
    Level.NONE: "#E3E9EF",
}
"""ColorBrewer YlOrRd, listed there as safe for colour-blind eyes: lightness alone orders the levels."""


def unknown() -> str:
    """Write a value that nobody knows."""
    return _("未知")


def is_missing(value: object) -> bool:
    """Tell whether a cell holds nothing: ``None``, NaN or NaT.

    Parameters
    ----------
    value
        Any cell of a frame.

    Returns
    -------
    bool
        False for 0, the empty string and every other value.
    """
    return value is None or value != value  # noqa: PLR0124 - NaN and NaT differ from themselves


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


def scope_name(scope: str) -> str:
    """Name a scope of nodes.

    Parameters
    ----------
    scope
        A value of `chains.model.Scope`.

    Returns
    -------
    str
        国家/地区 for country.
    """
    return {
        Scope.SUPPLIER: _("供应商"),
        Scope.PARENT: _("母公司"),
        Scope.COUNTRY: _("国家/地区"),
        Scope.PROVINCE: _("省份"),
        Scope.CITY: _("城市"),
        Scope.ITEM: _("物料/环节"),
    }[Scope(scope)]


def mode_name(mode: str) -> str:
    """Name a mode.

    Parameters
    ----------
    mode
        A value of `chains.model.Mode`.

    Returns
    -------
    str
        存量运行 or 新建扩产.
    """
    return {Mode.RUN: _("存量运行"), Mode.BUILD: _("新建扩产")}[Mode(mode)]


def level_name(level: str | None) -> str:
    """Name a level: colour words, never colour alone.

    Parameters
    ----------
    level
        A value of `risk.model.Level`.

    Returns
    -------
    str
        红, 橙, 黄 or 无; 未知 when the node is not scored.
    """
    if not isinstance(level, str):
        return unknown()
    return {Level.RED: _("红"), Level.ORANGE: _("橙"), Level.YELLOW: _("黄"), Level.NONE: _("无")}[
        Level(level)
    ]


def verdict_name(verdict: str | None) -> str:
    """Name what the data allow us to say.

    Parameters
    ----------
    verdict
        A value of `risk.model.Verdict`.

    Returns
    -------
    str
        For example 待核实(只有国家份额).
    """
    if not isinstance(verdict, str):
        return unknown()
    return {
        Verdict.ABOVE: _("已确认"),
        Verdict.BELOW: _("低于各线"),
        Verdict.CANNOT_TELL: _("待核实"),
        Verdict.COUNTRY_ONLY: _("待核实(只有国家份额)"),
    }[Verdict(verdict)]


def status_name(status: str) -> str:
    """Name where a run stands.

    Parameters
    ----------
    status
        A value of `risk.model.RunStatus`.

    Returns
    -------
    str
        For example 已完成.
    """
    return {
        RunStatus.QUEUED: _("排队中"),
        RunStatus.RUNNING: _("计算中"),
        RunStatus.SUCCEEDED: _("已完成"),
        RunStatus.FAILED: _("失败"),
    }[RunStatus(status)]


def side_name(home: bool | None) -> str:  # noqa: FBT001 - a cell of a frame
    """Name which side a node stands on.

    Parameters
    ----------
    home
        True for the home country, False for abroad, ``None`` for items.

    Returns
    -------
    str
        境内集中, 境外对我 or —.
    """
    if is_missing(home):
        return NOT_APPLICABLE
    return _("境内集中") if home else _("境外对我")


def kind_name(kind: str | None) -> str:
    """Name what sort of thing an item is.

    Parameters
    ----------
    kind
        A value of `chains.model.Kind`.

    Returns
    -------
    str
        未知 when blank.
    """
    if not isinstance(kind, str):
        return unknown()
    return {
        Kind.MATERIAL: _("材料"),
        Kind.COMPONENT: _("零部件"),
        Kind.EQUIPMENT: _("设备"),
        Kind.SOFTWARE: _("软件"),
        Kind.PROCESS: _("工艺"),
        Kind.PRODUCT: _("产品"),
    }[Kind(kind)]


def five_base_name(five_base: str | None) -> str:
    """Name a class of the five bases.

    Parameters
    ----------
    five_base
        A value of `chains.model.FiveBase`; blank means that the item has no class.

    Returns
    -------
    str
        未归类 when blank.
    """
    if not isinstance(five_base, str):
        return _("未归类")
    return {
        FiveBase.BASIC_COMPONENT: _("基础零部件和元器件"),
        FiveBase.BASIC_MATERIAL: _("基础材料"),
        FiveBase.INDUSTRIAL_SOFTWARE: _("工业基础软件"),
        FiveBase.BASIC_PROCESS_EQUIPMENT: _("基础制造工艺及装备"),
        FiveBase.TECHNOLOGY_PLATFORM: _("产业技术基础"),
    }[FiveBase(five_base)]


def stage_name(stage: str | None) -> str:
    """Name a stage of a chain; stages are free text in the data.

    Parameters
    ----------
    stage
        As the item says.

    Returns
    -------
    str
        The text itself when it is not one of the known stages.
    """
    if not isinstance(stage, str) or not stage:
        return _("未归类")
    return _stage_names().get(stage, stage)


def known_stages() -> tuple[str, ...]:
    """List the stages that have a name, in the order of production.

    Returns
    -------
    tuple of str
        As the data write them.
    """
    return tuple(_stage_names())


def _stage_names() -> dict[str, str]:
    return {
        "design": _("设计"),
        "fabrication": _("晶圆制造"),
        "assembly-test-packaging": _("封装测试"),
        "product": _("成品"),
        "raw material": _("原材料"),
        "polysilicon": _("多晶硅"),
        "ingot and wafer": _("硅锭与硅片"),
        "cell": _("电池片"),
        "module": _("组件/模组"),
        "inverter": _("逆变器"),
        "balance of system": _("系统配套"),
        "system": _("系统"),
        "chip": _("芯片"),
        "SiC": _("碳化硅"),
        "manufacturing": _("制造"),
        "power packaging": _("功率封装"),
        "software and tools": _("软件与工具"),
        "passive": _("被动元件"),
        "qualification": _("车规认证"),
        "vehicle": _("整车"),
    }


def ring_name(ring: str | None) -> str:
    """Name how far from the province a place is.

    Parameters
    ----------
    ring
        A value of `chains.regions.Ring`.

    Returns
    -------
    str
        省内, 长三角, 国内 or 境外; 未知 when blank.
    """
    if not isinstance(ring, str):
        return unknown()
    return regions.Ring(ring).label(current_language().value)
