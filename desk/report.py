"""The worst nodes of a chain as plain text, as `make run` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.model import Mode, Scope
from chains.regions import country_name
from desk.output import UNKNOWN, render_table, show_percent
from desk.waterfall import build_waterfall
from risk.model import Level, Verdict

if TYPE_CHECKING:
    from desk.scores import WorstGroup, WorstNode, WorstNodes

SCOPE_WORDS = {
    Scope.SUPPLIER: "供应商",
    Scope.PARENT: "集团",
    Scope.COUNTRY: "国家/地区",
    Scope.PROVINCE: "省份",
    Scope.CITY: "城市",
    Scope.ITEM: "物料/环节",
    Scope.SOURCE: "国别-物料",
}
LEVEL_WORDS = {Level.RED: "红", Level.ORANGE: "橙", Level.YELLOW: "黄", Level.NONE: "未达"}
MODE_WORDS = {Mode.RUN: "存量运行", Mode.BUILD: "新建扩产"}
_HEADERS = (
    "",
    "等级",
    "口径",
    "范围",
    "节点",
    "断供冲击",
    "替代可减",
    "库存可减",
    "净损失",
    "断供起始",
    "冲击 运行/新建",
    "说明",
)
_NAME_LIMIT = 24


def render_worst(found: WorstNodes) -> str:
    """Write the worst nodes of one chain, foreign and home apart, each with its waterfall.

    Parameters
    ----------
    found
        From `desk.scores.worst_nodes`.

    Returns
    -------
    str
        A heading and one table a group; numbers are of the low end, in the mode that decides the level.
    """
    title = (
        f"■ {found.chain.name_zh}({found.chain.chain_id})  "
        f"推演期 {found.run.request.main_horizon} 天,低端值;"
        "断供冲击 − 替代可减 − 库存可减 = 净损失(占终端产出;"
        "库存为负:存量磨损使损失随时间加大)\n"
    )
    return title + "".join(_render_group(group) for group in found.groups) + "\n"


def _render_group(group: WorstGroup) -> str:
    heading = f"\n  {group.title}\n"
    if not group.nodes:
        return heading + "  (没有可评分的节点)\n"
    lines = [_line(place, node) for place, node in enumerate(group.nodes, start=1)]
    table = render_table(lines, headers=_HEADERS)
    return heading + "".join(f"  {line}\n" for line in table.splitlines())


def _line(place: int, node: WorstNode) -> list[str]:
    steps = build_waterfall(node.scores)
    first_day = node.scores.tts_days
    return [
        str(place),
        LEVEL_WORDS[node.level],
        MODE_WORDS[node.decided_by],
        SCOPE_WORDS[node.scope],
        _name(node),
        show_percent(steps.exposure if steps else None),
        show_percent(steps.by_substitution if steps else None),
        show_percent(steps.by_stock if steps else None),
        show_percent(steps.residual if steps else None),
        UNKNOWN if first_day is None else f"{first_day} 天",
        f"{show_percent(node.exposure_run)} / {show_percent(node.exposure_build)}",
        _remark(node),
    ]


def _name(node: WorstNode) -> str:
    name = country_name(node.key, "zh") if node.scope is Scope.COUNTRY else node.name_zh or node.name_en
    short = name if len(name) <= _NAME_LIMIT else name[: _NAME_LIMIT - 1] + "…"
    return short if name == node.key else f"{short} [{node.key}]"


def _remark(node: WorstNode) -> str:
    remarks = []
    if node.verdict is Verdict.CANNOT_TELL:
        remarks.append(f"待核实(高端值:{LEVEL_WORDS[node.level_high]})")
    if node.structural:
        remarks.append("结构性单点")
    return ";".join(remarks)
