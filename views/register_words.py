"""Words of 工作目录(公开资料): its grades, statuses, chains and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from views import formatting
from views.i18n import _

if TYPE_CHECKING:
    from ingest.repository import Upload

GRADES = ("E1", "E2", "E3", "E4")
NO_GRADE = ""
STATUSES = ("open", "tackling", "domestic_trial", "substituted")
DEPENDENCES = ("high", "medium", "low", "unknown")
LINK_KINDS = ("same", "part_of", "nearest", "none")


def grade_name(grade: str) -> str:
    """Name an evidence grade.

    Parameters
    ----------
    grade
        E1 to E4.

    Returns
    -------
    str
        For example E1 读到条目.
    """
    return {
        "E1": _("E1 读到条目"),
        "E2": _("E2 读到上级条目"),
        "E3": _("E3 文件可信、条目未复读"),
        "E4": _("E4 公开常识"),
        NO_GRADE: _("上传的清单"),
    }.get(grade, grade)


def register_name(upload: Upload | None) -> str:
    """Name the list of bottleneck items that counts.

    Parameters
    ----------
    upload
        The upload it came with; None for the shipped one.

    Returns
    -------
    str
        Says whose list it is.
    """
    if upload is None:
        return _("工作目录(公开资料)")
    owner = upload.unit or upload.officer
    return _("{owner}上传的清单").format(owner=owner) if owner else _("上传的清单")


def grade_meaning(grade: str) -> str:
    """Say what an evidence grade means.

    Parameters
    ----------
    grade
        E1 to E4.

    Returns
    -------
    str
        One sentence.
    """
    return {
        "E1": _("编制时读到了这一条目，或它最近的标题。"),
        "E2": _("读到的是更宽的标题，条目是编制者细化的。"),
        "E3": _("文件真实且已知覆盖该条目，但没有重读条目原文。"),
        "E4": _("公开常识，没有指向具体文件。"),
    }[grade]


def status_name(status: str | None) -> str:
    """Name how far a row is.

    Parameters
    ----------
    status
        As the register says.

    Returns
    -------
    str
        未知 when blank.
    """
    return {
        "open": _("未突破"),
        "tackling": _("攻关中"),
        "domestic_trial": _("国产验证或试用"),
        "substituted": _("资料称已替代"),
    }.get(status or "", formatting.unknown())


def dependence_name(dependence: str | None) -> str:
    """Name how far a row depends on foreign supply.

    Parameters
    ----------
    dependence
        high, medium or low.

    Returns
    -------
    str
        未知 when blank.
    """
    return {"high": _("高"), "medium": _("中"), "low": _("低")}.get(dependence or "", formatting.unknown())


def link_kind_name(link_kind: str | None) -> str:
    """Name how a row relates to the item it names.

    Parameters
    ----------
    link_kind
        same, part_of or nearest.

    Returns
    -------
    str
        未关联 when blank.
    """
    return {"same": _("同一物料"), "part_of": _("属于该物料"), "nearest": _("最接近")}.get(
        link_kind or "", _("未关联")
    )


def register_chain_name(chain: str) -> str:
    """Name the chain of a row; most are not loaded.

    Parameters
    ----------
    chain
        As the register says.

    Returns
    -------
    str
        The text itself when it is not one of the known chains.
    """
    return {
        "ic": _("集成电路"),
        "pv": _("光伏"),
        "autochip": _("汽车芯片"),
        "machine-tool": _("机床"),
        "robotics": _("机器人"),
        "instrument": _("仪器仪表"),
        "software": _("工业软件"),
        "new-material": _("新材料"),
        "display": _("新型显示"),
        "telecom": _("通信"),
        "aero": _("航空航天"),
        "ship": _("船舶与海工"),
        "rail": _("轨道交通"),
        "ev": _("新能源汽车"),
        "power-grid": _("电力装备"),
        "energy-equipment": _("能源装备"),
        "biomedicine": _("生物医药"),
        "medical-device": _("医疗器械"),
        "agri-machinery": _("农业机械"),
        "construction-machinery": _("工程机械"),
        "": _("未注明"),
    }.get(chain, chain)


def foreign_names(text: str | None) -> str | None:
    """Write the list of foreign places and firms, places in the session's language.

    Parameters
    ----------
    text
        Names set apart by semicolons, places in English.

    Returns
    -------
    str or None
        ``None`` when blank.
    """
    if formatting.is_missing(text) or not text:
        return None
    return _("、").join(_place_or_firm(part.strip()) for part in text.split(";"))


def _place_or_firm(name: str) -> str:
    if name in _REGIONS_OF_MANY:
        return {"Europe": _("欧洲"), "EU": _("欧盟")}[name]
    code = _CODES.get(name)
    return formatting.country_name(code) if code else name


_REGIONS_OF_MANY = ("Europe", "EU")
_CODES = {
    "Australia": "AUS",
    "Austria": "AUT",
    "Belgium": "BEL",
    "Brazil": "BRA",
    "Canada": "CAN",
    "DR Congo": "COD",
    "Denmark": "DNK",
    "Finland": "FIN",
    "France": "FRA",
    "Germany": "DEU",
    "Israel": "ISR",
    "Italy": "ITA",
    "Japan": "JPN",
    "Netherlands": "NLD",
    "Norway": "NOR",
    "Qatar": "QAT",
    "Russia": "RUS",
    "Singapore": "SGP",
    "South Africa": "ZAF",
    "South Korea": "KOR",
    "Spain": "ESP",
    "Sweden": "SWE",
    "Switzerland": "CHE",
    "Taiwan, China": "TWN",
    "UK": "GBR",
    "USA": "USA",
    "Zimbabwe": "ZWE",
}
"""Places as the register writes them; what is not listed is the name of a firm."""
