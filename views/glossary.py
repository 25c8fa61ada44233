"""The words of the chain model in both languages."""

from __future__ import annotations

from views.i18n import _


def glossary_rows() -> list[tuple[str, str, str]]:
    """List the words.

    Returns
    -------
    list of tuple
        Chinese, English, and the meaning in the session's language.
    """
    return [
        ("物料/环节", "item", _("一种材料、零部件、设备、软件、工艺或产品。")),
        ("输入位", "slot", _("一个物料所需的一种输入，例如“晶圆制造需要光刻胶”。")),
        ("必需", "essential", _("缺了就停；必需的输入位缺一不可。")),
        ("替代路线", "group", _("同一物料的几个必需输入位互为替代，取最好的一条。")),
        ("变体", "variant", _("一个物料是另一个的一部分供给，例如 EUV 光刻机之于光刻设备，按市场权重计。")),
        ("替代关系", "substitute", _("前者可以顶替后者：用于匹配和建议，不进当天的求解。")),
        ("供应商", "supplier", _("企业或厂区；企业份额不公开时用国家/地区合计。")),
        ("母公司", "parent", _("同一集团的企业一起停，归到最上层母公司。")),
        ("供给", "supply", _("某供应商以某份额供给某物料。")),
        ("采购", "purchase", _("某买方从某供应商采购某输入，来自企业名单。")),
        ("产能单元", "unit", _("一家供应商的一种物料：会开或会停的那个东西。")),
        (
            "用途：消耗 / 存量",
            "use: consumable / capital",
            _("用掉的输入，或靠已装存量支撑的设备、软件、设计和证书。"),
        ),
        ("库存可用天数", "cover days", _("用户手里的消耗品够正常用几天。")),
        ("更新率", "attrition", _("存量一年要更新的比例。")),
        ("备用产能", "spare", _("一个来源能加的产量，占该物料正常总需求的份额。")),
        (
            "爬坡天数、认证天数",
            "ramp days, qualification days",
            _("备用产能要等几天；未认证的来源再加认证天数。"),
        ),
        ("存量运行", "running stock", _("口径之一：设备、软件靠已装存量维持。")),
        ("新建扩产", "new lines", _("口径之一：设备、软件要当天到货；“产出”指新产线的产出。")),
        ("终端产品", "end product", _("一条链最后的产品，可以加权。")),
        ("推演期", "horizon", _("推演的天数；存 30、90、180、365、730 天，主推演期为 180 天。")),
        ("断供冲击(单点失效分)", "exposure", _("不计库存和替代，第 0 天损失的终端产出。")),
        ("可替代分", "substitution", _("替代减少了几成损失。")),
        ("净损失", "residual loss", _("计入替代和库存后的平均日损失。")),
        ("断供起始日", "time to survive (TTS)", _("损失第一次超过 1% 的那一天。")),
        ("恢复日", "time to recover (TTR)", _("损失回到 1% 以内的那一天。")),
        ("低端、点值、高端", "low end, point, high end", _("未知份额留下的范围；等级只看低端。")),
        ("结构性单点", "structural single point of failure", _("一停就让某个输入位剩不到所需的 20%。")),
        ("未列明来源", "unnamed sources", _("名单之外的份额，不会随单个节点停供。")),
        ("待核实", "to verify", _("低端和高端给出不同等级，公开数据还定不下来。")),
        ("境外对我 / 境内集中", "abroad / at home", _("境外节点和境内节点分开列。")),
    ]
