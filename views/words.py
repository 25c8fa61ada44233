"""The words of the domain as people read them: scopes, modes, levels, stages and their like."""

from __future__ import annotations

from chains import regions
from chains.model import FiveBase, Kind, Mode, Perspective, Scope
from risk.model import Level, RunStatus, Verdict
from views.i18n import _, current_language

NOT_APPLICABLE = "—"


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
        Scope.SOURCE: _("国别-物料"),
    }[Scope(scope)]


def perspective_name(perspective: str) -> str:
    """Name a perspective.

    Parameters
    ----------
    perspective
        A value of `chains.model.Perspective`.

    Returns
    -------
    str
        本土视角 or 全球视角.
    """
    return {Perspective.HOME: _("本土视角"), Perspective.WORLD: _("全球视角")}[Perspective(perspective)]


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
