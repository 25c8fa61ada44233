"""The texts of the method page: formulas, unknown shares with a worked table, licences, limits."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from chains.shares import fill_shares
from views import formatting
from views.components.columns import Column
from views.i18n import _
from views.linked_table import draw_linked_table

_EXAMPLE: tuple[float | None, ...] = (0.5, 0.2, None, None)
_CAP = 0.10


def draw_formulas() -> None:
    """Draw how one day is solved and what the five scores are."""
    st.subheader(_("五个分数"), anchor=False)
    st.markdown(
        _(
            "让一个节点(供应商、母公司、国家/地区、省份、城市或物料)从第 0 天起完全停供，"
            "逐日推演到第 $H$ 天，看终端产品损失多少。两种口径各算一次。"
        )
    )
    for name, formula, meaning in _scores():
        with st.container(border=True):
            left, right = st.columns([1.15, 1], vertical_alignment="center")
            left.markdown(f"**{name}**")
            left.latex(formula)
            right.markdown(meaning)
    st.subheader(_("一天怎样求解"), anchor=False)
    for formula, meaning in _day():
        st.latex(_in_words(formula))
        st.markdown(meaning)
    st.markdown(
        _(
            "一天的解取**最大不动点**：全部从 1 开始往下迭代，直到没有一个值再变动超过 $10^{-12}$；"
            "产业链里的循环(芯片造设备、设备造芯片)因此有唯一、与次序无关的解。"
        )
    )
    st.markdown(
        _(
            "等级、名次和最差名单一律用**低端**；点值会达到更高等级的记为**待核实**并画斜线。"
            "境内节点(境内集中)和境外节点(境外对我)分开列。"
        )
    )


def _in_words(formula: str) -> str:
    """Put the words of the session's language into a formula."""
    words = {"CONSUMABLE": _("消耗类"), "CAPITAL": _("存量类"), "OPTIONAL": _("非必需")}
    for mark, word in words.items():
        formula = formula.replace(mark, word)
    return formula


def _scores() -> tuple[tuple[str, str, str], ...]:
    return (
        (
            _("断供冲击"),
            r"E=\ell_0\,\big|_{\,s=0,\;L=0}",
            _("第 0 天的损失，不计库存、不计替代，占终端产出的份额。"),
        ),
        (
            _("可替代分"),
            r"S=1-\frac{\frac1H\sum_t \ell_t|_{L=0}}{\frac1H\sum_t \ell_t|_{s=0,\,L=0}}",
            _("替代让平均损失少了几成；分母为 0 时没有定义，写 —。"),
        ),
        (
            _("净损失"),
            r"R=\frac1H\sum_{t=0}^{H-1}\ell_t",
            _("有替代、有库存时的平均日损失；乘以 $H$ 就是折合停产天数。"),
        ),
        (
            _("断供起始日"),
            r"\min\{\,t:\ \ell_t>0.01\,\}",
            _("损失第一次超过 1% 的那一天；从不超过时写 —。"),
        ),
        (
            _("恢复日"),
            r"\max\{\,t:\ \ell_t>0.01\,\}+1",
            _("最后一个这样的日子的次日；到推演期末仍未恢复时写 —。"),
        ),
    )


def _day() -> tuple[tuple[str, str], ...]:
    return (
        (
            r"\ell_t=\sum_{e}w_e\,\bigl(1-Y_e(t)\bigr)",
            _("日损失：各终端产品缺口按权重相加。"),
        ),
        (
            (
                r"\mathrm{market}(j)=\min(1,\;Y_j+L_j)\ \ \text{(CONSUMABLE)}\qquad "
                r"I_j\ \text{/}\ Y_j\ \ \text{(CAPITAL)}"
            ),
            _(
                "输入 $j$ 能拿到多少：消耗类靠当天到货加库存；"
                "存量类在存量运行口径靠已装存量，在新建扩产口径只靠到货。"
            ),
        ),
        (
            (
                r"p_i=\min\Bigl(1,\ \min_{g}\max_{j\in g}\mathrm{market}(j),\ "
                r"1-\sum_{j:\ \text{OPTIONAL}} w_j\,(1-\mathrm{market}(j))\Bigr)"
            ),
            _("输入上限：必需输入取最差的一个，替代路线取最好的一条，非必需输入按权重扣减。"),
        ),
        (
            (
                r"Y_i=\min\bigl(1,\ \mathrm{fixed}+\min(\mathrm{base}+\mathrm{spare},\ "
                r"p_i(1-\mathrm{fixed}))\bigr)\,a_i"
            ),
            _("物料可得量：仍在供给的份额加上已爬坡的备用产能，不超过输入上限。"),
        ),
        (
            (
                r"L_j\leftarrow\max(0,\,L_j-(1-Y_j))\qquad "
                r"I_j\leftarrow\max\bigl(0,\,I_j-\tfrac{u_j}{365}(1-Y_j)\bigr)"
            ),
            _("过一天：库存按缺口减少；已装存量按更新率和缺口减少。"),
        ),
        _priority(),
    )


def _priority() -> tuple[str, str]:
    return (
        r"g_c=\min\Bigl(1,\ \max\bigl(0,\ \tfrac{g\,V-V_{>c}}{V_c}\bigr)\Bigr)",
        _(
            "优先级：同一来源的几家采购方写了不同的优先级时，供货不足先保优先级高的一类；"
            "$V$ 是名单上的采购量之和，$V_{>c}$ 是更优先各类的采购量。没写优先级则同比减少。"
        ),
    )


def draw_unknown_shares() -> None:
    """Draw how unknown shares are treated, with a worked table made by the model itself."""
    st.subheader(_("未知份额怎样处理"), anchor=False)
    st.markdown(
        "\n".join(
            f"- {line}"
            for line in (
                _("已知份额之和为 $K$。$K>1$ 时同比缩到 1；否则剩下的 $1-K$ 由空白来源平分。"),
                _(
                    "名单未必完整时，“未列明来源”也占一份，而且一个空白来源最多 {cap}；"
                    "再剩的都归“未列明来源”。"
                ).format(cap=formatting.percent(_CAP)),
                _("“未列明来源”在企业、母公司、国家/地区、省份和城市停供时都不停。"),
                _("低端：停供者的空白份额按 0 算；高端：每份名单剩下的全部归给它。"),
                _(
                    "输入位写了等级时，只接受等级不低于它的来源（28 nm 供不了 7 nm）；等级未知的来源和"
                    "“未列明来源”照常接受。被接受者的份额同比放大到合计 1；采购名单里等级不够的行不计入。"
                ),
            )
        )
    )
    st.markdown(_("例：甲 50%、乙 20%、丙和丁未知。"))
    none = formatting.NOT_APPLICABLE
    draw_linked_table(
        pd.DataFrame(_worked_rows()),
        [
            Column("name", _("来源")),
            Column("share", _("公开份额"), "percent"),
            Column("complete", _("名单完整时"), "percent", missing=none),
            Column("open", _("名单未必完整时"), "percent"),
            Column("low", _("低端(未必完整，丙停供)"), "percent"),
            Column("high", _("高端(未必完整，丙停供)"), "percent"),
        ],
        name="unknown-shares",
        key="unknown_shares",
    )


def _worked_rows() -> list[dict[str, object]]:
    complete = fill_shares(_EXAMPLE, complete=True, blank_cap=_CAP)
    listed = fill_shares(_EXAMPLE, complete=False, blank_cap=_CAP)
    rest = 1.0 - sum(share for share in _EXAMPLE if share is not None)
    stopped = 2
    low = [0.0 if place == stopped else share for place, share in enumerate(listed.shares)]
    high = [rest if place == stopped else share or 0.0 for place, share in enumerate(_EXAMPLE)]
    names = (_("甲"), _("乙"), _("丙"), _("丁"))
    rows: list[dict[str, object]] = [
        {
            "name": name,
            "share": _EXAMPLE[place],
            "complete": complete.shares[place],
            "open": listed.shares[place],
            "low": low[place],
            "high": high[place],
        }
        for place, name in enumerate(names)
    ]
    others = {"complete": complete.others, "open": listed.others, "low": 1 - sum(low), "high": 1 - sum(high)}
    return [*rows, {"name": _("未列明来源"), "share": None, **others}]


def licence_lines(*, register_is_shipped: bool) -> tuple[str, ...]:
    """List the licences of program and data.

    Parameters
    ----------
    register_is_shipped
        Whether the list of bottleneck items that counts is the shipped one, and not an uploaded list.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    return (
        _("**程序**：Apache-2.0。"),
        _(
            "**集成电路链**(以及汽车芯片链中的 22 个 IC- 物料)：来自 ETO 先进半导体供应链数据集，"
            "**CC BY-NC 4.0，不得用于商业用途**。不带它安装：`lianwen init --without ic`。"
        ),
        _("**光伏链**：美国地质调查局数据属公有领域；环节顺序取自国际能源署，CC BY 4.0。"),
        _("**其他数字**：逐条事实，注明来源，没有抄录原文。"),
        *(
            (_("**工作目录(公开资料)**：本项目据公开资料编制，不是官方清单。"),)
            if register_is_shipped
            else (_("**卡脖子清单**：已上传的清单归上传单位所有；随附的工作目录暂不使用。"),)
        ),
    )


def limit_lines(*, register_is_shipped: bool) -> tuple[str, ...]:
    """List what the data and the scores are not.

    Parameters
    ----------
    register_is_shipped
        Whether the list of bottleneck items that counts is the shipped one, and not an uploaded list.

    Returns
    -------
    tuple of str
        One sentence each.
    """
    return (
        _("分数是研判辅助，**不是断供概率**：它只回答“一旦停供会怎样”。"),
        *(
            (_("278 项是工作目录的规模，不是官方清单，也没有一行被确认在官方清单上。"),)
            if register_is_shipped
            else ()
        ),
        _("年份不一：设备 2025 年，设计 2022 年，材料和工业软件多为 2019 年；每个份额旁都写了年份。"),
        _("份额多按企业总部所在地统计，不是产地；国家/地区份额和企业份额是同一市场的两种看法，从不相加。"),
        _("代工、封装测试和许多晶圆工艺只有国家/地区份额，所以这些企业没有分数。"),
        _("光伏和汽车芯片的连接关系是工程常识，没有经专家逐条审核；必需与否多取缺省值。"),
        _("空白的库存、爬坡和认证天数用缺省值；结果会写明用了哪些。上传企业名单后以名单为准。"),
        _("Taiwan 在本程序中写作“中国台湾”，贸易意义上计入境外。"),
    )
