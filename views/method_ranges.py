"""The part of the method page about what is not known: verdicts, band, value of information."""

from __future__ import annotations

import streamlit as st

from views.i18n import _


def draw_ranges() -> None:
    """Draw how sure a score is said to be, and how visits are chosen."""
    st.subheader(_("判断有多可靠，该问谁"), anchor=False)
    st.markdown("\n".join(f"- {line}" for line in _lines()))
    left, right = st.columns([1.15, 1], vertical_alignment="center")
    left.latex(r"\max\sum_v w_v z_v\quad z_v\le y_f\ (f\in F_v),\ \ \sum_f y_f\le N,\ \ y_f\in\{0,1\}")
    right.markdown(
        _("巡诊清单：选 $N$ 家企业，使定得下来的判断最多；$F_v$ 是判断 $v$ 要问全的企业。精确求解(HiGHS)。")
    )


def _lines() -> tuple[str, ...]:
    return (
        _(
            "**每条线一个判断**：低端已超过写“超过”，高端也不超过写“不超过”，否则写“待核实”。"
            "低端和高端是精确的最小和最大：停供者的空白份额取遍所有可能，损失都在两者之间。"
        ),
        _(
            "**波动带**：把“平分”换成随机分，其余规则不变(未必完整的名单里一个空白仍以上限为限)，"
            "同一组抽样用于全链所有节点和两种口径，种子随结果保存。它只是填空的约定，不是断供概率，不用于定级。"
        ),
        _(
            "**信息价值** = 回答能定下判断的机会 × 判断错了会少算的终端产出(高端减低端)。"
            "机会按 24 次抽样估算；把它要问的都问到，机会就是 1。"
        ),
        _("**假定的库存**：企业没给库存天数时，按缺省值的 0、½、1、1½、2 倍各算一次，等级会变的就问它。"),
    )
